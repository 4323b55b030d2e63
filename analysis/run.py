"""The main job: cohort → inputs → models → predictions → results → figures; a fast no-op where nothing changed."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from analysis.cache import digest, source_digest, write_atomically
from analysis.study import Study

# Sections of the study file that change words and checklists and no result of the analysis.
WORDS = ("reporting", "declarations")
OUTPUTS = ("predictions.csv", "results.json", "provenance.json")


@dataclass(frozen=True)
class Run:
    """output: the study's folder. computed: False where the stored results were already those of the inputs."""

    output: Path
    computed: bool


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _fingerprint(study: Study) -> dict[str, str]:
    """What the results depend on. Files of the cohort count by name, size and time of change: that decides only
    whether to look again, and what is then looked at is their content, which is the key of every cached piece."""
    root = Path(__file__).resolve().parent
    code = source_digest(root, root.parent / "models")
    files = sorted(file for file in study.cohort_folder.rglob("*") if file.is_file()) if study.cohort_folder.is_dir() else []
    return {
        "study": digest(study.model_dump(mode="json", exclude=set(WORDS))),
        "code": code,
        "cohort": digest([(str(file.relative_to(study.cohort_folder)), *_stamp(file)) for file in files]),
    }


def is_current(study: Study) -> bool:
    """Whether the stored results were made from just this study file, code and cohort, and none has been edited since."""
    state = study.output_folder / "state.json"
    if not state.is_file() or not all((study.output_folder / name).is_file() for name in OUTPUTS):
        return False
    try:
        stored = json.loads(state.read_text(encoding="utf-8"))
    except json.JSONDecodeError:
        return False
    outputs = {name: digest(study.output_folder / name) for name in stored.get("outputs", {}) if (study.output_folder / name).is_file()}
    return stored.get("inputs") == _fingerprint(study) and stored.get("outputs") == outputs


def _sealed(study: Study) -> None:
    """Write down what the outputs were made from and what they are, so that a change of either is seen."""
    folder = study.output_folder
    outputs = {name: digest(folder / name) for name in OUTPUTS}
    write_atomically(folder / "state.json", json.dumps({"inputs": _fingerprint(study), "outputs": outputs}, indent=1))


def run(study: Study, force: bool = False) -> Run:
    """Compute what is missing and write predictions.csv, results.json, curves/, tables/, figures/, provenance.json."""
    if not force and is_current(study):
        from analysis.checklists.refresh import refresh_checklists
        refresh_checklists(study, _sealed)
        return Run(study.output_folder, computed=False)

    # Imported here: a run with nothing to do must not wait for the libraries of one that has.
    from analysis.checklists.items import data_digest
    from analysis.cohort import load_cohort
    from analysis.figures import draw_all
    from analysis.images import tumour_crops
    from analysis.leakage import run_guards
    from analysis.provenance import provenance
    from analysis.radiomics import radiomics_table
    from analysis.results import compute_results, write_records
    from analysis.results.appendix import appendix_tables
    from analysis.results.checklists import add_checklists
    from analysis.results.curves import write_curves
    from analysis.training import delineated_crops, train_all

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    cohort = load_cohort(study)
    say(f"{study.study.name}: {len(cohort.patients)} patients, {int(cohort.label.notna().sum())} with a known label")
    table = radiomics_table(cohort) if study.radiomics is not None else None
    images = tumour_crops(cohort) if study.deep_learning is not None else None
    repeat_images = delineated_crops(cohort) if study.deep_learning is not None else None
    training = train_all(cohort, table, images, repeat_images)
    leakage = run_guards(cohort, training)
    for guard in leakage.guards:
        if guard.verdict == "fail":
            say(f"leakage guard failed: {guard.title}: {guard.finding}")
    records, frames = compute_results(cohort, training, table, leakage)
    origin = provenance(study, cohort) | {"checklists": data_digest()}
    records.add("provenance.commit", origin["commit"], source="provenance")
    records.add("provenance.study_digest", origin["study"][:12], source="provenance")
    appendix = appendix_tables(records, cohort, training, table, str(records.value("models.headline")).split(","))
    # Last, as it asks which of all the others are there.
    appendix["checklists"] = add_checklists(records, study)
    frames |= {f"tables/{name}": frame for name, frame in appendix.items()}

    folder = study.output_folder
    write_atomically(folder / "predictions.csv", training.predictions.to_csv(index=False, float_format="%.10g", lineterminator="\n"))
    write_curves(folder / "curves", {name: frame for name, frame in frames.items() if "/" not in name})
    write_curves(folder, {name: frame for name, frame in frames.items() if "/" in name})
    if table is not None:
        write_atomically(folder / "features.csv", table.features.to_csv(float_format="%.10g", lineterminator="\n"))
    write_atomically(folder / "provenance.json", json.dumps(origin, indent=1, sort_keys=True) + "\n")
    write_records(folder / "results.json", records)
    draw_all(folder)
    _sealed(study)
    return Run(folder, computed=True)
