"""Duplicates: one patient entered twice, by name, clinical values, features or images.

Across cohorts the second copy is judged by a model that learnt from the first. Within the training
cohort the same happens between folds, and within a validation cohort one patient counts as two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.core.word_lists import counted
from analysis.training.leakage.guard import Guard, verdict_of
from analysis.training.leakage.near_duplicates import twins, uncorrelated
from models.inputs import Inputs

# Two patients with this many equal measured values are hardly two; a coincidence of rounded values
# needs more.
LEAST_VALUES = 8
# Crops are compared as thumbnails; other patients' tumours stay far below this correlation.
SAME_IMAGE = 0.995
THUMBNAIL = 12


def _normal(name: str) -> tuple[str, ...]:
    """Patient's name as its words and numbers, without case, separators and leading zeros.

    Thus centre-1-11 is not centre-11-1.
    """
    return tuple(
        part.lstrip("0") or "0" if part.isdigit() else part
        for part in re.findall(r"[^\W\d_]+|\d+", str(name).casefold())
    )


def _pairs(cohort: Cohort, rows: Iterable[tuple[int, int]]) -> list[str]:
    found = []
    for one, two in rows:
        first, second = cohort.patients[one], cohort.patients[two]
        where = cohort.cohort[first], cohort.cohort[second]
        found.append(
            f"{first} ({where[0]}) and {second} ({where[1]})"
            if where[0] != where[1]
            else f"{first} and {second} (both {where[0]})"
        )
    return found


def _counted(pairs: list[str]) -> str:
    """Number of pairs, for the first page, where no patient is named."""
    return f"{counted(len(pairs), 'pair')} of patients"


def same_name(cohort: Cohort) -> Guard:
    """Names that differ only in case, separators or leading zeros."""
    names: dict[tuple[str, ...], list[int]] = {}
    for place, patient in enumerate(cohort.patients):
        names.setdefault(_normal(patient), []).append(place)
    pairs = _pairs(cohort, (pair for group in names.values() for pair in combinations(group, 2)))
    return verdict_of(
        pairs,
        "same_name",
        title="One patient under two names",
        looked_at=f"names of {counted(len(cohort.patients), 'patient')}",
        sound="no two names differ only in case, separators or leading zeros",
        named=_counted(pairs),
    )


def same_values(cohort: Cohort) -> Guard:
    """Patients who share every continuous clinical value that both have, at least eight of them.

    Those who are near twins by these values are found as well.
    """
    title = "Equal or nearly equal clinical rows"
    names = (
        []
        if cohort.dictionary is None
        else [
            name
            for name, variable in cohort.dictionary.variables.items()
            if variable.type == "continuous"
            and variable.role in ("predictor", "score_input")
            and name in cohort.clinical
        ]
    )
    if len(names) < LEAST_VALUES:
        return Guard(
            "same_values",
            title,
            looked_at=f"{len(names)} continuous variables",
            finding=f"fewer than {LEAST_VALUES} continuous variables: equal rows would prove"
            f" nothing",
            verdict="not run",
        )
    values = cohort.clinical[names].apply(pd.to_numeric).to_numpy(dtype=float)
    known = np.isfinite(values)
    filled = np.where(known, values, 0.0)
    pairs: set[tuple[int, int]] = set()
    for row in range(len(values)):
        both = known[row] & known[row + 1 :]
        equal = (np.isclose(filled[row], filled[row + 1 :], rtol=1e-9) | ~both).all(axis=1) & (
            both.sum(axis=1) >= LEAST_VALUES
        )
        pairs |= {(row, row + 1 + int(other)) for other in np.flatnonzero(equal)}
    # Patients of whom half of the values are unknown would be alike in that alone.
    most = np.flatnonzero(known.mean(axis=1) > 0.5)
    pairs |= {
        (int(most[one]), int(most[two]))
        for one, two in twins(uncorrelated(values[most]))
        if (known[most[one]] & known[most[two]]).sum() >= LEAST_VALUES
    }
    faults = _pairs(cohort, sorted(pairs))
    return verdict_of(
        faults,
        "same_values",
        title=title,
        looked_at=f"{len(names)} continuous variables of {counted(len(values), 'patient')}",
        sound="no two patients share all their values, or nearly so",
        named=_counted(faults),
    )


def same_features(cohort: Cohort, inputs: Inputs) -> Guard:
    """Guard against equal or nearly equal radiomics features.

    It looks for patients half of whose radiomics features are equal but for a thousandth of the
    spread, or all far closer than those of neighbours are
    (analysis.training.leakage.near_duplicates).
    """
    title = "Equal or nearly equal radiomics"
    if inputs.radiomics is None:
        return Guard(
            "same_features",
            title,
            looked_at="no radiomics",
            finding="this study has none",
            verdict="not run",
        )
    values = inputs.radiomics.loc[cohort.patients].dropna(axis=1).to_numpy(dtype=float)
    pairs = set(twins(uncorrelated(values)))
    spread = values.std(axis=0)
    scaled = values[:, spread > 0] / spread[spread > 0]
    for row in range(len(scaled) if scaled.shape[1] >= LEAST_VALUES else 0):
        near = (np.abs(scaled[row] - scaled[row + 1 :]) < 1e-3).mean(axis=1) > 0.5
        pairs |= {(row, row + 1 + int(other)) for other in np.flatnonzero(near)}
    faults = _pairs(cohort, sorted(pairs))
    return verdict_of(
        faults,
        "same_features",
        title=title,
        looked_at=f"{counted(values.shape[1], 'feature')} of {counted(len(values), 'patient')}",
        sound="no two tumours are closer than neighbours are",
        named=_counted(faults),
    )


def _alike(cohort: Cohort, pictures: np.ndarray) -> np.ndarray:
    """Pictures whose phases weigh alike, whatever the unit that networks see them in.

    pictures: patients × phases × rows × columns. Phases that keep their scale get mean 0 and
    standard deviation 1 in each picture, and 0 beyond the image, as the others have.
    """
    kept = [seen.keeps_scale for seen in cohort.study.network_inputs().values()]
    if not any(kept):
        return pictures
    alike = pictures.copy()
    values = pictures[:, kept]
    mean = np.nanmean(values, axis=(2, 3), keepdims=True)
    spread = np.nanstd(values, axis=(2, 3), keepdims=True)
    alike[:, kept] = np.nan_to_num((values - mean) / np.where(spread > 0, spread, 1.0))
    return alike


def same_images(cohort: Cohort, inputs: Inputs) -> Guard:
    """Guard against equal or nearly equal images.

    It looks for patients whose tumour regions correlate above .995 and far above their neighbours',
    as thumbnails of the reference slice in all phases.
    """
    title = "Equal or nearly equal images"
    if inputs.images is None:
        return Guard(
            "same_images",
            title,
            looked_at="no images",
            finding="this study has none",
            verdict="not run",
        )
    images = np.asarray(inputs.images[inputs.patients.get_indexer(cohort.patients)], dtype=float)
    middle = _alike(cohort, images[:, images.shape[1] // 2])
    places = np.linspace(0, middle.shape[-1], THUMBNAIL + 1).astype(int)
    blocks = np.add.reduceat(
        np.add.reduceat(middle, places[:-1], axis=-1),
        np.linspace(0, middle.shape[-2], THUMBNAIL + 1).astype(int)[:-1],
        axis=-2,
    )
    flat = blocks.reshape(len(blocks), -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    length = np.linalg.norm(flat, axis=1, keepdims=True)
    # As points on a sphere: their distance is that of the correlation.
    points = np.divide(flat, length, out=np.zeros_like(flat), where=length > 0)
    faults = _pairs(
        cohort, [pair for pair in twins(points) if points[pair[0]] @ points[pair[1]] > SAME_IMAGE]
    )
    return verdict_of(
        faults,
        "same_images",
        title=title,
        looked_at=f"tumour regions of {counted(len(images), 'patient')}",
        sound=f"no two regions correlate above {SAME_IMAGE:g} and beyond their neighbours",
        named=_counted(faults),
    )
