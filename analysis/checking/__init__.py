"""What is wrong with a study's files, all of it at once, before anything is computed."""

from analysis.checking.problem import CohortError, Problem, Problems

__all__ = ["CohortError", "Problem", "Problems"]
