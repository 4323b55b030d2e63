"""The cohort changes: what is kept, what is computed again, what moved, and what has happened to the validation cohort."""

from analysis.updating.difference import Difference, difference
from analysis.updating.finish import HISTORY, finish
from analysis.updating.keyring import Keyring, open_keyring
from analysis.updating.lock import Lock, LockError, read_lock, section_digests
from analysis.updating.outputs import code_of_results, content_of, keep_outputs, restore_outputs
from analysis.updating.patients import patient_contents
from analysis.updating.predictions import read_predictions
from analysis.updating.since_lock import lock_results
from analysis.updating.snapshot import read_snapshot
from analysis.updating.words import difference_json, difference_text

__all__ = ["Difference", "HISTORY", "Keyring", "Lock", "LockError", "code_of_results", "content_of", "difference", "difference_json", "difference_text", "finish", "keep_outputs",
           "lock_results", "open_keyring", "patient_contents", "read_lock", "read_predictions", "read_snapshot", "restore_outputs", "section_digests"]
