"""A study folder for the user's own data: study file, data dictionary, layout."""

from analysis.workflow.new_study.options import layout_of_options
from analysis.workflow.new_study.write import new_example, new_study

__all__ = ["layout_of_options", "new_example", "new_study"]
