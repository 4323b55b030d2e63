"""Alternative text of the workflow and of figures of images, features' ICC and training.

It says in words what they show, and is written from what they were drawn from.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from analysis.core.word_lists import counted
from analysis.reporting.compared_masks import perturbed_alone
from analysis.reporting.number_style import format_number
from analysis.reporting.results_by_key import ResultsByKey
from analysis.results import keys
from analysis.study.phase_label import phase_label, phase_labels

if TYPE_CHECKING:
    from analysis.reporting.figures.findings import Findings


def _people(results: ResultsByKey, name: str) -> str:
    event = results.plain(keys.study_event())
    rows = results.frame(f"curves/{name}_patients").itertuples()
    return "; ".join(
        f"{'with' if row.label == 1 else 'without'} {event}, probability"
        f" {format_number(row.probability, 'AUC')}"
        for row in rows
    )


def grad_cam(results: ResultsByKey) -> str:
    """Alternative text of the figure of the network's saliency maps."""
    return (
        "Sections of the tumours of validation patients in"
        f" {counted(results.plain(keys.study_phases_n()), 'phase')}, and below them the map of"
        f" {results.plain(keys.deep_best())}, warmer where the images raised the"
        f" predicted risk of {results.plain(keys.study_event())}; the tumour is outlined."
        f" Patients: {_people(results, 'grad_cam')}."
    )


def gallery(results: ResultsByKey) -> str:
    """Alternative text of the figure of the patients who were predicted worst."""
    return (
        "Sections of the tumours of the validation patients whose predictions were farthest from"
        f" their outcomes, in {counted(results.plain(keys.study_phases_n()), 'phase')}, outlined."
        f" Patients: {_people(results, 'gallery')}."
    )


def training(results: ResultsByKey) -> str:
    """Alternative text of the figure of the networks' loss over the epochs."""
    points = results.frame("curves/training")
    final = points[points["context"] == "final"]
    ends = [
        f"{results.plain(keys.label(model))} from {format_number(rows['loss'].iloc[0], 'AUC')} to"
        f" {format_number(rows['loss'].iloc[-1], 'AUC')} in {counted(len(rows), 'epoch')}"
        for model, rows in final[final["member"] == 1].groupby("model", sort=False)
    ]
    return (
        "Loss of the networks over the epochs, one panel a network, a strong line the final fit"
        f" and pale ones the outer folds. The final fit's loss fell or rose: {'; '.join(ends)}."
    )


def feature_icc(results: ResultsByKey) -> str:
    """Alternative text of the figure of the features' intraclass correlations."""
    points = results.frame("curves/feature_icc")
    medians = [
        f"{delineation.replace('_', ' ')} {format_number(rows['icc'].median(), 'ICC')}"
        for delineation, rows in points.groupby("delineation", sort=False)
    ]
    return (
        "Intraclass correlations of the features by class, a panel a"
        f" {'perturbation' if perturbed_alone(results) else 'delineation'}, a dot a feature,"
        f" with boxes; a line marks the threshold of"
        f" {results.plain(keys.agreement_icc_threshold())}."
        f" Median over all features: {'; '.join(medians)}."
    )


def contact_sheet(cohort: str) -> Callable[[ResultsByKey], str]:
    """cohort: a cohort's name, with a page's number where it has several."""

    def text(results: ResultsByKey) -> str:
        dashed = ", regions beside the tumour dashed" if results.study.regions else ""
        return (
            f"Thumbnails of the tumours of the {cohort.replace('_', ' ')} cohort with their"
            f" outlines, one a patient{dashed}; an orange frame marks a warning, which"
            f" {results.plain(keys.quality_warned_n())} of"
            f" {counted(results.plain(keys.quality_patients_n()), 'patient')} of all cohorts have."
        )

    return text


def registration(results: ResultsByKey) -> str:
    """Alternative text of the checkerboards of registered phases."""
    labels = phase_labels(results.study)
    shifts = [
        f"{phase_label(parts['phase'], labels)}, a median of {record.number:.3g} mm"
        for parts, record in results.all_of(keys.registration_shift)
    ]
    moved = (
        f" Shift in the tumour where registration was used: {'; '.join(shifts)}." if shifts else ""
    )
    return (
        "Checkerboards of two phases around the tumour with its outline, one patient a column,"
        f" before and after registration.{moved}"
    )


def _drawn_from(results: ResultsByKey) -> Findings:
    """Records and curves of the workflow and of the graphical abstract."""
    # Imported here: a page without these figures must not wait for Matplotlib.
    from analysis.reporting.figures.findings import Findings

    names = ("roc", "models", "calibration", "decision_curve", "kaplan_meier")
    curves = {
        name: results.frame(f"curves/{name}")
        for name in names
        if (results.folder / "curves" / f"{name}.csv").is_file()
    }
    return Findings(results.records, curves)


def workflow(results: ResultsByKey) -> str:
    """Alternative text of the workflow of the study, box by box."""
    # Imported here: Matplotlib is loaded only where a page shows the figure.
    from analysis.reporting.figures.of_results.workflow import workflow_stages

    stages = [
        f"{stage.name}: "
        + "; ".join(", ".join([part.heading, *part.lines]) for part in stage.parts)
        for stage in workflow_stages(_drawn_from(results))
    ]
    return f"Boxes of the study's workflow, from left to right. {'. '.join(stages)}."


def graphical_abstract(results: ResultsByKey) -> str:
    """The workflow's boxes, then the curves and differences that stand beside them."""
    # Imported here: as above.
    from analysis.reporting.figures.of_results.workflow import main_finding

    found = main_finding(_drawn_from(results))
    if found is None:
        return workflow(results)
    curves = f"ROC curves, {found.title}, AUC: {'; '.join(found.entries.values())}."
    return " ".join([workflow(results), curves, *(f"{each}." for each in found.words)])


IMAGE_TEXTS: dict[str, Callable[[ResultsByKey], str]] = {
    "grad_cam": grad_cam,
    "gallery": gallery,
    "training": training,
    "feature_icc": feature_icc,
    "registration": registration,
    "workflow": workflow,
    "graphical_abstract": graphical_abstract,
}
