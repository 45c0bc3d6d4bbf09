"""Functions that are given by an equation, and differentiated by it: the implicit function theorem.

    equation   a function of the program as a graph of its own, run over any namespace
    solution   the numbers for which an equation holds, found by iteration
    roots      the rows

A row has the starting point as its first operand and behind it all that the function uses from around it; the function
itself, an `Equation`, is a static parameter. No iteration is ever differentiated: the rules need the solution alone.
"""

from engine.implicit import roots

__all__ = ["roots"]
