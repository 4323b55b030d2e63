"""Sections of the supplement: staging, reclassification, leakage, robustness, networks."""

from __future__ import annotations

from analysis.reporting.sections.context import Context, paragraphs, sentences
from analysis.reporting.sections.registry import CLINICAL, FEATURES, IMAGES, section
from analysis.reporting.sections.results_utility import differences_of_resamples
from analysis.reporting.sentences import listed
from analysis.reporting.tables import (
    agreement_markdown,
    delineations_markdown,
    direct_markdown,
    guards_markdown,
    reclassification_counts_markdown,
    reclassification_markdown,
    score_levels_markdown,
    scores_markdown,
    trends_markdown,
)
from analysis.results import keys

TRAINED = (IMAGES, FEATURES, CLINICAL)


@section("supplement-scores", "every staging system and index")
def supplement_scores(c: Context) -> str:
    """Paragraphs, tables and a figure; a sentence where there is none."""
    scores = [*c.comparators, *c.r.names(keys.models_supplement())]
    if not scores:
        return "This study has no staging system or index."
    named = set(c.comparators)
    pairs = c.r.frame("tables/score_agreement")
    agreed = any({row.first, row.second} <= named for row in pairs.itertuples())
    trends, staged = c.r.has_any(keys.log_rank_trend), c.described("score_levels")
    return paragraphs(
        "@tbl-scores lists every score of the study as it was computed; a patient who lacks an"
        " input has no score. @tbl-direct has each as published in the validation cohort, on the"
        " patients whom it grades.",
        c.table(
            "tbl-scores",
            lambda: scores_markdown(c.r),
            "Scores of the study. n: patients whom it grades, both cohorts together; distribution:"
            " patients a level, or median with quartiles.",
        ),
        c.table(
            "tbl-direct",
            lambda: direct_markdown(c.r, scores),
            "Each score as published, validation cohort; n: patients of known outcome whom it"
            " grades. Exploratory: a score tuned to the outcome meets one that was not.",
        ),
        "@tbl-agreement tells how far the systems' ranks go together. A kappa of systems with"
        " unequal numbers of levels can't reach one. The pairs with the supplement's systems are in"
        " `tables/score_agreement.csv`."
        if agreed
        else "",
        "@tbl-trends and @fig-stages follow all patients by stage; recurrence or death is the"
        " event."
        if trends
        else "",
        c.table(
            "tbl-agreement",
            lambda: agreement_markdown(c.r, c.comparators),
            "Agreement of staging systems: quadratic-weighted kappa of the levels' ranks, with CI.",
            there=agreed,
        ),
        c.table(
            "tbl-score-levels",
            lambda: score_levels_markdown(c.r),
            "Score of the best model between levels of each staging system, validation cohort,"
            " levels of five patients or more: patients of the worse and of the better level, the"
            " probability that one of the worse has the higher score, and Mann-Whitney tests, by"
            " Holm's method within a system. Exploratory.",
            there=staged,
        ),
        "@tbl-score-levels shows whether the best model's score rises with the stage."
        if staged
        else "",
        c.table(
            "tbl-trends",
            lambda: trends_markdown(c.r),
            f"Log-rank test for trend of {c.survival} over the levels of each system, one degree"
            " of freedom.",
            there=trends,
        ),
        c.figure(
            "fig-stages",
            "stages",
            f"{c.survival.capitalize()} by level of each staging system; in brackets the number of"
            " patients. Darker lines are worse levels.",
            trends,
        ),
    )


