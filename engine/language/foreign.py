"""What is pasted from elsewhere and does not exist here: what to write instead.

A name stands alone (``acot``), or behind the last of the words by which its library has it (``norm.cdf``). Nothing
here is a function: where there is one, its row has its names.
"""

from __future__ import annotations

from engine.functions import FUNCTIONS

_FORMULAS = """
    acot(x): arctan(1/x)                     asec(x): arccos(1/x)                 acsc(x): arcsin(1/x)
    arccot(x): arctan(1/x)                   arcsec(x): arccos(1/x)               arccsc(x): arcsin(1/x)
    acoth(x): arctanh(1/x)                   asech(x): arccosh(1/x)               acsch(x): arcsinh(1/x)
    arsinh(x): arcsinh(x)                    arcosh(x): arccosh(x)                artanh(x): arctanh(x)
    tg(x): tan(x)                            ctg(x): cot(x)                       arctg(x): arctan(x)
    sh(x): sinh(x)                           ch(x): cosh(x)                       th(x): tanh(x)
    cosec(x): csc(x)                         lg(x): log10(x)                      ld(x): log2(x)
    lb(x): log2(x)                           exp10(x): 10**x                      exprel(x): expm1(x)/x
    sindg(x): sin(radians(x))                cosdg(x): cos(radians(x))            tandg(x): tan(radians(x))
    cosm1(x): -2*sin(x/2)**2                 fma(x, y, z): x*y + z                isqrt(n): floor(sqrt(n))
    real_root(x, n): sign(x)*abs(x)**(1/n)
    diric(x, n): sin(n*x/2)/(n*sin(x/2))     sp.sinc(x): sinc(x/pi)               sympy.sinc(x): sinc(x/pi)

    loggamma(x): gammaln(x)                  rgamma(x): 1/gamma(x)                trigamma(x): polygamma(1, x)
    lowergamma(a, x): gamma(a)*gammainc(a, x)                uppergamma(a, x): gamma(a)*gammaincc(a, x)
    poch(x, n): gamma(x + n)/gamma(x)        rf(x, n): gamma(x + n)/gamma(x)
    ff(x, n): gamma(x + 1)/gamma(x - n + 1)                  zetac(x): zeta(x) - 1
    E1(x): exp1(x)
    perm(n, k): factorial(n)/factorial(n - k)
    chdtr(n, x): gammainc(n/2, x/2)          chdtrc(n, x): gammaincc(n/2, x/2)    gdtr(a, b, x): gammainc(b, a*x)
    pdtr(k, m): gammaincc(k + 1, m)          bdtr(k, n, p): betainc(n - k, k + 1, 1 - p)
    fdtr(m, n, x): betainc(m/2, n/2, m*x/(m*x + n))          btdtr(a, b, x): betainc(a, b, x)
    stdtr(n, t): 0.5 + 0.5*sign(t)*(1 - betainc(n/2, 0.5, n/(n + t**2)))
    Ei(x): expi(x)                           li(x): expi(log(x))                  erf2(a, b): erf(b) - erf(a)
    rel_entr(x, y): xlogy(x, x/y)            boxcox(x, p): (x**p - 1)/p
    huber(d, r): where(abs(r) <= d, 0.5*r**2, d*(abs(r) - 0.5*d))
    pseudo_huber(d, r): d**2*(sqrt(1 + (r/d)**2) - 1)

    norm.pdf(x): exp(-x**2/2)/sqrt(2*pi)     norm.logpdf(x): -x**2/2 - log(2*pi)/2
    norm.cdf(x): ndtr(x)                     norm.logcdf(x): log_ndtr(x)          norm.sf(x): ndtr(-x)
    norm.ppf(p): ndtri(p)                    norm.isf(p): -ndtri(p)
    expon.pdf(x): exp(-x)                    expon.cdf(x): -expm1(-x)
    t.pdf(x, n): gamma((n + 1)/2)/(gamma(n/2)*sqrt(n*pi))*(1 + x**2/n)**(-(n + 1)/2)
    chi2.cdf(x, n): gammainc(n/2, x/2)       chi2.sf(x, n): gammaincc(n/2, x/2)   beta.cdf(x, a, b): betainc(a, b, x)
    gamma.cdf(x, a): gammainc(a, x)          gamma.logpdf(x, a): xlogy(a - 1, x) - x - gammaln(a)
    gmean(x): exp(mean(log(x)))              hmean(x): 1/mean(1/x)                zscore(x): (x - mean(x))/std(x)
    entropy(p): -sum(xlogy(p, p))            skew(x): mean((x - mean(x))**3)/std(x)**3
    stdev(x): std(x, ddof=1)                 variance(x): var(x, ddof=1)          fmean(x): mean(x)
    pstdev(x): std(x)                        pvariance(x): var(x)
    euclidean(u, v): norm(u - v)             cityblock(u, v): sum(abs(u - v))     sqeuclidean(u, v): sum((u - v)**2)
    chebyshev(u, v): max(abs(u - v))         distance.cosine(u, v): 1 - cosine_similarity(u, v, dim=0)
    dist(u, v): norm(u - v)                  rosen(x): sum(100*(x[1:] - x[:-1]**2)**2 + (1 - x[:-1])**2)
    isclose(a, b): abs(a - b) <= 1e-8 + 1e-5*abs(b)          allclose(a, b): all(abs(a - b) <= 1e-8 + 1e-5*abs(b))

    ediff1d(x): diff(x)                      rsub(a, b): b - a                    divmod(a, b): (a//b, a % b)
    modf(x): (x - trunc(x), trunc(x))        masked_select(x, m): x[m]            nelement(x): x.numel()
    add.reduce(x): sum(x, axis=0)            multiply.reduce(x): prod(x, axis=0)
    maximum.reduce(x): max(x, axis=0)        minimum.reduce(x): min(x, axis=0)
    add.accumulate(x): cumsum(x, axis=0)     multiply.accumulate(x): cumprod(x, axis=0)
    multiply.outer(a, b): outer(a, b)        add.outer(a, b): a[:, None] + b      subtract.outer(a, b): a[:, None] - b
    polynomial.polyval(x, c): polyval(c[::-1], x)
    reduce_sum(x): sum(x)                    reduce_mean(x): mean(x)              reduce_prod(x): prod(x)
    reduce_max(x): max(x)                    reduce_min(x): min(x)                reduce_logsumexp(x): logsumexp(x)

    Integer(n): n                            Float(x): x                          N(x): x
    Eq(a, b): a == b                         Ne(a, b): a != b                     Lt(a, b): a < b
    Le(a, b): a <= b                         Gt(a, b): a > b                      Ge(a, b): a >= b
    And(a, b): (a) & (b)                     Or(a, b): (a) | (b)                  Not(a): ~(a)
    ITE(c, a, b): where(c, a, b)             Heaviside(x): heaviside(x, 0.5)
    KroneckerDelta(i, j): where(i == j, 1, 0)                sorted(x): sort(x)
    tr(A): trace(A)                          rank(A): matrix_rank(A)              IF(c, a, b): where(c, a, b)
    bool(x): x != 0                          float64(x): x                        int64(x): x.long()
    float32(x): x.float()                    int32(x): x.long()                   complex128(x): x + 0j
    rollaxis(x, i): moveaxis(x, i, 0)        polyfit(x, y, n): lstsq(vander(x, n + 1), y)[0]
    symeig(A): eigh(A)                       pinvh(A): pinv(A)                    zero_(x): zeros_like(x)
    copy_(x, y): y
    block([[a, b], [c, d]]): vstack([hstack([a, b]), hstack([c, d])])
    σ(x): sigmoid(x)                         Γ(x): gamma(x)                       Φ(x): ndtr(x)
    ψ(x): digamma(x)                         ζ(x): zeta(x)                        Β(a, b): beta(a, b)

    ReLU()(x): relu(x)                       ReLU6()(x): relu6(x)                 LeakyReLU(a)(x): leaky_relu(x, a)
    ELU()(x): elu(x)                         SELU()(x): selu(x)                   CELU()(x): celu(x)
    GELU()(x): gelu(x)                       SiLU()(x): silu(x)                   Mish()(x): mish(x)
    Sigmoid()(x): sigmoid(x)                 LogSigmoid()(x): logsigmoid(x)       Tanh()(x): tanh(x)
    Softplus()(x): softplus(x)               Softsign()(x): softsign(x)           Softmax(dim=1)(x): softmax(x, dim=1)
    LogSoftmax(dim=1)(x): log_softmax(x, dim=1)              Hardtanh()(x): hardtanh(x)
    Hardswish()(x): hardswish(x)             Hardsigmoid()(x): hardsigmoid(x)     PReLU()(x): prelu(x, w)
    Flatten()(x): flatten(x, 1)              Identity()(x): x                     Dropout(p)(x): dropout(x, p, seed=0)
    Linear(n, m)(x): linear(x, W, b)         Bilinear(n, m, k)(x, y): bilinear(x, y, W, b)
    Conv1d(n, m, k)(x): conv1d(x, W, b)      Conv2d(n, m, k)(x): conv2d(x, W, b)
    MaxPool1d(k)(x): max_pool1d(x, k)        MaxPool2d(k)(x): max_pool2d(x, k)    AvgPool2d(k)(x): avg_pool2d(x, k)
    LayerNorm(n)(x): layer_norm(x, (n,))     RMSNorm(n)(x): rms_norm(x, (n,))     GroupNorm(g, n)(x): group_norm(x, g)
    BatchNorm1d(n)(x): batch_norm(x, None, None, training=True)
    BatchNorm2d(n)(x): batch_norm(x, None, None, training=True)
    Embedding(n, m)(i): embedding(i, W)      CosineSimilarity(dim=1)(x, y): cosine_similarity(x, y, dim=1)
    MSELoss()(x, y): mse_loss(x, y)          L1Loss()(x, y): l1_loss(x, y)
    SmoothL1Loss()(x, y): smooth_l1_loss(x, y)
    HuberLoss()(x, y): huber_loss(x, y)      NLLLoss()(x, y): nll_loss(x, y)      KLDivLoss()(x, y): kl_div(x, y)
    CrossEntropyLoss()(x, y): cross_entropy(x, y)            BCELoss()(x, y): binary_cross_entropy(x, y)
    BCEWithLogitsLoss()(x, y): binary_cross_entropy_with_logits(x, y)
    PoissonNLLLoss()(x, y): poisson_nll_loss(x, y)           GaussianNLLLoss()(x, y, v): gaussian_nll_loss(x, y, v)
    SoftMarginLoss()(x, y): soft_margin_loss(x, y)           TripletMarginLoss()(x, y, z): triplet_margin_loss(x, y, z)
    CosineEmbeddingLoss()(x, y, t): cosine_embedding_loss(x, y, t)
    MarginRankingLoss()(x, y, t): margin_ranking_loss(x, y, t)
    HingeEmbeddingLoss()(x, y): hinge_embedding_loss(x, y)   MultiMarginLoss()(x, y): multi_margin_loss(x, y)
"""

