"""Figures of discrimination: ROC curves of the models, and of the best one against scores."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from analysis.reporting.drawn_scores import drawn_scores
from analysis.reporting.figures.findings import Findings
from analysis.reporting.figures.roc import Area, Band, Marks, OperatingPoint, Panel, draw_roc
from analysis.results import keys
from analysis.results.model_table import NAME as MODELS
from analysis.results.model_table import described_models, siblings_of
from models.declared import CR, DL, RADIOMICS

# Models among which one is chosen, by the chosen one, and what they are called together.
GROUPS = {RADIOMICS.id: "Radiomics classifiers", DL.id: "Networks"}
FINAL = "Models"
# Ways of judging in which groups of models stand beside each other.
GROUPED = ("out_of_fold", "validation")


def of_discrimination(findings: Findings) -> dict[str, Figure]:
    """ROC curves of all models by group, and of the best model against staging systems."""
    figures = {
        "roc": _draw(findings, roc_panels(findings), _across(findings)),
    }
    compared = compared_models(findings)
    if compared:
        drawn = [Panel(findings.labels[how], compared, how) for how in findings.unseen]
        figures["roc_staging"] = _draw(findings, drawn, 2 if len(drawn) < 3 else 3)
    return figures


def compared_models(findings: Findings) -> list[str]:
    """The best model, CR, and the scores that are drawn; none where there are none."""
    scores = drawn_scores(findings.records)
    own = [findings.best, *(name for name in findings.headline if name == CR.id)]
    return [*dict.fromkeys(own), *scores] if scores else []


def groups_of(findings: Findings) -> dict[str, list[str]]:
    """Title → models that are drawn together: classifiers, networks and the final models."""
    models = described_models(
        findings.names(keys.models_included()),
        findings.curves.get(MODELS),
        comparators=findings.names(keys.models_comparators()),
    )
    groups = {title: siblings_of(models, chosen) for chosen, title in GROUPS.items()}
    return {title: names for title, names in groups.items() if len(names) > 1} | {
        FINAL: findings.headline
    }


def roc_panels(findings: Findings) -> list[Panel]:
    """Groups of models in training and validation, and the final models in later cohorts."""
    groups = groups_of(findings)
    if len(groups) == 1:
        return [Panel(findings.labels[how], findings.headline, how) for how in findings.judged]
    panels = [
        Panel(f"{title}\n{findings.labels[how]}", names, how)
        for how in findings.unseen
        if how in GROUPED
        for title, names in groups.items()
    ]
    later = [how for how in findings.unseen if how not in GROUPED]
    return panels + [
        Panel(f"{FINAL}\n{findings.labels[how]}", findings.headline, how) for how in later
    ]


def _across(findings: Findings) -> int:
    groups = groups_of(findings)
    return len(groups) if len(groups) > 1 else 3


def _draw(findings: Findings, drawn: Sequence[Panel], across: int) -> Figure:
    """One figure of ROC curves, with the band and the operating points of the best model."""
    models = described_models(findings.names(keys.models_included()), findings.curves.get(MODELS))
    areas = {
        (parts["model"], parts["evaluation"]): Area(
            record.number, record.ci_low, record.ci_high, findings.level
        )
        for parts, record in keys.auc.of(findings.records)
        if record.value is not None
    }
    labels = findings.labels | {
        name: model.short for name, model in models.items() if model.chosen_as is not None
    }
    band = (
        Band(findings.best, findings.curves["roc_band"])
        if findings.has_points("roc_band")
        else None
    )
    marks = Marks(_operating_points(findings), band)
    return draw_roc(
        findings.curves["roc"], drawn, labels=labels, areas=areas, marks=marks, across=across
    )


# What places a model's cut-off on its curve.
MEASURED = (keys.sensitivity, keys.specificity)


def _operating_points(findings: Findings) -> list[OperatingPoint]:
    """The best model at its cut-off, for each way of judging that has its sensitivity."""
    best, found = findings.best, []
    for how in findings.judged:
        both = [findings.records.get(measure(best, how)) for measure in MEASURED]
        values = [record.number for record in both if record is not None and record.is_number]
        if len(values) == len(MEASURED):
            found.append(OperatingPoint(best, how, *values))
    return found
