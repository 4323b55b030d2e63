"""Locked model applied to one new patient: probability, how it comes about, what to be wary of."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.statistics import nomogram_scale
from analysis.workflow.locked_model.new_patient import read_patient
from analysis.workflow.locked_model.own_code import with_code
from analysis.workflow.locked_model.patient_files import NewPatient, refused
from analysis.workflow.locked_model.performance import performance_words
from analysis.workflow.locked_model.prediction import Prediction, Refusal
from analysis.workflow.locked_model.training_ranges import strange_values
from models.declared import PARTS
from models.fusion import nomogram_terms
from models.inputs import Inputs
from models.locked import LockedModel, LockedModelError, read_folder

SCORES = {name: part.term for name, part in PARTS.items()}


def _terms(
    model: LockedModel, inputs: Inputs, labels: dict[str, str], blocks: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Terms of a model for one patient, with their contributions and points.

    Each term stands in its own unit, with its contribution as it enters, and its points where a
    straight axis exists. blocks: label of each block of other people's features.
    """
    table = model.linear_terms(inputs)
    if table is None:
        return []
    points: dict[str, float] = {}
    design = model.regression.design_ if model.regression is not None else model.design
    centre, scale = (design.fill_, design.scale_) if design is not None else ({}, {})
    own = {
        row.term: row.value * scale[row.term] + centre[row.term] if row.term in scale else row.value
        for row in table.itertuples()
    }
    if (
        model.fusion is not None
        and design is not None
        and not any(term.endswith("'") for term in own)
    ):
        formula = model.fusion.formula.in_units(centre, scale, design.log)
        numeric, factors, constant = nomogram_terms(
            formula,
            {
                name: levels
                for name, levels in design.levels.items()
                if any(term.partition("=")[0] == name for term in own)
            },
        )
        nomogram = nomogram_scale(
            numeric,
            formula.intercept + constant,
            formula.ranges,
            formula.linear_range,
            factors=factors,
        )
        points = {
            term: float(
                (slope * own[term] - nomogram.axes[term].contribution.min())
                * nomogram.points_per_unit
            )
            for term, slope in numeric.items()
        }
        points |= {
            name: float(
                (
                    sum(
                        formula.slopes[term] * own[term]
                        for term in own
                        if term.partition("=")[0] == name
                    )
                    - nomogram.axes[name].contribution.min()
                )
                * nomogram.points_per_unit
            )
            for name in factors
        }
    logarithmic = design.log if design is not None else set()
    scores = SCORES | {part: f"score of {each}" for part, each in blocks.items()}
    rows: dict[str, dict[str, Any]] = {}
    for row in table.itertuples():
        name, _, level = row.term.partition("=")
        label = scores.get(row.term, labels.get(name, row.term))
        value = float(2 ** own[row.term] if row.term in logarithmic else own[row.term])
        # A factor is one row: the level that the patient has, the reference where none of the
        # others.
        if level and name in rows:
            rows[name]["contribution"] += float(row.contribution)
            rows[name]["label"] = f"{label}: {level}" if own[row.term] else rows[name]["label"]
            continue
        if level:
            label = (
                f"{label}: {level if own[row.term] or design is None else design.levels[name][0]}"
            )
        rows[name] = {
            "term": name,
            "label": label,
            "value": 1.0 if level else value,
            "contribution": float(row.contribution),
            "points": points.get(name),
        }
    return list(rows.values())


@lru_cache(maxsize=1)
def loaded(folder: Path, identity: str) -> tuple[dict[str, Any], LockedModel]:
    """Description and model of a folder, read once for many patients.

    identity: of the model that was asked for. Raises LockedModelError where it is another by now.
    """
    description, files = read_folder(folder)
    if description["identity"] != identity:
        raise LockedModelError(f"{folder} was changed while patients were scored")
    return with_code(description, files), LockedModel.from_description(description, files)


def _strange(
    description: Mapping[str, Any], model: LockedModel, inputs: Inputs, labels: dict[str, str]
) -> tuple[list[str], list[str]]:
    """What of a patient is outside of the training's ranges, and which clinical values are far so.

    Of many features one may well lie far away; so they are named, and refuse nobody.
    """
    outside: list[str] = []
    far: list[str] = []
    ranges = description["ranges"]
    if inputs.clinical is not None:
        design = model.regression.design_ if model.regression is not None else model.design
        outside, far = strange_values(
            pd.to_numeric(inputs.clinical.iloc[0], errors="coerce"),
            ranges["variables"],
            labels,
            design.log if design is not None else (),
        )
    if inputs.radiomics is not None:
        near, away = strange_values(inputs.radiomics.iloc[0], ranges["features"], {})
        outside += near + away
    return outside, far


def score_patient(
    model_folder: Path,
    identity: str,
    patient: NewPatient,
    newcomers: Inputs | None = None,
) -> Prediction | Refusal:
    """The prediction for a patient, or what is wrong with the patient's files.

    newcomers: all patients of the patient's centre who are scored together, where the model may
    learn from them what that centre does to the features.
    """
    description, model = loaded(model_folder, identity)
    labels = {name: values["label"] for name, values in description["dictionary"].items()}
    try:
        inputs, warnings = read_patient(description, model, patient)
        outside, far = _strange(description, model, inputs, labels)
        if far:
            raise LockedModelError(
                refused(
                    patient,
                    [
                        f"{words}: too far from what the model knows; is the unit right?"
                        for words in far
                    ],
                )
            )
        warnings += outside
        if newcomers is not None:
            model = model.knowing(newcomers)
            warnings.append(
                f"no patient of centre {patient.centre} was in training: location and scale of its"
                f" features were estimated from the {len(newcomers.patients)} who were scored"
                " together"
            )
        probability = float(model.predict(inputs).iloc[0])
    except ValueError as error:
        return Refusal(patient.name, str(error))
    cutoff, risk = description["cutoff"], None
    if cutoff is not None:
        risk = "high" if probability >= cutoff else "low"
    return Prediction(
        patient.name,
        description["label"],
        identity=description["identity"],
        outcome=description["outcome"],
        performance=performance_words(description.get("performance")),
        probability=probability,
        risk=risk,
        cutoff=cutoff,
        intercept=model.intercept,
        terms=_terms(
            model,
            inputs,
            labels,
            {name: each["label"] for name, each in description.get("blocks", {}).items()},
        ),
        parts=(
            {name: float(value) for name, value in model.part_probabilities(inputs).iloc[0].items()}
            if model.parts
            else {}
        ),
        warnings=warnings,
    )
