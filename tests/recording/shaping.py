"""Shapes, places and tensors made from nothing."""

from tests.recording.case import Group, spread, typed


def _double(name):
    """A function of PyTorch's that makes tensors, in double precision."""
    return lambda torch: lambda *given, **named: getattr(torch, name)(*given, **{"dtype": torch.float64, **named})


def _vander(torch):
    """PyTorch's own multiplies in place, and has no derivative."""

    def vander(x, N=None, increasing=False):
        powers = torch.arange(len(x) if N is None else N)
        return x[:, None] ** (powers if increasing else powers.flip(0))

    return vander


GROUP = Group(
    "shaping",
    names={
        "F": "nn.functional",
        "expand_dims": "unsqueeze",
        "identity": _double("eye"),
        "pad": "nn.functional.pad",
        "vander": _vander,
        **{name: _double(name) for name in ("arange", "empty", "eye", "full", "linspace", "logspace", "ones", "zeros")},
    },
)
case = GROUP.case

V = {"x": spread(5, seed=1)}
M = {"x": spread(3, 4, seed=2)}
T = {"x": spread(2, 3, 2, seed=3)}
S = {"x": 1.25}
E = {"x": [[], []]}
SINGLE = {"dtype": "float32"}

# ---- axes --------------------------------------------------------------------------------------------------------

for text, inputs, spelled in (
    ("swapdims(x, 0, 1)", M, None), ("torch.swapdims(x, dim0=0, dim1=2)", T, None), ("x.swapdims(-1, 0)", T, None),
    ("matrix_transpose(x)", M, "x.mT"), ("np.matrix_transpose(x)", T, "x.mT"),
    ("x @ matrix_transpose(x)", M, "x @ x.mT"), ("t(x)", M, None),
    ("torch.t(x) * 2", {"x": spread(2, 3)}, "t(x) * 2"), ("x.t() @ x", {"x": spread(2, 2)}, None),
    ("torch.t(x)", V, None), ("t(x)", S, None), ("moveaxis(x, 0, -1)", T, None),
    ("np.moveaxis(x, 0, 1)", M, "moveaxis(x, 0, 1)"), ("movedim(x, (0, 1), (2, 0))", T, None),
    ("x.movedim(source=1, destination=0)", T, None), ("torch.moveaxis(x, (2, 0), (0, 1)) ** 2", T, None),
    ("expand_as(x, y)", {"x": [[1.0], [2.0]], "y": spread(2, 3)}, "x.expand_as(y)"),
    ("x.expand_as(y) * y", {"x": [1.0, 2.0], "y": spread(3, 2)}, None), ("expand_as(x, x)", V, "x.expand_as(x)"),
    ("x.expand(2, -1)", V, None), ("expand(x, (2, 5))", V, "x.expand(2, 5)"), ("x.expand(3)", S, None),
    ("reshape_as(x, y)", {"x": spread(6), "y": spread(2, 3)}, "x.reshape_as(y)"),
    ("x.view_as(y) + y", {"x": spread(4), "y": spread(2, 2)}, None),
    ("view_as(x, y)", {"x": spread(2, 2), "y": spread(4)}, "x.view_as(y)"),
    ("x.reshape_as(y)", {"x": 2.0, "y": [[1.0]]}, None),
    ("broadcast_tensors(x, y)[0]", {"x": [[1.0], [2.0]], "y": [1.0, 2.0, 3.0]}, None),
    ("broadcast_tensors(x, y)[1] ** 2", {"x": [[1.0], [2.0]], "y": [1.0, 2.0, 3.0]}, None),
    ("np.broadcast_arrays(x, y)[1]", {"x": spread(2, 1), "y": 3.0}, "broadcast_tensors(x, y)[1]"),
    ("flatten(x, 1)", T, None), ("x.flatten(start_dim=0, end_dim=1)", T, None), ("torch.flatten(x)", T, None),
    ("flatten(x, -2)", T, None), ("flatten(x)", S, None), ("flatten(x)", E, None),
    ("unflatten(x, 0, (2, 3))", {"x": spread(6)}, None), ("unflatten(x, 1, (2, -1))", M, None),
    ("x.unflatten(dim=-1, sizes=(2, 2)) ** 2", M, None), ("expand_dims(x, (0, 2))", V, "x[None, :, None]"),
    ("squeeze(x, dim=0)", M, None), ("torch.squeeze(x, 1)", {"x": spread(2, 1, 3)}, "squeeze(x, 1)"),
    ("x.squeeze(dim=(0, 1))", {"x": spread(1, 2, 1)}, None),
    ("np.squeeze(x, axis=(0, 2))", {"x": spread(1, 2, 1)}, "squeeze(x, (0, 2))"), ("atleast_1d(x)", S, None),
    ("atleast_1d(x)", M, None), ("np.atleast_1d(x) * 2", S, "atleast_1d(x) * 2"), ("atleast_2d(x)", S, None),
    ("atleast_2d(x)", V, None), ("torch.atleast_2d(x)", T, "atleast_2d(x)"), ("atleast_3d(x)", V, None),
    ("atleast_3d(x)", M, None), ("atleast_3d(x) ** 2", T, None),
):  # fmt: skip
    case(text, inputs, spelled)

