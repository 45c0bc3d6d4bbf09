"""Linear algebra: products in other spellings, factorisations, systems of equations, norms."""

from tests.recording.case import Group, spread, typed

GROUP = Group(
    "algebra",
    names={
        name: f"linalg.{name}"
        for name in (
            *("multi_dot", "solve", "solve_triangular", "cholesky", "qr", "lu", "eigh", "eigvalsh", "svd", "svdvals"),
            *("pinv", "lstsq", "matrix_power", "matrix_exp", "vector_norm", "matrix_norm", "cond", "matrix_rank"),
            *("tensorinv", "tensorsolve", "vecdot", "eig", "eigvals", "slogdet", "inv", "det"),
        )
    }
    | {
        "expm": "linalg.matrix_exp",
        "pdist": "nn.functional.pdist",
        "matvec": lambda torch: lambda a, b: (a @ b.unsqueeze(-1)).squeeze(-1),
        "vecmat": lambda torch: lambda a, b: (a.unsqueeze(-2) @ b).squeeze(-2),
    },
)
case = GROUP.case

G2 = [[2.0, 0.5], [-0.75, 1.5]]
G3 = [[2.0, 0.5, -1.0], [0.25, 3.0, 0.75], [-0.5, 1.0, 1.5]]
S2 = [[2.0, 0.5], [0.5, 1.0]]
S3 = [[4.0, 1.0, -0.5], [1.0, 3.0, 0.25], [-0.5, 0.25, 2.0]]
TALL = [[1.0, 2.0], [-0.5, 1.5], [0.25, -1.0]]
WIDE = [[1.0, -0.5, 0.25], [2.0, 1.5, -1.0]]
STACK = [G2, [[1.0, -2.0], [0.5, 0.25]], [[0.0, 1.0], [-3.0, 0.5]]]
PAIR = [S2, [[3.0, -1.0], [-1.0, 1.5]]]
SMALL = {"atol": 1e-13}

# ---- products ----------------------------------------------------------------------------------------------------

case("kron(a, b)", {"a": spread(2, 2), "b": spread(3, 2, seed=1)})
case("kron(a, b)", {"a": spread(3), "b": spread(2, seed=1)})
case("kron(a, b)", {"a": spread(2), "b": spread(2, 2, seed=1)})
case("torch.kron(a, b)", {"a": spread(2, 1, 2), "b": spread(3, seed=1)})
case("np.kron(a, b)", {"a": 1.5, "b": spread(2, seed=1)}, "a * b")
case("sum(kron(a, a) ** 2)", {"a": spread(2, 2)})
case("kron(a, b)", {"a": spread(2, 2), "b": spread(1, 2, seed=1)}, dtype="float32")

case("tensordot(a, b)", {"a": spread(2, 3, 2), "b": spread(3, 2, 2, seed=1)})
case("tensordot(a, b, dims=1)", {"a": spread(2, 3), "b": spread(3, 2, seed=1)})
case("np.tensordot(a, b, axes=1)", {"a": spread(2, 2, 3), "b": spread(3, seed=1)}, "tensordot(a, b, dims=1)")
case("tensordot(a, b, 0)", {"a": spread(2), "b": spread(3, seed=1)})
case("torch.tensordot(a, b, dims=([1, 2], [1, 0]))", {"a": spread(2, 3, 2), "b": spread(2, 3, seed=1)})
case("tensordot(a, b, ([-1], [-2]))", {"a": spread(2, 2, 3), "b": spread(2, 3, 2, seed=1)})
case("np.tensordot(a, b, axes=(0, 0))", {"a": spread(2, 3), "b": spread(2, 2, seed=1)}, "tensordot(a, b, ([0], [0]))")

case("cross(a, b, dim=-1)", {"a": spread(3), "b": spread(3, seed=1)})
case("torch.linalg.cross(a, b)", {"a": spread(2, 3), "b": spread(2, 3, seed=1)})
case("torch.linalg.cross(a, b, dim=0)", {"a": spread(3, 2), "b": spread(3, 2, seed=1)})
case("np.cross(a, b)", {"a": spread(2, 3), "b": spread(3, seed=1)}, "torch.linalg.cross(a, b.expand(2, 3))")
case("cross(a, b, axis=1)", {"a": spread(2, 3, 2), "b": spread(2, 3, 2, seed=1)}, "cross(a, b, dim=1)")
case("np.cross(a, b)", {"a": spread(2), "b": spread(2, seed=1)}, "a[0] * b[1] - a[1] * b[0]")
case("sum(cross(a, b, dim=0) ** 2)", {"a": spread(3), "b": spread(3, seed=1)})

