"""Locked model applied to new patients, one by one or a whole cohort.

What is missing is said before a library of models or images is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.workflow.locked_model.own_code import refuse_code
from analysis.workflow.locked_model.patient_files import NewPatient, missing_files, refused
from analysis.workflow.locked_model.prediction import Prediction, Refusal
from models.locked import LockedModelError, read_folder

if TYPE_CHECKING:
    from analysis.workflow.locked_model.cohort_table import TableRow


def model_for(model_folder: Path, run_own_code: bool = False) -> dict[str, Any]:
    """Description of a locked model whose files are as they were written.

    Raises LockedModelError where they are not, or where its code may not run.
    """
    description, _ = read_folder(model_folder)
    if not run_own_code:
        refuse_code(description, model_folder)
    return description


def patients_of(
    folders: Sequence[Path],
    rows: Mapping[str, TableRow] | None = None,
    centre: str | None = None,
) -> list[NewPatient]:
    """Patients from their folders, from the rows of a cohort table, or from both, by name.

    Without folders it is everybody of the table. Raises LockedModelError for a folder of nobody in
    the table.
    """
    if rows is None:
        return [NewPatient(each.name, each, centre) for each in map(Path.resolve, folders)]
    named = {each.name: each for each in map(Path.resolve, folders)}
    if unknown := sorted(set(named) - set(rows)):
        raise LockedModelError(
            f"the cohort table has no row of {', '.join(unknown[:5])}; a folder is named as its"
            " patient in the table"
        )
    chosen = named or dict.fromkeys(rows)
    return [
        NewPatient(name, folder, rows[name].centre or centre, rows[name])
        for name, folder in chosen.items()
    ]


def score_patients(
    model_folder: Path, description: Mapping[str, Any], patients: Sequence[NewPatient], jobs: int
) -> list[Prediction | Refusal]:
    """Predictions of patients in order, with a progress bar; a refusal where there can be none.

    Raises LockedModelError where files are missing, with all of them, before any is read.
    """
    absent = {patient: missing_files(description, patient) for patient in patients}
    if any(absent.values()):
        # The batch is refused: minutes of reading the others would be lost.
        raise LockedModelError(
            "\n".join(refused(patient, faults) for patient, faults in absent.items() if faults)
        )
    # Imported here: what is missing is said without the libraries of models and images.
    from analysis.core.progress import in_parallel
    from analysis.workflow.locked_model.new_centres import learns_centres, patients_of_new_centres
    from analysis.workflow.locked_model.score_patient import score_patient

    identity = description["identity"]
    newcomers = (
        patients_of_new_centres(model_folder, identity, patients, jobs)
        if learns_centres(description)
        else {}
    )
    return in_parallel(
        score_patient,
        [
            (model_folder, identity, patient, newcomers.get(str(patient.centre)))
            for patient in patients
        ],
        "patients",
        jobs,
        names=[patient.name for patient in patients],
    )


def predict_patients(
    model_folder: Path,
    patients: Sequence[Path],
    centre: str | None = None,
    jobs: int = 1,
    run_own_code: bool = False,
) -> list[Prediction]:
    """Predictions of patients' folders, in order.

    run_own_code: whether code of the study's own features, which lies in the model's folder, may
    run on this machine.

    Raises LockedModelError with the faults of all patients at once; where files are missing, of
    those patients alone, before an image is read. Also where the model needs code that may not run.
    """
    description = model_for(model_folder, run_own_code)
    found = score_patients(model_folder, description, patients_of(patients, None, centre), jobs)
    if faults := [each.faults for each in found if isinstance(each, Refusal)]:
        raise LockedModelError("\n".join(faults))
    return [each for each in found if isinstance(each, Prediction)]
