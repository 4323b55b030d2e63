"""A new patient's files: where they lie, and which are not there.

Nothing here loads a library of images or models.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from analysis.core.short_lists import listed
from analysis.study import Phase, Preprocessing
from analysis.study.images import Lesions, Masks
from analysis.study.regions import Region

if TYPE_CHECKING:
    from analysis.imaging.reading import PhaseFiles
    from analysis.workflow.locked_model.cohort_table import TableRow

CLINICAL = "clinical.csv"
FEATURES = "features.csv"
COLUMNS = ("variable", "value", "unit")


def block_file(name: str) -> str:
    """File of a patient's row of a block of other people's features."""
    return f"{name}.csv"


def wanted_blocks(description: Mapping[str, Any], there: Collection[str]) -> dict[str, str]:
    """File → what must be in it, of each block that the model reads and that is not there yet."""
    return {
        block_file(name): (
            f"the model reads a row of {block['label']}, in columns named as in the study's table:"
            f" {listed(list(block['columns'].values()))}"
        )
        for name, block in description.get("blocks", {}).items()
        if name not in there
    }


@dataclass(frozen=True, eq=False)
class NewPatient:
    """Patient whom a model is applied to.

    folder: of the patient's files; None where a row of a cohort table is all that the model reads.
    centre: of the examination, for a model that harmonises centres. row: of the cohort table, in
    the place of clinical.csv (and features.csv, where it has the features).
    """

    name: str
    folder: Path | None
    centre: str | None = None
    row: TableRow | None = None


def refused(patient: NewPatient, faults: Sequence[str]) -> str:
    """Message on a patient whom the model can't be applied to. faults: a line each."""
    lines = "\n".join(f"  {fault}" for fault in faults)
    return f"{patient.folder or patient.name}: the model can't be applied:\n{lines}"


def _inside(pattern: str, folder: Path) -> Path:
    """Where a pattern of the study points for the patient of `folder`.

    What comes before the patient's name in the pattern is left out.
    """
    parts = PurePosixPath(pattern).parts
    own = next((place for place, part in enumerate(parts) if "{patient_id}" in part), 0)
    rest = [part.format(patient_id=folder.name) for part in parts[own:]]
    return (folder.parent if len(rest) > 1 else folder).joinpath(*rest)


def patient_files(description: Mapping[str, Any], folder: Path) -> PhaseFiles:
    """Patient's images and masks by phase, under the names that the study's patterns give them."""
    # Imported here: a model without images is applied without the image readers.
    from analysis.imaging.reading import PhaseFiles

    phases = {name: Phase(**values) for name, values in description["phases"].items()}
    return PhaseFiles(
        lambda _, pattern: _inside(pattern, folder),
        phases,
        Lesions(**description["lesions"]),
        masks=Masks(**description.get("masks", {})),
        regions={name: Region(**values) for name, values in description.get("regions", {}).items()},
        preprocessing={
            name: Preprocessing(**values)
            for name, values in description.get("preprocessing", {}).items()
        },
        standards={
            name: tuple(scale["intensities"])
            for name, scale in description.get("standard_scale", {}).items()
        },
    )


def _missing_images(description: Mapping[str, Any], folder: Path) -> list[str]:
    """The phases' images and masks that are not there, in words."""
    if not description["phases"]:
        return []
    files = patient_files(description, folder)
    reaching = any(region.reaches_out for region in files.regions.values())
    return [
        f"{phase.replace('_', ' ')} phase: {path} is missing"
        for phase in files.phases
        for path in (
            files.image(folder.name, phase),
            files.mask(folder.name, phase),
            files.organ(folder.name, phase) if reaching else None,
            files.reference(folder.name, phase),
        )
        if path is not None and not path.exists()
    ]


def missing_files(description: Mapping[str, Any], patient: NewPatient) -> list[str]:
    """What of a patient's files is not there; nothing is read."""
    folder, row = patient.folder, patient.row
    table = description.get("feature_table")
    wanted = {}
    if description["dictionary"] and row is None:
        wanted[CLINICAL] = (
            f"it must have the columns {', '.join(COLUMNS)}, and rows for"
            f" {', '.join(description['dictionary'])}"
        )
    if table is not None and (row is None or row.features is None):
        wanted[FEATURES] = (
            "the model reads a row of features, in columns named as in the study's table:"
            f" {', '.join(table['columns'].values())}"
        )
    wanted |= wanted_blocks(description, () if row is None else row.blocks)
    if not wanted and not description["phases"]:
        return []
    if folder is None:
        needed = [*wanted, *(["images and masks"] if description["phases"] else [])]
        return [
            f"the model reads {' and '.join(needed)} of each patient; name the patients' folders"
            " (--folders, or one by one)"
        ]
    if not folder.is_dir():
        return [f"{folder}: no such folder; name the folder of one patient"]
    return [
        *[
            f"{folder / name} is missing; {words}"
            for name, words in wanted.items()
            if not (folder / name).is_file()
        ],
        *_missing_images(description, folder),
    ]
