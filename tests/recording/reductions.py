"""Reductions, scans, orders, quantiles, statistics, differences and integrals."""

from math import exp, inf, nan

from tests.recording.case import Group, spread, typed

GROUP = Group(
    "reductions",
    names={
        "ptp": lambda torch: lambda x, **way: torch.amax(x, **way) - torch.amin(x, **way),
        "trapz": "trapezoid",
    },
)
case = GROUP.case

V = {"x": spread(5, seed=1)}
M = {"x": spread(3, 4, seed=2)}
T = {"x": spread(2, 3, 2, seed=3)}
S = {"x": 1.25}
E = {"x": [[], []]}
TIED = {"x": [2.0, 0.5, 2.0, -1.0, 0.5]}
GAPS = {"x": [[1.5, nan, -0.5, 2.0], [nan, nan, 0.25, 3.0], [0.0, 1.0, -2.0, 0.5]]}
HOLES = {"x": [0.5, nan, -1.5, 2.5, nan]}
SINGLE = {"dtype": "float32"}

# ---- truth, counts and places ------------------------------------------------------------------------------------

B = {"x": [[0.0, 1.0, 0.0], [0.0, 2.0, -1.0]]}
for name in ("any", "all"):
    for text, spelled in {
        f"{name}(x)": None, f"{name}(x, axis=0)": f"{name}(x, dim=0)", f"{name}(x, dim=1, keepdim=True)": None,
        f"x.{name}()": None, f"np.{name}(x, axis=-1)": f"{name}(x, dim=-1)", f"{name}(x > 0, 1)": None,
    }.items():  # fmt: skip
        case(text, B, spelled)
    case(f"{name}(x)", {"x": []})
    case(f"where({name}(x > 0, 0), y, -y)", {"x": B["x"], "y": [1.0, 2.0, 3.0]})
case("count_nonzero(x)", B)
case("count_nonzero(x, axis=1)", B, "count_nonzero(x, dim=1)")
case("count_nonzero(x, dim=(0, 1))", B)
case("x * count_nonzero(x)", B)
for name in ("argmax", "argmin"):
    case(f"{name}(x, dim=1, keepdim=True)", M)
    case(f"{name}(x, axis=0)", M, f"{name}(x, dim=0)")
    case(f"np.{name}(x)", M, f"{name}(x)")
    case(f"x.{name}(-1)", M)
    case(f"gather(x, 1, {name}(x, dim=1, keepdim=True))", M)
for text, spelled in {
    "argsort(x)": None, "argsort(x, dim=0)": None, "argsort(x, axis=-1, descending=True)": "argsort(x, -1, True)",
    "np.argsort(x, axis=None)": "argsort(x.flatten())", "x.argsort(descending=True)": None,
    "take_along_dim(x, argsort(x, dim=0), dim=0)": None,
}.items():  # fmt: skip
    case(text, M, spelled)
case("argsort(x, stable=True)", TIED)
case("argsort(x, descending=True, stable=True)", TIED)
EDGES = {"edges": [-1.0, 0.5, 0.5, 2.0], "x": [[0.5, -3.0], [2.0, 0.0], [9.0, 1.0]]}
for text in (
    "searchsorted(edges, x)", "searchsorted(edges, x, right=True)", 'searchsorted(edges, x, side="right")',
    "bucketize(x, edges)", "bucketize(x, edges, right=True)", "x * bucketize(x, edges)",
    "torch.bucketize(x, edges) + x", "searchsorted(edges, x) * x",
):  # fmt: skip
    case(text, EDGES)
case('np.searchsorted(edges, x, "left")', EDGES, "searchsorted(edges, x)")
case("searchsorted(rows, x)", {"rows": [[0.0, 1.0, 1.0], [2.0, 3.0, 4.0]], "x": [[1.0, 0.5], [4.5, 3.0]]})
case("searchsorted(rows, x, right=True)", {"rows": [[0.0, 1.0, 1.0], [2.0, 3.0, 4.0]], "x": [[1.0, 0.5], [4.5, 3.0]]})

