"""Products and matrices."""

from tests.recording.case import Group, spread

GROUP = Group(
    "matrices",
    names={
        "det": "linalg.det",
        "inv": "linalg.inv",
        "cofactor": lambda torch: lambda x: torch.linalg.det(x)[..., None, None] * torch.linalg.inv(x).mT,
        "solve": "linalg.solve",
    },
)
case = GROUP.case

# ---- products ----------------------------------------------------------------------------------------------------

case("matmul(a, b)", {"a": spread(2, 3), "b": spread(3, 2, seed=1)})
case("matmul(a, b)", {"a": spread(3), "b": spread(3, 2, seed=1)})
case("matmul(a, b)", {"a": spread(2, 3), "b": spread(3, seed=1)})
case("matmul(a, b)", {"a": spread(3), "b": spread(3, seed=1)})
case("matmul(a, b)", {"a": spread(2, 2, 3), "b": spread(3, 2, seed=1)})
case("matmul(a, b)", {"a": spread(2, 1, 2, 3), "b": spread(2, 3, 2, seed=1)})
case("matmul(a, b)", {"a": spread(3), "b": spread(2, 3, 2, seed=1)})
case("matmul(a, b)", {"a": spread(2, 2, 3), "b": spread(3, seed=1)})
case("a @ b", {"a": [[], []], "b": []})
case("a @ b", {"a": spread(2, 3), "b": spread(3, 2, seed=1)}, dtype="float32")
case("sum(a @ b)", {"a": spread(2, 2), "b": spread(2, 2, seed=1)})
case("a @ b @ c", {"a": spread(2, 2), "b": spread(2, 2, seed=1), "c": spread(2, seed=2)})
case("x @ A @ x", {"x": spread(3), "A": spread(3, 3, seed=1)})
case("mm(a, b)", {"a": spread(2, 3), "b": spread(3, 2, seed=1)})
case("bmm(a, b)", {"a": spread(2, 2, 3), "b": spread(2, 3, 1, seed=1)})
case("mv(a, b)", {"a": spread(2, 3), "b": spread(3, seed=1)})
case("dot(a, b)", {"a": spread(3), "b": spread(3, seed=1)})
case("dot(a, b)", {"a": spread(3), "b": spread(3, seed=1)}, dtype="float32")
case("dot(a, b)", {"a": spread(2, 3), "b": spread(3, seed=1)}, "a @ b")
case("np.dot(a, b)", {"a": spread(2, 3), "b": spread(3, 2, seed=1)}, "a @ b")
case("dot(a, b)", {"a": 1.5, "b": spread(3)}, "a * b")
case("np.dot(a, b)", {"a": spread(2, 2, 3), "b": spread(2, 3, 2, seed=1)}, "tensordot(a, b, ([-1], [-2]))")
case("dot(a, a)", {"a": []})
case("inner(a, b)", {"a": spread(3), "b": spread(3, seed=1)})
case("inner(a, b)", {"a": spread(2, 3), "b": spread(4, 3, seed=1)})
case("inner(a, b)", {"a": spread(3), "b": spread(2, 3, seed=1)})
case("vdot(a, b)", {"a": spread(3), "b": spread(3, seed=1)})
case("vdot(a, a) + vdot(b, a)", {"a": spread(4), "b": spread(4, seed=1)})
case("np.vdot(a, b)", {"a": spread(2, 3), "b": spread(2, 3, seed=1)}, "sum(a * b)")
case("a.dot(b)", {"a": spread(3), "b": spread(3, seed=1)})
case("outer(a, b)", {"a": spread(2), "b": spread(3, seed=1)})
case("outer(a, a)", {"a": spread(3)})
case("outer(a, b)", {"a": spread(2), "b": spread(3, seed=1)}, dtype="float32")
case("np.outer(a, b)", {"a": spread(2, 2), "b": spread(2, seed=1)}, "outer(a.flatten(), b)")
case("outer(a, b)", {"a": [], "b": [1.0]})
case("sum(outer(a, b) ** 2)", {"a": spread(2), "b": spread(3, seed=1)})
case("trace(x)", {"x": spread(3, 3)})
case("trace(x @ x)", {"x": spread(3, 3)})
case("trace(x)", {"x": spread(2, 2)}, dtype="float32")
case("x.trace() ** 2", {"x": spread(2, 2)})

