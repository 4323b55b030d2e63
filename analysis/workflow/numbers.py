"""`early-recurrence numbers FILE.docx`: the numerals of a Word file that co-authors edited."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.reporting.numerals.word_file import Finding


def add_numbers_command(
    commands: Any, study_option: Callable[[argparse.ArgumentParser], None]
) -> None:
    """Its parser, beside the others."""
    parser = commands.add_parser(
        "numbers",
        help=(
            "list the numerals of an edited Word file: right, changed or unknown; exit status 1"
            " where one is changed or unknown"
        ),
    )
    parser.add_argument("file", type=Path, metavar="FILE.docx", help="the Word file that came back")
    parser.add_argument(
        "--track",
        choices=("accept", "reject"),
        default="accept",
        help="read tracked changes as accepted (default) or as rejected",
    )
    parser.add_argument(
        "--document",
        default=None,
        metavar="NAME",
        help="the document that the file was made from (default: index, or as the file is named)",
    )
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write every numeral to this file")
    study_option(parser)


def _rendered_document(folder: Path, file: Path, document: str | None) -> Path:
    """The rendered Word file to compare with. Raises FileNotFoundError where it is not there."""
    path = folder / f"{document or file.stem}.docx"
    if not document and not path.is_file():
        path = folder / "index.docx"
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} is not there; `early-recurrence render --format docx` makes the document that"
            f" {file.name} is compared with"
        )
    return path


def findings_text(findings: Sequence[Finding]) -> str:
    """What is not right, a numeral a line with its words, and the count of each state."""
    # Imported here: the command line starts without the libraries of the results.
    from analysis.reporting.numerals.word_file import CHANGED, GONE, RIGHT, UNKNOWN

    words = {
        CHANGED: "changed: {was} in the file, {now} in the article ({bound_to})",
        UNKNOWN: "unknown: {was}, which no result stands behind",
        GONE: "gone: {now} ({bound_to}) is in the article and not in the file",
    }
    lines = []
    for each in findings:
        if each.state != RIGHT:
            said = words[each.state].format(was=each.was, now=each.now, bound_to=each.bound_to)
            lines += [said, f"    {each.words}"]
    count = Counter(each.state for each in findings)
    total = ", ".join(f"{count[state]} {state}" for state in (RIGHT, CHANGED, UNKNOWN, GONE))
    return "\n".join([*lines, total])


def list_numbers(options: argparse.Namespace) -> int:
    """The command; exit status 1 where a numeral is changed or unknown."""
    # Imported here: the command line starts without the libraries of the results.
    import pandas as pd

    from analysis.core.cache import write_atomically
    from analysis.core.safe_csv import csv_text
    from analysis.reporting.manuscript import open_results
    from analysis.reporting.manuscript_folder import project_of
    from analysis.reporting.numerals.docx_blocks import docx_blocks, key_digest
    from analysis.reporting.numerals.word_file import CHANGED, FIELDS, UNKNOWN, numbers_of
    from analysis.study import load_study

    if not options.file.is_file():
        raise FileNotFoundError(f"{options.file} is not there")
    study = load_study(options.study)
    folder = project_of(study) / "_report" / "report"
    results = open_results(study.path)
    digests = {key_digest(key): key for key in results.records}
    # The file that was given is the first thing to be said wrong: rendering would not mend it.
    edited = docx_blocks(options.file, digests, accept=options.track == "accept")
    article = docx_blocks(_rendered_document(folder, options.file, options.document), digests)
    findings = numbers_of(results, article, edited)
    print(findings_text(findings))
    if options.csv is not None:
        table = pd.DataFrame([each.row() for each in findings], columns=list(FIELDS))
        print(write_atomically(options.csv, csv_text(table)))
    return int(any(each.state in (CHANGED, UNKNOWN) for each in findings))
