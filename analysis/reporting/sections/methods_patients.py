"""Sections of the methods: patients, images and features."""

from __future__ import annotations

from analysis.reporting.rendering.escaping import literal
from analysis.reporting.sections.context import Context, paragraphs, sentences
from analysis.reporting.sections.registry import FEATURES, IMAGES, section
from analysis.reporting.sentences import (
    delta_features,
    examination_choice,
    extraction_software,
    habitat_methods,
    ibsi_deviations,
    image_preprocessing,
    listed,
    mask_treatment,
    perturbed_words,
    preparation,
    region_features,
    region_rules,
    registration,
    width_rule,
)
from analysis.reporting.wordings import EXTRACTION_OF_PHASE
from analysis.reporting.wordings.exclusion_reasons import screened_reasons
from analysis.reporting.wordings.filters import images_words
from analysis.results import keys
from analysis.study.phase_label import phase_label, phase_labels


@section("methods-patients", "the cohort and its outcome, with the flow chart")
def methods_patients(c: Context) -> str:
    """A paragraph, and the flow of patients."""
    centres = " of {cohort.centres.n|centre}" if c.has(keys.cohort_centres_n()) else ""
    unknown = (
        "; {cohort.unknown.n|such patient was|such patients were} included in survival analyses"
        " only."
        if c.r.record(keys.cohort_unknown_n()).number
        else "; there was none."
    )
    outcome = (
        "The outcome was {study.event} within {endpoint.horizon_months|month}. The outcome of"
        f" patients who were censored or died before that horizon was treated as unknown{unknown}"
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
        "Of {excluded.listed|patient} in the clinical table, {excluded.n} were excluded because"
        " their data could not be analysed (supplement)."
        if c.has(keys.excluded_n())
        else ""
    )
    return paragraphs(
        sentences(
            screened,
            f"The cohort included {{cohort.n|patient}}{centres}.",
            outcome,
            preparation(c.r),
            "@fig-flow shows the flow of patients.",
            excluded,
        ),
        c.figure(
            "fig-flow",
            "flow_chart",
            sentences(
                "Flow of patients from "
                + ("screening" if c.has(keys.screened_n()) else "the cohort of {cohort.n}")
                + " to analysis.",
                "Patients of unknown outcome (censored or dead before the horizon) were included in"
                " survival analyses only."
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


def _outlined(c: Context) -> str:
    """Sentence on the outlines of regions in the figure of the phases; empty without regions."""
    words = [f"{{{keys.features_region_label(name)}}}" for name in c.r.study.regions]
    return f" Dashed lines: {listed(words)}." if words else ""


def _regridded(c: Context) -> str:
    """Sentence on phases that were resampled as they were acquired; empty without any."""
    if not c.has(keys.quality_regridded_phases()):
        return ""
    phases = c.r.study.phases
    names = [name for name in c.r.names(keys.quality_regridded_phases()) if name in phases]
    alone = [name for name in names if phases[name].registration is None]
    if not alone:
        return ""
    labels = phase_labels(c.r.study)
    targets = dict.fromkeys(str(phases[name].resample_to) for name in alone)
    return (
        f"Images of {listed([phase_label(name, labels) for name in alone])} were resampled to the"
        f" grid of {listed([phase_label(name, labels) for name in targets])} by cubic B-splines,"
        " without registration."
    )


@section("methods-images", "the images and what was done to them and to masks", (IMAGES, FEATURES))
def methods_images(c: Context) -> str:
    """A paragraph, and the figure of the phases; empty without images."""
    if not (c.radiomics or c.deep):
        return ""
    shown = c.r.has_figure("phases")
    modality = ""
    if c.has(keys.study_modality()):
        said = c.r.plain(keys.study_modality()) == c.r.plain(keys.study_phases())
        parts = [*([] if said else ["{study.phases}"]), *(["@fig-phases"] if shown else [])]
        named = f" ({'; '.join(parts)})" if parts else ""
        modality = f"Images were {{study.modality}}{named}."
    lesions = (
        LESIONS[c.r.plain(keys.lesions_rule())]
        + " {lesions.several.n|patient} had several; parts of fewer than"
        " {lesions.least_voxels|voxel} did not count as a lesion."
        if c.has(keys.lesions_several_n())
        else ""
    )
    return paragraphs(
        sentences(
            modality,
            image_preprocessing(c.r),
            registration(c.r),
            _regridded(c),
            examination_choice(c.r),
            mask_treatment(c.r),
            lesions,
        ),
        c.figure(
            "fig-phases",
            "phases",
            "The tumour in the phases of {study.modality}, one patient a row: the axial section in"
            " which the tumour mask is largest, with its outline; bar, scale; letters stand for"
            " patients. Each phase is windowed between the first and last percentile of what is"
            " shown; white lies beyond the image." + _outlined(c),
            shown,
        ),
    )


def _settings(c: Context) -> str:
    """Settings of the extraction: those of all phases, and of phases that have their own."""
    own = [name for name in c.r.wording if name.startswith(EXTRACTION_OF_PHASE)]
    if not own:
        return "{settings.extraction}"
    labels = phase_labels(c.r.study)
    general = [
        literal(labels[phase])
        for phase, files in c.r.study.phases.items()
        if files.extraction is None
    ]
    first = [f"{listed(general)}: {{settings.extraction}}"] if general else []
    return "; ".join([*first, *(f"{{{key}}}" for key in own)])


def _counted_features(c: Context) -> str:
    """Number of features of a phase by kind; of each phase, where phases differ."""
    differing = c.r.all_of(keys.features_of_phase)
    if differing:
        labels = phase_labels(c.r.study)
        return listed(
            [
                f"{{{record.key}|feature}} of {literal(labels[parts['phase']])}"
                for parts, record in differing
            ]
        )
    mine = c.r.all_of(keys.features_own_n)
    whole = keys.features_tumour() if c.r.study.regions else keys.features_per_phase()
    count = keys.features_pyradiomics() if mine else whole
    kinds = {
        "shape": "shape",
        "intensity_weighted": "intensity-weighted morphological",
        "first_order": "first-order",
        "texture": "texture",
    }
    records = {kind: c.r.records.get(keys.features_of_class(kind)) for kind in kinds}
    there = [kind for kind, record in records.items() if record is not None and record.value != 0]
    words = [f"{{features.{kind}}} {kinds[kind]}" for kind in there[:-1]]
    words += [f"{{features.{kind}|{kinds[kind]} feature}}" for kind in there[-1:]]
    return f"{{{count}|feature}} per phase ({listed(words)})"


def _extracted(c: Context) -> str:
    mine = [each["own_features"] for each, _ in c.r.all_of(keys.features_own_n)]
    further = listed(
        [f"{{features.own.{name}.n}} of {{features.own.{name}.label}}" for name in mine]
    )
    study = c.r.study
    of_phases = [study.written_extraction_of(phase) for phase in study.phases]
    return (
        f"With {extraction_software(c.r)}, {_counted_features(c)} were extracted from the tumour"
        f" mask in the {images_words(of_phases)} ({_settings(c)})"
        + (
            f"; the authors' own code computed {further} from the mask and the unfiltered image"
            if mine
            else ""
        )
        + region_features(c.r)
        + ", giving {features.total|feature} per patient."
    )


def _supplied(c: Context) -> str:
    return sentences(
        "Radiomics features were supplied as a table: {features.total} per patient,"
        " {features.per_phase} in the first of {study.phases.n|phase}. Of these,"
        " {features.recognised} have the names of PyRadiomics features [@vangriethuysen2017]"
        " ({features.shape} shape, {features.first_order} first-order and"
        " {features.texture|texture feature}). The extraction settings are not known.",
        "Rule for several lesions of a patient: {features.lesions}."
        if c.has(keys.features_lesions())
        else "",
    )


def _reproducible(c: Context) -> str:
    lower = (
        c.has(keys.agreement_judged_by()) and c.r.plain(keys.agreement_judged_by()) == "lower bound"
    )
    return sentences(
        "The tumours of {agreement.patients.n|patient} were re-segmented to assess reproducibility."
        if c.has(keys.agreement_patients_n())
        else "",
        perturbed_words(c.r),
        "Features with an intraclass correlation coefficient (ICC) [two-way random effects,"
        " absolute agreement, single rater: ICC(2,1); @shrout1979] below {agreement.icc_threshold}"
        + (" at the lower bound of its interval" if lower else "")
        + " in any repetition were excluded without knowledge of the outcome.",
    )


@section(
    "methods-radiomics", "the features and the filter of their reproducibility", (IMAGES, FEATURES)
)
def methods_radiomics(c: Context) -> str:
    """Two paragraphs, and one on habitats; empty without radiomics."""
    if not c.radiomics:
        return ""
    return paragraphs(
        sentences(_supplied(c), delta_features(c.r))
        if c.has(keys.features_given())
        else sentences(
            _extracted(c),
            region_rules(c.r),
            width_rule(c.r),
            delta_features(c.r),
            ibsi_deviations(c.r),
        ),
        habitat_methods(c.r),
        _reproducible(c) if c.has(keys.features_stable_n()) else "",
    )
