"""Radiomics by the fast engine beside PyRadiomics: on one core, on two, in what memory, from the
cache, and of the demonstration cohort."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import SimpleITK as sitk
from joblib import Parallel, delayed

from analysis.demo import make_demo_cohort
from analysis.inputs.radiomics.agreement import differences, largest_relative_difference
from analysis.inputs.radiomics.engine.mask import forget
from analysis.inputs.radiomics.engine_choice import image_features, one_thread
from analysis.inputs.radiomics.extraction import extract_features
from analysis.inputs.radiomics.pyradiomics_engine import stock_features
from analysis.inputs.radiomics.table import _one, extraction_code
from analysis.study import Extraction, load_study
from benchmarks.phantoms import phantom

ISOTROPIC = Extraction()  # 1 mm, bins of 5
OWN_GRID = Extraction(resampled_spacing_mm=None, bin_count=32)
HEAD = ["radiomics, 1037 features", "ours", "other", "ratio", "target", "met", "largest difference"]
STUDY, PHASES, PATIENTS = Path(__file__).parents[1] / "study.yml", 3, 165


def _cpu(call: Callable[[], object]) -> float:
    """Seconds of one core: on a machine with other work, wall-clock time would be the other
    work's."""
    start = time.process_time()
    call()
    return time.process_time() - start


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _ours(image: sitk.Image, mask: sitk.Image, settings: Extraction) -> dict[str, float]:
    forget()  # else the second turn would have the work on the mask for nothing
    return image_features(image, mask, settings)


def _stock(image: sitk.Image, mask: sitk.Image, settings: Extraction) -> dict[str, float]:
    with one_thread():
        return stock_features(image, mask, settings)


def _script(image: sitk.Image, mask: sitk.Image, settings: Extraction) -> dict[str, float]:
    """As most papers' scripts have it: the whole image resampled, and the whole image filtered.
    Laplacians differ a little by it."""
    with one_thread():
        if settings.resampled_spacing_mm is not None:
            spacing = settings.resampled_spacing_mm
            size = [
                int((n - 1) * old / new) + 1
                for n, old, new in zip(image.GetSize(), image.GetSpacing(), spacing, strict=True)
            ]
            image, mask = (
                sitk.Resample(
                    each,
                    size,
                    sitk.Transform(),
                    how,
                    image.GetOrigin(),
                    spacing,
                    image.GetDirection(),
                    0,
                    each.GetPixelID(),
                )
                for each, how in ((image, sitk.sitkBSpline), (mask, sitk.sitkNearestNeighbor))
            )
            settings = settings.model_copy(update={"resampled_spacing_mm": None})
        return stock_features(image, mask, settings, preCrop=False)


def _row(
    name: str,
    ours: str,
    other: str,
    ratio: float | None,
    target: float | None,
    difference: float | None,
) -> list[str]:
    met = "" if target is None or ratio is None else "yes" if ratio >= target else "NO"
    return [
        name,
        ours,
        other,
        f"{ratio:.1f}×" if ratio else "",
        f"≥ {target:g}×" if target else "",
        met,
        f"{difference:.0e}" if difference is not None else "",
    ]


def _beside_stock(
    name: str,
    pair: tuple[sitk.Image, sitk.Image],
    settings: Extraction,
    target: float | None,
    repeats: int,
) -> list[str]:
    ours, theirs = _ours(*pair, settings), _stock(*pair, settings)
    if (differences(ours, theirs) > 1).any():
        raise AssertionError(f"{name}: a feature differs from PyRadiomics's")
    mine, stock = [], []
    for _ in range(repeats):
        mine.append(_cpu(lambda: _ours(*pair, settings)))
        stock.append(_cpu(lambda: _stock(*pair, settings)))
    return _row(
        name,
        f"{median(mine):.2f} s",
        f"{median(stock):.2f} s (PyRadiomics)",
        median(stock) / median(mine),
        target,
        largest_relative_difference(ours, theirs),
    )