_REMOVE = "remove it: the value of the last statement is the output"
_DECLARED = "names need no declaration: remove the line, and send values in inputs"
_ANSWERED = "remove it: the gradient of the last statement is what is answered"
_RANDOM = "remove it, and give each call a seed: rand(3, seed=0)"
_DERIVATIVE = "write the expression alone: its derivatives are what is answered"
_ALGEBRA = "remove it: expressions are computed with numbers, and differentiated as they stand"
_ROOT = "write root(g, x0) with a function that is zero at the solution: root(lambda x: x**2 - a, 1.0)"
_LEAST = "write argmin(h, x0) with the function to be made smallest: argmin(lambda x: (x - a)**2 + x**4, 0.0)"
_SOLVE = "write the steps of an iteration: for k in range(20): x = x - f/g"
_MASKS = "write x[x > 0] with the condition itself, or where(condition, a, b)"
_INTEGRAL = "write a sum over points: x = linspace(a, b, 1001); trapezoid(f, x)"
_PIECES = "write where(x < 0, a, where(x < 1, b, c))"
_POLYNOMIAL = "write polyval([a, b, c], x) for a*x**2 + b*x + c"
_LAYERS = "write the layers one after the other: h = relu(x @ W1 + b1); h @ W2 + b2"
_WHOLE_ARRAYS = "write it for whole arrays, or in a loop: for t in x:"
_TYPES = "leave it out: numbers are computed in double precision"
_ABSENT = "no short formula says it; GET /v1/functions lists what there is"
_DENSITY = "write the logarithm of the density as an expression"

