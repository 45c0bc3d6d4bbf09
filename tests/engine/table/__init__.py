"""The tests over the table: what every row and composition is put through, because it is there.

samples     operands to try a function on: shapes from its kind or its examples, points from its domain
oracles     what is true: SymPy's derivatives and mpmath's differences, at 50 digits and more
walks       what the engine says, by every mode, order and interpreter
checks      the comparisons of the two, one function each, that take the function under test
"""
