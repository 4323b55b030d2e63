"""Sections of the supplement: planning, the reproduced study, tuning, the features."""

from __future__ import annotations

from analysis.reporting.sections.context import Context, paragraphs, sentences
from analysis.reporting.sections.registry import FEATURES, IMAGES, section
from analysis.reporting.sentences import (
    compared_masks,
    habitats_described,
    perturbed_alone,
    published_check,
)
from analysis.reporting.tables import (
    definitions_markdown,
    dictionary_summary_markdown,
    frequent_features_markdown,
    paths_markdown,
    reproduced_markdown,
    tuning_markdown,
)
from analysis.results import keys


@section("supplement-planning", "how many patients a development and a validation need")
def supplement_planning(c: Context) -> str:
    """A paragraph."""
    return sentences(
        "Developing a model from candidates with {planning.parameters|coefficient} at this"
        " prevalence would need {planning.development.n|patient} by the criteria of Riley et al."
        " [-@riley2020], with a Cox-Snell R² of {planning.r2_share:level} of its maximum; the"
        " training cohort has {cohort.training.n}."
        if c.has(keys.planning_development_n())
        else "",
        "By the criteria of Riley et al. [-@riley2021] a validation of a model with an AUC of"
        " {planning.anticipated_auc}, set before the study (`anticipated_auc`) and not what was"
        " observed, would need {planning.validation.observed_expected|patient} for an interval of"
        " O:E no wider than {planning.observed_expected_width},"
        " {planning.validation.calibration_slope} for one of the calibration slope no wider than"
        " {planning.slope_width}, {planning.validation.auc} for one of the AUC no wider than"
        " {planning.auc_width} and {planning.validation.net_benefit} for one of the standardized"
        " net benefit no wider than {planning.net_benefit_width}: {planning.validation.n} in all;"
        " the validation cohort has {cohort.validation.n}.",
        "With two correlated AUCs (correlation {planning.correlation}, both of the anticipated"
        " size) it would detect a difference of {planning.detectable_auc_difference} with"
        " {planning.power:level} power at a two-sided level of {planning.alpha:level}."
        if c.has(keys.planning_detectable_auc_difference())
        else "",
    )


@section("supplement-reproduced", "the reproduced study's numbers beside these")
def supplement_reproduced(c: Context) -> str:
    """A paragraph and a table; a sentence where no study is reproduced."""
    return paragraphs(
        "@tbl-reproduced shows the AUCs of this cohort and those of the reproduced study"
        f" ({{published.source}}{c.source}), which were not tested against each other because the"
        " cohorts differ. Published training AUCs correspond to apparent AUCs."
        if c.published
        else "",
        c.table(
            "tbl-reproduced",
            lambda: reproduced_markdown(c.r, c.headline),
            f"AUCs of this study and of the reproduced study{c.source}.",
            there=c.published,
        ),
        c.decided("published-check", published_check(c.r))
        or "No published classification was given.",
    )


@section("supplement-tuning", "parameters that tuning chose", (IMAGES, FEATURES))
def supplement_tuning(c: Context) -> str:
    """A paragraph and a table; a sentence where nothing was tuned."""
    if not c.has(keys.tuning_contexts_n()):
        return "No classifier of this study was tuned."
    paths = c.has(keys.radiomics_path())
    return paragraphs(
        sentences(
            "@tbl-tuning shows the parameters chosen for each classifier in every outer fold and in"
            " the final fit.",
            "Networks were not tuned; `tables/settings.csv` has their settings." if c.deep else "",
            "@tbl-paths shows the paths that it chose among: their mean AUC over the tuning folds,"
            " by which they were chosen and which is therefore no estimate of performance."
            if paths
            else "",
        ),
        c.table(
            "tbl-tuning",
            lambda: tuning_markdown(c.r),
            "Parameters chosen by cross-validation. Final: the fit to all training patients.",
        ),
        c.table(
            "tbl-paths",
            lambda: paths_markdown(c.r),
            "Paths from radiomics features to each classifier: mean AUC over the tuning folds of"
            " the final fit and, lowest to highest, of the outer folds, and which path was chosen.",
            there=paths,
        ),
    )


@section("supplement-features", "the dictionary of features", (IMAGES, FEATURES))
def supplement_features(c: Context) -> str:
    """A paragraph and tables; without radiomics a sentence."""
    if not c.radiomics:
        return "This study has no hand-crafted features."
    own = bool(c.r.all_of(keys.features_own_label))
    definitions = paragraphs(
        "@tbl-definitions describes the features of one image; they are computed on each filtered"
        " image again, but for shape, which the mask alone decides"
        + (", and the authors' own features, which see the image as it was read." if own else "."),
        c.table(
            "tbl-definitions",
            lambda: definitions_markdown(c.r),
            "Features of PyRadiomics that the study computes, with what they measure"
            + (", then those of the authors' own code." if own else "."),
        ),
    )
    return paragraphs(
        "`tables/feature_dictionary.csv` describes each of the {features.total|feature}"
        + habitats_described(c.r)
        + ": phase,"
        + (" region," if c.r.study.regions else "")
        + " image, class, meaning, reproducibility, and selection in the"
        " {dictionary.fits.n|outer fold}. @tbl-dictionary counts them; @tbl-frequent lists those"
        " selected most often.",
        c.table(
            "tbl-dictionary",
            lambda: dictionary_summary_markdown(c.r),
            "Features by"
            + (" region," if c.r.study.regions else "")
            + " class and image. Selected in a fold: in at least one outer fold.",
        ),
        c.table(
            "tbl-frequent",
            lambda: frequent_features_markdown(c.r),
            "Features that most outer folds selected. ICC: the smallest over"
            f" {compared_masks(c.r) if perturbed_alone(c.r) else 'repeated delineations'}.",
        ),
        '::: {.content-visible when-format="html"}',
        '::: {.callout-note collapse="true" title="What each feature measures"}',
        definitions,
        ":::\n\n:::",
    )


@section("patient-explorer", "one patient's predictions by all models, on the page", decided=True)
def patient_explorer(c: Context) -> str:
    """Raw html; empty without probabilities, and where two states are compared."""
    if not c.probable or c.r.compared is not None or c.surveyed:
        return ""
    # Imported here: it computes, and no document is to wait for the statistics.
    from analysis.reporting.rendering.patient_explorer import patient_explorer_block

    return str(patient_explorer_block(c.r, c.headline))