_ADVICE = {
    _REMOVE: "print pprint display init_printing latex pretty show set_printoptions input",
    _DECLARED: "symbols Symbol Symbols Dummy Function Parameter Variable placeholder",
    _ANSWERED: "backward zero_grad no_grad enable_grad retain_grad requires_grad_ value_and_grad autograd.grad",
    "remove it: an optimiser is not part of an expression": "step",
    _RANDOM: "manual_seed seed default_rng RandomState PRNGKey",
    _DERIVATIVE: "Derivative derivative jacrev jacfwd hessian GradientTape",
    _ALGEBRA: "simplify factor trigsimp nsimplify cancel together apart collect doit evalf subs sympify lambdify series"
    " powsimp radsimp rewrite as_expr xreplace",
    "write the limit itself, or the expression at a point close to it": "limit Limit",
    _ROOT: "optimize.root fsolve root_scalar brentq brenth bisect ridder toms748 newton findroot nsolve solveset",
    _LEAST: "minimize minimize_scalar fmin_bfgs least_squares curve_fit basinhopping",
    _SOLVE: "dsolve linsolve odeint solve_ivp",
    _INTEGRAL: "integrate Integral quad dblquad simpson simps romberg",
    "write sum(f(k) for k in range(1, n + 1))": "Sum Σ",
    "write prod(f(k) for k in range(1, n + 1))": "Product Π",
    _PIECES: "Piecewise piecewise choose",
    "write a nested list, [[a, b], [c, d]], and @ for the product of matrices": "Matrix matrix bmat ImmutableMatrix",
    _MASKS: "nonzero flatnonzero argwhere",
    _POLYNOMIAL: "poly1d Polynomial Poly legendre hermite chebyshevt laguerre eval_legendre eval_hermite eval_chebyt",
    _LAYERS: "Sequential ModuleList Module LSTM GRU RNN LSTMCell GRUCell Transformer MultiheadAttention",
    _WHOLE_ARRAYS: "vectorize vmap pmap apply_along_axis fromfunction frompyfunc map filter",
    "write a loop: for t in x: total = f(total, t)": "functools.reduce lax.scan fori_loop accumulate",
    "write concatenate([a, b])": "r_",
    "write column_stack([a, b])": "c_",
    "write meshgrid(x, y, indexing='ij')": "mgrid ogrid ix_ indices",
    "write interp(x, xs, ys)": "interp1d CubicSpline",
    "write a loop over the pieces, or the sum itself": "histogram bincount histc unique mode",
    "write a[i] = v on a line of its own": "fill fill_ at index_put_ scatter_ put_along_axis fill_diagonal"
    " copyto put place putmask itemset",
    "write the elements in brackets: [a, b]": "asarray_chkfinite constant Series DataFrame",
    _DENSITY: "log_prob Normal Categorical Bernoulli MultivariateNormal multivariate_normal kl_divergence pdf logpdf"
    " pmf logpmf cdf ppf rvs",
    "write solve(A, b)": "cho_solve cho_factor lu_solve lu_factor triangular_solve solve_toeplitz",
    "write f(f(x)) as it stands, or def f(x):": "Lambda compose",
    "write the number in double precision itself": "finfo iinfo Decimal Fraction mpf mpc",
    "write ravel(x)": "flat",
    "write x alone: a tensor is its own data": "data values",
    "write the gradient's own expression, or ask for it: gradients are in the answer": "grad",
    _TYPES: "dtype half bfloat16 float16 uint8 int8 uint32 uint64 complex64 set_default_dtype new_tensor type_as",
    "leave it out: there are no devices here": "device get_device is_cuda",
    "write zeros(3), ones(3) or full(3, v)": "new_zeros new_ones new_full empty_strided",
    "give each value a name of its own: p_a = 1; p_b = 2": "dict set OrderedDict namedtuple",
    "remove it: every value is a number, a tensor or a list of them": "isinstance type str repr hasattr callable id",
    "write xs.append(x) in a loop": "extend",
    "write xs[-1], and xs = xs[:-1]": "pop",
    "write xs = xs[::-1]": "reverse",
    "make it with a seed: x = randn(2, 3, seed=0)": "normal_ uniform_ xavier_uniform_ xavier_normal_ kaiming_uniform_"
    " kaiming_normal_ trunc_normal_ orthogonal_ constant_",
    "write True": "true TRUE",
    "write False": "false FALSE",
    "write None": "null NULL nil undefined",
    "write inf": "oo zoo Infinity INFINITY",
    "write -1, which counts from the end": "end",
    "it is a number: write it without brackets": "pi tau inf nan",
    "write inv(x)": "x.I",
    "write 1j": "I",
    "write e, or exp(x)": "E",
    "write the number itself: 1/2": "S Half One Zero NegativeOne",
    "write (1 + sqrt(5))/2": "GoldenRatio golden",
    "write 0.5772156649015329": "EulerGamma",
    "write 0.915965594177219": "Catalan",
    _ABSENT: "erfi dawsn hankel1 hankel2 ellipk ellipe ellipkinc ellipeinc elliptic_k elliptic_e airy airyai airybi"
    " wrightomega expn expint sici shichi Si Ci fresnel fresnels fresnelc spence dilog polylog struve hyp2f1"
    " hyp1f1 hyp0f1 hyper meijerg lpmv sph_harm sph_harm_y assoc_legendre agm owens_t voigt_profile dct dst"
    " hilbert toeplitz circulant null_space stft istft renorm gumbel_softmax ctc_loss grid_sample"
    " cartesian_prod combinations frexp nextafter spacing gcd lcm unwrap roots",
}