# ---- joined ------------------------------------------------------------------------------------------------------

for name in ("hstack", "vstack", "dstack", "column_stack"):
    case(f"{name}([x, y])", {"x": spread(3), "y": spread(3, seed=2)})
    case(f"{name}((x, y, x))", {"x": spread(2, 3), "y": spread(2, 3, seed=2)})
    case(f"np.{name}([x, y]) ** 2", {"x": 1.5, "y": 2.5}, f"{name}([x, y]) ** 2")
    case(f"torch.{name}([x, 2 * x])", {"x": spread(2, 2, 2)}, f"{name}([x, 2 * x])")
case("row_stack([x, y])", {"x": spread(3), "y": spread(2, 3, seed=2)}, "vstack([x, y])")
case("column_stack([x, y])", {"x": spread(3), "y": spread(3, 2, seed=2)})
case("hstack([x, y])", {"x": spread(2), "y": spread(3, seed=2)}, **SINGLE)
case("block_diag(x, y)", {"x": spread(2, 1), "y": spread(1, 3)})
case("torch.block_diag(x, x)", {"x": spread(2, 2)}, "block_diag(x, x)")
case("block_diag(x, y, s)", {"x": spread(2, 2), "y": spread(3), "s": 4.0})
case("det(block_diag(x, y))", {"x": spread(2, 2), "y": spread(1, 1)})

for text, inputs, spelled in (
    ("np.append(x, y)", {"x": spread(2, 2), "y": 3.0}, "cat([x.flatten(), y[None]])"),
    ("append(x, [1, 2])", V, "cat([x, tensor([1.0, 2.0]).double()])"),
    ("append(x, y, axis=1)", {"x": spread(2, 2), "y": spread(2, 1)}, "cat([x, y], 1)"),
    ("np.insert(x, 1, y)", {"x": spread(3), "y": 2.0}, "cat([x[:1], y[None], x[1:]])"),
    ("insert(x, 1, y, axis=1) ** 2", {"x": spread(2, 2), "y": spread(2)}, "stack([x[:, 0], y, x[:, 1]], 1) ** 2"),
    ("insert(x, -1, [5, 6])", V, "cat([x[:-1], tensor([5.0, 6.0]).double(), x[-1:]])"),
    ("np.delete(x, 1)", V, "cat([x[:1], x[2:]])"), ("delete(x, [0, -1], axis=1)", M, "x[:, 1:3]"),
    ("delete(x, 2) ** 2", M, "cat([x.flatten()[:2], x.flatten()[3:]]) ** 2"),
):  # fmt: skip
    case(text, inputs, spelled)

# ---- taken apart -------------------------------------------------------------------------------------------------