@section("supplement-reclassification", "reclassification indexes")
def supplement_reclassification(c: Context) -> str:
    """A paragraph and tables; a sentence where nobody asked for them."""
    asked, counted = c.r.has_any(keys.nri_continuous), c.described("reclassification")
    return paragraphs(
        "Net reclassification and integrated discrimination reward miscalibration [@pepe2015]; both"
        " models were recalibrated in training first, and the difference in net benefit is the main"
        " answer. @tbl-reclassification has the indexes."
        if asked
        else "The study file does not ask for reclassification indexes, which reward miscalibration"
        " [@pepe2015]; differences in net benefit are in the article.",
        c.table(
            "tbl-reclassification",
            lambda: reclassification_markdown(c.r),
            "Reclassification of validation patients by the contrasts' model against its primary"
            " comparator.",
            there=asked,
        ),
        c.table(
            "tbl-reclassified",
            lambda: reclassification_counts_markdown(c.r),
            "Validation patients by category of risk of either model, after recalibration in"
            " training; a probability equal to a limit is in the upper category.",
            there=counted,
        ),
        "@tbl-reclassified counts the patients behind the categorical index." if counted else "",
    )


@section("supplement-leakage", "guards against leakage and what they found")
def supplement_leakage(c: Context) -> str:
    """A paragraph, a table and a figure; empty where no guard ran."""
    if not c.has(keys.guards_n("pass")):
        return ""
    permuted = c.r.has_any(keys.permuted)
    return paragraphs(
        sentences(
            "Guards against leakage ran with the study (@tbl-guards): {guards.pass.n} passed,"
            " {guards.note.n} left a note, {guards.fail.n} failed and {guards.not_run.n} did not"
            " run. A guard fails, and the first page says so, where what it found is large and"
            " chance is excluded: over all guards, less than one in a hundred studies without a"
            " fault has an alarm. A note is worth knowing and no fault.",
            "A permuted outcome leaves nothing to be found, so that the mean AUC of the whole path,"
            " selection and fusion included, must be one half but for Monte-Carlo error; the alarm"
            " is a mean of at least two hundredths above one half, with a one-sided *P* below one"
            " in a thousand (@fig-permutations, the line is the outcome as it is). AUCs are taken"
            " within folds, as pooled ones of a permuted outcome lie below one half by"
            " construction."
            if permuted
            else "",
            "A tumour with shuffled voxels keeps its volume, shape and histogram and loses its"
            " texture."
            if c.has(keys.shuffled_voxels("real"))
            else "",
            "In this protocol the outcome was permuted for the cheap parts only: one radiomics"
            " classifier without tuning, the CR model and their fusion; no network was."
            if permuted and not c.has(keys.permuted("dl")) and c.deep
            else "",
        ),
        c.table(
            "tbl-guards",
            lambda: guards_markdown(c.r),
            "Leakage guards, what each looked at and what it found.",
        ),
        c.figure(
            "fig-permutations",
            "permutations",
            "AUC of the whole path on permuted outcomes (grey) and on the outcome as it is (line),"
            " within folds of the training cohort.",
            permuted,
        ),
    )


@section("supplement-robustness", "other delineations, volume, repeats", TRAINED)
def supplement_robustness(c: Context) -> str:
    """A paragraph, a table and a figure; empty where nothing was varied."""
    delineated = c.r.has_any(keys.delineation_icc)
    return paragraphs(
        sentences(
            "@tbl-delineations applies the locked models to other delineations of the same tumours:"
            " features are extracted and regions are cropped again, nothing is learnt again."
            if delineated
            else "",
            "Tumour volume alone had an out-of-fold AUC of {auc.volume.out_of_fold:ci} and a"
            " validation AUC of {auc.volume.validation:ci}; Spearman's correlation of its score"
            " with that of {best.model.label} was"
            f" {{volume.correlation.{c.best}}} out of fold."
            if c.has(keys.volume_correlation(c.best))
            else "",
            "Out of fold, Spearman's correlation of the radiomics score with the DL score was"
            " {score_correlation.radiomics_vs_dl}, and"
            " {score_correlation.radiomics_vs_dl.given_volume} with the score of tumour volume held"
            " (partial correlation)."
            if c.has(keys.score_correlation())
            else "",
            "A figure of the article shows how much a patient's probability depends on which"
            " patients a model learnt from [@riley2023]: in bootstrap samples, the mean absolute"
            f" difference was {differences_of_resamples(c)}."
            if c.r.has_any(keys.instability)
            else "",
            "Over repeats of the outer folds the AUC of {best.model.label} had a median of"
            f" {{repeats.auc.{c.best}}} (@fig-repeats)."
            if c.has(keys.repeats_auc(c.best))
            else "",
        ),
        c.table(
            "tbl-delineations",
            lambda: delineations_markdown(c.r, c.headline),
            "Locked models on other delineations of the same patients. ICC(2,1) with CI; a decision"
            " flips when the probability falls on the other side of the cut-off.",
            there=delineated,
        ),
        c.figure(
            "fig-repeats",
            "repeats",
            "Out-of-fold AUC over repeats of the outer folds; bars are medians.",
            c.r.has_any(keys.repeats_auc),
        ),
    )


