"""Reductions, statistics, softmax and its like, losses, shapes and indexing."""

from tests.recording.case import Group, spread, typed

GROUP = Group(
    "arrays",
    names={
        "expand_dims": "unsqueeze",
        "mse_loss": "nn.functional.mse_loss",
        "norm": "linalg.vector_norm",
    },
)
case = GROUP.case

# ---- reductions --------------------------------------------------------------------------------------------------

M, T = {"x": spread(3, 4, seed=1)}, {"x": spread(2, 3, 2, seed=2)}
AXES = ("", ", axis=0", ", dim=1", ", axis=-1, keepdims=True", ", 0, True", ", dim=0, keepdim=True")
for name in ("sum", "mean", "prod"):
    for axis in AXES:
        case(f"{name}(x{axis})", M)
    case(f"{name}(x)", {"x": []})
    case(f"{name}(x)", {"x": 1.5})
    case(f"{name}(x, axis=1)", T)
    case(f"{name}(x)", {"x": spread(4)}, dtype="float32")
    case(f"{name}(x ** 2)", {"x": spread(2, 2)})
    case(f"x.{name}(1)", M)
for name in ("sum", "mean"):
    case(f"{name}(x, axis=(0, 2))", T)
    case(f"{name}(x, dim=(-1, 0), keepdim=True)", T)
case("prod(x, axis=(0, 2))", T, "prod(prod(x, 2), 0)")
case("mean(x, axis=0)", {"x": [[], []]})
for name in ("max", "min"):
    reduced = f"a{name}"
    case(f"{name}(x)", M)
    case(f"{reduced}(x)", M)
    case(f"{name}(x)", {"x": spread(3)}, dtype="float32")
    case(f"{name}(x, axis=0)", M, f"{reduced}(x, dim=0)")
    case(f"{name}(x, axis=-1, keepdims=True)", M, f"{reduced}(x, dim=-1, keepdim=True)")
    case(f"{name}(x, dim=1)", M, f"{name}(x, dim=1).values")
    case(f"{reduced}(x, dim=(0, 2))", T)
    case(f"{reduced}(x, 1, True)", T)
    case(f"x.{name}() * x", {"x": spread(3)})
    case(f"{name}(x ** 2)", {"x": spread(3)})
    case(f"{name}(x, axis=0)", {"x": [[]]}, f"{reduced}(x, dim=0)")
case("cumsum(x, 0)", {"x": spread(4)})
case("cumsum(x, axis=1)", M)
case("cumsum(x, dim=-2)", T)
case("cumsum(x)", M, "cumsum(x.flatten(), 0)")
case("cumsum(x, 0)", {"x": []})
case("cumsum(x, 0)", {"x": spread(4)}, dtype="float32")
case("sum(cumsum(x, 0) ** 2)", {"x": spread(4)})
case("x.cumsum(dim=0)", T)

# ---- statistics --------------------------------------------------------------------------------------------------

for name in ("var", "std"):
    case(f"{name}(x)", M, f"{name}(x, correction=0)")
    case(f"np.{name}(x)", {"x": spread(4)}, f"{name}(x, correction=0)")
    case(f"torch.{name}(x)", {"x": spread(4)}, f"{name}(x)")
    case(f"torch.{name}(x, dim=0)", M, f"{name}(x, dim=0)")
    case(f"x.{name}(dim=1)", M)
    case(f"{name}(x, axis=0)", M, f"{name}(x, dim=0, correction=0)")
    case(f"{name}(x, axis=0, ddof=1)", M, f"{name}(x, dim=0, correction=1)")
    case(f"{name}(x, dim=1, correction=0)", M)
    case(f"{name}(x, dim=1, correction=1)", M)
    case(f"{name}(x, dim=1, correction=2, keepdim=True)", M)
    case(f"{name}(x, axis=-1, ddof=1, keepdims=True)", M, f"{name}(x, dim=-1, correction=1, keepdim=True)")
    case(f"{name}(x, axis=(0, 2), ddof=1)", T, f"{name}(x, dim=(0, 2), correction=1)")
    case(f"{name}(x, ddof=1)", {"x": spread(4)}, f"{name}(x, correction=1)")
    case(f"{name}(x, ddof=1)", {"x": spread(4)}, f"{name}(x, correction=1)", dtype="float32")
for text, spelled in {
    "norm(x)": "norm(x)", "norm(x, 2)": "norm(x, 2)", "norm(x, 1)": "norm(x, 1)", "norm(x, inf)": "norm(x, inf)",
    "norm(x, ord=2)": "norm(x, 2)", "norm(x, p=1)": "norm(x, 1)", "norm(x, axis=0)": "norm(x, dim=0)",
    "norm(x, dim=1)": "norm(x, dim=1)", "norm(x, ord=1, axis=0)": "norm(x, 1, dim=0)",
    "norm(x, ord=inf, dim=-1)": "norm(x, inf, dim=-1)",
    "norm(x, axis=1, keepdims=True)": "norm(x, dim=1, keepdim=True)",
    "norm(x, p=2, dim=0, keepdim=True)": "norm(x, dim=0, keepdim=True)", 'norm(x, ord="fro")': "norm(x)",
    "norm(x, ord=None)": "norm(x)", "norm(x, axis=(0, 1))": "norm(x, dim=(0, 1))", "x.norm()": "norm(x)",
}.items():  # fmt: skip
    whole = "axis" not in text and "dim" not in text and any(order in text for order in ("1)", "2)", "inf)"))
    case(text, {"x": spread(6)} if whole else M, spelled)
