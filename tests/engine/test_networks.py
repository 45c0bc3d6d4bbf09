"""Layers and signals: what is refused, and what figures of small tensors do not show."""

from itertools import product
from typing import Any

import numpy as np
import pytest

import engine
from engine.errors import NablaError
from engine.interpret.arrays import ARRAYS as F
from engine.primitives import convolution as convolutions

PLANE = np.arange(6.0).reshape(1, 2, 3)
KERNEL = np.ones((1, 1, 2, 2))
INPUTS: dict[str, Any] = {"x": PLANE, "w": KERNEL, "v": [1.0, 2.0], "m": PLANE[0], "b": [1.0, 2.0, 3.0]}

REFUSED = [
    ("conv2d(x, m)", "kernels of 4 axes", None),
    ("conv2d(m, w)", "3 or 4 axes", None),
    ("conv2d(x, w, b)", "a bias for 1 channels", None),
    ("conv2d(x, w, groups=2)", "in 2 groups", None),
    ("conv2d(x, w, groups='a')", "groups is made of whole numbers", None),
    ("conv2d(x, w, padding='some')", "padding 'some' is not known", "valid"),
    ("conv2d(x, w, None, 2, 'same')", "needs stride=1", None),
    ("conv2d(x, w, dilation=3)", "longer than the padded tensor", None),
    ("conv2d(x, w, stride=(1, 2, 3))", "one for each of 2 axes", None),
    ("conv2d(x[:, :0], w)", "nothing to convolve", "only the batch"),
    ("conv2d(x, w, padding=1000000000)", "too large when padded", None),
    ("conv_transpose2d(x, w, output_padding=1)", "not smaller than the stride", None),
    ("conv_transpose2d(x, w, padding=2)", "leaves nothing", None),
    ("max_pool2d(m, 2)", "3 or 4 axes", None),
    ("max_pool2d(x, 2.5)", "whole numbers from 1 on", None),
    ("max_pool2d(x, 2, padding=2)", "more than half", None),
    ("max_pool2d(x, 4)", "longer than an axis", None),
    ("max_pool2d(x[:, :0], 1)", "nothing to pool", None),
    ("adaptive_max_pool2d(x, 2, True)", "gives no indices", "leave return_indices out"),
    ("adaptive_avg_pool1d(m, 1000000000)", "elements", None),
    ("max_pool1d(m, 1000000000, padding=500000000)", "elements", None),
    ("avg_pool2d(x, 2, divisor_override=0)", "cannot be 0", None),
    ("lp_pool1d(m, -1, 2)", "positive number", None),
    ("layer_norm(m, (2,))", "not how shape (2, 3) ends", None),
    ("layer_norm(m, 3, v)", "weight has the shape", None),
    ("layer_norm(m)", "needs normalized_shape", "layer_norm(input, normalized_shape, weight=None"),
    ("layer_norm(m, 3, normalized_shape=3)", "given normalized_shape twice", None),
    ("layer_norm(m, 3, b, b, 0.1, 2)", "takes 5 arguments, and 6 are given", None),
    ("group_norm(m, 2)", "not 2 groups", None),
    ("group_norm(v, 1)", "batch of channels", None),
    ("batch_norm(m)", "needs running_mean", None),
    ("batch_norm(m, v, v)", "number for each of 3 channels", None),
    ("linear(m, v)", "linear takes a weight", None),
    ("bilinear(m, m, m)", "do not fit a weight", None),
    ("embedding([3], m)", "index 3 is out of range", None),
    ("embedding([0], v)", "a table of rows", "embedding(indices, table)"),
    ("embedding([0], m, padding_idx=2)", "not a row of a table of 2", None),
    ("embedding([0], m, max_norm=1.0)", "does not rescale", None),
    ("embedding_bag([0], m)", "a matrix of indices", None),
    ("embedding_bag([[0]], m, mode='prod')", "mode 'prod' is not known", None),
    ("embedding_bag([[0]], m, per_sample_weights=[[1]])", 'go with mode="sum"', None),
    ("dropout(m)", "needs seed=", "training=False"),
    ("dropout(m, p=2, seed=1)", "a probability", None),
    ("dropout2d(v, seed=1)", "3 or 4 axes", None),
    ("scaled_dot_product_attention(v, m, m)", "two axes or more", None),
    ("scaled_dot_product_attention(m, m, m, m @ m.T, is_causal=True)", "not both", None),
    ("scaled_dot_product_attention(x, m, m, enable_gqa=True)", "do not share", None),
    ("scaled_dot_product_attention(m, m, m, dropout_p=0.5)", "needs seed=", None),
    ("pixel_shuffle(x, 2)", "not a multiple of 2", None),
    ("pixel_unshuffle(x, 2)", "not multiples of 2", None),
    ("channel_shuffle(x, 3)", "not 3 groups", None),
    ("pixel_shuffle(v, 2)", "3 axes or more", None),
    ("interpolate(x)", "size or scale_factor", None),
    ("interpolate(x, scale_factor=-1)", "positive number", None),
    ("interpolate(x, 2, mode='cubic')", "no mode 'cubic'", "bicubic"),
    ("interpolate(x, 2, mode='bilinear')", "does not take shape", None),
    ("interpolate(x, 2, mode='linear', antialias=True)", "does not smooth", None),
    ("fold(m, 3, 2)", "are not of shape", None),
    ("unfold(x, 5)", "longer than an image", None),
    ("fft(v, norm='half').real", "norm 'half' is not known", "ortho"),
    ("fft(v[:0]).real", "nothing to transform", None),
    ("fft2(v).real", "two axes or more", None),
    ("fftn(m, s=(2,), axes=(0, 1)).real", "1 lengths do not go with 2 axes", None),
    ("fftfreq(3, 0)", "other than 0", None),
    ("convolve(m, v)", "two vectors with elements", None),
    ("convolve(v, v, mode='half')", "mode 'half' is not known", "valid"),
    ("interp(v, m, m)", "two vectors of one length", None),
    ("interp(v, b, b, period=0)", "other than 0", None),
    ("polyval(m, v)", "as a vector", None),
    ("polyder(m)", "as a vector", None),
    ("polyder(v, -1)", "from 0 on", None),
    ("polyint(m)", "as a vector", None),
    ("polyint(v, -1)", "from 0 on", None),
    ("hann_window(2.5)", "whole number of elements", None),
]


