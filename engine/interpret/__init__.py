"""The interpreters: each runs rows over one kind of value, and none knows how to differentiate.

floats    Python floats: a scalar program, at the least cost
arrays    NumPy arrays
build     nodes of a graph: what a rule computes becomes graph
"""
