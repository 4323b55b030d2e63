"""Sections of the supplement: staging, reclassification, leakage, robustness, networks."""

from __future__ import annotations

from analysis.reporting.sections.context import Context, paragraphs, sentences
from analysis.reporting.sections.registry import CLINICAL, FEATURES, IMAGES, section
from analysis.reporting.sentences import curve_end, guard_counts, listed
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
    ungraded,
)
from analysis.results import keys
from models.blocks import FAMILY
from models.declared import DL

TRAINED = (IMAGES, FEATURES, CLINICAL)
NO_TRAINING = "No network was trained, and no image of a patient is shown."
NOT_VARIED = (
    "The final models were applied to no other segmentations, and the outer folds were drawn once."
)


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
        sentences(
            "@tbl-scores lists the scores that were computed; patients with a missing input have no"
            " score. @tbl-direct shows each as published, in the validation patients it grades.",
            f"Not computed for lack of an input: {listed(ungraded(c.r))}." if ungraded(c.r) else "",
        ),
        c.table(
            "tbl-scores",
            lambda: scores_markdown(c.r),
            "Staging systems and prognostic indexes. n: patients graded, all cohorts; distribution:"
            " patients per level, or median with quartiles.",
        ),
        c.table(
            "tbl-direct",
            lambda: direct_markdown(c.r, scores),
            "Each score as published, validation cohort, with {settings.confidence_level:level} CI."
            " n: graded patients of known outcome. Exploratory: the model was fitted to the outcome"
            " and the scores were not.",
        ),
        "@tbl-agreement shows the agreement of staging systems; kappa cannot reach one for systems"
        " with different numbers of levels. All pairs are in `tables/score_agreement.csv`."
        if agreed
        else "",
        "@tbl-trends and @fig-stages show survival by stage." if trends else "",
        c.table(
            "tbl-agreement",
            lambda: agreement_markdown(c.r, c.comparators),
            "Agreement of staging systems: quadratic-weighted kappa with"
            " {settings.confidence_level:level} CI.",
            there=agreed,
        ),
        c.table(
            "tbl-score-levels",
            lambda: score_levels_markdown(c.r),
            "Score of {best.model.label}, compared between levels of each staging system with at"
            " least five patients, validation cohort: patients of the worse and of the better"
            " level, probability that a patient of the worse level has the higher score, and"
            " Mann-Whitney tests, Holm-adjusted within a system. Exploratory.",
            there=staged,
        ),
        "@tbl-score-levels compares the score of {best.model.label} between stages."
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
            f" patients. Darker lines are worse levels. {curve_end(c.r)}",
            trends,
        ),
    )


def _reclassified(c: Context) -> str:
    """Caption of the table of reclassification indexes."""
    model, other = (
        f"{{{keys.label(c.r.plain(key))}}}"
        for key in (keys.contrasts_model(), keys.contrasts_primary())
    )
    return (
        f"Reclassification of validation patients by {model} compared with {other}: estimates with"
        " asymptotic and with bootstrap {settings.confidence_level:level} CI."
    )


@section("supplement-reclassification", "reclassification indexes")
def supplement_reclassification(c: Context) -> str:
    """A paragraph and tables; a sentence where nobody asked for them."""
    asked, counted = c.r.has_any(keys.nri_continuous), c.described("reclassification")
    return paragraphs(
        "Net reclassification improvement (NRI) and integrated discrimination improvement (IDI)"
        " favour miscalibrated models [@pepe2015]; both models were therefore recalibrated in"
        " training first (@tbl-reclassification). The difference in net benefit is the main result."
        if asked
        else "Reclassification indexes were not requested, because they favour miscalibrated models"
        " [@pepe2015]; the article reports differences in net benefit.",
        c.table(
            "tbl-reclassification",
            lambda: reclassification_markdown(c.r),
            _reclassified(c) if asked else "",
            "NRI by categories uses the limits of risk of @tbl-reclassified; the continuous NRI"
            " counts any change of the predicted risk."
            if counted
            else "The continuous NRI counts any change of the predicted risk.",
            there=asked,
        ),
        c.table(
            "tbl-reclassified",
            lambda: reclassification_counts_markdown(c.r),
            "Validation patients by category of predicted risk of either model, after recalibration"
            " in training; a probability equal to a limit is in the upper category.",
            there=counted,
        ),
        "@tbl-reclassified counts the patients behind the categorical index." if counted else "",
    )


def _permuted_tuning(c: Context) -> str:
    """How the classifier of the permutations was tuned."""
    if not c.has(keys.radiomics_path()):
        return "without tuning"
    return "with its choice of a path, in two tuning folds"


def _permuted_blocks(c: Context) -> str:
    """Rest of the models whose outcome was permuted: those of blocks, and fusions."""
    labels = [
        model.label
        for name, model in c.r.models.items()
        if model.family == FAMILY and c.has(keys.permuted(name))
    ]
    if not labels:
        return " and their fusion"
    models = "model" if len(labels) == 1 else "models"
    return f", the {models} of {listed(labels)} without tuning, and their fusions"


