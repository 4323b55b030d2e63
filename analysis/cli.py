"""The command `early-recurrence`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path


def _study_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--study", type=Path, default=Path("study.yml"), metavar="FILE", help="study file (default: study.yml here)")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="early-recurrence", description="From images and a clinical table to every number of the paper, and the paper.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="train, evaluate and write predictions, results, tables and figures")
    _study_option(run)
    run.add_argument("--force", action="store_true", help="recompute the results though nothing changed (cached pieces stay)")

    report = commands.add_parser("report", help="run, then render the manuscript")
    _study_option(report)
    report.add_argument("--format", action="append", choices=["html", "docx", "pdf", "jats"], help="only this format (may be repeated; default: all)")

    check = commands.add_parser("check", help="check the study file and the cohort, and say what would be analysed")
    _study_option(check)

    checklist = commands.add_parser("checklist", help="list what the reporting checklists still ask, from the study file and its results")
    _study_option(checklist)
    checklist.add_argument("--csv", type=Path, metavar="FILE", help="write every item with its answer to this file")

    demo = commands.add_parser("demo", help="write the synthetic demonstration cohort to a folder")
    demo.add_argument("folder", type=Path)
    demo.add_argument("--patients", type=int, default=165)
    demo.add_argument("--events", type=int, default=96)
    demo.add_argument("--validation", type=int, default=33)
    demo.add_argument("--seed", type=int, default=20240)

    commands.add_parser("scores", help="list the staging systems and indexes: inputs, units, direction, source")
    score = commands.add_parser("score", help="score a clinical table, without images or models")
    score.add_argument("table", type=Path)
    score.add_argument("--dictionary", type=Path, required=True, help="units of the table's variables (dictionary.yml)")
    score.add_argument("--patient-id", default="patient_id", help="column that names the patients")
    score.add_argument("--score", action="append", help="only this score (may be repeated; default: all confirmed ones)")
    score.add_argument("--output", type=Path, help="CSV file to write (default: standard output)")
    return parser


def _run(options: argparse.Namespace) -> int:
    from analysis.run import run
    from analysis.study import load_study
    outcome = run(load_study(options.study), force=options.force)
    print(f"{outcome.output / 'results.json'} {'computed' if outcome.computed else 'is current'}")
    return 0


def _report(options: argparse.Namespace) -> int:
    from analysis.prerender import write_document_metadata
    from analysis.run import run
    from analysis.study import load_study
    os.environ["EARLY_RECURRENCE_STUDY"] = str(options.study.resolve())
    study = load_study(options.study)
    output = run(study).output
    write_document_metadata(study)
    from analysis.rendering import render
    rendering = render(Path(__file__).resolve().parents[1], options.format, data=output)
    print(rendering.message)
    for path in rendering.paths:
        print(path)
    return 0


def _check(options: argparse.Namespace) -> int:
    from analysis.cohort import load_cohort
    from analysis.study import load_study
    study = load_study(options.study)
    cohort = load_cohort(study)
    label = cohort.label
    print(f"{options.study} and its cohort are sound.")
    for name in study.cohorts:
        part = label[cohort.cohort == name]
        print(f"  {name:<11}{int((part == 1).sum()):>4} with the event, {int((part == 0).sum())} without, {int(part.isna().sum())} unknown")
    print(f"  models     {', '.join(study.families)}; comparators {', '.join(study.comparators) or 'none'}")
    return 0


def _checklist(options: argparse.Namespace) -> int:
    from analysis.cache import write_atomically
    from analysis.checklists.answers import checklist_answers
    from analysis.checklists.open_items import open_text
    from analysis.results.record import read_records
    from analysis.study import load_study
    study = load_study(options.study)
    table = checklist_answers(study, read_records(study.output_folder / "results.json"))
    print(open_text(table))
    if options.csv is not None:
        print(write_atomically(options.csv, table.to_csv(index=False, lineterminator="\n")))
    return 0


def _demo(options: argparse.Namespace) -> int:
    from analysis.demo import make_demo_cohort
    print(make_demo_cohort(options.folder, patients=options.patients, events=options.events, validation=options.validation, seed=options.seed))
    return 0


def _scores(_: argparse.Namespace) -> int:
    import shutil
    import textwrap

    from models.staging import REFITS, describe_scores
    width = max(60, min(shutil.get_terminal_size((110, 24)).columns, 140))

    def block(name: str, lines: list[str]) -> str:
        return "\n".join(textwrap.fill(line, width, initial_indent=f"{name:<22}" if number == 0 else " " * 22, subsequent_indent=" " * 24) for number, line in enumerate(lines))

    for score in describe_scores().itertuples():
        worse = "no order" if score.worse == "no order" else f"{score.worse} is worse"
        unconfirmed = " - UNCONFIRMED, off unless named" if score.status == "unconfirmed" else ""
        lines = [f"{score.label} - {score.family.replace('_', ' ')} - {worse} - {score.levels}{unconfirmed}", f"needs {score.inputs}", score.source + (f", doi:{score.doi}" if score.doi else "")]
        print(block(score.id, [*lines, *([score.note] if score.note else [])]))
    for refit in REFITS.values():
        print(block(refit.id, [f"{refit.label} - refitted on training patients of a study, not by `score`", f"needs {', '.join(refit.inputs)}", refit.source]))
    return 0


def _score(options: argparse.Namespace) -> int:
    import pandas as pd

    from analysis.cache import write_atomically
    from analysis.dictionary import load_dictionary
    from analysis.units import to_canonical
    from models.staging import get_score, score_table
    for name in options.score or []:
        get_score(name)
    table = pd.read_csv(options.table, dtype={options.patient_id: "string"}, keep_default_na=False, na_values=[""])
    if options.patient_id not in table:
        raise ValueError(f"{options.table} has no column '{options.patient_id}'; name the one that identifies patients with --patient-id")
    table = to_canonical(table.set_index(options.patient_id).rename_axis("patient_id"), load_dictionary(options.dictionary))
    content = score_table(table, options.score).to_csv(lineterminator="\n")
    if options.output is None:
        print(content, end="")
    else:
        print(write_atomically(options.output, content))
    return 0


COMMANDS = {"run": _run, "report": _report, "check": _check, "checklist": _checklist, "demo": _demo, "scores": _scores, "score": _score}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; faults of the user's files end in one message and exit status 1, without a traceback."""
    options = _parser().parse_args(arguments)
    try:
        return COMMANDS[options.command](options)
    except BrokenPipeError:  # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("\nearly-recurrence: stopped; what was finished is kept, the same command goes on from there", file=sys.stderr)
        return 130
    except (ValueError, KeyError, RuntimeError, OSError) as error:
        if os.environ.get("EARLY_RECURRENCE_DEBUG"):
            raise
        print(f"early-recurrence: {error.args[0] if isinstance(error, KeyError) and error.args else error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
