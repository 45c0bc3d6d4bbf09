"""What PyTorch gives as a pair of values and places, and what is one value all the same."""

from typing import Any

import pytest

import engine

X = [[1.0, 5.0, 2.0], [7.0, 3.0, 4.0]]


def value(text: str) -> Any:
    found = engine.evaluate(text, {"x": X}).value
    return found.tolist() if hasattr(found, "tolist") else found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("torch.max(x, 1)[0]", [5.0, 7.0]),
        ("torch.max(x, 1)[1]", [1, 0]),
        ("torch.max(x, dim=1).values", [5.0, 7.0]),
        ("max(x, dim=1).indices", [1, 0]),
        ("x.min(dim=0, keepdim=True).indices", [[0, 1, 0]]),
        ("torch.sort(x)[0][0]", [1.0, 2.0, 5.0]),
        ("x.sort(descending=True).indices", [[1, 2, 0], [0, 2, 1]]),
        ("x.topk(2).values", [[5.0, 2.0], [7.0, 4.0]]),
        ("torch.topk(x, 2, dim=1)[1]", [[1, 2], [0, 2]]),
        ("torch.kthvalue(x, 2)[1]", [2, 2]),
        ("torch.median(x, dim=1).indices", [2, 2]),
        ("torch.cummax(x, dim=1)[1]", [[0, 1, 1], [0, 0, 0]]),
        ("np.max(x, 1)[0]", 5.0),
        ("max(x, axis=1)[0]", 5.0),
        ("x.max(axis=1)[0]", 5.0),
        ("torch.max(x)", 7.0),
        ("torch.max(x, 1) + 1", [6.0, 8.0]),
        ("m = torch.max(x, dim=1); m * m[1]", [5.0, 0.0]),
        ("sum(x.max(1))", 12.0),
        ("torch.max(x, 1)[0][1]", 7.0),
        ("x.max(dim=1)[0].sum()", 12.0),
    ],
)
def test_values_and_places(text: str, expected: Any) -> None:
    assert value(text) == expected


def test_the_values_alone_have_derivatives() -> None:
    found = engine.gradient("sum(torch.sort(x, dim=1)[0] * [1, 2, 3])", {"x": X}).gradients["x"]
    assert found.tolist() == [[1.0, 3.0, 2.0], [3.0, 1.0, 2.0]]


@pytest.mark.parametrize("text", ["x.max(1)[0]", "x.min(0).values", "m = x.max(1)\nm[1]"])
def test_what_numpy_and_pytorch_mean_otherwise_is_refused(text: str) -> None:
    with pytest.raises(engine.NablaError, match="values alone in NumPy") as caught:
        engine.evaluate(text, {"x": X})
    assert "dim=1" in str(caught.value.hint)
    assert caught.value.span is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x.where(x > 2, -x)", [[-1.0, 5.0, -2.0], [7.0, 3.0, 4.0]]),
        ("x[0].polygamma(1)[0]", 1.6449340668482266),
        ("torch.linalg.vander(x[0])[1]", [1.0, 5.0, 25.0]),
        ("torch.equal(x, x)", True),
        ("x.equal(x + 1)", False),
        ("torch.equal(x, x[0])", False),
        ("x[0][:2].median()", 1.0),
        ("np.median(x[0][:2])", 3.0),
        ("torch.nanmedian(x, 0)[0]", [1.0, 3.0, 2.0]),
        ("torch.nanmedian(x, 0)[1]", [0, 1, 0]),
        ("torch.max(x[0], x[1])", [7.0, 5.0, 4.0]),
        ("max(x[0, 0], 2.5, x[0, 2])", 2.5),
        ("min(x[0, 0], 0)", 0.0),
        ("max(2, x[0, 1])", 5.0),
        ("torch.add(x[0], x[1], alpha=2)", [15.0, 11.0, 10.0]),
        ("x[0].add(x[1], alpha=-1)", [-6.0, 2.0, -2.0]),
        ("x.reshape(1, 2, 3).transpose(2, 0, 1)[0]", [[1.0, 7.0]]),
        ("x.max(1, keepdim=True)[0]", [[5.0], [7.0]]),
        ("np.linalg.trace(x.reshape(1, 2, 3))", [4.0]),
        ("torch.linalg.diagonal(x.reshape(1, 2, 3))", [[1.0, 3.0]]),
        ("torch.var(x[0, :1])", "nan"),
        ("np.var(x[0, :2], ddof=2)", "inf"),
    ],
)
def test_what_a_library_means_by_a_name(text: str, expected: Any) -> None:
    found = value(text)
    assert found == expected if not isinstance(expected, str) else repr(found) == expected


def test_what_a_library_means_otherwise_is_refused() -> None:
    with pytest.raises(engine.NablaError, match="another function than kl_div here") as caught:
        engine.evaluate("scipy.special.kl_div(x, x)", {"x": X})
    assert "xlogy" in str(caught.value.hint)
    assert caught.value.span is not None


def test_all_that_tie_share_where_no_axis_is_named() -> None:
    assert engine.gradient("torch.max(x)", {"x": [2.0, 2.0]}).gradients["x"].tolist() == [0.5, 0.5]
    both = engine.gradient("clip(x, y, 1)", {"x": 0.0, "y": 0.0}).gradients
    assert (both["x"], both["y"]) == (0.5, 0.5)


@pytest.mark.parametrize(
    ("text", "message"), [("torch.max(x, 1).places", "no attribute places"), ("eigh(x @ x.T) + 1", "several results")]
)
def test_mistakes(text: str, message: str) -> None:
    with pytest.raises(engine.NablaError, match=message):
        engine.evaluate(text, {"x": X})
