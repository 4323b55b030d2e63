"""Sentences of the manuscript that the results decide, each only where its numbers say it."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.reporting.manuscript import Results
from analysis.reporting.number_style import p_value
from analysis.reporting.sentences.study_parts import listed
from analysis.reporting.wordings.result_ids import LEFT_OUT, in_words
from analysis.results import keys

# From so many names on their number stands for them; a table has the names.
MANY = 5


def areas(results: Results, models: Sequence[str], how: str) -> str:
    """AUCs of the models as a part of a sentence.

    A model that was made elsewhere may lack that way of judging.
    """
    return listed(
        [
            f"{results.text(keys.label(model))} {results.text(keys.auc(model, how))}"
            for model in models
            if keys.predictions_given() not in results.records
            or keys.auc(model, how) in results.records
        ]
    )


def published_check(results: Results) -> str:
    """Words on which numbers of patients the published results fit.

    The results are accuracy, sensitivity and specificity. The text is empty where nothing was
    printed.
    """
    sentences = []
    for model in dict.fromkeys(
        parts["model"] for parts, _ in keys.published_fits.of(results.records)
    ):
        label = results.text(keys.label(model)) if keys.label(model) in results.records else model
        for cohort in ("training", "validation"):
            fits = results.records.get(keys.published_fits(model, cohort))
            events = keys.published_fits_events(model, cohort)
            if events in results.records:
                others = keys.published_fits_non_events(model, cohort)
                sentences.append(
                    f"The published {cohort} accuracy, sensitivity and specificity of {label} are"
                    f" consistent only with {results.plural(events, 'patient')} with and"
                    f" {results.text(others)} without the event."
                )
            elif fits is not None:
                sentences.append(
                    f"The published {cohort} values of {label} are consistent with"
                    f" {'no' if fits.value == 0 else results.text(fits.key)} table of"
                    f" {results.plural(f'{fits.key}:n', 'patient')}."
                )
        every = (keys.published_fits_all_events(model), keys.published_fits_all_non_events(model))
        if every[0] in results.records and keys.published_events() in results.records:
            stated = (keys.published_events(), keys.published_non_events())
            together, printed = (
                " and ".join(results.text(key) for key in pair) for pair in (every, stated)
            )
            same = [results.record(key).value for key in every] == [
                results.record(key).value for key in stated
            ]
            verdict = "as the paper states" if same else f"where the paper states {printed}"
            sentences.append(f"Together these are {together}, {verdict}.")
    return " ".join(sentences)


def added(results: Results) -> str:
    """Sentences on the value that the model adds to each comparator.

    They say where the gain over each comparator lies, on how many patients, and which comparators
    take no part, with the reason.
    """
    names = results.names(keys.added_value_scores())
    model, level = (
        results.text(keys.label(results.plain(keys.contrasts_model()))),
        results.text(keys.settings_confidence_level(), "level"),
    )
    parts, gains = [], keys.added_value("*")
    if names:
        above = [
            results.text(keys.label(name))
            for name in names
            if (results.record(keys.added_value(name)).ci_low or 0) > 0
        ]
        below = [
            results.text(keys.label(name))
            for name in names
            if (results.record(keys.added_value(name)).ci_high or 0) < 0
        ]
        lower = ""
        if below:
            which = f" ({listed(below)})" if len(below) < MANY else ""
            lower = f" and below zero for {results.stated(len(below), gains)}{which}"
        parts.append(
            f"On the {results.text(keys.added_value_common_n())} of"
            f" {results.plural(keys.added_value_common_of(), 'validation patient')} graded by all"
            f" comparators, the unadjusted {level} CI of the gain in AUC from adding {model} was"
            " above zero for"
            f" {results.stated(len(above), gains)} of {results.stated(len(names), gains)}"
            + (f" ({listed(above)})" if 0 < len(above) < MANY else "")
            + f"{lower}."
        )
    lost = {
        parts["comparator"]: int(record.number)
        for parts, record in keys.added_value_lost.of(results.records)
        if record.value
    }
    if lost:
        fewest = max(lost, key=lost.__getitem__)
        parts.append(
            f"{results.text(keys.label(fewest))} graded the fewest patients"
            f" ({results.text(keys.added_value_lost(fewest))} without a grade)."
        )
    parts += [
        f"{results.text(keys.label(parts['comparator']))} was excluded:"
        f" {in_words(LEFT_OUT, results.plain(record.key))}."
        for parts, record in keys.added_value_left_out.of(results.records)
    ]
    return " ".join(parts)


def unconfirmed(results: Results) -> str:
    """Sentence that names the scores whose definition nobody has read in its source.

    The text is empty where there are none.
    """
    table = results.frame("tables/scores")
    names = [row.label for row in table.itertuples() if row.status == "unconfirmed"]
    return (
        f"The definition of {listed(names)} was not confirmed in its original publication."
        if names
        else ""
    )


def thresholds_reason(results: Results) -> str:
    """Sentences on the threshold probabilities of the decision curve.

    They say why the decision curve covers the range that it covers, and what follows for a patient
    above the threshold.
    """
    settings = results.study.statistics
    sentences = [
        (
            "Patients with a predicted risk above the threshold would be offered"
            f" {settings.action.rstrip('.')}."
            if settings.action
            else "No clinical action above the threshold was specified."
        )
    ]
    if settings.thresholds_because:
        sentences.append(
            f"The range was chosen in advance: {settings.thresholds_because.rstrip('.')}."
        )
    elif settings.action:
        sentences.append("No reason for the range was stated.")
    return " ".join(sentences)


def fallback_found(results: Results) -> str:
    """Sentences on the fallback variable of the CR model.

    They say that the CR model has a variable which its rule would not have kept, and in how many
    outer folds that happened.
    """
    sentences = []
    if keys.chosen_fallback_final() in results.records:
        sentences.append(
            "No candidate met the rule; this variable had the smallest univariable"
            f" {p_value()} ({{chosen.fallback.final:p}})."
        )
    folds = results.records.get(keys.chosen_fallback_outer())
    if folds is not None and folds.value:
        sentences.append(
            f"The rule retained no variable in {results.text(folds.key)} of"
            f" {results.plural(f'{folds.key}:n', 'outer fold')}."
        )
    return " ".join(sentences)


def fusion_remarks(results: Results) -> str:
    """Sentences on fusions that reverse a score or an order of patients.

    These are fusions that turn a score round, or that order the very patients whom they were fitted
    on the wrong way; empty where there is none.
    """
    sentences = []
    for fusion in results.fusions:
        label = results.text(keys.label(fusion))
        weights = {
            parts["part"]: record
            for parts, record in keys.coefficient.of(results.records)
            if parts["model"] == fusion
        }
        turned = [
            results.text(keys.label(part))
            for part, record in weights.items()
            if keys.label(part) in results.records
            and record.value is not None
            and record.number < 0
        ]
        if turned:
            sentences.append(
                f"In {label}, the score of {listed(turned)} had a negative coefficient, as can"
                " occur when a score adds no information to the other predictors."
            )
        apparent = keys.auc(fusion, "apparent")
        if results.has_value(apparent) and results.record(apparent).number < 0.5:
            sentences.append(
                f"The apparent AUC of {label}, {{{apparent}}}, was below one half"
                + (" because of this coefficient." if turned else ".")
            )
    return " ".join(sentences)


def grouped_patients(results: Results) -> str:
    """Words of a calibration plot's caption on the squares.

    They appear where the cohorts are large enough for groups of patients; else nothing.
    """
    name = "curves/calibration_groups"
    if not (results.folder / f"{name}.csv").is_file() or not len(results.frame(name)):
        return ""
    return (
        " groups of its patients of about equal size (squares, with"
        " {settings.confidence_level:level} intervals),"
    )
