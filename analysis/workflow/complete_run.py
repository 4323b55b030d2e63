"""Last step of a run, whether its numbers were computed or put back.

It tells where they came from, what has happened, what moved.
"""

from __future__ import annotations

import json

from analysis.cohort.cohort import Cohort
from analysis.core.cache import write_atomically
from analysis.reporting.checklists.author_texts import answers_basis
from analysis.reporting.checklists.records import add_checklists
from analysis.results import keys
from analysis.results.curves import write_curves
from analysis.results.record import Records, read_records, write_records
from analysis.study import Study
from analysis.workflow.cohort_update.changes_since_lock import write_update
from analysis.workflow.cohort_update.keyed_digests import Keyring
from analysis.workflow.cohort_update.ledger import ledger_records, update_ledger
from analysis.workflow.cohort_update.patient_digests import Fields, patient_states, write_states
from analysis.workflow.cohort_update.stored_predictions import read_predictions
from analysis.workflow.provenance import provenance

# Records of this run and this machine; all others depend on the study's content alone.
OF_THIS_RUN = {
    name
    for name, each in keys.DECLARED.items()
    if each.needs in ("history", "answers of people")
    or each in (keys.provenance_commit, keys.provenance_study_digest)
}


def finish(study: Study, cohort: Cohort, contents: dict[str, Fields], keyring: Keyring) -> None:
    """Write the files and records that complete a run.

    These are provenance.json, patients.json, the records of provenance, ledger and checklists, and
    what moved since the lock.
    """
    folder = study.output_folder
    origin = provenance(study, cohort) | {"checklists": answers_basis(study)}
    write_atomically(
        folder / "provenance.json", json.dumps(origin, indent=1, sort_keys=True) + "\n"
    )
    write_states(folder / "patients.json", patient_states(cohort, contents, keyring))
    keyring.remember(cohort.patients)
    ledger = update_ledger(study, cohort, read_predictions(folder / "predictions.csv"), keyring)
    records = {
        key: record
        for key, record in read_records(folder / "results.json").items()
        if record.quantity not in OF_THIS_RUN
    }
    whole = Records(records | {record.key: record for record in ledger_records(study, ledger)})
    whole.add(keys.provenance_commit(), origin["commit"], source=provenance)
    whole.add(keys.provenance_study_digest(), origin["study"][:12], source=provenance)
    # Last, as they ask which of all the others are there.
    write_curves(folder, {"tables/checklists": add_checklists(whole, study)})
    write_records(folder / "results.json", whole)
    write_update(study, cohort, keyring)
