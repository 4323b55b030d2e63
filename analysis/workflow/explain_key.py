"""`early-recurrence explain KEY`: from a number's definition to its places in the article."""

from __future__ import annotations

import ast
import difflib
import json
import tempfile
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.core.code_identity import HOME
from analysis.core.project_folder import manuscript_path
from analysis.core.word_lists import counted
from analysis.reporting.number_style import use_style
from analysis.reporting.numerals.html_blocks import html_blocks
from analysis.reporting.numerals.numeral import KEY, Block
from analysis.results import keys
from analysis.results.record import Record, read_records
from analysis.study import Study
from analysis.workflow.list_keys import value_text
from analysis.workflow.review.archive import open_archive
from analysis.workflow.review.shared_article import FOLDER

WIDTH = 100
# Letters of a sentence before and after the number.
BEFORE, AFTER = 70, 50
# Places of one document that are shown.
MOST = 5


@dataclass(frozen=True)
class Place:
    """Place of a number in a document. words: around it; the number stands in brackets."""

    document: str
    words: str


def code_place(source: str) -> str:
    """File and line of a function, `module:name`, below the folder of installation.

    It is the text itself where there is no such file.
    """
    module, _, name = source.partition(":")
    path = HOME.joinpath(*module.split(".")).with_suffix(".py")
    if not path.is_file():
        path = HOME.joinpath(*module.split("."), "__init__.py")
    if not path.is_file():
        return source
    wanted = name.rsplit(".", 1)[-1]
    line = next(
        (
            node.lineno
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == wanted
        ),
        None,
    )
    return f"{name}, {path.relative_to(HOME).as_posix()}" + (f" line {line}" if line else "")


def _around(block: Block, place: int) -> str:
    before = "".join(piece.text for piece in block.pieces[:place])
    after = "".join(piece.text for piece in block.pieces[place + 1 :])
    shown = block.pieces[place].text
    # A key's value may come in pieces that follow each other.
    words = f"{'…' if len(before) > BEFORE else ''}{before[-BEFORE:]}[{shown}]{after[:AFTER]}" + (
        "…" if len(after) > AFTER else ""
    )
    return " ".join(words.split())


def places_of(key: str, pages: Sequence[Path]) -> list[Place]:
    """Every place of the rendered html pages where a key's value stands, in their order."""
    return [
        Place(page.stem, _around(block, number))
        for page in pages
        for block in html_blocks(page)
        for number, piece in enumerate(block.pieces)
        if piece.kind == KEY and piece.detail == key
    ]