case("vecdot(a, b)", {"a": spread(2, 3), "b": spread(2, 3, seed=1)})
case("torch.linalg.vecdot(a, b, dim=0)", {"a": spread(2, 3), "b": spread(2, 3, seed=1)})
case("vecdot(a, b)", {"a": spread(3), "b": spread(3, seed=1)}, dtype="float32")
case("np.vecdot(a, b, axis=0)", {"a": spread(2, 2), "b": spread(2, 2, seed=1)}, "vecdot(a, b, dim=0)")
case("matvec(a, b)", {"a": spread(2, 3), "b": spread(3, seed=1)})
case("np.matvec(a, b)", {"a": spread(2, 2, 3), "b": spread(2, 3, seed=1)}, "matvec(a, b)")
case("matvec(a, b)", {"a": spread(2, 3), "b": spread(2, 3, seed=1)})
case("vecmat(a, b)", {"a": spread(2), "b": spread(2, 3, seed=1)})
case("np.vecmat(a, b)", {"a": spread(2, 2), "b": spread(2, 2, 3, seed=1)}, "vecmat(a, b)")
case("vecmat(a, b)", {"a": spread(3, 2), "b": spread(2, 2, seed=1)})

THREE = {"a": spread(2, 3), "b": spread(3, 2, seed=1), "c": spread(2, 2, seed=2)}
case("torch.linalg.multi_dot([a, b, c])", THREE)
case("multi_dot([a, b])", {"a": spread(2, 3), "b": spread(3, 2, seed=1)})
case("np.linalg.multi_dot([a, b, c])", {"a": spread(2), "b": spread(2, 3), "c": spread(3)}, "multi_dot([a, b, c])")
case("multi_dot([a, b, c, b])", {"a": spread(1, 2), "b": spread(2, 3), "c": spread(3, 2)})
case("chain_matmul(a, b, c)", THREE, "multi_dot([a, b, c])")
case("torch.chain_matmul(a, b)", {"a": spread(2, 3), "b": spread(3, 2)}, "a @ b")
case("sum(chain_matmul(a, b, a) ** 2)", {"a": spread(2, 1), "b": spread(1, 2)}, "sum(multi_dot([a, b, a]) ** 2)")

M = {"m": spread(2, 2), "a": spread(2, 3, seed=1), "b": spread(3, 2, seed=2)}
case("addmm(m, a, b)", M)
case("torch.addmm(m, a, b, beta=0.5, alpha=-2)", M)
case("addmm(m, a, b, alpha=3)", {**M, "m": spread(2)})
case("addmm(m, a, b, beta=0)", M)
case("sum(addmm(m, a, b) ** 2)", {"m": spread(2, 2), "a": spread(2, 1), "b": spread(1, 2)})
case("addmm(m, a, b)", M, dtype="float32")
V = {"m": spread(2), "a": spread(2, 3, seed=1), "b": spread(3, seed=2)}
case("addmv(m, a, b)", V)
case("torch.addmv(m, a, b, beta=0.5, alpha=-2)", V)
case("addmv(m, a, b, alpha=2)", {**V, "m": [0.5]})
R = {"m": spread(2, 3), "a": spread(2, seed=1), "b": spread(3, seed=2)}
case("addr(m, a, b)", R)
case("torch.addr(m, a, b, beta=0.5, alpha=-2)", R)
case("addr(m, a, b, alpha=2)", {**R, "m": spread(3)})
B = {"m": spread(2, 2, 2), "a": spread(2, 2, 3, seed=1), "b": spread(2, 3, 2, seed=2)}
case("baddbmm(m, a, b)", B)
case("torch.baddbmm(m, a, b, beta=0.5, alpha=-2)", B)
case("baddbmm(m, a, b, alpha=2)", {**B, "m": spread(2, 1, 2)})
case("addbmm(m, a, b)", {**B, "m": spread(2, 2)})
case("torch.addbmm(m, a, b, beta=0.5, alpha=-2)", {**B, "m": spread(2, 2)})
case("addbmm(m, a, b, alpha=2)", {**B, "m": spread(2)})

