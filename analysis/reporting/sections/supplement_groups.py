"""Sections of the supplement: subgroups, places, updating, explanation."""

from __future__ import annotations

from analysis.core.word_lists import counted
from analysis.reporting.sections.context import Context, paragraphs, sentences
from analysis.reporting.sections.registry import CLINICAL, FEATURES, IMAGES, section
from analysis.reporting.tables import (
    fairness_markdown,
    importance_markdown,
    place_divisions,
    place_estimates,
    places_markdown,
    places_words,
    pooled_markdown,
    subgroups_markdown,
    updating_markdown,
    updating_words,
)
from analysis.results import keys, place_names
from analysis.results.place_names import LEAST_OF_EITHER
from models.declared import CR, RADIOMICS

LEAST_SOURCE = f"{place_names.__name__}:LEAST_OF_EITHER"
TRAINED = (IMAGES, FEATURES, CLINICAL)


@section("supplement-subgroups", "the best model in groups of patients")
def supplement_subgroups(c: Context) -> str:
    """A paragraph and tables; a sentence where no groups are named."""
    if not c.has(keys.subgroups_n()):
        return "No groups of patients were named for an analysis of their own."
    fair = len(c.r.frame("tables/fairness")) > 0
    return paragraphs(
        "@tbl-subgroups shows the AUC of {best.model.label} in {subgroups.n|analysis|analyses}:"
        " subgroups, other horizons and complete cases. AUCs are not shown for groups with fewer"
        " than {subgroups.least|patient} of either outcome, and groups were not tested against each"
        " other.",
        c.table(
            "tbl-subgroups",
            lambda: subgroups_markdown(c.r),
            "AUC of {best.model.label} in subgroups and other analyses, with"
            " {settings.confidence_level:level} CI.",
        ),
        c.table(
            "tbl-fairness",
            lambda: fairness_markdown(c.r),
            "{best.model.label} by group of patients at the fixed cut-off, with"
            " {settings.confidence_level:level} CI.",
            there=fair,
        ),
        "@tbl-fairness shows classification and calibration in groups of patients; differences may"
        " reflect their risk as well as the model."
        if fair
        else "",
    )


@section("supplement-places", "results by centre and by cohort")
def supplement_places(c: Context) -> str:
    """A paragraph, tables and figures; a sentence where nobody can be told apart."""
    places, averaged = place_divisions(c.r), c.r.has_any(keys.pooled_prediction)
    if not places:
        return "Results by centre or validation cohort are not available" + (
            "."
            if c.r.study.statistics.by_centre == "automatic"
            else ", because they were not requested."
        )
    if not averaged and not place_estimates(c.r, c.best):
        return sentences(
            "No centre or validation cohort has results of its own: they need at least"
            f" {c.r.stated(counted(LEAST_OF_EITHER, 'patient'), LEAST_SOURCE)} of either outcome.",
        )
    return paragraphs(
        sentences(
            places_words(c.r),
            "@tbl-places has {best.model.label} by place"
            + (", @tbl-pooled the means of all models." if averaged else "."),
        ),
        c.table(
            "tbl-places",
            lambda: places_markdown(c.r, c.best),
            "Best model by centre or cohort, with CI. A dash: too few patients of either outcome,"
            " or no estimate.",
        ),
        *(
            c.figure(
                f"fig-{place.replace('_', '-')}",
                f"places_{place}",
                "{best.model.label} by place: patients (events), AUC, O:E and calibration slope"
                " with {settings.confidence_level:level} CI; where places were pooled, their mean"
                " (diamond) and the prediction interval (bar).",
                c.r.has_figure(f"places_{place}"),
            )
            for place in places
        ),
        c.table(
            "tbl-pooled",
            lambda: pooled_markdown(c.r, c.headline),
            "Random-effects means over places. I²: share of the variance that is between places;"
            " τ²: that variance, on the scale that was pooled.",
            there=averaged,
        ),
    )


@section("supplement-updating", "whether later cohorts need an updated model")
def supplement_updating(c: Context) -> str:
    """A paragraph and a table; a sentence where there is no later cohort."""
    if not c.r.study.split.external:
        return "There is no cohort beyond training and validation."
    updated = len(c.r.frame("tables/updating")) > 0
    return paragraphs(
        sentences(
            "The locked {best.model.label} model was applied to every cohort beyond the validation"
            " cohort. Whether it should be updated there was decided by a closed test, from the"
            " model as it is to a refit of all its coefficients [@vergouwe2017]:",
            updating_words(c.r),
        ),
        c.table(
            "tbl-updating",
            lambda: updating_markdown(c.r),
            "Updating the locked best model for later cohorts. Each method is tested against the"
            " fullest one by its likelihood ratio; the first that is not rejected is chosen.",
            there=updated,
        ),
        "@tbl-updating has the tests." if updated else "",
    )


def _unexplained(c: Context) -> bool:
    """True if no fold's radiomics model was explained by its features."""
    left_out = keys.explanation_left_out_n()
    return c.has(left_out) and c.r.record(left_out).number == c.r.record(left_out).n


@section("supplement-explanation", "which variables and features the models use", TRAINED)
def supplement_explanation(c: Context) -> str:
    """A paragraph, tables and a figure; empty where nothing was explained."""
    if not c.has(keys.explanation_folds()):
        return ""
    return paragraphs(
        "In each of the {explanation.folds|outer fold}, the model was explained in the patients not"
        " used to fit it: by the decrease in AUC when values of a variable were permuted"
        " ({explanation.permutations|time}), and by SHAP values [@lundberg2017] on the probability"
        " scale. Both describe the models, not the disease."
        + (
            " Radiomics models of {explanation.left_out.n|outer fold} were not explained by single"
            " features, of which they use more than a hundred."
            if c.has(keys.explanation_left_out_n())
            else ""
        ),
        c.table(
            "tbl-importance-cr",
            lambda: importance_markdown(c.r, CR.id),
            "Variables of the CR model in the outer folds.",
            there=c.clinical,
        ),
        c.table(
            "tbl-importance-radiomics",
            lambda: importance_markdown(c.r, RADIOMICS.id),
            "Radiomics features in the outer folds, ordered by the number of folds that used them.",
            there=c.radiomics and not _unexplained(c),
        ),
        c.figure(
            "fig-shap",
            "shap",
            "SHAP values of out-of-fold predictions: one dot a patient, the shade is the value of"
            " the variable.",
        ),
        c.figure(
            "fig-contributions",
            "contributions",
            "SHAP values of the final {best.model.label} in the validation cohort, exact as the"
            " model is linear in its terms. All patients: one dot a patient, the shade is the value"
            " of the term. One patient: the steps from {contributions.base}, the probability at"
            " mean values, to {contributions.probability}, that of the patient of median"
            " probability; orange raises it.",
            c.has(keys.contributions_base()) and c.r.has_figure("contributions"),
        ),
    )
