"""What functions mean, written as textbooks write it and over mpmath's numbers, with no thought of overflow or speed.

One module for each group of functions, each with its ``DEFINITIONS`` by name. A function whose row says ``sympy=``,
or that NumPy itself has for arrays of objects, needs none. A definition of a function with several results gives a
tuple.
"""

from tests.engine.table.definitions import (
    algebra,
    arrays,
    core,
    elementwise,
    implicit,
    learning,
    networks,
    reductions,
    special,
)
from tests.engine.table.exact import Exact

DEFINITIONS: dict[str, Exact] = {}
for group in (core, elementwise, special, learning, arrays, reductions, algebra, networks, implicit):
    assert DEFINITIONS.keys().isdisjoint(group.DEFINITIONS), "a function is defined twice"
    DEFINITIONS.update(group.DEFINITIONS)
