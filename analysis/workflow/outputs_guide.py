"""README.md among a study's outputs: what each file is.

The reference of the output files is made from the same list.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path

from analysis.core.cache import PART, write_atomically
from analysis.core.word_lists import listed
from analysis.study import Study

FILE = "README.md"
# Its first line, by which it is known.
HEADING = "# Outputs of the study"
# The first pattern that fits says what a file is.
FILES = {
    "README.md": "This list.",
    "report/index.html": "The rendered article.",
    "report/*": "The rendered supplement, checklists and changes, in each format, and their tables"
    " as spreadsheets.",
    "results.json": "Every number, a record a line, by its key (`early-recurrence keys`).",
    "predictions.csv": "One row a patient, model and way of judging: score, outcome, cohort, fold.",
    "claims.json": "Every claim: name, whether it holds, sentence, rule.",
    "provenance.json": "What made the results: settings, commits, versions, processor, digests.",
    "run.log": "The last run that computed: when, with what, on whom, and where its time went.",
    "patients.json": "Patients by cohort, and who was left out and why.",
    "state.json": "What the outputs rest on, by content; by it a run knows that it is current.",
    "features.csv": "Radiomics features, a row a patient.",
    "features_used.txt": "Features that the models chose among.",
    "delineation_scores.csv": "Scores of other delineations of a patient.",
    "excluded.csv": "Who was left out by `--keep-going`, and why.",
    "update.json": "What changed since the lock.",
    "bundle.zip": "The reviewer's bundle, made by `early-recurrence bundle`.",
    "verdict.html": "What `early-recurrence verify` found in the bundle.",
    "curves/roc.csv": "Points of the ROC curves.",
    "curves/calibration*.csv": "Calibration curves, their groups and counts.",
    "curves/decision_curve*.csv": "Net benefit by threshold.",
    "curves/survival*.csv": "Survival curves by risk group.",
    "curves/*.csv": "What the other figures draw, each under its figure's name.",
    "figures/*": "Figures as SVG, PDF, PNG and TIFF, as wide as a journal prints.",
    "tables/baseline*.csv": "Table 1, by cohort and by outcome.",
    "tables/scores.csv": "Staging systems: inputs, patients who could be scored, source.",
    "tables/checklists.csv": "Items of the reporting checklists with their answers.",
    "tables/guards.csv": "Guards against leakage and their verdicts.",
    "tables/*.csv": "The other tables, each under its name.",
    "training/*": "A line an epoch, while networks train.",
    "curves/examples.npz": "Pictures of patients that the article shows, with their outlines.",
    "locked/figures/*": "Figures as they were when the results were locked.",
    "update/*": "Figures that changed since the lock, and which numbers moved most.",
}


def meaning_of(name: str) -> str | None:
    """Pattern of FILES that says what a file is; None where none does."""
    return next((pattern for pattern in FILES if fnmatch(name, pattern)), None)


def files_in(folder: Path) -> list[str]:
    """Files of a study's outputs, without hidden ones and those that are being written."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.suffix != PART
    )


def _headers_only(folder: Path, names: Iterable[str]) -> list[str]:
    """Tables that have column names and no row."""
    return [
        name
        for name in names
        if name.endswith(".csv") and (folder / name).read_bytes().strip().count(b"\n") == 0
    ]


def _origin(folder: Path) -> str:
    path = folder / "provenance.json"
    if not path.is_file():
        return ""
    origin = json.loads(path.read_text(encoding="utf-8"))
    # Earlier versions wrote no version of the package.
    package = f"hcc-early-recurrence {origin.get('package', '')}".strip()
    said = f"Computed by {package}, its code at {origin.get('commit', 'an unknown commit')}"
    own = origin.get("study_commit")
    return said + (f", for the study at commit {own} of its own repository." if own else ".")


def guide_text(study: Study, folder: Path) -> str:
    """README.md of the outputs in `folder`, in Markdown."""
    names = sorted({*files_in(folder), FILE})
    used = {meaning_of(name) for name in names}
    rows = [f"| `{pattern}` | {words} |" for pattern, words in FILES.items() if pattern in used]
    parts = [
        f"{HEADING} {study.study.name}",
        "Written by `early-recurrence`; a run writes them again, so edit none of them.",
        _origin(folder),
        "| file | what it is |\n|---|---|\n" + "\n".join(rows),
    ]
    if unknown := [name for name in names if meaning_of(name) is None]:
        parts.append(f"Not of this version: {listed([f'`{name}`' for name in unknown])}.")
    if empty := _headers_only(folder, names):
        parts.append(
            f"Without a row, as this study has none of it: {listed([f'`{e}`' for e in empty])}."
        )
    return "\n\n".join(filter(None, parts)) + "\n"


def _remove_empty(folder: Path) -> None:
    """Take away the outputs' own folders that are empty; other folders are a person's."""
    for own in {pattern.partition("/")[0] for pattern in FILES if "/" in pattern}:
        inside = [path for path in (folder / own).rglob("*") if path.is_dir()]
        for path in [*sorted(inside, reverse=True), folder / own]:
            if path.is_dir() and not any(path.iterdir()):
                path.rmdir()


def write_guide(study: Study) -> Path | None:
    """Write README.md of a study's outputs, and take away their folders that are empty.

    None where there are no outputs, or where README.md is a person's own.
    """
    folder = study.output_folder
    if not (folder / "results.json").is_file():
        return None
    _remove_empty(folder)
    path = folder / FILE
    if path.is_file() and HEADING not in path.read_text(encoding="utf-8", errors="replace"):
        return None
    return write_atomically(path, guide_text(study, folder))
