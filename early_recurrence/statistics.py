"""Every statistic of the package: see `analysis.statistics`."""

from analysis.statistics import *  # noqa: F403
from analysis.statistics import __all__  # noqa: F401
