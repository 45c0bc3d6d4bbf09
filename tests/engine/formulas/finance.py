"""Formulas of finance and economics."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import sympy

from tests.engine.formulas.formula import Formula, bell, below, dot, total


def _price(S: Any, K: Any, T: Any, r: Any, q: Any, vol: Any) -> Any:
    """What a call is worth: the mean over the prices at its end, each with its probability."""
    a, b = mp.log(K / S), (r - q - vol**2 / 2) * T
    least = (a - b) / (vol * mp.sqrt(T))
    paid = S * mp.exp(-q * T) * (1 - below(least - vol * mp.sqrt(T)))
    return paid - K * mp.exp(-r * T) * (1 - below(least))


FINANCE = [
    Formula(
        "price of a European call, and all greeks of the first order",
        "Black & Scholes 1973; Hull, Options, Futures, and Other Derivatives",
        "d1 = (np.log(S/K) + (r + sigma**2/2)*T)/(sigma*np.sqrt(T))\nd2 = d1 - sigma*np.sqrt(T)\n"
        "S*scipy.special.ndtr(d1) - K*np.exp(-r*T)*scipy.special.ndtr(d2)",
        {"S": 100.0, "K": 105.0, "T": 0.75, "r": 0.03, "sigma": 0.25},
        lambda S, K, T, r, vol: _price(S, K, T, r, mp.mpf(0), vol),
    ),
    Formula(
        "price of a put on a share that pays dividends, with the error function",
        "Merton 1973; Hull, Options, Futures, and Other Derivatives",
        "d1 = (log(S/K) + (r - q + 0.5*vol**2)*T)/(vol*sqrt(T)); d2 = d1 - vol*sqrt(T)\n"
        "K*exp(-r*T)*0.5*(1 + erf(-d2/sqrt(2))) - S*exp(-q*T)*0.5*(1 + erf(-d1/sqrt(2)))",
        {"S": 95.0, "K": 100.0, "T": 1.5, "r": 0.02, "q": 0.01, "vol": 0.3},
        lambda S, K, T, r, q, vol: _price(S, K, T, r, q, vol) - S * mp.exp(-q * T) + K * mp.exp(-r * T),
    ),
    Formula(
        "gamma of an option in closed form",
        "Hull, Options, Futures, and Other Derivatives",
        "d1 = (np.log(S/K) + (r + 0.5*σ**2)*T)/(σ*np.sqrt(T))\nnp.exp(-d1**2/2)/np.sqrt(2*np.pi)/(S*σ*np.sqrt(T))",
        {"S": 100.0, "K": 95.0, "T": 0.5, "r": 0.01, "σ": 0.2},
        lambda S, K, T, r, vol: mp.diff(lambda s: _price(s, K, T, r, mp.mpf(0), vol), S, 2),
    ),
    Formula(
        "price of a call on a future",
        "Black 1976",
        "d1 = (log(F/K) + vol**2*T/2)/(vol*sqrt(T))\nexp(-r*T)*(F*ndtr(d1) - K*ndtr(d1 - vol*sqrt(T)))",
        {"F": 52.0, "K": 50.0, "T": 0.4, "r": 0.02, "vol": 0.35},
        lambda F, K, T, r, vol: _price(F, K, T, r, r, vol),
    ),
    Formula(
        "price of an option after Bachelier",
        "Bachelier 1900",
        "d = (F - K)/(s*sqrt(T)); (F - K)*ndtr(d) + s*sqrt(T)*exp(-d**2/2)/sqrt(2*pi)",
        {"F": 0.021, "K": 0.025, "s": 0.009, "T": 2.0},
        lambda F, K, s, T: s * mp.sqrt(T) * (lambda d: d * below(d) + bell(d))((F - K) / (s * mp.sqrt(T))),
    ),
    Formula(
        "Merton's distance to default",
        "Merton 1974",
        "(np.log(V/D) + (mu - 0.5*sigma_V**2)*T)/(sigma_V*np.sqrt(T))",
        {"V": 120.0, "D": 90.0, "mu": 0.05, "sigma_V": 0.22, "T": 1.0},
        lambda V, D, mu, s, T: (sympy.log(V) - sympy.log(D) + mu * T) / (s * sympy.sqrt(T)) - s * sympy.sqrt(T) / 2,
        symbolic=True,
    ),
    Formula(
        "price of a bond in Vasicek's model",
        "Vasicek 1977",
        "B = (1 - exp(-a*T))/a\nA = exp((b - sigma**2/(2*a**2))*(B - T) - sigma**2/(4*a)*B**2)\nA*exp(-B*r)",
        {"a": 0.3, "b": 0.05, "sigma": 0.02, "T": 4.0, "r": 0.03},
        lambda a, b, s, T, r: mp.exp(
            -mp.quad(lambda t: b + (r - b) * mp.exp(-a * t), [0, T])
            + mp.quad(lambda t: (s * mp.expm1(-a * t) / a) ** 2 / 2, [0, T])
        ),
    ),
    Formula(
        "price of a bond in the model of Cox, Ingersoll and Ross",
        "Cox, Ingersoll & Ross 1985",
        "h = sqrt(k**2 + 2*s**2)\nden = 2*h + (k + h)*(exp(h*T) - 1)\n"
        "A = (2*h*exp((k + h)*T/2)/den)**(2*k*theta/s**2)\nB = 2*(exp(h*T) - 1)/den\nA*exp(-B*r)",
        {"k": 0.4, "theta": 0.045, "s": 0.12, "T": 3.0, "r": 0.02},
        lambda k, th, s, T, r: (
            lambda h: mp.exp(
                k * T * k * th / s**2
                - 2 * k * th / s**2 * mp.log(mp.cosh(h * T / 2) + k / h * mp.sinh(h * T / 2))
                - 2 * r / (k + h * mp.coth(h * T / 2))
            )
        )(mp.sqrt(k**2 + 2 * s**2)),
    ),
    Formula(
        "net present value",
        "Brealey, Myers & Allen, Principles of Corporate Finance",
        "np.sum(cf / (1 + r)**np.arange(len(cf)))",
        {"r": 0.08, "cf": [-1000.0, 300.0, 420.0, 680.0]},
        lambda r, cf: mp.polyval(cf[::-1], 1 / (1 + r)),
    ),
    Formula(
        "internal rate of return, by Newton's iteration from a guess",
        "Brealey, Myers & Allen, Principles of Corporate Finance",
        "t = np.arange(4)\nr = 0.16\n" + "r = r + (cf*(1 + r)**-t).sum()/(t*cf*(1 + r)**(-t - 1)).sum()\n" * 5,
        {"cf": [-1000.0, 300.0, 420.0, 680.0]},
        lambda cf: mp.findroot(lambda r: mp.polyval(cf, 1 + r), 0.16),
        rtol=1e-11,  # five steps
    ),
    Formula(
        "Macaulay's duration of a bond",
        "Macaulay 1938; Fabozzi, Bond Markets",
        "t = np.arange(1, 11)/2\nc = coupon/2*np.ones(10) + np.where(t == 5, face, 0)\nv = (1 + y/2)**(-2*t)\n"
        "(t*c*v).sum()/(c*v).sum()",
        {"face": 100.0, "coupon": 5.0, "y": 0.043},
        lambda face, coupon, y: (
            -mp.diff(
                lambda s: mp.log(total(coupon / 2 * mp.exp(-s * k / 2) for k in range(1, 11)) + face * mp.exp(-5 * s)),
                2 * mp.log1p(y / 2),
            )
        ),
    ),
    Formula(
        "monthly payment of a loan",
        "numpy_financial.pmt",
        "(pv + fv*(1 + rate)**-nper) * rate/(1 - (1 + rate)**-nper)",
        {"rate": 0.004, "nper": 240.0, "pv": 150000.0, "fv": 0.0},
        lambda rate, n, pv, fv: (pv + fv * mp.exp(-n * mp.log1p(rate))) / (-mp.expm1(-n * mp.log1p(rate)) / rate),
        rtol=1e-11,  # (1 + rate) to a power of 240
    ),
    Formula(
        "Kelly's fraction and the growth it gives",
        "Kelly 1956",
        "f = p - (1 - p)/b\np*np.log(1 + f*b) + (1 - p)*np.log(1 - f)",
        {"p": 0.6, "b": 1.2},
        lambda p, b: (1 - p) * sympy.log(1 - p) + p * sympy.log(p) + sympy.log(1 + b) - (1 - p) * sympy.log(b),
        rtol=1e-11,  # the logarithms nearly cancel
        symbolic=True,
    ),
    Formula(
        "Sharpe ratio of a portfolio",
        "Sharpe 1966",
        "(w @ mu - rf)/np.sqrt(w @ Sigma @ w)",
        {
            "w": [0.5, 0.3, 0.2],
            "mu": [0.08, 0.05, 0.11],
            "rf": 0.02,
            "Sigma": [[0.04, 0.01, 0.0], [0.01, 0.03, 0.005], [0.0, 0.005, 0.09]],
        },
        lambda w, mu, rf, S: (
            (dot(w, mu) - rf) / mp.sqrt(total(w[i] * w[j] * S[i][j] for i in range(3) for j in range(3)))
        ),
    ),
    Formula(
        "weights of the portfolio of least variance",
        "Markowitz 1952",
        "ones = np.ones(2)\nw = np.linalg.inv(S) @ ones\nw = w/(ones @ w)\nw @ mu",
        {"S": [[0.04, 0.01], [0.02, 0.09]], "mu": [0.05, 0.09]},
        lambda S, mu: (
            (mu[0] * (S[1][1] - S[0][1]) + mu[1] * (S[0][0] - S[1][0])) / (S[1][1] - S[0][1] + S[0][0] - S[1][0])
        ),
    ),
    Formula(
        "value at risk and expected shortfall of a normal loss",
        "McNeil, Frey & Embrechts, Quantitative Risk Management",
        "z = scipy.special.ndtri(alpha)\nmu + sigma*np.exp(-z**2/2)/np.sqrt(2*np.pi)/(1 - alpha)",
        {"mu": 0.01, "sigma": 0.2, "alpha": 0.975},
        lambda mu, s, a: mu + s * bell(mp.findroot(lambda z: below(z) - a, 1.96)) / (1 - a),
    ),
    Formula(
        "log-likelihood of GARCH(1, 1), three days written out",
        "Bollerslev 1986",
        "h = omega/(1 - alpha - beta)\nll = log(h) + y[0]**2/h\nh = omega + alpha*y[0]**2 + beta*h\n"
        "ll += log(h) + y[1]**2/h\nh = omega + alpha*y[1]**2 + beta*h\n"
        "ll += log(h) + y[2]**2/h\n-0.5*(ll + 3*log(2*pi))",
        {"omega": 0.1, "alpha": 0.15, "beta": 0.7, "y": [0.6, -1.4, 0.2]},
        lambda o, a, b, y: total(
            mp.log(bell(v / mp.sqrt(s)) / mp.sqrt(s))
            for v, s in zip(
                y,
                [
                    o / (1 - a - b),
                    o + a * y[0] ** 2 + b * o / (1 - a - b),
                    o + a * y[1] ** 2 + b * (o + a * y[0] ** 2) + b**2 * o / (1 - a - b),
                ],
                strict=True,
            )
        ),
    ),
    Formula(
        "Cobb and Douglas' production",
        "Cobb & Douglas 1928",
        "A * L**beta * K**alpha",
        {"A": 1.01, "L": 80.0, "K": 35.0, "alpha": 0.25, "beta": 0.75},
        lambda A, L, K, a, b: A * sympy.exp(a * sympy.log(K) + b * sympy.log(L)),
        symbolic=True,
    ),
    Formula(
        "production of constant elasticity",
        "Arrow, Chenery, Minhas & Solow 1961",
        "F*(a*K**rho + (1 - a)*L**rho)**(nu/rho)",
        {"F": 1.2, "a": 0.35, "K": 10.0, "L": 25.0, "rho": -0.5, "nu": 0.95},
        lambda F, a, K, L, rho, nu: F * sympy.exp(nu / rho * sympy.log(L**rho + a * (K**rho - L**rho))),
        symbolic=True,
    ),
    Formula(
        "utility of constant relative aversion to risk",
        "Arrow 1965; Pratt 1964",
        "(c**(1 - gamma) - 1)/(1 - gamma) if gamma != 1 else log(c)",
        {"c": 2.4, "gamma": 3.0},
        lambda c, g: mp.quad(lambda t: t**-g, [1, c]),
    ),
    Formula(
        "yield curve of Nelson and Siegel",
        "Nelson & Siegel 1987",
        "x = tau/lam; b0 + b1*(1 - exp(-x))/x + b2*((1 - exp(-x))/x - exp(-x))",
        {"b0": 0.04, "b1": -0.02, "b2": 0.01, "lam": 1.8, "tau": 5.0},
        lambda b0, b1, b2, lam, tau: mp.quad(lambda t: b0 + (b1 + b2 * t / lam) * mp.exp(-t / lam), [0, tau]) / tau,
    ),
    Formula(
        "implied variance of the SVI curve",
        "Gatheral 2004",
        "a + b*(rho*(k - m) + np.sqrt((k - m)**2 + sigma**2))",
        {"a": 0.04, "b": 0.4, "rho": -0.4, "k": 0.2, "m": 0.1, "sigma": 0.15},
        lambda a, b, rho, k, m, s: a + b * (rho * (k - m) + mp.hypot(k - m, s)),
    ),
]
