"""`early-recurrence new`: write the files of a new study, and overwrite none."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.core.cache import write_atomically
from analysis.core.short_lists import listed
from analysis.reporting.manuscript_folder.place import manuscript_files
from analysis.study.layout import TableLayout
from analysis.study.schema import dictionary_schema, schema_text, study_schema
from analysis.workflow.new_study.examples import EXAMPLES
from analysis.workflow.new_study.study_kinds import KINDS

if TYPE_CHECKING:
    from analysis.workflow.new_study.draft import Draft

PIECES = Path(__file__).parent / "pieces"
MODALITY = "  modality: contrast-enhanced MRI\n"
# Editors complete and check a file by the schema that its first line names.
SCHEMA_LINE = "# yaml-language-server: $schema={place}\n"
IGNORED = """# Data of patients and what is computed from them stay out of git.
data/
.cache/
outputs/
# What rendering makes.
_report/
report/_metadata.yml
report/_style/
report/*_files/
/.quarto/
**/*.quarto_ipynb
"""


def _piece(name: str) -> str:
    return (PIECES / name).read_text(encoding="utf-8")


def _drafted(piece: str, draft: Draft | None) -> str:
    """A piece of study.yml, with what the user's table says in it."""
    text = _piece(f"{piece}.yml")
    for old, new in () if draft is None else draft.sections.get(piece, ()):
        # As a template's escape sequences are not to be read, backslashes are doubled.
        text, count = re.subn(old, new.replace("\\", r"\\"), text, count=1)
        assert count == 1, f"{piece}.yml has no {old}"
    return text


def new_study(
    folder: Path, kind: str = "images", table: Path | None = None, layout: TableLayout | None = None
) -> list[Path]:
    """Write the files of a new study.

    Write study.yml, README.md, .gitignore, data/ (with dictionary.yml where the kind has one) and
    the manuscript's sources (_quarto.yml, _environment, report/) into `folder`; returns the files.

    kind: images, features, predictions or clinical. table: a clinical table of one's own, copied to
    data/, from which the dictionary and the study file are drafted; layout: how it lies in its
    file. Raises ValueError for an unknown kind or a table that can't be read, FileExistsError
    naming every file that is there already; then nothing was written.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind of study '{kind}'; there are {', '.join(KINDS)}")
    chosen = KINDS[kind]
    if table is not None and not chosen.dictionary:
        raise ValueError(
            f"a study of {kind} has no data dictionary to draft from a table; leave --from out"
        )
    draft = None
    if table is not None:
        # Imported here: it reads tables and knows all scores.
        from analysis.workflow.new_study.draft import draft_study

        draft = draft_study(table, layout)
    name = _name(folder)
    # Not str.format: the pieces hold braces of YAML and of file patterns.
    study = (
        "".join(_drafted(piece, draft) for piece in chosen.pieces)
        .replace("{name}", name)
        .replace("{modality}", MODALITY if kind in ("images", "features") else "")
    )
    words = {
        "{name}": name,
        "{kind}": kind,
        "{layout}": chosen.layout,
        "{explanation}": chosen.explanation,
        "{dictionary}": " and `data/dictionary.yml`" if chosen.dictionary else "",
    }
    readme = _piece("README.md")
    for place, text in words.items():
        readme = readme.replace(place, text)
    files: dict[str, bytes | str] = {"study.yml": study, "README.md": readme, ".gitignore": IGNORED}
    if chosen.dictionary:
        files["data/dictionary.yml"] = (
            _piece("dictionary.yml") if draft is None else draft.dictionary
        )
    if table is not None:
        files[f"data/{table.name}"] = table.read_bytes()
        files["README.md"] = readme.replace("clinical.csv", table.name)
    return _written(folder, files, kind)


def new_example(folder: Path, example: str) -> list[Path]:
    """Write the files of an example's study into `folder`; returns the files.

    Raises ValueError for an unknown example, FileExistsError as new_study does.
    """
    if example not in EXAMPLES:
        raise ValueError(f"unknown example '{example}'; there is {', '.join(EXAMPLES)}")
    chosen = EXAMPLES[example]
    files = chosen.files() | {".gitignore": IGNORED}
    files["study.yml"] = str(files["study.yml"]).replace("{name}", _name(folder))
    return _written(folder, files, chosen.kind)


def _name(folder: Path) -> str:
    """Name of the study: that of its folder, in small letters."""
    return re.sub(r"[^a-z0-9_-]+", "_", folder.resolve().name.casefold()).strip("_") or "study"


def _written(folder: Path, files: dict[str, bytes | str], kind: str) -> list[Path]:
    """Write a study's files and its manuscript, or nothing where one is there already."""
    manuscript: dict[str, bytes | str] = {
        str(name): content for name, content in manuscript_files(kind).items()
    }
    for name, place in (("study.yml", ".schema"), ("data/dictionary.yml", "../.schema")):
        if (content := files.get(name)) is not None:
            text = content.decode("utf-8") if isinstance(content, bytes) else content
            files[name] = SCHEMA_LINE.format(place=f"{place}/{Path(name).stem}.json") + text
    files[".schema/study.json"] = schema_text(study_schema())
    if "data/dictionary.yml" in files:
        files[".schema/dictionary.json"] = schema_text(dictionary_schema())
    there = [path for path in (*files, *manuscript) if (folder / path).exists()]
    if there:
        raise FileExistsError(
            f"{folder} has {listed(there, 3)} already; nothing was written. Name a new folder, or"
            " move the files away"
        )
    (folder / "data").mkdir(parents=True, exist_ok=True)
    everything = files | manuscript
    return [write_atomically(folder / path, content) for path, content in everything.items()]