X = {"x": spread(6, seed=3)}
for text, inputs, spelled in (
    ("split(x, 2)[0]", X, "split(x, 3)[0]"), ("np.split(x, 3)[1] ** 2", X, "split(x, 2)[1] ** 2"),
    ("torch.split(x, 4)[1]", X, "split(x, 4)[1]"), ("x.split(4)[0]", X, None),
    ("torch.split(x, [1, 5])[1]", X, "split(x, [1, 5])[1]"), ("np.split(x, [1, 4])[1]", X, "split(x, [1, 3, 2])[1]"),
    ("x.split(1, dim=1)[2]", M, None), ("split(x, 3, dim=1)[1]", M, None),
    ("split(x, split_size_or_sections=2)[2]", X, None), ("split_with_sizes(x, [1, 3, 2])[1]", X, None),
    ("torch.split_with_sizes(x, (2, 2), 1)[1]", M, "split_with_sizes(x, (2, 2), 1)[1]"),
    ("x.split_with_sizes([1, 2], dim=0)[0] ** 2", {"x": spread(3)}, None), ("chunk(x, 4)[1]", X, None),
    ("x.chunk(2, dim=1)[1]", M, None), ("torch.chunk(x, 2, 0)[0]", M, "chunk(x, 2, 0)[0]"),
    ("chunk(x, 9)[5]", X, None), ("array_split(x, 4)[1]", X, "tensor_split(x, 4)[1]"),
    ("np.array_split(x, 3, axis=1)[0]", M, "tensor_split(x, 3, dim=1)[0]"), ("tensor_split(x, 4)[3]", X, None),
    ("tensor_split(x, (1, 4))[1]", X, None),
    ("torch.tensor_split(x, 3, dim=1)[2]", M, "tensor_split(x, 3, dim=1)[2]"),
    ("x.tensor_split(indices=(2, 3), dim=1)[2]", M, None), ("hsplit(x, 2)[1]", M, None),
    ("hsplit(x, [1])[0]", X, None), ("torch.hsplit(x, (1, 3))[1] ** 2", M, "hsplit(x, (1, 3))[1] ** 2"),
    ("vsplit(x, 3)[1]", M, None), ("vsplit(x, (1, 2))[2]", M, None),
    ("np.vsplit(x, [2])[0] ** 2", M, "vsplit(x, [2])[0] ** 2"), ("dsplit(x, 2)[1]", T, None),
    ("dsplit(x, [1])[0]", T, None), ("torch.dsplit(x, 2)[0] ** 2", T, "dsplit(x, 2)[0] ** 2"),
    ("unbind(x)[1]", M, None), ("x.unbind(1)[0]", M, None),
    ("torch.unbind(x, dim=-1)[1] ** 2", T, "unbind(x, dim=-1)[1] ** 2"),
    ("np.unstack(x, axis=1)[2]", M, "unbind(x, 1)[2]"), ("cat(unbind(x))", M, None),
    ("stack(chunk(x, 3), dim=1)", X, None),
):  # fmt: skip
    case(text, inputs, spelled)

# ---- repeated ----------------------------------------------------------------------------------------------------

for text, inputs, spelled in (
    ("tile(x, 2)", V, "tile(x, (2,))"), ("tile(x, (2, 3))", V, None), ("np.tile(x, (2,))", M, "tile(x, (2,))"),
    ("x.tile(1, 2)", M, "x.tile((1, 2))"), ("torch.tile(x, dims=(2, 1, 2))", M, "tile(x, dims=(2, 1, 2))"),
    ("x.repeat(2)", V, None), ("x.repeat(2, 3)", V, None), ("x.repeat((2, 1))", M, None),
    ("x.repeat(2, 1, 1) ** 2", M, None), ("tile(x, (2, 2))", S, None), ("repeat(x, 2)", V, "repeat_interleave(x, 2)"),
    ("np.repeat(x, 2, axis=1)", M, "repeat_interleave(x, 2, dim=1)"),
    ("np.repeat(x, 3, 0)", M, "repeat_interleave(x, 3, dim=0)"),
    ("np.repeat(x, [1, 0, 2], axis=0)", M, "repeat_interleave(x, tensor([1, 0, 2]), dim=0)"),
    ("repeat_interleave(x, 2)", M, None),
    ("torch.repeat_interleave(x, 3, dim=0) ** 2", M, "repeat_interleave(x, 3, dim=0) ** 2"),
    ("x.repeat_interleave(2, 1)", T, None), ("repeat(x, 2)", V, "repeat_interleave(x, 2)"),
    ("tile(x, 0)", V, "tile(x, (0,))"),
):  # fmt: skip
    case(text, inputs, spelled)

# ---- turned ------------------------------------------------------------------------------------------------------

