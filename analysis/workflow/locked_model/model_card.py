"""Model card of an exported model: a page of Markdown beside its files.

It follows the headings of Mitchell et al., "Model Cards for Model Reporting" (FAT* 2019): intended
use, training cohort, performance, limits; and adds the ranges that the model was trained on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.core.word_lists import counted, listed
from analysis.reporting.intervals import interval_of
from analysis.reporting.number_style import format_number, use_style
from analysis.reporting.wordings.preprocessing import preprocessing_words
from analysis.results import keys
from analysis.results.keys import Quantity
from analysis.results.record import Record
from analysis.study import Preprocessing, Study
from analysis.study.phase_label import in_spaces
from analysis.study.registration import Registration
from analysis.units.quantities import canonical_units
from analysis.workflow.locked_model.held_patients import holding_patients
from analysis.workflow.locked_model.network_card import network_input
from analysis.workflow.locked_model.own_code import code_files
from analysis.workflow.locked_model.performance import performance_words

FILE = "MODEL_CARD.md"
MEASURES: tuple[tuple[str, Quantity[str, str]], ...] = (
    ("AUC", keys.auc),
    ("Calibration slope", keys.calibration_slope),
    ("Calibration in the large", keys.calibration_intercept),
    ("Observed / expected events", keys.observed_expected),
    ("Brier score", keys.brier),
    ("Sensitivity at the cut-off", keys.sensitivity),
    ("Specificity at the cut-off", keys.specificity),
    ("PPV at the cut-off", keys.ppv),
    ("NPV at the cut-off", keys.npv),
)
EVALUATIONS = {
    "validation": "Validation",
    "out_of_fold": "Training, out of fold",
    "apparent": "Training, apparent",
}
TRAITS = {
    "spacing_mm": "voxel spacing along x, y, z (mm)",
    "tumour_median": "median value inside the tumour",
    "tumour_ml": "tumour volume (ml)",
}


def _cells(cells: Sequence[str]) -> str:
    return "| " + " | ".join(each.replace("|", "\\|") for each in cells) + " |"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join([_cells(head), "|" + "---|" * len(head), *map(_cells, rows)])


def _value(record: Record | None) -> str:
    if record is None or record.value is None:
        return "–"
    interval = interval_of(record)
    return format_number(record.value, record.unit) + (f" ({interval})" if interval else "")


def _performance(study: Study, records: Mapping[str, Record], name: str) -> str:
    """A row a measure, a column an evaluation that the study has."""
    evaluations = EVALUATIONS | dict(study.split.external)
    shown = {how: words for how, words in evaluations.items() if records.get(keys.auc(name, how))}
    if not shown:
        return "The study has no evaluation of this model."
    rows = [
        [words, *(_value(records.get(quantity(name, how))) for how in shown)]
        for words, quantity in MEASURES
        if any(quantity(name, how) in records for how in shown)
    ]
    patients = ["Patients", *(format_number(records[keys.auc(name, how)].n) for how in shown)]
    level = f"{100 * study.statistics.confidence_level:g}"
    return _table(["", *shown.values()], [patients, *rows]) + (
        f"\n\nIn brackets: {level}% confidence intervals. Apparent performance is that on the"
        " patients the model was fitted on, and too good; out of fold, no patient is judged by a"
        " model that learned from that patient."
    )


def _reads(description: Mapping[str, Any]) -> list[str]:
    """What the model reads, as items of a list."""
    items = [
        f"{each['label']}" + (f" ({each['unit']})" if each.get("unit") else "")
        for each in description["dictionary"].values()
    ]
    found = [f"clinical values: {'; '.join(items)}"] if items else []
    if description["phases"]:
        phases = [
            each.get("label") or in_spaces(phase) for phase, each in description["phases"].items()
        ]
        found.append(f"images and tumour masks: {listed(phases)} phase")
        found += _prepared(description)
    if description["deep_learning"] is not None:
        found += network_input(description)
    if description.get("habitats") is not None:
        made = next(
            part["habitats"] for part in description["parts"].values() if "habitats" in part
        )
        number, phases = len(made["clustering"]["centres"]), [*map(in_spaces, made["phases"])]
        found.append(
            f"{counted(number, 'habitat')}, clusters of voxels that were fitted in the training"
            f" patients, by the intensities in the {listed(phases)} phase"
        )
    if description.get("feature_table") is not None:
        columns = description["feature_table"]["columns"]
        found.append(f"a row of {counted(len(columns), 'radiomics feature')} from a table")
    if compared := description.get("delta"):
        found.append(
            f"{counted(len(compared), 'feature')} of those that compare two phases, which `predict`"
            " computes from those of single phases"
        )
    found += [
        f"a row of {counted(len(block['columns']), 'feature')} of {block['label']}"
        + (f" ({'; '.join(block['about'])})" if block["about"] else "")
        for block in description.get("blocks", {}).values()
    ]
    return found


def _prepared(description: Mapping[str, Any]) -> list[str]:
    """What `predict` does to images before anything else, and the masks that it needs for that."""
    labels = {
        name: each.get("label") or in_spaces(name) for name, each in description["phases"].items()
    }
    found = _registered(description["phases"], labels)
    for phase, values in description.get("preprocessing", {}).items():
        settings = Preprocessing(**values)
        scale = settings.intensity
        needs = f"; needs {scale.mask.replace('{phase}', phase)}" if scale and scale.mask else ""
        found.append(
            f"stored {labels[phase]} images; by `predict` they are"
            f" {preprocessing_words(settings)}{needs}"
        )
        if scale := description.get("standard_scale", {}).get(phase):
            found.append(
                f"the standard scale of {labels[phase]} images, of the training patients: "
                + ", ".join(
                    f"percentile {percentile:g} at {intensity:.4g}"
                    for percentile, intensity in zip(
                        scale["percentiles"], scale["intensities"], strict=True
                    )
                )
            )
    return found


def _registered(phases: Mapping[str, Mapping[str, Any]], labels: Mapping[str, str]) -> list[str]:
    """Phases that `predict` registers, to which other and how."""
    found = []
    for phase, files in phases.items():
        if files.get("registration"):
            deforms = Registration(**files["registration"]).deforms
            how = "a rigid transform and a deformation" if deforms else "a rigid transform"
            found.append(
                f"{labels[phase]} images, which `predict` registers to those of"
                f" {labels[files['resample_to']]} by {how}"
            )
    return found


def _authors(study: Study, field: str) -> str | None:
    """What the authors answered in the study file, under `reporting:`."""
    answer = study.reporting.get(field)
    return answer.text if answer is not None and answer.answer == "yes" else None


def _limits(study: Study, description: Mapping[str, Any]) -> list[str]:
    """What to be wary of, as items of a list."""
    lines = [performance_words(description.get("performance"))]
    if description["synthetic"]:
        lines.append("The cohort is **synthetic**: nothing here was learned from a patient.")
    lines.append(
        f"It was trained on {counted(description['patients'], 'patient')},"
        f" {description['events']} of them with the event; the intervals above say how little or"
        " much that shows."
    )
    centre = study.cohort.centre
    if centre is None:
        lines.append("The study file names no centres: how it does elsewhere is not known.")
    if not study.split.external:
        lines.append("It was not validated in a cohort that its study calls external.")
    lines += [
        "`predict` refuses a patient who lies far outside of the ranges below, and warns of one who"
        " lies outside.",
        "A clinical value that is not given is imputed as in the training cohort, with a warning.",
        "Its probability is of the event within the horizon that is named; it says nothing of what"
        " a treatment would change.",
    ]
    if files := code_files(description):
        lines.append(
            f"It reads features of its study's own code ({', '.join(files)}), which `predict` runs"
            " only with `--run-own-code`."
        )
    if said := _authors(study, "limitations"):
        lines.append(f"The authors say: {said}")
    if kept := holding_patients(description):
        lines.append(
            f"Its fitted {listed(kept)} holds feature values of training patients: share it only"
            " as you may share those."
        )
    return lines


def _range(limits: Sequence[float]) -> str:
    return f"{limits[0]:.4g} to {limits[1]:.4g}"


def _ranges(description: Mapping[str, Any]) -> str:
    """Ranges of the training cohort: clinical values, images, and the number of features'."""
    ranges, known, units = description["ranges"], description["dictionary"], canonical_units()
    rows = [
        [known[name]["label"], units.get(name) or known[name].get("unit") or "", _range(limits)]
        for name, limits in ranges["variables"].items()
        if name in known and known[name]["type"] == "continuous"
    ]
    rows += [
        [f"{phase.replace('_', ' ')} phase: {TRAITS[trait]}", "", "; ".join(map(_range, limits))]
        for phase, traits in ranges["phases"].items()
        for trait, limits in traits.items()
    ]
    text = _table(["value", "unit", "in training"], rows) if rows else ""
    levels = [
        f"- {each['label']}: {', '.join(map(str, each['levels']))}"
        for each in known.values()
        if each.get("levels")
    ]
    parts = [text, "\n".join(levels)]
    if ranges["features"]:
        kind = "feature" if description.get("blocks") else "radiomics feature"
        number = counted(len(ranges["features"]), kind)
        parts.append(f"The ranges of {number} are in `model.json`, under `ranges: features`.")
    return "\n\n".join(filter(None, parts)) or "The model reads nothing that has a range."