case("norm(x)", {"x": spread(3)})
case("norm(x)", {"x": spread(3)}, dtype="float32")
case("norm(x, 1)", {"x": spread(3)})
case("norm(x)", T)
case("norm(x)", {"x": 1.5})
case("norm(x)", {"x": []})
case("norm(x - y) ** 2", {"x": spread(3), "y": spread(3, seed=4)})

# ---- softmax and its like ----------------------------------------------------------------------------------------

for name in ("softmax", "log_softmax"):
    case(f"{name}(x)", {"x": spread(4)}, f"{name}(x, -1)", atol=1e-16)
    case(f"{name}(x, dim=0)", M)
    case(f"{name}(x, axis=1)", M)
    case(f"{name}(x, -1)", T)
    case(f"{name}(x, dim=0)", {"x": spread(4)}, dtype="float32")
    case(f"{name}(x, dim=0)", {"x": []})
    case(f"sum({name}(x, dim=0) * w)", {"x": spread(3), "w": [0.5, -1.5, 2.0]}, atol=1e-16)
    case(f"sum({name}(x, dim=0))", {"x": spread(3)}, atol=1e-15)
    case(f"x.{name}(dim=1)", M)
case("logsumexp(x)", {"x": spread(4)}, "logsumexp(x, 0)")
case("logsumexp(x)", {"x": spread(2, 3)}, "logsumexp(x, (0, 1))")
case("logsumexp(x, axis=0)", M)
case("logsumexp(x, dim=1, keepdim=True)", M)
case("logsumexp(x, axis=-1, keepdims=True)", T)
case("logsumexp(x, (0, 2))", T)
case("logsumexp(x, 0)", {"x": spread(4)}, dtype="float32")
case("x.logsumexp(dim=0)", M)

# ---- losses ------------------------------------------------------------------------------------------------------

IT = {"input": spread(2, 3), "target": spread(2, 3, seed=3)}
case("mse_loss(input, target)", {"input": spread(3), "target": spread(3, seed=3)})
case("mse_loss(input, target)", IT)
case('mse_loss(input, target, reduction="sum")', IT)
case('mse_loss(input, target, reduction="none")', IT)
case('mse_loss(input, target, reduction="mean")', IT, dtype="float32")
case("mse_loss(a, b)", {"a": 1.5, "b": 0.25})

# ---- shapes ------------------------------------------------------------------------------------------------------

