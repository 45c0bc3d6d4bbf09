"""Special functions: gamma, beta, error and Bessel functions and their like. Values come from SciPy."""
