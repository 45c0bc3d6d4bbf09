"""Formulas that come as code: functions, loops, conditions, lists and assignments to elements."""

from __future__ import annotations

from typing import Any

import mpmath as mp

from tests.engine.formulas.formula import Formula, bell, below, dot, mean, product, total


def _sigmoid(x: Any) -> Any:
    return (1 + mp.tanh(x / 2)) / 2


def _iterated(step: Any, count: int, *state: Any) -> Any:
    for _ in range(count):
        state = step(*state)
    return state


def _runge_kutta(f: Any, y: list[Any], h: Any, steps: int) -> list[Any]:
    """By the tableau of the method."""
    for _ in range(steps):
        slopes: list[list[Any]] = []
        for c in (0, mp.mpf(1) / 2, mp.mpf(1) / 2, 1):
            last = slopes[-1] if slopes else [0] * len(y)
            slopes.append(f([v + c * h * k for v, k in zip(y, last, strict=True)]))
        y = [v + h * dot([1, 2, 2, 1], list(k)) / 6 for v, k in zip(y, zip(*slopes, strict=True), strict=True)]
    return y


PROGRAMS = [
    Formula(
        "attention as the documentation defines it",
        "torch.nn.functional.scaled_dot_product_attention",
        """
def scaled_dot_product_attention(query, key, value):
    scale_factor = 1 / math.sqrt(query.size(-1))
    attn_weight = query @ key.transpose(-2, -1) * scale_factor
    attn_weight = torch.softmax(attn_weight, dim=-1)
    return attn_weight @ value

(scaled_dot_product_attention(q, k, v) * g).sum()
""",
        {"q": [[0.1, 0.5]], "k": [[0.3, -0.6], [0.8, 0.1]], "v": [[1.0, 0.2], [-0.5, 0.7]], "g": [[1.0, 0.3]]},
        lambda q, k, v, g: (lambda p: p * dot(v[0], g[0]) + (1 - p) * dot(v[1], g[0]))(
            _sigmoid((dot(q[0], k[0]) - dot(q[0], k[1])) / mp.sqrt(2))
        ),
    ),
    Formula(
        "Rosenbrock's function as SciPy defines it",
        "scipy.optimize tutorial",
        'def rosen(x):\n    """The Rosenbrock function"""\n'
        "    return sum(100.0*(x[1:]-x[:-1]**2.0)**2.0 + (1-x[:-1])**2.0)\nrosen(x0)",
        {"x0": [1.3, 0.7, 0.8, 1.9, 1.2]},
        lambda x: total((10 * (x[k + 1] - x[k] ** 2)) ** 2 + (1 - x[k]) ** 2 for k in range(4)),
    ),
    Formula(
        "Ackley's function in any number of dimensions",
        "Surjanovic & Bingham, Virtual Library of Simulation Experiments",
        """
def ackley(xx, a=20, b=0.2, c=2*math.pi):
    d = len(xx)
    sum1 = sum(xi**2 for xi in xx)
    sum2 = sum(math.cos(c*xi) for xi in xx)
    return -a*math.exp(-b*math.sqrt(sum1/d)) - math.exp(sum2/d) + a + math.exp(1)

ackley(x)
""",
        {"x": [0.4, -1.2, 0.9]},
        lambda x: 20 - 20 * mp.exp(-mp.norm(x) / mp.sqrt(75)) + mp.e - mp.exp(mean([mp.cos(2 * mp.pi * v) for v in x])),
    ),
    Formula(
        "square root by Heron's iteration",
        "Press et al., Numerical Recipes, ch. 9",
        "x = a\nwhile abs(x*x - a) > 1e-14*a:\n    x = 0.5*(x + a/x)\nx",
        {"a": 7.3},
        mp.sqrt,
    ),
    Formula(
        "Kepler's equation solved until it holds",
        "Danby, Fundamentals of Celestial Mechanics",
        """
def kepler(M, e, tol=1e-14):
    E = M if e < 0.8 else math.pi
    for _ in range(50):
        dE = (E - e*math.sin(E) - M)/(1 - e*math.cos(E))
        E -= dE
        if abs(dE) < tol:
            break
    return E

kepler(M, e)
""",
        {"M": 0.8, "e": 0.55},
        lambda M, e: mp.findroot(lambda E: E - e * mp.sin(E) - M, 1.3),
    ),
    Formula(
        "complete elliptic integral by the arithmetic-geometric mean",
        "DLMF 19.8.5",
        "a, b = 1.0, sqrt(1 - m)\nfor _ in range(6):\n    a, b = (a + b)/2, sqrt(a*b)\npi/(2*a)",
        {"m": 0.6},
        mp.ellipk,
    ),
    Formula(
        "exponential series",
        "sympy.Sum, written as Python's sum",
        "sum(x**k / factorial(k) for k in range(0, 25))",
        {"x": 1.3},
        mp.exp,
    ),
    Formula(
        "Legendre's polynomial by Bonnet's recurrence",
        "DLMF 18.9.1",
        """
def legendre(n, x):
    if n == 0:
        return 1
    if n == 1:
        return x
    return ((2*n - 1)*x*legendre(n - 1, x) - (n - 1)*legendre(n - 2, x))/n

legendre(5, x)
""",
        {"x": 0.35},
        lambda x: mp.legendre(5, x),
    ),
    Formula(
        "Horner's rule in a loop",
        "Knuth, The Art of Computer Programming, § 4.6.4",
        "p = 0\nfor a in c:\n    p = p*x + a\np",
        {"c": [2.0, -1.0, 0.5, 3.0], "x": -0.8},
        lambda c, x: mp.polyval(c, x),
    ),
    Formula(
        "Chebyshev's series by Clenshaw's recurrence",
        "Clenshaw 1955",
        "b1, b2 = 0, 0\nfor k in range(len(c) - 1, 0, -1):\n    b1, b2 = 2*x*b1 - b2 + c[k], b1\nx*b1 - b2 + c[0]",
        {"c": [0.5, -0.3, 0.8, 0.1], "x": 0.45},
        lambda c, x: total(a * mp.chebyt(k, x) for k, a in enumerate(c)),
    ),
    Formula(
        "continued fraction of the tangent",
        "DLMF 4.25.1",
        "f = 0\nfor k in reversed(range(1, 24, 2)):\n    f = x/(k - x*f)\nf",
        {"x": 0.9},
        mp.tan,
    ),
    Formula(
        "Simpson's rule with a function as argument",
        "Press et al., Numerical Recipes, ch. 4",
        """
def simpson(f, a, b, n=40):
    h = (b - a)/n
    s = f(a) + f(b)
    for i in range(1, n):
        s += (4 if i % 2 else 2)*f(a + i*h)
    return s*h/3

simpson(lambda t: exp(-c*t**2), 0, z)
""",
        {"c": 0.7, "z": 1.5},
        lambda c, z: mp.quad(lambda t: mp.exp(-c * t * t), [0, z]),
        rtol=2e-6,  # the rule's own error
    ),
    Formula(
        "predator and prey by Runge and Kutta",
        "Lotka 1925; scipy.integrate.solve_ivp",
        """
def f(y):
    return [alpha*y[0] - beta*y[0]*y[1], delta*y[0]*y[1] - gamma*y[1]]

def add(y, k, h):
    return [a + h*b for a, b in zip(y, k)]

y = y0
h = 0.1
for _ in range(12):
    k1 = f(y)
    k2 = f(add(y, k1, h/2))
    k3 = f(add(y, k2, h/2))
    k4 = f(add(y, k3, h))
    y = [y[i] + h/6*(k1[i] + 2*k2[i] + 2*k3[i] + k4[i]) for i in range(2)]
y[0]
""",
        {"alpha": 1.1, "beta": 0.4, "delta": 0.1, "gamma": 0.4, "y0": [10.0, 5.0]},
        lambda a, b, d, g, y0: _runge_kutta(
            lambda y: [y[0] * (a - b * y[1]), y[1] * (d * y[0] - g)], y0, mp.mpf(0.1), 12
        )[0],
    ),
    Formula(
        "an epidemic in daily steps",
        "Kermack & McKendrick 1927",
        """
S, I, R = 1 - I0, I0, 0
peak = I
for day in range(60):
    new, healed = beta*S*I, gamma*I
    S, I, R = S - new, I + new - healed, R + healed
    if I > peak:
        peak = I
peak
""",
        {"I0": 0.01, "beta": 0.5, "gamma": 0.15},
        lambda i, b, g: max(
            _iterated(lambda S, seen: (S - b * S * seen[-1], [*seen, seen[-1] * (1 + b * S - g)]), 60, 1 - i, [i])[1]
        ),
    ),
    Formula(
        "price of a call on a binomial tree",
        "Cox, Ross & Rubinstein 1979",
        """
n = 8
dt = T/n
u = np.exp(sigma*np.sqrt(dt))
d = 1/u
p = (np.exp(r*dt) - d)/(u - d)
values = [np.maximum(S*u**(n - 2*i) - K, 0) for i in range(n + 1)]
for step in range(n):
    values = [np.exp(-r*dt)*(p*a + (1 - p)*b) for a, b in zip(values[:-1], values[1:])]
values[0]
""",
        {"S": 100.0, "K": 97.0, "T": 0.5, "r": 0.04, "sigma": 0.3},
        lambda S, K, T, r, vol: (
            lambda u: (
                lambda p: (
                    mp.exp(-r * T)
                    * total(
                        mp.binomial(8, i) * (1 - p) ** i * p ** (8 - i) * max(S * u ** (8 - 2 * i) - K, 0)
                        for i in range(9)
                    )
                )
            )((mp.exp(r * T / 8) - 1 / u) / (u - 1 / u))
        )(mp.exp(vol * mp.sqrt(T / 8))),
    ),
    Formula(
        "Black and Scholes as functions",
        "Hull, Options, Futures, and Other Derivatives",
        """
def norm_cdf(x):
    return 0.5*(1 + math.erf(x/math.sqrt(2)))

def black_scholes(S, K, T, r, sigma, call=True):
    d1 = (math.log(S/K) + (r + 0.5*sigma**2)*T)/(sigma*math.sqrt(T))
    d2 = d1 - sigma*math.sqrt(T)
    if call:
        return S*norm_cdf(d1) - K*math.exp(-r*T)*norm_cdf(d2)
    else:
        return K*math.exp(-r*T)*norm_cdf(-d2) - S*norm_cdf(-d1)

black_scholes(S, K, T, r, sigma, call=False)
""",
        {"S": 42.0, "K": 40.0, "T": 0.5, "r": 0.1, "sigma": 0.2},
        lambda S, K, T, r, v: (
            mp.exp(-r * T)
            * mp.quad(
                lambda z: max(K - S * mp.exp((r - v * v / 2) * T + v * mp.sqrt(T) * z), 0) * bell(z),
                [-14, -5, (mp.log(K / S) - (r - v * v / 2) * T) / (v * mp.sqrt(T))],
            )
        ),
    ),
    Formula(
        "debt after payments each month",
        "Brealey, Myers & Allen, Principles of Corporate Finance",
        "balance = P\nfor month in range(36):\n    interest = balance*r/12\n"
        "    balance = balance + interest - payment\nbalance",
        {"P": 20000.0, "r": 0.06, "payment": 500.0},
        lambda P, r, p: P * (1 + r / 12) ** 36 - p * ((1 + r / 12) ** 36 - 1) / (r / 12),
    ),
    Formula(
        "tax by brackets",
        "any tax table",
        """
def tax(income):
    if income <= 10000:
        return 0.1*income
    elif income <= 40000:
        return 1000 + 0.22*(income - 10000)
    else:
        return 7600 + 0.35*(income - 40000)

tax(salary) + tax(rent)
""",
        {"salary": 52000.0, "rent": 9000.0},
        lambda s, r: s * mp.mpf("0.35") - 6400 + r / 10,
    ),
    Formula(
        "exponential smoothing: the sum of squared errors of its forecasts",
        "Holt 1957; Hyndman & Athanasopoulos, Forecasting",
        "level = y[0]\nsse = 0\nfor t in range(1, len(y)):\n    sse += (y[t] - level)**2\n"
        "    level = alpha*y[t] + (1 - alpha)*level\nsse",
        {"y": [3.0, 3.8, 2.9, 4.4, 4.1], "alpha": 0.35},
        lambda y, a: total(
            (y[t] - (1 - a) ** (t - 1) * y[0] - total(a * (1 - a) ** (t - 1 - s) * y[s] for s in range(1, t))) ** 2
            for t in range(1, 5)
        ),
    ),
    Formula(
        "log-likelihood of a Kalman filter of one dimension",
        "Kalman 1960; Harvey, Forecasting, Structural Time Series Models",
        """
m, P, ll = 0.0, 1.0, 0.0
for z in y:
    P = P + q
    S = P + r
    ll += -0.5*(log(2*pi*S) + (z - m)**2/S)
    K = P/S
    m = m + K*(z - m)
    P = (1 - K)*P
ll
""",
        {"y": [0.3, 0.9, 0.5], "q": 0.2, "r": 0.6},
        lambda y, q, r: (
            lambda C: -(mp.matrix(y).T * mp.inverse(C) * mp.matrix(y))[0] / 2 - mp.log(mp.det(2 * mp.pi * C)) / 2
        )(mp.matrix([[1 + q * (1 + min(i, j)) + (r if i == j else 0) for j in range(3)] for i in range(3)])),
    ),
    Formula(
        "log-likelihood of a hidden Markov model",
        "Rabiner 1989",
        """
obs = [0, 1, 1, 0]
alpha = pi0*B[:, obs[0]]
for t in obs[1:]:
    alpha = (alpha @ A)*B[:, t]
np.log(alpha.sum())
""",
        {"pi0": [0.6, 0.4], "A": [[0.7, 0.3], [0.2, 0.8]], "B": [[0.9, 0.1], [0.35, 0.65]]},
        lambda p, A, B: mp.log(
            total(
                p[a] * B[a][0] * A[a][b] * B[b][1] * A[b][c] * B[c][1] * A[c][d] * B[d][0]
                for a in (0, 1)
                for b in (0, 1)
                for c in (0, 1)
                for d in (0, 1)
            )
        ),
    ),
    Formula(
        "tridiagonal system by Thomas' algorithm",
        "Thomas 1949; Press et al., Numerical Recipes, § 2.4",
        """
n = len(d)
c2 = np.zeros(n)
d2 = np.zeros(n)
c2[0] = c[0]/b[0]
d2[0] = d[0]/b[0]
for i in range(1, n):
    w = b[i] - a[i]*c2[i - 1]
    c2[i] = c[i]/w
    d2[i] = (d[i] - a[i]*d2[i - 1])/w
x = np.zeros(n)
x[-1] = d2[-1]
for i in range(n - 2, -1, -1):
    x[i] = d2[i] - c2[i]*x[i + 1]
x[0]
""",
        {"a": [0.0, 1.0, 0.5], "b": [4.0, 3.0, 5.0], "c": [1.0, 0.7, 0.0], "d": [1.0, 2.0, -1.0]},
        lambda a, b, c, d: mp.lu_solve(mp.matrix([[b[0], c[0], 0], [a[1], b[1], c[1]], [0, a[2], b[2]]]), mp.matrix(d))[
            0
        ],
    ),
    Formula(
        "largest eigenvalue by power iteration",
        "Golub & Van Loan, Matrix Computations, § 7.3",
        "v = np.ones(2)\nfor _ in range(60):\n    v = A @ v\n    v = v/np.linalg.norm(v)\nv @ A @ v",
        {"A": [[2.0, 0.5], [0.5, 1.0]]},
        lambda A: (A[0][0] + A[1][1] + mp.sqrt((A[0][0] - A[1][1]) ** 2 + 4 * A[0][1] * A[1][0])) / 2,
    ),
    Formula(
        "an orthogonal basis after Gram and Schmidt",
        "Trefethen & Bau, Numerical Linear Algebra",
        """
Q = []
for v in V:
    for q in Q:
        v = v - (v @ q)*q
    Q.append(v/np.linalg.norm(v))
(Q[2]*w).sum()
""",
        {"V": [[1.0, 0.2, 0.0], [0.3, 1.1, -0.4], [0.5, 0.1, 0.9]], "w": [0.2, 1.0, -0.3]},
        lambda V, w: (lambda n: dot(n, w) * mp.sign(dot(n, V[2])) / mp.sqrt(dot(n, n)))(
            [
                V[0][1] * V[1][2] - V[0][2] * V[1][1],
                V[0][2] * V[1][0] - V[0][0] * V[1][2],
                V[0][0] * V[1][1] - V[0][1] * V[1][0],
            ]
        ),
        rtol=1e-11,
    ),
    Formula(
        "a perceptron of several layers, its weights in a list",
        "Rumelhart, Hinton & Williams 1986",
        """
def mlp(x, weights):
    for W in weights[:-1]:
        x = torch.tanh(x @ W)
    return x @ weights[-1]

loss = ((mlp(x, [W1, W2, W3]) - t)**2).mean()
loss
""",
        {
            "x": [[0.5, -1.0]],
            "W1": [[0.2, -0.4], [0.7, 0.1]],
            "W2": [[1.0, 0.3], [-0.6, 0.8]],
            "W3": [[0.9], [-1.1]],
            "t": [[0.25]],
        },
        lambda x, W1, W2, W3, t: (
            (
                product([[mp.tanh(v) for v in product([[mp.tanh(v) for v in product(x, W1)[0]]], W2)[0]]], W3)[0][0]
                - t[0][0]
            )
            ** 2
        ),
    ),
    Formula(
        "a recurrent network over a sequence",
        "Elman 1990; torch.nn.RNN",
        "h = torch.zeros(2)\nfor x in xs:\n    h = torch.tanh(W_ih @ x + W_hh @ h + b)\nh.sum()",
        {
            "xs": [[0.5, 1.0], [-0.3, 0.2], [0.8, -0.6]],
            "W_ih": [[0.4, -0.2], [0.1, 0.6]],
            "W_hh": [[0.3, 0.5], [-0.7, 0.2]],
            "b": [0.05, -0.1],
        },
        lambda xs, Wi, Wh, b: total(
            _iterated(
                lambda k, h: (k + 1, [mp.tanh(dot([*Wi[j], *Wh[j]], [*xs[k], *h]) + b[j]) for j in (0, 1)]),
                3,
                0,
                [0, 0],
            )[1]
        ),
    ),
    Formula(
        "steps of Adam on a parabola",
        "Kingma & Ba 2015",
        """
m, v = 0, 0
for t in range(1, 6):
    g = 2*a*(x - c)
    m = beta1*m + (1 - beta1)*g
    v = beta2*v + (1 - beta2)*g**2
    m_hat = m/(1 - beta1**t)
    v_hat = v/(1 - beta2**t)
    x = x - lr*m_hat/(sqrt(v_hat) + 0.5)
x
""",
        {"x": 2.0, "a": 0.7, "c": -0.5, "lr": 0.1, "beta1": 0.9, "beta2": 0.99},
        lambda x, a, c, lr, b1, b2: _iterated(
            lambda x, seen: (
                lambda g: (
                    x
                    - lr
                    * (total((1 - b1) * b1 ** (len(g) - 1 - k) * s for k, s in enumerate(g)) / (1 - b1 ** len(g)))
                    / (
                        mp.sqrt(
                            total((1 - b2) * b2 ** (len(g) - 1 - k) * s * s for k, s in enumerate(g))
                            / (1 - b2 ** len(g))
                        )
                        + mp.mpf("0.5")
                    ),
                    g,
                )
            )([*seen, 2 * a * (x - c)]),
            5,
            x,
            [],
        )[0],
    ),
    Formula(
        "distance of two walks by dynamic time warping",
        "Sakoe & Chiba 1978",
        """
n, m = len(s), len(t)
prev = [0.0]
for _ in range(m):
    prev.append(inf)
for i in range(n):
    row = [inf]
    for j in range(m):
        cost = (s[i] - t[j])**2
        row.append(cost + min(prev[j + 1], row[j], prev[j]))
    prev = row
prev[m]
""".replace("D = [[0.0]*1 for _ in range(1)]\n", ""),
        {"s": [0.0, 1.0, 2.2], "t": [0.1, 0.9, 1.1, 2.0]},
        lambda s, t: (s[0] - t[0]) ** 2 + (s[1] - t[1]) ** 2 + (s[1] - t[2]) ** 2 + (s[2] - t[3]) ** 2,
    ),
    Formula(
        "probit by a function of the standard normal distribution",
        "scipy.stats.norm, written out",
        "def Phi(z): return 0.5*erfc(-z/sqrt(2))\nll = 0\nfor xi, yi in zip(x, y):\n"
        "    p = Phi(b0 + b1*xi)\n    ll += log(p) if yi == 1 else log(1 - p)\nll",
        {"b0": 0.2, "b1": -0.7, "x": [0.5, 1.2, -0.8], "y": [1.0, 0.0, 1.0]},
        lambda b0, b1, x, y: total(
            mp.log(below((2 * round(float(t)) - 1) * (b0 + b1 * v))) for v, t in zip(x, y, strict=True)
        ),
    ),
    Formula(
        "the logistic map and its exponent",
        "May 1976; Strogatz, Nonlinear Dynamics and Chaos",
        "f(x) = r*x*(1 - x)\nlam = 0\nfor _ in range(10):\n    lam += log(abs(r*(1 - 2*x)))\n    x = f(x)\nlam/10",
        {"r": 3.7, "x": 0.3},
        lambda r, x: mp.log(abs(mp.diff(lambda t: _iterated(lambda u: (r * u - r * u * u,), 10, t)[0], x))) / 10,
        rtol=1e-9,  # the orbit is chaotic
    ),
]