def source_lines(key: str, project: Path) -> list[str]:
    """Lines of the manuscript's sources that name a key, as `report/index.qmd line 12`."""
    return [
        f"{path.relative_to(project).as_posix()} line {number}"
        for path in sorted((project / "report").rglob("*.qmd"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if f"{{{key}" in line or f'"{key}"' in line
    ]


def _code(origin: dict[str, Any]) -> str:
    package = f"hcc-early-recurrence {origin.get('package', '(version unknown)')}"
    commit = origin.get("commit")
    said = package if commit is None or "version" in commit else f"{package}, commit {commit}"
    study = origin.get("study_commit")
    return said + (f"; the study's repository at commit {study}" if study else "")


def _patients(record: Record) -> str:
    if record.n is None:
        return "not a number of its own count; its method says on whom"
    who = [f"{part} {name}" for part, name in record.of.items() if part in ("evaluation", "cohort")]
    return counted(record.n, "patient") + (f" ({', '.join(who)})" if who else "")


def _text_places(key: str, pages: Sequence[Path], results: Path | None) -> list[str]:
    """Sentences and cells of the pages. results: the file that they may be older than."""
    if not pages:
        return [
            "the bundle has no rendered article"
            if results is None
            else "nothing was rendered yet; `early-recurrence render` does"
        ]
    found = places_of(key, pages)
    lines = []
    for page in pages:
        here = [each.words for each in found if each.document == page.stem]
        lines += [f"{page.stem}: {words}" for words in here[:MOST]]
        lines += [f"{page.stem}: {len(here) - MOST} more"] if len(here) > MOST else []
    if not lines:
        lines = ["in no sentence or table cell of its own; figures and tables may draw on it"]
    if (
        results is not None
        and min(page.stat().st_mtime_ns for page in pages) < results.stat().st_mtime_ns
    ):
        lines.append("(the pages were rendered before these results)")
    return lines


def _known(key: str, records: dict[str, Record]) -> Record:
    """Record of a key. Raises ValueError with the keys that are close."""
    if key in records:
        return records[key]
    close = difflib.get_close_matches(key, records, n=3, cutoff=0.6)
    raise ValueError(
        f"the study has no result '{key}'"
        + (f"; did you mean {' or '.join(close)}?" if close else "")
        + " `early-recurrence keys --study` lists all results"
    )


def _rests_on(record: Record) -> list[str]:
    if record.rests_on_training is None:
        return []
    return [
        "models that were trained; elsewhere the last digits may differ"
        if record.rests_on_training
        else "data and settings; other machines are expected to give the same number"
    ]


def explanation(study: Study, key: str) -> str:
    """Text on a number: value, definition, method, patients, function, code, places.

    Raises FileNotFoundError before a run, ValueError for a key that the study does not have.
    """
    path = study.output_folder / "results.json"
    record = _known(key, dict(read_records(path)))
    use_style(study.manuscript.number_style)
    origin = study.output_folder / "provenance.json"
    project = manuscript_path(study.path, study.study.name)
    pages = sorted((project / "_report" / "report").glob("*.html"))
    return _text(
        record,
        code=_code(json.loads(origin.read_text("utf-8"))) if origin.is_file() else None,
        file=str(path),
        written=source_lines(key, project),
        stands=_text_places(key, pages, path),
    )


def explanation_in_bundle(bundle: Path, key: str) -> str:
    """The same of a number in a reviewer's bundle, from what the bundle holds.

    Raises ArchiveError for what is no bundle, ValueError for a key that it does not have.
    """
    if not bundle.is_file():
        raise FileNotFoundError(f"{bundle}: no such bundle; name the zip that `bundle` wrote")
    with tempfile.TemporaryDirectory(prefix="bundle-") as place:
        folder = Path(place)
        open_archive(bundle, folder)
        path = folder / "results.json"
        if not path.is_file():
            raise ValueError(
                f"{bundle} holds no results.json; `early-recurrence bundle` writes one"
            )
        record = _known(key, dict(read_records(path)))
        pages = sorted((folder / FOLDER).glob("*.html"))
        return _text(
            record,
            code=None,
            file=f"results.json of {bundle}",
            written=source_lines(key, folder / "source"),
            stands=_text_places(key, pages, None),
        )


def _text(
    record: Record, *, code: str | None, file: str, written: list[str], stands: list[str]
) -> str:
    """Rows on a number. code: what computed it; written, stands: in which lines and sentences."""
    quantity = keys.DECLARED.get(record.quantity or "")
    rows: list[tuple[str, list[str]]] = [
        ("value", [value_text(record)]),
        ("unit", [record.unit] if record.unit else []),
        ("definition", [quantity.meaning] if quantity is not None else []),
        ("of", [f"{part} {name}" for part, name in record.of.items()]),
        ("method", [record.method or (quantity.method if quantity else None) or "a count"]),
        ("patients", [_patients(record)]),
        ("function", [code_place(record.source)] if record.source else []),
        ("rests on", _rests_on(record)),
        ("code", [code] if code else []),
        ("file", [file]),
        ("written in", written),
        ("stands in", stands),
    ]
    width = max(len(name) for name, _ in rows) + 4
    lines = [record.key]
    for name, entries in rows:
        for number, entry in enumerate(entries):
            lines.append(
                textwrap.fill(
                    entry,
                    WIDTH,
                    initial_indent=f"  {name if number == 0 else ''}".ljust(width),
                    subsequent_indent=" " * width,
                    break_long_words=False,
                    break_on_hyphens=False,
                )
            )
    return "\n".join(lines)
