"""How the work grows: validation, features, cache and statistics from 100 to 1,000 patients; 20
models × 100,000 predictions; and a whole study of 1,000 patients × 20 models.

`python -m benchmarks.load`, part of `make prove`; not of `make bench`, as it takes minutes. Each
size is a process of its own, so that its peak of memory is its own; cohorts are synthetic, of tiny
images, and nothing is left behind.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

SIZES = (100, 300, 1000)
MODELS, PREDICTIONS, MOST_SECONDS = 20, 100_000, 60.0
FEATURES = 400  # of the whole study
# Ten times the patients may take this many times as long for each of them, and this much more
# memory in all.
MOST_GROWTH, MOST_MEMORY = 1.5, 150.0

ABOUT = {
    "name": "load",
    "title": "Load",
    "disease": "liver tumours",
    "event": "recurrence",
    "synthetic": True,
}


# Of a study of a table with follow-up.
FOLLOWED = {
    "cohort": {"folder": "data", "table": "clinical.csv", "dictionary": "dictionary.yml"},
    "endpoint": {
        "time": "recurrence_free_months",
        "event_type": "event_type",
        "horizon_months": 24,
    },
    "split": {"column": "cohort"},
}


def _write(path: Path, content: dict) -> Path:
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(content, file)
    return path


def _cohort(folder: Path, patients: int, censored: int) -> None:
    """A cohort of tiny images, half of its patients with the event."""
    from analysis.demo import make_demo_cohort

    make_demo_cohort(
        folder / "data",
        patients=patients,
        events=patients // 2,
        validation=patients // 5,
        censored=censored,
        repeats=0,
        image_shape=(16, 16, 6),
        seed=5,
        jobs=1,
        progress=False,
    )
    (folder / "data" / "demo.digest").unlink(missing_ok=True)


def image_study(folder: Path, patients: int) -> Path:
    """A study of tiny images in one phase: clinical model, radiomics by one classifier."""
    _cohort(folder, patients, censored=0)
    return _write(
        folder / "study.yml",
        {
            "study": ABOUT,
            **FOLLOWED,
            "phases": {
                "arterial": {
                    "image": "images/{patient_id}/arterial.nii.gz",
                    "mask": "images/{patient_id}/mask.nii.gz",
                }
            },
            "radiomics": {
                "extraction": {"log_sigma_mm": [], "normalise": True, "bin_count": 16},
                "classifiers": ["logistic"],
                "tuning_folds": 2,
                "univariable_features": 20,
                "selected_features": 3,
            },
            "clinical": {"candidates": ["ast", "tumour_diameter"]},
            "validation": {"outer_folds": 2, "inner_folds": 2},
            "controls": {"permutations": 0, "shuffled_voxels": False},
            "statistics": {"bootstrap_resamples": 200, "optimism_resamples": 10},
            "robustness": {"instability_resamples": 0, "gallery": 0},
            "seed": 1,
            "jobs": 1,
            "output": "outputs",
        },
    )


def prediction_study(folder: Path, models: int, patients: int) -> Path:
    """A study of given predictions: probabilities of `models` models of `patients` validation
    patients."""
    random = np.random.default_rng(1)
    label = random.integers(0, 2, patients)
    table = pd.DataFrame(
        {"patient_id": [f"P{number:06d}" for number in range(patients)], "event": label}
    )
    for number in range(models):
        table[f"m{number}"] = 1 / (
            1 + np.exp(-(label * (0.3 + 0.1 * number) - 0.5 + random.normal(size=patients)))
        )
    (folder / "data").mkdir(parents=True)
    table.to_csv(folder / "data" / "predictions.csv", index=False)
    return _write(
        folder / "study.yml",
        {
            "study": ABOUT,
            "cohort": {"folder": "data", "table": "predictions.csv"},
            "endpoint": {"label": "event"},
            "predictions": {
                "file": "predictions.csv",
                "models": {
                    f"m{number}": {"column": f"m{number}", "kind": "probability"}
                    for number in range(models)
                },
            },
            "statistics": {"bootstrap_resamples": 1000},
            "robustness": {"gallery": 0},
            "seed": 1,
            "jobs": 1,
            "output": "outputs",
        },
    )


def whole_study(folder: Path, patients: int) -> Path:
    """A study of a clinical table with follow-up and a table of features, with 20 models: five
    classifiers, clinical model, the best classifier, their fusion, and twelve scores."""
    _cohort(folder, patients, censored=patients // 10)
    clinical = pd.read_csv(folder / "data" / "clinical.csv")
    random = np.random.default_rng(2)
    early = (clinical["recurrence_free_months"] < 24).to_numpy(dtype=float)
    features = pd.DataFrame(
        random.normal(size=(len(clinical), FEATURES)),
        columns=[f"feature_{number}" for number in range(FEATURES)],
    )
    features.iloc[:, :10] += 0.3 * early[:, None]
    features.insert(0, "patient_id", clinical["patient_id"])
    features.to_csv(folder / "data" / "features.csv", index=False)
    return _write(
        folder / "study.yml",
        {
            "study": ABOUT,
            **FOLLOWED,
            "radiomics": {"table": {"file": "features.csv"}},
            "clinical": {"candidates": ["ast", "tumour_diameter", "afp", "sex"]},
            "comparators": [
                *("bclc_2022", "cnlc", "ajcc8", "clip", "okuda", "jis"),
                *("albi", "apri", "fib4", "nlr", "plr", "sii"),
            ],
            "validation": {"outer_folds": 3, "inner_folds": 3},
            "controls": {"permutations": 20},
            "seed": 1,
            "jobs": 1,
            "output": "outputs",
        },
    )


def _timed(call: Callable[[], object]) -> tuple[float, object]:
    """Seconds of the processor: all of it is one process, and other work on the machine is not to
    count."""
    start = time.process_time()
    found = call()
    return time.process_time() - start, found


def peak() -> float:
    """Of this process's memory, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def steps(path: Path) -> dict[str, float]:
    """Seconds of each step of a study of images, and the peak of memory after the first two and
    after all."""
    from analysis.inputs.radiomics import radiomics_table
    from analysis.results import compute_results
    from analysis.study import load_study
    from analysis.training import train_all
    from analysis.training.leakage import run_guards
    from analysis.workflow.check.load import load_cohort

    study, found = load_study(path), {}
    found["validation"], cohort = _timed(lambda: load_cohort(study))
    found["peak of validation"] = peak()
    found["features"], table = _timed(lambda: radiomics_table(cohort))
    found["peak of features"] = peak()
    found["features from the cache"], _ = _timed(lambda: radiomics_table(cohort))
    found["training"], training = _timed(lambda: train_all(cohort, table))
    leakage = run_guards(cohort, training)
    found["statistics"], _ = _timed(lambda: compute_results(cohort, training, table, leakage))
    return found | {"peak of all": peak()}


