"""Functions that PyTorch means by a name that is another one here."""

from tests.recording.case import Group, spread, typed

GROUP = Group(
    "spelled",
    names={
        "add_scaled": "add",
        "array_equal": lambda torch: lambda a, b: torch.tensor(torch.equal(a, b)),
        "diagonal_of_matrices": "linalg.diagonal",
        "increasing_vander": "linalg.vander",
        "keep_where": lambda torch: lambda x, c, y: x.where(c, y),
        "polygamma_of": lambda torch: lambda x, n: x.polygamma(int(n)),
        "trace_of_matrices": lambda torch: lambda x, offset=0: torch.linalg.diagonal(x, offset=offset).sum(-1),
    },
)
case = GROUP.case

C = typed("bool", [True, False, True])
case("keep_where(x, c, y)", {"x": spread(3), "c": C, "y": spread(3, seed=1)})
case("x.where(c, y)", {"x": spread(2, 3), "c": C, "y": spread(3, seed=1)})
case("x.where(x > 0, -x)", {"x": spread(5)})
case("sum(keep_where(x, x > y, y) ** 2)", {"x": spread(4), "y": spread(4, seed=2)})
for n in (2, 3, 4):
    case(f"polygamma_of(x, {n})", {"x": spread(3, low=1, high=3)})
case("x.polygamma(2)", {"x": spread(2, 2, low=1, high=3)}, "polygamma(2, x)")
case("array_equal(a, b)", {"a": spread(3), "b": spread(3)})
case("array_equal(a, b)", {"a": spread(3), "b": spread(3, seed=1)})
case("torch.equal(a, b)", {"a": spread(3), "b": spread(2)}, "array_equal(a, b)")
case("a.equal(a)", {"a": spread(2, 2)}, "array_equal(a, a)")
case("increasing_vander(x)", {"x": spread(3)})
case("increasing_vander(x, N=2)", {"x": spread(3)})
case("torch.linalg.vander(x, N=4)", {"x": spread(2)})
case("diagonal_of_matrices(x)", {"x": spread(2, 3, 3)})
case("torch.linalg.diagonal(x, offset=1)", {"x": spread(2, 2, 3)})
case("diagonal_of_matrices(x, offset=-1)", {"x": spread(3, 3)})
case("trace_of_matrices(x)", {"x": spread(2, 3, 3)})
case("trace_of_matrices(x, offset=1)", {"x": spread(2, 2, 3)})
case("np.linalg.trace(x)", {"x": spread(3, 3)}, "trace_of_matrices(x)")
case("add_scaled(a, b, alpha=2)", {"a": spread(3), "b": spread(3, seed=1)})
case("torch.add(a, b, alpha=-0.5)", {"a": spread(2, 1), "b": spread(3, seed=1)})
case("a.add(b, alpha=3)", {"a": spread(2), "b": spread(2, seed=1)})
case("sum(add_scaled(a, b) ** 2)", {"a": spread(2), "b": spread(2, seed=1)})

# ---- SymPy's and Python's names -----------------------------------------------------------------------------------

case("Abs(x)", {"x": spread(3)}, "abs(x)")
case("Mod(a, b)", {"a": spread(3), "b": spread(3, low=0.5, high=2)}, "remainder(a, b)")
case("Rational(a, b)", {"a": spread(3), "b": spread(3, low=0.5, high=2)}, "a / b")
case("ceiling(x) * x", {"x": spread(3)}, "ceil(x) * x")
case("Max(x)", {"x": spread(4)}, "x.max()")
case("Max(x, y)", {"x": spread(4), "y": spread(4, seed=1)}, "torch.maximum(x, y)")
case("Min(x)", {"x": spread(4)}, "x.min()")
case("Min(x, y)", {"x": spread(4), "y": spread(4, seed=1)}, "torch.minimum(x, y)")
case("re(x) + im(x)", {"x": spread(3)}, "x + 0")
case("fsum(x)", {"x": spread(4)}, "x.sum()")
case("sumprod(a, b)", {"a": spread(4), "b": spread(4, seed=1)}, "a @ b")
case("log(x, 2)", {"x": spread(3, low=0.2, high=5)}, "log2(x)")
case("log(x, 10)", {"x": spread(3, low=0.2, high=5)}, "log10(x)")
case("log(x, b)", {"x": spread(3, low=0.2, high=5), "b": 2.5}, "log(x) / log(b)")
case("log_base(x, b)", {"x": spread(3, low=0.2, high=5), "b": spread(3, low=1.5, high=4)}, "log(x) / log(b)")
case("log_base(x, b)", {"x": 3.5, "b": 1.75}, "log(x) / log(b)")
case(
    "sum(log_base(x, b))", {"x": spread(2, 1, low=0.2, high=5), "b": spread(3, low=1.5, high=4)}, "sum(log(x) / log(b))"
)

# ---- element types ------------------------------------------------------------------------------------------------

case("astype(x, 'float32') * x", {"x": spread(3)}, "x.to(torch.float32) * x", atol=1e-7)
case("x.double() * x.float()", {"x": spread(3)}, "x.double() * x.float()", atol=1e-7)
case("x.to(torch.float64) * x", {"x": spread(3)})
case("x.long() * x", {"x": spread(4)})
case("(x > 0).float() * x", {"x": spread(4)})
case("x.type(torch.float64).sum()", {"x": spread(2, 2)})
