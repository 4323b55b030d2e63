"""Results that no analysis made, for tests of what is drawn, laid out and written: two studies, one
without clinical variables."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.results.record import Records, write_records
from tests.support.fake_curves import curves_of
from tests.support.fake_description import describe
from tests.support.fake_kinds import LIVER, Kind, study_file
from tests.support.fake_performance import perform


def _append(records: Records, kind: Kind, path: Path, output: Path) -> None:
    """The supplement's appendices and the checklists, answered from these results."""
    from analysis.inputs.radiomics.definitions import definition_of
    from analysis.reporting.checklists.records import add_checklists
    from analysis.results.appendix import dictionary_summary, settings_table
    from analysis.study import load_study

    study = load_study(path)
    dictionary = pd.DataFrame(
        [
            [
                f"{phase}_original_glcm_Imc1",
                phase.replace("_", " "),
                "original",
                "grey level co-occurrence",
                "Imc1",
                definition_of("glcm", "Imc1"),
                0.9,
                "yes",
                number,
                6,
                "no",
            ]
            for number, phase in enumerate(kind.phases)
        ],
        columns=[
            "feature",
            "phase",
            "image",
            "class",
            "name",
            "definition",
            "icc",
            "reproducible",
            "selected_n",
            "selected_of",
            "final",
        ],
    )
    records.add("dictionary.fits.n", 6, unit="folds")
    records.add("tuning.contexts.n", 2, unit="folds")
    tables = {
        "settings": settings_table(study),
        "feature_dictionary": dictionary,
        "feature_dictionary_summary": dictionary_summary(dictionary),
        "tuning": pd.DataFrame(
            [["radiomics_logistic", context, "C", 0.1] for context in ("outer_1", "final")],
            columns=["model", "context", "parameter", "value"],
        ),
        "predictions_by_patient": pd.DataFrame(
            [
                ["R001", "training", 1, *[0.5] * len(kind.headline)],
                ["R002", "validation", None, *[0.25] * len(kind.headline)],
            ],
            columns=["patient", "cohort", "outcome", *kind.headline],
        ),
        "checklists": add_checklists(records, study),
    }
    for name, frame in tables.items():
        frame.to_csv(output / "tables" / f"{name}.csv", index=False)
    (output / "provenance.json").write_text(
        json.dumps(
            {
                "python": "3.11.9",
                "platform": "Linux",
                "commit": "abcdef0",
                "study": "0" * 64,
                "table": "1" * 64,
                "packages": {"numpy": "2.2.0"},
            }
        )
    )


def _baseline_columns(*groups: str) -> list[str]:
    return ["variable", "level", "statistic", *groups, "p", "test", "smd", "missing"]


def write_fake_study(kind: Kind, folder: Path) -> Path:
    """Write study.yml and the outputs that an analysis of it would leave, all but figures; returns
    the study file."""
    made = _made(kind)
    # Files are as old as the folder, as if they were written here.
    shutil.copytree(made.parent, folder, copy_function=shutil.copyfile, dirs_exist_ok=True)
    return folder / made.name


@cache
def _made(kind: Kind) -> Path:
    """The study file, written once and copied."""
    folder = Path(tempfile.mkdtemp(prefix="fake_study"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return _written(kind, folder)


def _written(kind: Kind, folder: Path) -> Path:
    path, output = study_file(kind, folder), folder / "outputs"
    records = Records()
    describe(records, kind)
    perform(records, kind, np.random.default_rng(5))
    (output / "curves").mkdir(parents=True, exist_ok=True)
    (output / "tables").mkdir(exist_ok=True)
    _append(records, kind, path, output)
    write_records(output / "results.json", records)
    for name, frame in curves_of(kind).items():
        frame.to_csv(output / "curves" / f"{name}.csv", index=False)
    if kind is LIVER:
        rows = [
            [
                "AST, U/L",
                "",
                "median [IQR]",
                "35 [26, 50]",
                "40 [30, 53]",
                0.458,
                "Mann-Whitney",
                0.08,
                3,
            ],
            ["Sex", "female", "n (%)", "23 (17.4)", "6 (18.2)", 0.919, "chi-square", 0.02, 0],
            ["", "non_binary", "n (%)", "109 (82.6)", "27 (81.8)", None, "", None, None],
        ]
        pd.DataFrame(
            rows,
            columns=_baseline_columns("training", "validation"),
        ).to_csv(output / "tables" / "baseline.csv", index=False)
        scores = [
            [
                name,
                label,
                "ecog, bilirubin",
                "staging",
                "higher",
                "0 < A",
                "unconfirmed" if name == "milan" else "confirmed",
                "A source",
                "10.1/x" if name == "albi" else "",
                "",
                174,
                "0 16, A 87",
                "inr (3)",
            ]
            for name, label in (
                ("bclc_2022", "BCLC"),
                ("albi", "ALBI"),
                ("milan", "Milan criteria"),
            )
        ]
        columns = [
            "id",
            "label",
            "inputs",
            "family",
            "worse",
            "levels",
            "status",
            "source",
            "doi",
            "note",
            "n_evaluable",
            "distribution",
            "missing",
        ]
        pd.DataFrame(scores, columns=columns).to_csv(output / "tables" / "scores.csv", index=False)
        pd.DataFrame(
            [["bclc_2022", "albi", 174, 0.376, -0.271, 0.481]],
            columns=["first", "second", "n", "kappa", "ci_low", "ci_high"],
        ).to_csv(output / "tables" / "score_agreement.csv", index=False)
        pd.DataFrame(
            [["bclc_2022", "0", "A", 8, 21, 0.713, 0.0421]],
            columns=["system", "first", "second", "n_first", "n_second", "superiority", "p_holm"],
        ).to_csv(output / "tables" / "score_levels.csv", index=False)
        moved = [
            [outcome, old, new, 3]
            for outcome in ("event", "non_event")
            for old in ("< 0.5", "≥ 0.5")
            for new in ("< 0.5", "≥ 0.5")
        ]
        pd.DataFrame(moved, columns=["outcome", "old", "new", "n"]).to_csv(
            output / "tables" / "reclassification.csv", index=False
        )
        pd.DataFrame(
            rows,
            columns=_baseline_columns("event", "no_event"),
        ).to_csv(output / "tables" / "baseline_by_outcome.csv", index=False)
    return path
