"""Complex numbers: PyTorch's gradient by them is ∂L/∂a + i ∂L/∂b."""

from tests.recording.case import Group, diagonal, spread, typed

GROUP = Group(
    "complex",
    names={
        "arctan2": "atan2",
        "arg": "angle",
        "complex": lambda torch: lambda a, b: torch.complex(*torch.broadcast_tensors(a, b)),
        "conjugate": "conj",
        "det": "linalg.det",
        "inv": "linalg.inv",
        "norm": "linalg.vector_norm",
        "power": "pow",
        "sech": lambda torch: lambda x: 1 / torch.cosh(x),
        "sign": "sgn",
        "solve": "linalg.solve",
    },
)
case = GROUP.case


def scattered(*shape: int, seed: int = 0, low: float = -1.5, high: float = 1.5) -> dict:
    """A complex tensor as an input."""
    real, imag = (spread(*shape, low=low, high=high, seed=seed + k) for k in (0, 7))
    return typed("complex128", _paired(real, imag))


def _paired(real, imag):
    if isinstance(real, list):
        return [_paired(a, b) for a, b in zip(real, imag, strict=True)]
    return complex(real, imag)


HOLOMORPHIC = (
    *("exp", "log", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "arcsinh"),
    *("arccosh", "arctanh", "square", "reciprocal", "negative", "sigmoid", "sech", "log2", "log10", "log1p", "expm1"),
    *("exp2", "positive"),
)
for seed, name in enumerate(HOLOMORPHIC):
    case(f"{name}(z)", {"z": scattered(seed=seed)})
    case(f"{name}(z)", {"z": scattered(2, 3, seed=seed + 1)})
    case(f"sum(abs({name}(z))**2)", {"z": scattered(3, seed=seed + 2)})
for seed, name in enumerate(("real", "imag", "conj", "conjugate", "abs", "angle", "sign")):
    case(f"{name}(z)", {"z": scattered(seed=seed)})
    case(f"{name}(z)", {"z": scattered(3, seed=seed + 1)})
    case(f"{name}(z)", {"z": scattered(2, 1, 2, seed=seed + 2)})
    case(f"sum(real({name}(z) * w))", {"z": scattered(3, seed=seed + 3), "w": scattered(3, seed=seed + 9)})
Z, W = scattered(3), scattered(3, seed=3)
for text in (
    "z + w", "z - w", "z * w", "z / w", "z ** w", "z * x", "x / z", "z + x", "z ** 2", "z ** x", "x ** z", "2j * z",
    "z * (1 + 2j)", "(0.5 - 1j) ** z", "abs(z) * z", "z @ w", "conj(z) @ w", "exp(2j * x)", "z.real * x + z.imag",
    "abs(z - w) ** 2", "sum(abs(z * x) ** 2)", "real(z * conj(z))", "mean(z)", "prod(z)", "cumsum(z, 0)",
    "where(x > 1, z, w)", "z[0] * w[1:]", "stack([z, w])", "z == z", "imag(z * w) + x",
):  # fmt: skip
    case(text, {"z": Z, "w": W, "x": [0.5, 1.5, 2.5]}, text.replace("mean(z)", "sum(z) / 3"))
case("where(abs(z) > 1, z, x)", {"z": Z, "x": [0.5, 1.5, 2.5]}, "where(abs(z) > 1, z, x + 0j)")
case("abs(z)", {"z": typed("complex128", [0j, 3 + 4j])})
case("z * w", {"z": scattered(2, 1), "w": scattered(3, seed=4)})
case("x * z", {"x": 2.0, "z": scattered(2)})
case("x * z", {"x": typed("float32", [1.5, 2.5]), "z": scattered(2)})
case("complex(x, y)", {"x": [1.0, 2.0], "y": [0.5, -1.0]})
case("complex(x, y) ** 2", {"x": [[1.0], [2.0]], "y": [0.5, -1.0]})
case("real(complex(x, y) ** 3)", {"x": 1.5, "y": -0.5})
case("polar(r, t)", {"r": [1.0, 2.0], "t": [0.5, -1.0]})
case("polar(r, t)", {"r": 1.5, "t": 2.0})
case("real(polar(r, t) ** 2)", {"r": [1.5, 0.5], "t": [2.0, 1.0]})
case("a @ b", {"a": scattered(2, 3), "b": scattered(3, 2, seed=2)})
case("a @ b", {"a": scattered(2, 3), "b": spread(3)}, "a @ b.to(a.dtype)")
case('einsum("ij,jk->ki", a, b)', {"a": scattered(2, 3), "b": scattered(3, 2, seed=2)})
case("a.mT", {"a": scattered(2, 3)})
case("a.H @ a", {"a": scattered(2, 3)})
EYE = typed("complex128", [[2 + 1j, 0.5], [-0.25j, 1.5 - 0.5j]])
case("det(a)", {"a": EYE})
case("inv(a)", {"a": EYE})
case("solve(a, b)", {"a": EYE, "b": scattered(2)})
case("solve(a, b)", {"a": EYE, "b": scattered(2, 2)})
case("abs(det(a)) ** 2", {"a": EYE})
case("norm(z)", {"z": Z})
case("norm(a)", {"a": scattered(2, 2)})
case("sum(abs(a @ z) ** 2)", {"a": scattered(2, 3), "z": Z})
case("real(conj(z) @ (a @ z))", {"a": scattered(3, 3), "z": Z})
case("abs(sum(exp(1j * k * x)))", {"k": [1.0, 2.0, 3.0], "x": 0.7})
case("R + 1j*w*L + 1/(1j*w*C)", {"R": 50.0, "w": 3.0, "L": 0.2, "C": 0.01})
case("abs(1 / (1 + 1j*w*tau))", {"w": [0.5, 1.0, 2.0], "tau": 0.8})
case("imag(log(z))", {"z": Z})
case("arg(z)", {"z": Z})
for shape in ((), (3,), (2, 2)):
    case("view_as_real(z)", {"z": scattered(*shape)})
    case("view_as_real(z) * x", {"z": scattered(*shape), "x": [2.0, -0.5]})
    case("view_as_complex(x)", {"x": spread(*shape, 2)})
    case("abs(view_as_complex(x)) ** 2", {"x": spread(*shape, 2)})
    case("abs(view_as_complex(x) * z)", {"x": spread(2), "z": scattered(*shape)})
case("x * diagonalised", {"x": 2.0, "diagonalised": typed("complex128", diagonal([1j, 2.0, -1j]))})
