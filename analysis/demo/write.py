"""Write the demonstration cohort to a folder: tables, dictionary, images and masks."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import cast

import nibabel as nib
import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from tqdm import tqdm

from analysis.demo.clinical import draw_clinical, make_missing
from analysis.demo.dictionary import data_dictionary, dictionary_yaml
from analysis.demo.images import Appearance, Grid, Scanner, draw_images, redraw_mask
from analysis.demo.outcome import draw_outcome, split_cohort
from analysis.demo.truth import draw_hidden

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
    """The scanner of each centre; small grids get larger voxels so that tumours of different size
    still fit."""
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
    )
    images, mask, radius = draw_images(grid, scanner, appearance, rng)
    volumes = {**images, "mask": mask}
    if repeated:
        volumes["mask_reader1_repeat"] = redraw_mask(grid, radius, 0.04, rng)
        volumes["mask_reader2"] = redraw_mask(grid, radius, 0.07, rng)
    affine = np.diag(
        [-scanner.spacing_mm[0], -scanner.spacing_mm[1], scanner.spacing_mm[2], 1.0]
    )  # LPS axes in RAS
    folder.mkdir(parents=True)
    for name, volume in volumes.items():
        image = nib.Nifti1Image(volume, affine)
        image.header.set_xyzt_units("mm")
        nib.save(image, folder / f"{name}.nii.gz")


def _digest(parameters: dict) -> str:
    """Digest of the parameters and of the generator's own source, so that a new version replaces
    old data."""
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(_ROOM.glob("*.py")))
    text = json.dumps(parameters, sort_keys=True, default=list) + source
    return hashlib.sha256(text.encode()).hexdigest()


def _check(
    patients: int, events: int, validation: int, censored: int, repeats: int, shape: tuple[int, ...]
) -> None:
    problems = []
    if not 0 < events < patients:
        problems.append(f"events={events} must lie between 1 and patients-1={patients - 1}")
    if not 0 <= validation < patients:
        problems.append(f"validation={validation} must lie between 0 and patients-1={patients - 1}")
    if censored < 0:
        problems.append(f"censored={censored} must not be negative")
    if not 0 <= repeats <= patients - validation:
        problems.append(
            f"repeats={repeats} must lie between 0 and the {patients - validation} training"
            " patients"
        )
    if len(shape) != 3 or min(shape[:2]) < 16 or shape[2] < 6:
        problems.append(f"image_shape={tuple(shape)} must be at least (16, 16, 6)")
    if problems:
        raise ValueError("make_demo_cohort: " + "; ".join(problems))


def make_demo_cohort(
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
    jobs: int = 2,
    progress: bool = True,
) -> Path:
    """Write the synthetic cohort and return its folder.

    ``patients`` counts the labelled patients; ``events`` (96 of 165), ``validation`` (33 of 165),
    ``censored`` before the horizon and so without a label (12 beyond the 165) and ``repeats`` with
    further delineations (30 of 165, all in training) default to the same shares of ``patients``.
    ``spacing_mm`` maps the centres A and B to their voxel spacing (mm). The files depend on these
    and ``seed`` alone, not on ``jobs``. When the folder already holds this cohort nothing is
    written. Raises ValueError for impossible counts, FileExistsError when the folder holds
    something else.
    """
    folder = Path(folder)
    shape = cast(
        tuple[int, int, int], tuple(int(n) for n in image_shape)
    )  # _check refuses any other length
    shares = {"events": 96, "validation": 33, "censored": 12, "repeats": 30}
    given = {"events": events, "validation": validation, "censored": censored, "repeats": repeats}
    counts = {
        k: round(patients * shares[k] / 165) if v is None else int(v) for k, v in given.items()
    }
    _check(patients, shape=shape, **counts)
    spacing_mm = spacing_mm or {"A": (1.4, 1.4, 3.5), "B": (1.6, 1.6, 4.0)}
    digest = _digest(
        {"patients": patients, **counts, "shape": shape, "spacing": spacing_mm, "seed": seed}
    )
    if (folder / DIGEST).is_file() and (folder / DIGEST).read_text(
        encoding="utf-8"
    ).strip() == digest:
        return folder
    if folder.exists() and any(folder.iterdir()) and not (folder / DIGEST).is_file():
        raise FileExistsError(
            f"{folder} holds files that are not the demonstration cohort; give another folder"
        )

    total = patients + counts["censored"]
    cohort_seed, *patient_seeds = np.random.SeedSequence([seed, STREAM]).spawn(1 + total)
    rng = np.random.default_rng(cohort_seed)
    scanners = _scanners(spacing_mm, shape)
    hidden = draw_hidden(total, rng)
    outcome = draw_outcome(
        hidden["linear_predictor"].to_numpy(),
        events=counts["events"],
        censored=counts["censored"],
        rng=rng,
    )
    cohort = split_cohort(outcome["label"].to_numpy(), validation=counts["validation"], rng=rng)
    centre = rng.choice(["A", "B"], total, p=[0.6, 0.4])
    table = draw_clinical(hidden, centre=centre, largest_cm=_largest_cm(scanners, shape), rng=rng)
    identifiers = [f"DEMO{i + 1:03d}" for i in range(total)]
    rows = table.join(hidden[["texture", "pattern"]]).to_dict("records")
    training = np.flatnonzero((cohort == "training") & outcome["label"].notna())
    repeated = set(rng.permutation(training)[: counts["repeats"]].tolist())
    table = make_missing(table, rng).assign(patient_id=identifiers, cohort=cohort)
    table = table.join(outcome[["recurrence_free_months", "event_type"]])
    lead = ["patient_id", "centre", "cohort"]
    table = table[lead + [c for c in table if c not in lead]]
    assert set(table) == set(data_dictionary()["variables"])

    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        draft.chmod(0o755)
        tasks = (
            delayed(_write_patient)(
                draft / "images" / name,
                rows[i],
                scanners[centre[i]],
                shape,
                i in repeated,
                patient_seeds[i],
            )
            for i, name in enumerate(
                tqdm(identifiers, desc="demonstration cohort", disable=not progress)
            )
        )
        Parallel(n_jobs=jobs)(tasks)
        table.to_csv(draft / "clinical.csv", index=False)
        truth = hidden[["aggressiveness", "texture", "pattern", "linear_predictor"]].round(6)
        pd.DataFrame({"patient_id": identifiers}).join(truth).to_csv(
            draft / "truth.csv", index=False
        )
        (draft / "dictionary.yml").write_text(dictionary_yaml(), encoding="utf-8")
        (draft / "README.txt").write_text(
            _README.format(seed=seed, repeats=counts["repeats"]), encoding="utf-8"
        )
        (draft / DIGEST).write_text(digest + "\n", encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder
