"""What changed since the lock, laid out; update.json has it computed."""

from __future__ import annotations

import json
from typing import Any

from IPython.display import Markdown

from analysis.core.word_lists import counted
from analysis.reporting.claims.compare import CHANGES, claims_since_lock
from analysis.reporting.intervals import interval_text
from analysis.reporting.manuscript import Results, format_number
from analysis.reporting.number_style import DASH, p_statement
from analysis.reporting.rendering.escaping import literal, unmarked
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.reporting.variable_labels import variable_labels

# Numbers that the page lists; update.json has all.
LISTED = 40


def read_update(results: Results) -> dict[str, Any] | None:
    """update.json, or None where the study was never locked."""
    path = results.folder / "update.json"
    if not (path.is_file() and results.study.lock_file.is_file()):
        return None
    return json.loads(path.read_text(encoding="utf-8"))


def claim_changes(results: Results) -> list[dict[str, Any]]:
    """Claims that changed since the lock (see `changed_claims`); those of other verdicts first."""
    order = list(CHANGES)
    changes = claims_since_lock(results.study) or []
    return sorted(changes, key=lambda each: order.index(each["change"]))


@table
def claim_changes_markdown(changes: list[dict[str, Any]]) -> Markdown:
    """What changed, the claim as it was and as it is; a dash where there is none."""
    rows = [
        [CHANGES[each["change"]], *(_sentence(each[when]) for when in ("old", "new"))]
        for each in changes
    ]
    return pipe_table(["What", "Locked", "Now"], rows, left=3)


def _sentence(wording: str | None) -> str:
    return literal(unmarked(wording)) if wording else DASH


def _cohort(results: Results, name: str) -> str:
    return literal(results.study.cohorts.get(name, name))


@table
def update_patients_markdown(results: Results, update: dict[str, Any]) -> Markdown:
    """Patient, what happened, cohort or fields."""
    rows = [
        [literal(patient), "added", _cohort(results, cohort)]
        for patient, cohort in sorted(update["added"].items())
    ]
    rows += [
        [literal(patient), "removed", _cohort(results, cohort)]
        for patient, cohort in sorted(update["removed"].items())
    ]
    for each in sorted(update["changed"], key=lambda each: each["patient"]):
        parts = [
            literal(f"{label} {what}")
            for label, what in zip(
                variable_labels(results, each["fields"]), each["fields"].values(), strict=True
            )
        ]
        parts += (
            [f"{_cohort(results, each['cohorts'][0])} → {_cohort(results, each['cohorts'][1])}"]
            if each["cohorts"]
            else []
        )
        rows.append([literal(each["patient"]), "changed", "; ".join(parts)])
    return pipe_table(["Patient", "What", "Cohort, or values"], rows, left=3)


@table
def crossings_markdown(update: dict[str, Any]) -> Markdown:
    """Kind, number or statement, before, now."""
    return pipe_table(
        ["Kind", "Number or statement", "Locked", "Now"],
        [
            [
                each["kind"],
                # A claim's sentence is Markdown of the package, such as *P*.
                literal(unmarked(each["name"]) if each["kind"] == "claim" else each["name"]),
                literal(each["old"]),
                literal(each["new"]),
            ]
            for each in update["crossed"]
        ],
        left=4,
    )


def _with_interval(record: dict[str, Any], unit: str | None) -> str:
    text = format_number(record["value"], unit)
    if interval := interval_text(record["ci_low"], record["ci_high"], unit):
        text += f" ({interval})"
    return text + (f", {p_statement(record['p'])}" if record["p"] is not None else "")


@table
def moves_markdown(update: dict[str, Any]) -> Markdown:
    """Table of the numbers that moved, the farthest first.

    It has before, now, and the shift in half widths of the interval that the number had.
    """
    rows = [
        [
            literal(move["name"]),
            _with_interval(move["old"], move["unit"]),
            _with_interval(move["new"], move["unit"]),
            "–" if move["shift"] is None else f"{move['shift']:+.2f}".replace("-", "−"),
        ]
        for move in update["moves"][:LISTED]
    ]
    return pipe_table(["Number", "Locked", "Now", "Shift"], rows)


def _many(count: int, thing: str) -> str:
    return counted(count or "no", thing)


def figures_words(update: dict[str, Any]) -> str:
    """Whether figures changed, and why that can't be told where it can't."""
    figures = update.get("figures")
    if figures is None:
        return (
            "The figures cannot be compared: those of the lock are not on this computer, and the"
            " lock itself holds numbers and statements alone."
        )
    if not figures:
        return "No figure changed."
    return "Each figure that changed, as it was locked and as it is."


def update_words(results: Results, update: dict[str, Any]) -> str:
    """How many patients and numbers changed, in two sentences."""

    def number(value: object) -> str:
        return results.stated(value, "update.json")

    patients = (
        f"Since the lock of {number(update['old_date'])},"
        f" {number(_many(len(update['added']), 'patient'))} came,"
        f" {number(_many(len(update['removed']), 'patient'))} left and"
        f" {number(_many(len(update['changed']), 'patient'))} changed. "
    )
    largest = max(
        (abs(move["shift"]) for move in update["moves"] if move["shift"] is not None), default=None
    )
    numbers = (
        f"Of the results {number(update['same'])} are equal, {number(len(update['moves']))} moved"
        + (
            f", the farthest by {number(f'{largest:.2f}')} half widths of its interval"
            if largest is not None
            else ""
        )
    )
    numbers += (
        f", {number(len(update['appeared']))} are new and {number(len(update['gone']))} gone;"
        f" {number(len(update['crossed']))} crossed a threshold that matters."
    )
    reason = f"What moved them: {literal(update['why'])}." if update["moves"] else ""
    sections = (
        f" In the study file these sections differ: {', '.join(update['sections'])}."
        if update["sections"]
        else ""
    )
    return " ".join(filter(None, [patients + numbers + sections, number(reason)]))
