"""Formulas of probability and statistics."""

from __future__ import annotations

import mpmath as mp
import sympy

from tests.engine.formulas.formula import Formula, bell, below, dot, mean, total

STATISTICS = [
    Formula(
        "density of the normal distribution",
        "scipy.stats.norm; Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions",
        "1/(sigma*np.sqrt(2*np.pi)) * np.exp(-0.5*((x - mu)/sigma)**2)",
        {"x": 1.3, "mu": 0.4, "sigma": 1.7},
        lambda x, mu, s: bell((x - mu) / s) / s,
    ),
    Formula(
        "log-density of the normal distribution",
        "torch.distributions.Normal.log_prob",
        "var = scale ** 2\nlog_scale = math.log(scale)\n"
        "-((value - loc) ** 2) / (2 * var) - log_scale - math.log(math.sqrt(2 * math.pi))",
        {"value": -0.7, "loc": 0.2, "scale": 1.3},
        lambda x, mu, s: mp.log(bell((x - mu) / s) / s),
    ),
    Formula(
        "the same in Unicode mathematics",
        "any textbook",
        "exp(−(x − μ)² / (2·σ²)) / (σ·√(2·π))",
        {"x": 2.0, "μ": 1.5, "σ": 0.8},
        lambda x, mu, s: sympy.exp(-(((x - mu) / s) ** 2) / 2) / (s * sympy.sqrt(2 * sympy.pi)),
        symbolic=True,
    ),
    Formula(
        "negative log-likelihood of normal data",
        "Casella & Berger, Statistical Inference, ch. 7",
        "n = len(x)\nn/2*log(2*pi*sigma**2) + ((x - mu)**2).sum()/(2*sigma**2)",
        {"x": [0.2, 1.9, -0.4, 0.8], "mu": 0.5, "sigma": 1.1},
        lambda x, mu, s: -total(mp.log(bell((v - mu) / s) / s) for v in x),
    ),
    Formula(
        "log-density of Student's t",
        "scipy.stats.t; Gosset 1908",
        "gammaln((nu + 1)/2) - gammaln(nu/2) - 0.5*np.log(nu*np.pi*s**2) - (nu + 1)/2*np.log1p(((x - m)/s)**2/nu)",
        {"x": 2.4, "nu": 3.5, "m": 0.3, "s": 1.4},
        lambda x, nu, m, s: (
            -mp.log(s * mp.sqrt(nu) * mp.beta(nu / 2, 0.5)) - (nu + 1) / 2 * mp.log(1 + ((x - m) / s) ** 2 / nu)
        ),
    ),
    Formula(
        "log-density of the gamma distribution",
        "torch.distributions.Gamma.log_prob",
        "torch.xlogy(concentration, rate) + torch.xlogy(concentration - 1, value) - rate * value"
        " - torch.lgamma(concentration)",
        {"value": 1.2, "concentration": 2.3, "rate": 1.7},
        lambda x, a, b: mp.log(b**a * x ** (a - 1) / mp.exp(b * x) / mp.gamma(a)),
    ),
    Formula(
        "log-density of the beta distribution",
        "scipy.stats.beta",
        "(a - 1)*log(x) + (b - 1)*log1p(-x) - scipy.special.betaln(a, b)",
        {"x": 0.3, "a": 2.2, "b": 0.7},
        lambda x, a, b: mp.log(x ** (a - 1) * (1 - x) ** (b - 1) / mp.beta(a, b)),
    ),
    Formula(
        "density of the inverse Gaussian distribution",
        "scipy.stats.invgauss; Schrödinger 1915",
        "sqrt(lam/(2*pi*x**3))*exp(-lam*(x - mu)**2/(2*mu**2*x))",
        {"x": 1.4, "mu": 1.1, "lam": 2.5},
        lambda x, mu, lam: mp.sqrt(lam / x**3) * bell(mp.sqrt(lam / x) * (x / mu - 1)),
    ),
    Formula(
        "density of the Weibull distribution",
        "Weibull 1951",
        "k/lam*(x/lam)**(k - 1)*np.exp(-(x/lam)**k)",
        {"x": 0.9, "lam": 1.3, "k": 1.8},
        lambda x, lam, k: -mp.diff(lambda t: mp.exp(-mp.exp(k * mp.log(t / lam))), x),
    ),
    Formula(
        "density of the log-normal distribution",
        "scipy.stats.lognorm",
        "np.exp(-(np.log(x) - mu)**2/(2*sigma**2))/(x*sigma*np.sqrt(2*np.pi))",
        {"x": 2.6, "mu": 0.3, "sigma": 0.55},
        lambda x, mu, s: bell((mp.log(x) - mu) / s) / (x * s),
    ),
    Formula(
        "log-density of the von Mises distribution",
        "torch.distributions.VonMises; Mardia & Jupp, Directional Statistics",
        "kappa*cos(x - mu) - log(2*pi) - log(i0e(kappa)) - kappa",
        {"x": 0.6, "mu": -0.2, "kappa": 3.1},
        lambda x, mu, k: mp.log(mp.exp(k * mp.cos(x - mu)) / (2 * mp.pi * mp.besseli(0, k))),
    ),
    Formula(
        "density of the Cauchy distribution",
        "scipy.stats.cauchy",
        "1 / (np.pi*gamma*(1 + ((x - x0)/gamma)**2))",
        {"x": 0.3, "x0": -1.0, "gamma": 0.7},
        lambda x, x0, g: g / (sympy.pi * (g**2 + (x - x0) ** 2)),
        symbolic=True,
    ),
    Formula(
        "log-density of the Laplace distribution",
        "torch.distributions.Laplace.log_prob",
        "-torch.log(2*scale) - torch.abs(value - loc)/scale",
        {"value": 0.3, "loc": 1.1, "scale": 0.45},
        lambda x, m, b: mp.log(mp.exp(-mp.sqrt((x - m) ** 2) / b) / (2 * b)),
    ),
    Formula(
        "log-density of Gumbel's distribution",
        "Gumbel 1958; scipy.stats.gumbel_r",
        "z = (x - mu)/beta\n-(z + exp(-z)) - log(beta)",
        {"x": 1.7, "mu": 0.5, "beta": 2.0},
        lambda x, mu, b: mp.log(mp.diff(lambda t: mp.exp(-mp.exp((mu - t) / b)), x)),
    ),
    Formula(
        "probability of a count after Poisson",
        "scipy.stats.poisson.logpmf",
        "special.xlogy(k, mu) - special.gammaln(k + 1) - mu",
        {"k": 4.0, "mu": 2.7},
        lambda k, mu: mp.log(mu**k / mp.gamma(k + 1)) - mu,
    ),
    Formula(
        "log-probability of a binomial count",
        "torch.distributions.Binomial.log_prob",
        "lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k*logits - n*F.softplus(logits)",
        {"k": 3.0, "n": 10.0, "logits": -0.8},
        lambda k, n, z: mp.log(mp.binomial(n, k) * mp.power(1 + mp.exp(-z), -k) * mp.power(1 + mp.exp(z), k - n)),
    ),
    Formula(
        "log-probability of a negative binomial count",
        "Hilbe, Negative Binomial Regression",
        "gammaln(y + r) - gammaln(r) - gammaln(y + 1) + r*log(r/(r + mu)) + y*log(mu/(r + mu))",
        {"y": 5.0, "r": 1.7, "mu": 3.2},
        lambda y, r, mu: mp.log(mp.rf(r, y) / mp.gamma(y + 1) * (r / (r + mu)) ** r * (1 - r / (r + mu)) ** y),
    ),
    Formula(
        "log-density of Dirichlet's distribution",
        "torch.distributions.Dirichlet.log_prob",
        "torch.xlogy(concentration - 1.0, value).sum(-1) + torch.lgamma(concentration.sum(-1))"
        " - torch.lgamma(concentration).sum(-1)",
        {"value": [0.2, 0.5, 0.3], "concentration": [1.5, 2.2, 0.7]},
        lambda x, a: mp.log(
            mp.gamma(mp.fsum(a)) * mp.fprod(v ** (c - 1) / mp.gamma(c) for v, c in zip(x, a, strict=True))
        ),
    ),
    Formula(
        "log-density of the multivariate normal distribution",
        "scipy.stats.multivariate_normal; Anderson, Multivariate Statistical Analysis",
        "d = x - mu\n-0.5*(d @ np.linalg.solve(S, d) + np.log(np.linalg.det(S)) + len(x)*np.log(2*np.pi))",
        {"x": [0.5, -0.2], "mu": [0.1, 0.3], "S": [[2.0, 0.3], [0.5, 1.0]]},
        lambda x, mu, S: mp.log(
            mp.exp(
                -(
                    S[1][1] * (x[0] - mu[0]) ** 2
                    - (S[0][1] + S[1][0]) * (x[0] - mu[0]) * (x[1] - mu[1])
                    + S[0][0] * (x[1] - mu[1]) ** 2
                )
                / (2 * (S[0][0] * S[1][1] - S[0][1] * S[1][0]))
            )
            / (2 * mp.pi * mp.sqrt(S[0][0] * S[1][1] - S[0][1] * S[1][0]))
        ),
    ),
    Formula(
        "Mahalanobis' distance",
        "Mahalanobis 1936; scipy.spatial.distance.mahalanobis",
        "np.sqrt((u - v) @ np.linalg.inv(V) @ (u - v).T)",
        {"u": [1.0, 0.4, -0.3], "v": [0.2, 0.1, 0.9], "V": [[1.2, 0.1, 0.0], [0.2, 0.9, 0.3], [0.1, 0.3, 1.5]]},
        lambda u, v, V: mp.sqrt(
            (
                mp.matrix([a - b for a, b in zip(u, v, strict=True)]).T
                * mp.lu_solve(mp.matrix(V), mp.matrix([a - b for a, b in zip(u, v, strict=True)]))
            )[0]
        ),
    ),
    Formula(
        "divergence of two normal distributions",
        "Kullback & Leibler 1951; torch.distributions.kl_divergence",
        "var_ratio = (s1 / s2)**2\nt1 = ((m1 - m2) / s2)**2\n0.5 * (var_ratio + t1 - 1 - log(var_ratio))",
        {"m1": 0.3, "s1": 0.8, "m2": -0.1, "s2": 1.3},
        lambda m1, s1, m2, s2: sympy.log(s2 / s1) + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2) - sympy.Rational(1, 2),
        symbolic=True,
    ),
    Formula(
        "divergence of two discrete distributions",
        "scipy.special.rel_entr; Cover & Thomas, Elements of Information Theory",
        "np.sum(np.where(p != 0, p * np.log(p / q), 0))",
        {"p": [0.36, 0.48, 0.16], "q": [0.30, 0.50, 0.20]},
        lambda p, q: dot(p, [mp.log(a) - mp.log(b) for a, b in zip(p, q, strict=True)]),
        rtol=1e-11,  # the terms nearly cancel
    ),
    Formula(
        "Jensen and Shannon's divergence",
        "Lin 1991",
        "m = (p + q)/2; 0.5*(p*log(p/m)).sum() + 0.5*(q*log(q/m)).sum()",
        {"p": [0.7, 0.1, 0.2], "q": [0.2, 0.5, 0.3]},
        lambda p, q: (
            (dot(p, [mp.log(a) for a in p]) + dot(q, [mp.log(b) for b in q])) / 2
            - total((a + b) / 2 * mp.log((a + b) / 2) for a, b in zip(p, q, strict=True))
        ),
    ),
    Formula(
        "entropy in bits",
        "Shannon 1948",
        "-(p*np.log2(p)).sum()",
        {"p": [0.5, 0.2, 0.3]},
        lambda p: mp.fsum(mp.log(1 / v, 2) * v for v in p),
    ),
    Formula(
        "correlation",
        "Pearson 1895",
        "xm = x - x.mean(); ym = y - y.mean()\n(xm*ym).sum()/np.sqrt((xm**2).sum()*(ym**2).sum())",
        {"x": [1.0, 2.5, 2.9, 4.1], "y": [0.3, 1.2, 0.9, 2.2]},
        lambda x, y: (
            (mean([a * b for a, b in zip(x, y, strict=True)]) - mean(x) * mean(y))
            / mp.sqrt((mean([a * a for a in x]) - mean(x) ** 2) * (mean([b * b for b in y]) - mean(y) ** 2))
        ),
        rtol=1e-11,  # centring cancels
    ),
    Formula(
        "Welch's t",
        "Welch 1947; scipy.stats.ttest_ind",
        "(np.mean(a) - np.mean(b))/np.sqrt(np.var(a, ddof=1)/len(a) + np.var(b, ddof=1)/len(b))",
        {"a": [2.1, 3.4, 2.2, 2.9], "b": [1.0, 1.8, 0.7]},
        lambda a, b: (
            (mean(a) - mean(b))
            / mp.sqrt(total((v - mean(a)) ** 2 for v in a) / 12 + total((v - mean(b)) ** 2 for v in b) / 6)
        ),
    ),
    Formula(
        "skewness",
        "scipy.stats.skew",
        "m = x.mean()\n((x - m)**3).mean() / ((x - m)**2).mean()**1.5",
        {"x": [0.4, 1.9, -0.7, 3.3, 0.8]},
        lambda x: mean([(v - mean(x)) ** 3 for v in x]) / mp.sqrt(mean([(v - mean(x)) ** 2 for v in x]) ** 3),
    ),
    Formula(
        "weighted mean and its chi-square",
        "Bevington & Robinson, Data Reduction and Error Analysis",
        "w = 1/s**2\nm = np.average(y, weights=w)\nnp.sum(w*(y - m)**2)",
        {"y": [1.1, 0.8, 1.4], "s": [0.2, 0.1, 0.3]},
        lambda y, s: (
            total((a / b) ** 2 for a, b in zip(y, s, strict=True))
            - total(a / b**2 for a, b in zip(y, s, strict=True)) ** 2 / total(b**-2 for b in s)
        ),
        rtol=1e-11,  # deviations from the mean cancel
    ),
    Formula(
        "Box and Cox's transformed mean",
        "Box & Cox 1964; scipy.special.boxcox",
        "((x**lam - 1)/lam).mean()",
        {"x": [0.6, 1.7, 3.2], "lam": 0.35},
        lambda x, lam: mean([mp.expm1(lam * mp.log(v)) / lam for v in x]),
    ),
    Formula(
        "Stirling's series",
        "DLMF 5.11.1",
        "(n + 0.5)·ln(n) − n + 0.5·ln(2·π) + 1/(12·n) − 1/(360·n³) + 1/(1260·n⁵)",
        {"n": 9.5},
        lambda n: (
            (n + sympy.Rational(1, 2)) * sympy.log(n)
            - n
            + sympy.log(2 * sympy.pi) / 2
            + sympy.Rational(1, 12) / n
            - sympy.Rational(1, 360) / n**3
            + sympy.Rational(1, 1260) / n**5
        ),
        symbolic=True,
    ),
    Formula(
        "log-marginal likelihood of a Gaussian process",
        "Rasmussen & Williams, Gaussian Processes for Machine Learning, eq. 2.30",
        "K = sf**2*np.exp(-0.5*(x[:, None] - x[None, :])**2/l**2) + sn**2*np.eye(3)\nL = np.linalg.cholesky(K)\n"
        "alpha = np.linalg.solve(L.T, np.linalg.solve(L, y))\n"
        "-0.5*y @ alpha - np.log(np.diag(L)).sum() - 3/2*np.log(2*np.pi)",
        {"x": [0.0, 0.7, 1.9], "y": [0.1, 0.8, -0.3], "sf": 1.1, "l": 0.9, "sn": 0.3},
        lambda x, y, sf, ell, sn: (
            lambda K: -(mp.matrix(y).T * mp.inverse(K) * mp.matrix(y))[0] / 2 - mp.log(mp.det(2 * mp.pi * K)) / 2
        )(
            mp.matrix(
                [
                    [sf**2 / mp.exp(((a - b) / ell) ** 2 / 2) + (sn**2 if i == j else 0) for j, b in enumerate(x)]
                    for i, a in enumerate(x)
                ]
            )
        ),
        rtol=1e-11,  # one gradient is a difference of terms 300 times as large
    ),
    Formula(
        "log-likelihood of logistic regression",
        "Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, § 4.4",
        "z = X @ w + b\nnp.sum(y*z - np.log(1 + np.exp(z)))",
        {"w": [0.4, -0.3], "b": 0.1, "X": [[1.0, 0.5], [-0.2, 1.3], [0.7, 0.7]], "y": [1.0, 0.0, 1.0]},
        lambda w, b, X, y: total(
            t * mp.log(p) + (1 - t) * mp.log(1 - p)
            for t, p in ((t, 1 / (1 + mp.exp(-dot(r, w) - b))) for r, t in zip(X, y, strict=True))
        ),
    ),
    Formula(
        "Cox's partial likelihood, with the risk sets as sums from the end",
        "Cox 1972",
        "eta = X @ beta\nrisk = np.log(np.cumsum(np.exp(eta)[::-1])[::-1])\n((eta - risk)*event).sum()",
        {"beta": [0.3, -0.6], "X": [[0.5, 1.0], [1.5, 0.2], [0.1, 0.8], [2.0, 1.1]], "event": [1.0, 0.0, 1.0, 1.0]},
        lambda beta, X, event: total(
            event[i] * mp.log(mp.exp(dot(X[i], beta)) / total(mp.exp(dot(X[j], beta)) for j in range(i, 4)))
            for i in range(4)
        ),
    ),
    Formula(
        "log-density of a mixture",
        "Bishop, Pattern Recognition and Machine Learning, § 9.2",
        "logsumexp(log_softmax(w, dim=-1) - 0.5*((x - m)/s)**2 - torch.log(s) - 0.5*math.log(2*math.pi), dim=-1)",
        {"x": 0.7, "w": [0.1, -0.5], "m": [0.0, 1.5], "s": [1.0, 0.6]},
        lambda x, w, m, s: mp.log(
            total(mp.exp(w[k]) / (mp.exp(w[0]) + mp.exp(w[1])) * bell((x - m[k]) / s[k]) / s[k] for k in range(2))
        ),
    ),
    Formula(
        "probit log-likelihood, far in the tail",
        "scipy.special.log_ndtr",
        "special.log_ndtr(a + b*x).sum()",
        {"a": -3.0, "b": -2.5, "x": [0.5, 4.0, 9.0]},
        lambda a, b, x: total(mp.log(below(a + b * v)) for v in x),
    ),
    Formula(
        "p-value of a chi-square",
        "scipy.stats.chi2.sf",
        "scipy.special.gammaincc(k/2, x/2)",
        {"k": 5.0, "x": 8.3},
        lambda k, x: mp.gammainc(k / 2, x / 2, mp.inf) / mp.gamma(k / 2),
    ),
    Formula(
        "distribution function of Student's t",
        "Abramowitz & Stegun 26.5.27",
        "1 - 0.5*scipy.special.betainc(nu/2, 0.5, nu/(nu + t**2))",
        {"t": 1.8, "nu": 4.0},
        lambda t, nu: (
            mp.mpf(1) / 2
            + t
            * mp.gamma((nu + 1) / 2)
            / (mp.sqrt(nu * mp.pi) * mp.gamma(nu / 2))
            * mp.hyp2f1(0.5, (nu + 1) / 2, 1.5, -(t**2) / nu)
        ),
    ),
]
