"""Keys of the results.

Each quantity is declared once, and its keys are made and read by the declaration alone.

    keys.auc("dlrcr", "validation")            # the key, auc.dlrcr.validation
    for parts, record in keys.auc.of(records)  # all AUCs, with model and evaluation
"""

# Every declaration is a name of this package.
# ruff: noqa: F401, F403

from __future__ import annotations

from analysis.results.keys.calibration import *
from analysis.results.keys.clinical import *
from analysis.results.keys.comparison import *
from analysis.results.keys.discrimination import *
from analysis.results.keys.features import *
from analysis.results.keys.final_models import *
from analysis.results.keys.follow_up import *
from analysis.results.keys.habitats import *
from analysis.results.keys.history import *
from analysis.results.keys.model_checks import *
from analysis.results.keys.models import *
from analysis.results.keys.planning import *
from analysis.results.keys.quantity import (
    DECLARED,
    Key,
    Quantity,
    UndeclaredKey,
    named,
    parsed,
    rests_on_training,
)
from analysis.results.keys.settings import *
from analysis.results.keys.study import *
from analysis.results.keys.utility import *
