"""The embedded demonstration cohort: synthetic, seeded, written as real files."""

from analysis.demo.truth import TRUTH, Truth
from analysis.demo.write import make_demo_cohort

__all__ = ["TRUTH", "Truth", "make_demo_cohort"]