def _epochs(c: Context) -> str:
    if not c.r.frame("curves/training")["held_out_loss"].notna().any():
        return ""
    medians = [
        f"{{{record.key}}} ({{{keys.label(parts['model'])}}})"
        for parts, record in c.r.all_of(keys.training_epochs)
    ]
    return (
        f"The epoch whose weights were taken had a median of {listed(medians)} over the final fit"
        " and the outer folds."
    )


def _pretrained(c: Context) -> str:
    names = [parts["model"] for parts, _ in c.r.all_of(keys.pretrained_file)]
    return sentences(
        *(
            "{label.NAME} started from {pretrained.NAME.file} ({pretrained.NAME.source}; SHA-256"
            " {pretrained.NAME.sha256}), {pretrained.NAME.first_convolution}.".replace("NAME", name)
            for name in names
        )
    )


@section("supplement-networks", "training of the networks, maps, largest errors", (IMAGES,))
def supplement_networks(c: Context) -> str:
    """A paragraph and figures; empty without networks."""
    trained, mapped, shown = (
        c.r.has_any(keys.training_epochs),
        c.has(keys.grad_cam_n()),
        c.has(keys.gallery_n()),
    )
    return paragraphs(
        sentences(
            "@fig-training has the course of the loss." if trained else "",
            _epochs(c) if trained else "",
            _pretrained(c) if trained else "",
            "@fig-grad-cam maps where the phases raised the score of the best network,"
            f" {{label.{c.r.plain('grad_cam.network')}}}, by Grad-CAM [@selvaraju2017] with"
            " gradients kept at their places [@draelos2020], of its residual stage"
            " {grad_cam.layer}: the surest and the least expected validation patients of either"
            " outcome, chosen by their probabilities. Over the validation cohort, a median of"
            " {grad_cam.inside:percent} of the map lay within the tumour, which filled"
            " {grad_cam.tumour_area:percent} of the picture. Such maps are coarse and describe the"
            " network, not the disease."
            if mapped
            else "",
            "@fig-gallery shows the {gallery.n|validation patient} for whom {best.model.label} was"
            " farthest from the outcome."
            if shown
            else "",
        ),
        c.figure(
            "fig-training",
            "training",
            "Course of the loss over the epochs, augmented patients that were trained on and, with"
            " early stopping, patients held out. Strong lines: final fit; pale ones: outer folds; a"
            " dot: the weights taken.",
            trained,
        ),
        c.figure(
            "fig-grad-cam",
            "grad_cam",
            "Grad-CAM of the locked best network. Columns: validation patients with their outcome"
            " and probability. Rows: phases on the tumour's largest section, and the map over their"
            " mean; the tumour is outlined.",
            mapped,
        ),
        c.figure(
            "fig-gallery",
            "gallery",
            "Largest errors in validation: every phase on the tumour's largest section, the tumour"
            " outlined, with outcome and probability; letters stand for patients.",
            shown,
        ),
    )
