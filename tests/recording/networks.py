"""Layers and signals."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.recording.case import Group, spread, typed

LAYERS = (
    *("linear", "bilinear", "embedding", "batch_norm", "instance_norm", "layer_norm", "group_norm", "rms_norm"),
    *("local_response_norm", "scaled_dot_product_attention", "pixel_shuffle", "pixel_unshuffle", "channel_shuffle"),
    *("embedding_bag", "interpolate", "fold", "unfold", "dropout"),
    *(
        f"{name}{dims}d"
        for name in ("conv", "conv_transpose", "max_pool", "avg_pool", "lp_pool", "adaptive_avg_pool")
        for dims in (1, 2, 3)
    ),
    *(f"{name}{dims}d" for name in ("adaptive_max_pool", "dropout") for dims in (1, 2, 3)),
)
TRANSFORMS = (
    *("fft", "ifft", "rfft", "irfft", "fft2", "ifft2", "rfft2", "irfft2", "fftn", "ifftn", "rfftn", "irfftn"),
    *("hfft", "ihfft", "fftshift", "ifftshift", "fftfreq", "rfftfreq"),
)


def _interp(torch: Any) -> Any:
    """numpy.interp in PyTorch's functions."""

    def interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None) -> Any:
        place = torch.clamp(torch.searchsorted(xp.detach(), x.detach(), right=True) - 1, 0, len(xp) - 2)
        y = fp[place] + (x - xp[place]) * (fp[place + 1] - fp[place]) / (xp[place + 1] - xp[place])
        y = torch.where(x < xp[0], fp[0] if left is None else left, y)
        return torch.where(x > xp[-1], fp[-1] if right is None else right, y)

    return interp


