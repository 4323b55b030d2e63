"""Quarto's post-render step.

It gives tables of the pages as Excel and CSV, Word's tables with rows that stay whole, JATS with
labels, the count of bound numerals, and claims that changed since the lock.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from xml.etree.ElementTree import ParseError

# Set by `early-recurrence render`, which counts numerals itself once all formats are there.
COUNTED_LATER = "EARLY_RECURRENCE_COUNTED_LATER"
INLINE = "{python} "
EMPTY = (
    "early-recurrence: {page} shows the source of an inline expression ({{python}} …), as Quarto"
    " does where a value is empty; give it some text, or leave the sentence to a cell with `output:"
    " asis`"
)


def main() -> int:
    """Finishes the files that Quarto rendered; exit status."""
    # Imported here: the command line reads a name of this module, and must start at once.
    from analysis.core.project_folder import study_path
    from analysis.reporting.claims import changes_of
    from analysis.reporting.journal import report_counts
    from analysis.reporting.rendering.jats import finish_jats
    from analysis.reporting.rendering.spreadsheets import write_spreadsheets
    from analysis.reporting.rendering.word_tables import finish_tables
    from analysis.study import StudyError, load_study
    from analysis.workflow.bound_numerals import say_bound
    from analysis.workflow.published_pages import publish_pages

    pages = os.environ.get("QUARTO_PROJECT_OUTPUT_FILES", "").splitlines()
    try:
        study = load_study(study_path())
        for name in pages:
            if name.endswith(".html") and Path(name).is_file():
                write_spreadsheets(Path(name))
                if INLINE in Path(name).read_text(encoding="utf-8"):
                    print(EMPTY.format(page=name), file=sys.stderr)
            elif name.endswith(".docx") and Path(name).is_file():
                finish_tables(Path(name))
            elif name.endswith(".xml") and Path(name).is_file():
                finish_jats(Path(name), study.manuscript.journal_title)
        said = [changes_of(study), report_counts(study, [Path(name) for name in pages])]
    except (StudyError, ParseError, ValueError, OSError) as error:
        print(f"early-recurrence: {error}", file=sys.stderr)
        return 1
    for each in filter(None, said):
        print(each, file=sys.stderr)
    if os.environ.get(COUNTED_LATER):
        return 0
    try:
        say_bound(study, [Path(name) for name in pages])
        publish_pages(study, [Path(name) for name in pages])
    except (KeyError, ValueError, OSError) as error:
        print(f"early-recurrence: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
