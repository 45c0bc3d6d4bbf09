"""Formulas of machine learning."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import sympy

import engine
from tests.engine.formulas.formula import Formula, below, dot, mean, product, total


def _sigmoid(x: Any) -> Any:
    return (1 + mp.tanh(x / 2)) / 2


def _softmax(row: list[Any]) -> list[Any]:
    return [1 / total(mp.exp(other - v) for other in row) for v in row]


def _flat(rows: list[list[Any]]) -> list[Any]:
    return [v for row in rows for v in row]


def _affine(W: list[list[Any]], x: list[Any], b: list[Any]) -> list[Any]:
    return [dot(row, x) + c for row, c in zip(W, b, strict=True)]


LEARNING = [
    Formula(
        "logistic loss",
        "Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, ch. 4",
        "np.mean(np.log(1 + np.exp(-y * (X @ w))))",
        {"w": [0.5, -0.25], "X": [[1.0, 2.0], [0.3, -1.0], [-0.5, 0.4]], "y": [1.0, -1.0, 1.0]},
        lambda w, X, y: -mean([mp.log(_sigmoid(t * dot(r, w))) for r, t in zip(X, y, strict=True)]),
    ),
    Formula(
        "cross-entropy of softmax in PyTorch's words",
        "torch.nn.functional.cross_entropy",
        "F.cross_entropy(input, target)",
        {"input": [[0.2, -1.0, 0.7], [1.5, 0.1, -0.3]], "target": engine.Input([2, 0], "int64")},
        lambda x, t: -mean([mp.log(_softmax(row)[k]) for row, k in zip(x, t, strict=True)]),
    ),
    Formula(
        "cross-entropy of softmax by hand",
        "CS231n course notes, Neural networks case study",
        "exp_scores = np.exp(scores)\nprobs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)\n"
        "-np.log(probs[[0, 1], y]).sum()/2 + 0.5*reg*np.sum(W*W)",
        {
            "scores": [[0.2, -1.0, 0.7], [1.5, 0.1, -0.3]],
            "y": engine.Input([1, 2], "int64"),
            "W": [[0.1, -0.2]],
            "reg": 0.01,
        },
        lambda s, y, W, reg: (
            -mean([mp.log(_softmax(row)[k]) for row, k in zip(s, y, strict=True)]) + reg * total(v**2 for v in W[0]) / 2
        ),
    ),
    Formula(
        "binary cross-entropy with logits, as the documentation writes it out",
        "torch.nn.BCEWithLogitsLoss",
        "(torch.clamp(x, min=0) - x*z + torch.log1p(torch.exp(-torch.abs(x)))).mean()",
        {"x": [3.0, -2.0, 0.4], "z": [1.0, 0.0, 0.5]},
        lambda x, z: (
            -mean([t * mp.log(_sigmoid(v)) + (1 - t) * mp.log(_sigmoid(-v)) for v, t in zip(x, z, strict=True)])
        ),
    ),
    Formula(
        "focal loss",
        "Lin et al. 2017",
        "p = torch.sigmoid(x)\nce = F.binary_cross_entropy_with_logits(x, t, reduction='none')\n"
        "p_t = p*t + (1 - p)*(1 - t)\n(alpha*(1 - p_t)**gamma*ce).mean()",
        {"x": [0.8, -1.2], "t": [1.0, 0.0], "alpha": 0.25, "gamma": 2.0},
        lambda x, t, alpha, gamma: mean(
            [
                alpha * (1 - (p * k + (1 - p) * (1 - k))) ** gamma * -(k * mp.log(p) + (1 - k) * mp.log(1 - p))
                for p, k in zip(map(_sigmoid, x), t, strict=True)
            ]
        ),
    ),
    Formula(
        "smooth L1 loss",
        "Girshick 2015; torch.nn.SmoothL1Loss",
        "d = np.abs(x - y)\nnp.where(d < 1, 0.5*d**2, d - 0.5).sum()",
        {"x": [0.2, 3.0, -1.0], "y": [0.5, 0.1, 0.7]},
        lambda x, y: total(
            mp.quad(lambda t: min(t, mp.mpf(1)), [0, min(abs(a - b), 1), abs(a - b)]) for a, b in zip(x, y, strict=True)
        ),
    ),
    Formula(
        "hinge loss with margins",
        "Crammer & Singer 2001; CS231n course notes",
        "margins = np.maximum(0, scores - scores[y] + 1.0)\nmargins.sum() - 1",
        {"scores": [3.2, 5.1, -1.7], "y": engine.Input(0, "int64")},
        lambda s, y: total(v - s[y] + 1 for k, v in enumerate(s) if k != y and v - s[y] + 1 > 0),
    ),
    Formula(
        "GELU, exactly",
        "Hendrycks & Gimpel 2016; torch.nn.GELU",
        "0.5 * x * (1 + torch.erf(x / math.sqrt(2)))",
        {"x": 0.8},
        lambda x: x * below(x),
    ),
    Formula(
        "GELU, by tanh",
        "Hendrycks & Gimpel 2016",
        "0.5*x*(1 + np.tanh(np.sqrt(2/np.pi)*(x + 0.044715*x**3)))",
        {"x": -1.1},
        lambda x: x * _sigmoid(2 * mp.sqrt(2 / mp.pi) * (x + mp.mpf(0.044715) * x**3)),
    ),
    Formula(
        "Swish",
        "Ramachandran, Zoph & Le 2017",
        "x * sigmoid(beta*x)",
        {"x": 1.3, "beta": 1.7},
        lambda x, b: x / (1 + sympy.exp(-b * x)),
        symbolic=True,
    ),
    Formula(
        "Mish",
        "Misra 2019",
        "x*torch.tanh(F.softplus(x))",
        {"x": -0.6},
        lambda x: x * ((1 + mp.exp(x)) ** 2 - 1) / ((1 + mp.exp(x)) ** 2 + 1),
    ),
    Formula(
        "SELU",
        "Klambauer et al. 2017",
        "alpha = 1.6732632423543772; scale = 1.0507009873554805\n"
        "(scale*np.where(x > 0, x, alpha*(np.exp(x) - 1))).sum()",
        {"x": [-1.5, 0.4]},
        lambda x: (
            mp.mpf(1.0507009873554805) * total(v if v > 0 else mp.mpf(1.6732632423543772) * mp.expm1(v) for v in x)
        ),
    ),
    Formula(
        "bound of a variational autoencoder",
        "Kingma & Welling 2014, appendix B",
        "KLD = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())\n"
        "BCE = F.binary_cross_entropy(recon_x, x, reduction='sum')\nBCE + KLD",
        {"mu": [0.3, -0.2], "logvar": [-0.1, 0.4], "recon_x": [0.8, 0.3], "x": [1.0, 0.25]},
        lambda mu, lv, p, x: (
            total((m**2 + mp.exp(v) - v - 1) / 2 for m, v in zip(mu, lv, strict=True))
            - total(t * mp.log(q) + (1 - t) * mp.log1p(-q) for q, t in zip(p, x, strict=True))
        ),
    ),
    Formula(
        "ridge regression: loss",
        "Hoerl & Kennard 1970",
        "np.sum((y - X @ w)**2) + lam*np.sum(w**2)",
        {"w": [0.2, -0.5], "X": [[1.0, 0.4], [0.3, 2.0], [-1.1, 0.5]], "y": [0.5, -0.8, 0.1], "lam": 0.3},
        lambda w, X, y, lam: total((t - dot(r, w)) ** 2 for r, t in zip(X, y, strict=True)) + lam * dot(w, w),
    ),
    Formula(
        "ridge regression: the fitted value at a new point",
        "Hoerl & Kennard 1970",
        "w = np.linalg.solve(X.T @ X + lam*np.eye(X.shape[1]), X.T @ y)\nx_new @ w",
        {"X": [[1.0, 0.4], [0.3, 2.0], [-1.1, 0.5]], "y": [0.5, -0.8, 0.1], "lam": 0.3, "x_new": [0.7, 0.2]},
        lambda X, y, lam, new: dot(
            new,
            list(
                mp.lu_solve(
                    mp.matrix([[*r] for r in X] + [[mp.sqrt(lam), 0], [0, mp.sqrt(lam)]]), mp.matrix([*y, 0, 0])
                )
            ),
        ),
    ),
    Formula(
        "lasso",
        "Tibshirani 1996",
        "0.5*((y - X @ w)**2).mean() + lam*abs(w).sum()",
        {"w": [0.2, -0.5], "X": [[1.0, 0.4], [0.3, 2.0]], "y": [0.5, -0.8], "lam": 0.1},
        lambda w, X, y, lam: total((t - dot(r, w)) ** 2 for r, t in zip(X, y, strict=True)) / 4 + lam * (w[0] - w[1]),
    ),
    Formula(
        "scaled dot-product attention",
        "Vaswani et al. 2017; torch.nn.functional.scaled_dot_product_attention",
        "scores = torch.matmul(q, k.transpose(-2, -1)) / math.sqrt(q.size(-1))\np_attn = scores.softmax(dim=-1)\n"
        "(torch.matmul(p_attn, v)*g).sum()",
        {
            "q": [[0.1, 0.5], [-0.4, 0.2]],
            "k": [[0.3, -0.6], [0.8, 0.1]],
            "v": [[1.0, 0.2], [-0.5, 0.7]],
            "g": [[1.0, 0.3], [-0.6, 2.0]],
        },
        lambda q, k, v, g: dot(_flat(product([_softmax([dot(a, b) / mp.sqrt(2) for b in k]) for a in q], v)), _flat(g)),
    ),
    Formula(
        "layer normalisation by hand",
        "Ba, Kiros & Hinton 2016",
        "mean = x.mean(-1, keepdim=True)\nstd = x.std(-1, keepdim=True, unbiased=False)\n"
        "((a_2 * (x - mean) / (std + eps) + b_2)*g).sum()",
        {"x": [[0.5, 1.7, -0.9]], "a_2": [1.1, 0.9, 1.0], "b_2": [0.0, 0.1, -0.1], "g": [1.0, -2.0, 0.5], "eps": 1e-6},
        lambda x, a, b, g, eps: total(
            g[k]
            * (a[k] * (x[0][k] - mean(x[0])) / (mp.sqrt(mean([v**2 for v in x[0]]) - mean(x[0]) ** 2) + eps) + b[k])
            for k in range(3)
        ),
        rtol=1e-11,  # centring cancels
    ),
    Formula(
        "RMS normalisation",
        "Zhang & Sennrich 2019",
        "(x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps) * weight).sum()",
        {"x": [0.4, 1.7, -0.9], "weight": [1.0, 0.8, 1.2], "eps": 1e-5},
        lambda x, w, eps: dot(x, w) / mp.sqrt(dot(x, x) / 3 + eps),
    ),
    Formula(
        "a network of one hidden layer",
        "PyTorch tutorial, Learning PyTorch with examples",
        "h = x @ w1\nh_relu = h.clamp(min=0)\ny_pred = h_relu @ w2\n(y_pred - y).pow(2).sum()",
        {"x": [[1.0, -0.5]], "w1": [[0.4, -0.3, 0.8], [0.2, 0.9, -0.1]], "w2": [[0.5], [-1.0], [0.7]], "y": [[0.3]]},
        lambda x, w1, w2, y: (dot([max(v, mp.mpf(0)) for v in product(x, w1)[0]], [r[0] for r in w2]) - y[0][0]) ** 2,
    ),
    Formula(
        "a step of an LSTM cell",
        "Hochreiter & Schmidhuber 1997; torch.nn.LSTMCell",
        "gates = W @ torch.cat([x, h]) + b\ni = torch.sigmoid(gates[0:2])"
        "; f = torch.sigmoid(gates[2:4]); g = torch.tanh(gates[4:6]); o = torch.sigmoid(gates[6:8])\n"
        "c = f*c + i*g\n(o*torch.tanh(c)).sum()",
        {
            "W": [[0.1 * ((3 * i + 7 * j) % 11 - 5) for j in range(3)] for i in range(8)],
            "b": [0.1, -0.1, 1.0, 1.0, 0.0, 0.2, -0.3, 0.1],
            "x": [0.7],
            "h": [0.1, -0.4],
            "c": [0.3, 0.6],
        },
        lambda W, b, x, h, c: total(
            _sigmoid(z[6 + k]) * mp.tanh(_sigmoid(z[2 + k]) * c[k] + _sigmoid(z[k]) * mp.tanh(z[4 + k]))
            for z in [_affine(W, [*x, *h], b)]
            for k in range(2)
        ),
    ),
    Formula(
        "contrastive loss of pairs",
        "Chen et al. 2020 (SimCLR); van den Oord, Li & Vinyals 2018",
        "z = z / np.linalg.norm(z, axis=1, keepdims=True)\nsim = z @ z.T / tau\n"
        "sim = np.where(np.eye(3) == 1, -np.inf, sim)\nlogsumexp(sim[0]) - sim[0, 1]",
        {"z": [[1.0, 0.2], [0.8, -0.1], [-0.3, 0.9]], "tau": 0.5},
        lambda z, tau: (lambda s: -mp.log(mp.exp(s[1]) / (mp.exp(s[1]) + mp.exp(s[2]))))(
            [dot(z[0], v) / mp.sqrt(dot(z[0], z[0]) * dot(v, v)) / tau for v in z]
        ),
    ),
    Formula(
        "triplet loss",
        "Schroff, Kalenichenko & Philbin 2015",
        "np.maximum(np.sum((a - p)**2) - np.sum((a - n)**2) + alpha, 0)",
        {"a": [0.1, 0.9], "p": [0.2, 0.5], "n": [0.4, 0.8], "alpha": 0.2},
        lambda a, p, n, alpha: dot(p, p) - dot(n, n) - 2 * dot(a, p) + 2 * dot(a, n) + alpha,
    ),
    Formula(
        "surrogate objective of proximal policies",
        "Schulman et al. 2017",
        "ratio = torch.exp(logp - logp_old)\n-torch.min(ratio*adv, torch.clamp(ratio, 1 - eps, 1 + eps)*adv).mean()",
        {
            "logp": [-1.0, -0.4, -2.0],
            "logp_old": engine.Input([-1.1, -0.9, -1.4], requires_grad=False),
            "adv": [0.5, 1.2, -0.3],
            "eps": 0.2,
        },
        lambda lp, old, adv, eps: -(mp.exp(lp[0] + mp.mpf(1.1)) * adv[0] + (1 + eps) * adv[1] + (1 - eps) * adv[2]) / 3,
    ),
    Formula(
        "a convolution and its pooled response",
        "torch.nn.functional.conv1d, max_pool1d",
        "F.max_pool1d(F.relu(F.conv1d(x, w, b, padding=1)), 2).sum()",
        {"x": [[[0.3, -1.2, 0.8, 2.0]]], "w": [[[0.5, 1.0, -0.5]]], "b": [0.1]},
        lambda x, w, b: (lambda y: max(y[0], y[1], 0) + max(y[2], y[3], 0))(
            [dot(w[0][0], [0, *x[0][0], 0][k : k + 3]) + b[0] for k in range(4)]
        ),
    ),
    Formula(
        "PCA: variance along a direction",
        "Pearson 1901; Jolliffe, Principal Component Analysis",
        "Xc = X - X.mean(axis=0)\nC = Xc.T @ Xc / (X.shape[0] - 1)\n(v @ C @ v) / (v @ v)",
        {"X": [[1.0, 0.2], [0.4, 1.1], [-0.5, 0.3]], "v": [0.8, -0.4]},
        lambda X, v: (lambda p: (dot(p, p) - 3 * mean(p) ** 2) / 2)([dot(r, v) for r in X]) / dot(v, v),
        rtol=1e-11,  # centring cancels
    ),
    Formula(
        "kernel of radial basis functions between two sets",
        "sklearn.metrics.pairwise.rbf_kernel",
        "sq = np.sum(X**2, 1).reshape(-1, 1) + np.sum(Y**2, 1) - 2*np.dot(X, Y.T)\nnp.exp(-gamma*sq).mean()",
        {"X": [[0.1, 0.9], [1.2, -0.3]], "Y": [[0.5, 0.5], [-0.7, 0.2]], "gamma": 0.8},
        lambda X, Y, g: mean([mp.exp(-g * ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2)) for a in X for b in Y]),
        rtol=1e-11,  # the squares nearly cancel
    ),
    Formula(
        "noise schedule of a diffusion model",
        "Ho, Jain & Abbeel 2020",
        "betas = torch.linspace(b0, b1, 10)\nalpha_bar = torch.cumprod(1 - betas, dim=0)\n"
        "x_t = torch.sqrt(alpha_bar[7])*x0 + torch.sqrt(1 - alpha_bar[7])*eps\n(x_t**2).sum()",
        {"b0": 0.001, "b1": 0.2, "x0": [0.5, -1.0], "eps": [1.2, 0.3]},
        lambda b0, b1, x0, eps: (
            lambda a: total((mp.sqrt(a) * x + mp.sqrt(1 - a) * e) ** 2 for x, e in zip(x0, eps, strict=True))
        )(mp.fprod(1 - b0 - (b1 - b0) * k / 9 for k in range(8))),
    ),
]