# ---- scans -------------------------------------------------------------------------------------------------------

for name in ("cumprod", "cummax", "cummin", "logcumsumexp"):
    tail = ".values" if name.startswith("cumm") else ""
    for text, inputs in (
        ("(x, 0)", V), ("(x, dim=1)", M), ("(x, dim=-2)", T), ("(x, dim=0)", {"x": spread(1)}), ("(x, dim=1)", E),
        ("(x, 0)", {"x": spread(7, low=-1, high=1.5, seed=5)}), ("(x, dim=0)", S),
    ):  # fmt: skip
        case(name + text, inputs, name + text + tail)
    case(f"{name}(x, axis=0)", M, f"{name}(x, dim=0){tail}")
    case(f"x.{name}(dim=0)", V, f"x.{name}(dim=0){tail}")
    case(f"{name}(x, 0)", V, f"{name}(x, 0){tail}", **SINGLE)
    case(f"sum({name}(x, 0) ** 2)", {"x": spread(4, seed=7)}, f"sum({name}(x, 0){tail} ** 2)")
case("cumprod(x, 0)", {"x": [2.0, 0.0, 3.0, -1.0]})
case("sum(cumprod(x, 0) * w)", {"x": [2.0, 0.0, 3.0, 0.0], "w": [1.0, 2.0, 3.0, 4.0]})
case("np.cumprod(x)", {"x": spread(2, 2)}, "cumprod(x.flatten(), 0)")
case("cummax(x, 0)", TIED, "cummax(x, 0).values")
case("cummin(x, 0)", TIED, "cummin(x, 0).values")
case("cummax(x, 0)", HOLES, "cummax(x, 0).values")
case("logcumsumexp(x, 0)", {"x": [-1000.0, 1000.0, 999.0, -5.0]}, jacobian=False)
case("logcumsumexp(x, 0)", {"x": [-inf, 1.0, 2.0]}, ours={
    "reason": "the first element is itself, and has derivative 1 where it is -inf too",
    "gradients": {"x": [0.5, -0.75 + 1 / (1 + exp(1)), exp(1) / (1 + exp(1))]},
    "jacobians": {"x": [[1, 0, 0], [0, 1, 0], [0, 1 / (1 + exp(1)), exp(1) / (1 + exp(1))]]},
})  # fmt: skip
case("nancumsum(x)", HOLES, "cumsum(nan_to_num(x), 0)")
case("nancumsum(x, axis=1)", GAPS, "cumsum(nan_to_num(x), 1)")
case("np.nancumsum(x, 0)", V, "cumsum(x, 0)")
case("nancumprod(x)", HOLES, "cumprod(where(isnan(x), 1.0, x), 0)")
case("nancumprod(x, axis=0)", GAPS, "cumprod(where(isnan(x), 1.0, x), 0)")
case("np.nancumprod(x, 0)", V, "cumprod(x, 0)")

# ---- orders ------------------------------------------------------------------------------------------------------

