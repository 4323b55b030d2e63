"""Update of the checklists without a run.

Checklists are brought up to date where only words of the study file or of the documents changed: no
analysis is run for what somebody wrote.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from analysis.core.cache import digest, write_atomically
from analysis.reporting.checklists.author_texts import answers_basis
from analysis.results import keys
from analysis.study import Study


def refresh_checklists(study: Study, seal: Callable[[Study], None] | None) -> bool:
    """Answer the checklists again from the stored results, if anything behind them changed.

    They are answered if study file, documents or checklists are not those that they were made with.

    Rewrites tables/checklists.csv and the records `checklist.…`. seal: what writes down that the
    outputs are current, with the study file's digest in results.json and provenance.json; None
    where they are older than the study, which stays to be seen. Returns whether anything was
    written.
    """
    folder = study.output_folder
    origin = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    basis = answers_basis(study)
    now = digest(study.path) if seal is not None else origin.get("study")
    if (origin.get("study"), origin.get("checklists")) == (now, basis):
        return False
    # Imported here: a run with nothing to do must not wait for the libraries of one that has.
    from analysis.reporting.checklists.records import add_checklists
    from analysis.results.curves import write_curves
    from analysis.results.record import Records, read_records, write_records

    records = Records()
    for key, record in read_records(folder / "results.json").items():
        if record.needs != "answers of people":
            digested = seal is not None and key == keys.provenance_study_digest()
            records.put(replace(record, value=str(now)[:12]) if digested else record)
    table = add_checklists(records, study)
    write_curves(folder, {"tables/checklists": table})
    write_records(folder / "results.json", records)
    write_atomically(
        folder / "provenance.json",
        json.dumps({**origin, "study": now, "checklists": basis}, indent=1, sort_keys=True) + "\n",
    )
    if seal is not None:
        seal(study)
    return True
