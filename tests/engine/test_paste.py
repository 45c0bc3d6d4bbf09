"""Calls as they stand in the documentation of PyTorch, NumPy and SciPy run as they are, and their derivatives check.

Figures for the functions are in `tests/engine/test_torch.py`; here it is the spelling that is tested.
"""

from typing import Any

import numpy as np
import pytest

import engine
from tests.engine import snippets

nan = np.nan


def normal(shape: int | tuple[int, ...], seed: int = 0) -> Any:
    """Normal random numbers."""
    return np.random.default_rng(seed).normal(size=shape)


def places(data: Any) -> engine.Input:
    """Whole numbers: places and classes."""
    return engine.Input(data, "int64")


x, v, A = normal((2, 3)), normal(4, 1), normal((3, 3), 2) + 3 * np.eye(3)
img, w = normal((1, 2, 5, 5), 3), normal((3, 2, 3, 3), 4)

CALLS: list[tuple[str, dict[str, Any]]] = [
    ("torch.add(a, b, alpha=2)", {"a": 1.0, "b": 2.0}),
    ("softmax(x.masked_fill(x < 0, float('-inf')), dim=-1)[0, 0] * float(2)", {"x": np.abs(normal((2, 3))) - 0.1}),
    ("F.cross_entropy(x, t)", {"x": x, "t": places([0, 2])}),
    ("F.cross_entropy(x, t)", {"x": x, "t": [0, 2]}),
    ("F.cross_entropy(x, t, label_smoothing=0.1)", {"x": x, "t": places([0, 2])}),
    ("torch.nn.functional.nll_loss(F.log_softmax(x, dim=1), t, reduction='sum')", {"x": x, "t": places([0, 2])}),
    ("F.binary_cross_entropy_with_logits(x, y, pos_weight=p)", {"x": x, "y": np.abs(x) % 1, "p": [1.0, 2.0, 3.0]}),
    ("F.kl_div(F.log_softmax(x,-1), F.softmax(y,-1), reduction='batchmean')", {"x": x, "y": x[::-1]}),
    ("F.smooth_l1_loss(x, y, beta=0.5)", {"x": x, "y": x * 2}),
    ("F.huber_loss(x,y,reduction='none',delta=2.0).sum()", {"x": x, "y": x * 2}),
    ("F.conv2d(x, w, padding=1, stride=2).sum()", {"x": img, "w": w}),
    ("F.conv2d(x, w, None, 1, 'same').sum()", {"x": img, "w": w}),
    ("F.max_pool2d(x, 2).sum()", {"x": img}),
    ("F.avg_pool2d(x, (2,2), stride=1).sum()", {"x": img}),
    ("F.adaptive_avg_pool2d(x, (1,1)).sum()", {"x": img}),
    ("F.layer_norm(x, (3,), eps=1e-6).sum()", {"x": x}),
    ("F.layer_norm(x, x.shape[-1:]).sum()", {"x": x}),
    ("F.batch_norm(x, None, None, training=True).sum()", {"x": x}),
    (
        "F.scaled_dot_product_attention(q,k,v,is_causal=True).sum()",
        {"q": normal((1, 2, 3, 4)), "k": normal((1, 2, 3, 4)), "v": normal((1, 2, 3, 4))},
    ),
    ("F.embedding(i, w).sum()", {"i": places([0, 2, 1]), "w": A}),
    ("F.one_hot(i, num_classes=4) @ v", {"i": places([0, 2, 1]), "v": v}),
    ("F.gelu(x, approximate='tanh').sum()", {"x": x}),
    ("F.leaky_relu(x, 0.2).sum()", {"x": x}),
    ("F.softplus(x, beta=2).sum()", {"x": x}),
    ("F.normalize(x, p=2, dim=1).sum()", {"x": x}),
    ("F.cosine_similarity(x, y, dim=1).sum()", {"x": x, "y": x + 1}),
    ("F.pad(x, (1, 1), 'constant', 0).sum()", {"x": x}),
    ("np.pad(x, ((1,1),(0,2)), mode='reflect').sum()", {"x": x}),
    ("torch.linalg.norm(x, ord='nuc')", {"x": x}),
    ("np.linalg.norm(x, 2)", {"x": x}),
    ("np.linalg.norm(x, axis=1).sum()", {"x": x}),
    ("torch.norm(x, p=1)", {"x": x}),
    ("torch.linalg.cholesky(A @ A.T).sum()", {"A": A}),
    ("torch.linalg.slogdet(A)[1]", {"A": A}),
    ("torch.logdet(A@A.T)", {"A": A}),
    ("np.linalg.slogdet(A)[1]", {"A": A}),
    ("np.linalg.inv(A).sum()", {"A": A}),
    ("torch.linalg.lstsq(A, b)[0].sum()", {"A": A, "b": normal((3, 1))}),
    ("np.linalg.lstsq(A, b, rcond=None)[0].sum()", {"A": A, "b": v[:3]}),
    ("scipy.linalg.expm(A).sum()", {"A": A / 5}),
    ("torch.matrix_exp(A).sum()", {"A": A / 5}),
    ("np.linalg.eigh(A+A.T)[0].sum()", {"A": A}),
    ("torch.linalg.eigvalsh(A+A.T).sum()", {"A": A}),
    ("np.linalg.svd(x)[1].sum()", {"x": x}),
    ("torch.linalg.svdvals(x).sum()", {"x": x}),
    ("np.linalg.cond(A)", {"A": A}),
    ("np.linalg.matrix_power(A, 3).sum()", {"A": A}),
    ("torch.linalg.pinv(x).sum()", {"x": x}),
    ("np.kron(x, y).sum()", {"x": x, "y": A}),
    ("np.cross(a, b).sum()", {"a": v[:3], "b": [1.0, 2.0, 3.0]}),
    ("torch.cdist(x, y).sum()", {"x": x, "y": A}),
    ("np.tensordot(x, A, axes=1).sum()", {"x": x, "A": A}),
    ("torch.einsum('ij,kj->ik', x, A).sum()", {"x": x, "A": A}),
    ("np.trace(A)", {"A": A}),
    ("torch.linalg.multi_dot([x, A, A]).sum()", {"x": x, "A": A}),
    ("torch.special.erfcx(x).sum()", {"x": x}),
    ("scipy.special.gammainc(a, x)", {"a": 2.0, "x": 1.5}),
    ("torch.special.gammainc(a, x)", {"a": 2.0, "x": 1.5}),
    ("scipy.special.betainc(a,b,x)", {"a": 2.0, "b": 3.0, "x": 0.4}),
    ("torch.special.zeta(x, q)", {"x": 2.0, "q": 1.5}),
    ("scipy.special.j0(x)", {"x": 1.5}),
    ("torch.special.polygamma(1, x)", {"x": 1.5}),
    ("scipy.special.lambertw(x)", {"x": 0.5}),
    ("torch.special.log_ndtr(x)", {"x": -30.0}),
    ("scipy.special.logsumexp(x, axis=1).sum()", {"x": x}),
    ("torch.logsumexp(x, 1).sum()", {"x": x}),
    ("scipy.special.xlogy(x, y)", {"x": 0.0, "y": 0.0}),
    ("np.logaddexp2(x,y)", {"x": 1.0, "y": 2.0}),
    ("scipy.special.softmax(x).max()", {"x": x}),
    ("np.median(v)", {"v": v}),
    ("torch.median(v)", {"v": v}),
    ("np.percentile(v, 30)", {"v": v}),
    ("torch.quantile(v, 0.3)", {"v": v}),
    ("np.quantile(x, [0.2,0.5], axis=1).sum()", {"x": x}),
    ("torch.sort(v, descending=True)[0]", {"v": v}),
    ("np.sort(v)[0]", {"v": v}),
    ("torch.topk(v, 2).sum()", {"v": v}),
    ("torch.topk(v, 2)[0].sum()", {"v": v}),
    ("np.cumprod(v).sum()", {"v": v}),
    ("torch.cummax(x, dim=1)[0].sum()", {"x": x}),
    ("np.diff(v, n=2).sum()", {"v": v}),
    ("np.gradient(v).sum()", {"v": v}),
    ("np.trapezoid(v, dx=0.1)", {"v": v}),
    ("np.trapz(v)", {"v": v}),
    ("np.cov(x).sum()", {"x": x}),
    ("np.corrcoef(x)[0,1]", {"x": x}),
    ("np.average(v, weights=[1,2,3,4])", {"v": v}),
    ("torch.var(x, dim=1, unbiased=False).sum()", {"x": x}),
    ("np.std(x, axis=0, ddof=1).sum()", {"x": x}),
    ("x.std(dim=1, correction=0).sum()", {"x": x}),
    ("np.ptp(v)", {"v": v}),
    ("np.nanmean(v)", {"v": [1.0, np.nan, 2.0]}),
    ("torch.gather(x, 1, i).sum()", {"x": x, "i": places([[0], [2]])}),
    ("np.take_along_axis(x, i, axis=1).sum()", {"x": x, "i": places([[0], [2]])}),
    ("torch.scatter_add(x, 1, i, s).sum()", {"x": x, "i": places([[0], [2]]), "s": [[1.0], [2.0]]}),
    ("x.index_select(1, i).sum()", {"x": x, "i": places([0, 2])}),
    ("np.take(v, [0,2]).sum()", {"v": v}),
    ("torch.cat([x, y], dim=0).sum()", {"x": x, "y": A}),
    ("np.hstack([x, y]).sum()", {"x": x, "y": x}),
    ("torch.stack((x,x),1).sum()", {"x": x}),
    ("torch.split(v, 2)[0].sum()", {"v": v}),
    ("np.split(v, 2)[1].sum()", {"v": v}),
    ("torch.chunk(v,2)[0].sum()", {"v": v}),
    ("x.unbind(0)[1].sum()", {"x": x}),
    ("np.roll(v, 1) @ v", {"v": v}),
    ("torch.tril(A).sum()", {"A": A}),
    ("np.diag(A).sum()", {"A": A}),
    ("torch.diag_embed(v).sum()", {"v": v}),
    ("torch.block_diag(x, A).sum()", {"x": x, "A": A}),
    ("x.repeat(2,1).sum()", {"x": x}),
    ("np.repeat(x, 2, axis=0).sum()", {"x": x}),
    ("np.tile(v,(2,2)).sum()", {"v": v}),
    ("x.unfold(1,2,1).sum()", {"x": x}),
    ("np.meshgrid(v, u)[0].sum()", {"v": v, "u": v}),
    ("torch.meshgrid(v, u, indexing='ij')[1].sum()", {"v": v, "u": v}),
    ("torch.flatten(x, start_dim=0).sum()", {"x": x}),
    ("x.view(-1).sum()", {"x": x}),
    ("x.transpose(0,1).sum()", {"x": x}),
    ("np.moveaxis(img,1,-1).sum()", {"img": img}),
    ("np.linspace(0, 1, 5) @ w", {"w": [1.0, 2, 3, 4, 5]}),
    ("torch.arange(4) @ v", {"v": v}),
    ("torch.zeros(2,3).sum()+v[0]", {"v": v}),
    ("np.eye(3) @ x", {"x": v[:3]}),
    ("torch.ones_like(x).sum()*v[0]", {"x": x, "v": v}),
    ("torch.rand(3, seed=0) @ x", {"x": v[:3]}),
    ("np.interp(x, [0,1,2], f).sum()", {"x": [0.5, 1.5], "f": [1.0, 2.0, 4.0]}),
    ("np.polyval([1,2,3], x)", {"x": 2.0}),
    ("np.convolve(v, [1,2], mode='same').sum()", {"v": v}),
    ("abs(np.fft.fft(v)).sum()", {"v": v}),
    ("np.abs(np.fft.rfft(v)**2).sum()", {"v": v}),
    ("torch.fft.irfft(torch.fft.rfft(v)).sum()", {"v": v}),
    ("torch.clamp(x, min=0, max=1).sum()", {"x": x}),
    ("np.clip(x, 0, None).sum()", {"x": x}),
    ("torch.where(x>0, x, 0).sum()", {"x": x}),
    ("np.nan_to_num(v).sum()", {"v": [1.0, nan]}),
    ("x.masked_fill(x<0, 0).sum()", {"x": x}),
    ("torch.lerp(a,b,0.5)", {"a": 1.0, "b": 2.0}),
    ("torch.addcmul(a,b,b,value=0.5)", {"a": 1.0, "b": 2.0}),
    ("torch.div(a,b,rounding_mode='floor')", {"a": 1.0, "b": 2.0}),
    ("np.heaviside(a, 0.5)", {"a": 1.0}),
    ("torch.linalg.vector_norm(v, 3)", {"v": v}),
    ("torch.dropout(x, 0.5, False).sum()", {"x": x}),
    ("F.dropout(x, 0.5, seed=1).sum()", {"x": x}),
    ("np.linalg.eig(A)[0].real.sum()", {"A": A}),
    ("np.linalg.qr(A)[1].sum()", {"A": A}),
    ("torch.linalg.lu(A)[2].sum()", {"A": A}),
    ("torch.linalg.solve_triangular(A, b, upper=True).sum()", {"A": A, "b": normal((3, 1))}),
    ("torch.softmax(x, dim=1)[0,0]", {"x": x}),
    ("x.softmax(-1)[0,0]", {"x": x}),
    ("x.log_softmax(-1)[0,0]", {"x": x}),
    ("F.triplet_margin_loss(x,y,z)", {"x": x, "y": x + 1, "z": x - 0.1}),
    ("F.gaussian_nll_loss(x,y,v)", {"x": x, "y": x + 1, "v": np.abs(x)}),
    ("F.poisson_nll_loss(x,y)", {"x": x, "y": np.abs(x)}),
    ("torch.outer(v,v).sum()", {"v": v}),
    ("torch.baddbmm(a,b,b).sum()", {"a": normal((2, 3, 3)), "b": normal((2, 3, 3))}),
    ("torch.sigmoid(x).mean()", {"x": x}),
    ("np.expand_dims(v,0).squeeze().sum()", {"v": v}),
    ("F.glu(v).sum()", {"v": v}),
    ("F.silu(x).sum()", {"x": x}),
    ("F.group_norm(img, 2).sum()", {"img": img}),
    ("F.rms_norm(x,(3,)).sum()", {"x": x}),
    ("F.bilinear(a,b,w).sum()", {"a": x, "b": x, "w": normal((2, 3, 3))}),
    ("F.conv_transpose2d(y, w, stride=2).sum()", {"y": normal((1, 3, 4, 4)), "w": w}),
    ("F.pairwise_distance(x,y).sum()", {"x": x, "y": x + 1}),
    ("F.interpolate(img, scale_factor=2).sum()", {"img": img}),
    ("np.sum(x, axis=1, keepdims=True)[0,0]", {"x": x}),
    ("x.sum(1, keepdim=True)[0,0]", {"x": x}),
    ("np.matmul(x, A).sum()", {"x": x, "A": A}),
    ("(x ** 2).sum().sqrt()", {"x": x}),
    ("np.exp(-0.5 * ((x - mu) / s) ** 2).sum()", {"x": x, "mu": 0.1, "s": 2.0}),
]


