"""Indexing by lists, tensors and masks, and assignment to what an index names.

PyTorch takes single places out first, and puts the axes of lists where NumPy does in the tensor that is left; the
cases that mix them are spelled so that both mean the same.
"""

from tests.recording.case import Group, spread, typed

GROUP = Group("indexing")
case = GROUP.case

V = {"x": spread(5, seed=1)}
M = {"x": spread(3, 4, seed=2)}
T = {"x": spread(2, 3, 2, seed=3)}
SQUARE = {"x": spread(3, 3, seed=4)}
S = {"x": 1.25}
I = {"i": typed("int64", [2, 0, 2])}  # noqa: E741
J = {"j": typed("int64", [[1, 0], [-1, 1]])}
ROWS = {"m": typed("bool", [True, False, True])}
MASK = {"m": typed("bool", [[True, False, True], [False, False, True]])}
COMPLEX = {"dtype": "complex128"}

# ---- read --------------------------------------------------------------------------------------------------------

for text, inputs, spelled in (
    ("x[[0, 1], [1, 0]]", M, None), ("x[[0, 2], [1, -1]] ** 2", M, None),
    ("sum(x[[1, 1, 1], [2, 2, 0]] ** 2)", M, None),
    ("x[[[0], [2]], [1, 3]]", M, None), ("x[[[0, 1], [2, 0]]]", M, "x[tensor([[0, 1], [2, 0]])]"),
    ("x[:, [[0, 1], [3, 0]]] ** 2", M, None),
    ("x[i]", M | I, None), ("x[:, i] ** 2", M | I, None), ("x[i, 1]", M | I, None), ("x[1, i]", M | I, None),
    ("x[i, i]", SQUARE | I, None), ("x[i, :, j[0, 0]]", T | {"i": typed("int64", [1, 0])} | J, "x[i, :, [1, 1]]"),
    ("x[j]", V | J, None), ("sum(x[j] ** 3)", V | J, None), ("x[j, [0, 3]] ** 2", M | J, None),
    ("x[0, :, [1, 0, 1]]", T, "x[[0], :, [1, 0, 1]]"), ("x[:, 0, [1, 0]] ** 2", T, None),
    ("x[[0, 1], :, [1, 0]] ** 2", T, None), ("x[1, [0, 2]]", T, None), ("x[..., [0, 1], [1, 0]]", T, None),
    ("x[[0, 1, 1], ..., 0]", T, "x[[0, 1, 1], :, [0, 0, 0]]"), ("x[[1, 0], None, [0, 2]] ** 2", T, None),
    ("x[None, [1, 0], :, None]", T, None), ("x[1:, [0, 2], [1, 0]]", T, None), ("x[[0, 1], 1:, [0, 1]]", T, None),
    ("x[[0, 1], ::-1, [0, 1]]", T, "x[[0, 1], :, [0, 1]].flip(1)"),
    ("x[m]", M | ROWS, None), ("x[:, m] ** 2", T | ROWS, None), ("x[m, 0]", M | ROWS, "x[m][:, 0]"),
    ("x[m, 1:] ** 2", M | ROWS, None), ("x[m]", T | MASK, None), ("x[m, 0] ** 2", T | MASK, "x[m][:, 0] ** 2"),
    ("x[..., m]", {"x": spread(2, 2, 3)} | MASK, None), ("x[m, [0, 1, 1]]", T | MASK, None),
    ("x[x > 0] ** 2", T, None), ("sum(x[:, x[0] > 0] ** 2)", M, None), ("x[x[:, 0] > 0, 1] ** 2", M, None),
    ("x[[True, False, True]]", M, None), ("x[[True, False, True], [0, 3]]", M, None),
    ("x[[]]", M, None), ("x[[], [0]]", M, "x[[], []]"), ("x[m & ~m]", M | ROWS, None),
    ("x[...]", S, None), ("x[None] * x[..., None]", S, None), ("x[True] ** 2", S, None),
    ("x[argmax(x)] ** 2", V, None), ("x[argsort(x)][[0, -1]] ** 2", V, None),
    ("x[[argmin(x), 0]]", V, "x[stack([argmin(x), tensor(0)])]"), ("sum(x[arange(3), arange(3)]) ** 2", SQUARE, None),
):  # fmt: skip
    case(text, inputs, spelled)