case("ger(a, b)", {"a": spread(2), "b": spread(3, seed=1)})
case("torch.ger(a, a)", {"a": spread(2)})
case("sum(ger(a, b) ** 2)", {"a": spread(2), "b": spread(2, seed=1)})
case("trace(x)", {"x": spread(2, 3)})
case("np.trace(x, offset=1)", {"x": spread(3, 3)}, "x.diagonal(1).sum()")
case("np.trace(x, offset=-1)", {"x": spread(3, 2)}, "x.diagonal(-1).sum()")
case("np.trace(x, axis1=1, axis2=2)", {"x": spread(2, 3, 3)}, "x.diagonal(0, 1, 2).sum(-1)")
case("np.trace(x)", {"x": spread(2, 3, 2)}, "x.diagonal(0, 0, 1).sum(-1)")
case("inverse(x)", {"x": G3}, **SMALL)
case("torch.inverse(x)", {"x": STACK}, **SMALL)
case("trace(inverse(x))", {"x": G2}, **SMALL)

# ---- determinants ------------------------------------------------------------------------------------------------

for x in (G2, G3, STACK, [[-1.5]], [[1e-200, 0.0], [0.0, 1e-200]]):
    case("slogdet(x)[1]", {"x": x}, **SMALL)
case("torch.linalg.slogdet(x)[0]", {"x": STACK}, **SMALL)
case("np.linalg.slogdet(x)[0] * sum(x)", {"x": G2}, "slogdet(x)[0] * sum(x)", **SMALL)
case("slogdet(x)[1]", {"x": G3}, dtype="float32")
case("slogdet(x @ x.T)[1]", {"x": G2}, **SMALL)
case("logdet(x)", {"x": G2}, **SMALL)
case("logdet(x)", {"x": S3}, **SMALL)
case("torch.logdet(x)", {"x": PAIR}, **SMALL)
case("logdet(x.T @ x)", {"x": TALL}, **SMALL)
case("logdet(x)", {"x": S3}, dtype="float32")
case("logdet(x) ** 2", {"x": S2}, **SMALL)

# ---- factors -----------------------------------------------------------------------------------------------------

for x in (S2, S3, PAIR, [[2.25]]):
    case("cholesky(x)", {"x": x}, **SMALL)
case("torch.linalg.cholesky(x, upper=True)", {"x": S3}, **SMALL)
case("np.linalg.cholesky(x)", {"x": PAIR}, "cholesky(x)", **SMALL)
case("scipy.linalg.cholesky(x)", {"x": S3}, "cholesky(x).mT", **SMALL)
case("scipy.linalg.cholesky(x, lower=True)", {"x": S3}, "cholesky(x)", **SMALL)
case("cholesky(x @ x.T)", {"x": G2}, **SMALL)
case("sum(cholesky(x) ** 3)", {"x": S2}, **SMALL)
case("sum(log(diag(cholesky(x))))", {"x": S3}, **SMALL)
case("cholesky(x)", {"x": S3}, dtype="float32")

for x in (G2, G3, TALL, STACK, WIDE):
    case("qr(x)[0]", {"x": x}, **SMALL)
    case("qr(x)[1]", {"x": x}, **SMALL)
case("torch.linalg.qr(x, mode='reduced')[0]", {"x": TALL}, **SMALL)
case("np.linalg.qr(x, mode='complete')[1]", {"x": G2}, "qr(x, mode='complete')[1]", **SMALL)
case("np.linalg.qr(x, mode='r')", {"x": TALL}, "qr(x)[1]", **SMALL)
case("sum(qr(x)[1] ** 3)", {"x": G2}, **SMALL)
case("sum(qr(x)[0] ** 3)", {"x": [[2.0, 0.5], [-0.75, 1.5], [1.0, 1.0]]}, **SMALL)
case("qr(x)[1]", {"x": G3}, dtype="float32")

for x in (G2, G3, TALL, WIDE, STACK):
    case("lu(x)[1]", {"x": x}, **SMALL)
    case("lu(x)[2]", {"x": x}, **SMALL)
case("torch.linalg.lu(x)[0] @ x", {"x": G2}, **SMALL)
case("torch.linalg.lu(x, pivot=False)[2]", {"x": G2}, "lu(x)[2]", **SMALL)
case("sum(lu(x)[1] ** 2)", {"x": G2}, **SMALL)
case("sum(lu(x)[2] ** 3)", {"x": G2}, **SMALL)
case("scipy.linalg.lu(x, permute_l=True)[0]", {"x": TALL}, "lu(x)[0] @ lu(x)[1]", **SMALL)
case("lu(x)[2]", {"x": G3}, dtype="float32")

