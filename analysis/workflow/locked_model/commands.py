"""The commands `export` and `predict`.

Each command imports what it needs when it is called: the command line starts without the libraries
of a run.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.core.word_lists import listed
from analysis.workflow.command_line.exit_statuses import DONE, FAULTY

if TYPE_CHECKING:
    from analysis.workflow.locked_model.patient_files import NewPatient
    from analysis.workflow.locked_model.prediction import Prediction, Refusal


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
    _add_predict(commands)


def _add_predict(commands: Any) -> None:
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
        "--table",
        type=Path,
        metavar="FILE",
        help=(
            "clinical table of many patients (.csv, .xlsx, .dta, .sav), in the place of each"
            " clinical.csv; all of them, where no folder is named"
        ),
    )
    predict.add_argument(
        "--dictionary",
        type=Path,
        metavar="FILE",
        help="with --table: data dictionary that says the units of its columns",
    )
    predict.add_argument(
        "--patient-id",
        metavar="COLUMN",
        help=(
            "with --table: column that names the patients (default: the dictionary's identifier,"
            " else patient_id)"
        ),
    )
    predict.add_argument(
        "--centre", help="where the patients were examined, for a model that harmonises centres"
    )
    predict.add_argument(
        "--centre-column",
        metavar="COLUMN",
        help="with --table: column that names where each patient was examined",
    )
    predict.add_argument(
        "--folders",
        type=Path,
        metavar="DIR",
        help="folder that holds a folder for each patient; with --table, for each of its patients",
    )
    predict.add_argument(
        "--csv",
        type=Path,
        metavar="FILE",
        help=(
            "write one row a patient to this file; who can't be scored gets a row that says why,"
            " and the others are scored all the same"
        ),
    )
    predict.add_argument(
        "--run-own-code",
        action="store_true",
        help="run the code of own features that lies in the model's folder; read it first",
    )
    predict.add_argument("--json", action="store_true", help="print JSON instead of text")
    predict.add_argument("--jobs", type=int, default=1, metavar="N", help="processes (default: 1)")
    predict.add_argument(
        "patient",
        type=Path,
        nargs="*",
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
    from analysis.workflow.locked_model.held_patients import holding_patients
    from analysis.workflow.locked_model.own_code import code_files
    from models.locked import read_folder

    name, identity = export_model(load_study(options.study), options.model, options.folder)
    print(f"{options.folder}: {name}, {identity[:12]}")
    description, _ = read_folder(options.folder)
    if kept := holding_patients(description):
        print(
            f"The fitted {listed(kept)} holds feature values of training patients: share the"
            " folder only as you may share those."
        )
    if files := code_files(description):
        print(
            f"The model reads features of this study's own code, which is in the folder:"
            f" {', '.join(files)}. `predict` runs it only with --run-own-code."
        )
    return 0


def _new_patients(options: argparse.Namespace, description: dict[str, Any]) -> list[NewPatient]:
    """The patients that the options name. Raises ValueError where these are nobody."""
    from analysis.workflow.locked_model.cohort_table import read_cohort_table
    from analysis.workflow.locked_model.predict import patients_of

    rows = None
    if options.table is not None:
        rows = read_cohort_table(
            description,
            options.table,
            dictionary=options.dictionary,
            patient_id=options.patient_id,
            centre_column=options.centre_column,
        )
    elif options.dictionary is not None or options.centre_column is not None:
        raise ValueError("predict: --dictionary and --centre-column are about a --table; name one")
    folders = list(options.patient)
    if options.folders is not None:
        if not options.folders.is_dir():
            raise ValueError(f"{options.folders}: no such folder")
        folders += (
            [options.folders / name for name in rows]
            if rows is not None
            else sorted(each for each in options.folders.iterdir() if each.is_dir())
        )
    if rows is None and not folders:
        raise ValueError(
            "predict: whom? Name patients' folders, or a folder of them (--folders), or a table of"
            " patients (--table)"
        )
    return patients_of(folders, rows, options.centre)


def run_predict(options: argparse.Namespace) -> int:
    """Run `early-recurrence predict` and return its exit status.

    It prints predictions of new patients, as text or JSON, or writes them to a table. The status is
    2 where a patient could not be scored.
    """
    from analysis.workflow.locked_model.predict import model_for, score_patients
    from analysis.workflow.locked_model.prediction import Prediction, Refusal, as_text

    description = model_for(options.model, options.run_own_code)
    if options.csv is not None and options.csv.is_dir():
        raise ValueError(f"--csv {options.csv}: this is a folder; name a file in it")
    patients = _new_patients(options, description)
    found = score_patients(options.model, description, patients, options.jobs)
    refused = [each for each in found if isinstance(each, Refusal)]
    if options.csv is not None:
        print(_written(options.csv, found))
        for each in refused:
            print(each.faults, file=sys.stderr)
        return FAULTY if refused else DONE
    if refused:
        raise ValueError("\n".join(each.faults for each in refused))
    predictions = [each for each in found if isinstance(each, Prediction)]
    if options.json:
        print(json.dumps([each.plain() for each in predictions], indent=1, ensure_ascii=False))
    else:
        print("\n\n".join(as_text(each) for each in predictions))
    return DONE


def _written(path: Path, found: Sequence[Prediction | Refusal]) -> str:
    """Write the table of predictions; the sentence on it."""
    import pandas as pd

    from analysis.core.cache import write_atomically
    from analysis.core.safe_csv import csv_text
    from analysis.core.word_lists import counted
    from analysis.workflow.locked_model.prediction import COLUMNS, table_rows

    rows = pd.DataFrame(table_rows(found))
    parts = [name for name in rows if name not in COLUMNS]
    columns = [*COLUMNS[:2], *parts, *COLUMNS[2:]]
    write_atomically(path, csv_text(rows.reindex(columns=columns), index=False))
    scored = int(rows["probability"].notna().sum()) if "probability" in rows else 0
    return f"{path}: {counted(scored, 'patient')} scored, {len(rows) - scored} not"


EXPORTING_COMMANDS = {"export": run_export, "predict": run_predict}
