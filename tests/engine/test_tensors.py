"""The eager tensor: PyTorch's introduction to autograd, run as it stands, and its rules and errors."""

import math

import numpy as np
import pytest

from engine import grad, no_grad, tensor
from engine.errors import DtypeError, InvalidInput, NablaError, NonscalarOutput, NothingToDifferentiate
from engine.tensors import Tensor


def polynomial() -> tuple[Tensor, Tensor, Tensor]:
    a = tensor([1.0, 4.0], requires_grad=True)
    b = tensor([5.0, 2.0], requires_grad=True)
    return a, b, 2 * a**6 - b**9


# The introduction


def test_requires_grad_spreads() -> None:
    x, y, z = tensor(np.ones((5, 5))), tensor(np.ones((5, 5))), tensor(np.ones((5, 5)), requires_grad=True)
    a, b = x + y, x + z
    assert (a.requires_grad, b.requires_grad) == (False, True)
    assert (a.grad_fn, a.is_leaf, b.is_leaf, z.is_leaf) == (None, True, False, True)
    assert not (x > z).requires_grad
    assert not z.floor().requires_grad


def test_grad_is_none_before_backward_and_the_gradient_after() -> None:
    a, b, c = polynomial()
    assert (a.grad, b.grad, c.grad) == (None, None, None)
    assert c.tolist() == [2.0 - 5.0**9, 2.0 * 4.0**6 - 2.0**9]
    c.backward(gradient=tensor([1.0, 1.0]))
    assert a.grad.tolist() == [12.0, 12288.0]
    assert b.grad.tolist() == [-3515625.0, -2304.0]
    assert c.grad is None
    assert not a.grad.requires_grad
    assert (a.grad == 12 * a**5).tolist() == [True, True]
    assert (b.grad == -9 * b**8).tolist() == [True, True]


def test_the_sum_gives_the_same_without_an_upstream_gradient() -> None:
    a, b, c = polynomial()
    c.sum().backward()
    assert (a.grad.tolist(), b.grad.tolist()) == ([12.0, 12288.0], [-3515625.0, -2304.0])


def test_an_upstream_gradient_weighs() -> None:
    a, b, c = polynomial()
    c.backward(gradient=[10.0, 0.5])
    assert (a.grad.tolist(), b.grad.tolist()) == ([120.0, 6144.0], [-35156250.0, -1152.0])


def test_a_step_of_a_linear_layer_with_a_frozen_weight() -> None:
    rng = np.random.default_rng(3)
    x = tensor(rng.normal(size=(4, 3)))
    frozen, trained = tensor(rng.normal(size=(3, 2))), tensor(rng.normal(size=2), requires_grad=True)
    loss = ((x @ frozen + trained) ** 2).sum()
    loss.backward()
    assert frozen.grad is None
    np.testing.assert_allclose(trained.grad.data, 2 * (x.data @ frozen.data + trained.data).sum(axis=0), rtol=1e-14)


# A chain of neurons, one to a layer, with a squared loss


def test_a_chain_of_neurons_by_hand() -> None:
    """∂Loss/∂wᵢ is the product along the path from wᵢ to the loss."""
    x, target = 0.7, 0.25
    weights, biases = [0.6, -1.3, 2.1, 0.4], [0.1, 0.2, -0.3, 0.05]
    w = [tensor(v, requires_grad=True) for v in weights]
    b = [tensor(v, requires_grad=True) for v in biases]
    activation = tensor(x)
    for own, bias in zip(w, b, strict=True):
        activation = (own * activation + bias).sigmoid()
    loss = (activation - target) ** 2
    loss.backward()

    activations = [x]
    for own, bias in zip(weights, biases, strict=True):
        activations.append(1 / (1 + math.exp(-(own * activations[-1] + bias))))
    upstream = 2 * (activations[-1] - target)
    for layer in reversed(range(4)):
        upstream *= activations[layer + 1] * (1 - activations[layer + 1])  # σ' of this layer
        assert w[layer].grad.item() == pytest.approx(upstream * activations[layer], rel=1e-13)
        assert b[layer].grad.item() == pytest.approx(upstream, rel=1e-13)
        upstream *= weights[layer]
    assert loss.item() == pytest.approx((activations[-1] - target) ** 2, rel=1e-14)


# Accumulation, freeing, graphs of gradients


def test_gradients_accumulate_until_they_are_cleared() -> None:
    x = tensor([1.0, 2.0], requires_grad=True)
    for times in (1.0, 2.0, 3.0):
        (x * x).sum().backward()
        assert x.grad.tolist() == [2.0 * times, 4.0 * times]
    x.grad = None
    (x * 3).sum().backward()
    assert x.grad.tolist() == [3.0, 3.0]


def test_a_tensor_used_twice_gets_both_gradients() -> None:
    x = tensor(3.0, requires_grad=True)
    y = x * x
    (y * y + y + x).backward()
    assert x.grad.item() == 4 * 27.0 + 6.0 + 1.0


def test_a_second_backward_needs_retain_graph() -> None:
    x = tensor(2.0, requires_grad=True)
    y = x**3
    y.backward(retain_graph=True)
    y.backward()
    assert x.grad.item() == 24.0
    with pytest.raises(NablaError, match="PowBackward0 has been passed through already") as caught:
        y.backward()
    assert "retain_graph=True" in str(caught.value.hint)
    assert [step.name() for step, _ in y.grad_fn.next_functions if step] == ["AccumulateGrad"]


def test_a_gradient_can_be_differentiated() -> None:
    x = tensor([1.0, 2.0], requires_grad=True)
    (first,) = grad((x**4).sum(), [x], create_graph=True)
    (second,) = grad(first.sum(), [x], create_graph=True)
    (third,) = grad(second.sum(), [x])
    assert (first.tolist(), second.tolist(), third.tolist()) == ([4.0, 32.0], [12.0, 48.0], [24.0, 48.0])
    assert (first.requires_grad, third.requires_grad) == (True, False)
    assert x.grad is None


def test_backward_with_create_graph_leaves_a_gradient_with_a_way_back() -> None:
    x = tensor(3.0, requires_grad=True)
    (x**3).backward(create_graph=True)
    assert (x.grad.item(), x.grad.requires_grad) == (27.0, True)
    (second,) = grad(x.grad, [x])
    assert second.item() == 18.0


def test_grad_of_what_is_not_on_the_way_is_none() -> None:
    x, y = tensor(1.0, requires_grad=True), tensor(1.0, requires_grad=True)
    assert grad(x * 2, [x, y])[1] is None


def test_grad_of_an_intermediate() -> None:
    x = tensor(2.0, requires_grad=True)
    y = x * x
    (by_y,) = grad(y**3, [y])
    assert by_y.item() == 48.0


def test_retain_grad_keeps_the_gradient_of_an_intermediate() -> None:
    x = tensor(2.0, requires_grad=True)
    y = x * x
    y.retain_grad()
    (3 * y).backward()
    assert (y.grad.item(), x.grad.item()) == (3.0, 12.0)


def test_detach_and_no_grad_leave_no_way_back() -> None:
    x = tensor(3.0, requires_grad=True)
    y = x * x
    assert (y.detach().requires_grad, y.detach().item()) == (False, 9.0)
    (y.detach() * x).backward()
    assert x.grad.item() == 9.0
    with no_grad():
        z = x * x
        assert (z.requires_grad, z.grad_fn) == (False, None)
    assert (x * x).requires_grad
    with pytest.raises(ZeroDivisionError), no_grad():
        raise ZeroDivisionError
    assert (x * x).requires_grad, "an error inside no_grad must not leave it on"


def test_requires_grad_of_a_leaf_can_be_set() -> None:
    x = tensor([1.0, 2.0])
    (x.requires_grad_() ** 2).sum().backward()
    assert x.grad.tolist() == [2.0, 4.0]
    assert x.requires_grad_(False).requires_grad is False


# The graph, as it can be looked at


def test_steps_back_have_pytorchs_names_and_are_linked() -> None:
    a, b, c = polynomial()
    assert c.grad_fn.name() == "SubBackward0"
    (product, zero), (power, _) = c.grad_fn.next_functions
    assert (product.name(), power.name(), zero) == ("MulBackward0", "PowBackward0", 0)
    assert a.grad_fn is None
    steps = [step for step, _ in product.next_functions]
    inner = next(step for step in steps if step is not None)
    assert [step for step in steps if step is not None] == [inner]
    assert inner.name() == "PowBackward0"
    leaf = inner.next_functions[0][0]
    assert leaf.name() == "AccumulateGrad"
    assert leaf.variable is a
    assert leaf.next_functions == ()
    assert power.next_functions[0][0].variable is b
    assert inner.next_functions[1] == (None, 0)
    assert repr(c.grad_fn) == "<SubBackward0>"


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (lambda x: -x, "NegBackward0"),
        (lambda x: x / 2, "DivBackward0"),
        (lambda x: x.exp(), "ExpBackward0"),
        (lambda x: x.sum(), "SumBackward0"),
        (lambda x: x.mean(), "MeanBackward0"),
        (lambda x: x.sigmoid(), "SigmoidBackward0"),
    ],
)
def test_names_of_steps(made: object, name: str) -> None:
    assert made(tensor([1.0, 2.0], requires_grad=True)).grad_fn.name() == name  # type: ignore[operator]


# What a tensor is


def test_a_tensor_shows_its_data() -> None:
    x = tensor([[1.0, 2.5], [3.0, 4.0]], requires_grad=True)
    assert (x.shape, x.ndim, len(x), x.dtype.name) == ((2, 2), 2, 2, "float64")
    assert repr(x) == "tensor([[1.0, 2.5],\n [3.0, 4.0]], requires_grad=True)"
    assert repr(x.sum()) == "tensor(10.5, grad_fn=<SumBackward0>)"
    assert [row.tolist() for row in x] == [[1.0, 2.5], [3.0, 4.0]]
    assert x.T.tolist() == [[1.0, 3.0], [2.5, 4.0]]
    assert x[1, 0].item() == 3.0
    assert x[[1, 1]].tolist() == [[3.0, 4.0], [3.0, 4.0]]
    assert float(tensor(2.0)) == 2.0
    assert bool(tensor(True))
    assert tensor(x.data).numpy() is not x.data


def test_methods_are_the_functions_of_the_language() -> None:
    x = tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    y = x.sum(dim=0, keepdim=True)
    assert y.tolist() == [[4.0, 6.0]]
    (y * y).sum().backward()
    assert x.grad.tolist() == [[8.0, 12.0], [8.0, 12.0]]
    with pytest.raises(AttributeError, match="no attribute nosuch"):
        x.nosuch  # noqa: B018


def test_indexing_twice_the_same_place_adds() -> None:
    x = tensor([1.0, 2.0, 3.0], requires_grad=True)
    x[[0, 0, 2]].sum().backward()
    assert x.grad.tolist() == [2.0, 0.0, 1.0]


def test_single_precision_stays_single() -> None:
    x = tensor([1.0, 2.0], dtype="float32", requires_grad=True)
    y = (2 * x).exp()
    assert y.dtype.name == "float32"
    y.backward(gradient=[1.0, 1.0])
    assert x.grad.dtype.name == "float32"


def test_a_deep_chain_needs_no_recursion() -> None:
    x = tensor(1.0, requires_grad=True)
    y = x
    for _ in range(20_000):
        y = y + 1.0
    y.backward()
    assert x.grad.item() == 1.0


# Errors


def test_a_tensor_that_is_no_scalar_needs_a_gradient() -> None:
    _, _, c = polynomial()
    with pytest.raises(NonscalarOutput, match=r"starts by itself from a scalar, and this tensor has shape \[2\]") as e:
        c.backward()
    assert e.value.hint == "pass gradient= of shape [2], or reduce it first: x.sum().backward()"


def test_a_gradient_has_the_tensors_shape() -> None:
    _, _, c = polynomial()
    with pytest.raises(InvalidInput, match=r"gradient has shape \[3\], and the tensor \[2\]"):
        c.backward(gradient=[1.0, 1.0, 1.0])


def test_nothing_to_go_back_to() -> None:
    with pytest.raises(NothingToDifferentiate, match="does not require a gradient and has no grad_fn") as caught:
        tensor(1.0).backward()
    assert "requires_grad=True" in str(caught.value.hint)


def test_only_floating_point_requires_a_gradient() -> None:
    for make in (lambda: tensor([1, 2], requires_grad=True), lambda: tensor([True]).requires_grad_()):
        with pytest.raises(DtypeError, match="only floating-point tensors can require a gradient, and this one is"):
            make()


def test_requires_grad_belongs_to_leaves() -> None:
    _, _, c = polynomial()
    with pytest.raises(NablaError, match="can be changed in leaves only") as caught:
        c.requires_grad_(False)
    assert caught.value.hint == "use x.detach()"


def test_an_array_carries_no_gradient() -> None:
    x = tensor([1.0], requires_grad=True)
    with pytest.raises(NablaError, match="which an array cannot carry") as caught:
        x.numpy()
    assert caught.value.hint == "x.detach().numpy()"


def test_a_tensor_is_made_of_numbers() -> None:
    with pytest.raises(InvalidInput, match="made of numbers"):
        tensor(["one"])
