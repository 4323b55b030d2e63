"""The commands `export` and `predict`.

Each command imports what it needs when it is called: the command line starts without the libraries
of a run.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any


def add_exporting_commands(
    commands: Any, study_option: Callable[[argparse.ArgumentParser], None]
) -> None:
    """Declare the commands on an argparse collection of sub-commands."""
    export = commands.add_parser(
        "export",
        help=(
            "write a locked model of a computed study to a folder, without patients, and without"
            " code but that of own features"
        ),
    )
    study_option(export)
    export.add_argument(
        "--model",
        metavar="NAME",
        help=(
            "cr, radiomics, dl, rcr, dlrcr, or one classifier or network (default: the study's"
            " best)"
        ),
    )
    export.add_argument("folder", type=Path, help="where to write the model")
    predict = commands.add_parser(
        "predict",
        help=(
            "probability of new patients by an exported model, with its decomposition and warnings"
        ),
    )
    predict.add_argument(
        "--model", type=Path, required=True, metavar="DIR", help="folder that `export` wrote"
    )
    predict.add_argument(
        "--centre", help="where the patients were examined, for a model that harmonises centres"
    )
    predict.add_argument(
        "--run-own-code",
        action="store_true",
        help="run the code of own features that lies in the model's folder; read it first",
    )
    predict.add_argument("--json", action="store_true", help="print JSON instead of text")
    predict.add_argument("--jobs", type=int, default=1, help="processes (default: 1)")
    predict.add_argument(
        "patient",
        type=Path,
        nargs="+",
        help=(
            "a patient's folder: images and masks named as in the study, clinical.csv (variable,"
            " value, unit), and for features that came as a table features.csv (one row, columns as"
            " in that table)"
        ),
    )


def run_export(options: argparse.Namespace) -> int:
    """`early-recurrence export`: writes the locked model to a folder; exit status."""
    from analysis.study import load_study
    from analysis.workflow.locked_model.export import export_model
    from analysis.workflow.locked_model.own_code import code_files
    from models.locked import read_folder

    name, identity = export_model(load_study(options.study), options.model, options.folder)
    print(f"{options.folder}: {name}, {identity[:12]}")
    if any((options.folder / "model.json").parent.glob("*.skops")) and '"classifier": "knn"' in (
        options.folder / "model.json"
    ).read_text(encoding="utf-8"):
        print(
            "A nearest-neighbour classifier consists of its training patients' feature values:"
            " share the folder only as you may share those."
        )
    description, _ = read_folder(options.folder)
    if files := code_files(description):
        print(
            f"The model reads features of this study's own code, which is in the folder:"
            f" {', '.join(files)}. `predict` runs it only with --run-own-code."
        )
    return 0


def run_predict(options: argparse.Namespace) -> int:
    """Run `early-recurrence predict` and return its exit status.

    It prints predictions of new patients, as text or JSON.
    """
    from analysis.workflow.locked_model.predict import as_text, predict_patients

    predictions = predict_patients(
        options.model, options.patient, options.centre, options.jobs, options.run_own_code
    )
    if options.json:
        print(
            json.dumps(
                [prediction.plain() for prediction in predictions], indent=1, ensure_ascii=False
            )
        )
    else:
        print("\n\n".join(as_text(prediction) for prediction in predictions))
    return 0


EXPORTING_COMMANDS = {"export": run_export, "predict": run_predict}