def tumours(diameters_cm: dict[float, int], target: float | None = 3, **volume) -> list[list[str]]:
    """One row a diameter at 1 mm, with its number of turns; one on the image's own grid; one beside
    the script that doesn't crop."""
    rows = []
    for diameter, repeats in diameters_cm.items():
        pair = phantom(10 * diameter, **volume)
        rows.append(
            _beside_stock(
                f"tumour of {diameter:g} cm, 1 mm, bins of 5", pair, ISOTROPIC, target, repeats
            )
        )
        if diameter == sorted(diameters_cm)[len(diameters_cm) // 2]:
            rows.append(
                _beside_stock(
                    f"tumour of {diameter:g} cm, own grid, 32 bins", pair, OWN_GRID, target, repeats
                )
            )
            mine, script = (
                _cpu(lambda pair=pair: _ours(*pair, OWN_GRID)),
                _cpu(lambda pair=pair: _script(*pair, OWN_GRID)),
            )
            rows.append(
                _row(
                    "the same beside filters of the whole image",
                    f"{mine:.2f} s",
                    f"{script:.2f} s (PyRadiomics, preCrop off)",
                    script / mine,
                    None,
                    None,
                )
            )
    return rows


def _from_files(image: Path, mask: Path) -> float:
    """Processor seconds of extracting an image."""
    forget()
    return _cpu(lambda: extract_features(image, mask, ISOTROPIC))


def two_processes(
    diameter_cm: float = 5,
    images: int = 24,
    target: float | None = 1.8,
    shape: tuple[int, int, int] = (72, 208, 288),
) -> list[list[str]]:
    """Extracting `images` images on one process and on two, workers started before: wall-clock
    time, which needs two free cores, and what the processor's time says of these, which grows where
    processes get into each other's way.
    """
    with tempfile.TemporaryDirectory() as name:
        paths = [Path(name) / f"{what}.nii" for what in ("image", "mask")]
        for each, path in zip(phantom(10 * diameter_cm, shape), paths, strict=True):
            sitk.WriteImage(each, str(path))
        seconds, processor = [], []
        for jobs in (1, 2):
            with Parallel(n_jobs=jobs, backend="loky") as pool:
                pool(delayed(_from_files)(*paths) for _ in range(2 * jobs))
                seconds.append(
                    _seconds(
                        lambda pool=pool: processor.append(
                            sum(pool(delayed(_from_files)(*paths) for _ in range(images)))
                        )
                    )
                )
    return [
        _row(
            f"{images} images of {diameter_cm:g} cm on two processes, wall clock",
            f"{seconds[1]:.1f} s",
            f"{seconds[0]:.1f} s (one process)",
            seconds[0] / seconds[1],
            target,
            None,
        ),
        _row(
            "the same by processor time: two free cores' worth",
            f"{processor[1] / 2:.1f} s",
            f"{processor[0]:.1f} s (one process)",
            2 * processor[0] / processor[1],
            None,
            None,
        ),
    ]


def _peak_after(image: Path, mask: Path) -> float:
    """Peak of this process's memory in MiB, after one more image."""
    extract_features(image, mask, ISOTROPIC)
    # Not ru_maxrss, which a process has from the one that started it.
    return int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) / 1024


def memory_of_a_worker(
    diameters_cm: tuple[float, ...] = (5, 3, 4, 2),
    turns: int = 10,
    shape: tuple[int, int, int] = (72, 208, 288),
) -> list[list[str]]:
    """One process that extracts one patient after the other: its peak after the first of each size,
    and after the last."""
    with (
        tempfile.TemporaryDirectory() as name,
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as worker,
    ):
        paths = []
        for number, diameter in enumerate(diameters_cm):
            paths.append(tuple(Path(name) / f"{what}{number}.nii" for what in ("image", "mask")))
            for each, path in zip(
                phantom(10 * diameter, shape, seed=number), paths[-1], strict=True
            ):
                sitk.WriteImage(each, str(path))
        peaks = [
            worker.submit(_peak_after, *paths[turn % len(paths)]).result()
            for turn in range(turns * len(paths))
        ]
    return [
        [
            f"peak memory of a worker after {len(peaks)} patients",
            f"{peaks[-1]:.0f} MiB",
            f"{peaks[len(paths) - 1]:.0f} MiB (after the first {len(paths)})",
            f"{peaks[-1] / peaks[len(paths) - 1]:.2f}×",
            "",
            "",
            "",
        ]
    ]


