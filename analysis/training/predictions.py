"""All fits of a study, the choice of the best parts, the nested fusions, and the table that they
fill."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from joblib import effective_n_jobs

from analysis.cache import is_planning
from analysis.cohort import Cohort
from analysis.progress import in_parallel
from analysis.radiomics import RadiomicsTable, reproducible_features
from analysis.training.comparators import comparator_predictions
from analysis.training.contexts import Context, contexts_of, outer_repeats
from analysis.training.delineations import Delineations, with_delineations, without_delineations
from analysis.training.estimate import estimate_text, estimated_seconds
from analysis.training.fits import code_digest, fit_group, path_of
from analysis.training.fusions import Fused, fused
from analysis.training.lineage import Step
from analysis.training.scores import Scores
from analysis.training.settings import model_settings
from analysis.training.status import network_status
from models.catalogue import FAMILIES
from models.fusion import Formula
from models.inputs import Inputs

COLUMNS = [
    "patient_id",
    "cohort",
    "model",
    "family",
    "how",
    "repeat",
    "score",
    "probability",
    "label",
    "time_months",
    "event_type",
]


@dataclass(frozen=True)
class Training:
    """predictions: the tidy table, out-of-fold scores of each repeat in rows of their own. chosen:
    context → the radiomics classifier and network chosen in it.

    selected: final fits' variables and features; selected_in_folds: model → outer fold → the same.
    coefficients: log odds ratios of the final fusions. formulas: what these compute, in the units
    of their terms. delineations: probabilities of the locked models by other delineations
    (patient_id, delineation, model, probability). steps: who was seen by what. inputs, contexts,
    scores: what all was made from.
    labels: names of models that were made elsewhere.
    """

    predictions: pd.DataFrame
    chosen: dict[str, dict[str, str]]
    selected: dict[str, list[str]]
    coefficients: dict[str, dict[str, float]] = field(default_factory=dict)
    formulas: dict[str, Formula] = field(default_factory=dict)
    selected_in_folds: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    delineations: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(
            columns=["patient_id", "delineation", "model", "probability"]
        )
    )
    steps: tuple[Step, ...] = ()
    inputs: Inputs | None = None
    scores: Scores | None = None
    fusions: dict[str, dict[str, Fused]] = field(default_factory=dict)
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raises ValueError naming a patient who has two predictions of one model judged in one way
        and one repeat of the folds, whatever made them."""
        key = ["patient_id", "model", "how", *(["repeat"] if "repeat" in self.predictions else [])]
        twice = self.predictions.loc[self.predictions.duplicated(key), key]
        if len(twice):
            patient, model, how = twice.iloc[0].iloc[:3]
            raise ValueError(
                f"predictions: {len(twice)} row(s) are a second prediction for the same patient,"
                f" model and way of judging; the first is of patient {patient}, model '{model}',"
                f" {how}. Each would count twice: give every model a name of its own, and every"
                " patient one row"
            )


def _rows(
    cohort: Cohort, model: str, final: pd.Series, outer: dict[int, pd.Series]
) -> pd.DataFrame:
    """Apparent and out-of-fold rows of training patients, the latter for each repeat, and one way
    of judging for each other cohort, named as it is."""
    of = cohort.cohort[final.index]
    parts = [
        ("apparent", 1, final[of == "training"]),
        *[("out_of_fold", repeat, scores) for repeat, scores in outer.items()],
    ]
    parts += [(name, 1, final[of == name]) for name in cohort.study.cohorts if name != "training"]
    frames = [
        pd.DataFrame(
            {
                "patient_id": scores.index,
                "how": how,
                "repeat": repeat,
                "score": scores.to_numpy(),
                "probability": scores.to_numpy(),
            }
        )
        for how, repeat, scores in parts
    ]
    return pd.concat(frames).assign(model=model, family=FAMILIES.get(model, "additional"))


def _fit_all(
    cohort: Cohort, settings: dict[str, dict[str, Any]], contexts: list[Context], inputs: Inputs
) -> Scores:
    """Every base model in every context; additional models are parts of no fusion, so their inner
    folds are left out."""
    study = cohort.study
    # Slow fits first, so that no process is left with a network while the other has finished.
    order = sorted(
        settings, key=lambda name: {"resnet50": 0, "resnet34": 1, "resnet18": 2}.get(name, 3)
    )
    groups: dict[str, list[str]] = {}
    for name in order:
        groups.setdefault(path_of(name), []).append(name)
    code, folder, logs, started = (
        code_digest(),
        study.cache_folder / "fits",
        study.output_folder / "training",
        time.time(),
    )
    work = [
        (
            names,
            [settings[name] for name in names],
            context,
            inputs,
            cohort.label,
            study.seed,
            folder,
            code,
            logs,
        )
        for names in groups.values()
        for context in contexts
        if not (context.inner and names[0] in study.additional_models)
    ]
    found = in_parallel(
        fit_group,
        work,
        "models",
        study.jobs,
        lambda: network_status(logs, started),
        [f"{', '.join(each[0])} in {each[2].name}" for each in work],
    )
    return Scores([fit for fits in found for fit in fits], contexts, cohort.label)


