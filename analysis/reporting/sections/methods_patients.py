"""Sections of the methods: patients, images and features."""

from __future__ import annotations

from analysis.reporting.rendering.escaping import literal
from analysis.reporting.sections.context import Context, paragraphs, sentences
from analysis.reporting.sections.registry import FEATURES, IMAGES, section
from analysis.reporting.sentences import (
    examination_choice,
    listed,
    mask_treatment,
    preparation,
)
from analysis.reporting.wordings import EXTRACTION_OF_PHASE
from analysis.reporting.wordings.exclusion_reasons import screened_reasons
from analysis.results import keys


@section("methods-patients", "the cohort and its outcome, with the flow chart")
def methods_patients(c: Context) -> str:
    """A paragraph, and the flow of patients."""
    centres = " of {cohort.centres.n|centre}" if c.has(keys.cohort_centres_n()) else ""
    outcome = (
        "The outcome was {study.event} within {endpoint.horizon_months|month}. A patient who was"
        " censored or died before that horizon has an unknown outcome, not a negative one:"
        " {cohort.unknown.n|such patient is|such patients are} counted in the flow chart and"
        " followed in the survival analysis, and take no part in the binary ones."
        if c.followed
        else "The outcome was {study.event}, recorded as present or absent."
    )
    screened = (
        "Of {screened.n|patient} screened, {screened.excluded.n} were excluded ("
        + listed(
            [
                f"{literal(reason)}, {{{record.key}}}"
                for reason, record in screened_reasons(c.r.records)
            ]
        )
        + ")."
        if c.has(keys.screened_n()) and c.r.record(keys.screened_excluded_n()).value
        else ""
    )
    excluded = (
        "Of {excluded.listed|patient} in the clinical table, {excluded.n} could not be analysed"
        " and are left out; the supplement lists why."
        if c.has(keys.excluded_n())
        else ""
    )
    return paragraphs(
        sentences(
            screened,
            f"The cohort has {{cohort.n|patient}}{centres}.",
            outcome,
            preparation(c.r),
            "@fig-flow shows who took part.",
            excluded,
        ),
        c.figure(
            "fig-flow",
            "flow_chart",
            sentences(
                "Flow of patients from "
                + ("screening" if c.has(keys.screened_n()) else "the cohort of {cohort.n}")
                + " to analysis.",
                "Patients of unknown outcome (censored or dead before the horizon) take part in"
                " survival analyses alone."
                if c.followed and c.r.record(keys.cohort_unknown_n()).value
                else "",
            ),
        ),
    )


LESIONS = {
    "largest": "Of several lesions the largest was analysed.",
    "mean": "Of several lesions each feature is the mean over lesions.",
    "max": "Of several lesions each feature is the maximum over lesions.",
}


@section("methods-images", "the images and what was done to them and to masks", (IMAGES, FEATURES))
def methods_images(c: Context) -> str:
    """A paragraph, and the figure of the phases; empty without images."""
    if not (c.radiomics or c.deep):
        return ""
    shown = c.r.has_figure("phases")
    modality = (
        "The images were {study.modality} ({study.phases})"
        + ("; @fig-phases shows them." if shown else ".")
        if c.has(keys.study_modality())
        else ""
    )
    regridded = (
        "Images of "
        + listed([name.replace("_", " ") for name in c.r.names(keys.quality_regridded_phases())])
        + f" were resampled to the grid of"
        f" {c.r.plain('quality.regridded.target').replace('_', ' ')} by cubic B-splines, without"
        " registration."
        if c.has(keys.quality_regridded_phases())
        else ""
    )
    lesions = (
        LESIONS[c.r.plain(keys.lesions_rule())]
        + " {lesions.several.n|patient} had several; parts of fewer than"
        " {lesions.least_voxels|voxel} did not count as a lesion."
        if c.has(keys.lesions_several_n())
        else ""
    )
    return paragraphs(
        sentences(modality, regridded, examination_choice(c.r), mask_treatment(c.r), lesions),
        c.figure(
            "fig-phases",
            "phases",
            "The tumour in the phases of {study.modality}, one patient a row: the axial section in"
            " which the tumour mask is largest, with its outline; bar, scale; letters stand for"
            " patients. Each phase is windowed between the first and last percentile of what is"
            " shown; white lies beyond the image.",
            shown,
        ),
    )


def _extracted(c: Context) -> str:
    own = [name for name in c.r.wording if name.startswith(EXTRACTION_OF_PHASE)]
    settings = "; ".join(f"{{{key}}}" for key in own) if own else "{settings.extraction}"
    mine = [each["own_features"] for each, _ in c.r.all_of(keys.features_own_n)]
    count = keys.features_pyradiomics() if mine else keys.features_per_phase()
    further = listed(
        [f"{{features.own.{name}.n}} of {{features.own.{name}.label}}" for name in mine]
    )
    return (
        f"PyRadiomics {{software.pyradiomics}} [@vangriethuysen2017] computed"
        f" {{{count}|feature}} a phase from the tumour mask"
        " ({features.shape} of shape, {features.first_order} first-order, {features.texture} of"
        " texture) on the original image, its wavelet bands and Laplacian-of-Gaussian filtered"
        f" images ({settings})"
        + (
            f"; the authors' own code computed {further}, from the mask and the image as it was"
            " read"
            if mine
            else ""
        )
        + ": {features.total|feature} a patient."
    )


def _supplied(c: Context) -> str:
    return sentences(
        "The features were extracted elsewhere and came as a table: {features.total} a patient,"
        " {features.per_phase} in the first of {study.phases.n|phase}, of which"
        " {features.recognised} are named as PyRadiomics [@vangriethuysen2017] names them"
        " ({features.shape} of shape, {features.first_order} first-order, {features.texture} of"
        " texture). How they were extracted is not known here.",
        "Of several lesions of a patient, the rule was: {features.lesions}."
        if c.has(keys.features_lesions())
        else "",
    )


def _reproducible(c: Context) -> str:
    lower = (
        c.has(keys.agreement_judged_by()) and c.r.plain(keys.agreement_judged_by()) == "lower bound"
    )
    return sentences(
        "In {agreement.patients.n|patient} the tumour was delineated again."
        if c.has(keys.agreement_patients_n())
        else "",
        "Masks of training patients were perturbed ({agreement.perturbations})."
        if c.has(keys.agreement_perturbations())
        else "",
        "Features whose intraclass correlation [ICC(2,1): two-way random effects, absolute"
        " agreement, single rater; @shrout1979]"
        + (", by the lower bound of its interval," if lower else "")
        + " fell below {agreement.icc_threshold} in any repetition were left out, a filter that"
        " sees no outcome.",
    )


@section(
    "methods-radiomics", "the features and the filter of their reproducibility", (IMAGES, FEATURES)
)
def methods_radiomics(c: Context) -> str:
    """Two paragraphs; empty without radiomics."""
    if not c.radiomics:
        return ""
    return paragraphs(
        _supplied(c) if c.has(keys.features_given()) else _extracted(c),
        _reproducible(c) if c.has(keys.features_stable_n()) else "",
    )