for text, inputs, spelled in (
    ("sort(x)", V, "sort(x).values"), ("sort(x, dim=0)", M, "sort(x, dim=0).values"),
    ("x.sort()", M, "x.sort().values"),
    ("torch.sort(x, dim=1, descending=True)", M, "sort(x, dim=1, descending=True).values"),
    ("sort(x, axis=-1)", T, "sort(x, dim=-1).values"), ("np.sort(x, axis=None)", M, "sort(x.flatten()).values"),
    ("sort(x)", TIED, "sort(x, stable=True).values"), ("sort(x)", S, "sort(x, 0).values"),
    ("sort(x)", E, "sort(x).values"),
    ("sort(x, descending=True)", TIED, "sort(x, descending=True, stable=True).values"),
    ("sort(x)", HOLES, "sort(x).values"), ("sort(x, descending=True)", HOLES, "sort(x, descending=True).values"),
    ("sum(sort(x) ** 3 * w)", {"x": spread(3), "w": [1.0, 2.0, 3.0]}, "sum(sort(x).values ** 3 * w)"),
    ("msort(x)", V, None), ("msort(x)", M, None), ("msort(x) ** 2", T, None), ("torch.msort(x)", TIED, "msort(x)"),
    ("topk(x, 2)", V, "topk(x, 2).values"), ("topk(x, 2, dim=0)", M, "topk(x, 2, dim=0).values"),
    ("topk(x, 3, largest=False)", M, "topk(x, 3, largest=False).values"),
    ("x.topk(1, -2)", T, "x.topk(1, -2).values"), ("topk(x, k=2, dim=-1)", T, "topk(x, k=2, dim=-1).values"),
    ("sum(topk(x, 2) ** 2)", V, "sum(topk(x, 2).values ** 2)"), ("topk(x, 0)", V, "topk(x, 0).values"),
    ("topk(x, 1, 0)", S, "topk(x, 1, 0).values"), ("kthvalue(x, 2)", V, "kthvalue(x, 2).values"),
    ("kthvalue(x, 3, dim=0)", M, "kthvalue(x, 3, dim=0).values"),
    ("kthvalue(x, 1, keepdim=True)", M, "kthvalue(x, 1, keepdim=True).values"),
    ("x.kthvalue(k=2, dim=1)", T, "x.kthvalue(k=2, dim=1).values"),
    ("kthvalue(x, 1, 0)", S, "kthvalue(x, 1, 0).values"), ("kthvalue(x, 2) ** 2", V, "kthvalue(x, 2).values ** 2"),
):  # fmt: skip
    case(text, inputs, spelled)
case("sort(x)", V, "sort(x).values", **SINGLE)

# ---- medians and quantiles ---------------------------------------------------------------------------------------

W = {"x": spread(4, 5, seed=4)}
for name in ("median", "nanmedian"):
    of = name[:-6]
    case(f"{name}(x)", V)
    case(f"{name}(x)", W, "(kthvalue(x.flatten(), 10).values + kthvalue(x.flatten(), 11).values) / 2")
    case(f"np.{name}(x, axis=1)", W, f"{name}(x, 1).values")
    case(f"{name}(x, axis=0)", W, f"{of}quantile(x, 0.5, dim=0)")
    case(f"{name}(x, dim=0)", W, f"{name}(x, dim=0).values")
    case(f"torch.{name}(x)", W, f"{name}(x)")
    case(f"torch.{name}(x, 0, keepdim=True)", W, f"{name}(x, 0, keepdim=True).values")
    case(f"{name}(x, axis=-1, keepdims=True)", T, f"{of}quantile(x, 0.5, dim=-1, keepdim=True)")
    case(f"{name}(x)", S)
    case(f"{name}(x) ** 2", {"x": spread(3)})
    case(f"{name}(x)", V, **SINGLE)
case("median(x, dim=1)", GAPS, "median(x, dim=1).values", ours={
    "reason": "of a nan that comes out there is no derivative; ours is zero",
    "gradients": {"x": [[0] * 4, [0] * 4, [1, 0, 0, 0]]},
}, jacobian=False)  # fmt: skip
case("nanmedian(x, dim=1)", GAPS, "nanmedian(x, dim=1).values")
case("nanmedian(x)", HOLES)
case("nanmedian(x, axis=0)", GAPS, "nanquantile(x, 0.5, dim=0)")
Q = {"x": spread(3, 5, seed=6)}
for name in ("quantile", "nanquantile"):
    for text, spelled in {
        f"{name}(x, 0.3)": None, f"{name}(x, 0.25, dim=0)": None, f"{name}(x, 0.6, axis=1)": f"{name}(x, 0.6, dim=1)",
        f"{name}(x, 0.1, dim=-1, keepdim=True)": None, f"{name}(x, 0.0, dim=1)": None, f"{name}(x, 1.0, dim=1)": None,
        f'{name}(x, 0.3, dim=1, interpolation="lower")': None, f'{name}(x, 0.3, dim=1, interpolation="higher")': None,
        f'{name}(x, 0.3, dim=1, interpolation="nearest")': None,
        f'np.{name}(x, 0.3, axis=1, method="midpoint")': f'{name}(x, 0.3, dim=1, interpolation="midpoint")',
        f"x.{name}(0.7)": None,
    }.items():  # fmt: skip
        case(text, Q, spelled)
    case(f"{name}(x, q)", {"x": spread(4), "q": 0.4})
    case(f"{name}(x, q, dim=1)", {"x": spread(2, 4), "q": [0.1, 0.55, 0.9]})
    case(f"torch.{name}(x, [0.25, 0.75], dim=0)", Q, f"{name}(x, tensor([0.25, 0.75], dtype=float64), dim=0)")