def _read(table: str) -> dict[str, str]:
    """Hints by name, from lines of ``call: formula`` that stand side by side."""
    hints = {}
    for entry in (part.strip() for line in table.splitlines() for part in line.strip().split("   ")):
        if entry:
            call, _, formula = entry.partition(": ")
            hints[call.partition("(")[0]] = f"for {call} write {formula}"
    return hints


FORMULAS = _read(_FORMULAS)
"""For a function that does not exist, the expression that says the same."""

ADVICE = {name: hint for hint, names in _ADVICE.items() for name in names.split()}
"""For what no one expression replaces, what to do."""

_HINTS = {**FORMULAS, **ADVICE}

_LEADING = {
    "self": "what stands behind self is an input: leave the self out",
    "constants": "send the constant in inputs, or write its value",
    "cmath": "functions of complex numbers have complex values: write sqrt(x + 0j)",
    "optimizer": "remove it: an optimiser is not part of an expression",
    "plt": "remove it: nothing is drawn here",
}
"""What to do about a word in front of a dot."""

KEYWORDS = {
    "out": "give the result a name: y = f(x)",
    "where": "choose with the condition: where(condition, f(x), 0), or f(x[condition])",
    "initial": "combine it afterwards: initial + sum(x)",
    "requires_grad": "remove it: what derivatives are taken by is sent in inputs",
    "dtype": "remove it: numbers are computed in double precision, or as the inputs are",
    "generator": "give a seed: seed=0",
    "base": "write it as the second argument: log(x, 2)",
    "assume_a": "remove it: the matrix is taken as it is",
    "retain_graph": "remove it: the gradient of the last statement is what is answered",
}
"""What to do about a keyword argument that a function does not take."""

