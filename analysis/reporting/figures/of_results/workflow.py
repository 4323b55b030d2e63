"""Workflow and graphical abstract: what this study did, and how its models compare."""

from __future__ import annotations

from matplotlib.figure import Figure

from analysis.core.word_lists import counted, listed
from analysis.reporting.figures.findings import Findings
from analysis.reporting.figures.of_results.discrimination import compared_models
from analysis.reporting.figures.workflow import (
    Finding,
    Part,
    Stage,
    draw_graphical_abstract,
    draw_workflow,
)
from analysis.reporting.number_style import format_interval, format_number
from analysis.results import keys
from analysis.results.model_table import NAME as MODELS
from analysis.results.model_table import DescribedModel, described_models, siblings_of
from models.declared import CR, DL, RADIOMICS

SCORES = ("staging system or prognostic index", "staging systems and prognostic indexes")
# Models whose curves fit into the graphical abstract.
MOST_CURVES = 3


def of_workflow(findings: Findings) -> dict[str, Figure]:
    """The workflow, and with the main finding the graphical abstract."""
    stages = workflow_stages(findings)
    finding = main_finding(findings)
    return {"workflow": draw_workflow(stages)} | (
        {} if finding is None else {"graphical_abstract": draw_graphical_abstract(stages, finding)}
    )


def workflow_stages(findings: Findings) -> list[Stage]:
    """What was done, stage by stage; what the study has not is left out."""
    stages = [
        Stage("Patients", _patients(findings)),
        Stage("Data", _data(findings)),
        Stage("Models", _models(findings)),
        Stage("Evaluation", _evaluation(findings)),
    ]
    return [stage for stage in stages if stage.parts]


def _patients(findings: Findings) -> list[Part]:
    records = findings.records

    def count(key: str) -> int:
        return int(records[key].number) if key in records else 0

    names = {"training": "Training", "validation": "Validation"} | {
        name: findings.labels[name] for name in findings.external
    }
    cohorts = [
        f"{label}: {count(keys.n_of_cohort(name))}"
        f" ({counted(count(keys.events_of_cohort(name)), 'event')})"
        for name, label in names.items()
        if count(keys.n_of_cohort(name))
    ]
    return [
        Part(
            "Cohort",
            [counted(count(keys.cohort_labelled_n()), "patient"), "of known outcome", *cohorts],
        )
    ]


def _data(findings: Findings) -> list[Part]:
    """Images and features where a model reads them, clinical variables where there are any."""
    records, parts = findings.records, []
    described = _described(findings)
    phases = findings.names(keys.study_phases_labels()) or findings.names(keys.study_phases())
    if phases and (DL.id in described or RADIOMICS.id in described):
        parts.append(Part("Images", [listed(phases)]))
    if keys.features_total() in records and RADIOMICS.id in described:
        lines = [f"{int(records[keys.features_total()].number)} extracted"]
        if keys.features_stable_n() in records:
            stable = int(records[keys.features_stable_n()].number)
            lines.append(f"{stable} reproducible")
        if keys.features_selected_n() in records:
            lines.append(f"{int(records[keys.features_selected_n()].number)} selected")
        if keys.features_components_n() in records:
            number = int(records[keys.features_components_n()].number)
            lines.append(f"in {counted(number, 'component')}")
        parts.append(Part("Radiomics features", lines))
    if keys.settings_clinical_candidates() in records and CR.id in described:
        candidates = int(records[keys.settings_clinical_candidates()].number)
        parts.append(Part("Clinical variables", [counted(candidates, "candidate")]))
    if keys.predictions_given() in records:
        parts.append(Part("Predictions", ["of models made elsewhere"]))
    return parts


def _described(findings: Findings) -> dict[str, DescribedModel]:
    return described_models(
        findings.names(keys.models_included()),
        findings.curves.get(MODELS),
        comparators=findings.names(keys.models_comparators()),
    )


def _models(findings: Findings) -> list[Part]:
    """Each model of the article, with those that it was chosen from or is made of."""
    described, parts = _described(findings), []
    for name in findings.headline:
        model = described[name]
        siblings = [described[each].short for each in siblings_of(described, name)]
        made_of = [findings.labels.get(part, part) for part in model.parts]
        made_of += ["clinical predictors"] if CR.id in described else []
        lines = []
        if len(siblings) > 1:
            lines = [f"best of {listed(siblings)}"]
        elif model.kind == "fusion" and made_of:
            lines = [f"fusion of {listed(made_of)}"]
        parts.append(Part(findings.labels[name], lines))
    return parts


def _evaluation(findings: Findings) -> list[Part]:
    parts = []
    comparators = findings.names(keys.models_comparators())
    measures = ["discrimination"]
    if findings.has_points("calibration"):
        measures.append("calibration")
    if findings.has_points("decision_curve"):
        measures.append("net benefit")
    if findings.has_points("kaplan_meier"):
        measures.append("survival by risk group")
    hows = [findings.labels[how] for how in findings.unseen]
    parts.append(Part("Judged on", hows))
    parts.append(Part("Judged by", measures))
    if comparators:
        parts.append(Part("Compared with", [counted(len(comparators), *SCORES)]))
    return parts


def main_finding(findings: Findings) -> Finding | None:
    """ROC curves of the best model and those it is compared with, in the validation cohort."""
    how, points = "validation", findings.curves["roc"]
    models = (compared_models(findings) or findings.headline)[:MOST_CURVES]
    models = list(dict.fromkeys([findings.best, *models]))[:MOST_CURVES]
    curves, entries = {}, {}
    for model in models:
        curve = points[(points["model"] == model) & (points["how"] == how)]
        area = findings.records.get(keys.auc(model, how))
        if not len(curve) or area is None or area.value is None:
            continue
        curves[model] = curve
        interval = (
            f" ({100 * findings.level:g}% CI, {format_interval(area.ci_low, area.ci_high, 'AUC')})"
            if area.ci_low is not None and area.ci_high is not None
            else ""
        )
        entries[model] = f"{findings.labels[model]}, {format_number(area.number, 'AUC')}{interval}"
    if not curves:
        return None
    words = []
    for model in list(curves)[1:]:
        difference = findings.records.get(keys.delong(findings.best, model, how))
        if (
            difference is not None
            and difference.value is not None
            and difference.ci_low is not None
            and difference.ci_high is not None
        ):
            words.append(
                f"{findings.labels[findings.best]} against {findings.labels[model]}: difference in"
                f" AUC, {format_number(difference.number, 'AUC difference')}"
                f" ({100 * findings.level:g}% CI, "
                + format_interval(difference.ci_low, difference.ci_high, "AUC difference")
                + ")"
            )
    return Finding(findings.labels[how], curves, entries, words)