S = {"x": spread(2, 6, seed=3)}
case("reshape(x, (3, 4))", S)
case("reshape(x, -1)", S, "reshape(x, (-1,))")
case("reshape(x, 4, 3)", S, "reshape(x, (4, 3))")
case("x.reshape(3, -1)", S)
case("reshape(x, newshape=(2, 3, 2))", S, "reshape(x, (2, 3, 2))")
case("x.view(4, 3)", S)
case("view(x, (2, 2, 3))", S, "x.view(2, 2, 3)")
case("reshape(x, (0, 2))", {"x": []})
case("reshape(x, (1, 1))", {"x": 1.5})
case("sum(reshape(x, (2, 2)) @ v)", {"x": spread(4), "v": [1.0, 2.0]})
case("transpose(x)", S, "x.T")
case("x.T", S)
case("x.T @ x", {"x": spread(2, 3)})
case("transpose(x, (1, 2, 0))", T, "permute(x, (1, 2, 0))")
case("transpose(x, axes=(0, 2, 1))", T, "permute(x, (0, 2, 1))")
case("transpose(x)", T, "permute(x, (2, 1, 0))")
case("x.mT", T)
case("permute(x, (2, 0, 1))", T)
case("x.permute(2, 0, 1)", T)
case("permute(x, dims=(0, 2, 1))", T)
case("permute(x, -1, 0, 1)", T, "permute(x, (-1, 0, 1))")
case("torch.transpose(x, 0, 2)", T, "transpose(x, 0, 2)")
case("transpose(x, dim0=0, dim1=1)", S)
case("swapaxes(x, 0, 1)", S)
case("swapaxes(x, -1, 0)", T)
case("swapaxes(x, axis1=1, axis2=2)", T, "swapaxes(x, 1, 2)")
case("swapaxes(x, dim0=1, dim1=2)", T, "swapaxes(x, 1, 2)")
case("ravel(x)", T)
case("flatten(x)", T)
case("x.flatten()", S)
case("ravel(x)", {"x": 1.5})
case("ravel(x)", {"x": [[], []]})
case("expand_dims(x, 0)", S)
case("expand_dims(x, axis=-1)", S, "unsqueeze(x, -1)")
case("unsqueeze(x, 1)", S)
case("unsqueeze(x, dim=-2)", S)
case("unsqueeze(x, 0)", {"x": 1.5})
case("x.unsqueeze(0)", {"x": []})
N = {"x": spread(1, 3, 1)}
case("squeeze(x)", N)
case("squeeze(x, 0)", N)
case("squeeze(x, axis=-1)", N)
case("squeeze(x, dim=(0, 2))", N)
case("x.squeeze()", {"x": [1.5]})
case("broadcast_to(x, (3, 2))", {"x": [1.0, 2.0]})
case("broadcast_to(x, (2, 3, 2))", {"x": spread(3, 1)})
case("broadcast_to(x, (2, 2))", {"x": 1.5})
case("broadcast_to(x, shape=(0, 2))", {"x": [1.0, 2.0]}, "broadcast_to(x, (0, 2))")
case("x.expand(3, 2)", {"x": [1.0, 2.0]})
case("expand(x, (3, 2))", {"x": [[1.0], [2.0], [3.0]]}, "x.expand(3, 2)")
case("x.expand(-1, 4)", {"x": [[1.0], [2.0], [3.0]]})
case("sum(broadcast_to(x, (3, 2)) ** 2)", {"x": [1.0, 2.0]})
V = {"x": spread(2, 3), "y": spread(1, 3, seed=2)}
case("concatenate([x, y])", V)
case("concatenate((x, y), axis=0)", V)
case("concat([x, y], dim=0)", V)
case("cat([x, y, x], 0)", V)
case("cat((x, 2 * x), dim=1)", V)
case("cat([x, x ** 2], dim=-1)", T)
case("cat([x, y])", {"x": [], "y": [1.0, 2.0]})
case("sum(cat([x, y]) ** 3)", {"x": [1.5], "y": [1.0, 2.0]})
case("cat([x, y])", {"x": [1.0], "y": [2.0, 3.0]}, dtype="float32")
case("cat([x, y])", {"x": [1.0], "y": typed("float32", [2.0, 3.0])})
W = {"x": spread(3), "y": spread(3, seed=2)}
case("stack([x, y])", W)
case("stack([x, y], axis=1)", W, "stack([x, y], dim=1)")
case("stack((x, y, x * y), dim=-1)", W)
case("stack([x, x])", T)
case("stack([x, x], 1)", {"x": []})
case("sum(stack([x, y]) ** 3)", {"x": [1.5], "y": [2.0]})
case("stack([x, y])", {"x": 1.5, "y": 2.5})
case("flip(x, 0)", S, "flip(x, (0,))")
case("flip(x, axis=1)", S, "flip(x, (1,))")
case("flip(x)", T, "flip(x, (0, 1, 2))")
case("flip(x, dims=(0, 1))", S)
case("flip(x, (-1,))", {"x": []})
case("x * flip(x, 0)", {"x": spread(4)}, "x * flip(x, (0,))")
case("sum(x * flip(x, 0) * x)", {"x": spread(3)}, "sum(x * flip(x, (0,)) * x)")

# ---- indexing ----------------------------------------------------------------------------------------------------

R = {"x": spread(3, 4, seed=5)}
for text in (
    "x[0]", "x[-1]", "x[1, 2]", "x[1][2]", "x[:, 1]", "x[1:]", "x[:-1]", "x[::2]", "x[1:, ::2]", "x[..., 0]",
    "x[..., None]", "x[None]", "x[:, None, 1:3]", "x[[0, 2]]", "x[[0, 0, 2]]", "x[:, [1, 1, 3]]", "x[[-1, 0]]",
    "x[1:1]", "x[-2:, -3:-1]", "x[0, ...]", "x[[2, 0]][:, [1, 3]]", "x[0] * x[1]", "x[0, 1] ** 2 + x[2, 3] * x[0, 1]",
    "sum(x[1:] - x[:-1])", "x[5:]", "x[:100]", "x[0:3:2, 3]", "x.T[1]", "x[1:, None]",
):  # fmt: skip
    case(text, R)
case("x[::-1]", R, "flip(x, (0,))")
case("x[::-1, ::-2]", R, "flip(x, (0, 1))[:, ::2]")
case("x[2:0:-1]", R, "x[[2, 1]]")
case("x[0]", T)
case("x[:, 1, :]", T)
case("x[1, ..., 0]", T)
case("x[..., -1:]", T)
case("x[0, 1, 1]", T)
case("x[:, [0, 2]]", T)
case("x[i]", {"x": spread(4), "i": typed("int64", [3, 0, 3])})
case("x[i]", {"x": spread(3, 4), "i": typed("int64", 2)})
case("x[m]", {"x": spread(4), "m": typed("bool", [True, False, True, True])})
case("x[m]", {"x": spread(3, 2), "m": typed("bool", [True, False, True])})
case("x[x > 0]", {"x": spread(4)})
case("sum(x[x > 0] ** 2)", {"x": spread(4)})
case("x[i] ** 2", {"x": spread(3), "i": typed("int64", [0, 0, 1])}, dtype="float32")
case("sum(x[i] ** 3)", {"x": spread(3), "i": typed("int64", [0, 0, 1])})
case("x[0:0]", {"x": []})
case("x[2] - 2 * x[1] + x[0]", {"x": spread(3)})