def _use(study: Study, description: Mapping[str, Any]) -> str:
    whom = f"patients with {study.study.disease}"
    whom += f" who are to have {study.study.treatment}" if study.study.treatment else ""
    with_what = f", examined by {study.study.modality}" if study.study.modality else ""
    said = _authors(study, "intended_use")
    return (
        f"Research on the probability of {description['outcome']} in {whom}{with_what}. It is no"
        " medical device, and its prediction is no advice for a patient.\n\nNot intended: other"
        " diseases or treatments, patients outside of the ranges below, and any decision on a"
        " patient's care." + (f"\n\nThe authors say: {said}" if said else "")
    )


def model_card(
    study: Study,
    records: Mapping[str, Record],
    name: str,
    description: Mapping[str, Any],
    identity: str,
) -> str:
    """Model card, in Markdown.

    records: results of the study; name: of the model in it; description: what its folder says,
    its parts among it; identity: of the folder.
    """
    use_style(study.manuscript.number_style)
    cutoff = description["cutoff"]
    facts = [
        ("Model", f"{description['label']} (`{name}`)"),
        ("Outcome", description["outcome"]),
        ("Study", f"{description['title']} (`{description['study']}`)"),
        ("Identity", f"`{identity}`"),
        ("Code", f"commit {description['commit']}"),
        ("Reads", "; ".join(_reads(description)) or "nothing"),
        (
            "Answers",
            "a probability" + ("" if cutoff is None else f"; high risk from {cutoff:.3f} on"),
        ),
    ]
    without = description["patients"] - description["events"]
    cohort = [
        f"{counted(description['patients'], 'patient')} of known outcome,"
        f" {description['events']} with the event, {without} without.",
        *(["They are synthetic: a computer made them."] if description["synthetic"] else []),
        *(
            [f"From {counted(format_number(record.value), 'centre')} in the whole study."]
            if (record := records.get(keys.cohort_centres_n())) is not None
            else []
        ),
    ]
    sections = [
        f"# Model card: {description['label']}, {description['outcome']}",
        "Written by `early-recurrence export`. `early-recurrence predict --model` applies the model"
        " in this folder.",
        _table(["", ""], facts),
        "## Intended use",
        _use(study, description),
        "## Training cohort",
        " ".join(cohort),
        "## Performance",
        _performance(study, records, name),
        "## Limits",
        "\n".join(f"- {line}" for line in _limits(study, description)),
        "## Ranges",
        "What the training patients had; the model knows nothing beyond.",
        _ranges(description),
    ]
    return "\n\n".join(sections) + "\n"
