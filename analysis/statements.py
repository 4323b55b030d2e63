"""Sentences of the manuscript that the results decide; a statement appears only where its numbers say it."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.manuscript import Results

# Where a comparator is published, by its citation key in report/references.bib.
SOURCES = {"bclc_2022": "reig2022", "cnlc": "zhou2020", "albi": "johnson2015", "apri": "wai2003", "fib4": "sterling2006"}


def cited(models: Sequence[str]) -> str:
    """The citation of those models that have one, with a space before it; else nothing."""
    keys = [f"@{SOURCES[model]}" for model in models if model in SOURCES]
    return f" [{'; '.join(keys)}]" if keys else ""


def listed(names: Sequence[str]) -> str:
    """a, b and c."""
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)


def areas(results: Results, models: Sequence[str], how: str) -> str:
    """The models' AUCs as a part of a sentence; a model that was made elsewhere may lack that way of judging."""
    return listed([f"{results.text(f'label.{model}')} {results.text(f'auc.{model}.{how}')}" for model in models if "predictions.given" not in results.records or f"auc.{model}.{how}" in results.records])


def compared(results: Results, models: Sequence[str]) -> str:
    """Where the interval of the best model's AUC difference from each of `models` lies: above, across or below zero.

    Reads delong.<best>_vs_<model>.validation; a model without that comparison is named as not compared.
    """
    best = results.text("best.model")
    groups: dict[str, list[str]] = {"lay above zero": [], "included zero": [], "lay below zero": []}
    absent = []
    for model in models:
        record = results.records.get(f"delong.{best}_vs_{model}.validation")
        if record is None or record.ci_low is None or record.ci_high is None:
            absent.append(results.text(f"label.{model}"))
            continue
        where = "lay above zero" if record.ci_low > 0 else "lay below zero" if record.ci_high < 0 else "included zero"
        groups[where].append(results.text(f"label.{model}"))
    parts = [f"{where} against {listed(names)}" for where, names in groups.items() if names]
    level, label = results.text("settings.confidence_level", "level"), results.text("best.model.label")
    sentence = f"In the validation cohort the {level} interval of the difference in AUC ({label} minus the other) {listed(parts)}." if parts else ""
    return " ".join(filter(None, [sentence, f"Not compared: {listed(absent)}." if absent else ""]))


def optimism(results: Results, models: Sequence[str]) -> str:
    """Apparent and out-of-fold AUC of each model, side by side."""
    return listed([f"{results.text(f'label.{model}')} {results.text(f'auc.{model}.apparent')} and {results.text(f'auc.{model}.out_of_fold')}" for model in models])


def contrasted(results: Results) -> str:
    """The contrasts that carry a p-value: the primary one, then the Holm-adjusted family; says so where there is none.

    A model counts as equivalent only where the study file gives a margin and the interval lies within it.
    """
    model, label = results.text("contrasts.model"), results.text(f"label.{results.text('contrasts.model')}")
    primary, family = results.records.get("contrasts.primary"), results.names("contrasts.family")
    sentences = []
    if primary is not None and primary.value is not None:
        other = str(primary.value)
        what = f"what {label} adds to {results.text(f'label.{other}')}" if f"added_value.{other}" in results.records else f"{label} against {results.text(f'label.{other}')}"
        sentences.append(f"The primary contrast, {what}, had a difference in AUC of {results.text(_contrast_key(results, model, other), 'ci')}, {results.text(_contrast_key(results, model, other), 'p')}.")
    if family:
        parts = [f"{results.text(f'label.{name}')} {results.text(_contrast_key(results, model, name), 'p')}" for name in family]
        sentences.append(f"Holm-adjusted over the family of {len(family)}: {listed(parts)}.")
    if not sentences:
        sentences.append("The study file names no primary contrast and no family, so no comparison carries a p-value.")
    sentences += [_equivalent(results, model)] if any(key.startswith("equivalent.") for key in results.records) else []
    return " ".join(sentences)


def _contrast_key(results: Results, model: str, other: str) -> str:
    """A comparator is tested by what the model adds to it, another model directly."""
    return f"added_value.{other}" if f"added_value.{other}" in results.records else f"delong.{model}_vs_{other}.validation"