for text, inputs, spelled in (
    ("np.array([x, 2 * x])", V, "stack([x, 2 * x])"),
    ("x * torch.tensor([1.0, 2.0, 3.0, 4.0])", M, "x * tensor([1.0, 2.0, 3.0, 4.0]).double()"),
    ("x + asarray([[1], [2], [3]])", M, None),
    ("as_tensor([1.5, 2.5]) * x", {"x": 2.0}, "as_tensor([1.5, 2.5]).double() * x"), ("x.clone() ** 2", V, None),
    ("torch.clone(x)", M, "clone(x)"), ("x.contiguous() * x", T, None), ("np.copy(x) ** 2", V, "clone(x) ** 2"),
    ("np.ascontiguousarray(x.T)", M, "x.T.contiguous()"), ("array(x)", S, "clone(x)"),
    ("array([x, 1, x ** 2])", S, "stack([x, x * 0 + 1, x ** 2])"), ("x.flip(0, 1) * x", M, None),
    ("np.permute_dims(x, axes=(2, 0, 1))", T, "permute(x, (2, 0, 1))"),
    ("np.random.rand(3, seed=1) * 0 + x", {"x": spread(3)}, "x + 0"), ("x.sum(0) + x.mean(dim=-1)", S, None),
    ("prod(x, 0)", S, None), ("x * argmax(x, 0)", S, None), ("fliplr(x)", M, None),
    ("np.fliplr(x) * x", M, "fliplr(x) * x"), ("torch.fliplr(x)", T, "fliplr(x)"), ("flipud(x)", M, None),
    ("np.flipud(x) * x", V, "flipud(x) * x"), ("torch.flipud(x)", T, "flipud(x)"), ("roll(x, 1)", V, None),
    ("roll(x, 2)", M, None), ("roll(x, -1, dims=1)", M, None),
    ("np.roll(x, (1, 2), axis=(0, 1))", M, "roll(x, (1, 2), (0, 1))"), ("x.roll(shifts=5, dims=0) * x", M, None),
    ("torch.roll(x, 7)", V, "roll(x, 7)"), ("roll(x, 1, 0)", E, None), ("rot90(x)", M, None),
    ("rot90(x, 2)", M, None), ("rot90(x, k=-1)", M, None), ("rot90(x, 1, (1, 2))", T, None),
    ("torch.rot90(x, 3, dims=[0, 1]) ** 2", M, "rot90(x, 3, dims=[0, 1]) ** 2"), ("np.rot90(x, 4)", M, "rot90(x, 4)"),
    ("x.rot90()", M, "rot90(x)"),
):  # fmt: skip
    case(text, inputs, spelled)

# ---- padded ------------------------------------------------------------------------------------------------------

P = {"x": spread(1, 3, 4)}
for text, inputs, spelled in (
    ("F.pad(x, (1, 2))", V, None), ("F.pad(x, (1, 0, 2, 1), value=1.5)", M, None),
    ('torch.nn.functional.pad(x, (0, 1), "constant", 3)', M, 'pad(x, (0, 1), "constant", 3)'),
    ("F.pad(x, (-1, 2))", V, None), ("F.pad(x, (-1, -1, 0, -2))", M, None), ("pad(x, pad=(1, 1))", V, None),
    ('F.pad(x, (2, 1), mode="reflect")', P, None), ('F.pad(x, (2, 1), mode="replicate")', P, None),
    ('F.pad(x, (3, 2), mode="circular")', P, None), ('pad(x, pad=(1, 1), mode="reflect") ** 2', P, None),
    ("np.pad(x, 1)", M, "pad(x, (1, 1, 1, 1))"), ("np.pad(x, (1, 2))", V, "pad(x, (1, 2))"),
    ("np.pad(x, ((1, 0), (0, 2)), constant_values=2.5)", M, "pad(x, (0, 2, 1, 0), value=2.5)"),
    ('np.pad(x, ((0, 0), (0, 0), (1, 2)), "edge")', P, 'pad(x, (1, 2), "replicate")'),
    ('np.pad(x, ((0, 0), (0, 0), (1, 3)), mode="reflect")', P, 'pad(x, (1, 3), "reflect")'),
    ('np.pad(x, ((0, 0), (0, 0), (2, 0)), mode="wrap")', P, 'pad(x, (2, 0), "circular")'),
    ('np.pad(x, 2, mode="symmetric")', {"x": spread(3)}, "cat([flip(x[:2], (0,)), x, flip(x[1:], (0,))])"),
    ("np.pad(x, (1, 1), constant_values=(7, 8))", V, "cat([tensor([7.0]), x, tensor([8.0])])"),
):  # fmt: skip
    case(text, inputs, spelled)

# ---- triangles and diagonals -------------------------------------------------------------------------------------

