"""Sentences of a document that the results decide: see `analysis.statements`."""

from analysis.statements import *  # noqa: F403
from analysis.statements import __all__  # noqa: F401
