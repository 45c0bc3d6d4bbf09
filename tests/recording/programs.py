"""Programs: loops, functions, conditions, tuples, lists and assignment to elements.

PyTorch runs the same text as Python, so what is compared is the meaning of the language itself: what ran, in which
order, and the derivative of that. An iteration to convergence is differentiated through the steps that it took, here
and there.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable
from textwrap import dedent
from typing import Any

from tests.recording.case import Group, spread, typed


def _python(name: str) -> Callable[[Any], Any]:
    return lambda torch: getattr(builtins, name)


def _in_doubles(name: str) -> Callable[[Any], Any]:
    """A function that makes tensors of our default element type."""
    return lambda torch: lambda *args: getattr(torch, name)(*args, dtype=torch.float64)


def _sum(torch: Any) -> Any:
    """Of a tensor PyTorch's, of a series Python's."""
    return lambda x, *args, **keywords: (
        torch.sum(x, *args, **keywords) if isinstance(x, torch.Tensor) else builtins.sum(x, *args)
    )


GROUP = Group(
    "programs",
    names={
        **{name: _python(name) for name in ("abs", "range", "int", "float")},
        **{name: _in_doubles(name) for name in ("zeros", "ones", "eye", "linspace")},
        "sum": _sum,
        "solve": "linalg.solve",
        "norm": "linalg.vector_norm",
        "softplus": "nn.functional.softplus",
        "factorial": lambda torch: lambda n: float(torch.exp(torch.lgamma(torch.tensor(n + 1.0).double())).round()),
    },
)


def program(text: str, inputs: dict[str, Any], torch: str | None = None, **facts: Any) -> None:
    """Add a case whose text is written over several lines."""
    GROUP.case(dedent(text).strip(), inputs, None if torch is None else dedent(torch).strip(), **facts)


def updating(text: str, inputs: dict[str, Any], **facts: Any) -> None:
    """Add a case that assigns to elements, or adds to a name.

    PyTorch writes in place, which inputs forbid and which spoils values that the backward pass wants to see again. So
    there a sum is a new tensor, and an element is written to a copy, which is what both mean here.
    """
    spelled = re.sub(r"^( *)(\w+) ([-+*/])= (.*)", r"\1\2 = \2 \3 (\4)", text, flags=re.M)
    spelled = re.sub(r"^( *)(\w+)(\[.*\]) ([-+*/])= (.*)", r"\1\2\3 = \2\3 \4 (\5)", spelled, flags=re.M)
    spelled = re.sub(r"^( *)(\w+)(\[.*\]) = (.*)", r"\1new = \4; \2 = \2.clone(); \2\3 = new", spelled, flags=re.M)
    program(text, inputs, spelled, **facts)


# ---- recurrent networks --------------------------------------------------------------------------------------------

CELL = {
    "W": spread(3, 3, low=-0.8, high=0.8), "U": spread(3, 2, low=-1, high=1, seed=1),
    "b": spread(3, low=-0.3, high=0.3, seed=2), "v": spread(3, seed=3),
}  # fmt: skip
SMALL = {"W": [[0.6, -0.7], [0.5, 0.4]], "u": [0.8, -0.6], "b": [0.1, -0.2], "w": 0.15, "v": [1.0, -0.5]}

program(
    """
    # A recurrent network over 200 steps, its error summed over all of them
    h = zeros(3)
    loss = 0
    for t in range(200):
        h = tanh(W @ h + U @ x[t] + b)
        loss += (v @ h - y[t])**2
    loss / 200
    """,
    {**CELL, "x": spread(200, 2, seed=4), "y": spread(200, low=-1, high=1, seed=5)},
)
program(
    """
    # The same by rows, and of all states at the end
    hs = []
    h = 0 * b
    for x_t in x:
        h = tanh(W @ h + U @ x_t + b)
        hs.append(h)
    mean((stack(hs) @ v - y)**2)
    """,
    {**CELL, "x": spread(200, 2, seed=4), "y": spread(200, low=-1, high=1, seed=5)},
)
program(
    """
    # Two states driven by a sine for 200 steps: the whole Hessian
    def cell(h, x):
        return tanh(W @ h + u * x + b)
    h = zeros(2)
    for t in range(200):
        h = cell(h, sin(w * t))
    v @ h
    """,
    SMALL,
)
program(
    """
    # In single precision, in both directions, by enumerate and zip
    def run(x):
        h = 0 * b
        hs = []
        for x_t in x:
            h = tanh(W @ h + U @ x_t + b)
            hs.append(h)
        return hs
    total = 0
    for i, (left, right) in enumerate(zip(run(x), run(flip(x, [0])))):
        total += (v @ left) * (v @ right) / (i + 1)
    total
    """,
    {**CELL, "x": spread(12, 2, seed=6)},
    dtype="float32",
    atol=1e-6,
)
program(
    """
    # Long short-term memory
    h = zeros(2)
    c = zeros(2)
    for x_t in x:
        i, f, g, o = chunk(W @ x_t + U @ h + b, 4)
        c = sigmoid(f) * c + sigmoid(i) * tanh(g)
        h = sigmoid(o) * tanh(c)
    h
    """,
    {"x": spread(15, 3), "W": spread(8, 3, low=-1, high=1, seed=1), "U": spread(8, 2, low=-1, high=1, seed=2),
     "b": spread(8, low=-0.5, high=0.5, seed=3)},
)  # fmt: skip
program(
    """
    # Gated recurrent unit, its gates as slices
    n = len(b) // 3
    def gru(x, h):
        a, s = W @ x + b, U @ h
        r, z = sigmoid(a[:n] + s[:n]), sigmoid(a[n:2*n] + s[n:2*n])
        new = tanh(a[2*n:] + r * s[2*n:])
        return (1 - z) * new + z * h
    h = h0
    for x_t in x:
        h = gru(x_t, h)
    sum(h**2)
    """,
    {"x": spread(20, 2), "W": spread(6, 2, low=-1, high=1, seed=1), "U": spread(6, 2, low=-1, high=1, seed=2),
     "b": spread(6, low=-0.5, high=0.5, seed=3), "h0": [0.1, -0.2]},
)  # fmt: skip
program(
    """
    # Attention over what has been
    out = []
    for t in range(len(q)):
        weight = softmax(k[:t+1] @ q[t] / sqrt(d), dim=0)
        out.append(weight @ v[:t+1])
    stack(out)
    """,
    {"q": spread(4, 2), "k": spread(4, 2, seed=1), "v": spread(4, 2, seed=2), "d": 2.0},
    atol=1e-16,
)

# ---- differential equations ----------------------------------------------------------------------------------------

LOTKA = {"y0": [1.0, 0.5], "p": [1.1, 0.4, 0.1, 0.4], "T": 4.0}

program(
    """
    # Lotka-Volterra by the Runge-Kutta method of order four
    def f(t, y):
        a, b, c, d = p
        return stack([a*y[0] - b*y[0]*y[1], c*y[0]*y[1] - d*y[1]])

    n = 50
    h = T / n
    y = y0
    for i in range(n):
        t = i * h
        k1 = f(t, y)
        k2 = f(t + h/2, y + h/2 * k1)
        k3 = f(t + h/2, y + h/2 * k2)
        k4 = f(t + h, y + h * k3)
        y = y + h/6 * (k1 + 2*k2 + 2*k3 + k4)
    y
    """,
    LOTKA,
)
program(
    """
    # A damped and driven pendulum; the integrator takes the equation as a function
    def rk4(f, t, y, h=0.05):
        k1 = f(t, y)
        k2 = f(t + h/2, y + h*k1/2)
        k3 = f(t + h/2, y + h*k2/2)
        k4 = f(t + h, y + h*k3)
        return y + h*(k1 + 2*k2 + 2*k3 + k4)/6
    def pendulum(t, y):
        angle, speed = y
        return stack([speed, -g*sin(angle) - c*speed + A*cos(w*t)])
    y = stack([angle0, speed0])
    for i in range(60):
        y = rk4(pendulum, i * 0.05, y)
    y[0]
    """,
    {"g": 9.81, "c": 0.4, "A": 1.2, "w": 2.0, "angle0": 0.7, "speed0": -0.1},
)
updating(
    """
    # Logistic growth by Euler's method
    for _ in range(40):
        y += h * r * y * (1 - y / K)
    y
    """,
    {"y": 0.1, "h": 0.25, "r": 0.8, "K": 1.5},
)
program(
    """
    # An orbit by leapfrog: the error of its energy
    def force(q): return -q / norm(q)**3
    def energy(q, v): return v @ v / 2 - 1 / norm(q)
    before = energy(q, v)
    for _ in range(30):
        v = v + h/2 * force(q)
        q = q + h * v
        v = v + h/2 * force(q)
    energy(q, v) - before
    """,
    {"q": [1.0, 0.0], "v": [0.1, 1.1], "h": 0.1},
    atol=1e-12,
)
updating(
    """
    # Heat in a rod, explicit in time
    for _ in range(30):
        u[1:-1] += k * (u[2:] - 2*u[1:-1] + u[:-2])
    u
    """,
    {"u": [0.0, 0.5, 1.0, -0.5, 0.25], "k": 0.2},
)
updating(
    """
    # A step size that doubles and halves with the error
    t, h = 0 * k, 0.1
    steps = 0
    while t < 1 and steps < 100:
        h = h if t + h < 1 else 1 - t
        once = y + h * k * y
        twice = (1 + h/2 * k)**2 * y
        if abs(once - twice) < 1e-3:
            y, t = 2*twice - once, t + h
            h *= 1.5
        else:
            h /= 2
        steps += 1
    y
    """,
    {"y": 2.0, "k": -1.3},
)

# ---- iterations to convergence: what is differentiated is what ran -------------------------------------------------

program(
    """
    # Newton's iteration for x**3 - 2 x - a
    x = 2
    step = 1
    while abs(step) > 1e-12:
        step = (x**3 - 2*x - a) / (3*x**2 - 2)
        x = x - step
    x
    """,
    {"a": 5.0},
)
updating(
    """
    # Kepler's equation by Newton, for an orbit in e and M
    E = M
    for k in range(50):
        step = (E - e*sin(E) - M) / (1 - e*cos(E))
        E -= step
        if abs(step) < 1e-13: break
    stack([a*(cos(E) - e), a*sqrt(1 - e**2)*sin(E)])
    """,
    {"M": 0.8, "e": 0.4, "a": 1.5},
)
program(
    """
    # Two equations by Newton's method
    dx = ones(2)
    while norm(dx) > 1e-12:
        F = stack([x[0]**2 + x[1]**2 - r**2, x[0]*x[1] - c])
        J = stack([stack([2*x[0], 2*x[1]]), stack([x[1], x[0]])])
        dx = solve(J, -F)
        x = x + dx
    x
    """,
    {"x": [2.0, 0.5], "r": 2.0, "c": 1.0},
    atol=1e-14,
)
program(
    """
    # The fixed point of cos(a x)
    x, old = 0.5 * a, 1e9
    while abs(x - old) > 1e-10:
        old = x
        x = cos(a * x)
    x
    """,
    {"a": 0.8},
)
program(
    """
    # The square root as the Babylonians had it, stopped while it is still wrong: so is its derivative
    x = a
    while abs(x*x - a) > 0.1:
        x = (x + a/x) / 2
    x
    """,
    {"a": 10.0},
)
program("x = 1 + 0*a\nfor _ in range(7): x = (x + a/x)/2\nx", {"a": [2.0, 3.0, 0.5]})
program(
    """
    # Bisection: the root depends on c through branches alone, so that what ran has no derivative by it
    lo, hi = a, b
    for _ in range(20):
        mid = (lo + hi) / 2
        if mid**3 + mid < c:
            lo = mid
        else:
            hi = mid
    (lo + hi) / 2
    """,
    {"a": 0.0, "b": 2.0, "c": 3.0},
)
program(
    """
    # Bisection, and one step of Newton that brings the derivative
    def f(x): return x**3 + x - c
    lo, hi = 0, 2
    while hi - lo > 1e-9:
        mid = (lo + hi) / 2
        lo, hi = (mid, hi) if f(mid) < 0 else (lo, mid)
    lo - f(lo) / (3*lo**2 + 1)
    """,
    {"c": 3.0},
)
program(
    """
    # The arithmetic-geometric mean
    def agm(a, g, tol=1e-15):
        while abs(a - g) > tol * a:
            a, g = (a + g) / 2, sqrt(a * g)
        return a
    pi / 2 / agm(1 + 0*k, sqrt(1 - k**2))
    """,
    {"k": 0.6},
)
program(
    """
    # Power iteration and the Rayleigh quotient
    for _ in range(60):
        x = A @ x
        x = x / norm(x)
    x @ A @ x
    """,
    {"A": [[2.0, 0.5, 0.1], [0.5, 1.0, -0.3], [0.1, -0.3, 0.5]], "x": [1.0, 0.5, 0.25]},
    atol=1e-13,
)
program(
    """
    # The secant method, stopped by True
    f = lambda x: exp(-x) - a*x
    x0, x1 = 0.3 * a, a
    while True:
        x0, x1 = x1, x1 - f(x1) * (x1 - x0) / (f(x1) - f(x0))
        if abs(x1 - x0) < 1e-9:
            break
    x1
    """,
    {"a": 1.5},
)

# ---- learning ------------------------------------------------------------------------------------------------------

LAYERS = {
    "x": spread(4, 2), "t": spread(4, 1, seed=4), "W1": spread(2, 3, low=-1, high=1, seed=1),
    "b1": spread(3, low=-0.5, high=0.5, seed=2), "W2": spread(3, 3, low=-1, high=1, seed=3),
    "b2": spread(3, low=-0.5, high=0.5, seed=5), "W3": spread(3, 1, low=-1, high=1, seed=6), "b3": [0.1],
}  # fmt: skip

program(
    """
    # A multilayer perceptron with its layers in a list
    layers = [(W1, b1), (W2, b2)]
    h = x
    for W, b in layers[:-1]:
        h = tanh(h @ W + b)
    W, b = layers[-1]
    mean((h @ W + b - t)**2)
    """,
    {"x": [[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], "t": [[1.0], [1.0], [0.0]], "W1": [[0.5, -1.0], [1.5, 0.25]],
     "b1": [0.1, -0.2], "W2": [[1.0], [-0.5]], "b2": [0.3]},
)  # fmt: skip
program(
    """
    # Three layers, the last without activation
    params = [(W1, b1), (W2, b2), (W3, b3)]
    h = x
    for i, (W, b) in enumerate(params):
        h = h @ W + b
        if i < len(params) - 1:
            h = where(h > 0, h, slope * h)
    mean((h - t)**2)
    """,
    {**LAYERS, "slope": 0.1},
)
program(
    """
    # A multilayer perceptron of functions
    def layer(x, W, b, act=tanh):
        return act(x @ W + b)

    h = layer(x, W1, b1)
    h = layer(h, W2, b2, act=sigmoid)
    y = layer(h, W3, b3, act=lambda z: z)
    sum((y - t)**2) / 2
    """,
    LAYERS,
)
program(
    """
    # Layers zipped with their activations
    def dense(W, b):
        return lambda x: x @ W + b
    h = x
    for layer, act in zip([dense(W1, b1), dense(W2, b2), dense(W3, b3)], [relu, softplus, sigmoid]):
        h = act(layer(h))
    h
    """,
    LAYERS,
)
program(
    """
    # Perceptron with one hidden layer of two, small enough for all second derivatives
    def mlp(x, W, b, v, c):
        return v @ tanh(W * x + b) + c
    loss = 0
    for x_i, t_i in zip(xs, ts):
        loss += (mlp(x_i, W, b, v, c) - t_i)**2
    loss / len(xs)
    """,
    {"W": [0.5, -1.0], "b": [0.1, 0.3], "v": [1.2, 0.7], "c": 0.05, "xs": [-1.0, 0.5], "ts": [0.2, -0.4]},
)
DATA = {"X": spread(6, 2), "y": [1.0, 0.0, 1.0, 1.0, 0.0, 0.0]}
program(
    """
    # Logistic regression by gradient descent: how the loss at its end depends on rate, penalty and start
    def loss(w): return mean(softplus(X @ w) - y * (X @ w))
    for _ in range(25):
        grad = X.T @ (sigmoid(X @ w) - y) / len(y) + penalty * w
        w = w - rate * grad
    loss(w)
    """,
    {**DATA, "w": [0.1, -0.2], "rate": 0.5, "penalty": 0.01},
    hessian=False,
)
program(
    """
    # The same on two points, with momentum
    v = 0 * w
    for step in range(10):
        v = beta * v - rate * (X.T @ (sigmoid(X @ w) - y))
        w = w + v
    sum(w**2)
    """,
    {"X": [[1.0, 0.5], [-0.5, 1.0]], "y": [1.0, 0.0], "w": [0.1, -0.2], "rate": 0.3, "beta": 0.8},
)
program(
    """
    # Adam on Rosenbrock's function
    def grad(x, y): return stack([-2*(1 - x) - 40*x*(y - x**2), 20*(y - x**2)])
    m, s = zeros(2), zeros(2)
    for k in range(1, 16):
        g = grad(w[0], w[1])
        m = b1*m + (1 - b1)*g
        s = b2*s + (1 - b2)*g**2
        w = w - rate * (m / (1 - b1**k)) / (sqrt(s / (1 - b2**k)) + 1e-8)
    w
    """,
    {"w": [-1.2, 1.0], "rate": 0.1, "b1": 0.9, "b2": 0.99},
)

# ---- functions -----------------------------------------------------------------------------------------------------

program(
    """
    # A continued fraction by recursion
    def fraction(n):
        return 2*n - 1 + x**2 / fraction(n + 1) if n < 12 else 2*n - 1
    x / fraction(1)
    """,
    {"x": 0.9},
)
program(
    "def fib(n):\n    if n < 2: return [a, b][n]\n    return fib(n - 1) + fib(n - 2)\nfib(12)", {"a": 1.5, "b": -0.5}
)
program(
    """
    # Early return, defaults and keywords
    def huber(r, delta=1.0, scale=2):
        if abs(r) <= delta:
            return r**2 / scale
        return delta * (abs(r) - delta / 2) * 2 / scale
    huber(x) + huber(3*x, scale=3) + huber(y, delta=d) + huber(delta=y, r=x)
    """,
    {"x": 0.7, "y": 2.5, "d": 0.5},
)
program(
    """
    # Functions of functions
    def compose(f, g):
        def both(x):
            return f(g(x))
        return both
    def twice(f): return compose(f, f)
    twice(compose(sin, lambda x: a * x))(x) + twice(exp)(-x)
    """,
    {"x": 0.8, "a": 1.3},
)
program(
    """
    # What a function sees of the names around it, when it is called
    scale = 1
    def f(x): return scale * x**2
    first = f(x)
    scale = y
    def g(x, scale=3):
        y = x * scale
        return f(y) + y
    first + g(x) * g(x, y)
    """,
    {"x": 1.5, "y": -0.5},
)
program(
    """
    # A derivative by differences, as a function of a function
    def derivative(f, h=1e-2):
        return lambda x: (f(x + h) - f(x - h)) / (2*h)
    derivative(derivative(lambda x: sin(x) * x**2))(a)
    """,
    {"a": 0.9},
    atol=1e-10,
)
program(
    """
    # The determinant by minors
    def det(A):
        if len(A) == 1: return A[0, 0]
        total = 0
        for j in range(len(A)):
            minor = cat([A[1:, :j], A[1:, j+1:]], dim=1)
            total += (-1)**j * A[0, j] * det(minor)
        return total
    det(A)
    """,
    {"A": spread(3, 3)},
)
updating(
    """
    # The gamma function after Lanczos, with its reflection
    def gamma(z):
        if z < 0.5:
            return pi / (sin(pi*z) * gamma(1 - z))
        z -= 1
        x = 0.99999999999980993
        for i, c in enumerate([676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
                               12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7]):
            x = x + c / (z + i + 1)
        t = z + 7.5
        return (2*pi)**0.5 * t**(z + 0.5) * exp(-t) * x
    gamma(a) * gamma(b)
    """,
    {"a": 2.5, "b": -0.3},
    atol=1e-12,
    hessian=False,
)

# ---- loops, lists and tuples ---------------------------------------------------------------------------------------

program("y = 0\nfor c in p:\n    y = y*x + c\ny", {"p": [2.0, -1.0, 0.5, 3.0], "x": 1.5})
program("y = 0\nfor c in reversed([p, q, 2, p*q]): y = y*x + c\ny", {"p": 0.7, "q": -1.2, "x": [1.5, 0.5]})
program("a, b = x, y\nfor _ in range(10):\n    a, b = b, a + b\na * b", {"x": 1.5, "y": 0.5})
program(
    """
    # The escape time of a point of the Mandelbrot set, smoothed
    x, y = 0 * a, 0 * b
    for k in range(100):
        if x*x + y*y > 100: break
        x, y = x*x - y*y + a, 2*x*y + b
    k + 1 - log2(log(x*x + y*y) / 2)
    """,
    {"a": 0.35, "b": 0.5},
)
program(
    "z = 0*c\nn = 0\nwhile abs(z) < 10 and n < 50:\n    z = z*z + c\n    n += 1\nn * abs(z)",
    {"c": 0.4 + 0.5j},
    dtype="complex128",
)
program(
    "total = 0\nfor v in x:\n    if v < 0: continue\n    if v > 1.9: break\n    total += v**2\ntotal", {"x": spread(9)}
)
program("h, hs = 1, []\nfor v in x:\n    h = h * v\n    hs.append(h)\nstack(hs)", {"x": spread(5)})
program("hs = [x]\nfor i in range(4): hs.append(hs[-1] * hs[i // 2] + 1)\nhs[-1] + hs[2]", {"x": 0.4})
program(
    "row = [x for _ in range(3)]\nrow[0] = 2*x\nrow[1] = row[0] + x**2\nrow[-1] = row[1] * row[2]\nrow[1] * row[2]",
    {"x": 0.4},
)
program("sum(x**k / factorial(k) for k in range(0, 11))", {"x": 1.25})
program("sum((-1)**k * x**(2*k + 1) / factorial(2*k + 1) for k in range(8) if k != 3)", {"x": 1.25})
program("sum(x[i] * x[j] * (i + 1) for i in range(len(x)) for j in range(i))", {"x": spread(4)})
program("stack([v**i for i, v in enumerate(x) if v > 0])", {"x": spread(6)})
program("stack([stack([a*b for a in x]) for b in y if b != 0.5])", {"x": spread(3), "y": [1.0, 0.5, -2.0]})
program("stack([row @ row[j:j+1].expand(3) for j, row in enumerate(A)])", {"A": spread(3, 3)})
program("pairs = [(a, b) for a, b in zip(x, y)]\nsum(a * b**i for i, (a, b) in enumerate(pairs))",
        {"x": spread(3), "y": spread(3, seed=1)})  # fmt: skip
program("(a, b), c = (x, y), x*y\na + b*c", {"x": 1.5, "y": 0.5})
program("f = lambda x: (x**2, x**3)\na, b = f(x)\nf(a)[1] * b", {"x": 1.1})
program("y = x if x > 0 else -2*x\nz = 1 if y > 5 else y if y > 1 else y**2\ny * z", {"x": -1.25})
program("if x > 2: y = x\nelif x > 1 or x < -3:\n    y = x**2\n    y *= 3\nelse: pass\ny", {"x": 1.5})
program("s = 0\nfor i in range(n, 0, -2):\n    for j in range(i): s += x**j / i\ns", {"x": 0.8, "n": typed("int64", 7)})
program("i, s = 0, x\nwhile s < 50:\n    i += 1\n    s = s * 1.7 if i % 2 else s + i\ns * i", {"x": 0.7})
program(
    """
    # A curve of Bezier by de Casteljau
    points = [p for p in P]
    while len(points) > 1:
        points = [(1 - t)*a + t*b for a, b in zip(points[:-1], points[1:])]
    points[0]
    """,
    {"P": spread(4, 2), "t": 0.3},
)
program(
    """
    # Chebyshev's series by Clenshaw
    b1, b2 = 0, 0
    for k in range(len(c) - 1, 0, -1):
        b1, b2 = 2*x*b1 - b2 + c[k], b1
    x*b1 - b2 + c[0]
    """,
    {"c": spread(5), "x": 0.4},
)

# ---- several outputs -----------------------------------------------------------------------------------------------

program("x**2, x * y", {"x": 1.5, "y": spread(3)})
program("a, b = x * y, x - y\na, sin(b), argmax(b)", {"x": spread(3), "y": spread(3, seed=1)})
program("def split(x): return x[:2], x[2:]\nsplit(a * w)", {"a": spread(5), "w": 1.5})
program(
    """
    # A recurrent network: its last state, and all that it has shown
    h, ys = 0 * b, []
    for x_t in x:
        h = tanh(W @ h + U @ x_t + b)
        ys.append(v @ h)
    h, stack(ys)
    """,
    {**CELL, "x": spread(10, 2, seed=4)},
)
program(
    """
    # A root with the count of its steps, which has no derivative, and the last of them
    x, n = a, zeros(1)
    while True:
        step = (x**2 - a) / (2*x)
        x, n = x - step, n + 1
        if abs(step) < 1e-3: break
    x, n, step
    """,
    {"a": 3.0},
)

# ---- assignment to elements ----------------------------------------------------------------------------------------

updating("for i in range(1, len(a)):\n    a[i] = a[i-1] * r\nsum(a)", {"a": spread(5), "r": 0.9})
updating("for i in range(1, len(a)):\n    a[i] = a[i-1] * a[i] + r\na", {"a": spread(5), "r": 0.9})
updating("a[1:3] += w\na**2", {"a": spread(4), "w": [0.5, -1.5]})
updating("a[a < 0] = 0\nsum(a**2)", {"a": spread(5)})
updating("a[mask] = w\na[0] *= w**2\na", {"a": spread(4), "w": 1.5, "mask": typed("bool", [True, False, True, True])})
updating("a[:, 0] = v\na[1, 1:] *= 2 * v[0]\na[-1, -1] = a[0, 0] * v[1]\na", {"a": spread(2, 3), "v": [0.5, -1.5]})
updating("a[::2] = a[1::2]\na[-1] = a[0]**2\na", {"a": spread(6)})
updating("b = a\na[0] = w\nsum(a * c) - sum(b**2)", {"a": spread(3), "w": 0.5, "c": [1.0, -2.0, 3.0]})
updating("a[i] = w\na[[0, 2]] -= w**2\na", {"a": spread(4), "w": 0.5, "i": typed("int64", 1)})
updating("a[..., 1] /= w\na[None] * w", {"a": spread(2, 2), "w": 0.5})
updating(
    """
    # The decomposition of Cholesky
    L = zeros(3, 3)
    for i in range(3):
        for j in range(i + 1):
            s = A[i, j] - sum(L[i, k] * L[j, k] for k in range(j))
            L[i, j] = sqrt(s) if i == j else s / L[j, j]
    sum(L * L * L)
    """,
    {"A": [[4.0, 1.0, 0.5], [1.0, 3.0, -0.5], [0.5, -0.5, 2.0]]},
)
updating(
    """
    # Gauss: the determinant
    det = 1
    for k in range(len(A)):
        det = det * A[k, k]
        for i in range(k + 1, len(A)):
            A[i] -= A[i, k] / A[k, k] * A[k]
    det
    """,
    {"A": spread(3, 3)},
    atol=1e-13,
)
updating(
    """
    # A tridiagonal system by Thomas
    def thomas(a, b, c, d):
        n = len(b)
        for i in range(1, n):
            m = a[i-1] / b[i-1]
            b[i] = b[i] - m * c[i-1]
            d[i] = d[i] - m * d[i-1]
        x = zeros(n)
        x[-1] = d[-1] / b[-1]
        for i in range(n - 2, -1, -1):
            x[i] = (d[i] - c[i] * x[i+1]) / b[i]
        return x
    thomas(a, b, c, d)
    """,
    {"a": [0.5, -1.0, 0.25], "b": [2.0, 3.0, 2.5, 4.0], "c": [1.0, 0.5, -0.5], "d": [1.0, -2.0, 0.5, 0.25]},
)
updating(
    """
    # A natural cubic spline through six points, its knots a unit apart
    n = len(y)
    d = 6 * (y[2:] - 2*y[1:-1] + y[:-2])
    b = 4 * ones(n - 2)
    for i in range(1, n - 2):
        m = 1 / b[i-1]
        b[i] -= m
        d[i] -= m * d[i-1]
    M = zeros(n)
    for i in reversed(range(n - 2)):
        M[i+1] = (d[i] - M[i+2]) / b[i]
    i = int(floor(x))
    s = x - i
    (1-s)*y[i] + s*y[i+1] + ((1-s)**3 - (1-s))*M[i]/6 + (s**3 - s)*M[i+1]/6
    """,
    {"y": [0.0, 1.0, -0.5, 2.0, 1.0, 0.5], "x": 2.3},
)
updating(
    """
    # Gram and Schmidt
    for j in range(len(A)):
        for k in range(j):
            A[j] -= (A[j] @ A[k]) * A[k]
        A[j] /= norm(A[j])
    A
    """,
    {"A": [[1.0, 0.5], [-0.25, 1.5]]},
    atol=1e-15,
)

# ---- filters, chains and quadrature --------------------------------------------------------------------------------

program(
    """
    # A Kalman filter: the likelihood of what was observed
    m, P, loglik = zeros(2), eye(2), 0
    F = stack([stack([1 + 0*dt, dt]), stack([0*dt, 1 + 0*dt])])
    H = eye(2)[0:1]
    for z in zs:
        m, P = F @ m, F @ P @ F.T + q * eye(2)
        S = (H @ P @ H.T)[0, 0] + r
        K = P @ H.T / S
        error = z - (H @ m)[0]
        m, P = m + K[:, 0] * error, P - K @ H @ P
        loglik -= (log(2*pi*S) + error**2 / S) / 2
    loglik
    """,
    {"zs": [0.4, 1.1, 1.3, 2.2, 2.4], "dt": 0.5, "q": 0.1, "r": 0.3},
)
HMM = {"start": [-0.7, -0.7], "A": [[-0.3, -1.4], [-1.2, -0.4]], "B": [[-0.5, -1.0, -2.0], [-2.0, -1.1, -0.6]],
       "seen": typed("int64", [0, 1, 2, 2, 0])}  # fmt: skip
program(
    """
    # A hidden Markov model: the forward algorithm in logarithms
    f = start + B[:, seen[0]]
    for o in seen[1:]:
        f = logsumexp(f[:, None] + A, dim=0) + B[:, o]
    logsumexp(f, dim=0)
    """,
    HMM,
)
program(
    """
    # Its likeliest path, by Viterbi
    d = start + B[:, seen[0]]
    back = []
    for o in seen[1:]:
        scores = d[:, None] + A
        back.append(argmax(scores, dim=0))
        d = amax(scores, dim=0) + B[:, o]
    state = argmax(d, dim=0)
    for b in reversed(back):
        state = b[state]
    max(d) + start[state]
    """,
    HMM,
)
program(
    """
    # Gauss and Legendre's five points
    nodes = [-0.906179845938664, -0.538469310105683, 0, 0.538469310105683, 0.906179845938664]
    weights = [0.236926885056189, 0.478628670499366, 0.568888888888889, 0.478628670499366, 0.236926885056189]
    def integral(f, a, b):
        mid, half = (a + b)/2, (b - a)/2
        return half * sum(w * f(mid + half*x) for w, x in zip(weights, nodes))
    integral(lambda x: exp(-k * x**2), a, b)
    """,
    {"a": -0.5, "b": 1.5, "k": 0.7},
    atol=1e-15,
)
program(
    """
    # Trapezoids, until halving them changes nothing more
    def f(x): return 1 / (1 + k*x**2)
    n, old, new = 1, 0, (b - a) * (f(a) + f(b)) / 2
    while abs(new - old) > 1e-4:
        n, old = 2*n, new
        h = (b - a) / n
        new = old/2 + h * sum(f(a + i*h) for i in range(1, n, 2))
    new + (new - old)/3
    """,
    {"a": 0.0, "b": 2.0, "k": 1.5},
    atol=1e-14,
)
program(
    """
    # An American put on a binomial tree
    n = 8
    dt = T / n
    u = exp(sigma * sqrt(dt))
    p = (exp(r*dt) - 1/u) / (u - 1/u)
    S = stack([S0 * u**(2*j - n) for j in range(n + 1)])
    V = relu(K - S)
    for i in range(n):
        S = S[:-1] * u
        V = maximum(relu(K - S), exp(-r*dt) * (p*V[1:] + (1 - p)*V[:-1]))
    V[0]
    """,
    {"S0": 100.0, "K": 105.0, "T": 0.5, "r": 0.03, "sigma": 0.25},
)
program(
    """
    # Dynamic time warping, softly
    far = 1e6 + 0*g
    row = [far if j else 0*g for j in range(len(y) + 1)]
    for a in x:
        new = [far]
        for j, b in enumerate(y):
            near = stack([row[j], row[j+1], new[j]])
            new.append((a - b)**2 - g * logsumexp(-near / g, dim=0))
        row = new
    row[-1]
    """,
    {"x": [0.0, 1.0, 2.0], "y": [0.2, 0.9, 1.4, 2.1], "g": 0.5},
)
program("s = x[0]\nfor v in x[1:]:\n    s = alpha * v + (1 - alpha) * s\ns", {"x": spread(5), "alpha": 0.3})