def _equivalent(results: Results, model: str) -> str:
    margin = results.text("settings.equivalence_margin")
    prefix = f"equivalent.{model}_vs_"
    equal = [results.text(f"label.{key.removeprefix(prefix).removesuffix('.validation')}") for key, record in results.records.items() if key.startswith(prefix) and record.value == "true"]
    return f"Within the equivalence margin of {margin} lay {listed(equal) if equal else 'no model'}."


def published_check(results: Results) -> str:
    """Which numbers of patients the published accuracy, sensitivity and specificity fit; empty where nothing was printed."""
    sentences = []
    for model in dict.fromkeys(key.split(".")[2] for key in results.records if key.startswith("published.fits.")):
        fits, label = f"published.fits.{model}", results.text(f"label.{model}") if f"label.{model}" in results.records else model
        for cohort in ("training", "validation"):
            if f"{fits}.{cohort}.events" in results.records:
                sentences.append(f"The published {cohort} accuracy, sensitivity and specificity of {label} fit only {results.text(f'{fits}.{cohort}.events')} patients with and "
                                 f"{results.text(f'{fits}.{cohort}.non_events')} without the event.")
            elif f"{fits}.{cohort}" in results.records:
                count = results.records[f"{fits}.{cohort}"].value
                sentences.append(f"The published {cohort} values of {label} fit {'no' if count == 0 else count} table of {results.records[f'{fits}.{cohort}'].n} patients.")
        if f"{fits}.events" in results.records and "published.events" in results.records:
            together, printed = ([results.records[f"{where}.{name}"].value for name in ("events", "non_events")] for where in (fits, "published"))
            verdict = "as the paper states" if together == printed else f"where the paper states {printed[0]} and {printed[1]}"
            sentences.append(f"Together these are {together[0]} and {together[1]}, {verdict}.")
    return " ".join(sentences)


def calibrated(results: Results, model: str) -> str:
    """Observed to expected events and slope of a model in validation; whether its curve may be read is decided by the events."""
    parts = [f"{name} {results.text(key, 'ci')}" for name, key in (("O:E", f"observed_expected.{model}.validation"), ("calibration slope", f"calibration_slope.{model}.validation"))
             if results.records.get(key) is not None and results.records[key].value is not None]
    if not parts:
        return ""
    stable = results.is_true(f"calibration_curve_stable.{model}.validation")
    least = results.text("calibration_curve_stable.least")
    warning = "" if stable else f" With fewer than {least} events or {least} patients without the event, the flexible curve is unstable and is no evidence; O:E and slope with their intervals carry the statement."
    return f"In validation {results.text(f'label.{model}')} had {listed(parts)}.{warning}"


def added(results: Results) -> str:
    """Where the gain over each comparator lies, on how many patients, and which comparators take no part, with the reason."""
    names = results.names("added_value.scores")
    model, level = results.text(f"label.{results.text('contrasts.model')}"), results.text("settings.confidence_level", "level")
    parts = []
    if names:
        above = [results.text(f"label.{name}") for name in names if (results.record(f"added_value.{name}").ci_low or 0) > 0]
        below = [results.text(f"label.{name}") for name in names if (results.record(f"added_value.{name}").ci_high or 0) < 0]
        parts.append(f"On the {results.text('added_value.common.n')} of {results.text('added_value.common.of')} validation patients whom all of them grade, adding {model} to a comparator gave a gain in AUC whose {level} interval lay above zero for "
                     f"{listed(above) if above else 'none'}" + (f", and below zero for {listed(below)}" if below else "") + f"; for the other {len(names) - len(above) - len(below)} it included zero.")
    lost = {key.removeprefix("added_value.lost."): int(record.value) for key, record in results.records.items() if key.startswith("added_value.lost.") and record.value}
    if lost:
        fewest = max(lost, key=lost.get)
        parts.append(f"The one that grades the fewest, {results.text(f'label.{fewest}')}, leaves out {lost[fewest]}.")
    parts += [f"{results.text('label.' + key.removeprefix('added_value.left_out.'))} takes no part: {record.value}." for key, record in results.records.items() if key.startswith("added_value.left_out.")]
    return " ".join(parts)


def unconfirmed(results: Results) -> str:
    """Names the scores whose definition nobody has read in its source; empty where there are none."""
    table = results.frame("tables/scores")
    names = [row.label for row in table.itertuples() if row.status == "unconfirmed"]
    return f"The definition of {listed(names)} was recalled and not confirmed in its source; the study file asks for it by name." if names else ""
