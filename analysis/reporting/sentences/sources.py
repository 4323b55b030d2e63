"""Citations of the staging systems and indexes, score by score."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.reporting.manuscript import Results
from analysis.reporting.sentences.study_parts import listed
from analysis.results import keys
from models.staging.citations import CITATIONS


def cited(model: str) -> str:
    """The citation of a score that has one, with a space before it; else nothing."""
    return f" [{'; '.join(f'@{key}' for key in CITATIONS[model])}]" if model in CITATIONS else ""


def comparators_cited(results: Results, models: Sequence[str]) -> str:
    """List of the comparators with their citations.

    Each has its own citation. The list also says for which of them no publication is cited.
    """
    without = [results.text(keys.label(model)) for model in models if model not in CITATIONS]
    return listed([results.text(keys.label(model)) + cited(model) for model in models]) + (
        f" (no publication is cited for {listed(without)})" if without else ""
    )


def own_scores(results: Results) -> str:
    """Sentences on the study's own scores, one each with a space before it.

    The text is empty where the study has none.
    """
    if not (results.folder / "tables" / "scores.csv").is_file():
        return ""
    table = results.printed("tables/scores")
    own = table[table["status"] == "own"]
    return "".join(
        f" {row.label} is a score of this study's own: {str(row.source).rstrip('.')}."
        for row in own.itertuples()
    )
