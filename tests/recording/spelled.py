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
