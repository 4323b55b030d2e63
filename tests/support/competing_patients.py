"""Thirty patients with ties among events, competing events and censorings, for what R was asked
about."""

import numpy as np
import pandas as pd

TIME = np.array(
    """
    4 7 7 9 10 12 12 13 15 15 18 20 21 21 24 26 28 30 31 33 33 36 40 41 41 45 48 50 52 60
""".split(),
    dtype=float,
)
EVENT = np.array(
    """
    1 2 1 0 1 1 0 2 1 1 0 2 1 0 1 1 2 0 1 1 0 2 1 0 1 0 1 2 0 0
""".split(),
    dtype=int,
)
SWAPPED = np.array([0, 2, 1])[EVENT]  # the competing event as that of interest
X = np.array(
    """
    2.1 0.3 1.7 0.2 1.1 2.5 -0.4 0.9 1.3 0.1 -1.2 0.8 1.9 0.4 -0.3 0.6 1.4 -0.9 0.2 1.6 -0.5 0.7
    -0.1 0.3 1 -1.1 0.5 -0.6 0.9 -0.2
""".split(),
    dtype=float,
)
Y = np.array(
    """
    1.9 0.9 1.1 0.7 0.6 2.9 0.1 0.2 1.9 0.5 -0.8 0.3 1.2 1.4 -0.9 1.6 0.4 -0.2 0.2 0.6 -1.5 0.1
    0.9 0.3 -0.3 -1 1.5 -0.6 0.3 -0.7
""".split(),
    dtype=float,
)
GROUP = np.array(list("abc") * 10)
TABLE = pd.DataFrame({"x": X, "g": GROUP})
RISK_X, RISK_Y = np.round(1 / (1 + np.exp(1 - X)), 3), np.round(1 / (1 + np.exp(1 - 0.5 * Y)), 3)