case("x[[0, 1], [1, 0]] ** 2", M, dtype="float32")
case("x[[1, 0, 1], [0, 0, 1]] ** 2", {"x": [[1 + 2j, -1j], [0.5 + 0j, 2 - 1j]]}, **COMPLEX)

# ---- replaced ----------------------------------------------------------------------------------------------------

W = {"w": 1.5}
U = {"u": spread(2, seed=6)}

for text, inputs, spelled in (
    ("a[1] = w", V | W, None), ("a[-1] = x[0] * w", V | W, None), ("a[1:3] = w", V | W, None),
    ("a[1:3] = u", V | U, None), ("a[::2] = u[:1]", V | U, None), ("a[1:4] = x[:3] ** 2", V, None),
    ("a[...] = w", V | W, None), ("a[:] = x[[4, 3, 2, 1, 0]] * x", V, None), ("a[1:3] = u[None, None]", V | U, None),
    ("a[2:2] = w", V | W, None), ("a[0] = a[1] * a[2]", M, "a[0] = a[1].clone() * a[2].clone()"),
    ("a[0] = w", M | W, None),
    ("a[1, 2] = w", M | W, None), ("a[:, 0] = v", M | {"v": spread(3)}, None), ("a[0] = [1, 2, w, 4]", M | W,
     "a[0] = stack([tensor(1.0), tensor(2.0), w, tensor(4.0)])"), ("a[:, 1:3] = v", M | {"v": spread(3, 1)}, None),
    ("a[..., 0] = v", T | {"v": spread(2, 3)}, None), ("a[..., 0] = v", T | {"v": spread(3)}, None),
    ("a[0, ..., 1] = w", T | W, None), ("a[1:, None, 0] = u", T | U, None), ("a[0:2] = [x[0], w]", V | W,
     "a[0:2] = stack([x[0], w])"), ("a[[0, 2]] = w", V | W, None), ("a[[3, 0]] = u", V | U, None),
    ("a[i[:2], :] = v", M | I | {"v": spread(2, 4)}, None), ("a[i[:2]] = v", M | I | {"v": spread(4)}, None),
    ("a[:, i[:2]] = v", M | I | {"v": spread(3, 2)}, None), ("a[[0, 1], [1, 0]] = u", M | U, None),
    ("a[[[0], [2]], [1, 3]] = v", M | {"v": spread(2, 2)}, None), ("a[[[0], [2]], [1, 3]] = u", M | U, None),
    ("a[[0, 1], :, [1, 0]] = v", T | {"v": spread(2, 3)}, None), ("a[1:, [0, 2], [1, 0]] = u", T | U, None),
    ("a[m] = w", M | ROWS | W, None), ("a[m] = v", M | ROWS | {"v": spread(2, 4)}, None),
    ("a[m] = v", T | MASK | {"v": spread(3, 2)}, None), ("a[m] = u", T | MASK | U, None),
    ("a[m] = v", T | MASK | {"v": spread(3, 1)}, None), ("a[:, m] = v", T | ROWS | {"v": spread(2, 2, 2)}, None),
    ("a[x > 0] = w", M | W, None), ("a[x < 0] = 0", M, None), ("a[x < 0] = -x[x < 0]", M, None),
    ("a[x[:, 0] < 0, 1:] = w", M | W, None), ("a[m, [0, 1, 1]] = v", T | MASK | {"v": spread(3)}, None),
    ("a[[]] = w", V | W, None), ("a[...] = w", S | W, None), ("a[None] = w", S | W, None),
    ("a[argmax(x)] = w", V | W, None), ("a[[0, 1]] = 2.5", V, None),
):  # fmt: skip
    for after in ("a", "sum(a ** 3)"):
        case(f"a = x * 1\n{text}\n{after}", inputs, f"a = x * 1\n{spelled}\n{after}" if spelled else None)
case("a = x * 1\na[1:3] = w\na ** 2", V | W, dtype="float32")
case("a = x * 1\na[:, 0] = [w, 2j]\na ** 2", {"x": [[1 + 2j, -1j], [0.5 + 0j, 2 - 1j]], "w": 1 + 1j},
     "a = x * 1\na[:, 0] = stack([w, tensor(2j)])\na ** 2", **COMPLEX)  # fmt: skip
