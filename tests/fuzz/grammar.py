"""Programs of the language, made from nothing: most of them mean something, and many mean something odd."""

from __future__ import annotations

from random import Random

from engine import functions
from engine.language.builtins import BUILTINS

NAMES = ("x", "y", "n", "v", "w", "A", "B", "z", "mask", "i", "j", "k", "a", "b", "f", "g", "h", "xs", "s", "t")
NUMBERS = ("0", "1", "2", "3", "-1", "0.5", "1e-3", "1e308", "1e400", "10**9", "10**30", "2**53", "2**63", "1j", "nan",
           "inf", "-inf", "1_000", "007", "255", "500", "True", "False", "None", "...", "int(1e300)", "'mean'", "''",
           "'ij,jk->ik'")  # fmt: skip
INFIX = ("+", "-", "*", "/", "//", "%", "@", "**", "^", "<", "<=", "==", "!=", ">", "and", "or", "&", "|")
FUNCTIONS = tuple(function["name"] for function in functions())
OFTEN = (*BUILTINS, "sum", "len", "range", "zip", "enumerate", "reversed", "list", "tuple", "stack", "where", "sin",
         "concatenate", "zeros", "ones", "arange", "max", "reshape", "f", "g", "h", "f", "g")  # fmt: skip
KEYWORDS = ("axis", "dim", "keepdims", "start", "n", "x", "dtype", "k")
ATTRIBUTES = ("T", "shape", "ndim", "real", "mT", "append(x)", "sum()", "max(dim=0)", "append(xs)", "reshape(-1)")

_KNOWN = ("i, j, k = 0, 1, 2", "a = v * 2", "b = [x, [y]]", "f(x) = x + 1", "def g(a, b=2):\n    return a * b",
          "h = sin",
          "xs = []", "s = 0", "t = (v, 1)", "def h(n):\n  if n <= 0: return x\n  return h(n - 1) * y", "xs = [x, y, 2]",
          "g = lambda: zip(v, w)", "k = enumerate(A)", "f = lambda f: f(f)")  # fmt: skip


class Grammar:
    """Writes programs with the choices of ``random``."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def program(self) -> str:
        """A program of a few statements, in which most names stand for something."""
        known = self.random.sample(_KNOWN, self.random.randint(4, len(_KNOWN)))
        return "\n".join([*known, *self.suite("", self.random.randint(1, 5), 3), self.expression(3)])

    def suite(self, indent: str, count: int, depth: int) -> list[str]:
        lines: list[str] = []
        for _ in range(count):
            lines += [indent + line for line in self.statement(depth)]
        return lines

    def statement(self, depth: int) -> list[str]:
        choose, e = self.random.random(), self.expression
        if depth and choose < 0.45:
            return [self.heading() + ":", *self.suite(self.random.choice(("  ", "    ", "\t")),
                                                      self.random.randint(1, 3), depth - 1)]  # fmt: skip
        if choose < 0.65:
            return [f"{self.target(2)} = {e(3)}"]
        if choose < 0.72:
            return [f"{self.target(0)} {self.random.choice(INFIX[:8])}= {e(2)}"]
        if choose < 0.8:
            return [f"{self.name()}({self.parameters()}) = {e(3)}"]
        if choose < 0.88:
            return [self.random.choice((f"return {e(2)}", "return", "break", "continue", "pass"))]
        if choose < 0.94:
            return [f"{self.name()}.append({e(2)})"]
        return [e(3)]

    def heading(self) -> str:
        e, name = self.expression, self.name
        return self.random.choice(
            (
                lambda: f"for {self.target(2)} in {e(2)}",
                lambda: f"for {name()} in range({e(1)})",
                lambda: f"while {e(2)}",
                lambda: f"if {e(2)}",
                lambda: "else",
                lambda: f"elif {e(2)}",
                lambda: f"def {name()}({self.parameters()})",
            )
        )()

    def name(self) -> str:
        return self.random.choice(NAMES)

    def parameters(self) -> str:
        plain = [self.name() for _ in range(self.random.randint(0, 2))]
        optional = [f"{self.name()}={self.expression(1)}" for _ in range(self.random.randint(0, 1))]
        return ", ".join([*plain, *optional])

    def target(self, depth: int) -> str:
        choose = self.random.random()
        if depth and choose < 0.2:
            return ", ".join(self.target(depth - 1) for _ in range(self.random.randint(1, 3))) + ","
        if depth and choose < 0.3:
            return f"({self.target(depth - 1)}, {self.target(depth - 1)})"
        return f"{self.name()}[{self.key()}]" if choose < 0.45 else self.name()

    def key(self) -> str:
        e = self.expression
        return self.random.choice(
            (lambda: e(1), lambda: f"{e(0)}:{e(0)}", lambda: "::-1", lambda: f"..., {e(0)}", lambda: f"{e(0)}, {e(0)}")
        )()

    def expression(self, depth: int) -> str:
        """An expression that nests no deeper than ``depth``."""
        random, e = self.random, self.expression
        if not depth or random.random() < 0.15:
            return random.choice(NUMBERS) if random.random() < 0.4 else self.name()
        d = depth - 1
        return random.choice(
            (
                lambda: f"{e(d)} {random.choice(INFIX)} {e(d)}",
                lambda: f"{e(d)} {random.choice(INFIX)} {e(d)}",
                lambda: f"{random.choice(('-', 'not ', '~', '+', '√'))}{e(d)}",
                lambda: f"({e(d)})",
                lambda: f"[{', '.join(e(d) for _ in range(random.randint(0, 3)))}]",
                lambda: f"({', '.join(e(d) for _ in range(random.randint(0, 3)))},)",
                lambda: f"{random.choice(OFTEN)}({self.arguments(d)})",
                lambda: f"{random.choice(FUNCTIONS)}({self.arguments(d)})",
                lambda: f"{e(d)}[{self.key()}]",
                lambda: f"({e(d)}).{random.choice(ATTRIBUTES)}",
                lambda: f"{e(d)} if {e(d)} else {e(d)}",
                lambda: f"(lambda {self.parameters()}: {e(d)})",
                lambda: f"({e(d)})({self.arguments(d)})",
                lambda: f"{random.choice(('root', 'argmin'))}(lambda {(x := self.name())}: {x} - {e(d)}, {e(d)})",
                lambda: f"[{self.series(d)}]",
                lambda: f"{random.choice(('sum', 'max', 'list', 'stack', 'f', ''))}({self.series(d)})",
            )
        )()

    def arguments(self, depth: int) -> str:
        plain = [self.expression(depth) for _ in range(self.random.randint(0, 3))]
        named = [f"{self.random.choice(KEYWORDS)}={self.expression(0)}"] if self.random.random() < 0.2 else []
        return ", ".join([*plain, *named])

    def series(self, depth: int) -> str:
        e, clauses = self.expression, []
        for _ in range(self.random.randint(1, 2)):
            clauses.append(f"for {self.target(1)} in {e(depth)}")
            if self.random.random() < 0.3:
                clauses.append(f"if {e(depth)}")
        return f"{e(depth)} {' '.join(clauses)}"