_IDLE = frozenset(
    [
        *("device", "layout", "pin_memory", "memory_format", "non_blocking", "copy", "like", "subok", "casting"),
        *("check_finite", "overwrite_a", "overwrite_b", "overwrite_x", "exact"),
    ]
)
_DEFAULTS: dict[str, tuple[object, ...]] = {
    "out": (None,),
    "where": (True,),
    "order": ("C", "K", "A", None),
    "dtype": ("float64", "double", "float", None),
    "requires_grad": (False,),
}


def is_idle(word: str, value: object) -> bool:
    """Whether a keyword argument that is not known changes no value: it is about memory and checks, or left as it is.

    >>> is_idle("device", "cuda"), is_idle("order", "C"), is_idle("order", "F")
    (True, True, False)
    """
    return word in _IDLE or any(type(value) is type(plain) and value == plain for plain in _DEFAULTS.get(word, ()))


def instead(path: str, alone: bool = False) -> str | None:
    """What to write for a name that does not exist, or names joined by dots; ``None`` where nothing is known of it.

    A name that stands ``alone`` is not called.

    >>> instead("stats.norm.cdf")
    'for norm.cdf(x) write ndtr(x)'
    >>> instead("x.add_"), instead("wavelet"), instead("oo", alone=True)
    ('nothing is changed in place here: write x = x.add(...)', None, 'write inf')
    """
    parts = path.split(".")
    if parts[0] in _LEADING:
        return _LEADING[parts[0]]
    if alone:
        return ADVICE.get(path) or ADVICE.get(parts[-1])
    found = next((_HINTS[name] for k in range(len(parts)) if (name := ".".join(parts[k:])) in _HINTS), None)
    last = parts[-1]
    if found or not last.endswith("_") or last[:-1] not in FUNCTIONS:
        return found
    return f"nothing is changed in place here: write x = x.{last[:-1]}(...)"
