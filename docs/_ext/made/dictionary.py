"""The reference of dictionary.yml."""

from __future__ import annotations

from made.study_file import tables

from analysis.study.dictionary import Dictionary


def page() -> str:
    """Tables of both levels."""
    return tables(Dictionary, "dictionary")