case("nanquantile(x, 0.4, dim=1)", GAPS)
case("nanquantile(x, 0.4)", HOLES)
case("quantile(x, 0.25)", V, **SINGLE)
case("percentile(x, 30)", Q, "quantile(x, 0.3)")
case("np.percentile(x, 75, axis=0)", Q, "quantile(x, 0.75, dim=0)")
case("percentile(x, q, axis=1)", {"x": spread(2, 4), "q": [10.0, 55.0]}, "quantile(x, q / 100, dim=1)")
case('percentile(x, 10, axis=1, method="lower")', Q, 'quantile(x, 0.1, dim=1, interpolation="lower")')
case("nanpercentile(x, 30)", HOLES, "nanquantile(x, 0.3)")
case("np.nanpercentile(x, 75, axis=0)", GAPS, "nanquantile(x, 0.75, dim=0)")
case("nanpercentile(x, q)", {"x": spread(4), "q": 10.0}, "nanquantile(x, q / 100)")

# ---- what is missing ---------------------------------------------------------------------------------------------

for name, spelled in {
    "nansum": "nansum(x{})", "nanmean": "nanmean(x{})", "nanmax": "amax(nan_to_num(x, nan=-inf){})",
    "nanmin": "amin(nan_to_num(x, nan=inf){})",
}.items():  # fmt: skip
    for axis, dim in (
        ("", ""), (", axis=1", ", dim=1"), (", axis=0, keepdims=True", ", dim=0, keepdim=True"),
        (", dim=-1", ", dim=-1"), (", axis=(0, 1)", ", dim=(0, 1)"),
    ):  # fmt: skip
        case(f"{name}(x{axis})", GAPS, spelled.format(dim))
    case(f"np.{name}(x) * x", {"x": spread(3)}, spelled.format("") + " * x")
case("nanprod(x)", HOLES, "prod(where(isnan(x), 1.0, x))")
case("nanprod(x, axis=1)", GAPS, "prod(where(isnan(x), 1.0, x), 1)")
case("np.nanprod(x, axis=0, keepdims=True)", GAPS, "prod(where(isnan(x), 1.0, x), 0, keepdim=True)")
for name in ("nanvar", "nanstd"):
    of = name[3:]
    case(f"{name}(x)", HOLES, f"{of}(x[~isnan(x)], correction=0)")
    case(f"np.{name}(x, ddof=1)", HOLES, f"{of}(x[~isnan(x)], correction=1)")
    case(f"{name}(x, axis=1)", M, f"{of}(x, dim=1, correction=0)")
    case(f"{name}(x, axis=0, ddof=1, keepdims=True)", M, f"{of}(x, dim=0, correction=1, keepdim=True)")

# ---- statistics --------------------------------------------------------------------------------------------------

for name in ("var_mean", "std_mean"):
    for text in ("(x)", "(x, dim=1)", "(x, dim=0, correction=0)", "(x, dim=1, keepdim=True)", "(x, unbiased=False)"):
        case(f"{name}{text}[0]", M)
        case(f"torch.{name}{text}[1]", M, f"{name}{text}[1]")
for name in ("var", "std"):
    case(f"{name}(x, unbiased=False)", M)
    case(f"{name}(x, dim=0, unbiased=True)", M)
    case(f"x.{name}(unbiased=True, dim=1)", M)
