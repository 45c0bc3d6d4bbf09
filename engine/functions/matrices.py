"""Functions of matrices made of factorisations: pinv, lstsq, cond, matrix norms."""
