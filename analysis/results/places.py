"""Results of the models by place, and their mean by random effects.

The places are centres and validation cohorts; the mean is over places.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.core.word_lists import counted
from analysis.results import keys
from analysis.results.performance import evaluable
from analysis.results.place_names import COLUMNS, LEAST_OF_EITHER, STATISTICS
from analysis.results.record import Records
from analysis.statistics import RandomEffects, back_transformed, place_estimate, random_effects
from analysis.study import Statistics

SCALES = {"auc": "logit", "observed_expected": "log", "calibration_slope": "plain"}
# Two places have no prediction interval, and the interval of their mean says next to nothing.
LEAST_PLACES = 3
Places = dict[str, tuple[str, pd.Index | None]]


def _centres(cohort: Cohort, how: str, patients: pd.Index) -> Places:
    if cohort.centre is None:
        return {}
    centre = cohort.centre.loc[patients]
    spelled = centre.astype("string")
    names = sorted(str(name) for name in centre.dropna().unique())
    return {
        name: (how, patients[spelled.eq(name).fillna(False).to_numpy(dtype=bool)]) for name in names
    }


def divisions(cohort: Cohort) -> Iterator[tuple[str, Places]]:
    """Divisions of the patients that have at least two places.

    Each is place → way of judging, and its patients (None: all that were judged so).
    """
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


@dataclass(frozen=True)
class _Estimates:
    """Estimates of one place and model.

    They are effect and variance by statistic, cells of the table, and statistics that are missing:
    where the place has too few patients, or the statistic can't be estimated.
    """

    pooled: dict[str, tuple[float, float]] = field(default_factory=dict)
    cells: dict[str, float] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)


def _estimates(rows: pd.DataFrame, level: float) -> _Estimates:
    label = rows["label"].to_numpy(dtype=float)
    probability = rows["probability"].to_numpy(dtype=float)
    # A score or a stage has no probability, and neither O:E nor a slope.
    names = ("auc",) if np.isnan(probability).any() else tuple(STATISTICS)
    if min(label.sum(), len(label) - label.sum()) < LEAST_OF_EITHER:
        return _Estimates(missing=set(names))
    score, clipped = rows["score"].to_numpy(dtype=float), np.clip(probability, 1e-6, 1 - 1e-6)
    estimates = _Estimates()
    for name in names:
        try:
            found = place_estimate(name, label, score if name == "auc" else clipped, level)
        except ValueError:
            estimates.missing.add(name)
            continue
        estimates.pooled[name] = (found.effect, found.variance)
        estimates.cells.update(
            {name: found.value, f"{name}_low": found.ci_low, f"{name}_high": found.ci_high}
        )
    return estimates


@dataclass
class _Pool:
    """Statistic of one model over the places of a division.

    places: place → effect and variance; missing: places without it; n: patients of the places.
    """

    name: str
    model: str
    division: str
    places: dict[str, tuple[float, float]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    n: int = 0

    @property
    def parts(self) -> tuple[str, str, str]:
        """Parts of the keys of its results."""
        return self.name, self.model, self.division

    @property
    def asked(self) -> int:
        return len(self.places) + len(self.missing)

    @property
    def places_method(self) -> str:
        return f"{len(self.places)} of {counted(self.asked, 'place')}"

    def take(self, place: str, estimates: _Estimates, n: int) -> None:
        if self.name in estimates.pooled:
            self.places[place] = estimates.pooled[self.name]
            self.n += n
        elif self.name in estimates.missing:
            self.missing.append(place)


def _add_pooled(records: Records, settings: Statistics, pool: _Pool) -> None:
    """Add a model's statistic pooled over places.

    `pooled.<statistic>.<model>.<division>` with its prediction interval, tau², I² and how many
    places it is from; it is undefined over fewer than three places.
    """
    records.add(
        keys.pooled_places(*pool.parts),
        len(pool.places),
        n=pool.asked,
        unit="places",
        source=random_effects,
    )
    method = (
        f"random effects on the {SCALES[pool.name]} scale, restricted maximum likelihood,"
        f" {settings.pooling_interval.replace('_', ' ')} interval; {pool.places_method}"
    )
    if len(pool.places) < LEAST_PLACES:
        records.add(
            keys.pooled(*pool.parts),
            None,
            unit=STATISTICS[pool.name],
            method=f"{method}; not pooled: fewer than {LEAST_PLACES}",
            source=random_effects,
        )
        return
    effects, variances = (np.array(part) for part in zip(*pool.places.values(), strict=True))
    found = random_effects(effects, variances, settings.confidence_level, settings.pooling_interval)
    _add_means(records, pool, found, method)
    _add_heterogeneity(records, pool, found, method)


def _add_means(records: Records, pool: _Pool, found: RandomEffects, method: str) -> None:
    """The mean over places, with its interval and with that of a new place."""
    mean, low, high, far, near = (
        back_transformed(pool.name, each)
        for each in (
            found.value,
            found.ci_low,
            found.ci_high,
            found.prediction_low,
            found.prediction_high,
        )
    )
    records.add(
        keys.pooled(*pool.parts),
        mean,
        ci_low=low,
        ci_high=high,
        n=pool.n,
        unit=STATISTICS[pool.name],
        method=method,
        source=random_effects,
    )
    records.add(
        keys.pooled_prediction(*pool.parts),
        mean,
        ci_low=far,
        ci_high=near,
        n=pool.n,
        unit=STATISTICS[pool.name],
        method=(
            f"prediction interval of a new place, t of {counted(found.places - 2, 'degree')} of"
            f" freedom; {method}"
        ),
        source=random_effects,
    )


def _add_heterogeneity(records: Records, pool: _Pool, found: RandomEffects, method: str) -> None:
    records.add(
        keys.pooled_tau_squared(*pool.parts),
        found.tau_squared,
        n=pool.n,
        unit="variance",
        method=method,
        source=random_effects,
    )
    records.add(
        keys.pooled_i_squared(*pool.parts),
        found.i_squared,
        n=pool.n,
        unit="proportion",
        method=(
            f"Q {found.q:.3g} on {counted(found.places - 1, 'degree')} of freedom, p"
            f" {found.q_p:.3g}; {method}"
        ),
        source=random_effects,
    )


def place_table(
    records: Records, cohort: Cohort, predictions: pd.DataFrame, models: list[str]
) -> pd.DataFrame:
    """Table of the places, a row a place and model.

    The columns are division, place, model, n, events, and AUC, O:E and calibration slope with their
    intervals.

    Empty where a place has fewer than ten patients of either outcome, as a subgroup would be.
    Intervals are as in the other tables; what is pooled is the AUC on the logit scale, O:E on the
    log scale and the slope as it is.
    """
    study = cohort.study
    rows: list[dict] = []
    if study.statistics.by_centre != "automatic":
        return pd.DataFrame(rows, columns=COLUMNS)
    for division, places in divisions(cohort):
        for model in models:
            pools = [_Pool(name, model, division) for name in STATISTICS]
            for place, (how, members) in places.items():
                judged = evaluable(predictions, model, how)
                part = judged if members is None else judged.loc[judged.index.intersection(members)]
                if part.empty:
                    continue
                estimates = _estimates(part, study.statistics.confidence_level)
                rows.append(
                    {
                        "division": division,
                        "place": study.cohorts[place] if members is None else place,
                        "model": model,
                        "n": len(part),
                        "events": int(part["label"].sum()),
                        **estimates.cells,
                    }
                )
                for pool in pools:
                    pool.take(place, estimates, len(part))
            for pool in pools:
                if pool.asked:
                    _add_pooled(records, study.statistics, pool)
    return pd.DataFrame(rows, columns=COLUMNS)
