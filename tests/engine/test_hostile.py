"""Small programs that ask for much: each is answered, or refused by the limit that it is past, and none goes on."""

from typing import Any

import numpy as np
import pytest

import engine
from engine.errors import LimitExceeded, NablaError, WrongArguments
from engine.limits import Limits

ONES = np.ones((2, 2))


def listed(item: str, count: int) -> str:
    return ", ".join([item] * count)


def refused(text: str, x: Any = 1.0, **limits: Any) -> NablaError:
    with pytest.raises(NablaError) as caught:
        engine.gradient(text, {"x": x}, limits=Limits(**limits))
    return caught.value


# Functions of matrices


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("expm(x * 1e300)", np.full((2, 2), np.inf)),
        ("expm(-x * 1e300 * eye(2))", np.zeros((2, 2))),
        ("expm(-x * 1.7e308 * eye(2))", np.zeros((2, 2))),
        ("expm(x * inf)", np.full((2, 2), np.nan)),
        ("logm(0 * x)", np.full((2, 2), np.nan)),
        ("logm(1j * 0 * x)", np.full((2, 2), np.nan)),
        ("logm(eye(2) + 1e300 * triu(x, 1))", np.full((2, 2), np.nan)),
        ("logm(-x * eye(2))", np.full((2, 2), np.nan)),
        ("sqrtm(0 * x)", np.zeros((2, 2))),
        ("sqrtm(triu(x, 1))", [[0.0, np.nan], [0.0, 0.0]]),
    ],
)
def test_extreme_matrices_have_what_values_there_are(text: str, expected: Any) -> None:
    found = engine.evaluate(text, {"x": ONES}).value
    finite = np.isfinite(expected)
    assert np.array_equal(np.isfinite(found), finite) or np.isnan(found).all()
    assert np.array_equal(np.real(found)[np.isfinite(found)], np.asarray(expected)[np.isfinite(found)])


@pytest.mark.parametrize("n", [30, 100])
def test_singular_matrices_take_few_roots(n: int) -> None:
    assert np.isnan(engine.evaluate("logm(x)", {"x": np.ones((n, n))}).value).all()
    assert engine.evaluate("logm(x + 0j)", {"x": np.ones((n, n))}).value.shape == (n, n)


@pytest.mark.parametrize(("text", "n"), [("sum(expm(x))", 600), ("sum(logm(x))", 400), ("sum(sqrtm(x))", 1000)])
def test_functions_of_large_matrices_are_refused_by_what_they_cost(text: str, n: int) -> None:
    error = refused(text.replace("(x)", f"(zeros({n}, {n}) * x)"))
    assert isinstance(error, LimitExceeded)
    assert error.details["limit"] == "flops"


@pytest.mark.parametrize("n", [1, 2, 3, 7, 8])
def test_powers_of_matrices_take_no_more_products_than_digits(n: int) -> None:
    nodes = engine.Problem(f"matrix_power(x, {n})").autograd({"x": ONES})["nodes"]
    products = [node for node in nodes if node["op"] == "matmul"]
    assert len(products) == n.bit_length() - 1 + n.bit_count() - 1


# Lists of pieces and of operands


@pytest.mark.parametrize(
    "text",
    [
        f"split_with_sizes(x * ones(20), ({listed('1', 20)}))[0]",
        f"array_split(x * ones(20), ({listed('1', 20)}))[0]",
        "split(x * ones(20), 20)[0]",
        "array_split(x * ones(20), 20)[0]",
        "torch.split(x * ones(20), 1)[0]",
        "chunk(x * ones(20), 20)[0]",
        "chunk(x * ones(0), 20)[0]",
        "unbind(x * ones(20))[0]",
        "diff(x * ones(30), 20)[0]",
    ],
)
def test_pieces_have_a_limit_whose_figures_are_told(text: str) -> None:
    error = refused(text, pieces=10)
    assert isinstance(error, LimitExceeded)
    assert error.details["limit"] == "pieces"
    assert error.details["allowed"] == 10 < error.details["asked"]
    assert "10 are allowed" in str(error)
    engine.gradient(f"sum({text})", {"x": 1.0}, limits=Limits(pieces=21))


def test_a_long_list_of_sizes_is_added_up_once() -> None:
    error = refused(f"split_with_sizes(x * ones(20000), ({listed('1', 20000)}))[0]")
    assert isinstance(error, LimitExceeded)


def test_a_chain_of_matrices_is_ordered_up_to_a_length() -> None:
    error = refused(f"sum(multi_dot({listed('x', 600)}))", ONES)
    assert isinstance(error, WrongArguments)
    assert "100" in str(error)
    assert engine.evaluate(f"sum(multi_dot({listed('x', 100)}))", {"x": ONES / 2}).value == 2.0


def test_many_shifts_along_one_axis_are_one() -> None:
    nodes = engine.Problem(f"roll(x, ({listed('1', 2000)}), 0)").autograd({"x": [1.0, 2.0, 3.0]})["nodes"]
    assert len(nodes) < 10
    assert nodes[-1]["data"] == [2.0, 3.0, 1.0]


def test_einsum_of_many_operands() -> None:
    text = f"einsum('{','.join(['i'] * 2000)}->', {listed('x', 2000)})"
    assert engine.evaluate(text, {"x": [1.0, 1.0]}).value == 2.0
    assert isinstance(refused(text, [1.0, 1.0], nodes=1000), LimitExceeded)