D = {"x": spread(3, 3, seed=4)}
for name in ("tril", "triu"):
    for text in (f"{name}(x)", f"{name}(x, 1)", f"{name}(x, diagonal=-1)", f"x.{name}() @ x", f"{name}(x, -5)"):
        case(text, D)
    case(f"np.{name}(x, k=1)", M, f"{name}(x, 1)")
    case(f"torch.{name}(x)", T, f"{name}(x)")
for text, inputs, spelled in (
    ("diagonal(x)", D, None), ("diagonal(x, 1)", M, None), ("x.diagonal(offset=-1)", M, None),
    ("torch.diagonal(x, 0, 1, 2)", T, "diagonal(x, 0, 1, 2)"),
    ("np.diagonal(x, axis1=0, axis2=2)", T, "diagonal(x, 0, 0, 2)"), ("diagonal(x, dim1=-1, dim2=0) ** 2", T, None),
    ("diag(x)", D, None), ("diag(x)", V, None), ("diag(x, 1)", {"x": spread(2)}, None),
    ("np.diag(x, k=-1)", M, "diag(x, -1)"), ("x.diag(diagonal=1)", M, None), ("diag(x) @ x", {"x": spread(3)}, None),
    ("diag_embed(x)", {"x": spread(3)}, None), ("diag_embed(x, offset=1)", {"x": spread(2, 2)}, None),
    ("torch.diag_embed(x, dim1=0, dim2=2)", {"x": spread(2, 2)}, "diag_embed(x, dim1=0, dim2=2)"),
    ("diagflat(x)", {"x": spread(2, 2)}, None), ("diagflat(x, 1)", {"x": spread(2)}, None),
    ("np.diagflat(x, k=-1)", {"x": spread(2)}, "diagflat(x, -1)"), ("x.diagflat() ** 2", {"x": spread(2)}, None),
    ("vander(x)", {"x": spread(3)}, None), ("torch.vander(x, N=2)", {"x": spread(3)}, "vander(x, N=2)"),
    ("np.vander(x, 4, increasing=True)", {"x": spread(2)}, "vander(x, 4, increasing=True)"),
    ("sum(vander(x) ** 2)", {"x": [0.5, 2.0, -1.0]}, None),
):  # fmt: skip
    case(text, inputs, spelled)

# ---- taken from places -------------------------------------------------------------------------------------------

I = {"x": spread(3, 4, seed=5), "i": typed("int64", [[0, 3], [1, 1], [2, 0]])}  # noqa: E741
J = {"x": spread(3, 4, seed=5), "i": typed("int64", [2, 0, 2])}
ROWS = {"x": spread(3, 2, seed=5), "i": typed("int64", [[2, 0], [1, 1]])}
for text, inputs, spelled in (
    ("gather(x, 1, i)", I, None), ("torch.gather(x, dim=1, index=i)", I, "gather(x, dim=1, index=i)"),
    ("x.gather(0, i)", ROWS, None), ("sum(gather(x, 0, i) ** 3)", ROWS, None),
    ("gather(x, 0, i)", {"x": spread(4), "i": typed("int64", [3, 3, 0])}, None),
    ("gather(x, 0, [1, 0])", {"x": spread(4)}, "gather(x, 0, tensor([1, 0]))"),
    ("take_along_axis(x, i, axis=1)", I, "take_along_dim(x, i, dim=1)"),
    ("np.take_along_axis(x, i, 0)", ROWS, "take_along_dim(x, i, 0)"), ("take_along_dim(x, i, dim=1)", I, None),
    ("torch.take_along_dim(x, i)", {"x": spread(2, 3), "i": typed("int64", [5, 0])}, "take_along_dim(x, i)"),
    ("x.take_along_dim(i, 1) ** 2", {"x": spread(2, 3), "i": typed("int64", [[2]])}, None),
    ("take(x, i)", {"x": spread(2, 3), "i": typed("int64", [[5, 0], [1, 1]])}, None),
    ("np.take(x, i, axis=0)", J, "x[i]"), ("np.take(x, i, axis=1)", J, "x[:, i]"),
    ("torch.take(x, i) ** 2", J, "take(x, i) ** 2"),
    ("take(x, [7, -1], mode=\"wrap\")", {"x": spread(3)}, "x[tensor([1, 2])]"), ("index_select(x, 0, i)", J, None),
    ("x.index_select(1, i)", J, None),
    ("torch.index_select(x, dim=1, index=i) ** 2", J, "index_select(x, dim=1, index=i) ** 2"),
    ("select(x, 0, 1)", M, None), ("x.select(dim=1, index=-1)", M, None),
    ("torch.select(x, 1, 2) ** 2", T, "select(x, 1, 2) ** 2"), ("narrow(x, 0, 1, 2)", M, None),
    ("x.narrow(1, -3, 2)", M, None),
    ("torch.narrow(x, dim=0, start=0, length=1) ** 2", M, "narrow(x, dim=0, start=0, length=1) ** 2"),
    ("x.unfold(0, 2, 1)", V, None), ("x.unfold(1, 3, 1)", M, None),
    ("x.unfold(dimension=-1, size=2, step=2) ** 2", M, None), ("windows_along(x, 0, 2, 2)", V, "x.unfold(0, 2, 2)"),
    ("sliding_window_view(x, 3)", V, "x.unfold(0, 3, 1)"),
    ("sliding_window_view(x, (2, 2))", M, "x.unfold(0, 2, 1).unfold(1, 2, 1)"),
    ("sliding_window_view(x, 2, axis=0) ** 2", M, "x.unfold(0, 2, 1) ** 2"),
    ("x * F.one_hot(i, num_classes=4)", J, None), ("one_hot(i, 4)", J, "F.one_hot(i, 4)"),
    ("torch.nn.functional.one_hot(i, 3) @ x", J, "F.one_hot(i, 3).double() @ x"),
):  # fmt: skip
    case(text, inputs, spelled)

