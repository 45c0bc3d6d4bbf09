"""What the commands of LaTeX stand for here: letters, signs, accents, functions, and what is refused with advice."""

from __future__ import annotations

import unicodedata

from engine.functions import FUNCTIONS

_UPPER = "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
_LOWER = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu "
    "xi pi rho sigma tau upsilon phi chi psi omega"
)


def _greek(word: str) -> str:
    name = "lamda" if word.lower() == "lambda" else word.lower()
    case = "CAPITAL" if word[0].isupper() else "SMALL"
    return unicodedata.lookup(f"GREEK {case} LETTER {name.upper()}")


LETTERS = (
    {word: _greek(word) for word in f"{_UPPER} {_LOWER}".split()}
    | {f"var{word}": _greek(word) for word in ("epsilon", "theta", "rho", "sigma", "phi", "kappa")}
    | {"ell": "ell", "hbar": "hbar", "imath": "i", "jmath": "j"}
)
"""Commands that are one letter of a name, and the letter: what is written in a variant is the same letter."""

OTHER_LETTERS = {"ħ": "hbar", "ς": "σ"}
"""Letters of Unicode that have a command, and are no form of the command's letter to Unicode."""

SIGNS = {
    "cdot": "·", "times": "×", "ast": "*", "odot": "⊙", "circ": "∘", "div": "/", "prime": "'",
    "le": "<=", "leq": "<=", "leqslant": "<=", "lt": "<", "ge": ">=", "geq": ">=", "geqslant": ">=", "gt": ">",
    "ne": "!=", "neq": "!=", "land": "and", "wedge": "and", "lor": "or", "vee": "or", "lnot": "not", "neg": "not",
    "approx": "≈", "equiv": "≈", "coloneqq": "≈", "triangleq": "≈", "doteq": "≈", "simeq": "≈",
    "lvert": "|(", "rvert": "|)", "lVert": "‖(", "rVert": "‖)", "vert": "|", "mid": "|", "Vert": "‖", "|": "‖",
    "parallel": "‖", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "lbrack": "[", "rbrack": "]",
    "lparen": "(", "rparen": ")", "{": "\\{", "}": "\\}", "lbrace": "\\{", "rbrace": "\\}", "colon": ":",
    "infty": "∞", "top": "⊤", "intercal": "⊤", "dagger": "†", "degree": "°", "star": "⋆",
}  # fmt: skip
"""Commands that are one sign, and the sign as `engine.language.latex.lexer` calls it."""

SPACES = frozenset([
    "thinspace", "medspace", "thickspace", "negthinspace", "enspace", "quad", "qquad", "displaystyle", "textstyle",
    "scriptstyle", "scriptscriptstyle", "limits", "nolimits", "nonumber", "notag", "relax", "mathstrut", "allowbreak",
    "mathopen", "mathclose", "mathbin", "mathrel", "mathord", "hfill", *",;:!>/ \n\t",
])  # fmt: skip
"""Commands that change how a formula looks, and nothing else."""

SIZES = frozenset(f"{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m"))
"""Commands that make the bracket behind them larger."""

ACCENTS = {
    "hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde", "widetilde": "tilde",
    "dot": "dot", "ddot": "ddot", "check": "check", "breve": "breve", "acute": "acute", "grave": "grave",
    "mathring": "ring",
}  # fmt: skip
"""Accents, and what they add to a name: ``\\hat{y}`` is ``y_hat``."""

FRACTIONS = frozenset(("frac", "dfrac", "tfrac", "cfrac"))
BINOMIALS = frozenset(("binom", "dbinom", "tbinom"))
MATRICES = frozenset(("matrix", "pmatrix", "bmatrix", "Bmatrix", "smallmatrix", "array", "vmatrix", "Vmatrix"))
CASES = frozenset(("cases", "dcases", "rcases"))
WRAPPERS = frozenset([
    "align", "aligned", "alignat", "alignedat", "equation", "gather", "gathered", "split", "multline", "multlined",
    "eqnarray", "displaymath", "math", "flalign", "dmath", "subequations",
])  # fmt: skip
"""Environments that hold equations."""

_SPELLINGS = {
    "lg": "log10", "tg": "tan", "ctg": "cot", "arctg": "arctan", "arsinh": "arcsinh", "arcosh": "arccosh",
    "artanh": "arctanh", "tr": "trace", "Tr": "trace", "rank": "matrix_rank", "Re": "real", "Im": "imag",
    "Var": "var", "Cov": "cov",
}  # fmt: skip
LETTER_FUNCTIONS = {"Γ": "gamma", "B": "beta", "Φ": "ndtr", "ψ": "digamma"}
"""What these letters are before a bracket, where nothing else has the name."""

