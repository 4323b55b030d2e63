"""Sections of the results: calibration, nomogram, net benefit, survival, stability."""

from __future__ import annotations

from analysis.reporting.rendering.calculator import calculator_block
from analysis.reporting.sections.context import Context, paragraphs, sentences
from analysis.reporting.sections.key_points import calibrated
from analysis.reporting.sections.registry import FEATURES, IMAGES, section
from analysis.reporting.sentences import grouped_patients, listed
from analysis.reporting.survival_name import curve_end
from analysis.reporting.tables import (
    calibration_markdown,
    net_benefit_markdown,
    small_sample_note,
)
from analysis.results import keys
from models.declared import CR, RADIOMICS


@section("results-calibration", "calibration, its table and curves")
def results_calibration(c: Context) -> str:
    """A paragraph, a table and a figure; without probabilities a sentence."""
    if not c.probable:
        return calibrated(c)
    return paragraphs(
        sentences(
            "@tbl-calibration and @fig-calibration show calibration.",
            calibrated(c),
        ),
        c.table(
            "tbl-calibration",
            lambda: calibration_markdown(c.r, c.headline),
            f"Calibration of {'{best.model.label}' if c.single else 'the models'}"
            f" {'out of fold in training and ' if c.judged else ''}in"
            " validation, with {settings.confidence_level:level} CI.",
            "Ideal values: O:E one, calibration in the large (log odds) zero, slope one. "
            + small_sample_note(c.r, ["observed_expected", "calibration_slope", "brier"]),
        ),
        c.figure(
            "fig-calibration",
            "calibration",
            "Calibration curve (loess) of "
            + ("{best.model.label}" if c.single else "the best model, {best.model.label},")
            + " with its confidence band,"
            + grouped_patients(c.r)
            + " and below it the numbers of patients with and without the event by predicted"
            " probability. Curves are unstable in small cohorts.",
        ),
    )


@section("results-cohorts", "the best model in each validation cohort")
def results_cohorts(c: Context) -> str:
    """A sentence and a figure; empty where there is one cohort."""
    if not c.r.has_figure("places_validation_cohorts"):
        return ""
    return paragraphs(
        "@fig-places shows {best.model.label} in each validation cohort; the supplement reports all"
        " models, and results by centre.",
        c.figure(
            "fig-places",
            "places_validation_cohorts",
            "{best.model.label} by validation cohort: patients (events), AUC, O:E and calibration"
            " slope with {settings.confidence_level:level} CI; where cohorts were pooled, their"
            " mean (diamond) and the interval in which a new cohort is expected (bar).",
        ),
    )


@section("results-nomogram", "the fused model as a nomogram", (IMAGES, FEATURES))
def results_nomogram(c: Context) -> str:
    """A sentence, a figure and the calculator; empty without a fusion."""
    if not c.fused:
        return ""
    if c.has(keys.nomogram_not_drawn()):
        return (
            "No nomogram is shown because {nomogram.not_drawn} enters as a restricted cubic spline."
        )
    return paragraphs(
        f"@fig-nomogram shows the nomogram of the final {{label.{c.r.plain('nomogram.model')}}}"
        " model.",
        c.figure(
            "fig-nomogram",
            "nomogram",
            sentences(
                "Nomogram of the fusion model: points of each value, total points, and risk of"
                " {study.event}.",
                f"{'Scores' if c.blocks else 'The radiomics and DL scores'} are log odds.",
                "Dots: a hypothetical patient with the middle value of each axis, who has"
                " {nomogram.example.points} points and a risk of {nomogram.example.risk}."
                if c.has(keys.nomogram_example_risk())
                else "",
            ),
        ),
        c.decided("nomogram-calculator", nomogram_calculator(c)),
    )


@section("nomogram-calculator", "the nomogram as a form on the page", decided=True)
def nomogram_calculator(c: Context) -> str:
    """Raw html; empty where no nomogram was drawn."""
    if not c.fused or c.has(keys.nomogram_not_drawn()) or not c.has(keys.nomogram_clip()):
        return ""
    return str(calculator_block(c.r))


def decision_caption(c: Context, compared: bool) -> str:
    """Caption of decision curves: of the best model against scores, or of all models."""
    others = "of {best.model.label}" if c.single else "of each model"
    if compared:
        beside = " and {label.cr}" if CR.id in c.headline and c.best != CR.id else ""
        which = (
            " (the first of the study file, and those with the highest out-of-fold AUC in training)"
            if c.judged
            else ""
        )
        others = (
            f"of {{best.model.label}}{beside} and of staging systems and indexes{which}, by their"
            " probabilities refitted in training"
        )
    return sentences(
        f"Decision curves: net benefit {others}, of treating all and of treating none, by threshold"
        " probability. The band is the bootstrap interval of {best.model.label}. Curves are drawn"
        " at every fifth percentage point, without smoothing.",
        "Shaded: thresholds from {decision.claim_low:level} to {decision.claim_high:level}, over"
        " which a higher net benefit may be claimed."
        if c.r.record(keys.decision_claim_low()).value
        != c.r.record(keys.decision_claim_high()).value
        else "Vertical line: {decision.claim_low:level}, the threshold at which a higher net"
        " benefit may be claimed.",
    )