@pytest.mark.parametrize(("text", "inputs"), CALLS, ids=[text for text, _ in CALLS])
def test_runs_as_it_is(text: str, inputs: dict[str, Any]) -> None:
    report = engine.check(text, inputs)
    assert report.passed, report.inputs
    assert np.isfinite(report.value).all()


REFUSED = [
    ("float('one') * x", {"x": 1.0}, "is no number", "inf"),
    ("torch.rand(3) @ x", {"x": [1.0, 2.0, 3.0]}, "need a seed", "seed"),
    ("F.dropout(x, 0.5)", {"x": [1.0, 2.0]}, "needs seed=", "seed=0"),
    ("F.cross_entropy(x, t)", {"x": normal((2, 3)), "t": [0.5, 1.0]}, "class 0.5 is not one of the 3", "ignore_index"),
    ("sum(x, dimm=1)", {"x": normal((2, 3))}, "did you mean dim?", "sum(x, axis=None, keepdims=False)"),
    ("softmax(x, 1, 2, 3, 4)", {"x": normal((2, 3))}, "softmax takes", "the signature is softmax("),
]


@pytest.mark.parametrize(("text", "inputs", "message", "hint"), REFUSED, ids=[text for text, *_ in REFUSED])
def test_what_cannot_run_says_why(text: str, inputs: dict[str, Any], message: str, hint: str) -> None:
    with pytest.raises(engine.NablaError) as caught:
        engine.gradient(text, inputs)
    assert message in caught.value.message
    assert hint in str(caught.value.hint)
    assert caught.value.span is not None


