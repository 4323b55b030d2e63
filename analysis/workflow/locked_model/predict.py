"""Locked model applied to new patients: probability, how it comes about, what to be wary of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.core.progress import in_parallel
from analysis.statistics import nomogram_scale
from analysis.workflow.locked_model.new_patient import missing_files, read_patient
from analysis.workflow.locked_model.own_code import refuse_code, with_code
from analysis.workflow.locked_model.performance import performance_words
from analysis.workflow.locked_model.training_ranges import strange_values
from models.declared import PARTS
from models.fusion import nomogram_terms
from models.inputs import Inputs
from models.locked import LockedModel, LockedModelError, read_folder

SCORES = {name: part.term for name, part in PARTS.items()}


@dataclass(frozen=True)
class Prediction:
    """Prediction for a new patient.

    probability of `outcome`; risk: high at or above the cut-off that was fixed in training, else
    low; None where it has none. terms: term, value, contribution to the log odds and points of the
    nomogram, for a model that is a sum of terms. parts: probability by each part. performance: how
    well the model predicted in its study, and whether it was shown to discriminate. warnings: where
    the patient differs from those that the model was trained on.
    """

    patient_id: str
    model: str
    identity: str
    outcome: str
    performance: str
    probability: float
    risk: str | None
    cutoff: float | None
    intercept: float | None
    terms: list[dict[str, Any]] = field(default_factory=list)
    parts: dict[str, float] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def _terms(model: LockedModel, inputs: Inputs, labels: dict[str, str]) -> list[dict[str, Any]]:
    """Terms of a model for one patient, with their contributions and points.

    Each term stands in its own unit, with its contribution as it enters, and its points where a
    straight axis exists.
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
    rows: dict[str, dict[str, Any]] = {}
    for row in table.itertuples():
        name, _, level = row.term.partition("=")
        label = SCORES.get(row.term, labels.get(name, row.term))
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


def _one(model_folder: Path, patient: Path, centre: str | None) -> Prediction | str:
    """The prediction, or what is wrong with the patient's files."""
    description, files = read_folder(model_folder)
    model = LockedModel.from_description(description, files)
    description = with_code(description, files)
    try:
        inputs, warnings = read_patient(description, model, patient, centre)
        probability = float(model.predict(inputs).iloc[0])
    except ValueError as error:
        return str(error)
    labels = {name: values["label"] for name, values in description["dictionary"].items()}
    ranges = description["ranges"]
    if inputs.clinical is not None:
        warnings += strange_values(
            pd.to_numeric(inputs.clinical.iloc[0], errors="coerce"), ranges["variables"], labels
        )
    if inputs.radiomics is not None:
        warnings += strange_values(inputs.radiomics.iloc[0], ranges["features"], {})
    cutoff = description["cutoff"]
    return Prediction(
        patient.name,
        description["label"],
        description["identity"],
        description["outcome"],
        performance_words(description.get("performance")),
        probability,
        None if cutoff is None else "high" if probability >= cutoff else "low",
        cutoff,
        model.intercept,
        _terms(model, inputs, labels),
        (
            {name: float(value) for name, value in model.part_probabilities(inputs).iloc[0].items()}
            if model.parts
            else {}
        ),
        warnings,
    )


def predict_patients(
    model_folder: Path,
    patients: Sequence[Path],
    centre: str | None = None,
    jobs: int = 1,
    run_own_code: bool = False,
) -> list[Prediction]:
    """Predictions of patients' folders, in order.

    run_own_code: whether code of the study's own features, which lies in the model's folder, may
    run on this machine.

    Raises LockedModelError with the faults of all patients at once; where files are missing, of
    those patients alone, before an image is read. Also where the model needs code that may not run.
    """
    description, _ = read_folder(model_folder)
    if not run_own_code:
        refuse_code(description, model_folder)
    folders = [patient.resolve() for patient in patients]
    # With one of these the batch is refused, so that minutes of reading the others would be lost.
    folders = [folder for folder in folders if missing_files(description, folder)] or folders
    found = in_parallel(
        _one, [(model_folder, folder, centre) for folder in folders], "patients", jobs
    )
    faults = [each for each in found if isinstance(each, str)]
    if faults:
        raise LockedModelError("\n".join(faults))
    return [each for each in found if isinstance(each, Prediction)]


def as_text(prediction: Prediction) -> str:
    """For the terminal."""
    lines = [
        prediction.patient_id,
        f"  probability of {prediction.outcome}: {prediction.probability:.3f}",
    ]
    if prediction.risk is not None:
        lines.append(
            f"  {prediction.risk} risk (cut-off {prediction.cutoff:.3f}, fixed in training)"
        )
    lines += [
        f"  model {prediction.model}, {prediction.identity[:12]}",
        f"  {prediction.performance}",
    ]
    if prediction.terms:
        width = max(len(term["label"]) for term in prediction.terms)
        lines.append(f"  {'':<{width}}  {'value':>9}  {'log odds':>9}  {'points':>7}")
        lines.append(f"  {'(intercept)':<{width}}  {'':>9}  {prediction.intercept:>9.3f}  {'':>7}")
        lines += [
            f"  {term['label']:<{width}}  {term['value']:>9.4g}  {term['contribution']:>9.3f}  "
            + (f"{term['points']:>7.1f}" if term["points"] is not None else f"{'–':>7}")
            for term in prediction.terms
        ]
    lines += [f"  {name} part alone: {value:.3f}" for name, value in prediction.parts.items()]
    lines += [f"  warning: {warning}" for warning in prediction.warnings]
    return "\n".join(lines)