case("aminmax(x)[0]", M, "aminmax(x).min")
case("aminmax(x, dim=1)[1]", M, "aminmax(x, dim=1).max")
case("torch.aminmax(x, dim=0, keepdim=True)[0]", M, "aminmax(x, dim=0, keepdim=True).min")
for text, spelled in {
    "ptp(x)": None, "ptp(x, axis=0)": "ptp(x, dim=0)",
    "np.ptp(x, axis=1, keepdims=True)": "ptp(x, dim=1, keepdim=True)", "x.ptp(dim=0)": "ptp(x, dim=0)",
}.items():  # fmt: skip
    case(text, M, spelled)
A = {"x": spread(2, 3), "w": [0.5, 1.5, 2.0]}
case("average(x)", M, "mean(x)")
case("np.average(x, axis=1, weights=w)", A, "(x * w).sum(1) / w.sum()")
case("average(x, 1, w, keepdims=True)", A, "(x * w).sum(1, keepdim=True) / w.sum()")
case("average(x, weights=w)", {"x": spread(2, 2), "w": [[1.0, 2.0], [0.5, 1.5]]}, "(x * w).sum() / w.sum()")
case("average(x, axis=0)", M, "mean(x, dim=0)")
for text, spelled in {
    "cov(x)": None, "np.cov(x)": "cov(x)", "cov(x, bias=True)": "cov(x, correction=0)",
    "torch.cov(x, correction=0)": None, "cov(x, rowvar=False)": "cov(x.T)", "cov(x, ddof=2)": "cov(x, correction=2)",
    "x.T.cov()": None,
}.items():  # fmt: skip
    case(text, M, spelled, atol=1e-15)
case("cov(x)", V)
case("np.cov(x, y)", {"x": spread(4), "y": spread(4, seed=5)}, "cov(stack([x, y]))")
case("cov(x, fweights=n)", {"x": spread(2, 3), "n": typed("int64", [1, 3, 2])})
case("cov(x, aweights=w)", {"x": spread(2, 3), "w": [0.5, 1.5, 1.0]})
case("cov(x, fweights=n, aweights=w)", {"x": spread(2, 3), "n": typed("int64", [1, 3, 2]), "w": [0.5, 1.5, 1.0]})
case("corrcoef(x)", M, atol=1e-14)
case("np.corrcoef(x, y)", {"x": spread(4), "y": spread(4, seed=5)}, "corrcoef(stack([x, y]))", atol=1e-14)
case("corrcoef(x, rowvar=False)", M, "corrcoef(x.T)", atol=1e-14)
case("torch.corrcoef(x)[0, 1]", {"x": spread(2, 3)}, "corrcoef(x)[0, 1]", atol=1e-14)

# ---- norms -------------------------------------------------------------------------------------------------------

for text, spelled in {
    "torch.norm(x, 1)": None, "torch.norm(x, 2)": None, "torch.norm(x, 2, 1)": None,
    "x.norm(1)": None, "x.norm(2, dim=0, keepdim=True)": None, "tensor_norm(x, 3)": "norm(x, 3)",
    "torch.std(x, 0, False)": None, "torch.var(x, 1, True, keepdim=True)": None,
    "var_mean(x, dim=1).mean": "var_mean(x, dim=1)[1]", "aminmax(x).max": None, "std_mean(x).std": "std_mean(x)[0]",
    "torch.norm(x)": None, "torch.norm(x, p=1)": None, "torch.norm(x, p=3)": None, "torch.norm(x, p=2, dim=1)": None,
    'torch.norm(x, p="fro")': None, 'torch.norm(x, p="nuc")': None, "torch.norm(x, p=inf, dim=0, keepdim=True)": None,
    "np.linalg.norm(x)": "norm(x)", "np.linalg.norm(x, 1)": "linalg.norm(x, 1)",
    "torch.linalg.norm(x, ord=inf)": "linalg.norm(x, inf)", "np.linalg.norm(x, -1)": "linalg.norm(x, -1)",
    "np.linalg.norm(x, 2)": "linalg.norm(x, 2)", "np.linalg.norm(x, 3, axis=1)": "linalg.norm(x, 3, dim=1)",
    "norm(x, ord=-inf, axis=0)": "linalg.norm(x, -inf, dim=0)", "norm(x, 0.5, axis=1)": "linalg.norm(x, 0.5, dim=1)",
    "norm(x, 0, axis=1)": "linalg.norm(x, 0, dim=1)", "x.norm(p=1)": None, "x.norm(dim=1, p=4)": None,
    "np.linalg.norm(x, 1, axis=(0, 1))": "linalg.norm(x, 1, dim=(0, 1))",
}.items():  # fmt: skip
    case(text, {"x": spread(2, 3, seed=8)}, spelled)
