"""Guards against leakage that run with every study.

Each tells what it looked at, what it found, and whether it passed.
"""

from analysis.training.leakage.guard import Guard
from analysis.training.leakage.guards import Leakage, guard_table, run_guards

__all__ = ["Guard", "Leakage", "guard_table", "run_guards"]