@pytest.mark.parametrize(("text", "message", "hint"), REFUSED, ids=[text for text, _, _ in REFUSED])
def test_what_does_not_fit_is_refused(text: str, message: str, hint: str | None) -> None:
    with pytest.raises(NablaError) as caught:
        engine.gradient(f"sum({text})", INPUTS)
    assert message in caught.value.message
    assert hint is None or hint in str(caught.value.hint)


WAYS: list[tuple[tuple[int, ...], tuple[int, ...], dict[str, Any]]] = [
    ((3, 4, 7, 6), (6, 2, 3, 2), {"groups": 2, "low": (1, 0), "high": (1, 1)}),
    ((1, 1, 40), (1, 1, 9), {"stride": (3,), "dilation": (2,), "inflation": (2,), "low": (-3,)}),
    ((5, 1, 2), (3, 1, 2), {}),
]


@pytest.mark.parametrize(("x", "w", "way"), WAYS)
def test_blocks_make_no_difference(monkeypatch: pytest.MonkeyPatch, x: Any, w: Any, way: dict[str, Any]) -> None:
    """However few windows are written out at a time."""
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=x), rng.normal(size=w)
    dims = len(x) - 2
    plain = {"stride": (1,) * dims, "low": (0,) * dims, "high": (0,) * dims, "groups": 1}
    params = {**plain, "dilation": (1,) * dims, "inflation": (1,) * dims, **way}
    whole = F.convolution(a, b, **params)
    for block in (1, 7, 50):
        monkeypatch.setattr(convolutions, "BLOCK", block)
        np.testing.assert_allclose(F.convolution(a, b, **params), whole, rtol=1e-13)


