"""The models' results by centre and by validation cohort, and their mean over places by random
effects."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.results.performance import evaluable
from analysis.results.place_names import COLUMNS, DIVISIONS, STATISTICS
from analysis.results.record import Records
from analysis.results.subgroups import LEAST_OF_EITHER
from analysis.statistics import RandomEffects, back_transformed, place_estimate, random_effects
from analysis.study import Study

SCALES = {"auc": "logit", "observed_expected": "log", "calibration_slope": "plain"}
# Two places have no prediction interval, and the interval of their mean says next to nothing.
LEAST_PLACES = 3
Places = dict[str, tuple[str, pd.Index | None]]


def _centres(cohort: Cohort, how: str, patients: pd.Index) -> Places:
    centre = cohort.centre
    names = (
        []
        if centre is None
        else sorted(str(name) for name in centre.loc[patients].dropna().unique())
    )
    return (
        {
            name: (
                how,
                patients[
                    centre.loc[patients]
                    .astype("string")
                    .eq(name)
                    .fillna(False)
                    .to_numpy(dtype=bool)
                ],
            )
            for name in names
        }
        if centre is not None
        else {}
    )


def divisions(cohort: Cohort) -> Iterator[tuple[str, Places]]:
    """Each division that has at least two places: place → way of judging, and its patients (None:
    all that were judged so)."""
    study = cohort.study
    found = {
        "centres_left_out": (
            _centres(cohort, "out_of_fold", cohort.labelled("training"))
            if study.validation.outer == "leave_one_centre_out" and study.predictions is None
            else {}
        ),
        "validation_centres": _centres(cohort, "validation", cohort.labelled("validation")),
        "validation_cohorts": {name: (name, None) for name in study.cohorts if name != "training"},
    }
    yield from ((name, places) for name, places in found.items() if len(places) > 1)


def _estimates(
    rows: pd.DataFrame, level: float
) -> tuple[dict[str, tuple[float, float]], dict[str, float], dict[str, str]]:
    """Of one place and model: effect and variance by statistic, cells of the table, and why a
    statistic is missing."""
    label = rows["label"].to_numpy(dtype=float)
    pooled, cells, missing = {}, {}, {}
    if min(label.sum(), len(label) - label.sum()) < LEAST_OF_EITHER:
        return (
            {},
            {},
            dict.fromkeys(
                STATISTICS if rows["probability"].notna().all() else ("auc",),
                f"fewer than {LEAST_OF_EITHER} patients of either outcome",
            ),
        )
    probability = rows["probability"].to_numpy(dtype=float)
    # A score or a stage has no probability, and neither O:E nor a slope.
    for name in STATISTICS if not np.isnan(probability).any() else ("auc",):
        values = (
            rows["score"].to_numpy(dtype=float)
            if name == "auc"
            else np.clip(probability, 1e-6, 1 - 1e-6)
        )
        try:
            found = place_estimate(name, label, values, level)
        except ValueError as reason:
            missing[name] = str(reason)
            continue
        pooled[name] = (found.effect, found.variance)
        cells |= {name: found.value, f"{name}_low": found.ci_low, f"{name}_high": found.ci_high}
    return pooled, cells, missing


def _add_pooled(
    records: Records,
    study: Study,
    name: str,
    model: str,
    division: str,
    places: dict[str, tuple[float, float]],
    missing: dict[str, str],
    n: int,
) -> None:
    """`pooled.<statistic>.<model>.<division>` with its prediction interval, tau², I² and how many
    places it is from; an undefined one says why."""
    key, of = (
        f"{name}.{model}.{division}",
        f"{len(places)} of {len(places) + len(missing)} {DIVISIONS[division]}",
    )
    records.add(
        f"pooled_places.{key}",
        len(places),
        n=len(places) + len(missing),
        unit="places",
        source="random_effects",
        method=(
            f"{of}; left out:"
            f" {'; '.join(f'{place}: {why}' for place, why in missing.items()) or 'none'}"
        ),
    )
    words = (
        f"random effects on the {SCALES[name]} scale, restricted maximum likelihood,"
        f" {study.statistics.pooling_interval.replace('_', ' ')} interval; {of}"
    )
    if len(places) < LEAST_PLACES:
        records.add(
            f"pooled.{key}",
            None,
            unit=STATISTICS[name],
            method=f"{words}; not pooled: fewer than {LEAST_PLACES}",
            source="random_effects",
        )
        return
    effects, variances = (np.array(part) for part in zip(*places.values(), strict=True))
    found: RandomEffects = random_effects(
        effects, variances, study.statistics.confidence_level, study.statistics.pooling_interval
    )
    mean, low, high, far, near = (
        back_transformed(name, each)
        for each in (
            found.value,
            found.ci_low,
            found.ci_high,
            found.prediction_low,
            found.prediction_high,
        )
    )
    records.add(
        f"pooled.{key}",
        mean,
        ci_low=low,
        ci_high=high,
        n=n,
        unit=STATISTICS[name],
        method=words,
        source="random_effects",
    )
    records.add(
        f"pooled_prediction.{key}",
        mean,
        ci_low=far,
        ci_high=near,
        n=n,
        unit=STATISTICS[name],
        method=(
            f"prediction interval of a new place, t of {found.places - 2} degrees of freedom;"
            f" {words}"
        ),
        source="random_effects",
    )
    records.add(
        f"pooled_tau_squared.{key}",
        found.tau_squared,
        n=n,
        unit="variance",
        method=words,
        source="random_effects",
    )
    records.add(
        f"pooled_i_squared.{key}",
        found.i_squared,
        n=n,
        unit="proportion",
        method=(
            f"Q {found.q:.3g} on {found.places - 1} degrees of freedom, p {found.q_p:.3g}; {words}"
        ),
        source="random_effects",
    )


def place_table(
    records: Records, cohort: Cohort, predictions: pd.DataFrame, models: list[str]
) -> pd.DataFrame:
    """division, place, model, n, events, and AUC, O:E and calibration slope with their intervals; a
    row a place and model.

    Empty where a place has fewer than ten patients of either outcome, as a subgroup would be.
    Intervals are as in the other tables; what is pooled is the AUC on the logit scale, O:E on the
    log scale and the slope as it is.
    """
    study, rows = cohort.study, []
    for division, places in divisions(cohort) if study.statistics.by_centre == "automatic" else ():
        for model in models:
            pooled: dict[str, dict[str, tuple[float, float]]] = {name: {} for name in STATISTICS}
            absent: dict[str, dict[str, str]] = {name: {} for name in STATISTICS}
            patients = dict.fromkeys(STATISTICS, 0)
            for place, (how, members) in places.items():
                judged = evaluable(predictions, model, how)
                part = judged if members is None else judged.loc[judged.index.intersection(members)]
                if part.empty:
                    continue
                estimates, cells, missing = _estimates(part, study.statistics.confidence_level)
                rows.append(
                    {
                        "division": division,
                        "place": study.cohorts[place] if members is None else place,
                        "model": model,
                        "n": len(part),
                        "events": int(part["label"].sum()),
                    }
                    | cells
                )
                for name in STATISTICS:
                    if name in estimates:
                        pooled[name][place] = estimates[name]
                        patients[name] += len(part)
                    else:
                        absent[name][place] = missing[name]
            for name in [name for name in STATISTICS if pooled[name] or absent[name]]:
                _add_pooled(
                    records,
                    study,
                    name,
                    model,
                    division,
                    pooled[name],
                    absent[name],
                    patients[name],
                )
    return pd.DataFrame(rows, columns=COLUMNS)
