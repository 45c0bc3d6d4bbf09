"""Expressions as LaTeX."""

import pytest

from engine.render.latex import latex


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x + y*2", r"x + y \cdot 2"),
        ("2*x*y", r"2 \, x \, y"),
        ("(a + b)*c", r"\left(a + b\right) \, c"),
        ("a - (b - c)", r"a - \left(b - c\right)"),
        ("a + (b - c)", r"a + b - c"),
        ("a - -b", r"a - \left(-b\right)"),
        ("a * -b", r"a \, \left(-b\right)"),
        ("-(a + b)", r"-\left(a + b\right)"),
        ("-a*b", r"-a \, b"),
        ("(-a)**2", r"\left(-a\right)^{2}"),
        ("-a**2", r"-a^{2}"),
        ("(a**b)**c", r"\left(a^{b}\right)^{c}"),
        ("a**b**c", r"a^{b^{c}}"),
        ("exp(x)**2", r"\left(e^{x}\right)^{2}"),
        ("(a/b)**2", r"\left(\frac{a}{b}\right)^{2}"),
        ("a / (b + c)", r"\frac{a}{b + c}"),
        ("a // b % c", r"\left\lfloor \frac{a}{b} \right\rfloor \bmod c"),
        ("a @ b.T", r"a \, b^{\top}"),
        ("sqrt(x) + abs(x) + log(x)", r"\sqrt{x} + \left|x\right| + \ln\left(x\right)"),
        ("sin(x) + np.sin(x)", r"\sin\left(x\right) + \sin\left(x\right)"),
        ("x.erfc() + (x + 1).erfc()", r"\operatorname{erfc}\left(x\right) + \operatorname{erfc}\left(x + 1\right)"),
        ("log_softmax(x, axis=1)", r"\operatorname{log\_softmax}\left(x, \mathrm{axis}=1\right)"),
        ("sum(x, axis=axis)", r"\operatorname{sum}\left(x\right)"),
        ("alpha + x_1 + x2 + rate", r"\alpha + x_{1} + x_{2} + \mathit{rate}"),
        ("np.pi + inf", r"\pi + \infty"),
        ("1e-30 * x", r"1 \cdot 10^{-30} \, x"),
        ("a < b <= c", r"a < b \le c"),
        ("(a > 0) & ~(b == c)", r"a > 0 \land \lnot \left(b = c\right)"),
        ("x[0, 1:]", r"x_{0, 1:}"),
        ("[a, b]", r"\left[a, b\right]"),
        ("z = x*y; z**2", r"z = x \, y \\ z^{2}"),
        ("a if c else b", r"\begin{cases} a & \text{if } c \\ b & \text{otherwise} \end{cases}"),
        (
            "2*where(x < 0, a, where(x == 0, b, c))",
            r"2 \, \left(\begin{cases} a & \text{if } x < 0 \\ b & \text{if } x = 0 \\ c & \text{otherwise} "
            r"\end{cases}\right)",
        ),
    ],
)
def test_latex(text, expected):
    assert latex(text) == expected


def test_differentials_have_an_upright_d():
    assert latex("x*dx + day", ["dx"]) == r"x \, \mathrm{d}x + \mathit{day}"
