"""Guesses of `early-recurrence new --from` that nobody has confirmed yet."""

from __future__ import annotations

from pathlib import Path

from analysis.core.problems import Problems
from analysis.core.short_lists import listed
from analysis.core.word_lists import counted, plural
from analysis.study import Study

MARK = "# CONFIRM"


def check_unconfirmed(study: Study, problems: Problems) -> None:
    """One warning a file, with the lines of the marks."""
    files = [(study.path, study.path.name)]
    if study.cohort.dictionary is not None:
        files.append((study.cohort_folder / study.cohort.dictionary, study.cohort.dictionary))
    for path, name in files:
        lines = _marked(path)
        if lines:
            problems.warning(
                f"{counted(len(lines), 'guess is', 'guesses are')} not confirmed:"
                f" {plural(len(lines), 'line')} {listed(lines)}",
                name,
                "look at each, correct it, and take out the mark (# CONFIRM …)",
            )


def _marked(path: Path) -> list[str]:
    if not path.is_file():
        return []
    return [
        str(number)
        for number, line in enumerate(
            path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1
        )
        if line.strip().startswith(MARK)
    ]
