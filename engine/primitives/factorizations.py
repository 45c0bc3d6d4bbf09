"""Factorisations of matrices: cholesky, qr, lu, eigh, eig, svd, and functions of a matrix."""