for x in (S2, S3, PAIR, [[-1.5]]):
    case("eigh(x)[0]", {"x": x}, **SMALL)
    case("eigh(x)[1] ** 2", {"x": x}, **SMALL)
    case("eigvalsh(x)", {"x": x}, **SMALL)
case("torch.linalg.eigh(x, UPLO='U')[0]", {"x": S3}, **SMALL)
case("np.linalg.eigvalsh(x)", {"x": S3}, "eigvalsh(x)", **SMALL)
case("eigvalsh(x + x.T)", {"x": G3}, **SMALL)
case("sum(eigvalsh(x) ** 3)", {"x": S3}, **SMALL)
case("eigvalsh(x)[0]", {"x": S2}, **SMALL)
case("sum(eigh(x)[1][:, 0] ** 4)", {"x": S3}, **SMALL)
case("sum(exp(eigvalsh(x)))", {"x": S2}, **SMALL)
case("eigvalsh(x)", {"x": [[1.0, 0.0], [0.0, 1.0]]}, **SMALL)
case("eigvalsh(x)", {"x": S3}, dtype="float32")
case("eigh(x)[1] ** 2", {"x": S3}, dtype="float32")

TURN = [[0.5, -1.0, 0.0], [1.5, 0.25, 0.5], [0.0, -0.5, 2.0]]
for x in (G2, G3, TURN, STACK, [[-1.5]]):
    case("real(eigvals(x))", {"x": x}, **SMALL)
    case("abs(eig(x)[1]) ** 2", {"x": x}, **SMALL)
case("imag(eigvals(x))", {"x": TURN}, **SMALL)
case("real(torch.linalg.eig(x)[0])", {"x": G3}, **SMALL)
case("sum(abs(np.linalg.eigvals(x)))", {"x": G2}, "sum(abs(eigvals(x)))", **SMALL)
case("sum(abs(eigvals(x)) ** 3)", {"x": [[0.0, -1.0], [1.0, 0.5]]}, **SMALL)
case("sum(abs(eig(x)[1]) ** 4)", {"x": G2}, **SMALL)
case("real(prod(eigvals(x)))", {"x": TURN}, **SMALL)
case("sum(real(eigvals(x) ** 2))", {"x": [[1.0, 2.0], [-2.0, 0.5]]}, **SMALL)

for x in (G2, G3, TALL, WIDE, STACK, [[-1.5]]):
    case("svdvals(x)", {"x": x}, **SMALL)
    case("svd(x, full_matrices=False)[1]", {"x": x}, **SMALL)
for x in (G2, TALL, WIDE):
    case("svd(x, full_matrices=False)[0] ** 2", {"x": x}, **SMALL)
    case("svd(x, full_matrices=False)[2] ** 2", {"x": x}, **SMALL)
case("svd(x)[0][:, :1] @ svd(x)[2][:1]", {"x": G2}, **SMALL)
case("torch.linalg.svd(x)[1]", {"x": TALL}, **SMALL)
case("torch.linalg.svd(x)[0][:, :2] ** 2", {"x": TALL}, **SMALL)
case("np.linalg.svd(x)[2][:2] ** 2", {"x": WIDE}, "svd(x)[2][:2] ** 2", **SMALL)
case("np.linalg.svd(x, compute_uv=False)", {"x": WIDE}, "svdvals(x)", **SMALL)
case("sum(svdvals(x))", {"x": G3}, **SMALL)
case("svdvals(x)[0]", {"x": TALL}, **SMALL)
case("sum(svdvals(x) ** 3)", {"x": WIDE}, **SMALL)
case("svdvals(x)", {"x": [[1.0, 0.0], [0.0, 1.0]]}, **SMALL)
case("svdvals(x)", {"x": G3}, dtype="float32")

# ---- inverses and systems ----------------------------------------------------------------------------------------

for x in (G2, G3, TALL, WIDE, STACK, [[-1.5]]):
    case("pinv(x)", {"x": x}, **SMALL)
case("torch.linalg.pinv(x, rtol=1e-10)", {"x": TALL}, **SMALL)
case("np.linalg.pinv(x, rcond=1e-10)", {"x": WIDE}, "pinv(x, rtol=1e-10)", **SMALL)
case("torch.pinverse(x)", {"x": TALL}, **SMALL)
case("pinverse(x)", {"x": G2}, **SMALL)
case("sum(pinverse(x) ** 2)", {"x": TALL}, **SMALL)
case("pinv(x)", {"x": [[1.0, 2.0], [2.0, 4.0]]}, **SMALL)
case("sum(pinv(x) ** 2)", {"x": WIDE}, **SMALL)
case("pinv(x)", {"x": TALL}, dtype="float32")