@pytest.mark.parametrize(("m", "n", "mode"), list(product(range(1, 6), range(1, 6), ("full", "same", "valid"))))
def test_numpy_has_the_same_windows(m: int, n: int, mode: Any) -> None:
    rng = np.random.default_rng(m + 10 * n)
    a, v = rng.normal(size=m) + 1j * rng.normal(size=m), rng.normal(size=n) + 1j * rng.normal(size=n)
    np.testing.assert_allclose(F.convolve(a, v, mode=mode), np.convolve(a, v, mode), rtol=1e-13)
    np.testing.assert_allclose(F.correlate(a, v, mode=mode), np.correlate(a, v, mode), rtol=1e-13)


@pytest.mark.parametrize("name", ["fft", "ifft", "rfft", "irfft", "hfft", "ihfft"])
@pytest.mark.parametrize("norm", [None, "ortho", "forward"])
def test_numpy_has_the_same_transforms(name: str, norm: Any) -> None:
    rng = np.random.default_rng(0)
    z = rng.normal(size=(3, 6)) + 1j * rng.normal(size=(3, 6))
    x = z.real if name in ("rfft", "ihfft") else z
    for n, axis in product((None, 4, 7, 1), (0, 1)):
        found = getattr(F, name)(x, n=n, axis=axis, norm=norm)
        np.testing.assert_allclose(found, getattr(np.fft, name)(x, n, axis, norm), atol=1e-14)


def test_interpolation_goes_through_the_knots() -> None:
    rng = np.random.default_rng(0)
    xp, fp = np.sort(rng.normal(size=6)), rng.normal(size=6)
    x = np.concatenate([xp, rng.uniform(-4, 4, 50)])
    np.testing.assert_allclose(F.interp(x, xp, fp), np.interp(x, xp, fp), rtol=1e-13)
    np.testing.assert_allclose(F.interp(x, xp, fp, -1.0, 2.0), np.interp(x, xp, fp, -1.0, 2.0), rtol=1e-13)
    turned = rng.permutation(6)
    found = F.interp(x, xp[turned], fp[turned], period=3.0)
    np.testing.assert_allclose(found, np.interp(x, xp[turned], fp[turned], period=3.0), rtol=1e-12)


def test_an_infinity_stays_where_it_is() -> None:
    """A place that does not count does not make what counts a nan."""
    answer = engine.gradient("F.interpolate(x, 4)[0, 0, :2] * 1", {"x": [[[1.0, np.inf]]]}, grad_output=[1.0, 1.0])
    assert answer.value.tolist() == [1.0, 1.0]
    assert answer.gradients["x"].tolist() == [[[2.0, 0.0]]]
    pooled = engine.gradient("adaptive_avg_pool1d(x, 2)[0, 0]", {"x": [[1.0, 3.0, np.inf]]})
    assert (pooled.value, pooled.gradients["x"].tolist()) == (2.0, [[0.5, 0.5, 0.0]])


def test_an_exact_zero_wins_in_a_convolution() -> None:
    answer = engine.gradient("conv1d(x, w)[0, 0]", {"x": [[1.0, np.inf]], "w": [[[2.0]]]})
    assert answer.gradients["x"].tolist() == [[2.0, 0.0]]
    assert answer.gradients["w"].tolist() == [[[1.0]]]


def test_dropout_is_of_its_seed() -> None:
    x = np.ones((50, 40))
    first = engine.gradient("sum(dropout(x, 0.25, seed=3))", {"x": x}).gradients["x"]
    again = engine.gradient("sum(dropout(x, 0.25, seed=3))", {"x": x}).gradients["x"]
    other = engine.gradient("sum(dropout(x, 0.25, seed=4))", {"x": x}).gradients["x"]
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert set(np.unique(first)) == {0.0, 1 / 0.75}
    assert abs(np.mean(first) - 1) < 0.1
