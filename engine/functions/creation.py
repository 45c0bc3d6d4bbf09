"""Tensors made from nothing but numbers: zeros, eye, arange, random numbers with a seed."""