# ---- put in places -----------------------------------------------------------------------------------------------

K = {"x": spread(3, 4, seed=5), "i": typed("int64", [[0, 2, 1, 0]]), "s": spread(1, 4, seed=7)}
L = {"x": spread(3, 2, seed=5), "i": typed("int64", [2, 0]), "s": spread(2, 2, seed=7)}
for text, inputs in (
    ("scatter(x, 0, i, s)", K), ("x.scatter(dim=0, index=i, src=s)", K), ("scatter(x, 0, i, 1.5)", K),
    ("torch.scatter(x, 1, i, s) ** 2", {**K, "i": typed("int64", [[0, 2, 1, 3]])}),
    ('scatter(x, 0, i, s, reduce="add")', K), ("scatter(x, 0, i, value=2.0)", K), ("scatter_add(x, 0, i, s)", K),
    ("x.scatter_add(1, i, s)", K), ("torch.scatter_add(x, dim=0, index=i, src=s) ** 2", K),
    ("sum(scatter_add(x, 0, i, s) ** 2)", {"x": spread(3), "i": typed("int64", [1, 1, 0]), "s": spread(3)}),
    ("index_add(x, 0, i, s)", L), ("x.index_add(0, i, s, alpha=-2)", L),
    ("torch.index_add(x, dim=0, index=i, source=s) ** 2", L),
    ("index_add(x, 0, i, s)", {**L, "i": typed("int64", [1, 1])}), ("index_copy(x, 0, i, s)", L),
    ("x.index_copy(1, i, s)", {"x": spread(2, 3), "i": typed("int64", [2, 0]), "s": spread(2, 2)}),
    ("torch.index_copy(x, 0, i, source=s) ** 2", L), ("index_fill(x, 0, i, 2.5)", L),
    ("x.index_fill(0, i, v)", {**L, "v": 3.0}), ("torch.index_fill(x, dim=0, index=i, value=-1) * x", L),
):  # fmt: skip
    case(text, inputs, "scatter_add(x, 0, i, s)" if "reduce" in text else text.removeprefix("torch."))
case("scatter(x, 0, i, s)", {"x": spread(3), "i": typed("int64", [1, 1, 2]), "s": [1.0, 2.0, 3.0]}, ours={
    "reason": "of two elements that go to one place the last is there, and the other has derivative 0",
    "gradients": {"x": [0.5, 0, 0], "s": [0, -0.75, 1.0]},
    "jacobians": {"x": [[1, 0, 0], [0, 0, 0], [0, 0, 0]], "s": [[0, 0, 0], [0, 1, 0], [0, 0, 1]]},
})  # fmt: skip

case("scatter_add(x, 0, i, s)", {**K, "s": spread(2, 4, seed=7)}, "scatter_add(x, 0, i, s[:1])")
case("scatter(x, 0, i, s)", {**K, "s": spread(2, 5, seed=7)}, "scatter(x, 0, i, s[:1, :4])")

