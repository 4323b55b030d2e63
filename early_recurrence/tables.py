"""Tables of a document, laid out from results: see `analysis.tables`."""

from analysis.tables import *  # noqa: F403
from analysis.tables import __all__  # noqa: F401
