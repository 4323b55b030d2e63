"""The reporting checklists as numbers and as a table."""

from __future__ import annotations

import pandas as pd

from analysis.reporting.checklists.answers import checklist_answers
from analysis.reporting.checklists.score import band_of, metrics_score
from analysis.results import keys
from analysis.results.record import Records
from analysis.study import Study
from analysis.study.checklists.items import CHECKLISTS, load_checklist

STATUSES = ("yes", "no", "open", "not applicable")


def add_checklists(records: Records, study: Study) -> pd.DataFrame:
    """`checklist.<name>.<status>.n` and the METRICS score; returns every item with its answer. To
    be called when all other records are there."""
    table = checklist_answers(study, {record.key: record for record in records.sorted()})
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