def train_all(
    cohort: Cohort,
    table: RadiomicsTable | None,
    images: Any = None,
    repeat_images: Delineations | None = None,
) -> Training:
    """Fit every model in every context and return predictions for every patient.

    The radiomics classifier and network of `radiomics` and `dl` are chosen anew in each context by
    its inner out-of-fold AUC, so the outer out-of-fold scores pay for the choice. Features of low
    reproducibility between delineations are left out beforehand: that filter sees no outcome.
    repeat_images: crops by other delineations, which the locked models score and nothing learns
    from.
    """
    study = cohort.study
    training = list(cohort.patients[cohort.cohort == "training"])
    features = (
        reproducible_features(
            table,
            study.radiomics.icc_threshold,
            training,
            study.radiomics.icc_judged_by,
            study.statistics.confidence_level,
        )
        if table is not None and study.radiomics
        else []
    )
    if table is not None and not features:
        assert study.radiomics is not None  # there is no table without this section
        raise ValueError(
            f"radiomics: no feature reaches icc_threshold {study.radiomics.icc_threshold}; lower"
            " it, or look at the repeated masks"
        )
    inputs, extra = with_delineations(
        Inputs(
            cohort.patients,
            cohort.predictors,
            None if table is None else table.features,
            images,
            cohort.centre,
        ),
        table,
        repeat_images,
    )
    others = [*cohort.patients[cohort.cohort != "training"], *extra]
    centre = cohort.centre if study.validation.outer == "leave_one_centre_out" else None
    contexts = contexts_of(
        training,
        others,
        cohort.label,
        study.validation.outer_folds,
        study.validation.inner_folds,
        study.seed,
        study.validation.repeats,
        centre,
    )
    settings = model_settings(cohort, features)
    if study.study.protocol == "full" and not is_planning():
        seconds = estimated_seconds(
            settings, contexts, inputs, cohort.label, list(study.additional_models)
        )
        print(
            f"{study.study.name}: "
            + estimate_text(seconds, len(contexts), effective_n_jobs(study.jobs)),
            file=sys.stderr,
            flush=True,
        )
    scores = _fit_all(cohort, settings, contexts, inputs)

    groups = {
        "radiomics": [name for name in settings if name.startswith("radiomics_")],
        "dl": [name for name in settings if name.startswith("resnet")],
    }
    groups = {part: names for part, names in groups.items() if names}
    upper = [context for context in contexts if not context.inner]
    chosen = {
        context.name: {part: scores.best(names, context.name) for part, names in groups.items()}
        for context in upper
    }
    fusions = {
        context.name: fused(
            scores, inputs, settings, study.fusion.method, chosen[context.name], groups, context
        )
        for context in upper
    }

    def scored(model: str, context: str) -> pd.Series:
        if model in fusions[context]:
            return fusions[context][model].scores
        return scores.fits[chosen[context].get(model, model), context].scores

    names = [
        *[name for name in settings if name not in study.additional_models],
        *chosen["final"],
        *fusions["final"],
        *study.additional_models,
    ]
    outer = [context.name for context in upper if context.name != "final"]
    final = {name: scored(name, "final") for name in names}
    repeats = outer_repeats(upper)
    frames = [
        _rows(
            cohort,
            name,
            without_delineations(final[name]),
            {
                repeat: pd.concat([scored(name, context) for context in folds])
                for repeat, folds in repeats.items()
            },
        )
        for name in names
    ]
    if study.comparators or study.supplement_scores:
        known = set(cohort.patients)
        folds = {
            context.name: (
                list(context.learn),
                [patient for patient in context.score if patient in known],
            )
            for context in upper
        }
        frames.append(comparator_predictions(cohort, folds, repeats))
    predictions = pd.concat(frames, ignore_index=True)
    predictions = predictions.join(
        pd.concat([cohort.cohort, cohort.outcome], axis=1), on="patient_id"
    )
    steps = [scores.step(model, context) for model, context in scores.fits] + [
        each.step for context in fusions.values() for each in context.values()
    ]
    return Training(
        predictions[COLUMNS].reset_index(drop=True),
        chosen,
        {
            name: list(scores.fits[name, "final"].selected)
            for name in settings
            if scores.fits[name, "final"].selected
        },
        {name: each.model.coefficients.to_dict() for name, each in fusions["final"].items()},
        {
            name: each.model.formula.in_units(
                each.design.fill_, each.design.scale_, each.design.log
            )
            for name, each in fusions["final"].items()
        },
        {
            name: {context: list(scores.fits[name, context].selected) for context in outer}
            for name in settings
            if scores.fits[name, "final"].selected
        },
        extra.rows(final),
        tuple(steps),
        inputs,
        scores,
        fusions,
        settings,
    )