case("norm(x, 3)", V)
case("norm(x, -1)", V)
case("norm(x, 3)", {"x": [0.0, 0.0]})
case("norm(x, 1.5)", {"x": [0.0, 2.0, -1.0]}, hessian=False)

# ---- differences, integrals, derivatives -------------------------------------------------------------------------

for text in (
    "diff(x)", "diff(x, n=2)", "diff(x, dim=0)", "diff(x, 1, 0)", "diff(x, prepend=x[:, :1])",
    "diff(x, dim=0, append=2 * x[:1])", "diff(x, n=2, dim=1, prepend=x, append=x)", "x.diff(dim=-1)",
    "torch.diff(x, n=3)", "diff(x, n=0)",
):  # fmt: skip
    case(text, M)
case("np.diff(x, axis=0)", M, "diff(x, dim=0)")
case("sum(diff(x) ** 2)", {"x": spread(4)})
case("diff(x)", V, **SINGLE)
for name in ("trapezoid", "cumulative_trapezoid"):
    for text in (
        f"{name}(y)",
        f"{name}(y, dx=0.5)",
        f"{name}(y, dim=0)",
        f"{name}(y, x)",
        f"torch.{name}(y, x, dim=-1)",
    ):
        case(text, {"y": spread(3, 4), "x": [0.0, 0.5, 2.0, 2.5]})
    case(f"{name}(y, x)", {"y": spread(2, 3), "x": [[0.0, 1.0, 1.5], [2.0, 2.25, 3.0]]})
    case(f"{name}(y, x)", {"y": spread(4), "x": [0.0, 0.5, 2.0, 2.5]}, **SINGLE)
    case(f"sum({name}(y ** 2))", {"y": spread(4)})
case("np.trapz(y, x, axis=0)", {"y": spread(3, 2), "x": [0.0, 0.5, 2.0]}, "trapezoid(y, x[:, None], dim=0)")
case("np.trapezoid(y, dx=h)", {"y": spread(3), "h": 0.25}, "trapezoid(y, dim=0) * h")
case("trapz(y, x)", {"y": spread(3), "x": [0.0, 0.5, 2.0]}, "trapezoid(y, x)")
for text, spelled in {
    "torch.gradient(x)[0]": None, "torch.gradient(x)[1]": None, "torch.gradient(x, dim=1)[0]": None,
    "torch.gradient(x, spacing=0.5, dim=0)[0]": None, "torch.gradient(x, dim=1, edge_order=2)[0]": None,
    "np.gradient(x, axis=0)": "gradient(x, dim=0)[0]", "np.gradient(x, 2.0)[1]": "gradient(x, spacing=2.0)[1]",
    "np.gradient(x, 2.0, 0.5)[1]": "gradient(x, spacing=(2.0, 0.5))[1]",
    "np.gradient(x, axis=(1, 0))[0]": "gradient(x, dim=(1, 0))[0]",
}.items():  # fmt: skip
    case(text, {"x": spread(3, 4, seed=9)}, spelled)
G = {"x": spread(4), "t": [0.0, 0.5, 2.0, 2.25]}
case("np.gradient(x, t)", G, "gradient(x, spacing=(t,))[0]")
case("torch.gradient(x, spacing=t)[0]", G, "gradient(x, spacing=(t,))[0]")
case("gradient(x)", V, "gradient(x)[0]")
case("gradient(x, 0.5, edge_order=2)", V, "gradient(x, spacing=0.5, edge_order=2)[0]")
case("gradient(x) ** 2", V, "gradient(x)[0] ** 2")
