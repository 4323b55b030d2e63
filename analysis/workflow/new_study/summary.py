"""What `new` wrote, in a few lines, and the question that it asks at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from analysis.core.word_lists import counted
from analysis.workflow.new_study.study_kinds import KINDS

# What the files of a new study are for; the rest is the manuscript and the editor's schemas.
PURPOSES = (
    ("study.yml", "the study file: what is studied, on whom, by which models"),
    ("README.md", "which data go where"),
    ("data/dictionary.yml", "the data dictionary: label, type and unit of each variable"),
)
DEFAULT_KIND = "images"
# Of a study that begins with a clinical table of one's own.
TABLE_KIND = "clinical"


def written_text(folder: Path, paths: Sequence[Path]) -> str:
    """Summary of the files of a new study: how many there are, and those to look at first.

    paths: all files that were written, below `folder`.
    """
    names = {path.relative_to(folder).as_posix() for path in paths}
    explained = [(name, words) for name, words in PURPOSES if name in names]
    data = sorted(
        name for name in names - {name for name, _ in explained} if name.startswith("data/")
    )
    rows = [*explained, *[(name, "") for name in data]]
    manuscript = [name for name in names if name.startswith(("report/", "_quarto.yml"))]
    rows.append(("report/", f"the manuscript, {counted(len(manuscript), 'file')}"))
    width = max(len(name) for name, _ in rows)
    lines = [f"  {name:<{width}}  {words}".rstrip() for name, words in rows]
    return "\n".join([f"{folder}: {counted(len(names), 'file')} written", *lines])


def ask_kind(
    ask: Callable[[str], str] = input, say: Callable[[str], object] = print, table: bool = False
) -> str:
    """Kind of a new study, asked until the answer is a kind's number or name.

    ask, say: how a line is read and printed. table: a clinical table was named, so that only the
    kinds with a data dictionary are offered.
    """
    kinds = [kind for kind in KINDS.values() if kind.dictionary or not table]
    say("What do you have?")
    for number, kind in enumerate(kinds, start=1):
        say(f"  {number}  {kind.name}: {kind.words}")
    usual = TABLE_KIND if table else DEFAULT_KIND
    while True:
        answer = ask(f"Number or name [{usual}]: ").strip().casefold() or usual
        for number, kind in enumerate(kinds, start=1):
            if answer in (str(number), kind.name):
                return kind.name
        say(f"'{answer}' is none of {', '.join(kind.name for kind in kinds)}.")
