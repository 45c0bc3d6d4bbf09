"""Functions by which optimisers are tried, and formulas of numerical mathematics."""

from __future__ import annotations

import mpmath as mp
import sympy

from tests.engine.formulas.formula import Formula, dot, mean, total

MATHEMATICS = [
    Formula(
        "Rosenbrock's valley",
        "scipy.optimize tutorial",
        "sum(100.0*(x[1:]-x[:-1]**2.0)**2.0 + (1-x[:-1])**2.0)",
        {"x": [1.3, 0.7, 0.8, 1.9, 1.2]},
        lambda x: total(100 * (x[k + 1] - x[k] ** 2) ** 2 + (1 - x[k]) ** 2 for k in range(4)),
    ),
    Formula(
        "Ackley's function",
        "Ackley 1987",
        "-20.0*np.exp(-0.2*np.sqrt(0.5*(x**2 + y**2)))"
        " - np.exp(0.5*(np.cos(2*np.pi*x) + np.cos(2*np.pi*y))) + np.e + 20",
        {"x": 0.7, "y": -1.4},
        lambda x, y: (
            -20 * mp.exp(-mp.hypot(x, y) / mp.sqrt(2) * mp.mpf(0.2))
            - mp.exp(mp.cos(mp.pi * (x + y)) * mp.cos(mp.pi * (x - y)))
            + mp.e
            + 20
        ),
    ),
    Formula(
        "Rastrigin's function",
        "Rastrigin 1974",
        "10*len(x) + sum(x**2 - 10*cos(2*pi*x))",
        {"x": [0.3, -1.2, 2.1]},
        lambda x: total(v**2 + 20 * mp.sin(mp.pi * v) ** 2 for v in x),
    ),
    Formula(
        "Himmelblau's function",
        "Himmelblau 1972",
        "(x**2 + y - 11)**2 + (x + y**2 - 7)**2",
        {"x": 1.7, "y": 2.3},
        lambda x, y: (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2,
        symbolic=True,
    ),
    Formula(
        "Branin's function",
        "Branin 1972",
        "a = 1; b = 5.1/(4*pi^2); c = 5/pi; r = 6; s = 10; t = 1/(8*pi)\n"
        "a*(x2 - b*x1^2 + c*x1 - r)^2 + s*(1 - t)*cos(x1) + s",
        {"x1": 2.1, "x2": 3.4},
        lambda x, y: (
            (y - mp.mpf(5.1) * (x / mp.pi) ** 2 / 4 + 5 * x / mp.pi - 6) ** 2
            + 10 * mp.cos(x)
            - mp.mpf(5) / (4 * mp.pi) * mp.cos(x)
            + 10
        ),
    ),
    Formula(
        "Griewank's function",
        "Griewank 1981",
        "1 + np.sum(x**2)/4000 - np.prod(np.cos(x/np.sqrt(np.arange(1, len(x) + 1))))",
        {"x": [1.1, -2.3, 0.4]},
        lambda x: 1 + dot(x, x) / 4000 - mp.cos(x[0]) * mp.cos(x[1] / mp.sqrt(2)) * mp.cos(x[2] / mp.sqrt(3)),
    ),
    Formula(
        "Styblinski and Tang's function",
        "Styblinski & Tang 1990",
        "0.5*(x**4 - 16*x**2 + 5*x).sum()",
        {"x": [-2.5, 1.0, 0.3]},
        lambda x: total(v * (5 + v * (v * v - 16)) for v in x) / 2,
    ),
    Formula(
        "Levy's function",
        "Levy & Montalvo 1985",
        "w = 1 + (x - 1)/4\nsin(pi*w[0])**2 + sum((w[:-1] - 1)**2*(1 + 10*sin(pi*w[:-1] + 1)**2))"
        " + (w[-1] - 1)**2*(1 + sin(2*pi*w[-1])**2)",
        {"x": [0.4, 2.2]},
        lambda x: (
            mp.sin(mp.pi * (3 + x[0]) / 4) ** 2
            + ((x[0] - 1) / 4) ** 2 * (6 - 5 * mp.cos(mp.pi * (3 + x[0]) / 2 + 2))
            + ((x[1] - 1) / 4) ** 2 * (mp.mpf(3) / 2 - mp.cos(mp.pi * (3 + x[1])) / 2)
        ),
    ),
    Formula(
        "Beale's function",
        "Beale 1958",
        "(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2",
        {"x": 1.2, "y": 0.6},
        lambda x, y: sum((sympy.Rational(n, 8) - x * (1 - y**k)) ** 2 for k, n in ((1, 12), (2, 18), (3, 21))),
        symbolic=True,
    ),
    Formula(
        "Michalewicz's function",
        "Michalewicz 1992",
        "-np.sum(np.sin(x)*np.sin(np.arange(1, 3)*x**2/np.pi)**20)",
        {"x": [2.0, 1.4]},
        lambda x: -total(mp.sin(v) * ((1 - mp.cos(2 * k * v * v / mp.pi)) / 2) ** 10 for k, v in enumerate(x, 1)),
    ),
    Formula(
        "the sinc function",
        "numpy.sinc",
        "np.sinc(x)",
        {"x": 0.37},
        lambda x: 1 / (mp.gamma(1 + x) * mp.gamma(1 - x)),
    ),
    Formula(
        "logistic growth",
        "Verhulst 1838",
        "K/(1 + (K - P0)/P0*exp(-r*t))",
        {"K": 100.0, "P0": 12.0, "r": 0.4, "t": 5.5},
        lambda K, P, r, t: K * P * sympy.exp(r * t) / (K + P * (sympy.exp(r * t) - 1)),
        symbolic=True,
    ),
    Formula(
        "Gompertz' growth",
        "Gompertz 1825",
        "a*np.exp(-b*np.exp(-c*t))",
        {"a": 50.0, "b": 3.0, "c": 0.3, "t": 4.0},
        lambda a, b, c, t: a * mp.power(mp.e, -b / mp.exp(c * t)),
    ),
    Formula(
        "a step of Runge and Kutta's method",
        "Kutta 1901; Press et al., Numerical Recipes, ch. 17",
        "k1 = r*y*(1 - y)\ny2 = y + h*k1/2; k2 = r*y2*(1 - y2)\ny3 = y + h*k2/2; k3 = r*y3*(1 - y3)\n"
        "y4 = y + h*k3; k4 = r*y4*(1 - y4)\ny + h*(k1 + 2*k2 + 2*k3 + k4)/6",
        {"y": 0.3, "r": 1.4, "h": 0.2},
        lambda y, r, h: (
            lambda f: (
                lambda a: (lambda b: (lambda c: y + (a + 2 * b + 2 * c + h * f(y + c)) / 6)(h * f(y + b / 2)))(
                    h * f(y + a / 2)
                )
            )(h * f(y))
        )(lambda v: r * v - r * v**2),
    ),
    Formula(
        "a Bézier curve",
        "Farin, Curves and Surfaces for CAGD",
        "(1-t)**3*P[0] + 3*(1-t)**2*t*P[1] + 3*(1-t)*t**2*P[2] + t**3*P[3]",
        {"t": 0.35, "P": [0.0, 1.2, 0.7, 2.0]},
        lambda t, P: total(mp.binomial(3, k) * t**k * (1 - t) ** (3 - k) * P[k] for k in range(4)),
    ),
    Formula(
        "Horner's rule",
        "numpy.polyval",
        "np.polyval(c, x)",
        {"c": [2.0, -1.0, 0.5, 3.0], "x": 1.7},
        lambda c, x: total(a * x ** (3 - k) for k, a in enumerate(c)),
    ),
    Formula(
        "area of a triangle from its sides",
        "Heron; Kahan 1986",
        "s = (a + b + c)/2\n√(s·(s − a)·(s − b)·(s − c))",
        {"a": 3.0, "b": 4.2, "c": 5.1},
        lambda a, b, c: sympy.sqrt((2 * a * b) ** 2 - (a**2 + b**2 - c**2) ** 2) / 4,
        symbolic=True,
    ),
    Formula(
        "signed area of a polygon",
        "the shoelace formula",
        "0.5*np.sum(x*np.roll(y, -1) - np.roll(x, -1)*y)",
        {"x": [0.0, 2.0, 2.5, 0.4], "y": [0.0, 0.1, 1.8, 1.4]},
        lambda x, y: total((x[k] - x[k - 1]) * (y[k] + y[k - 1]) for k in range(4)) / -2,
    ),
    Formula(
        "solid angle of a triangle",
        "Van Oosterom & Strackee 1983",
        "num = a @ np.cross(b, c)\nla = np.linalg.norm(a); lb = np.linalg.norm(b); lc = np.linalg.norm(c)\n"
        "2*np.arctan2(num, la*lb*lc + (a @ b)*lc + (a @ c)*lb + (b @ c)*la)",
        {"a": [1.0, 0.1, 0.0], "b": [0.2, 1.1, 0.1], "c": [0.0, 0.3, 0.9]},
        lambda a, b, c: (
            total(
                mp.acos((dot(u, w) - dot(u, v) * dot(v, w)) / mp.sqrt((1 - dot(u, v) ** 2) * (1 - dot(v, w) ** 2)))
                for a, b, c in [[[x / mp.sqrt(dot(p, p)) for x in p] for p in (a, b, c)]]
                for u, v, w in ((a, b, c), (b, c, a), (c, a, b))
            )
            - mp.pi
        ),
        rtol=1e-11,
    ),
    Formula(
        "rotation about an axis",
        "Rodrigues 1840",
        "k = axis/np.linalg.norm(axis)\n"
        "w @ (v*np.cos(th) + np.cross(k, v)*np.sin(th) + k*np.dot(k, v)*(1 - np.cos(th)))",
        {"axis": [0.2, 1.0, -0.5], "v": [1.0, 0.5, 0.3], "th": 0.8, "w": [0.3, -1.0, 2.0]},
        lambda a, v, t, w: (
            mp.matrix(w).T
            * mp.expm(mp.matrix([[0, -a[2], a[1]], [a[2], 0, -a[0]], [-a[1], a[0], 0]]) * (t / mp.sqrt(dot(a, a))))
            * mp.matrix(v)
        )[0],
    ),
    Formula(
        "condition of a quadratic form: Rayleigh's quotient",
        "Golub & Van Loan, Matrix Computations",
        "(x.T @ A @ x)/(x.T @ x)",
        {"x": [1.0, -0.4], "A": [[2.0, 0.3], [0.3, 1.0]]},
        lambda x, A: (
            (x[0] ** 2 * A[0][0] + x[0] * x[1] * (A[0][1] + A[1][0]) + x[1] ** 2 * A[1][1]) / (x[0] ** 2 + x[1] ** 2)
        ),
    ),
    Formula(
        "log-determinant barrier",
        "Boyd & Vandenberghe, Convex Optimization, § 11.2",
        "t*(c @ x) - np.log(b - A @ x).sum()",
        {
            "x": [0.2, 0.3],
            "c": [1.0, -1.0],
            "A": [[1.0, 0.5], [-1.0, 2.0], [0.3, -0.4]],
            "b": [1.0, 2.0, 1.5],
            "t": 4.0,
        },
        lambda x, c, A, b, t: t * dot(c, x) - mp.log(mp.fprod(v - dot(r, x) for r, v in zip(A, b, strict=True))),
    ),
    Formula(
        "softened maximum",
        "Boyd & Vandenberghe, Convex Optimization, § 3.1.5",
        "m = x.max()\nm + np.log(np.sum(np.exp(x - m)))",
        {"x": [1.0, 2.5, 2.4]},
        lambda x: mp.log(total(mp.exp(v) for v in x)),
    ),
    Formula(
        "spectrum's energy, by Parseval",
        "numpy.fft",
        "np.sum(np.abs(np.fft.fft(x))**2 * w)",
        {"x": [0.3, -1.1, 0.8, 0.2], "w": [1.0, 0.5, 0.2, 0.5]},
        lambda x, w: total(
            w[k] * abs(total(x[n] * mp.expjpi(-mp.mpf(k * n) / 2) for n in range(4))) ** 2 for k in range(4)
        ),
    ),
    Formula(
        "Welch's estimate with a window",
        "Welch 1967; scipy.signal.windows.hann",
        "win = 0.5 - 0.5*np.cos(2*np.pi*np.arange(4)/3)\nX = np.fft.rfft(x*win)\n(np.abs(X)**2).mean()/np.sum(win**2)",
        {"x": [0.3, -1.1, 0.8, 0.2]},
        lambda x: (
            mean(
                [
                    abs(total(x[n] * mp.sin(mp.pi * n / 3) ** 2 * mp.expjpi(-mp.mpf(k * n) / 2) for n in range(4))) ** 2
                    for k in range(3)
                ]
            )
            / total(mp.sin(mp.pi * n / 3) ** 4 for n in range(4))
        ),
    ),
    Formula(
        "Mandelbrot's iteration, three steps",
        "Peitgen & Richter, The Beauty of Fractals",
        "c = x + 1j*y\nz = c\nz = z**2 + c\nz = z**2 + c\nnp.abs(z)",
        {"x": 0.2, "y": 0.5},
        lambda x, y: abs(mp.polyval([1, 2, 1, 1, 0], mp.mpc(x, y))),
    ),
]