REDUCTIONS = frozenset([
    "det", "logdet", "trace", "norm", "sum", "prod", "max", "min", "amax", "amin", "mean", "var", "std", "median",
    "logsumexp", "dot", "matrix_rank",
])  # fmt: skip
"""Functions that make one number of a vector or a matrix."""

STANDARD = frozenset([
    "arccos", "arcsin", "arctan", "cos", "cosh", "cot", "coth", "csc", "det", "exp", "ln", "log", "max", "min", "sec",
    "sin", "sinh", "tan", "tanh",
])  # fmt: skip
"""Functions that LaTeX itself has a command for."""

OPERATORS = frozenset(("sum", "prod", "max", "min"))
"""What runs over an index: `\\sum_{k=1}^{n}`."""

REFUSED = {
    "int": ("integrals are not computed", "use a sum, or ask for derivatives of the integrand"),
    "iint": ("integrals are not computed", "use a sum, or ask for derivatives of the integrand"),
    "oint": ("integrals are not computed", "use a sum, or ask for derivatives of the integrand"),
    "lim": ("limits are not computed", "write the expression itself"),
    "partial": ("derivatives are what the answer has, and are not written", "write the function alone"),
    "nabla": ("derivatives are what the answer has, and are not written", "write the function alone"),
    "pm": ("`\\pm` stands for two formulas", "write + or -"),
    "mp": ("`\\mp` stands for two formulas", "write + or -"),
    "in": ("`\\in` is not understood", "give the bounds: \\sum_{i=1}^{n}, 0 \\le x \\le 1"),
    "to": ("`\\to` is not understood", "write an equation: f(x) = …"),
    "mapsto": ("`\\mapsto` is not understood", "write an equation: f(x) = …"),
    "sim": ("`\\sim` is not understood", "write the density as a function"),
    "propto": ("`\\propto` is not understood", "write = with the constant"),
    "argmax": ("`\\argmax` has no derivative", "write \\max"),
    "arg": ("`\\arg` is not understood", "write \\operatorname{angle}(z), or \\max without \\arg"),
    "otimes": ("`\\otimes` is not understood", "write \\operatorname{kron}(A, B), or \\operatorname{outer}(x, y)"),
    "oplus": ("`\\oplus` is not understood", "write +"),
    "ldots": ("dots stand for terms that are not written", "write a sum with bounds: \\sum_{k=1}^{n}"),
    "cdots": ("dots stand for terms that are not written", "write a sum with bounds: \\sum_{k=1}^{n}"),
    "dots": ("dots stand for terms that are not written", "write a sum with bounds: \\sum_{k=1}^{n}"),
    "vdots": ("dots stand for terms that are not written", "write the rows out"),
    "langle": ("angle brackets are not understood", "write x^\\top y, or \\operatorname{dot}(x, y)"),
    "rangle": ("angle brackets are not understood", "write x^\\top y, or \\operatorname{dot}(x, y)"),
    "operatorname": ("`\\operatorname` takes a word", "as in \\operatorname{erf}(x)"),
    "text": ("`\\text` takes words", "as in \\text{otherwise}, x_{\\text{max}}"),
    "mbox": ("`\\mbox` takes words", "as in \\mbox{otherwise}"),
    "%": ("percents are not understood", "divide by 100"),
    "newcommand": ("definitions of commands are not understood", "write the formula without them"),
    "def": ("definitions of commands are not understood", "write the formula without them"),
    "over": ("`\\over` is not understood", "write \\frac{a}{b}"),
    "mod": ("`\\mod` is not understood", "write \\operatorname{mod}(a, b)"),
    "bmod": ("`\\bmod` is not understood", "write \\operatorname{mod}(a, b)"),
    "pmod": ("`\\pmod` is not understood", "write \\operatorname{mod}(a, b)"),
}
"""Commands with a meaning that is not to be had here, why, and what to write instead."""


def function(name: str) -> str | None:
    """The function that a command or the word of an ``\\operatorname`` means, as the table has it.

    >>> function("sin"), function("lg"), function("ReLU"), function("nothing")
    ('sin', 'log10', 'relu', None)
    """
    if name in _SPELLINGS:
        return _SPELLINGS[name]
    return next((word for word in (name, name.lower()) if word in FUNCTIONS), None)


def known() -> list[str]:
    """Commands that are understood, those of mathematics first, to find the nearest of."""
    return [
        *LETTERS, *FRACTIONS, "sqrt", "sum", "prod", *BINOMIALS, *(s for s in SIGNS if s.isalpha()), *ACCENTS,
        *_SPELLINGS, "left", "right", "begin", "end", "mathrm", "mathbf", "boldsymbol", "operatorname", "text",
        *(name for name in FUNCTIONS if name.isalpha()),
    ]  # fmt: skip