@pytest.mark.parametrize(
    "text",
    [
        "torch.sin(input=x)", "torch.mul(input=x, other=y)", "torch.sum(input=x, dim=0)", "np.sum(a=x)", "np.sort(a=x)",
        "torch.atan2(input=x, other=y)", "torch.maximum(input=x, other=y)", "np.exp(x=x)",
    ],
)  # fmt: skip
def test_operands_by_the_names_of_either_library(text: str) -> None:
    assert engine.check(text, {"x": [0.5, 1.5], "y": [2.0, 0.25]}).passed


def test_random_numbers_are_not_functions_of_their_arguments() -> None:
    with pytest.raises(engine.NablaError, match="no random numbers by the name gamma"):
        engine.evaluate("np.random.gamma(x)", {"x": 2.0})
    assert engine.evaluate("np.random.normal(x, 1.0, seed=0)", {"x": 2.0}).shape == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x.size(0) + x.size(-1)", 5.0), ("x.size()[1]", 3.0), ("x.dim()", 2.0), ("x.numel()", 6.0), ("len(x)", 2.0),
        ("x[0, 0].item() == x[0, 0]", True), ("x[:, np.newaxis].ndim", 3.0), ("x[array([True, False])].shape[0]", 1.0),
    ],
)  # fmt: skip
def test_sizes_as_pytorch_has_them(text: str, expected: Any) -> None:
    assert engine.evaluate(text, {"x": normal((2, 3))}).value == expected