case("matrix_rank(x)", {"x": G3})
case("torch.linalg.matrix_rank(x)", {"x": [[1.0, 2.0], [2.0, 4.0]]})
case("np.linalg.matrix_rank(x, tol=1.5)", {"x": TALL}, "matrix_rank(x, atol=1.5)")
case("matrix_rank(x) * sum(x)", {"x": STACK})

case("solve(a, b)", {"a": G3, "b": [1.0, -2.0, 0.5]}, **SMALL)
case("torch.linalg.solve(a, b)", {"a": STACK, "b": spread(3, 2)}, **SMALL)
case("solve(a, b)", {"a": STACK, "b": spread(3, 2)}, **SMALL)
case("torch.linalg.solve(a, b, left=False)", {"a": G2, "b": spread(3, 2)}, **SMALL)
case("torch.linalg.solve(A, B)", {"A": PAIR, "B": spread(2, 2)}, **SMALL)
case("sum(solve(a, b) ** 3)", {"a": G2, "b": [1.0, -2.0]}, **SMALL)

case("solve_triangular(a, b, upper=True)", {"a": G3, "b": spread(3, 2)}, **SMALL)
case("torch.linalg.solve_triangular(a, b, upper=False)", {"a": G3, "b": spread(3, 1)}, **SMALL)
case("torch.linalg.solve_triangular(a, b, upper=True, left=False)", {"a": G2, "b": spread(3, 2)}, **SMALL)
case("solve_triangular(a, b, upper=False, unitriangular=True)", {"a": STACK, "b": spread(2, 2)}, **SMALL)
case(
    "scipy.linalg.solve_triangular(a, b, lower=True)",
    {"a": G3, "b": [1.0, -2.0, 0.5]},
    "solve_triangular(a, b[:, None], upper=False)[:, 0]",
    **SMALL,
)
case("scipy.linalg.solve_triangular(a, b)", {"a": G2, "b": spread(2, 1)}, "solve_triangular(a, b, upper=True)", **SMALL)
case(
    "scipy.linalg.solve_triangular(a, b, trans=1, lower=True, unit_diagonal=True)",
    {"a": G3, "b": spread(3, 1)},
    "solve_triangular(a.T, b, upper=True, unitriangular=True)",
    **SMALL,
)
case("sum(solve_triangular(a, b, upper=True) ** 2)", {"a": G2, "b": spread(2, 1)}, **SMALL)
case("solve_triangular(a, b, upper=True)", {"a": G3, "b": spread(3, 2)}, dtype="float32")

case("cholesky_solve(b, tril(l))", {"b": spread(2, 2), "l": G2}, **SMALL)
case("torch.cholesky_solve(b, triu(l), upper=True)", {"b": spread(3, 1), "l": G3}, **SMALL)
case("cholesky_solve(b, cholesky(a))", {"b": spread(2, 1), "a": S2}, **SMALL)
case("cholesky_solve(b, tril(l))", {"b": spread(3, 2, 1), "l": [G2, S2, G2]}, **SMALL)
case("cholesky_inverse(tril(l))", {"l": G2}, **SMALL)
case("torch.cholesky_inverse(triu(l), upper=True)", {"l": G3}, **SMALL)
case("cholesky_inverse(cholesky(a))", {"a": S3}, **SMALL)

case("lstsq(a, b)[0]", {"a": TALL, "b": spread(3, 2)}, **SMALL)
case("torch.linalg.lstsq(a, b)[0]", {"a": G2, "b": spread(2, 1)}, **SMALL)
case("np.linalg.lstsq(a, b)[0]", {"a": TALL, "b": spread(3)}, "lstsq(a, b[:, None])[0][:, 0]", **SMALL)
case("lstsq(a, b)[0]", {"a": WIDE, "b": spread(2, 2)}, **SMALL)
case("sum(lstsq(a, b)[0] ** 2)", {"a": TALL, "b": spread(3, 1)}, **SMALL)
case("np.linalg.lstsq(a, b, rcond=None)[1]", {"a": TALL, "b": spread(3, 2)}, "((b - a @ (pinv(a) @ b)) ** 2).sum(0)",
     **SMALL)  # fmt: skip
