"""Valid NIfTI and DICOM files with flipped bytes: each is refused in words, or read as SimpleITK
reads it. `make fuzz` makes thousands:

python -m tests.robustness.mutants --count 10000 --seed 1
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import nibabel as nib
import numpy as np
import SimpleITK as sitk

from analysis.imaging.reading import ImageSource, MaskSource, ReadingError, read_image, read_mask
from analysis.imaging.reading.nifti import is_nifti
from analysis.inputs.checks.images import seen
from analysis.inputs.radiomics.engine_choice import image_features
from analysis.inputs.radiomics.extraction import extract_features
from analysis.study import Extraction
from tests.support.dicom_files import write_series
from tests.support.small_cohort import SHAPE, phase_values, tumour_values, volume

SETTINGS = Extraction(resampled_spacing_mm=None, log_sigma_mm=[], wavelet="haar", pad_distance=1)
KINDS = ("nifti", "gzip", "nifti mask", "both headers", "dicom")
HEADER = 352
# Features are extracted from one accepted mutant in so many: of all, voxels and geometry are
# compared, from which features follow.
EXTRACTED = 25
SEEN = {
    "refused": "refused, naming the file",
    "as SimpleITK": "read; voxels and geometry are those that SimpleITK reads",
    "same features": "read; so are all features",
    "alone": "read as the file holds it; SimpleITK leaves a slice out",
}


def write_originals(folder: Path) -> None:
    image, mask = (
        sitk.Cast(volume(phase_values("arterial", 3)), sitk.sitkInt16),
        volume(tumour_values(3)),
    )
    sitk.WriteImage(image, str(folder / "image.nii"))
    sitk.WriteImage(image, str(folder / "image.nii.gz"))
    sitk.WriteImage(volume(phase_values("arterial", 3)), str(folder / "float.nii"))
    sitk.WriteImage(mask, str(folder / "mask.nii"))
    write_series(folder / "series", sitk.GetArrayFromImage(image), (1.0, 1.0, 3.0), (0.0, 0.0, 0.0))


def flip(data: bytes, randomness: random.Random, within: int | None = None) -> bytes:
    """One to eight bytes changed; sometimes the end cut off. within: of the first so many bytes."""
    changed = bytearray(data)
    for _ in range(randomness.choice((1, 1, 2, 4, 8))):
        changed[randomness.randrange(min(within or len(changed), len(changed)))] ^= (
            randomness.randrange(1, 256)
        )
    return (
        bytes(changed[: randomness.randrange(len(changed))])
        if within is None and randomness.random() < 0.05
        else bytes(changed)
    )


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Without what libraries in C print on both streams."""
    kept = [os.dup(1), os.dup(2)]
    with open(os.devnull, "w") as nowhere:
        for stream in (1, 2):
            os.dup2(nowhere.fileno(), stream)
        try:
            yield
        finally:
            for stream, before in zip((1, 2), kept, strict=True):
                os.dup2(before, stream)
                os.close(before)


def make_mutant(folder: Path, originals: Path, seed: int) -> tuple[str, Path, Path]:
    """Kind, image and mask of mutant number `seed`, written into `folder`."""
    randomness = random.Random(seed)
    kind = KINDS[seed % len(KINDS)]
    image, mask = folder / "image.nii", folder / "mask.nii"
    plain = randomness.choice(("image.nii", "float.nii"))
    image.write_bytes((originals / plain).read_bytes())
    mask.write_bytes((originals / "mask.nii").read_bytes())
    if kind == "nifti":
        image.write_bytes(flip(image.read_bytes(), randomness, randomness.choice((HEADER, None))))
    elif kind == "gzip":
        image = folder / "image.nii.gz"
        image.write_bytes(flip((originals / "image.nii.gz").read_bytes(), randomness))
    elif kind == "nifti mask":
        mask.write_bytes(flip(mask.read_bytes(), randomness, randomness.choice((HEADER, None))))
    elif kind == "both headers":
        # The same change of both, as a tool that writes a wrong header does: here image and mask
        # still agree. Places are those of geometry.
        place, bits = (
            randomness.choice([*range(40, 56), *range(76, 124), *range(252, 328)]),
            randomness.randrange(1, 256),
        )
        for path in (image, mask):
            data = bytearray(path.read_bytes())
            data[place] ^= bits
            path.write_bytes(bytes(data))
    else:
        image = folder / "series"
        image.mkdir(exist_ok=True)
        files = sorted((originals / "series").iterdir())
        for path in files:
            (image / path.name).write_bytes(path.read_bytes())
        chosen = image / randomness.choice(files).name
        chosen.write_bytes(flip(chosen.read_bytes(), randomness, randomness.choice((1400, None))))
    return kind, image, mask


def plain_image(path: Path) -> sitk.Image:
    """As SimpleITK alone reads it."""
    if not path.is_dir():
        return sitk.ReadImage(str(path))
    reader = sitk.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(path)))
    return reader.Execute()


def stored(path: Path) -> np.ndarray:
    """The pixels of a slice, which end the file."""
    return np.frombuffer(path.read_bytes()[-2 * SHAPE[1] * SHAPE[2] :], "<i2").reshape(SHAPE[1:])


