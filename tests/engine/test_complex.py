"""Complex numbers: which derivative is meant by one, in both conventions, and what is refused."""

from typing import Any

import numpy as np
import pytest

import engine
from engine.errors import DtypeError, InvalidInput, NonscalarOutput

Z = 1.5 - 0.5j
W = np.array([1 + 2j, -0.5 + 0.25j, 3 - 1j])


def differences(text: str, z: complex, h: float = 1e-6) -> complex:
    """∂L/∂a + i ∂L/∂b by differences of the value."""

    def along(step: complex) -> float:
        above, below = (engine.evaluate(text, {"z": z + s * step}).value for s in (h, -h))
        return (above - below) / (2 * h)

    return complex(along(1), along(1j))


@pytest.mark.parametrize(
    "text",
    [
        "abs(z)", "abs(z)**2", "real(z*exp(z))", "imag(log(z)/z)", "angle(z)", "real(z**2.5)", "abs(2**z)",
        "real(sqrt(z) * conj(z))", "abs(tanh(z) * sigmoid(z))", "real(arctan(z) + arcsinh(z))", "norm([z, 1])",
        "real(det([[z, 1j], [2, z**2]]))", "imag(inv([[z, 1j], [2, 1]])[0, 0])", "real(where(abs(z) > 1, z**3, z))",
        "abs(sum(exp(2j * [1, 2, 3] * z)))", "real(sign(z))", "imag(cosh(z) / sinh(z))",
        "real(polar(abs(z), 2*angle(z)))",
    ],
)  # fmt: skip
def test_gradient_is_both_parts_slopes(text: str) -> None:
    found = engine.gradient(text, {"z": Z}).gradients["z"]
    assert found == pytest.approx(differences(text, Z), rel=1e-8)
    assert engine.Problem(text, convention="jax").gradient({"z": Z}).gradients["z"] == found.conjugate()
    assert engine.check(text, {"z": Z}, method="full").passed
    along = 0.3 - 0.8j
    jvp = engine.jvp(text, {"z": Z}, {"z": along}).jvp
    assert jvp == pytest.approx((found.conjugate() * along).real, rel=1e-13)


@pytest.mark.parametrize("text", ["abs(z)**3", "real(z**4 * conj(z))", "abs(exp(z) + z)"])
def test_products_with_the_hessian(text: str) -> None:
    along, h = 0.3 - 0.8j, 1e-6
    above, below = (engine.gradient(text, {"z": Z + s * along}).gradients["z"] for s in (h, -h))
    found = engine.hvp(text, {"z": Z}, {"z": along}).hvp["z"]
    assert found == pytest.approx((above - below) / (2 * h), rel=1e-8)


def test_the_answer_says_whose_convention_it_is() -> None:
    for convention, sign in (("torch", "+"), ("jax", "-")):
        answer = engine.Problem("abs(z)", convention=convention).gradient({"z": Z})
        (notice,) = [n for n in answer.notices if n.code == "complex_gradient"]
        assert f"∂L/∂a {sign} i ∂L/∂b" in notice.message
    assert not engine.gradient("abs(exp(1j*x))", {"x": 2.0}).notices


def test_a_real_input_of_a_complex_program_has_a_real_gradient() -> None:
    answer = engine.gradient("abs(exp(1j*x) + 1)", {"x": 0.7})
    assert isinstance(answer.gradients["x"], float)
    assert answer.gradients["x"] == pytest.approx(-np.sin(0.35), rel=1e-14)
    blocks = engine.gradient("real(sum(w * x[:, None]))", {"w": W, "x": [1.0, 2.0]}).gradients
    assert (blocks["x"].dtype.name, blocks["w"].dtype.name) == ("float64", "complex128")


def test_jacobians_where_a_number_says_it() -> None:
    assert engine.jacobian("exp(1j*x)", {"x": 2.0}).jacobians["x"] == pytest.approx(1j * np.exp(2j), rel=1e-15)
    found = engine.jacobian("[real(z*z), imag(z)]", {"z": Z})
    assert found.mode == "reverse"
    assert found.jacobians["z"].tolist() == [2 * Z.conjugate(), 1j]
    with pytest.raises(InvalidInput, match="no Jacobian by complex inputs"):
        engine.jacobian("z**2", {"z": Z})
    with pytest.raises(InvalidInput, match="no Hessian"):
        engine.hessian("abs(z)**2", {"z": Z})


def test_a_complex_output_needs_to_be_weighed() -> None:
    with pytest.raises(NonscalarOutput, match="complex"):
        engine.gradient("z**2", {"z": Z})
    weighed = engine.gradient("z**2", {"z": Z}, grad_output=1 - 2j).gradients["z"]
    assert weighed == pytest.approx((1 - 2j) * 2 * Z.conjugate(), rel=1e-15)
    graph = engine.Problem("z**2").autograd({"z": Z})
    assert [node["grad"] for node in graph["nodes"]] == [None] * 3


@pytest.mark.parametrize("text", ["maximum(z, 1)", "floor(z)", "z < 1", "erf(z)", "relu(z)", "sort([z, 1])", "z // 2"])
def test_what_has_no_meaning_is_refused_by_name(text: str) -> None:
    with pytest.raises(DtypeError, match="does not take complex numbers") as caught:
        engine.evaluate(text, {"z": Z})
    assert caught.value.span is not None
    assert "abs(z)" in str(caught.value.hint)


def test_infinities_keep_to_their_part() -> None:
    found = engine.evaluate("complex(x, y)", {"x": 1.0, "y": np.inf}).value
    assert (found.real, found.imag) == (1.0, np.inf)


@pytest.mark.parametrize(
    ("text", "value"),
    [("2.5j", 2.5j), ("1e2J * 1j", -100.0), ("3 + 2j", 3 + 2j), ("abs(3 + 4j)", 5.0), ("2j**2", -4.0)],
)
def test_imaginary_numbers(text: str, value: Any) -> None:
    assert engine.evaluate(text, {}).value == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("x", [[[1.0, 2.0, 3.0]], 1.0, [[1.0]]])
def test_pairs_are_pairs(x: Any) -> None:
    with pytest.raises(engine.NablaError, match="pairs along the last axis"):
        engine.evaluate("view_as_complex(x)", {"x": x})


def test_attributes() -> None:
    a = np.array([[1 + 2j, 3j], [0.5, 1 - 1j]])
    assert np.array_equal(engine.evaluate("a.H", {"a": a}).value, a.conj().T)
    assert np.array_equal(engine.evaluate("a.real + a.imag", {"a": a}).value, a.real + a.imag)


def test_the_eager_tensor_agrees() -> None:
    z = engine.tensor(W, requires_grad=True)
    (z.abs() ** 3).sum().backward()
    assert z.grad is not None
    assert np.allclose(z.grad.data, engine.gradient("sum(abs(z)**3)", {"z": W}).gradients["z"], rtol=1e-15)


@pytest.mark.parametrize("given", [1j, np.complex128(1j), np.array(1j)])
def test_a_complex_weight_of_a_real_output_is_refused(given: Any) -> None:
    with pytest.raises(engine.NablaError, match="grad_output is complex, and the output is real"):
        engine.gradient("x*2", {"x": 1.0}, grad_output=given)
