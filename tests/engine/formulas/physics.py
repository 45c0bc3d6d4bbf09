"""Formulas of physics and chemistry."""

from __future__ import annotations

import mpmath as mp
import sympy

from tests.engine.formulas.formula import Formula, total

h, c, kB = mp.mpf("6.62607015e-34"), mp.mpf(299792458), mp.mpf("1.380649e-23")

PHYSICS = [
    Formula(
        "pressure of a van der Waals gas",
        "van der Waals 1873; Atkins, Physical Chemistry, ch. 1",
        "n*R*T/(V - n*b) - a*n**2/V**2",
        {"n": 1.5, "R": 8.314462618, "T": 300.0, "V": 0.02, "a": 0.1358, "b": 3.85e-5},
        lambda n, R, T, V, a, b: n * R * T / (V - n * b) - a * n**2 / V**2,
        symbolic=True,
    ),
    Formula(
        "spectral radiance of a black body",
        "Planck 1901; Rybicki & Lightman, Radiative Processes, ch. 1",
        "h = 6.62607015e-34; c = 299792458; kB = 1.380649e-23\n2*h*nu**3/c**2 / (np.exp(h*nu/(kB*T)) - 1)",
        {"nu": 5e14, "T": 5778.0},
        lambda nu, T: 2 * h * nu**3 / c**2 / mp.expm1(h * nu / kB / T),
    ),
    Formula(
        "the same by wavelength, with Unicode names",
        "Planck 1901; Rybicki & Lightman, Radiative Processes, ch. 1",
        "ℎ = 6.62607015e-34\nk = 1.380649e-23\nc = 2.99792458e8\n2·ℎ·c² / λ⁵ / (exp(ℎ·c / (λ·k·T)) − 1)",
        {"λ": 5e-7, "T": 5778.0},
        lambda lam, T: 2 * h * c**2 / lam**5 / mp.expm1(h * c / lam / kB / T),
    ),
    Formula(
        "Lennard-Jones potential",
        "Lennard-Jones 1924; Allen & Tildesley, Computer Simulation of Liquids",
        "4*epsilon*((sigma/r)**12 - (sigma/r)**6)",
        {"r": 1.3, "epsilon": 0.997, "sigma": 1.05},
        lambda r, eps, sig: 4 * eps * (sig**12 / r**12 - sig**6 / r**6),
        symbolic=True,
    ),
    Formula(
        "energy of a cluster of Lennard-Jones atoms",
        "Allen & Tildesley, Computer Simulation of Liquids",
        "d = x[:, None, :] - x[None, :, :]\nr2 = (d**2).sum(-1)[[0, 0, 1], [1, 2, 2]]\n"
        "inv6 = r2**-3\n(4*(inv6**2 - inv6)).sum()",
        {"x": [[0.0, 0.0, 0.1], [1.1, 0.2, 0.0], [0.3, 1.2, -0.4]]},
        lambda x: total(
            4 * (r2**-6 - r2**-3)
            for r2 in (total((x[i][k] - x[j][k]) ** 2 for k in range(3)) for i in range(3) for j in range(i))
        ),
    ),
    Formula(
        "Morse potential",
        "Morse 1929",
        "De * (1 - np.exp(-a*(r - re)))**2",
        {"De": 4.75, "a": 1.94, "r": 1.0, "re": 0.741},
        lambda D, a, r, r0: D * (1 - 2 * mp.exp(-a * (r - r0)) + mp.exp(-2 * a * (r - r0))),
    ),
    Formula(
        "Buckingham potential with Coulomb's term",
        "Buckingham 1938",
        "A*exp(-B*r) - C/r^6 + q1*q2/(4*pi*eps0*r)",
        {"A": 1388.77, "B": 3.623, "C": 175.0, "r": 2.1, "q1": 2.4, "q2": -1.2, "eps0": 0.0055},
        lambda A, B, C, r, q1, q2, e: A / mp.exp(B * r) - C / r**6 + q1 * q2 / (4 * mp.pi * e * r),
    ),
    Formula(
        "period of an orbit",
        "Kepler's third law; Murray & Dermott, Solar System Dynamics, ch. 2",
        "2*np.pi*np.sqrt(a**3 / (G*(M + m)))",
        {"a": 1.496e11, "G": 6.674e-11, "M": 1.989e30, "m": 5.972e24},
        lambda a, G, M, m: 2 * mp.pi * mp.power(a, 1.5) / mp.sqrt(G * (M + m)),
    ),
    Formula(
        "mean anomaly from the eccentric one",
        "Kepler's equation; Murray & Dermott, Solar System Dynamics, ch. 2",
        "E - e*sin(E)",
        {"E": 1.2, "e": 0.2056},
        lambda E, e: E - e * sympy.sin(E),
        symbolic=True,
    ),
    Formula(
        "Kepler's equation solved by three steps of Newton's",
        "Danby, Fundamentals of Celestial Mechanics",
        "E = M\nE = E - (E - e*np.sin(E) - M)/(1 - e*np.cos(E))\nE = E - (E - e*np.sin(E) - M)/(1 - e*np.cos(E))\n"
        "E -= (E - e*np.sin(E) - M)/(1 - e*np.cos(E))\nE -= (E - e*np.sin(E) - M)/(1 - e*np.cos(E))\n"
        "E -= (E - e*np.sin(E) - M)/(1 - e*np.cos(E))",
        {"M": 1.0, "e": 0.3},
        lambda M, e: mp.findroot(lambda E: E - e * mp.sin(E) - M, 1.25),
    ),
    Formula(
        "Lorentz factor",
        "Einstein 1905; Taylor & Wheeler, Spacetime Physics",
        "1/sqrt(1 - (v/c)**2)",
        {"v": 2.4e8, "c": 299792458.0},
        lambda v, c: c / mp.sqrt((c - v) * (c + v)),
    ),
    Formula(
        "kinetic energy of a relativistic particle",
        "Taylor & Wheeler, Spacetime Physics",
        "γ = 1/√(1 − v²/c²)\n(γ − 1)·m·c²",
        {"v": 0.6, "m": 2.0, "c": 1.0},
        lambda v, m, c: m * c**2 * (1 / mp.sqrt(1 - v**2 / c**2) - 1),
    ),
    Formula(
        "relativistic Doppler shift",
        "Rybicki & Lightman, Radiative Processes, ch. 4",
        "f0*np.sqrt((1 + beta)/(1 - beta))",
        {"f0": 1.42e9, "beta": 0.12},
        lambda f, b: f * mp.exp(mp.atanh(b)),
    ),
    Formula(
        "period of a pendulum of a wide swing",
        "Landau & Lifshitz, Mechanics, § 11",
        "2*pi*sqrt(L/g)*(1 + theta0**2/16 + 11*theta0**4/3072)",
        {"L": 1.2, "g": 9.81, "theta0": 0.5},
        lambda L, g, t: 2 * sympy.pi * sympy.sqrt(L / g) * (1 + t**2 / 16 + sympy.Rational(11, 3072) * t**4),
        symbolic=True,
    ),
    Formula(
        "range of a throw from a height",
        "Halliday & Resnick, Fundamentals of Physics, ch. 4",
        "v*math.cos(a)/g * (v*math.sin(a) + math.sqrt((v*math.sin(a))**2 + 2*g*h))",
        {"v": 12.0, "a": 0.7, "g": 9.81, "h": 1.5},
        lambda v, a, g, h: v * mp.cos(a) * max(mp.polyroots([-g / 2, v * mp.sin(a), h], extraprec=200)),
    ),
    Formula(
        "damped oscillation",
        "French, Vibrations and Waves",
        "omega = np.sqrt(k/m - (b/(2*m))**2)\nA*np.exp(-b*t/(2*m))*np.cos(omega*t + phi)",
        {"A": 0.5, "b": 0.3, "m": 1.1, "k": 4.0, "t": 2.5, "phi": 0.2},
        lambda A, b, m, k, t, phi: (
            A * mp.re(mp.expj(phi) * mp.exp(t * mp.mpc(-b / (2 * m), mp.sqrt(k / m - (b / (2 * m)) ** 2))))
        ),
    ),
    Formula(
        "lens maker's equation",
        "Hecht, Optics, ch. 6",
        "1 / ((n - 1)*(1/R1 - 1/R2 + (n - 1)*d/(n*R1*R2)))",
        {"n": 1.517, "R1": 0.1, "R2": -0.15, "d": 0.004},
        lambda n, R1, R2, d: n * R1 * R2 / ((n - 1) * (n * (R2 - R1) + (n - 1) * d)),
        symbolic=True,
    ),
    Formula(
        "Snell's law",
        "Hecht, Optics, ch. 4",
        "np.degrees(np.arcsin(n1/n2*np.sin(np.radians(theta1))))",
        {"n1": 1.0, "n2": 1.333, "theta1": 40.0},
        lambda n1, n2, t: mp.degrees(mp.asin(n1 * mp.sin(mp.radians(t)) / n2)),
    ),
    Formula(
        "Fresnel's reflectance of s-polarised light",
        "Hecht, Optics, ch. 4",
        "ct = math.sqrt(1 - (n1/n2*math.sin(th))**2); ((n1*math.cos(th) - n2*ct)/(n1*math.cos(th) + n2*ct))**2",
        {"n1": 1.0, "n2": 1.5, "th": 0.8},
        lambda n1, n2, t: (mp.sin(t - mp.asin(n1 / n2 * mp.sin(t))) / mp.sin(t + mp.asin(n1 / n2 * mp.sin(t)))) ** 2,
    ),
    Formula(
        "Airy's disc",
        "Hecht, Optics, ch. 10; scipy.special.j1",
        "x = 2*np.pi*a*np.sin(theta)/lam\nI0*(2*scipy.special.j1(x)/x)**2",
        {"I0": 2.0, "a": 5e-5, "theta": 0.004, "lam": 5.5e-7},
        lambda I0, a, t, lam: (
            I0 * (mp.besselj(0, 2 * mp.pi * a * mp.sin(t) / lam) + mp.besselj(2, 2 * mp.pi * a * mp.sin(t) / lam)) ** 2
        ),
    ),
    Formula(
        "intensity of a Bessel beam",
        "Durnin 1987; scipy.special.jv",
        "np.abs(scipy.special.jv(0, k*np.sin(alpha)*rho))**2",
        {"k": 9.93, "alpha": 0.3, "rho": 0.5},
        lambda k, a, r: (mp.quad(lambda t: mp.cos(k * mp.sin(a) * r * mp.sin(t)), [0, mp.pi]) / mp.pi) ** 2,
    ),
    Formula(
        "Gaussian beam",
        "Siegman, Lasers, ch. 17",
        "zR = pi*w0**2/lam; w = w0*sqrt(1 + (z/zR)**2); (w0/w)**2 * exp(-2*r**2/w**2)",
        {"w0": 1e-3, "lam": 1e-6, "z": 2.0, "r": 7e-4},
        lambda w0, lam, z, r: (
            mp.exp(-2 * r**2 / (w0**2 + (lam * z / (mp.pi * w0)) ** 2)) / (1 + (lam * z / (mp.pi * w0**2)) ** 2)
        ),
    ),
    Formula(
        "diffraction of a grating of N slits",
        "Hecht, Optics, ch. 10",
        "(np.sin(N*d/2)/np.sin(d/2))**2 * np.sinc(b)**2",
        {"N": 6.0, "d": 0.9, "b": 0.37},
        lambda N, d, b: (mp.sin(N * d / 2) / mp.sin(d / 2)) ** 2 * (mp.sin(mp.pi * b) / (mp.pi * b)) ** 2,
    ),
    Formula(
        "Breit and Wigner's resonance",
        "Breit & Wigner 1936; Particle Data Group, Kinematics",
        "gamma = np.sqrt(M**2*(M**2 + Gamma**2))\nk = 2*np.sqrt(2)*M*Gamma*gamma/(np.pi*np.sqrt(M**2 + gamma))\n"
        "k/((E**2 - M**2)**2 + M**2*Gamma**2)",
        {"E": 90.5, "M": 91.1876, "Gamma": 2.4952},
        lambda E, M, G: (
            2
            * mp.sqrt(2)
            * M
            * G
            * M
            * mp.hypot(M, G)
            / (mp.pi * mp.sqrt(M**2 + M * mp.hypot(M, G)))
            / ((E - M) ** 2 * (E + M) ** 2 + (M * G) ** 2)
        ),
        rtol=1e-11,  # E² - M² cancels two digits
    ),
    Formula(
        "Fermi and Dirac's occupation",
        "Ashcroft & Mermin, Solid State Physics, ch. 2",
        "1/(exp((E - mu)/(kB*T)) + 1)",
        {"E": 7.2, "mu": 7.0, "kB": 8.617333262e-5, "T": 900.0},
        lambda E, mu, k, T: (1 - mp.tanh((E - mu) / (2 * k * T))) / 2,
    ),
    Formula(
        "Bose and Einstein's occupation",
        "Reif, Fundamentals of Statistical and Thermal Physics, ch. 9",
        "1/np.expm1((E - mu)/(kB*T))",
        {"E": 0.3, "mu": 0.1, "kB": 8.617333262e-5, "T": 1200.0},
        lambda E, mu, k, T: (mp.coth((E - mu) / (2 * k * T)) - 1) / 2,
    ),
    Formula(
        "speeds in a gas",
        "Maxwell 1860; Reif, Fundamentals of Statistical and Thermal Physics, ch. 7",
        "4*pi*(m/(2*pi*k*T))**(3/2) * v**2 * exp(-m*v**2/(2*k*T))",
        {"m": 4.65e-26, "k": 1.380649e-23, "T": 300.0, "v": 450.0},
        lambda m, k, T, v: mp.sqrt(2 / mp.pi) * v**2 * mp.power(m / k / T, 1.5) / mp.exp(m * v**2 / (2 * k * T)),
    ),
    Formula(
        "heat capacity of Einstein's solid",
        "Einstein 1907; Ashcroft & Mermin, Solid State Physics, ch. 23",
        "x = theta/T\n3*R*x**2*np.exp(x)/(np.exp(x) - 1)**2",
        {"theta": 240.0, "T": 120.0, "R": 8.314462618},
        lambda th, T, R: 3 * R * (th / (2 * T) / mp.sinh(th / (2 * T))) ** 2,
    ),
    Formula(
        "heat capacity of Debye's solid, by Simpson's rule",
        "Debye 1912; Ashcroft & Mermin, Solid State Physics, ch. 23",
        "x = np.linspace(1e-3, 1, 201) * theta/T\ny = x**4*np.exp(x)/np.expm1(x)**2\n"
        "w = np.ones(201); w = where(np.arange(201) % 2 == 1, 4.0, 2.0*w)\n"
        "integral = (w @ y - y[0] - y[-1]) * (x[1] - x[0])/3\n9*R*(T/theta)**3 * integral",
        {"theta": 343.0, "T": 150.0, "R": 8.314462618},
        lambda th, T, R: (
            9
            * R
            * (T / th) ** 3
            * mp.quad(lambda u: (u**2 / (2 * mp.sinh(u / 2))) ** 2, [mp.mpf("1e-3") * th / T, th / T])
        ),
        rtol=1e-9,  # the rule's own error
    ),
    Formula(
        "Langevin's function",
        "Langevin 1905; Kittel, Introduction to Solid State Physics",
        "1/tanh(x) - 1/x",
        {"x": 1.7},
        lambda x: mp.coth(x) - 1 / x,
    ),
    Formula(
        "Brillouin's function",
        "Kittel, Introduction to Solid State Physics, ch. 11",
        "(2*J + 1)/(2*J)*coth((2*J + 1)*x/(2*J)) - 1/(2*J)*coth(x/(2*J))",
        {"J": 3.5, "x": 0.8},
        lambda J, x: (1 + 1 / (2 * J)) / mp.tanh((1 + 1 / (2 * J)) * x) - 1 / (2 * J) / mp.tanh(x / (2 * J)),
    ),
    Formula(
        "current through a diode",
        "Shockley 1949; Sze, Physics of Semiconductor Devices",
        "I_s*(exp(V_D/(n*V_T)) - 1)",
        {"I_s": 1e-12, "V_D": 0.6, "n": 1.2, "V_T": 0.02585},
        lambda Is, V, n, VT: Is * mp.expm1(V / n / VT),
    ),
    Formula(
        "gain of a band-pass filter",
        "Horowitz & Hill, The Art of Electronics",
        "Z_L = 1j*omega*L; Z_C = 1/(1j*omega*C)\nabs(R/(R + Z_L + Z_C))",
        {"R": 50.0, "L": 1e-3, "C": 1e-6, "omega": 2.5e4},
        lambda R, L, C, w: R / mp.hypot(R, w * L - 1 / (w * C)),
        rtol=1e-11,  # the reactances nearly cancel
    ),
    Formula(
        "radar equation in decibels",
        "Skolnik, Introduction to Radar Systems, ch. 1",
        "10*np.log10(P*G**2*lam**2*sigma/((4*np.pi)**3*R**4))",
        {"P": 1e6, "G": 1000.0, "lam": 0.03, "sigma": 2.0, "R": 5e4},
        lambda P, G, lam, s, R: (
            10 / mp.log(10) * (mp.log(P * s) + 2 * mp.log(G * lam) - 3 * mp.log(4 * mp.pi) - 4 * mp.log(R))
        ),
    ),
    Formula(
        "Manning's flow in a trapezoidal channel",
        "Chow, Open-Channel Hydraulics, ch. 5",
        "A = (b + z*y)*y\nP = b + 2*y*sqrt(1 + z**2)\n1/n * A * (A/P)**(2/3) * sqrt(S)",
        {"b": 3.0, "z": 1.5, "y": 1.2, "n": 0.025, "S": 0.001},
        lambda b, z, y, n, S: mp.cbrt((b + z * y) ** 5 * y**5 / (b + 2 * y * mp.hypot(1, z)) ** 2) * mp.sqrt(S) / n,
    ),
    Formula(
        "friction factor of a pipe",
        "Haaland 1983; White, Fluid Mechanics, ch. 6",
        "(-1.8*np.log10((eps/D/3.7)**1.11 + 6.9/Re))**-2",
        {"eps": 4.5e-5, "D": 0.1, "Re": 1e5},
        lambda e, D, Re: (
            (mp.log(10) / (mp.mpf(1.8) * mp.log((e / (mp.mpf(3.7) * D)) ** mp.mpf(1.11) + mp.mpf(6.9) / Re))) ** 2
        ),
    ),
    Formula(
        "terminal velocity after Stokes",
        "White, Fluid Mechanics",
        "2/9*(rho_p - rho_f)/mu*g*R**2",
        {"rho_p": 2650.0, "rho_f": 998.0, "mu": 1e-3, "g": 9.81, "R": 3e-5},
        lambda p, f, mu, g, R: sympy.Rational(2, 9) * (p - f) * g * R**2 / mu,
        symbolic=True,
    ),
    Formula(
        "isentropic flow: area by Mach number",
        "Anderson, Modern Compressible Flow, ch. 5",
        "1/M*((2/(g + 1))*(1 + (g - 1)/2*M**2))**((g + 1)/(2*(g - 1)))",
        {"M": 2.2, "g": 1.4},
        lambda M, g: mp.exp((g + 1) / (2 * (g - 1)) * mp.log((2 + (g - 1) * M**2) / (g + 1))) / M,
    ),
    Formula(
        "barometric formula",
        "U.S. Standard Atmosphere 1976",
        "P0*(1 - L*h/T0)**(g*M/(R*L))",
        {"P0": 101325.0, "L": 0.0065, "h": 1500.0, "T0": 288.15, "g": 9.80665, "M": 0.0289644, "R": 8.314462618},
        lambda P, L, z, T, g, M, R: P * mp.exp(g * M / (R * L) * mp.log1p(-L * z / T)),
    ),
    Formula(
        "Magnus' dew point",
        "Alduchov & Eskridge 1996",
        "a = 17.625; b = 243.04\ng = ln(RH/100) + a*T/(b + T)\nb*g/(a - g)",
        {"RH": 60.0, "T": 25.0},
        lambda RH, T: (lambda a, b: b / (a / (mp.log(RH) - mp.log(100) + a - a * b / (b + T)) - 1))(
            mp.mpf(17.625), mp.mpf(243.04)
        ),
    ),
    Formula(
        "great-circle distance by haversines",
        "Sinnott 1984",
        "phi1 = p[0]; lam1 = p[1]; phi2 = p[2]; lam2 = p[3]\n"
        "a = np.sin((phi2 - phi1)/2)**2 + np.cos(phi1)*np.cos(phi2)*np.sin((lam2 - lam1)/2)**2\n"
        "6371*2*np.arctan2(np.sqrt(a), np.sqrt(1 - a))",
        {"p": [0.85, 0.04, 0.71, -1.29]},
        lambda p: 6371 * mp.acos(mp.sin(p[0]) * mp.sin(p[2]) + mp.cos(p[0]) * mp.cos(p[2]) * mp.cos(p[1] - p[3])),
    ),
    Formula(
        "Arrhenius' rate",
        "Arrhenius 1889; Atkins, Physical Chemistry",
        "A*np.exp(-Ea/(R*T))",
        {"A": 1e13, "Ea": 5e4, "R": 8.314462618, "T": 310.0},
        lambda A, E, R, T: A * sympy.exp(-E / (R * T)),
        symbolic=True,
    ),
    Formula(
        "Eyring's rate",
        "Eyring 1935",
        "kappa*kB*T/h*exp(dS/R)*exp(-dH/(R*T))",
        {"kappa": 1.0, "kB": 1.380649e-23, "T": 298.15, "h": 6.62607015e-34, "dS": -20.0, "dH": 7e4, "R": 8.314462618},
        lambda kappa, k, T, h, S, H, R: kappa * k * T / h * mp.exp((T * S - H) / (R * T)),
    ),
    Formula(
        "Nernst's potential",
        "Nernst 1889; Hille, Ion Channels of Excitable Membranes",
        "R*T/(z*F)*ln(c_out/c_in)",
        {"R": 8.314462618, "T": 310.0, "z": 1.0, "F": 96485.33212, "c_out": 5.0, "c_in": 140.0},
        lambda R, T, z, F, o, i: R * T * (mp.log(o) - mp.log(i)) / z / F,
    ),
    Formula(
        "Goldman's potential",
        "Goldman 1943; Hodgkin & Katz 1949",
        "R*T/F*log((P @ out)/(P @ inside))",
        {
            "R": 8.314462618,
            "T": 310.0,
            "F": 96485.33212,
            "P": [1.0, 0.04, 0.45],
            "out": [4.0, 145.0, 10.0],
            "inside": [140.0, 12.0, 110.0],
        },
        lambda R, T, F, P, o, i: (
            R * T / F * (mp.log(total(map(lambda a, b: a * b, P, o))) - mp.log(total(map(lambda a, b: a * b, P, i))))
        ),
    ),
    Formula(
        "Michaelis and Menten's rate with a competitor",
        "Michaelis & Menten 1913; Cornish-Bowden, Fundamentals of Enzyme Kinetics",
        "Vmax*S/(Km*(1 + I/Ki) + S)",
        {"Vmax": 2.3, "S": 0.8, "Km": 0.35, "I": 0.2, "Ki": 0.1},
        lambda V, S, K, i, Ki: V * S * Ki / (K * (Ki + i) + S * Ki),
        symbolic=True,
    ),
    Formula(
        "Hill's equation",
        "Hill 1910",
        "L**n/(Kd + L**n)",
        {"L": 2.5, "n": 2.8, "Kd": 26.0},
        lambda L, n, K: 1 / (1 + K * sympy.exp(-n * sympy.log(L))),
        symbolic=True,
    ),
    Formula(
        "Antoine's vapour pressure",
        "Antoine 1888; Reid, Prausnitz & Poling, The Properties of Gases and Liquids",
        "10**(A - B/(C + T))",
        {"A": 8.07131, "B": 1730.63, "C": 233.426, "T": 80.0},
        lambda A, B, C, T: mp.exp(mp.log(10) * (A - B / (C + T))),
    ),
    Formula(
        "pressure of Peng and Robinson's fluid",
        "Peng & Robinson 1976",
        "kappa = 0.37464 + 1.54226*w - 0.26992*w**2\nalpha = (1 + kappa*(1 - np.sqrt(T/Tc)))**2\n"
        "a = 0.45724*(R*Tc)**2/Pc; b = 0.0778*R*Tc/Pc\nR*T/(V - b) - a*alpha/(V**2 + 2*b*V - b**2)",
        {"T": 350.0, "V": 5e-4, "w": 0.228, "Tc": 304.2, "Pc": 7.38e6, "R": 8.314462618},
        lambda T, V, w, Tc, Pc, R: (
            R * T / (V - mp.mpf(0.0778) * R * Tc / Pc)
            - mp.mpf(0.45724)
            * (R * Tc) ** 2
            / Pc
            * (1 + (mp.mpf(0.37464) + mp.mpf(1.54226) * w - mp.mpf(0.26992) * w**2) * (1 - mp.sqrt(T / Tc))) ** 2
            / ((V + mp.mpf(0.0778) * R * Tc / Pc) ** 2 - 2 * (mp.mpf(0.0778) * R * Tc / Pc) ** 2)
        ),
    ),
    Formula(
        "pH of a buffer",
        "Henderson 1908; Hasselbalch 1917",
        "pKa + log10(A/HA)",
        {"pKa": 4.76, "A": 0.15, "HA": 0.1},
        lambda p, A, HA: p + (mp.log(A) - mp.log(HA)) / mp.log(10),
    ),
    Formula(
        "activity coefficient after Davies",
        "Davies 1962",
        "10**(-A*z**2*(sqrt(I)/(1 + sqrt(I)) - 0.3*I))",
        {"A": 0.509, "z": 2.0, "I": 0.05},
        lambda A, z, s: mp.exp(mp.log(10) * A * z**2 * (mp.mpf(0.3) * s - 1 + 1 / (1 + mp.sqrt(s)))),
    ),
    Formula(
        "free energy of a ring of eight spins",
        "Ising 1925; Huang, Statistical Mechanics",
        "lp = exp(b*J)*cosh(b*h) + sqrt(exp(2*b*J)*sinh(b*h)**2 + exp(-2*b*J))\n"
        "lm = exp(b*J)*cosh(b*h) - sqrt(exp(2*b*J)*sinh(b*h)**2 + exp(-2*b*J))\nlog(lp**8 + lm**8)",
        {"b": 0.6, "J": 1.0, "h": 0.3},
        lambda b, J, h: mp.log(
            total(
                (mp.matrix([[mp.exp(b * (J + h)), mp.exp(-b * J)], [mp.exp(-b * J), mp.exp(b * (J - h))]]) ** 8)[k, k]
                for k in range(2)
            )
        ),
    ),
    Formula(
        "distance in an expanding flat universe",
        "Hogg 1999, Distance measures in cosmology; numpy.trapezoid",
        "z = np.linspace(0, 1, 101) * zmax\nE = np.sqrt(Om*(1 + z)**3 + 1 - Om)\n299792.458/H0*np.trapezoid(1/E, z)",
        {"zmax": 0.5, "Om": 0.3, "H0": 70.0},
        lambda zm, Om, H0: (
            mp.mpf(299792.458)
            / H0
            * total(
                (1 if k in (0, 100) else 2) * zm / 200 / mp.sqrt(Om * (1 + zm * k / 100) ** 3 + 1 - Om)
                for k in range(101)
            )
        ),
    ),
]
