"""Sections of the page on a cohort that changed."""

from __future__ import annotations

import os
from pathlib import Path

from analysis.reporting.rendering.project_figures import inside_project
from analysis.reporting.sections.context import Context, paragraphs
from analysis.reporting.sections.registry import section
from analysis.reporting.sentences import evaluated_times, evaluation_history
from analysis.reporting.tables.cohort_update import (
    claim_changes,
    claim_changes_markdown,
    crossings_markdown,
    figures_words,
    moves_markdown,
    read_update,
    update_patients_markdown,
    update_words,
)


def _picture(c: Context, path: Path, words: str) -> str:
    project = c.r.project or Path.cwd()
    place = os.path.relpath(inside_project(path, project), project / "report")
    return f'![]({Path(place).as_posix()}){{fig-alt="{words}"}}'


@section("update-words", "how much changed since the lock", decided=True)
def _update_words(c: Context) -> str:
    update = read_update(c.r)
    if update is None:
        return (
            "The results were never locked, so there is nothing to compare them with."
            " `early-recurrence lock` records them."
        )
    return update_words(c.r, update)


@section("update-patients", "patients who came, left or changed", decided=True)
def update_patients(c: Context) -> str:
    """A table and a sentence."""
    update = read_update(c.r)
    if update is None or not (update["added"] or update["removed"] or update["changed"]):
        return "Nothing changed."
    return paragraphs(
        c.table(
            "tbl-patients",
            lambda: update_patients_markdown(c.r, update),
            "Patients who came, left or changed.",
        ),
        "@tbl-patients names them. Nobody who was there changes cohort when others come or go.",
    )


@section("update-thresholds", "thresholds that were crossed", decided=True)
def update_thresholds(c: Context) -> str:
    """A table and a sentence."""
    update = read_update(c.r)
    if update is None or not update["crossed"]:
        return "None was crossed."
    return paragraphs(
        c.table(
            "tbl-crossed",
            lambda: crossings_markdown(update),
            "Thresholds that matter and were crossed: significance, intervals that gained or lost"
            " the value of no effect, the order of models, cut-offs, what was chosen, verdicts,"
            " claims of the text.",
        ),
        "@tbl-crossed lists what the numbers say otherwise now.",
    )


@section("update-numbers", "numbers that moved", decided=True)
def update_numbers(c: Context) -> str:
    """A figure, a table and a sentence."""
    update = read_update(c.r)
    if update is None or not update["moves"]:
        return "None moved."
    drawn = c.r.folder / "update" / "moves.png"
    figure = ""
    if drawn.is_file():
        picture = _picture(c, drawn, "How far numbers went, those of validation first.")
        figure = (
            f"::: {{#fig-moves}}\n\n{picture}\n\nHow far the numbers went that have an interval,"
            " the farthest first.\n\n:::"
        )
    return paragraphs(
        figure,
        c.table(
            "tbl-moves",
            lambda: moves_markdown(update),
            "Numbers that moved, with their intervals: those of the validation cohort first, the"
            " apparent ones last, and among each the farthest first. Shift: in half widths of"
            " the interval that the number had.",
        ),
        "@tbl-moves has the most important; `update.json` has all.",
    )


@section("update-claims", "claims that changed", decided=True)
def update_claims(c: Context) -> str:
    """A table of what each claim was and is; a sentence where none changed."""
    changes = claim_changes(c.r)
    if not changes:
        return "No claim changed since the results were locked."
    return c.table(
        "tbl-claims-changed",
        lambda: claim_changes_markdown(changes),
        "Claims that changed since the results were locked.",
    )


@section("update-figures", "figures that changed", decided=True)
def update_figures(c: Context) -> str:
    """A sentence, and a picture for each."""
    update = read_update(c.r)
    folder = c.r.folder / "update" / "figures"
    return paragraphs(
        figures_words(update) if update is not None else "",
        *(
            _picture(c, path, f"{path.stem.replace('_', ' ')}, locked and now, side by side.")
            for path in (sorted(folder.glob("*.png")) if update is not None else ())
        ),
    )


@section("update-validation", "how often the validation cohort was looked at", decided=True)
def update_validation(c: Context) -> str:
    """A paragraph."""
    return evaluation_history(c.r)


@section("update", "everything that changed since the lock, by its parts", decided=True)
def update_page(c: Context) -> str:
    """Parts with their headings; empty where the study was never locked."""
    if read_update(c.r) is None:
        return ""
    return paragraphs(
        "# Claims",
        update_claims(c),
        "# Patients",
        update_patients(c),
        "# Thresholds",
        update_thresholds(c),
        "# Numbers",
        update_numbers(c),
        "# Figures",
        update_figures(c),
        "# The validation cohort",
        update_validation(c),
    )


@section("evaluated-times", "how often the validation cohort was evaluated", decided=True)
def _evaluated_times(c: Context) -> str:
    return str(evaluated_times(c.r))