# ---- made from nothing -------------------------------------------------------------------------------------------

Y = {"x": spread(2, 3, seed=6)}
for text, spelled in {
    "x + zeros(2, 3)": None, "x + np.zeros((2, 1))": "x + zeros(2, 1)",
    "cat([x, torch.zeros(x.shape)])": "cat([x, zeros(x.shape)])", "x + empty(3) * 0": None,
    "np.empty((2, 3)) * 0 + x": "empty(2, 3) * 0 + x", "x * ones(2, 3)": None, "x * np.ones(3)": "x * ones(3)",
    "x - torch.ones((1,))": "x - ones((1,))", "x + full((2, 3), 7)": None,
    "x * np.full(3, 2.5)": "x * full((3,), 2.5)",
    "torch.full((3,), fill_value=-1) * x": "full((3,), fill_value=-1) * x",
    "full((2, 2), x[0, 1])": "x[0, 1].expand(2, 2)", "x + zeros_like(x)": None,
    "torch.zeros_like(x) * x": "zeros_like(x) * x", "np.zeros_like(x) + x ** 2": "zeros_like(x) + x ** 2",
    "x + empty_like(x) * 0": None, "x - ones_like(x)": None, "x / torch.ones_like(x)": "x / ones_like(x)",
    "np.ones_like(x) * x": "ones_like(x) * x", "full_like(x, 3) * x": None,
    "x ** torch.full_like(x, 2)": "x ** full_like(x, 2)", "full_like(x, x[0, 0])": "x[0, 0].expand(2, 3)",
    "x @ eye(3)": None, "x @ np.eye(3, 2)": "x @ eye(3, 2)", "eye(2) @ x": None,
    "np.eye(2, k=1) @ x": "tensor([[0.0, 1.0], [0.0, 0.0]]).double() @ x", "np.identity(2) @ x": "identity(2) @ x",
    "x @ tri(3)": "x @ tril(ones(3, 3))", "tri(2, k=-1) @ x": "tril(ones(2, 2), -1) @ x",
    "x * np.tri(2, 3)": "x * tril(ones(2, 3))", "x * arange(3)": None, "x + torch.arange(1, 4)": "x + arange(1, 4)",
    "np.arange(0, 1.5, 0.5) * x": "arange(0, 1.5, 0.5) * x", "x * arange(start=3, end=0, step=-1)": None,
    "x * linspace(0, 1, 3)": None, "x + torch.linspace(-1, 2, steps=3)": "x + linspace(-1, 2, steps=3)",
    "np.linspace(0, 1, 3, endpoint=False) * x": "arange(3) / 3 * x",
    "linspace(x[0, 0], x[1, 2], 4)": "x[0, 0] + (x[1, 2] - x[0, 0]) * linspace(0, 1, 4)",
    "np.linspace(x[0], x[1], num=3)": "x[0] + (x[1] - x[0]) * linspace(0, 1, 3)[:, None]",
    "x * logspace(0, 2, 3)": None,
    "x + torch.logspace(-1, 1, steps=3, base=2)": "x + logspace(-1, 1, steps=3, base=2)",
    "logspace(x[0, 0], x[1, 0], 3)": "10 ** (x[0, 0] + (x[1, 0] - x[0, 0]) * linspace(0, 1, 3))",
    "x * geomspace(1, 4, 3)": "x * tensor([1.0, 2.0, 4.0])",
    "geomspace(x[0, 0] ** 2, x[1, 0] ** 2 + 1, 3)":
        "x[0, 0] ** 2 * ((x[1, 0] ** 2 + 1) / x[0, 0] ** 2) ** linspace(0, 1, 3)",
    "np.geomspace(8, 1, num=3) + x": "tensor([8.0, 8 ** 0.5, 1.0], dtype=float64) + x",
    "meshgrid(x[0], x[1])[0]": 'meshgrid(x[0], x[1], indexing="xy")[0]',
    "np.meshgrid(x[0], x[1, :2])[1]": 'meshgrid(x[0], x[1, :2], indexing="xy")[1]',
    "torch.meshgrid(x[0], x[1, :2])[1]": 'meshgrid(x[0], x[1, :2], indexing="ij")[1]',
    'meshgrid(x[0], x[1], x[0, :2], indexing="ij")[2] ** 2': None,
}.items():  # fmt: skip
    case(text, Y, spelled)
