"""Every number that a bundle's contents allow, by the very functions that made it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.results import keys
from analysis.results.build import Judged, follow, judge, score_curves
from analysis.results.clinical import add_baseline, add_regression, candidate_parameters
from analysis.results.description import add_cohort
from analysis.results.optimism import add_optimism, resampled_model
from analysis.results.places import place_table
from analysis.results.planning import add_planning, add_published_check
from analysis.results.record import Record, Records
from analysis.results.robustness import add_delineations, add_repeats, add_volume
from analysis.results.score_levels import score_levels
from analysis.results.scores import agreement, describe_comparators
from analysis.results.settings import add_settings
from analysis.results.subgroups import fairness_table, subgroup_table
from analysis.training import Predictions
from analysis.workflow.review.rebuild import Bundle


@dataclass
class Recomputed:
    """Results computed again from the bundle.

    records, tables: what could be computed. failed: step → why it could not. clinical: keys and
    tables that rest on clinical values.
    """

    records: dict[str, Record] = field(default_factory=dict)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    clinical: set[str] = field(default_factory=set)


def recompute(bundle: Bundle) -> Recomputed:
    """Judge the locked predictions again.

    A step that fails is named with its reason, and the others go on.
    """
    cohort, found = bundle.cohort, Recomputed()
    study = bundle.study
    if not bundle.clinical:
        # What needs a clinical value has nothing to say: centres, subgroups, assumptions for
        # missing inputs, systems' levels.
        study = study.model_copy(
            update={
                "assume": {},
                "subgroups": [],
                "cohort": study.cohort.model_copy(update={"centre": None}),
            }
        )
        cohort = replace(cohort, study=study)
    records = Records()

    def step(
        name: str, compute: Callable[[], dict[str, pd.DataFrame] | None], clinical: bool = False
    ) -> None:
        before = {record.key for record in records.sorted()}
        try:
            made = {_file(each): frame for each, frame in (compute() or {}).items()}
        except (
            Exception
        ) as error:  # whatever a manipulated bundle can cause is a finding, and no end
            found.failed[name] = f"{type(error).__name__}: {error}"
            made = {}
        found.tables |= made
        if clinical:
            found.clinical |= {record.key for record in records.sorted()} - before | set(made)

    judged: list[Judged] = []
    step("settings", lambda: add_settings(records, cohort))
    step("cohort", lambda: add_cohort(records, cohort))
    step(
        "judgement",
        lambda: judged.append(judge(records, study, bundle.predictions, bundle.registry)),
    )
    if judged:
        predictions, headline, best = judged[0].predictions, judged[0].headline, judged[0].best
        graded = bundle.clinical and not study.comparator_files
        locked = Predictions(bundle.predictions, bundle.delineations)
        if len(judged[0].reclassification):
            step(
                "reclassification", lambda: {"tables/reclassification": judged[0].reclassification}
            )
        step("planning", lambda: add_planning(records, cohort, candidate_parameters(cohort)))
        step("published", lambda: add_published_check(records, study.published))
        step("curves", lambda: score_curves(predictions, study, headline, best))
        step(
            "follow-up",
            lambda: _without_levels(follow(records, cohort, judged[0], levels=graded), graded),
        )
        # Without clinical values nobody's centre is known; results by cohort are there all the
        # same.
        step(
            "places",
            lambda: (
                {"places": places}
                if len(places := place_table(records, cohort, predictions, headline))
                and (bundle.clinical or bundle.study.cohort.centre is None)
                else None
            ),
        )
        step(
            "delineations",
            lambda: add_delineations(records, locked, headline, study.statistics.confidence_level),
        )
        step("volume", lambda: add_volume(records, bundle.predictions, best))
        step("repeats", lambda: {"repeats": add_repeats(records, predictions, headline)})
        if bundle.clinical:
            _from_clinical(bundle, records, judged[0], step)
    found.records = {record.key: record for record in records.sorted()}
    return found


def _optimism(records: Records, cohort: Cohort) -> None:
    add_optimism(records, cohort, resampled_model(cohort))


def _from_clinical(
    bundle: Bundle, records: Records, judged: Judged, step: Callable[..., None]
) -> None:
    """Recompute the results that rest on clinical values.

    Regression, baseline tables, scores' descriptions and subgroups, where the clinical values are
    there.
    """
    cohort = bundle.cohort
    scores = [*judged.comparators, *judged.supplement]
    if bundle.study.clinical is not None:
        selected = [
            name
            for name in bundle.study.clinical.candidates
            if any(
                keys.odds_ratio("multivariable", term) in bundle.results
                for term in _terms(bundle, name)
            )
        ]
        step("regression", lambda: add_regression(records, cohort, selected), True)
        step("optimism", lambda: _optimism(records, cohort), True)
    step(
        "baseline",
        lambda: {f"tables/{name}": frame for name, frame in add_baseline(records, cohort).items()},
        True,
    )
    # A score of the study's own is code, which a bundle does not hold.
    if scores and not bundle.study.comparator_files:
        step(
            "scores",
            lambda: {
                "tables/scores": describe_comparators(cohort, scores),
                "tables/score_agreement": agreement(cohort, scores),
            },
            True,
        )
        between = score_levels(cohort, judged.predictions, judged.comparators, judged.best)
        if len(between):
            step("levels", lambda: {"tables/score_levels": between}, True)
    step(
        "subgroups",
        lambda: {
            "tables/subgroups": subgroup_table(records, cohort, judged.predictions, judged.best)
        },
        True,
    )
    step(
        "fairness",
        lambda: {
            "tables/fairness": fairness_table(records, cohort, judged.predictions, judged.best)
        },
        True,
    )


def _terms(bundle: Bundle, variable: str) -> list[str]:
    """Columns of the design that a variable may have."""
    levels = (
        bundle.cohort.dictionary.variables[variable].levels
        if bundle.cohort.dictionary is not None
        else None
    )
    return [variable, *(f"{variable}={level}" for level in levels or [])]


def _without_levels(curves: dict[str, pd.DataFrame], clinical: bool) -> dict[str, pd.DataFrame]:
    return {name: frame for name, frame in curves.items() if clinical or name != "stages"}


def _file(name: str) -> str:
    return f"{name}.csv" if "/" in name else f"curves/{name}.csv"