@pytest.mark.parametrize(("text", "inputs", "expected"), snippets.RUN, ids=[text for text, *_ in snippets.RUN])
def test_a_snippet_has_the_value_it_has_elsewhere(text: str, inputs: dict[str, Any], expected: Any) -> None:
    found, expected = np.asarray(engine.evaluate(text, inputs).value), np.asarray(expected)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found * 1.0, expected * 1.0, rtol=1e-12, atol=1e-15)


MOVING = [
    (text, inputs) for text, inputs, _ in snippets.RUN if any(not isinstance(v, engine.Input) for v in inputs.values())
]


@pytest.mark.parametrize(("text", "inputs"), MOVING, ids=[text for text, _ in MOVING])
def test_a_snippet_has_its_derivative(text: str, inputs: dict[str, Any]) -> None:
    if np.asarray(engine.evaluate(text, inputs).value).dtype.kind in "fc":
        assert engine.check(text, inputs).passed


@pytest.mark.parametrize(("text", "inputs", "hint"), snippets.REFUSED, ids=[text for text, *_ in snippets.REFUSED])
def test_a_snippet_is_refused_with_what_to_write(text: str, inputs: dict[str, Any], hint: str) -> None:
    with pytest.raises(engine.NablaError) as caught:
        engine.evaluate(text, inputs)
    assert caught.value.hint == hint
    assert caught.value.span is not None


