"""The leakage guards: what each looked at, what it found, and its verdict."""

from __future__ import annotations

from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.results import keys


def _verdict(results: Results, name: str, verdict: str) -> str:
    key = keys.guard(name)
    words = results.text(key) if key in results.records else verdict
    return f"**{words}**" if verdict == "fail" else words


@table
def guards_markdown(results: Results) -> Markdown:
    """One row a guard."""
    frame, names = results.printed("tables/guards"), list(results.frame("tables/guards")["name"])
    return pipe_table(
        ["Guard", "Looked at", "Found", "Verdict"],
        [
            [
                row.title,
                row.looked_at,
                row.finding,
                _verdict(results, names[position], row.verdict),
            ]
            for position, row in enumerate(frame.itertuples())
        ],
        left=3,
    )
