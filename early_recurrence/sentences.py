"""Sentences of a document that the results decide: see `analysis.reporting.sentences`."""

from analysis.reporting.sentences import *  # noqa: F403
from analysis.reporting.sentences import __all__  # noqa: F401
