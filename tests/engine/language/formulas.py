"""Forty formulas as papers and textbooks print them in LaTeX, each beside the same in mpmath, written independently.

The mathematics is from: Bishop, Pattern Recognition and Machine Learning; Goodfellow, Bengio and Courville, Deep
Learning; Wasserman, All of Statistics; Hull, Options, Futures, and Other Derivatives; Halliday and Resnick,
Fundamentals of Physics; Griffiths, Introduction to Quantum Mechanics; Atkins, Physical Chemistry; Abramowitz and
Stegun. The inputs are by the names that a request has, in the order of the oracle's parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import mpmath as mp


@dataclass(frozen=True)
class Formula:
    """A formula, its inputs, and its value as mpmath has it."""

    title: str
    latex: str
    inputs: dict[str, Any]
    oracle: Callable[..., Any]


def _erf_cdf(x: Any) -> Any:
    return mp.ncdf(x)


def _black_scholes(s: Any, k: Any, r: Any, sigma: Any, t: Any) -> Any:
    d1 = (mp.log(s / k) + (r + sigma**2 / 2) * t) / (sigma * mp.sqrt(t))
    return s * _erf_cdf(d1) - k * mp.exp(-r * t) * _erf_cdf(d1 - sigma * mp.sqrt(t))


def _log_density(x: Any, mu: Any, cov: Any) -> Any:
    (a, b), (c, d) = cov
    det = a * d - b * c
    u, v = x[0] - mu[0], x[1] - mu[1]
    quadratic = (d * u * u - (b + c) * u * v + a * v * v) / det
    return -quadratic / 2 - mp.log(4 * mp.pi**2 * det) / 2


def _correlation(x: Any, y: Any) -> Any:
    mx, my = mp.fsum(x) / len(x), mp.fsum(y) / len(y)
    cross = mp.fsum((a - mx) * (b - my) for a, b in zip(x, y, strict=True))
    return cross / mp.sqrt(mp.fsum((a - mx) ** 2 for a in x) * mp.fsum((b - my) ** 2 for b in y))


def _logistic_loss(y: Any, z: Any) -> Any:
    return mp.fsum(t * mp.log1p(mp.exp(-a)) + (1 - t) * mp.log1p(mp.exp(a)) for t, a in zip(y, z, strict=True))


def _ridge(y: Any, rows: Any, w: Any, lam: Any) -> Any:
    residuals = [t - mp.fsum(a * b for a, b in zip(row, w, strict=True)) for t, row in zip(y, rows, strict=True)]
    return mp.fsum(r**2 for r in residuals) + lam * mp.fsum(b**2 for b in w)


def _haversine(radius: Any, phi1: Any, phi2: Any, lam1: Any, lam2: Any) -> Any:
    cosine = mp.sin(phi1) * mp.sin(phi2) + mp.cos(phi1) * mp.cos(phi2) * mp.cos(lam2 - lam1)
    return radius * mp.acos(cosine)


FORMULAS = (
    # Statistics
    Formula(
        "normal density",
        r"\frac{1}{\sqrt{2\pi}\sigma} e^{-\frac{(x-\mu)^2}{2\sigma^2}}",
        {"x": 0.7, "mu": -0.2, "sigma": 1.3},
        lambda x, mu, sigma: mp.npdf(x, mu, sigma),
    ),
    Formula(
        "Poisson probability",
        r"P(X=k) = \frac{\lambda^k e^{-\lambda}}{k!}",
        {"lambda": 2.5, "k": 3.0},
        lambda lam, k: mp.exp(k * mp.log(lam) - lam - mp.loggamma(k + 1)),
    ),
    Formula(
        "binomial probability",
        r"\binom{n}{k} p^k (1-p)^{n-k}",
        {"n": 10.0, "k": 4.0, "p": 0.35},
        lambda n, k, p: mp.binomial(n, k) * p**k * (1 - p) ** (n - k),
    ),
    Formula(
        "beta density",
        r"\frac{\Gamma(\alpha+\beta)}{\Gamma(\alpha)\Gamma(\beta)} x^{\alpha-1}(1-x)^{\beta-1}",
        {"x": 0.3, "alpha": 2.2, "beta": 3.1},
        lambda x, a, b: x ** (a - 1) * (1 - x) ** (b - 1) / mp.beta(a, b),
    ),
    Formula(
        "Student's t",
        r"\frac{\Gamma\left(\frac{\nu+1}{2}\right)}{\sqrt{\nu\pi}\,\Gamma\left(\frac{\nu}{2}\right)}"
        r" \left(1+\frac{t^2}{\nu}\right)^{-\frac{\nu+1}{2}}",
        {"t": 1.1, "nu": 5.0},
        lambda t, nu: 1 / (mp.sqrt(nu) * mp.beta(nu / 2, mp.mpf(1) / 2)) * (1 + t**2 / nu) ** (-(nu + 1) / 2),
    ),
    Formula(
        "normal log density of several variables",
        r"-\tfrac{1}{2}(\mathbf{x}-\boldsymbol{\mu})^\top \Sigma^{-1} (\mathbf{x}-\boldsymbol{\mu})"
        r" - \tfrac{1}{2}\ln\left|2\pi\Sigma\right|",
        {"x": [0.4, 1.2], "μ": [0.1, -0.3], "Sigma": [[2.0, 0.3], [0.3, 1.5]]},
        _log_density,
    ),
    Formula(
        "correlation",
        r"\bar{x} = \frac{1}{4}\sum_{i=1}^{4} x_i \\ \bar{y} = \frac{1}{4}\sum_{i=1}^{4} y_i \\"
        r" r_{xy} = \frac{\sum_{i=1}^{4}(x_i-\bar{x})(y_i-\bar{y})}"
        r"{\sqrt{\sum_{i=1}^{4}(x_i-\bar{x})^2}\sqrt{\sum_{i=1}^{4}(y_i-\bar{y})^2}}",
        {"x": [1.0, 2.5, 3.0, 4.2], "y": [0.8, 2.0, 3.5, 3.9]},
        _correlation,
    ),
    Formula(
        "Weibull density",
        r"f(x;\lambda,k) = \frac{k}{\lambda}\left(\frac{x}{\lambda}\right)^{k-1}e^{-(x/\lambda)^{k}}",
        {"x": 0.8, "lambda": 1.4, "k": 1.7},
        lambda x, lam, k: -mp.diff(lambda u: mp.exp(-((u / lam) ** k)), x),
    ),
    Formula(
        "Shannon entropy",
        r"H = -\sum_{i} p_i \log_2 p_i",
        {"p": [0.1, 0.2, 0.3, 0.4]},
        lambda p: -mp.fsum(q * mp.log(q, 2) for q in p),
    ),
    # Machine learning
    Formula(
        "logistic loss",
        r"\sigma(z) = \frac{1}{1+e^{-z}} \\"
        r" L = -\sum_{i=1}^{3} \left[ y_i \ln \sigma(z_i) + (1-y_i) \ln\left(1-\sigma(z_i)\right) \right]",
        {"y": [1.0, 0.0, 0.25], "z": [0.3, -1.2, 2.0]},
        _logistic_loss,
    ),
    Formula(
        "cross entropy of a softmax",
        r"-\ln \frac{e^{z_2}}{\sum_{j=1}^{3} e^{z_j}}",
        {"z": [0.2, 1.5, -0.7]},
        lambda z: mp.log(mp.fsum(mp.exp(v - z[1]) for v in z)),
    ),
    Formula(
        "ridge regression",
        r"\|\mathbf{y} - \mathbf{X}\mathbf{w}\|_2^2 + \lambda \|\mathbf{w}\|_2^2",
        {"y": [1.0, 2.0, 0.5], "X": [[1.0, 0.2], [0.4, 1.1], [0.9, -0.3]], "w": [0.7, -0.4], "λ": 0.1},
        _ridge,
    ),
    Formula(
        "GELU",
        r"0.5x\left(1+\tanh\left[\sqrt{2/\pi}\left(x+0.044715x^3\right)\right]\right)",
        {"x": 0.9},
        lambda x: x / 2 * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (x + mp.mpf(0.044715) * x**3))),
    ),
    Formula(
        "radial basis function",
        r"k(\mathbf{x},\mathbf{x}') = \exp\left(-\frac{\|\mathbf{x}-\mathbf{x}'\|^2}{2\ell^2}\right)",
        {"x": [0.1, 0.9], "x_prime": [-0.4, 0.6], "ell": 0.8},
        lambda x, y, ell: mp.exp(-mp.fsum((a - b) ** 2 for a, b in zip(x, y, strict=True)) / (2 * ell**2)),
    ),
    Formula(
        "divergence of two normal distributions",
        r"D_{\mathrm{KL}}(p \,\|\, q) = \ln\frac{\sigma_2}{\sigma_1}"
        r" + \frac{\sigma_1^2+(\mu_1-\mu_2)^2}{2\sigma_2^2} - \frac{1}{2}",
        {"sigma_1": 0.8, "sigma_2": 1.5, "mu_1": 0.3, "mu_2": -0.1},
        lambda s1, s2, m1, m2: mp.log(s2) - mp.log(s1) + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2) - mp.mpf(1) / 2,
    ),
    Formula(
        "Huber's loss",
        r"L_\delta(a) = \begin{cases} \frac{1}{2}a^2 & \text{for } |a| \le \delta, \\"
        r" \delta\left(|a| - \frac{1}{2}\delta\right) & \text{otherwise.} \end{cases}",
        {"a": -2.0, "delta": 1.5},
        lambda a, delta: a**2 / 2 if abs(a) <= delta else delta * (abs(a) - delta / 2),
    ),
    Formula(
        "hinge loss",
        r"\max(0, 1 - y\hat{y})",
        {"y": -1.0, "y_hat": 0.4},
        lambda y, p: max(mp.mpf(0), 1 - y * p),
    ),
    Formula(
        "a step of Adam",
        r"\theta_{t+1} = \theta_t - \frac{\eta}{\sqrt{\hat{v}_t}+\epsilon}\hat{m}_t",
        {"theta_t": 0.5, "eta": 0.01, "v_hat_t": 0.3, "epsilon": 1e-3, "m_hat_t": -0.7},
        lambda theta, eta, v, eps, m: theta - eta * m / (mp.sqrt(v) + eps),
    ),
    # Finance
    Formula(
        "Black and Scholes",
        r"\begin{aligned} \Phi(x) &= \frac{1}{2}\left[1+\operatorname{erf}\left(\frac{x}{\sqrt{2}}\right)\right] \\"
        r" d_1 &= \frac{\ln(S/K) + (r + \sigma^2/2)\,T}{\sigma\sqrt{T}} \\ d_2 &= d_1 - \sigma\sqrt{T} \\"
        r" C &= S\,\Phi(d_1) - K e^{-rT}\,\Phi(d_2) \end{aligned}",
        {"S": 42.0, "K": 40.0, "r": 0.1, "sigma": 0.2, "T": 0.5},
        _black_scholes,
    ),
    Formula(
        "annuity",
        r"A = P\,\frac{r(1+r)^n}{(1+r)^n-1}",
        {"P": 1000.0, "r": 0.04, "n": 12.0},
        lambda p, r, n: p * r / (1 - (1 + r) ** -n),
    ),
    Formula(
        "net present value",
        r"\mathrm{NPV} = \sum_{t=0}^{3} \frac{C_t}{(1+r)^t}",
        {"C": [-100.0, 40.0, 45.0, 50.0], "r": 0.07},
        lambda c, r: mp.polyval(c[::-1], 1 / (1 + r)),
    ),
    Formula(
        "constant relative risk aversion",
        r"u(c) = \begin{cases} \frac{c^{1-\gamma}-1}{1-\gamma} & \gamma \neq 1 \\ \ln c & \gamma = 1 \end{cases}",
        {"c": 1.8, "gamma": 2.5},
        lambda c, g: (c ** (1 - g) - 1) / (1 - g),
    ),
    # Physics and chemistry
    Formula(
        "Lorentz factor",
        r"\gamma = \frac{1}{\sqrt{1-\frac{v^2}{c^2}}}",
        {"v": 0.6, "c": 1.1},
        lambda v, c: c / mp.sqrt((c - v) * (c + v)),
    ),
    Formula(
        "Planck's law",
        r"B_\nu(T) = \frac{2h\nu^3}{c^2} \frac{1}{e^{\frac{h\nu}{k_\mathrm{B} T}} - 1}",
        {"h": 0.7, "nu": 1.3, "c": 2.0, "k_B": 0.9, "T": 1.6},
        lambda h, nu, c, k, t: 2 * h * nu**3 / c**2 / mp.expm1(h * nu / (k * t)),
    ),
    Formula(
        "Lennard-Jones potential",
        r"V(r) = 4\varepsilon\left[\left(\frac{\sigma}{r}\right)^{12} - \left(\frac{\sigma}{r}\right)^6\right]",
        {"epsilon": 0.8, "sigma": 1.1, "r": 1.4},
        lambda eps, s, r: 4 * eps * ((s / r) ** 6 - 1) * (s / r) ** 6,
    ),
    Formula(
        "damped oscillation",
        r"x(t) = A e^{-\gamma t}\cos(\omega t + \varphi)",
        {"A": 1.5, "gamma": 0.3, "t": 2.0, "omega": 1.7, "phi": 0.4},
        lambda a, g, t, w, p: a * mp.re(mp.exp(mp.mpc(-g * t, w * t + p))),
    ),
    Formula(
        "Coulomb's law",
        r"F = \frac{1}{4\pi\varepsilon_0} \frac{|q_1 q_2|}{r^2}",
        {"varepsilon_0": 0.4, "q_1": -1.2, "q_2": 0.7, "r": 1.9},
        lambda e0, q1, q2, r: abs(q1 * q2) / (4 * mp.pi * e0 * r**2),
    ),
    Formula(
        "Morse potential",
        r"D_e\left(1-e^{-a(r-r_e)}\right)^2",
        {"D_e": 4.5, "a": 1.9, "r": 0.9, "r_e": 0.74},
        lambda d, a, r, r0: d * mp.expm1(-a * (r - r0)) ** 2,
    ),
    Formula(
        "period of a pendulum",
        r"T \approx 2\pi\sqrt{\frac{L}{g}}\left(1+\frac{1}{16}\theta_0^2+\frac{11}{3072}\theta_0^4\right)",
        {"L": 1.2, "g": 9.81, "θ_0": 0.5},
        lambda length, g, th: 2 * mp.pi * mp.sqrt(length / g) * (1 + th**2 / 16 + 11 * th**4 / 3072),
    ),
    Formula(
        "van der Waals",
        r"\left(P + a\frac{n^2}{V^2}\right)(V - nb) - nRT",
        {"P": 1.1, "a": 0.5, "n": 2.0, "V": 3.0, "b": 0.2, "R": 0.9, "T": 1.4},
        lambda p, a, n, v, b, r, t: (p + a * n**2 / v**2) * (v - n * b) - n * r * t,
    ),
    Formula(
        "Compton scattering",
        r"\lambda' = \lambda + \frac{h}{m_e c}(1-\cos\theta)",
        {"lambda": 0.5, "h": 0.6, "m_e": 1.3, "c": 2.0, "theta": 1.1},
        lambda lam, h, m, c, th: lam + 2 * h / (m * c) * mp.sin(th / 2) ** 2,
    ),
    Formula(
        "Snell's law",
        r"\theta_2 = \sin^{-1}\left(\frac{n_1}{n_2}\sin\theta_1\right)",
        {"n_1": 1.0, "n_2": 1.5, "theta_1": 0.8},
        lambda n1, n2, th: mp.asin(n1 * mp.sin(th) / n2),
    ),
    Formula(
        "Michaelis and Menten",
        r"v = \frac{V_{\max}[S]}{K_\mathrm{m}+[S]}",
        {"V_max": 2.0, "S": 0.7, "K_m": 0.4},
        lambda v, s, k: v / (1 + k / s),
    ),
    # Mathematics
    Formula(
        "the exponential series",
        r"\sum_{k=0}^{10} \frac{x^k}{k!}",
        {"x": 0.8},
        lambda x: mp.fsum(x**k / mp.factorial(k) for k in range(11)),
    ),
    Formula(
        "Euler's product",
        r"x\prod_{k=1}^{5}\left(1-\frac{x^2}{k^2\pi^2}\right)",
        {"x": 1.3},
        lambda x: x * mp.fprod((1 - x / (k * mp.pi)) * (1 + x / (k * mp.pi)) for k in range(1, 6)),
    ),
    Formula(
        "law of cosines",
        r"c = \sqrt{a^2+b^2-2ab\cos\gamma}",
        {"a": 1.5, "b": 2.1, "gamma": 0.7},
        lambda a, b, g: abs(mp.mpc(a - b * mp.cos(g), b * mp.sin(g))),
    ),
    Formula(
        "quadratic formula",
        r"\frac{-b+\sqrt{b^2-4ac}}{2a}",
        {"a": 1.0, "b": -3.2, "c": 1.1},
        lambda a, b, c: 2 * c / (-b - mp.sqrt(b**2 - 4 * a * c)),
    ),
    Formula(
        "haversine",
        r"2R\arcsin\sqrt{\sin^2\left(\frac{\phi_2-\phi_1}{2}\right)"
        r" + \cos\phi_1 \cos\phi_2 \sin^2\left(\frac{\lambda_2-\lambda_1}{2}\right)}",
        {"R": 6371.0, "phi_1": 0.84, "phi_2": 0.92, "lambda_1": 0.03, "lambda_2": 0.22},
        _haversine,
    ),
    Formula(
        "determinant and quadratic form",
        r"\begin{vmatrix} a & b \\ b & c \end{vmatrix}"
        r" + \begin{pmatrix} x & y \end{pmatrix} \begin{bmatrix} a & b \\ b & c \end{bmatrix}"
        r" \begin{pmatrix} x \\ y \end{pmatrix}",
        {"a": 2.0, "b": 0.5, "c": 1.5, "x": 0.3, "y": -0.8},
        lambda a, b, c, x, y: a * c - b**2 + a * x**2 + 2 * b * x * y + c * y**2,
    ),
    Formula(
        "Rosenbrock's function",
        r"\sum_{i=1}^{3}\left[100\left(x_{i+1}-x_i^2\right)^2 + \left(1-x_i\right)^2\right]",
        {"x": [0.9, 1.1, 0.8, 1.2]},
        lambda x: mp.fsum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in pairwise(x)),
    ),
)