def test_there_are_many_snippets() -> None:
    assert len(snippets.RUN) + len(snippets.REFUSED) + len(CALLS) >= 600


# Element types, devices and keyword arguments that change nothing


@pytest.mark.parametrize(
    ("text", "dtype"),
    [
        ("x.float()", "float32"), ("x.double()", "float64"), ("x.to(torch.float32)", "float32"),
        ("x.to('cuda:0')", "float64"),
        ("x.type(torch.float64)", "float64"), ("x.astype(np.float32)", "float32"), ("x.astype(float)", "float64"),
        ("x.astype(int)", "int64"), ("x.long()", "int64"), ("x.int()", "int64"), ("x.bool()", "bool"),
        ("x.cpu()", "float64"),
        ("x.astype(complex)", "complex128"), ("np.array(x, dtype=np.complex128)", "complex128"),
        ("x.numpy()", "float64"),
        ("np.zeros(3, dtype=x.dtype)", "float64"), ("torch.zeros(3, dtype=torch.float)", "float32"),
        ("torch.ones(3, device=x.device, dtype=torch.long)", "int64"), ("(x > 1).double()", "float64"),
    ],
)  # fmt: skip
def test_element_types_have_the_names_of_either_library(text: str, dtype: str) -> None:
    assert engine.evaluate(text, {"x": [0.5, 1.5, -2.5]}).value.dtype.name == dtype


