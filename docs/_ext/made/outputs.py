"""The reference of the output files: those that the studies of the tutorials wrote.

A file that nothing is said of stops the build.
"""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

WORK = Path(__file__).resolve().parents[2] / "_build" / "executed" / "work"
FILES = {
    "results.json": "Every number, a record a line, by its [key](keys.md).",
    "predictions.csv": "One row a patient, model and way of judging: score, outcome, cohort, fold.",
    "claims.json": "Every [claim](../explanation/claims.md): name, whether it holds, sentence.",
    "provenance.json": "What made the results: settings, commit, versions, processor, digests.",
    "patients.json": "Patients by cohort, and who was left out and why.",
    "state.json": "What the outputs rest on, by content; by it a run knows that it is current.",
    "features.csv": "Radiomics features, a row a patient.",
    "features_used.txt": "Features that the models chose among.",
    "delineation_scores.csv": "Scores of other delineations of a patient.",
    "excluded.csv": "Who was left out by `--keep-going`, and why.",
    "update.json": "What changed since the lock.",
    "bundle.zip": "The reviewer's bundle, made by `early-recurrence bundle`.",
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


def _meaning(name: str) -> str | None:
    return next((pattern for pattern in FILES if fnmatch(name, pattern)), None)


def page() -> str:
    """Files below outputs/<study>, of all studies that the tutorials ran."""
    found: dict[str, set[str]] = {}
    for state in sorted(WORK.rglob("outputs/*/results.json")):
        folder = state.parent
        for path in folder.rglob("*"):
            name = path.relative_to(folder).as_posix()
            if not path.is_file() or name.startswith("."):
                continue
            pattern = _meaning(name)
            if pattern is None:
                raise ValueError(f"docs/_ext/made/outputs.py says nothing of outputs/…/{name}")
            found.setdefault(pattern, set()).add(name)
    rows = []
    for pattern in FILES:
        if names := sorted(
            {Path(name).stem if "*" in pattern else name for name in found.get(pattern, ())}
        ):
            listed = ", ".join(f"`{name}`" for name in names) if "*" in pattern else ""
            rows.append(f"| `{pattern}` | {FILES[pattern]} | {listed} |")
    if not rows:
        return "No study was run for this build.\n"
    return "| file | what it holds | names |\n|---|---|---|\n" + "\n".join(rows) + "\n"
