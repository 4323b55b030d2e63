"""The command `new`.

It imports what it needs when it is called: the command line starts without the libraries of a run.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

LAYOUT = ("sheet", "header_row", "units_row", "encoding", "decimal", "thousands")


def add_new_command(commands: argparse._SubParsersAction) -> None:
    """Its parser, beside the others."""
    new = commands.add_parser(
        "new", help="write a study folder for data of your own: study file, data dictionary, layout"
    )
    new.add_argument("folder", type=Path, help="folder of the study; it is made if absent")
    new.add_argument(
        "--kind",
        choices=["images", "features", "predictions", "clinical"],
        help=(
            "what the study begins from (default: asked at a terminal; where there is none,"
            " clinical with --from, else images)"
        ),
    )
    new.add_argument(
        "--from",
        type=Path,
        dest="table",
        metavar="TABLE",
        help=(
            "a clinical table of your own (.csv, .xlsx, .dta, .sav): draft the data dictionary"
            " from it"
        ),
    )
    new.add_argument(
        "--example",
        metavar="NAME",
        help=(
            "begin with data that come with this package, in the place of your own: hcc-survival,"
            " a clinical table of 165 patients"
        ),
    )
    new.add_argument("--sheet", help="of a workbook, the first by default")
    new.add_argument(
        "--header-row",
        type=int,
        nargs="+",
        metavar="ROW",
        help=(
            "that names the columns, where a title is above it; two where groups of columns have"
            " names"
        ),
    )
    new.add_argument("--units-row", type=int, metavar="ROW", help="a row of units below the names")
    new.add_argument("--encoding", help="of a text file that is not UTF-8, such as gb18030")
    new.add_argument(
        "--decimal",
        help="the decimal sign of the table's numbers, where they can be read in two ways",
    )
    new.add_argument("--thousands", help="the sign between thousands")


def _quoted(path: Path) -> str:
    """A path as a shell takes it, whatever blanks are in it."""
    return shlex.quote(str(path))


def _example(options: argparse.Namespace) -> int:
    from analysis.workflow.new_study import new_example
    from analysis.workflow.new_study.summary import written_text

    if options.table is not None:
        raise ValueError("give either --example or --from, not both")
    print(written_text(options.folder, new_example(options.folder, options.example)))
    print(
        f"{options.folder / 'data' / 'README.md'} says where the data come from, and how to"
        f" cite them. Next: early-recurrence check --study {_quoted(options.folder / 'study.yml')}"
    )
    return 0


def _kind(options: argparse.Namespace) -> str:
    """The kind that was named, else that which a person at the terminal names."""
    from analysis.workflow.new_study.summary import DEFAULT_KIND, TABLE_KIND, ask_kind

    if options.kind is not None:
        return options.kind
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return DEFAULT_KIND if options.table is None else TABLE_KIND
    return ask_kind(table=options.table is not None)


def run_new(options: argparse.Namespace) -> int:
    """`early-recurrence new`: writes a study folder and says what to do next; exit status."""
    from analysis.workflow.new_study import layout_of_options, new_study
    from analysis.workflow.new_study.summary import written_text

    if options.example is not None:
        return _example(options)
    if options.table is not None and options.table.is_dir():
        raise ValueError(f"--from {options.table}: this is a folder; name the table in it")
    layout = layout_of_options({name: getattr(options, name) for name in LAYOUT})
    kind = _kind(options)
    print(written_text(options.folder, new_study(options.folder, kind, options.table, layout)))
    if options.kind is None:
        print(f"The study is of the kind {kind}; --kind names another.")
    data = options.folder / "data"
    if options.table is not None:
        print(
            f"{data / 'dictionary.yml'} and {options.folder / 'study.yml'} are"
            " drafts: look at each line marked # CONFIRM, correct it, take out the mark"
        )
        if "tells who the patient is" in (data / "dictionary.yml").read_text(encoding="utf-8"):
            print(
                f"{data / options.table.name} has columns that tell who a"
                " patient is: take them out of it before anything else"
            )
    print(
        (
            "When that is done"
            if options.table is not None and kind == "clinical"
            else f"Put your data into {data} as {options.folder / 'README.md'} says, then"
        )
        + f": early-recurrence check --study {_quoted(options.folder / 'study.yml')}"
    )
    return 0