@section("supplement-leakage", "guards against leakage and what they found")
def supplement_leakage(c: Context) -> str:
    """A paragraph, a table and a figure; empty where no guard ran."""
    if not c.has(keys.guards_n("pass")):
        return ""
    permuted = c.r.has_any(keys.permuted)
    return paragraphs(
        sentences(
            f"Automated checks for data leakage (@tbl-guards): {guard_counts(c.r)}. A check fails"
            " if its finding is large and unlikely by chance; over all checks, fewer than one in a"
            " hundred studies without leakage have a failure. A note is not a fault.",
            "With permuted outcomes, the mean AUC of the whole procedure, including selection and"
            " fusion, should be one half apart from Monte Carlo error; the check fails for a mean"
            " of at least two hundredths above this with a one-sided *P* below one in a thousand"
            " (@fig-permutations). AUCs were computed within folds, because pooled AUCs of permuted"
            " outcomes are below one half by construction."
            if permuted
            else "",
            "Shuffling the voxels of a tumour preserves its volume, shape and histogram and removes"
            " its texture."
            if c.has(keys.shuffled_voxels("real"))
            else "",
            f"Outcomes were permuted only for one radiomics classifier {_permuted_tuning(c)}, the"
            f" CR model{_permuted_blocks(c)}, and not for networks."
            if permuted and not c.has(keys.permuted(DL.id)) and c.deep
            else "",
        ),
        c.table(
            "tbl-guards",
            lambda: guards_markdown(c.r),
            "Automated checks for data leakage.",
        ),
        c.figure(
            "fig-permutations",
            "permutations",
            "AUC of the whole procedure with permuted outcomes (grey) and with the actual outcome"
            " (line), within folds of the training cohort.",
            permuted,
        ),
    )


@section("supplement-robustness", "other delineations, volume, repeats", TRAINED)
def supplement_robustness(c: Context) -> str:
    """A paragraph, a table and a figure; a sentence where nothing was varied."""
    delineated = c.r.has_any(keys.delineation_icc)
    found = paragraphs(
        sentences(
            "@tbl-delineations shows the final models applied to other segmentations of the same"
            " tumours, with features extracted and regions cropped again."
            if delineated
            else "",
            "Spearman's correlation of the score of tumour volume with that of {best.model.label}"
            f" was {{volume.correlation.{c.best}}} out of fold."
            if c.has(keys.volume_correlation(c.best))
            else "",
            "Out of fold, Spearman's correlation of the radiomics score with the DL score was"
            " {score_correlation.radiomics_vs_dl}, and"
            " {score_correlation.radiomics_vs_dl.given_volume} with the score of tumour volume held"
            " (partial correlation)."
            if c.has(keys.score_correlation())
            else "",
            "Over repeats of the outer folds the AUC of {best.model.label} had a median of"
            f" {{repeats.auc.{c.best}}} (@fig-repeats)."
            if c.has(keys.repeats_auc(c.best))
            else "",
        ),
        c.table(
            "tbl-delineations",
            lambda: delineations_markdown(c.r, c.headline),
            "Final models on other segmentations of the same patients: ICC(2,1) of the probability"
            " with {settings.confidence_level:level} CI, and share of patients whose probability"
            " falls on the other side of the cut-off.",
            there=delineated,
        ),
        c.figure(
            "fig-repeats",
            "repeats",
            "Out-of-fold AUC over repeats of the outer folds; bars are medians.",
            c.r.has_any(keys.repeats_auc),
        ),
    )
    return found or NOT_VARIED


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
    """A paragraph and figures; a sentence without networks."""
    trained, mapped, shown = (
        c.r.has_any(keys.training_epochs),
        c.has(keys.grad_cam_n()),
        c.has(keys.gallery_n()),
    )
    found = paragraphs(
        sentences(
            "@fig-training shows the loss." if trained else "",
            _epochs(c) if trained else "",
            _pretrained(c) if trained else "",
            "Grad-CAM maps of the article are coarse and describe the network, not the disease."
            if mapped
            else "",
            "@fig-gallery shows the {gallery.n|validation patient} with the largest errors of"
            " {best.model.label}."
            if shown
            else "",
        ),
        c.figure(
            "fig-training",
            "training",
            "Loss by epoch, in augmented training patients"
            + (
                " and in held-out patients. Strong lines: final fit; pale lines: outer folds; dot:"
                " the weights used, which had the lowest loss in held-out patients."
                if c.r.study.deep_learning and c.r.study.deep_learning.early_stopping
                else ". Strong lines: final fit; pale lines: outer folds."
            ),
            trained,
        ),
        c.figure(
            "fig-gallery",
            "gallery",
            "Largest errors in validation: every phase on the tumour's largest section, the tumour"
            " outlined, with outcome and probability; letters stand for patients.",
            shown,
        ),
    )
    return found or NO_TRAINING
