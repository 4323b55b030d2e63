"""A prediction for a new patient, as text and as a row of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


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


@dataclass(frozen=True)
class Refusal:
    """Patient whom the model can't be applied to. faults: why, in words."""

    patient_id: str
    faults: str


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


COLUMNS = (
    "patient_id",
    "probability",
    "risk",
    "cutoff",
    "outcome",
    "model",
    "identity",
    "warnings",
    "problem",
)


def table_rows(found: Sequence[Prediction | Refusal]) -> list[dict[str, Any]]:
    """Rows of the table of predictions: one a patient, with the columns COLUMNS and each part's.

    A patient whom the model can't be applied to has a problem and no probability. A part's column
    is named `probability_` and the part.
    """
    return [
        {"patient_id": each.patient_id, "problem": " ".join(each.faults.split())}
        if isinstance(each, Refusal)
        else {
            **{name: getattr(each, name) for name in COLUMNS[:7]},
            **{f"probability_{name}": value for name, value in each.parts.items()},
            "warnings": "; ".join(each.warnings),
            "problem": "",
        }
        for each in found
    ]
