"""Tables of a document, laid out from results: see `analysis.reporting.tables`."""

from analysis.reporting.tables import *  # noqa: F403
from analysis.reporting.tables import __all__  # noqa: F401
