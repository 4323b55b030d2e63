"""Write the demonstration cohort to a folder: tables, dictionary, images and masks."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import cast

import nibabel as nib
import numpy as np
import pandas as pd
from joblib import delayed

from analysis.core.processes import local_processes
from analysis.core.progress_bar import progress_bar
from analysis.core.word_lists import counted
from analysis.demo.clinical import draw_clinical, make_missing
from analysis.demo.dictionary import data_dictionary, dictionary_yaml
from analysis.demo.images import Appearance, Grid, Scanner, draw_images, redraw_mask
from analysis.demo.outcome import draw_outcome, split_cohort
from analysis.demo.truth import TRUTH, Truth, draw_hidden

DIGEST = "demo.digest"
# Second entropy word of every draw: one of the most typical of 59 candidates, judged by the hidden
# variables alone (no model was fitted). With the default seed the AUCs of the hidden variables, AST
# and diameter lie close to the mean over candidates in training; in validation the two image
# signals lie .04 and .09 below it.
STREAM = 45
_ROOM = Path(__file__).parent
_README = """\
SYNTHETIC data: no patient. Every image, mask and value in this folder was drawn by a random \
generator
(analysis/demo, seed {seed}). The outcome depends on a hidden aggressiveness, AST and tumour \
diameter;
analysis/demo/truth.py gives the coefficients and truth.csv the hidden values (for tests only; \
no model may read it).
mask.nii.gz delineates the largest tumour (reader 1); mask_reader1_repeat.nii.gz and \
mask_reader2.nii.gz exist for
{repeats} patients. Columns and units: dictionary.yml. An empty cell is a missing value.
"""


def _scanners(
    spacing_mm: dict[str, tuple[float, float, float]], shape: tuple[int, int, int]
) -> dict[str, Scanner]:
    """Scanner of each centre; small grids get larger voxels so that tumours of all sizes fit."""
    wider = np.clip(np.array([56, 56, 20]) / np.array(shape), 1.0, 1.5)
    widened = {
        c: cast(
            tuple[float, float, float],
            tuple(float(round(s * w, 3)) for s, w in zip(mm, wider, strict=True)),
        )
        for c, mm in spacing_mm.items()
    }
    return {
        "A": Scanner(widened["A"], noise=5.0, scale=1.0, bias=0.03),
        "B": Scanner(widened["B"], noise=7.0, scale=2.6, bias=0.05),
    }


def _largest_cm(scanners: dict[str, Scanner], shape: tuple[int, int, int]) -> float:
    """Largest diameter (cm) that fits into every field of view with a margin of liver around it."""
    views = [
        n * s
        for scanner in scanners.values()
        for n, s in zip(shape, scanner.spacing_mm, strict=True)
    ]
    return min(7.0, round(0.082 * min(views), 1))


def _write_patient(
    folder: Path,
    row: dict,
    scanner: Scanner,
    shape: tuple[int, int, int],
    repeated: bool,
    seed: np.random.SeedSequence,
) -> None:
    rng = np.random.default_rng(seed)
    grid = Grid(shape, scanner.spacing_mm)
    appearance = Appearance(
        diameter_cm=row["tumour_diameter"],
        texture=row["texture"],
        pattern=row["pattern"],
        capsule=row["capsule"],
        margin=row["margin"],
        washout=row["washout"],
        satellites=min(3, row["tumour_number"] - 1) + row["satellite"],
        surround=row.get("surround"),
    )
    images, mask, radius = draw_images(grid, scanner, appearance, rng)
    volumes = {**images, "mask": mask}
    if repeated:
        volumes["mask_reader1_repeat"] = redraw_mask(grid, radius, 0.04, rng)
        volumes["mask_reader2"] = redraw_mask(grid, radius, 0.07, rng)
    x, y, z = scanner.spacing_mm
    affine = np.diag([-x, -y, z, 1.0])  # LPS axes in RAS
    folder.mkdir(parents=True)
    for name, volume in volumes.items():
        image = nib.Nifti1Image(volume, affine)
        image.header.set_xyzt_units("mm")
        nib.save(image, folder / f"{name}.nii.gz")


def _digest(parameters: dict) -> str:
    """Digest of the parameters and of the generator's own source.

    By it a new version replaces old data.
    """
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(_ROOM.glob("*.py")))
    text = json.dumps(parameters, sort_keys=True, default=list) + source
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class _Counts:
    """Numbers of patients of the synthetic cohort.

    patients: labelled ones, of whom `events` have the event, `validation` are in the validation
    cohort and `repeats` of the others have further delineations. censored: beyond them, without a
    label.
    """

    patients: int
    events: int
    validation: int
    censored: int
    repeats: int

    @property
    def total(self) -> int:
        return self.patients + self.censored


# Of 165 patients; of other numbers the same shares.
_SHARES = {"events": 96, "validation": 33, "censored": 12, "repeats": 30}


def _counts(patients: int, given: dict[str, int | None]) -> _Counts:
    """The counts that are given, and of those that are not (None) their share of the patients."""
    counts = {
        name: round(patients * _SHARES[name] / 165) if count is None else int(count)
        for name, count in given.items()
    }
    return _Counts(patients, **counts)


def _check(counts: _Counts, shape: tuple[int, ...]) -> None:
    patients, events, validation = counts.patients, counts.events, counts.validation
    training = patients - validation
    problems = []
    if not 0 < events < patients:
        problems.append(f"events={events} must lie between 1 and patients-1={patients - 1}")
    if not 0 <= validation < patients:
        problems.append(f"validation={validation} must lie between 0 and patients-1={patients - 1}")
    if counts.censored < 0:
        problems.append(f"censored={counts.censored} must not be negative")
    if not 0 <= counts.repeats <= training:
        problems.append(
            f"repeats={counts.repeats} must lie between 0 and the"
            f" {counted(training, 'training patient')}"
        )
    if len(shape) != 3 or min(shape[:2]) < 16 or shape[2] < 6:
        problems.append(f"image_shape={tuple(shape)} must be at least (16, 16, 6)")
    if problems:
        raise ValueError("make_demo_cohort: " + "; ".join(problems))


@dataclass(frozen=True)
class _Drawn:
    """Cohort as it was drawn.

    table: clinical.csv; truth: truth.csv; rows: what the images of each patient show; centre: of
    each; repeated: places of those with further delineations.
    """

    table: pd.DataFrame
    truth: pd.DataFrame
    rows: list[dict]
    centre: np.ndarray
    repeated: set[int]

    @property
    def identifiers(self) -> list[str]:
        return list(self.table["patient_id"])


def _draw(
    counts: _Counts,
    scanners: dict[str, Scanner],
    shape: tuple[int, int, int],
    rng: np.random.Generator,
    truth: Truth,
) -> _Drawn:
    hidden = draw_hidden(counts.total, rng, truth)
    seen = ["texture", "pattern", *(["surround"] if truth.surround else [])]
    outcome = draw_outcome(
        hidden["linear_predictor"].to_numpy(),
        events=counts.events,
        censored=counts.censored,
        rng=rng,
    )
    cohort = split_cohort(outcome["label"].to_numpy(), validation=counts.validation, rng=rng)
    centre = rng.choice(["A", "B"], counts.total, p=[0.6, 0.4])
    clinical = draw_clinical(
        hidden, centre=centre, largest_cm=_largest_cm(scanners, shape), rng=rng
    )
    rows = clinical.join(hidden[seen]).to_dict("records")
    training = np.flatnonzero((cohort == "training") & outcome["label"].notna())
    repeated = set(rng.permutation(training)[: counts.repeats].tolist())
    identifiers = [f"DEMO{i + 1:03d}" for i in range(counts.total)]
    table = make_missing(clinical, rng).assign(patient_id=identifiers, cohort=cohort)
    table = table.join(outcome[["recurrence_free_months", "event_type"]])
    lead = ["patient_id", "centre", "cohort"]
    table = table[lead + [c for c in table if c not in lead]]
    assert set(table) == set(data_dictionary()["variables"])
    values = hidden[["aggressiveness", *seen, "linear_predictor"]].round(6)
    values = pd.DataFrame({"patient_id": identifiers}).join(values)
    return _Drawn(table, values, rows=rows, centre=centre, repeated=repeated)


def _holds(folder: Path, digest: str) -> bool:
    """Whether the folder holds this very cohort.

    Raises FileExistsError where it holds something else than a demonstration cohort.
    """
    written = folder / DIGEST
    if written.is_file():
        return written.read_text(encoding="utf-8").strip() == digest
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(
            f"{folder} holds files that are not the demonstration cohort; give another folder"
        )
    return False


def make_demo_cohort(  # noqa: PLR0913 - settings, each by its name
    folder: Path,
    *,
    patients: int = 165,
    events: int | None = None,
    validation: int | None = None,
    censored: int | None = None,
    repeats: int | None = None,
    image_shape: tuple[int, int, int] = (56, 56, 20),
    spacing_mm: dict[str, tuple[float, float, float]] | None = None,
    seed: int = 20240,
    surround: float = 0.0,
    jobs: int = 2,
    progress: bool = True,
) -> Path:
    """Write the synthetic cohort and return its folder.

    ``patients`` counts the labelled patients; ``events`` (96 of 165), ``validation`` (33 of 165),
    ``censored`` before the horizon and so without a label (12 beyond the 165) and ``repeats`` with
    further delineations (30 of 165, all in training) default to the same shares of ``patients``.
    ``surround`` is the effect of a signal outside of the tumour on the outcome
    (`analysis.demo.truth.Truth`).
    ``spacing_mm`` maps the centres A and B to their voxel spacing (mm). The files depend on these
    and ``seed`` alone, not on ``jobs``. When the folder already holds this cohort nothing is
    written. Raises ValueError for impossible counts, FileExistsError when the folder holds
    something else.
    """
    folder = Path(folder)
    # _check refuses any other length.
    shape = cast(tuple[int, int, int], tuple(int(n) for n in image_shape))
    counts = _counts(
        patients,
        {"events": events, "validation": validation, "censored": censored, "repeats": repeats},
    )
    _check(counts, shape)
    spacing_mm = spacing_mm or {"A": (1.4, 1.4, 3.5), "B": (1.6, 1.6, 4.0)}
    parameters = {**asdict(counts), "shape": shape, "spacing": spacing_mm, "seed": seed}
    digest = _digest(parameters | ({"surround": surround} if surround else {}))
    if _holds(folder, digest):
        return folder

    cohort_seed, *patient_seeds = np.random.SeedSequence([seed, STREAM]).spawn(1 + counts.total)
    scanners = _scanners(spacing_mm, shape)
    rng, truth = np.random.default_rng(cohort_seed), replace(TRUTH, surround=surround)
    drawn = _draw(counts, scanners, shape, rng=rng, truth=truth)

    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        draft.chmod(0o755)
        tasks = (
            delayed(_write_patient)(
                draft / "images" / name,
                drawn.rows[i],
                scanners[drawn.centre[i]],
                shape,
                repeated=i in drawn.repeated,
                seed=patient_seeds[i],
            )
            for i, name in enumerate(
                progress_bar(drawn.identifiers, desc="demonstration cohort", shown=progress)
            )
        )
        local_processes(jobs)(tasks)
        drawn.table.to_csv(draft / "clinical.csv", index=False)
        drawn.truth.to_csv(draft / "truth.csv", index=False)
        readme = _README.format(seed=seed, repeats=counts.repeats)
        (draft / "dictionary.yml").write_text(dictionary_yaml(), encoding="utf-8")
        (draft / "README.txt").write_text(readme, encoding="utf-8")
        (draft / DIGEST).write_text(digest + "\n", encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder
