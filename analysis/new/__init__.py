"""A study folder for the user's own data: study file, data dictionary, layout."""

from analysis.new.write import new_study

__all__ = ["new_study"]
