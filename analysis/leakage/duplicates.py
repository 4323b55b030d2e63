"""The same patient in two cohorts: by name, by clinical values, by features or by images."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.cohort import Cohort
from analysis.leakage.guard import Guard, verdict_of
from models.inputs import Inputs

# Two patients with this many equal measured values are hardly two; a coincidence of rounded values needs more.
LEAST_VALUES = 8
# Crops are compared as thumbnails; other patients' tumours stay far below this correlation.
SAME_IMAGE = 0.995
THUMBNAIL = 12


def _normal(name: str) -> str:
    """A patient's name without case, separators and leading zeros of its numbers."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", re.sub(r"[^a-z0-9]", "", str(name).lower()))


def _across(cohort: pd.Series, pairs: Iterator[tuple[str, str]]) -> list[str]:
    return [f"{one} ({cohort[one]}) and {two} ({cohort[two]})" for one, two in pairs if cohort[one] != cohort[two]]


def same_name(cohort: Cohort) -> Guard:
    """Names that differ only in case, separators or leading zeros, in two cohorts."""
    names: dict[str, list[str]] = {}
    for patient in cohort.patients:
        names.setdefault(_normal(patient), []).append(patient)
    pairs = ((one, two) for group in names.values() for place, one in enumerate(group) for two in group[place + 1:])
    return verdict_of(_across(cohort.cohort, pairs), "same_name", "A patient in two cohorts", f"names of {len(cohort.patients)} patients",
                      "no two names differ only in case, separators or leading zeros")


def same_values(cohort: Cohort) -> Guard:
    """Patients of two cohorts who share every continuous clinical value that both have, at least eight of them."""
    title = "Equal clinical rows across cohorts"
    names = [] if cohort.dictionary is None else [name for name, variable in cohort.dictionary.variables.items()
                                                  if variable.type == "continuous" and variable.role in ("predictor", "score_input") and name in cohort.clinical]
    if len(names) < LEAST_VALUES:
        return Guard("same_values", title, f"{len(names)} continuous variables", f"fewer than {LEAST_VALUES} continuous variables: equal rows would prove nothing", "not run")
    values = cohort.clinical[names].apply(pd.to_numeric).to_numpy(dtype=float)
    known = np.isfinite(values)
    filled = np.where(known, values, 0.0)
    pairs = []
    for row in range(len(values)):
        both = known[row] & known[row + 1:]
        equal = (np.isclose(filled[row], filled[row + 1:], rtol=1e-9) | ~both).all(axis=1) & (both.sum(axis=1) >= LEAST_VALUES)
        pairs += [(cohort.patients[row], cohort.patients[row + 1 + other]) for other in np.flatnonzero(equal)]
    return verdict_of(_across(cohort.cohort, iter(pairs)), "same_values", title, f"{len(names)} continuous variables of {len(values)} patients", "no two patients share all their values")


def same_features(cohort: Cohort, inputs: Inputs) -> Guard:
    """Patients of two cohorts whose radiomics features are equal but for a thousandth of each feature's spread."""
    title = "Near-duplicate radiomics across cohorts"
    if inputs.radiomics is None:
        return Guard("same_features", title, "no radiomics", "this study has none", "not run")
    table = inputs.radiomics.loc[cohort.patients]
    spread = table.std(ddof=0)
    values = (table / spread.where(spread > 0)).dropna(axis=1, how="all").to_numpy(dtype=float)
    pairs = []
    for row in range(len(values)):
        near = (np.abs(values[row] - values[row + 1:]) < 1e-3).mean(axis=1) > 0.5
        pairs += [(cohort.patients[row], cohort.patients[row + 1 + other]) for other in np.flatnonzero(near)]
    return verdict_of(_across(cohort.cohort, iter(pairs)), "same_features", title, f"{values.shape[1]} features of {len(values)} patients", "no two tumours share half of their features")


def same_images(cohort: Cohort, inputs: Inputs) -> Guard:
    """Patients of two cohorts whose tumour regions correlate above .995, as thumbnails of the reference slice in all phases."""
    title = "Near-duplicate images across cohorts"
    if inputs.images is None:
        return Guard("same_images", title, "no images", "this study has none", "not run")
    images = np.asarray(inputs.images[inputs.patients.get_indexer(cohort.patients)], dtype=float)
    middle = images[:, images.shape[1] // 2]
    places = np.linspace(0, middle.shape[-1], THUMBNAIL + 1).astype(int)
    blocks = np.add.reduceat(np.add.reduceat(middle, places[:-1], axis=-1), np.linspace(0, middle.shape[-2], THUMBNAIL + 1).astype(int)[:-1], axis=-2)
    flat = blocks.reshape(len(blocks), -1)
    with np.errstate(invalid="ignore"):
        correlation = np.nan_to_num(np.corrcoef(flat))
    near = np.argwhere(np.triu(correlation > SAME_IMAGE, k=1))
    pairs = ((cohort.patients[one], cohort.patients[two]) for one, two in near)
    return verdict_of(_across(cohort.cohort, pairs), "same_images", title, f"tumour regions of {len(images)} patients", f"no two regions correlate above {SAME_IMAGE:g}")