case("np.linalg.lstsq(a, b)[3]", {"a": TALL, "b": spread(3, 2)}, "svdvals(a)", **SMALL)

# ---- powers and exponentials -------------------------------------------------------------------------------------

for n in (0, 1, 2, 3, 5, 6, -1, -2):
    case(f"matrix_power(x, {n})", {"x": G2}, **SMALL)
case("torch.linalg.matrix_power(x, 3)", {"x": STACK}, **SMALL)
case("np.linalg.matrix_power(x, n=-1)", {"x": G3}, "matrix_power(x, -1)", **SMALL)
case("sum(matrix_power(x, 4))", {"x": G2}, **SMALL)
case("matrix_power(x, 3)", {"x": G3}, dtype="float32")
for x in (G2, G3, STACK, [[-1.5]], [[0.0, 1.0], [0.0, 0.0]]):
    case("matrix_exp(x)", {"x": x}, **SMALL)
case("torch.linalg.matrix_exp(x)", {"x": [[0.0, -1.0], [1.0, 0.0]]}, **SMALL)
case("torch.matrix_exp(x)", {"x": G2}, dtype="float32")
case("scipy.linalg.expm(x)", {"x": G3}, "matrix_exp(x)", **SMALL)
case("trace(expm(x))", {"x": G2}, **SMALL)
case("expm(x) @ b", {"x": G2, "b": [1.0, -2.0]}, **SMALL)
case("sum(expm(x) ** 2)", {"x": G2}, **SMALL)
for x in (G2, G3, STACK[:1], [[1.5]]):  # what undoes a function gives its argument, and the gradient is what comes in
    case("sqrtm(x @ x)", {"x": x}, "x * 1.0", **SMALL)
    case("sqrtm(x) @ sqrtm(x)", {"x": x}, "x * 1.0", **SMALL)
    case("logm(expm(x))", {"x": x}, "x * 1.0", **SMALL)
    case("expm(logm(x))", {"x": x}, "x * 1.0", **SMALL)
case("sum(scipy.linalg.sqrtm(x @ x) ** 2)", {"x": G2}, "sum(x ** 2)", **SMALL)
case("tensorinv(x)", {"x": [[G2[0] + G2[1], [1.0, 3.0, -1.0, 0.5]], [[0.5, -1.0, 2.0, 1.0], [0.0, 1.0, 0.5, 3.0]]]},
     **SMALL)  # fmt: skip
case("torch.linalg.tensorinv(x, ind=1)", {"x": [[[3.0, 1.0], [0.5, -1.0]], [[1.0, 4.0], [0.0, 1.0]],
     [[0.5, 0.0], [3.0, 1.0]], [[1.0, 1.0], [0.0, 2.0]]]}, **SMALL)  # fmt: skip
case("tensorinv(x, ind=1)", {"x": G2}, **SMALL)
T = [[[3.0, 1.0, 0.5, 0.0], [1.0, 4.0, 0.0, 1.0]], [[0.5, 0.0, 3.0, 1.0], [1.0, 1.0, 0.0, 2.0]]]
case("tensorsolve(a, b)", {"a": T, "b": spread(2, 2)}, **SMALL)
case("torch.linalg.tensorsolve(a, b)", {"a": G2, "b": spread(2)}, **SMALL)
case("tensorsolve(a, b, dims=(0,))", {"a": G2, "b": spread(2)}, **SMALL)

# ---- norms -------------------------------------------------------------------------------------------------------

for order in ("2", "1", "inf", "-inf", "0", "3", "4", "0.5", "2.5", "-1"):
    case(f"vector_norm(x, {order})", {"x": spread(4)}, f"vector_norm(x, {order.replace('inf', 'math.inf')})", **SMALL)
case("vector_norm(x)", {"x": spread(2, 3)}, **SMALL)
case("torch.linalg.vector_norm(x, ord=3, dim=1)", {"x": spread(2, 3)}, **SMALL)
case("torch.linalg.vector_norm(x, dim=(0, 2), keepdim=True)", {"x": spread(2, 2, 2)}, **SMALL)
case("np.linalg.vector_norm(x, axis=0, ord=1)", {"x": spread(2, 3)}, "vector_norm(x, 1, dim=0)", **SMALL)
FLAT = {"reason": "norm₂ at 0 is 0 to every order"}
case("vector_norm(x)", {"x": [0.0, 0.0]}, ours={**FLAT, "hessians": {"x": {"x": [[0.0, 0.0], [0.0, 0.0]]}}})
case("vector_norm(x)", {"x": [1e200, 2e200]}, "1e200 * vector_norm(x / 1e200)", hessian=False)
case("vector_norm(x, inf)", {"x": [2.0, -2.0]}, "vector_norm(x, math.inf)")
case("vector_norm(x, 1)", {"x": [0.0, 2.0]})
case("vector_norm(x, 3)", {"x": [0.0, 2.0]})
case("vector_norm(x)", {"x": spread(3)}, dtype="float32")

for order in ("'fro'", "'nuc'", "1", "-1", "2", "-2", "inf", "-inf"):
    spelled = f"matrix_norm(x, {order.replace('inf', 'math.inf')})"
    for x in (G3, WIDE, STACK):
        case(f"matrix_norm(x, {order})", {"x": x}, spelled, **SMALL)
case("torch.linalg.matrix_norm(x, dim=(0, 2), keepdim=True)", {"x": spread(2, 2, 2)}, **SMALL)
case("torch.linalg.matrix_norm(x, ord=1, dim=(2, 1))", {"x": spread(2, 2, 3)}, **SMALL)
case("np.linalg.matrix_norm(x, ord='nuc', keepdims=True)", {"x": TALL}, "matrix_norm(x, 'nuc', keepdim=True)", **SMALL)
NONE = [[[[0.0, 0.0], [0.0, 0.0]]] * 2] * 2
case("matrix_norm(x)", {"x": [[0.0, 0.0], [0.0, 0.0]]}, ours={**FLAT, "hessians": {"x": {"x": NONE}}})
case("matrix_norm(x, 'nuc') ** 2", {"x": G2}, **SMALL)
case("matrix_norm(x, 2)", {"x": G3}, dtype="float32")

for order in ("2", "-2", "'fro'", "'nuc'", "1", "-1", "inf", "-inf"):
    p = order.replace("inf", "math.inf")  # PyTorch's own has no gradient of the norms that take an inverse
    spelled = f"cond(x, {p})" if order in ("2", "-2") else f"matrix_norm(x, {p}) * matrix_norm(inv(x), {p})"
    case(f"cond(x, {order})", {"x": G2}, spelled, **SMALL)
case("torch.linalg.cond(x)", {"x": TALL}, **SMALL)
case("np.linalg.cond(x)", {"x": STACK}, "cond(x)", **SMALL)
case("cond(x, p=1)", {"x": G3}, "matrix_norm(x, 1) * matrix_norm(inv(x), 1)", dtype="float32")

for p in ("1", "2", "3", "1.5", "inf"):
    case(f"cdist(a, b, p={p})", {"a": spread(2, 3), "b": spread(3, 3, low=-1.0, seed=1)},
         f"cdist(a, b, p={p.replace('inf', 'math.inf')})", **SMALL)  # fmt: skip
case("torch.cdist(a, b)", {"a": spread(2, 2, 2), "b": spread(2, 1, 2, seed=1)}, **SMALL)
case("cdist(a, a)", {"a": spread(2, 2)}, **SMALL)
case("sum(cdist(a, b) ** 2)", {"a": spread(2, 2), "b": spread(2, 2, seed=1)},
     "sum((a[:, None] - b[None]) ** 2)", **SMALL)  # fmt: skip
case("cdist(a, b)", {"a": spread(2, 3), "b": spread(2, 3, seed=1)}, dtype="float32")
for p in ("1", "2", "3", "inf"):
    case(f"pdist(x, p={p})", {"x": spread(3, 2)}, f"pdist(x, p={p.replace('inf', 'math.inf')})", **SMALL)
case("F.pdist(x)", {"x": spread(4, 3)}, "pdist(x)", **SMALL)
case("pdist(x)", {"x": [[1.0, 2.0], [1.0, 2.0], [0.0, 1.0]]}, **SMALL)

# ---- complex matrices --------------------------------------------------------------------------------------------

