"""Formulas from papers, textbooks and documentation, as people write them, with their true values and gradients."""

from tests.engine.formulas.finance import FINANCE
from tests.engine.formulas.formula import Formula
from tests.engine.formulas.learning import LEARNING
from tests.engine.formulas.mathematics import MATHEMATICS
from tests.engine.formulas.physics import PHYSICS
from tests.engine.formulas.programs import PROGRAMS
from tests.engine.formulas.statistics import STATISTICS

FORMULAS: list[Formula] = [*PHYSICS, *STATISTICS, *FINANCE, *LEARNING, *MATHEMATICS, *PROGRAMS]

__all__ = ["FORMULAS", "Formula"]