def _same(ours: sitk.Image, theirs: sitk.Image) -> bool:
    theirs = (
        theirs
        if theirs.GetDimension() == 3
        else theirs[(slice(None),) * 3 + (0,) * (theirs.GetDimension() - 3)]
    )
    return (
        ours.GetSize() == theirs.GetSize()
        and np.allclose(ours.GetSpacing(), theirs.GetSpacing(), atol=1e-4)
        and np.allclose(ours.GetOrigin(), theirs.GetOrigin(), atol=1e-3)
        and np.allclose(ours.GetDirection(), theirs.GetDirection(), atol=1e-4)
        and np.allclose(
            sitk.GetArrayFromImage(ours).astype(float),
            sitk.GetArrayFromImage(theirs).astype(float),
            equal_nan=True,
        )
    )


def judge(image: Path, mask: Path, extract: bool) -> str:
    """`refused`, `as SimpleITK` or `same features`; `alone` where SimpleITK reads less than we do.
    Raises AssertionError for anything else."""
    source = ImageSource(image)
    found = seen(source, MaskSource(mask, image=source), SETTINGS, "", mask.parent / "checks")
    if any(finding.level == "error" for finding in found.findings):
        assert all(finding.what for finding in found.findings)
        return "refused"
    ours = read_image(source)
    delineated = read_mask(MaskSource(mask, image=source), ours)
    try:
        theirs = plain_image(image)
    except RuntimeError:
        theirs = None
    if image.is_dir() and (theirs is None or theirs.GetSize()[2] < len(list(image.iterdir()))):
        # GDCM leaves a slice out that it can't read, and says nothing; then the file's own bytes
        # are what we are held against.
        assert np.array_equal(
            np.sort(sitk.GetArrayFromImage(ours), axis=None),
            np.sort(np.stack([stored(path) for path in image.iterdir()]), axis=None),
        ), "the image is not what its files hold"
        return "alone"
    if theirs is None and is_nifti(image):
        # Axes that are oblique by less than can be drawn are read; SimpleITK refuses them at any
        # size of the fault.
        assert np.array_equal(
            sitk.GetArrayFromImage(ours),
            np.asanyarray(nib.load(image).dataobj).reshape(ours.GetSize()).T,
            equal_nan=True,
        ), "the image is not what nibabel reads"
        return "alone"
    assert theirs is not None, "SimpleITK can't read what we read"
    assert _same(ours, theirs), "the image is not what SimpleITK reads"
    drawn = sitk.GetImageFromArray(
        (sitk.GetArrayFromImage(sitk.ReadImage(str(mask))) > 0)
        .astype(np.uint8)
        .reshape(sitk.GetArrayViewFromImage(delineated).shape)
    )
    drawn.CopyInformation(theirs)
    assert np.array_equal(sitk.GetArrayFromImage(drawn), sitk.GetArrayFromImage(delineated)), (
        "the mask is not what SimpleITK reads"
    )
    if extract:
        try:
            found = extract_features(image, mask, SETTINGS)
        except (ReadingError, ValueError) as error:
            assert str(error)  # noqa: PT017  (an outcome here, not what is tested)
            return "refused"
        plain = image_features(sitk.Cast(theirs, sitk.sitkFloat64), drawn, SETTINGS)
        assert found.keys() == plain.keys(), "the features are not those of SimpleITK's image"
        theirs_in_order = [plain[name] for name in found]
        assert np.allclose(list(found.values()), theirs_in_order, rtol=1e-9, equal_nan=True), (
            "the features are not those of SimpleITK's image"
        )
        return "same features"
    return "as SimpleITK"


def fuzz(count: int, first: int, progress: bool = True) -> tuple[Counter, list[tuple[int, str]]]:
    """Outcomes by (kind, outcome), and the mutants that failed with what they did."""
    from tqdm import tqdm

    outcomes: Counter = Counter()
    failures: list[tuple[int, str]] = []
    with tempfile.TemporaryDirectory(prefix="mutants") as room:
        originals = Path(room) / "originals"
        originals.mkdir()
        write_originals(originals)
        accepted = 0
        for seed in tqdm(
            range(first, first + count),
            desc="mutants",
            disable=not progress,
            mininterval=1.0,
            file=sys.stderr,
        ):
            with tempfile.TemporaryDirectory(dir=room) as place:
                kind, image, mask = make_mutant(Path(place), originals, seed)
                try:
                    with quiet():
                        outcome = judge(image, mask, accepted % EXTRACTED == 0)
                except Exception as error:
                    failures.append((seed, f"{kind}: {type(error).__name__}: {error}"))
                    outcome = "failed"
                accepted += outcome != "refused"
                outcomes[kind, outcome] += 1
    return outcomes, failures


def fuzz_in_parallel(
    count: int, first: int, jobs: int, at_once: int = 100
) -> tuple[Counter, list[tuple[int, str]]]:
    """`fuzz`, in processes of their own: `quiet` is the whole process's."""
    from analysis.core.progress import in_parallel

    parts = [
        (at_once if start + at_once <= count else count - start, first + start, False)
        for start in range(0, count, at_once)
    ]
    outcomes: Counter = Counter()
    failures: list[tuple[int, str]] = []
    for found, failed in in_parallel(fuzz, parts, "mutants, a hundred at a time", jobs):
        outcomes += found
        failures += failed
    return outcomes, failures


def main() -> int:
    from tests.support.record import tried

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    outcomes, failures = fuzz_in_parallel(options.count, options.seed, options.jobs)
    for (kind, outcome), count in sorted(outcomes.items()):
        print(f"{kind:<14}{outcome:<16}{count:>7,}")
        if outcome != "failed":
            tried("Mutants of image files (make fuzz)", f"{kind}, {outcome}", SEEN[outcome], count)
    for seed, what in failures[:20]:
        print(f"mutant {seed}: {what[:500]}")
    print(f"{options.count:,} mutants from {options.seed} on, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