C2 = typed("complex128", [[2 + 1j, 0.5], [-0.25j, 1.5 - 0.5j]])
C3 = typed("complex128", [[2 + 1j, 0.5, 0.25j], [1 - 0.5j, 3.0, -0.5], [0.5j, 0.25, 1 - 2j]])
H2 = typed("complex128", [[2.0, 0.5 - 0.25j], [0.5 + 0.25j, 1.0]])
H3 = typed("complex128", [[4.0, 1 + 0.5j, -0.5j], [1 - 0.5j, 3.0, 0.25], [0.5j, 0.25, 2.0]])
C_TALL = typed("complex128", [[1 + 1j, 2.0], [-0.5j, 1.5], [0.25, -1 + 2j]])
C_WIDE = typed("complex128", [[1 + 1j, 2.0, 0.5j], [-0.5j, 1.5, 1.0]])
C_VECTOR = typed("complex128", [1 - 1j, 2j])

for expression in (
    *("det(x)", "inv(x)", "slogdet(x)[0]", "slogdet(x)[1]", "logdet(x)", "lu(x)[1]", "lu(x)[2]", "qr(x)[0]"),
    *("qr(x)[1]", "svdvals(x)", "abs(svd(x)[0]) ** 2", "pinv(x)", "matrix_exp(x)", "matrix_power(x, 3)"),
    *("eigvals(x)", "abs(eig(x)[1]) ** 2", "vector_norm(x)", "vector_norm(x, 1)", "vector_norm(x, 3)"),
    *('matrix_norm(x, "nuc")', "matrix_norm(x, 2)", "matrix_norm(x, 1)", "cond(x)", "trace(x)", "inverse(x)"),
):
    for x in (C2, C3):
        case(expression, {"x": x}, **SMALL)
for expression in ("abs(cholesky(x)) ** 2", "eigh(x)[0]", "abs(eigh(x)[1]) ** 2", "eigvalsh(x)", "slogdet(x)[1]"):
    for x in (H2, H3):
        case(expression, {"x": x}, **SMALL)
for expression in ("svdvals(x)", "pinv(x)", "abs(svd(x, full_matrices=False)[2]) ** 2", "matrix_norm(x)", "qr(x)[1]"):
    for x in (C_TALL, C_WIDE):
        case(expression, {"x": x}, **SMALL)
case("svd(x)[0][:, :1] @ svd(x)[2][:1]", {"x": C2}, "(lambda d: d[0][:, :1] @ d[2][:1])(svd(x))", **SMALL)
case("solve(a, b)", {"a": C2, "b": C_VECTOR}, **SMALL)
case("solve_triangular(a, b, upper=True)", {"a": C2, "b": typed("complex128", [[1 + 1j], [2j]])}, **SMALL)
case("lstsq(a, b)[0]", {"a": C_TALL, "b": typed("complex128", [[1 + 1j], [2j], [0.5]])}, **SMALL)
case("vdot(a, b)", {"a": C_VECTOR, "b": typed("complex128", [0.5, 1 + 2j])}, **SMALL)
case("vecdot(a, b)", {"a": C_VECTOR, "b": typed("complex128", [0.5, 1 + 2j])}, **SMALL)
case("kron(a, b)", {"a": C2, "b": C_VECTOR}, "kron(a, b)", **SMALL)
case("tensordot(a, b, 1)", {"a": C2, "b": C_VECTOR}, **SMALL)

# ---- a cotangent of zero, and a Hessian that is not ----------------------------------------------------------------

D2 = [[2.0, 0.0], [0.0, 1.0]]
case("(matrix_norm(x, 2) - 2) ** 2", {"x": D2}, **SMALL)
case('(matrix_norm(x, "nuc") - 3) ** 2', {"x": D2}, **SMALL)
case("sum((svdvals(x) - [2.0, 1.0]) ** 2)", {"x": D2}, "sum((svdvals(x) - x.diagonal().detach()) ** 2)", **SMALL)
case("(eigvalsh(x)[1] - 2) ** 2", {"x": D2}, **SMALL)
case("(cond(x) - 2) ** 2", {"x": D2}, **SMALL)
case("sum((cholesky(x) - eye(2)) ** 2)", {"x": [[1.0, 0.0], [0.0, 1.0]]}, **SMALL)
case("sum((matrix_exp(x) - eye(2)) ** 2)", {"x": [[0.0, 0.0], [0.0, 0.0]]}, **SMALL)
case("sum((pinv(x) - eye(2)) ** 2)", {"x": [[1.0, 0.0], [0.0, 1.0]]}, **SMALL)
case("sum(pinv(x) @ y)", {"x": G2, "y": [[0.0], [0.0]]}, **SMALL)
case("y * cond(x)", {"x": G2, "y": 0.0}, **SMALL)
case("y * qr(x)[1][0, 1]", {"x": G2, "y": 0.0}, **SMALL)