@pytest.mark.parametrize(
    "subscripts", ["ij,jk,kl->il", "ij,jk,kl->", "ij,ij,ij->i", "ij,kl,mn->", "ii,jj,ij->j", "ij,jk,ki"]
)
def test_einsum_of_three_sums_as_numpy_does(subscripts: str) -> None:
    x = np.arange(4.0).reshape(2, 2)
    found = engine.evaluate(f"einsum('{subscripts}', x, x + 1, x)", {"x": x}).value
    assert np.array_equal(found, np.einsum(subscripts, x, x + 1, x))


# Places


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("y = x * ones(1000000); sum(y[y > 0])", 1e6),
        ("y = x * ones(1000, 1000); sum(y[y > 0])", 1e6),
        ("y = x * ones(1000000); sum(y[arange(1000000)])", 1e6),
        ("sum(repeat(x * ones(2), (400000, 600000)))", 1e6),
        ("sum(delete(x * ones(1000001), -1))", 1e6),
        ("sum(pad(x * ones(2), 499999, mode='wrap'))", 1e6),
        ("sum(adaptive_avg_pool1d(x * ones(1, 1, 10), 1000000))", 1e6),
        ("sum(interpolate(x * ones(1, 1, 10), 1000000))", 1e6),
    ],
)
def test_a_million_places_are_an_array(text: str, expected: float) -> None:
    assert engine.gradient(text, {"x": 1.0}).gradients["x"] == expected


@pytest.mark.parametrize(
    "text",
    [
        "sum(pdist(x * ones(100, 1)))",
        "sum(repeat(x * ones(2), (1, 10**12)))",
        "sum(pad(x * ones(2), 10**12, mode='wrap'))",
        "sum(adaptive_avg_pool1d(x * ones(1, 1, 10), 10**12))",
        "sum(interpolate(x * ones(1, 1, 10), 10**12))",
        "sum(x * hann_window(10**12))",
    ],
)
def test_places_are_on_the_account_before_they_are_made(text: str) -> None:
    error = refused(text, elements=1000)
    assert isinstance(error, LimitExceeded)
    assert error.details["limit"] == "elements"
    assert error.details["allowed"] == 1000


def test_keys_are_given_as_lists_in_the_graph() -> None:
    found = engine.Problem("sum(x[x > 1] + x[[0, -1]]) + x[:, None][[2, 2, 1, 0]][0, 0]")
    nodes = found.autograd({"x": [1.0, 2.0, 3.0]}, max_elements=3)["nodes"]
    keys = [node["params"]["key"] for node in nodes if node["op"] == "index"]
    assert [[1, 2]] in keys
    assert [[0, 2]] in keys
    assert [[2, 2, 1], "0:1:1"] in keys


# Tapers


@pytest.mark.parametrize("name", ["hann_window", "hamming_window", "blackman_window", "hanning", "hamming", "blackman"])
def test_long_tapers(name: str) -> None:
    found = engine.evaluate(f"x * {name}(1000001)", {"x": 1.0}).value
    assert found.shape == (1000001,)
    first = 1 if "_" in name else 0  # of a periodic one the element that mirrors the first is left out
    assert found[first : first + 3] == pytest.approx(found[:-4:-1], rel=1e-4)


def test_kaiser_beyond_all_bounds() -> None:
    assert engine.evaluate("x * kaiser(5, 1e300)", {"x": 1.0}).value.shape == (5,)


# Calls that were not understood


def test_a_trace_along_half_a_diagonal() -> None:
    assert isinstance(refused("trace(x, offset=1.5)", ONES), WrongArguments)


def test_attention_to_nothing() -> None:
    text = "sum(scaled_dot_product_attention(x, x, x, m)**2)"
    mask = np.array([[0.0, -np.inf], [-np.inf, -np.inf]])
    found = engine.gradient(text, {"x": [[1.0, 2.0], [3.0, 5.0]], "m": mask}, wrt=["x"])
    assert found.value == 5.0
    assert np.array_equal(found.gradients["x"], [[2.0, 4.0], [0.0, 0.0]])


def test_attention_to_one_of_two_has_the_softmax_whole_derivative() -> None:
    """Where a share is 1 to the last bit, what the others have still counts."""
    text = "scaled_dot_product_attention(x, [[1.0], [0.0]], [[1.0], [0.0]], scale=1.0)[0, 0]"
    assert engine.gradient(text, {"x": [[40.0]]}).gradients["x"][0, 0] == pytest.approx(np.exp(-40.0), rel=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        "avg_pool2d(x * ones(1, 2, 2), 2, divisor_override='a')",
        "interpolate(x * ones(1, 1, 2), scale_factor=1e308)",
        "kaiser(5, 'a') * x",
        "kaiser(5, None) * x",
        "scaled_dot_product_attention(x * eye(2), eye(2), eye(2), scale='a')",
        "tensorinv(x * ones(2, 2, 4), ind='a')",
        "sum((x * ones(3))[[[0, 3]]])",
        "sum((x * ones(3))[[0, 3]])",
        "sum((x * ones(3))[arange(4)])",
        "sum((x * ones(3))[arange(3) / 2])",
        "sum((x * ones(3))[arange(3) * 1e300])",
    ],
)
def test_what_makes_no_sense_is_refused(text: str) -> None:
    assert isinstance(refused(text), NablaError)