A, B = spread(2, 3), spread(3, 2, seed=1)
for subscripts, operands in {
    "ij,jk->ik": (A, B), "ij,jk": (A, B), "ij,kj->ik": (A, A), "ij->ji": (A,), "ij->": (A,), "ij->i": (A,),
    "ij->j": (A,), "ii->i": (spread(3, 3),), "ii->": (spread(3, 3),), "ii": (spread(3, 3),),
    "iij->ij": (spread(2, 2, 3),),
    "i,i->": (spread(3), spread(3, seed=1)), "i,j->ij": (spread(2), spread(3)), "ij,ij->ij": (A, A), "ij,ij": (A, A),
    "ij,j->i": (A, spread(3)), "bij,bjk->bik": (spread(2, 2, 2), spread(2, 2, 3)), "bij,bij->b": (spread(2, 2, 2),) * 2,
    "ij,jk,kl->il": (A, B, A), "i,ij,j->": (spread(2), A, spread(3)), "ba": (A,), "i,i,i->i": (spread(2),) * 3,
    "ijk,jil->kl": (spread(2, 3, 2), spread(3, 2, 2)), "i,j,k->ijk": (spread(2), spread(2), spread(2)),
    "i,j->": (spread(2), spread(3)), "ij,kl->il": (A, B), "ii,i->i": (spread(2, 2), spread(2)), "i->": ([],),
}.items():  # fmt: skip
    names = [name for name, _ in zip("abc", operands, strict=False)]
    case(f'einsum("{subscripts}", {", ".join(names)})', dict(zip(names, operands, strict=True)))
case('einsum("...ij,...jk->...ik", a, b)', {"a": spread(2, 2, 2), "b": spread(2, 2, seed=1)})
case('einsum("...i->...", a)', {"a": spread(2, 3)})
case('einsum("i...,i...->...", a, b)', {"a": spread(2, 3), "b": spread(2, 3, seed=1)})
case('einsum("ij, jk -> ik", a, b)', {"a": A, "b": B}, dtype="float32")
case('sum(einsum("ij,jk->ik", a, b) ** 2)', {"a": spread(2, 2), "b": spread(2, 2, seed=1)})

# ---- matrices ----------------------------------------------------------------------------------------------------

G2 = [[2.0, 0.5], [-0.75, 1.5]]
G3 = [[2.0, 0.5, -1.0], [0.25, 3.0, 0.75], [-0.5, 1.0, 1.5]]
BATCH = [G2, [[1.0, -2.0], [0.5, 0.25]], [[0.0, 1.0], [-3.0, 0.5]]]
for name in ("det", "inv"):
    case(f"{name}(x)", {"x": G2})
    case(f"{name}(x)", {"x": G3}, atol=1e-15)
    case(f"{name}(x)", {"x": BATCH}, atol=1e-15)
    case(f"{name}(x)", {"x": G2}, dtype="float32")
    case(f"{name}(x)", {"x": [[-1.5]]})
    case(f"sum({name}(x) ** 2)", {"x": G2}, atol=1e-14)
    case(f"torch.linalg.{name}(x)", {"x": G3}, f"{name}(x)", atol=1e-15)
case("cofactor(x)", {"x": G2}, atol=1e-15)
case("cofactor(x)", {"x": G3}, atol=1e-14)
case("cofactor(x)", {"x": BATCH}, atol=1e-14)
case("sum(cofactor(x) * x)", {"x": G2}, atol=1e-14)
case("log(det(x))", {"x": G3}, atol=1e-15)
case("log(det(x.T @ x))", {"x": G2}, atol=1e-14)
case("inv(x) @ b", {"x": G2, "b": [1.0, -2.0]}, atol=1e-15)
case("trace(inv(x))", {"x": G2}, atol=1e-15)
case("solve(a, b)", {"a": G2, "b": [1.0, -2.0]}, atol=1e-15)
case("solve(a, b)", {"a": G3, "b": spread(3, 2)}, atol=1e-15)
case("solve(a, b)", {"a": BATCH, "b": spread(3, 2, 1)}, atol=1e-15)
case("solve(a, b)", {"a": BATCH, "b": spread(2, 2)}, atol=1e-15)
case("solve(a, b)", {"a": G2, "b": spread(3, 2, 2)}, atol=1e-15)
case("np.linalg.solve(a, b)", {"a": BATCH, "b": [1.0, -2.0]}, "solve(a, b.expand(3, 2))", atol=1e-15)
case("torch.linalg.solve(a, b)", {"a": G3, "b": [1.0, -2.0, 0.5]}, "solve(a, b)", atol=1e-15)
case("solve(a, b)", {"a": G2, "b": [1.0, -2.0]}, dtype="float32")
case("sum(solve(a, b) ** 2)", {"a": G2, "b": [1.0, -2.0]}, atol=1e-14)
case("b @ solve(a, b)", {"a": G2, "b": [1.0, -2.0]}, atol=1e-14)