def demonstration_cohort(sample: int = 2, **cohort) -> list[list[str]]:
    """What the whole cohort takes on one core, from all phases of `sample` patients; and the cost
    of a result that is in the cache."""
    extraction = load_study(STUDY).extraction_of("arterial")
    with tempfile.TemporaryDirectory() as name:
        folder = make_demo_cohort(
            Path(name) / "demo",
            **(
                {"patients": 12, "events": 6, "validation": 2, "censored": 0, "repeats": 0} | cohort
            ),
            jobs=1,
            progress=False,
        )
        patients = sorted((folder / "images").iterdir())[:sample]
        files = [
            (patient / f"{phase}.nii.gz", patient / "mask.nii.gz")
            for patient in patients
            for phase in ("arterial", "portal_venous", "delayed")
        ]
        pairs = [
            (
                sitk.ReadImage(str(image), sitk.sitkFloat64),
                sitk.ReadImage(str(mask), sitk.sitkUInt8),
            )
            for image, mask in files
        ]
        worst = max(
            largest_relative_difference(_ours(*pair, extraction), _stock(*pair, extraction))
            for pair in pairs
        )
        forget()
        mine = _cpu(lambda: [image_features(*pair, extraction) for pair in pairs])
        stock, script = (
            _cpu(lambda how=how: [how(*pair, extraction) for pair in pairs])
            for how in (_stock, _script)
        )
        code, cache = extraction_code(), Path(name) / "cache"
        hits = [_seconds(lambda: _one(*files[0], extraction, code, cache)) for _ in range(21)]
    minutes = [seconds / len(pairs) * PATIENTS * PHASES / 60 for seconds in (mine, stock, script)]
    title = (
        f"demonstration cohort, {PATIENTS} × {PHASES * 1037}, from {len(pairs)} of"
        f" {PATIENTS * PHASES} images"
    )
    return [
        _row(
            title,
            f"{minutes[0]:.1f} min",
            f"{minutes[1]:.1f} min (PyRadiomics)",
            stock / mine,
            None,
            worst,
        ),
        _row(
            "the same beside filters of the whole image",
            f"{minutes[0]:.1f} min",
            f"{minutes[2]:.1f} min (resampled and filtered whole)",
            script / mine,
            None,
            None,
        ),
        _row(
            "one image's features from the cache",
            f"{1000 * median(hits[1:]):.1f} ms",
            f"{1000 * hits[0]:.0f} ms (first time)",
            hits[0] / median(hits[1:]),
            None,
            None,
        ),
    ]


def rows() -> list[list[str]]:
    """All of them; two minutes on an idle core."""
    return [
        *tumours({2: 5, 5: 3, 8: 1}, target=9),
        *two_processes(),
        *memory_of_a_worker(),
        *demonstration_cohort(),
    ]


NOTE = (
    "One core each, BLAS and ITK on one thread; seconds are of the processor, medians of 5, 3 and 1"
    " turns, but for the rows of two processes, memory and the cache. Both sides checked to agree"
    " first. Largest difference: of any of the 1037 features, |a - b| / max(|a|, |b|); it is that"
    " of a median near 0. Original image alone: one grid of 1 mm for all; pictologics merges the"
    " directions of co-occurrences and runs, and Flash-Radiomics computes in 32 bits; kurtosis is"
    " compared on PyRadiomics's scale. Rings: memory is what NumPy allocated at most."
)
