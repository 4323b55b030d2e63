"""A small sound cohort with inputs of its own, which each test then spoils."""

import numpy as np
import pandas as pd
import pytest

from analysis.study import load_study
from analysis.workflow.check.load import load_cohort
from models.inputs import Inputs
from tests.conftest import small_study


@pytest.fixture(scope="session")
def sound_cohort(tmp_path_factory):
    return load_cohort(
        load_study(
            small_study(
                tmp_path_factory.mktemp("leakage"), "leakage", radiomics=None, deep_learning=None
            )
        )
    )


@pytest.fixture(scope="session")
def sound_inputs(sound_cohort):
    """Unrelated features and images of every patient."""
    random = np.random.default_rng(5)
    patients = sound_cohort.patients
    features = pd.DataFrame(
        random.standard_normal((len(patients), 40)),
        index=patients,
        columns=[f"f{place}" for place in range(40)],
    )
    return Inputs(
        patients,
        sound_cohort.clinical,
        features,
        random.standard_normal((len(patients), 1, 3, 24, 24)).astype(np.float32),
    )


@pytest.fixture
def pair(sound_cohort):
    """A training and a validation patient."""
    return [
        sound_cohort.patients[sound_cohort.cohort == name][0] for name in ("training", "validation")
    ]