def measure_images(folder: Path, patients: int) -> dict[str, float]:
    """`steps`, after a smaller study that imports and compiles everything; memory is what is above
    that study's peak."""
    (folder / "warm").mkdir()
    before = steps(image_study(folder / "warm", 40))["peak of all"]
    found = steps(image_study(folder, patients))
    return {
        "patients": patients,
        **{
            name.replace("peak", "memory"): value - before if name.startswith("peak") else value
            for name, value in found.items()
        },
    }


def measure_predictions(folder: Path, models: int, patients: int) -> dict[str, float]:
    """Seconds of reading and checking the table, of all statistics, and of a whole run; peak of
    memory in MiB."""
    from analysis.results import compute_results
    from analysis.study import load_study
    from analysis.training import trained
    from analysis.training.leakage import run_guards
    from analysis.workflow.check.load import load_cohort

    study = load_study(prediction_study(folder, models, patients))
    reading, cohort = _timed(lambda: load_cohort(study))
    table, training = trained(cohort)
    leakage = run_guards(cohort, training)
    statistics, _ = _timed(lambda: compute_results(cohort, training, table, leakage))
    return {
        "predictions": patients,
        "models": models,
        "reading": reading,
        "statistics": statistics,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def measure_whole(folder: Path, patients: int) -> dict[str, float]:
    """Seconds of a whole run, from the tables to results, tables and figures; peak of memory in
    MiB, and how many models there are in the end."""
    from analysis.results import keys
    from analysis.results.record import read_records
    from analysis.study import load_study
    from analysis.workflow.run import run

    study = load_study(whole_study(folder, patients))
    seconds, _ = _timed(lambda: run(study))
    records = read_records(study.output_folder / "results.json")
    return {
        "patients": patients,
        "models": len(records[keys.models_included()].names),
        "run": seconds,
        "memory": peak(),
    }


def _in_a_process(call: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        script = (
            "import json\nfrom pathlib import Path\nfrom benchmarks import"
            f" load\nprint(json.dumps(load.{call.format(folder=repr(folder))}))"
        )
        environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", script],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if "VERBOSE" not in os.environ else None,
            text=True,
            env=environment,
            check=True,
        )
        return json.loads(done.stdout.splitlines()[-1])


def main(sizes: tuple[int, ...] = SIZES, predictions: int = PREDICTIONS) -> int:
    """1 if a step grows faster than its patients, memory grows with them, or the statistics take
    longer than a minute."""
    from benchmarks.text_table import table
    from tests.support.record import tried

    rows = [_in_a_process(f"measure_images(Path({{folder}}), {size})") for size in sizes]
    steps = ("validation", "features", "features from the cache", "training", "statistics")
    first, last = rows[0], rows[-1]
    growth = {
        step: (last[step] / last["patients"]) / (first[step] / first["patients"]) for step in steps
    }
    lines = [
        [
            step,
            *[f"{row[step]:.2f} s" for row in rows],
            f"{growth[step]:.2f}",
            "yes" if growth[step] <= MOST_GROWTH else "NO",
        ]
        for step in steps
    ]
    print(
        table(
            lines,
            [
                "step, one process",
                *[f"{size} patients" for size in sizes],
                "a patient, last / first",
                f"≤ {MOST_GROWTH:g}",
            ],
        )
    )
    memory = {
        name: last[name] - first[name]
        for name in ("memory of validation", "memory of features", "memory of all")
    }
    print(
        "\n"
        + table(
            [
                [
                    name,
                    *[f"{row[name]:.0f} MiB" for row in rows],
                    f"{more:.0f} MiB",
                    "yes" if more <= MOST_MEMORY else "NO",
                ]
                for name, more in memory.items()
            ],
            [
                "peak above the start",
                *[f"{size} patients" for size in sizes],
                "last − first",
                f"≤ {MOST_MEMORY:g} MiB",
            ],
        )
    )
    many = _in_a_process(f"measure_predictions(Path({{folder}}), {MODELS}, {predictions})")
    met = many["statistics"] <= MOST_SECONDS
    print(
        f"\n{MODELS} models × {predictions:,} predictions: read and checked in"
        f" {many['reading']:.1f} s, all statistics in {many['statistics']:.1f} s"
        f" (≤ {MOST_SECONDS:g} s: {'yes' if met else 'NO'}), peak {many['memory']:.0f} MiB."
    )
    whole = _in_a_process(f"measure_whole(Path({{folder}}), {sizes[-1]})")
    print(
        f"\nA study of {whole['patients']:,} patients × {whole['models']} models, from its tables"
        f" to figures, on one process: {whole['run']:.0f} s, peak {whole['memory']:.0f} MiB."
    )
    worst = max(growth, key=growth.__getitem__)
    tried(
        "Load (make prove)",
        f"from {first['patients']:,} to {last['patients']:,} patients with images, one process",
        f"the time a patient takes grows at most {growth[worst]:.2f}-fold ({worst}); peak memory by"
        f" {max(memory.values()):.0f} MiB in all",
        int(last["patients"]),
    )
    tried(
        "Load (make prove)",
        f"{MODELS} models × {predictions:,} predictions",
        f"all statistics in {many['statistics']:.0f} s, {many['memory']:.0f} MiB at most",
        predictions,
    )
    tried(
        "Load (make prove)",
        f"a study of {whole['patients']:,} patients × {whole['models']} models, tables to figures",
        f"{whole['run']:.0f} s of one process, {whole['memory']:.0f} MiB at most",
        int(whole["patients"]),
    )
    return int(
        not met
        or any(value > MOST_GROWTH for value in growth.values())
        or any(more > MOST_MEMORY for more in memory.values())
    )


if __name__ == "__main__":
    raise SystemExit(main())