@section("results-net-benefit", "net benefit by threshold probability")
def results_net_benefit(c: Context) -> str:
    """A paragraph, a figure and a table; without probabilities a sentence."""
    if not c.probable:
        return "The models give no probabilities; net benefit was not assessed."
    threshold = 100 * float(c.r.record(keys.decision_reported_threshold()).number)
    reported = f"net_benefit.{c.best}.validation.{threshold:g}"
    return paragraphs(
        sentences(
            "@fig-decision and @tbl-net-benefit show net benefit.",
            c.claim("net_benefit"),
            c.claims("net_benefit"),
            "At a threshold probability of {decision.reported_threshold:level} the net benefit of"
            f" {{best.model.label}} in the validation cohort was {{{reported}:ci}}."
            if c.has(reported)
            else "",
        ),
        c.figure(
            "fig-decision",
            "decision_curve",
            decision_caption(c, compared=c.r.has_figure("roc_staging")),
        ),
        c.table(
            "tbl-net-benefit",
            lambda: net_benefit_markdown(c.r, c.headline),
            "Net benefit in the validation cohort by threshold probability, with bootstrap"
            " {settings.confidence_level:level} CI.",
            "Treating none has a net benefit of zero. " + small_sample_note(c.r, ["net_benefit"]),
        ),
        c.decided("threshold-explorer", threshold_explorer(c)),
    )


@section("threshold-explorer", "what each threshold probability gives, on the page", decided=True)
def threshold_explorer(c: Context) -> str:
    """Raw html; empty without probabilities, and where two states are compared."""
    if not c.probable or c.r.compared is not None or c.surveyed:
        return ""
    # Imported here: it computes, and no document is to wait for the statistics.
    from analysis.reporting.rendering.threshold_explorer import threshold_explorer_block

    return str(threshold_explorer_block(c.r, c.headline))


@section("results-survival", "survival by risk group")
def results_survival(c: Context) -> str:
    """A paragraph and a figure; without follow-up a sentence."""
    if not c.followed:
        return "The outcome has no follow-up time; survival was not analysed."
    horizon = f"auc_horizon.{c.best}.validation"
    return paragraphs(
        sentences(
            "@fig-survival shows survival of all patients, including those of unknown outcome.",
            c.claim("risk_groups")
            if c.cut
            else "The model has no cut-off, and therefore no risk groups.",
            "With weighting for patients of unknown outcome, the AUC of {best.model.label} at the"
            f" horizon in the validation cohort was {{{horizon}:ci}}."
            if c.r.has_value(horizon)
            else "",
        ),
        c.figure(
            "fig-survival",
            "kaplan_meier",
            c.survival.capitalize()
            + " by risk group of {best.model.label}, divided by the cut-off fixed "
            + ("in training" if c.judged else "beforehand")
            + ", with {settings.confidence_level:level} bands and numbers at risk. "
            + ("Training groups come from out-of-fold scores; the" if c.judged else "The")
            + " dashed line is the horizon of {endpoint.horizon_months|month}. Vertical marks:"
            + f" censored patients. {curve_end(c.r)}",
            c.cut,
        ),
    )


def differences_of_resamples(c: Context) -> str:
    """Mean absolute differences of probabilities over bootstrap samples, by model, as a list."""
    return listed(
        [
            f"{{instability.{model}}} for {{label.{model}}}"
            for model in (CR.id, RADIOMICS.id)
            if c.has(keys.instability(model))
        ]
    )


@section("results-stability", "how much predictions change in bootstrap samples")
def results_stability(c: Context) -> str:
    """A part with its heading and figure; empty where it was not computed."""
    if not c.r.has_figure("instability"):
        return ""
    return paragraphs(
        "## Stability of predictions",
        "The mean absolute difference between a patient's predicted probability and that of models"
        " refitted in bootstrap samples [@riley2023] was "
        + differences_of_resamples(c)
        + " (@fig-instability).",
        c.figure(
            "fig-instability",
            "instability",
            "Instability of individual predictions: probability of each training patient by the"
            " model and by models refitted in bootstrap samples. Lines contain ninety percent of"
            " the resamples.",
        ),
    )
