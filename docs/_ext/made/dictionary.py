"""The reference of dictionary.yml."""

from __future__ import annotations

from analysis.study.dictionary import Dictionary
from made.study_file import tables


def page() -> str:
    """Tables of both levels."""
    return tables(Dictionary, "dictionary")