def test_whole_numbers_are_what_stands_before_the_point() -> None:
    assert engine.evaluate("x.astype(int)", {"x": [0.5, 1.5, -2.5]}).value.tolist() == [0, 1, -2]
    found = engine.gradient("sum(x.astype(np.float32) * x.to(torch.int64) * x.double())", {"x": [1.25, 2.5]})
    assert found.gradients["x"].tolist() == [2.5, 10.0]


def test_no_element_type_is_said_to_be_none() -> None:
    with pytest.raises(engine.NablaError, match="'float8' is not an element type"):
        engine.evaluate("x.to('float8')", {"x": 1.0})


@pytest.mark.parametrize(
    "text",
    [
        "torch.zeros(2, device='cuda', layout=None, pin_memory=True) + x",
        "np.array(x, copy=True, order='C', subok=False)",
        "scipy.linalg.solve(m, x, check_finite=False, overwrite_a=True)", "np.sum(x, dtype=np.float64)",
        "np.exp(x, out=None)",
        "torch.tensor([1.0, 2.0], requires_grad=False) * x", "np.sum(x, where=True)", "x.to('cuda', non_blocking=True)",
        "special.comb(5, 2, exact=True) * x",
    ],
)  # fmt: skip
def test_what_changes_no_value_is_taken(text: str) -> None:
    assert engine.check(
        text, {"x": [0.5, 1.5], "m": engine.Input([[2.0, 0.5], [0.0, 1.0]], requires_grad=False)}
    ).passed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("log(x, 10)", 0.3979400086720376), ("math.log(8, 2)", 3.0), ("log(2.5, base)", 1.3219280948873624),
        ("max(1, 2)", 2.0), ("min(inf, 3, 2)", 2.0), ("max(x, 0)", 2.5), ("Max(x, 3)", 3.0), ("Rational(1, 2)*x", 1.25),
        ("factorial(5)", 120.0), ("factorial(x)", 3.323350970447843), ("comb(5, 2)", 10.0), ("binomial(x, 2)", 1.875),
        ("besselj(0, x)", -0.048383776468198), ("LambertW(x)", 0.958586356728703), ("re(1j*x) + im(1j*x)", 2.5),
        ("np.euler_gamma", 0.5772156649015329), ("math.fsum([x, x])", 5.0), ("math.sumprod([x, 2], [3, 4])", 15.5),
        ("Mod(x, 2) + Abs(-x) + ceiling(x)", 6.0),
    ],
)  # fmt: skip
def test_names_of_other_libraries(text: str, expected: float) -> None:
    assert engine.evaluate(text, {"x": 2.5, "base": 2.0}).value == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("xs = [3, 1]\nxs.sort()\nxs", "write xs = sort(xs)"),
        ("xs = []\nxs.insert(0, 5)\nxs", "write xs = insert(xs, …)"),
    ],
)
def test_a_list_is_not_changed_behind_ones_back(text: str, hint: str) -> None:
    with pytest.raises(engine.NablaError, match="nothing is changed in place") as caught:
        engine.evaluate(text, {})
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gelu(x)", 0.8413447460685429), ("F.gelu(x)", 0.8413447460685429),
        ("nn.functional.gelu(x)", 0.8413447460685429),
        ("jax.nn.gelu(x)", 0.8411919906082768), ("nn.gelu(x)", 0.8411919906082768),
        ("scipy.linalg.qr(m, mode='economic')[0].shape[1]", 2.0), ("np.linalg.qr(m)[0].shape[1]", 2.0),
        ("special.softmax(m).sum()", 1.0), ("scipy.special.softmax(m).sum()", 1.0), ("F.softmax(m, dim=-1).sum()", 3.0),
    ],
)  # fmt: skip
def test_the_prefix_decides_where_libraries_differ(text: str, expected: float) -> None:
    found = engine.evaluate(text, {"x": 1.0, "m": [[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]]})
    assert found.value == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("text", ["scipy.linalg.qr(m)", "jax.scipy.special.kl_div(m, m)", "special.kl_div(m, m)"])
