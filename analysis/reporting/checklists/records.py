"""The reporting checklists as numbers and as a table, ticked by what the study's documents show."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.reporting.checklists.answers import checklist_answers
from analysis.reporting.checklists.author_texts import author_documents
from analysis.reporting.checklists.documents import read_documents
from analysis.reporting.checklists.score import band_of, metrics_score
from analysis.reporting.manuscript import Results, with_added_cohorts
from analysis.reporting.manuscript_folder.templates import for_kind, kind_of
from analysis.results import keys
from analysis.results.record import Record, Records
from analysis.study import Study
from analysis.study.checklists.items import CHECKLISTS, load_checklist

STATUSES = ("yes", "no", "open", "not applicable")


def shown_answers(study: Study, records: Mapping[str, Record]) -> pd.DataFrame:
    """Every item with its answer; ticked where the study's documents show it."""
    whole = with_added_cohorts(study, dict(records))
    results = Results(dict(records), whole, study.output_folder)
    texts = {name: for_kind(text, kind_of(study)) for name, text in author_documents(study).items()}
    return checklist_answers(study, records, read_documents(results, texts))


def add_checklists(records: Records, study: Study) -> pd.DataFrame:
    """`checklist.<name>.<status>.n` and the METRICS score; returns every item with its answer.

    To be called when all other records are there, and curves, tables and figures are written.
    """
    table = shown_answers(study, {record.key: record for record in records.sorted()})
    for name in CHECKLISTS:
        rows = table[table["checklist"] == load_checklist(name).name]
        for status in STATUSES:
            records.add(
                keys.checklist_n(name, status.replace(" ", "_")),
                int((rows["status"] == status).sum()),
                n=len(rows),
                unit="items",
                source=checklist_answers,
            )
    metrics = table[table["checklist"] == load_checklist("metrics").name]
    score = metrics_score(metrics)
    if score is not None:
        method = (
            "weights of items answered yes over weights of items that apply; open items count as"
            " not met"
        )
        records.add(
            keys.checklist_metrics_score(),
            score.value / 100,
            n=len(metrics),
            unit="proportion",
            method=method,
            source=metrics_score,
        )
        records.add(
            keys.checklist_metrics_score_at_most(),
            score.at_most / 100,
            n=len(metrics),
            unit="proportion",
            method="the score if every open item were answered yes",
            source=metrics_score,
        )
        records.add(keys.checklist_metrics_band(), score.band, source=band_of)
    return table