def _convolve(torch: Any) -> Any:
    """numpy.convolve: the kernel is turned round for PyTorch, and the middle cut out of the full result."""

    def convolve(a: Any, v: Any, mode: str = "full") -> Any:
        m, n = max(len(a), len(v)), min(len(a), len(v))
        full = torch.nn.functional.conv1d(a[None, None], v.flip(0)[None, None], padding=len(v) - 1)[0, 0]
        start, count = {"full": (0, m + n - 1), "same": ((n - 1) // 2, m), "valid": (n - 1, m - n + 1)}[mode]
        return full[start : start + count]

    return convolve


def _correlate(torch: Any) -> Any:
    convolve = _convolve(torch)
    return lambda a, v, mode="valid": (
        convolve(a, v.conj().flip(0), mode) if len(a) >= len(v) else convolve(v.conj(), a.flip(0), mode).flip(0)
    )


def _polyval(torch: Any) -> Any:
    return lambda p, x: sum((p[k] * x ** (len(p) - 1 - k) for k in range(len(p))), torch.zeros_like(x * p[0]))


GROUP = Group(
    "networks",
    names={
        **{name: f"nn.functional.{name}" for name in LAYERS},
        **{name: f"fft.{name}" for name in TRANSFORMS},
        "F": "nn.functional",
        "interp": _interp,
        "convolve": _convolve,
        "correlate": _correlate,
        "polyval": _polyval,
        "polyder": lambda torch: lambda p: p[:-1] * torch.arange(len(p) - 1, 0, -1, dtype=p.dtype),
    },
)
case = GROUP.case

# ---- products ----------------------------------------------------------------------------------------------------

L = {"x": spread(2, 3), "w": spread(4, 3, seed=1), "b": spread(4, seed=2)}
case("F.linear(x, w, b)", L)
case("linear(x, w)", {"x": spread(3), "w": spread(2, 3, seed=1)})
case("linear(x, w[0])", {"x": spread(2, 3), "w": spread(1, 3, seed=1)})
case("linear(x, weight=w, bias=b)", {"x": spread(2, 2, 3), "w": spread(2, 3, seed=1), "b": spread(2, seed=2)})
case("torch.nn.functional.linear(x, w, b)", L, dtype="float32")
case("sum(tanh(linear(x, w, b))**2)", {"x": spread(2), "w": spread(2, 2, seed=1), "b": spread(2, seed=2)})
B = {"x": spread(2, 3), "y": spread(2, 2, seed=1), "w": spread(4, 3, 2, seed=2), "b": spread(4, seed=3)}
case("F.bilinear(x, y, w, b)", B)
case("bilinear(x, y, w)", {"x": spread(3), "y": spread(2, seed=1), "w": spread(1, 3, 2, seed=2)})
case("bilinear(x, y, weight=w, bias=b)", B, dtype="float32")
case("sum(bilinear(x, y, w)**2)", {"x": spread(1, 2), "y": spread(1, 2, seed=1), "w": spread(1, 2, 2, seed=2)})
case("bilinear(x, x, w)", {"x": spread(2, 1, 2), "w": spread(2, 2, 2, seed=2)})
E = {"i": typed("int64", [2, 0, 2]), "w": spread(3, 2)}
case("F.embedding(i, w)", E)
case("embedding(i, w, padding_idx=2)", E)
case("embedding(i, w, padding_idx=-3)", E)
case("embedding(i, w)", {"i": typed("int64", [[1, 1], [0, 3]]), "w": spread(4, 2)})
case("embedding(i, w)", {"i": typed("int64", 1), "w": spread(2, 3)})
case("sum(embedding(i, w)**3)", {"i": typed("int64", [1, 1, 0]), "w": spread(2, 2)})
case("embedding([2, 0], w)", {"w": spread(3, 2)}, "embedding(torch.tensor([2, 0]), w)")
case("sum(F.embedding(i, w) * x)", {**E, "x": spread(3, 2, seed=3)}, dtype="float32")

BAGS = {"i": typed("int64", [[2, 0, 1], [1, 1, 3]]), "w": spread(4, 2)}
case("F.embedding_bag(i, w)", BAGS)
case('embedding_bag(i, w, mode="sum")', BAGS)
case('embedding_bag(i, w, mode="max")', BAGS)
case("embedding_bag(i, w, padding_idx=1)", BAGS)
case('embedding_bag(i, w, mode="sum", per_sample_weights=s)', {**BAGS, "s": spread(2, 3, seed=4)})
case('embedding_bag(i, w, mode="max", padding_idx=1)', {**BAGS, "i": typed("int64", [[1, 1], [1, 2]])})
OFFSETS = {"i": typed("int64", [2, 0, 1, 1, 3]), "w": spread(4, 2), "o": typed("int64", [0, 2, 2])}
for mode in ("sum", "mean", "max"):
    case(f'F.embedding_bag(i, w, o, mode="{mode}")', OFFSETS)
    case(f'embedding_bag(i, w, offsets=o, mode="{mode}", padding_idx=1)', OFFSETS)
case('embedding_bag(i, w, o, mode="sum", include_last_offset=True)', {**OFFSETS, "o": typed("int64", [0, 3, 5])})
case('embedding_bag(i, w, o, mode="sum", per_sample_weights=s)', {**OFFSETS, "s": spread(5, seed=4)})
case("sum(embedding_bag(i, w)**2)", BAGS, dtype="float32", hessian=False)

# ---- convolutions ------------------------------------------------------------------------------------------------

C1 = {"x": spread(2, 2, 6), "w": spread(4, 2, 3, seed=1), "b": spread(4, seed=2)}
G1 = {"x": spread(1, 4, 5), "w": spread(2, 2, 2, seed=1)}
case("F.conv1d(x, w, b)", C1)
case("conv1d(x, w, b, stride=2, padding=1)", C1)
case("conv1d(x, w, None, 1, 1, 2)", C1)
case("conv1d(x, w, groups=2)", G1)
case('conv1d(x, w, padding="same")', C1)
case('conv1d(x, w, bias=b, padding="same", dilation=2)', C1)
case('F.conv1d(x, w, None, 1, "valid")', C1)
case('conv1d(x, w, padding="same")', {"x": spread(1, 1, 5), "w": spread(1, 1, 2, seed=1)})
case("conv1d(x, w)", {"x": spread(2, 5), "w": spread(1, 2, 2, seed=1)})
case("conv1d(x, w)", C1, dtype="float32")
case("sum(conv1d(x, w)**2)", {"x": spread(1, 1, 5), "w": spread(1, 1, 2, seed=1)})
case("sum(tanh(conv1d(x, w, stride=2, padding=1)))", {"x": spread(1, 1, 4), "w": spread(1, 1, 3, seed=1)})
C2 = {"x": spread(1, 2, 4, 5), "w": spread(2, 2, 2, 3, seed=1), "b": spread(2, seed=2)}
case("F.conv2d(x, w, b)", C2)
case("conv2d(x, w, b, padding=(1, 2))", C2)
case("conv2d(x, w, stride=(2, 1), dilation=(1, 2))", C2)
case('conv2d(x, w, padding="same")', C2)
case("conv2d(x, w, groups=2)", {"x": spread(1, 2, 3, 3), "w": spread(4, 1, 2, 2, seed=1)})
case("conv2d(x, w, b, 2, 1, 1, 1)", C2)
case("conv2d(x[0], w)", C2)
case("torch.conv2d(x, w)", C2, dtype="float32")
case("sum(conv2d(x, w)**2)", {"x": spread(1, 1, 3, 2), "w": spread(1, 1, 2, 2, seed=1)})
case("sum(relu(F.conv2d(x, w, padding=1)))", {"x": spread(1, 1, 2, 2), "w": spread(1, 1, 2, 2, seed=1)})
C3 = {"x": spread(1, 2, 3, 2, 3), "w": spread(2, 2, 2, 1, 2, seed=1), "b": spread(2, seed=2)}
case("F.conv3d(x, w, b)", C3)
case("conv3d(x, w, stride=(1, 2, 1), padding=(0, 1, 1))", C3)
case("conv3d(x, w, dilation=(2, 1, 1))", C3)
case("conv3d(x, w, groups=2)", {"x": spread(1, 2, 2, 2, 2), "w": spread(2, 1, 1, 2, 2, seed=1)})
case('conv3d(x, w, padding="same")', C3)
case("conv3d(x[0], w)", C3, dtype="float32")
T1 = {"x": spread(2, 2, 4), "w": spread(2, 3, 3, seed=1), "b": spread(3, seed=2)}
case("F.conv_transpose1d(x, w, b)", T1)
case("conv_transpose1d(x, w, b, stride=2, padding=1, output_padding=1)", T1)
case("conv_transpose1d(x, w, None, 3, 0, 2)", T1)
case("conv_transpose1d(x, w, dilation=2, padding=2)", T1)
case("conv_transpose1d(x, w, groups=2)", {"x": spread(1, 4, 3), "w": spread(4, 2, 2, seed=1)})
case("conv_transpose1d(x[0], w)", T1, dtype="float32")
case("sum(conv_transpose1d(x, w, stride=2)**2)", {"x": spread(1, 1, 3), "w": spread(1, 1, 2, seed=1)})
T2 = {"x": spread(1, 2, 2, 3), "w": spread(2, 2, 2, 3, seed=1), "b": spread(2, seed=2)}
case("F.conv_transpose2d(x, w, b)", T2)
case("conv_transpose2d(x, w, b, stride=(2, 1), padding=(1, 0))", T2)
case("conv_transpose2d(x, w, stride=3, output_padding=(1, 2))", T2)
case("conv_transpose2d(x, w, groups=2, dilation=2)", {"x": spread(1, 2, 2, 2), "w": spread(2, 1, 2, 2, seed=1)})
case("conv_transpose2d(x[0], w)", T2, dtype="float32")
case("sum(conv_transpose2d(x, w, stride=2)**2)", {"x": spread(1, 1, 2, 2), "w": spread(1, 1, 2, 2, seed=1)})
T3 = {"x": spread(1, 2, 2, 1, 2), "w": spread(2, 2, 1, 2, 2, seed=1), "b": spread(2, seed=2)}
case("F.conv_transpose3d(x, w, b)", T3)
case("conv_transpose3d(x, w, stride=(1, 2, 2), padding=(0, 0, 1))", T3)
case("conv_transpose3d(x, w, groups=2)", T3)
case("conv_transpose3d(x, w, dilation=(1, 2, 1), output_padding=(0, 1, 0))", T3)
case("conv_transpose3d(x[0], w)", T3, dtype="float32")

# ---- pooling -----------------------------------------------------------------------------------------------------

P1, P2, P3 = {"x": spread(2, 2, 7)}, {"x": spread(1, 2, 5, 6)}, {"x": spread(1, 1, 4, 3, 4)}
for dims, P in ((1, P1), (2, P2), (3, P3)):
    case(f"F.max_pool{dims}d(x, 2)", P)
    case(f"max_pool{dims}d(x, kernel_size=3, stride=2, padding=1)", P)
    case(f"max_pool{dims}d(x, 2, 1)", P)
    case(f"max_pool{dims}d(x, 2, ceil_mode=True)", P)
    case(f"max_pool{dims}d(x, 2, 1, 0, {3 if dims < 3 else 2})", P)
    case(f"max_pool{dims}d(x[0], 2)", P, dtype="float32")
    case(f"max_pool{dims}d(x, 2, 1, return_indices=True)[1]", P)
    case(f"max_pool{dims}d(x, 3, 2, 1, ceil_mode=True, return_indices=True)[0]", P)
    case(f"max_pool{dims}d(x, 3, 2, 1, return_indices=True)[1]", P)
    case(f"F.avg_pool{dims}d(x, 2)", P)
    case(f"avg_pool{dims}d(x, kernel_size=3, stride=2, padding=1)", P)
    case(f"avg_pool{dims}d(x, 3, 2, 1, ceil_mode=True)", P)
    case(f"avg_pool{dims}d(x, 3, 2, 1, True, False)", P)
    case(f"avg_pool{dims}d(x, 2, 1, count_include_pad=False)", P)
    case(f"avg_pool{dims}d(x[0], 2)", P, dtype="float32")
    case(f"F.lp_pool{dims}d(x, 2, 2)", P)
    case(f"lp_pool{dims}d(x, norm_type=4, kernel_size=3, stride=1)", P)
    case(f"lp_pool{dims}d(x**2, 1.5, 2)", P)
    case(f"lp_pool{dims}d(x, 2, 2, ceil_mode=True)", P)
    case(f"F.adaptive_avg_pool{dims}d(x, 3)", P)
    case(f"adaptive_avg_pool{dims}d(x, output_size=1)", P)
    case(f"adaptive_avg_pool{dims}d(x[0], 2)", P)
    case(f"adaptive_avg_pool{dims}d(x, 3)", P, dtype="float32")
    case(f"F.adaptive_max_pool{dims}d(x, 3)", P)
    case(f"adaptive_max_pool{dims}d(x, output_size=1)", P)
    case(f"adaptive_max_pool{dims}d(x[0], 2)", P)
    case(f"adaptive_max_pool{dims}d(x, 3)", P, dtype="float32")
case("max_pool1d(x, 2, 1)", {"x": [[1.0, 1.0, 1.0, 0.0, 0.0]]})
case("max_pool2d(x, 2, 1)", {"x": [[[1.0, 1.0, 0.0], [1.0, 2.0, 2.0], [2.0, 0.0, 2.0]]]})
case("sum(max_pool1d(x, 2)**2)", {"x": spread(1, 6)})
case("sum(avg_pool1d(x, 2)**3)", {"x": spread(1, 6)})
case("sum(max_pool2d(x, 2)**2)", {"x": spread(1, 2, 4)})
case("sum(avg_pool2d(x, 2)**3)", {"x": spread(1, 2, 4)})
case("sum(lp_pool1d(x, 2, 2))", {"x": spread(1, 4)})
case("lp_pool1d(x, 2, 2)", {"x": [[0.0, 0.0, 1.0, 2.0]]})
case("max_pool2d(x, (2, 3), (1, 2), (1, 0))", P2)
case("avg_pool2d(x, (2, 3), divisor_override=4)", P2)
case("avg_pool2d(x, 2, 2, 1, False, True, 3)", P2)
case("avg_pool3d(x, 2, divisor_override=2)", P3)
case("adaptive_avg_pool2d(x, (2, None))", P2)
case("adaptive_max_pool2d(x, (None, 4))", P2)
case("adaptive_avg_pool3d(x, (3, 2, 3))", P3)
case("adaptive_max_pool3d(x, (3, 2, 3))", P3)
case("adaptive_max_pool1d(x, 2)", {"x": [[3.0, 3.0, 1.0, 1.0]]})

# ---- normalization -----------------------------------------------------------------------------------------------

N = {"x": spread(3, 2), "m": spread(2, seed=1), "v": [0.5, 1.5], "w": spread(2, seed=2), "b": spread(2, seed=3)}
N4 = {**N, "x": spread(2, 2, 2, 3)}
BY_HAND = "((x.movedim(1, -1) - m) / sqrt(v + {eps}) * {w} + {b}).movedim(-1, 1)"
"""PyTorch has no derivative by the running figures."""
FIGURES = "torch.tensor([0.25, -0.5], dtype=x.dtype), torch.tensor([0.5, 1.5], dtype=x.dtype)"
for numbers in (N, N4):
    weighted = {name: numbers[name] for name in ("x", "w", "b")}
    case("F.batch_norm(x, m, v, w, b)", numbers, BY_HAND.format(eps="1e-5", w="w", b="b"))
    case("batch_norm(x, m, v, eps=0.1)", numbers, BY_HAND.format(eps="0.1", w="1", b="0"))
    case("F.batch_norm(x, [0.25, -0.5], [0.5, 1.5], w, b)", weighted, f"F.batch_norm(x, {FIGURES}, w, b)")
    case("batch_norm(x, None, None, w, b, True)", weighted)
    case("batch_norm(x, None, None, training=True)", weighted)
case(
    "batch_norm(x, [0.25, -0.5], [0.5, 1.5], bias=b, weight=w, training=False)",
    {name: N[name] for name in ("x", "w", "b")},
    f"F.batch_norm(x, {FIGURES}, w, b)",
    dtype="float32",
)
case("sum(batch_norm(x, None, None, training=True, eps=0.5)**3)", {"x": spread(3, 2)})
case("sum(batch_norm(x, None, None, training=True)**4)", {"x": spread(4, 1)})
case("F.instance_norm(x)", N4)
case("instance_norm(x, weight=w, bias=b, eps=0.1)", N4)
case("instance_norm(x, m, v, w, b, False)", {**N, "x": spread(2, 2, 3)}, BY_HAND.format(eps="1e-5", w="w", b="b"))
case("instance_norm(x, weight=w)", {"x": spread(1, 2, 5), "w": spread(2, seed=2)}, dtype="float32")
case("sum(instance_norm(x, eps=0.5)**3)", {"x": spread(1, 2, 3)})
Y = {"x": spread(2, 3), "w": spread(3, seed=1), "b": spread(3, seed=2)}
case("F.layer_norm(x, (3,), w, b)", Y)
case("layer_norm(x, [3], w, b, 0.1)", Y)
case("layer_norm(x, normalized_shape=(3,), bias=b)", Y, "layer_norm(x, (3,), bias=b)")
case("layer_norm(x, x.shape)", {"x": spread(2, 2, 3)})
case("layer_norm(x, (2, 3), weight=w)", {"x": spread(2, 2, 3), "w": spread(2, 3, seed=2)})
case("torch.nn.functional.layer_norm(x, (3,), w, b)", Y, dtype="float32")
case("sum(layer_norm(x, (4,))**3)", {"x": spread(2, 4)}, atol=1e-14)
case(
    "layer_norm(x, (3,))",
    {"x": [[1e8, 1e8 + 1, 1e8 + 3]]},
    jacobian=False,
    ours={
        "reason": "PyTorch rounds the mean before it takes it away; these are the figures at 40 digits",
        "value": [[-1.0690415314502975, -0.26726038286257436, 1.3363019143128718]],
        "gradients": {"x": [[0.48679385654460006, -0.7301940062383058, 0.24340014969370574]]},
    },
)
case("F.rms_norm(x, (3,), w)", Y)
case("rms_norm(x, [3])", Y)
case("rms_norm(x, (3,), eps=0.5)", Y)
case("rms_norm(x, (2, 3), weight=w)", {"x": spread(2, 2, 3), "w": spread(2, 3, seed=2)})
case("rms_norm(x, (3,), w)", Y, dtype="float32")
case("sum(rms_norm(x, (4,))**3)", {"x": spread(2, 4)})
G = {"x": spread(2, 4, 2), "w": spread(4, seed=1), "b": spread(4, seed=2)}
case("F.group_norm(x, 2, w, b)", G)
case("group_norm(x, num_groups=4, eps=0.1)", G)
case("group_norm(x, 1, weight=w)", G)
case("group_norm(x, 2)", {"x": spread(1, 4, 2, 2)})
case("group_norm(x, 2, w, b)", G, dtype="float32")
case("sum(group_norm(x, 2)**3)", {"x": spread(1, 4, 2)}, atol=1e-14)
R = {"x": spread(2, 5, 2)}
case("F.local_response_norm(x, 3)", R)
case("local_response_norm(x, size=2, alpha=0.5)", R)
case("local_response_norm(x, 5, 1.0, 0.5, 2.0)", {"x": spread(1, 4, 2, 2)})
case("local_response_norm(x, 2, alpha=0.5)", R, dtype="float32")
case("sum(local_response_norm(x, 3, alpha=0.5)**3)", {"x": spread(1, 4, 2)})

# ---- attention ---------------------------------------------------------------------------------------------------

A = {"q": spread(2, 3), "k": spread(4, 3, seed=1), "v": spread(4, 2, seed=2)}
MASK = [[True, False, True, True], [False, True, True, False]]
case("F.scaled_dot_product_attention(q, k, v)", A)
case("scaled_dot_product_attention(q, k, v, is_causal=True)", A)
case("scaled_dot_product_attention(q, k, v, scale=0.5)", A)
case("scaled_dot_product_attention(q, k, v, m)", {**A, "m": typed("bool", MASK)})
case("scaled_dot_product_attention(q, k, v, attn_mask=m)", {**A, "m": spread(2, 4, seed=3)})
case("scaled_dot_product_attention(q, k, v, m)", {**A, "m": typed("bool", [[False] * 4, [True] * 4])})
case("F.scaled_dot_product_attention(q, k, v, None, 0.0, True)", A)
case("scaled_dot_product_attention(q, k, v)", A, dtype="float32", atol=1e-6)
H = {"q": spread(2, 2, 2, 3), "k": spread(2, 2, 2, 3, seed=1), "v": spread(2, 2, 2, 1, seed=2)}
case("scaled_dot_product_attention(q, k, v)", H)
case("scaled_dot_product_attention(q, k, v, enable_gqa=True)", {
    "q": spread(1, 4, 2, 2), "k": spread(1, 2, 3, 2, seed=1), "v": spread(1, 2, 3, 2, seed=2),
})  # fmt: skip
case("sum(scaled_dot_product_attention(x, x, x)**2)", {"x": spread(2, 3)})
case("scaled_dot_product_attention(1000*q, k, v)", {**A, "q": spread(2, 3, seed=5)}, atol=1e-12)

# ---- dropout -----------------------------------------------------------------------------------------------------


def kept(seed: int, p: float, *shape: int) -> str:
    """The mask of a seed, scaled, as a text for PyTorch."""
    chosen = np.random.Generator(np.random.PCG64(seed)).random(shape) >= p
    return f"torch.tensor({(chosen / (1 - p)).tolist()}, dtype=x.dtype)"


D = {"x": spread(2, 4)}
case("F.dropout(x, 0.5, seed=1)", D, f"x * {kept(1, 0.5, 2, 4)}")
case("dropout(x, p=0.25, training=True, seed=7)", D, f"x * {kept(7, 0.25, 2, 4)}")
case("dropout(x, p=1.0, seed=7)", D, "dropout(x, p=1.0)")
case("dropout(x, 0.5, False)", D)
case("sum(dropout(x, seed=3)**2)", D, f"sum((x * {kept(3, 0.5, 2, 4)})**2)")
case("dropout(x, 0.5, seed=1)", D, f"x * {kept(1, 0.5, 2, 4)}", dtype="float32")
for dims in (1, 2, 3):
    shape = (2, 3, 2, 1, 2)[: dims + 2]
    X = {"x": spread(*shape)}
    case(f"F.dropout{dims}d(x, 0.5, seed=1)", X, f"x * {kept(1, 0.5, 2, 3, *(1,) * dims)}")
    case(f"dropout{dims}d(x[0], p=0.25, seed=2)", X, f"x[0] * {kept(2, 0.25, 3, *(1,) * dims)}")
    case(f"dropout{dims}d(x, p=0.0, seed=0)", X, f"dropout{dims}d(x, p=0.0)")
    case(f"dropout{dims}d(x, training=False)", X)
case(
    "scaled_dot_product_attention(q, k, v, dropout_p=0.5, seed=2)",
    A,
    f"(softmax(q @ k.T / 3**0.5, -1) * {kept(2, 0.5, 2, 4).replace('x.dtype', 'q.dtype')}) @ v",
)

# ---- images ------------------------------------------------------------------------------------------------------

case("F.pixel_shuffle(x, 2)", {"x": spread(1, 4, 2, 3)})
case("pixel_shuffle(x, upscale_factor=3)", {"x": spread(9, 1, 2)})
case("pixel_shuffle(x, 2)", {"x": spread(2, 1, 8, 1, 1)})
case("F.pixel_unshuffle(x, 2)", {"x": spread(1, 1, 4, 2)})
case("pixel_unshuffle(x, downscale_factor=3)", {"x": spread(2, 3, 3)})
case("pixel_unshuffle(x, 2)", {"x": spread(2, 1, 1, 2, 4)})
case("F.channel_shuffle(x, 2)", {"x": spread(1, 4, 2)}, "nn.functional.channel_shuffle(x[..., None], 2)[..., 0]")
case("channel_shuffle(x, groups=3)", {"x": spread(2, 6, 1, 2)}, "nn.functional.channel_shuffle(x, 3)")
case("channel_shuffle(x, 2)", {"x": spread(1, 6, 2, 1)}, "nn.functional.channel_shuffle(x, 2)")
I1, I2, I3 = {"x": spread(1, 2, 5)}, {"x": spread(1, 2, 3, 4)}, {"x": spread(1, 1, 2, 3, 2)}
for text in (
    "size=3", "scale_factor=2", "scale_factor=1.7", 'size=8, mode="linear"', 'scale_factor=2, mode="linear"',
    'size=9, mode="linear", align_corners=True', 'scale_factor=0.6, mode="linear"', 'size=3, mode="area"',
    'size=7, mode="nearest-exact"', 'scale_factor=1.7, mode="linear", recompute_scale_factor=True',
):  # fmt: skip
    case(f"F.interpolate(x, {text})", I1)
for text in (
    "size=(2, 5)", "scale_factor=(2, 0.5)", 'size=(5, 3), mode="bilinear"', 'scale_factor=2, mode="bilinear"',
    'size=(4, 6), mode="bilinear", align_corners=True', 'size=(5, 7), mode="bicubic"',
    'scale_factor=1.5, mode="bicubic"', 'size=(4, 3), mode="bicubic", align_corners=True', 'size=2, mode="area"',
    'size=1, mode="bilinear", align_corners=True', 'size=(5, 3), mode="nearest-exact"',
):  # fmt: skip
    case(f"interpolate(x, {text})", I2)
case("interpolate(x, size=(3, 2, 4))", I3)
case('interpolate(x, scale_factor=2, mode="trilinear")', I3)
case('interpolate(x, (3, 2, 4), mode="trilinear", align_corners=True)', I3)
case('interpolate(x, scale_factor=2, mode="bilinear")', I2, dtype="float32")
case("interpolate(x, scale_factor=(1.3, 2.1))", I2)
case("F.upsample(x, scale_factor=2)", I2, "interpolate(x, scale_factor=2)")
case("F.fold(x, (3, 4), 2)", {"x": spread(1, 4, 6)})
case("fold(x, output_size=(4, 5), kernel_size=(2, 3), padding=1, stride=(2, 1))", {"x": spread(1, 6, 15)})
case("fold(x, (3, 3), (2, 1), dilation=(2, 1))", {"x": spread(2, 4, 3)})
case("fold(x, 3, 2)", {"x": spread(4, 4)}, "fold(x, (3, 3), (2, 2))", dtype="float32")

case("F.unfold(x, 2)", {"x": spread(1, 2, 3, 4)})
case("unfold(x, kernel_size=(2, 3), padding=1, stride=(2, 1))", {"x": spread(2, 1, 3, 3)})
case("unfold(x, (2, 1), dilation=(2, 1))", {"x": spread(1, 1, 3, 3)})
case("unfold(x, 2, 1, 0, 2)", {"x": spread(1, 4, 2)}, dtype="float32")
case("fold(unfold(x, 2), (3, 3), (2, 2))", {"x": spread(1, 1, 3, 3)})

# ---- Fourier transforms ------------------------------------------------------------------------------------------


def scattered(*shape: int, seed: int = 0) -> dict[str, Any]:
    """A complex tensor as an input."""
    real, imag = (np.array(spread(*shape, seed=seed + k)) for k in (0, 7))
    return typed("complex128", (real + 1j * imag).tolist())


Z, X = {"z": scattered(5)}, {"x": spread(6)}
ZZ, XX = {"z": scattered(2, 4, seed=1)}, {"x": spread(3, 4, seed=1)}
for name in ("fft", "ifft", "irfft", "hfft"):
    case(f"torch.fft.{name}(z)", Z, atol=1e-15)
    case(f"{name}(z, n=4)", Z, atol=1e-15)
    case(f"{name}(z, 7)", Z, atol=1e-15)
    case(f'{name}(z, norm="ortho")', Z, atol=1e-15)
    case(f'{name}(z, norm="forward")', Z, atol=1e-15)
    case(f"{name}(z, dim=0)", {"z": scattered(3, 2)}, atol=1e-15)
    case(f"np.fft.{name}(z, axis=0)", {"z": scattered(3, 2)}, f"{name}(z, dim=0)", atol=1e-15)
    case(f"sum(abs({name}(z))**2)", Z, atol=1e-15)
    case(f"{name}(x)", {"x": spread(4)}, atol=1e-15)
for name in ("fft", "rfft", "ihfft"):
    case(f"torch.fft.{name}(x)", X, atol=1e-15)
    case(f"{name}(x, n=5)", X, atol=1e-15)
    case(f"{name}(x, 8)", X, atol=1e-15)
    case(f'{name}(x, norm="ortho")', X, atol=1e-15)
    case(f'{name}(x, norm="forward", dim=0)', XX, atol=1e-15)
    case(f"sum(abs({name}(x))**2)", X, atol=1e-15)
    case(f"{name}(x).real", {"x": spread(1)}, atol=1e-15)
for name in ("fft2", "ifft2", "irfft2", "fftn", "ifftn", "irfftn"):
    case(f"torch.fft.{name}(z)", ZZ, atol=1e-15)
    case(f"{name}(z, s=(3, 3))", ZZ, atol=1e-15)
    case(f'{name}(z, norm="ortho")', ZZ, atol=1e-15)
    case(f"{name}(z, dim=(0, 1))", {"z": scattered(2, 3, 2)}, atol=1e-15)
    case(f"sum(abs({name}(z))**2)", ZZ, atol=1e-15)
for name in ("fft2", "rfft2", "fftn", "rfftn"):
    case(f"torch.fft.{name}(x)", XX, atol=1e-15)
    case(f"{name}(x, s=(2, 5))", XX, atol=1e-15)
    case(f'{name}(x, norm="forward")', XX, atol=1e-15)
    case(f"np.fft.{name}(x, axes=(1, 0))", XX, f"{name}(x, dim=(1, 0))", atol=1e-15)
    case(f"sum(abs({name}(x))**2)", {"x": spread(2, 3, seed=4)}, atol=1e-15)
for name in ("fftshift", "ifftshift"):
    case(f"torch.fft.{name}(x)", {"x": spread(5)})
    case(f"{name}(x)", XX)
    case(f"{name}(x, dim=1)", XX)
    case(f"np.fft.{name}(z, axes=0)", ZZ, f"{name}(z, dim=0)")
for name in ("fftfreq", "rfftfreq"):
    case(f"sum(x * torch.fft.{name}(5))", {"x": 1.5}, f"sum(x * {name}(5, dtype=x.dtype))", atol=1e-15)
    case(f"x * np.fft.{name}(6, d=0.5)[1]", {"x": 1.5}, f"x * {name}(6, d=0.5, dtype=x.dtype)[1]")
    case(f"x * {name}(n=4)[2]", {"x": 1.5}, f"x * {name}(4, dtype=x.dtype)[2]")
case("sum(irfft(rfft(x) * rfft(y), n=5) * x)", {"x": spread(5), "y": spread(5, seed=2)}, atol=1e-15)
case("sum(real(ifft(fft(x) * fft(y))) * x)", {"x": spread(4), "y": spread(4, seed=2)}, atol=1e-15)
case("sum(abs(fft(x))**2)", {"x": spread(3)}, atol=1e-15)

# ---- signals -----------------------------------------------------------------------------------------------------

for name in ("convolve", "correlate"):
    for m, n in ((5, 3), (2, 4), (4, 2), (3, 3)):
        for mode in ("full", "same", "valid"):
            case(f'np.{name}(a, v, mode="{mode}")', {"a": spread(m), "v": spread(n, seed=1)}, f'{name}(a, v, "{mode}")')
    case(f"{name}(a, v)", {"a": spread(4), "v": spread(2, seed=1)})
    case(f'{name}(a, v, "same")', {"a": spread(4), "v": spread(3, seed=1)}, dtype="float32")
    case(f"sum({name}(a, v)**2)", {"a": spread(3), "v": spread(2, seed=1)})
    case(f"{name}(a, v)", {"a": scattered(4), "v": scattered(2, seed=1)})
KNOTS = {"xp": [-1.0, 0.0, 0.5, 2.0], "fp": spread(4, seed=1)}
case("np.interp(x, xp, fp)", {"x": spread(6, low=-0.9, high=1.9), **KNOTS}, "interp(x, xp, fp)")
case("interp(x, xp, fp)", {"x": [-3.0, -0.25, 1.0, 5.0], **KNOTS})
case("interp(x, xp, fp, left=-1.0, right=y)", {"x": [-3.0, 1.0, 5.0], "y": 0.5, **KNOTS})
case("interp(x, xp, fp)", {"x": spread(2, 3), **KNOTS})
case("interp(x, xp, fp)", {"x": 0.75, **KNOTS})
case("interp(x, xp, fp)", {"x": [0.0, 0.5, 2.0], **KNOTS})
case("sum(interp(x, xp, fp)**2)", {"x": [0.25, 1.0], **KNOTS})
case("interp(x, xp, fp)", {"x": spread(3), **KNOTS}, dtype="float32")
case(
    "interp(x, xp, fp, period=1.5)",
    {"x": [-3.2, 1.0, 5.0], "xp": [1.75, 0.5, 1.0], "fp": spread(3, seed=1)},
    "interp(x % 1.5, cat([xp[2:] - 1.5, xp[:1] - 1.5, xp[1:], xp[:1]]), cat([fp[2:], fp[:1], fp[1:], fp[:1]]))",
)
case("np.polyval(p, x)", {"p": spread(4), "x": spread(3, seed=1)}, "polyval(p, x)")
case("polyval(p, x)", {"p": spread(3), "x": 1.5})
case("polyval([1, -2, 3], x)", {"x": spread(2, 2)}, "x**2 - 2*x + 3")
case("sum(polyval(p, x)**2)", {"p": spread(3), "x": spread(2, seed=1)})
case("polyval(p, x)", {"p": spread(1), "x": spread(2)})
case("np.polyder(p)", {"p": spread(4)}, "polyder(p)")
case("polyder(p, m=2)", {"p": spread(4)}, "polyder(polyder(p))")
case("polyval(polyder(p), x)", {"p": spread(4), "x": spread(3)})
case("polyder(p, 1)", {"p": spread(2)}, "polyder(p)")

# ---- tapers ------------------------------------------------------------------------------------------------------

for name in ("hann_window", "hamming_window", "blackman_window", "bartlett_window", "kaiser_window"):
    case(f"x * torch.{name}(5)", {"x": spread(5)}, f"x * {name}(5, dtype=x.dtype)", atol=1e-16)
    case(f"x * {name}(6, periodic=False)", {"x": spread(6)}, f"x * {name}(6, False, dtype=x.dtype)", atol=1e-16)
    case(f"sum(x * {name}(1))", {"x": spread(2)}, f"sum(x * {name}(1, dtype=x.dtype))", atol=1e-16)
case("x * hamming_window(4, True, 0.5, 0.5)", {"x": spread(4)}, "x * hann_window(4, dtype=x.dtype)", atol=1e-16)
case("x * kaiser_window(4, beta=3.0)", {"x": spread(4)}, "x * kaiser_window(4, True, 3.0, dtype=x.dtype)")
for name, spelled in (
    ("hanning", "hann_window({n}, False, dtype=x.dtype)"), ("hamming", "hamming_window({n}, False, dtype=x.dtype)"),
    ("blackman", "blackman_window({n}, False, dtype=x.dtype)"),
    ("bartlett", "bartlett_window({n}, False, dtype=x.dtype)"),
    ("kaiser", "kaiser_window({n}, False, 2.5, dtype=x.dtype)"),
):  # fmt: skip
    for n in (5, 4, 1):
        text = f"x * np.{name}({n}{', 2.5' if name == 'kaiser' else ''})"
        case(text, {"x": spread(n)}, f"x * {spelled.format(n=n)}", atol=1e-16)
case("np.polyint(p)", {"p": spread(3)}, "cat([p / torch.tensor([3, 2, 1]), p[:1] * 0])")
case("polyint(p, m=2)", {"p": spread(2)}, "cat([p / torch.tensor([6, 2]), p * 0])")
case("polyder(polyint(p))", {"p": spread(3)}, "1 * p")
case("polyval(polyint(p), x)", {"p": spread(3), "x": 2.0}, "p[0] * x**3 / 3 + p[1] * x**2 / 2 + p[2] * x")
