"""Manuscript folder of the author.

It tells where the manuscript lies, the templates that it was made from, and what was made of them
since.
"""

from analysis.reporting.manuscript_folder.place import make_manuscript, project_of
from analysis.reporting.manuscript_folder.templates import kind_of, templates

__all__ = ["kind_of", "make_manuscript", "project_of", "templates"]