def test_what_the_prefix_means_and_is_not_here_is_refused(text: str) -> None:
    with pytest.raises(engine.NablaError, match=r"another function|complete factor"):
        engine.evaluate(text, {"m": [[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]]})


def test_a_tensor_is_not_sorted_behind_ones_back() -> None:
    for text in ("v.sort()\nv", "w = v * 1; w.sort(); w", "for k in range(2):\n    v.sort()\nv"):
        with pytest.raises(engine.NablaError, match="nothing is changed in place here") as caught:
            engine.evaluate(text, {"v": [3.0, 1.0]})
        assert ".sort()" in str(caught.value.hint)
    for text in ("v.sort()", "sort(v)\nnp.sort(v)"):
        assert engine.evaluate(text, {"v": [3.0, 1.0]}).value.tolist() == [1.0, 3.0]


def test_a_part_of_a_list_is_not_changed_behind_ones_back() -> None:
    with pytest.raises(engine.NablaError, match="a part of a list is not changed in place") as caught:
        engine.evaluate("xs = [[]]\nxs[0].append(1)\nlen(xs[0])", {})
    assert caught.value.hint == "give the part a name, and put it back: row = xs[0]; row.append(x); xs[0] = row"
    assert engine.evaluate("xs = [[]]\nrow = xs[0]; row.append(x); xs[0] = row\nlen(xs[0])", {"x": 1.0}).value == 1.0


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("diff(sin(x), x)", "for a derivative write the expression alone"),
        ("np.select([v < 1], [v], 42)", "NumPy's select([c, d], [a, b], other) is where(c, a, where(d, b, other))"),
    ],
)
def test_what_the_function_is_elsewhere_is_said_beside_what_is_wrong(text: str, hint: str) -> None:
    with pytest.raises(engine.NablaError) as caught:
        engine.evaluate(text, {"x": 1.0, "v": [0.5, 1.5]})
    assert hint in str(caught.value.hint)
    assert "the signature is" in str(caught.value.hint)
