"""The leakage guards: what each looked at, what it found, and its verdict."""

from __future__ import annotations

from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.tables.markdown import pipe_table, table


@table
def guards_markdown(results: Results) -> Markdown:
    """One row a guard."""
    frame = results.printed("tables/guards")
    return pipe_table(
        ["Guard", "Looked at", "Found", "Verdict"],
        [
            [
                row.title,
                row.looked_at,
                row.finding,
                f"**{row.verdict}**" if row.verdict == "fail" else row.verdict,
            ]
            for row in frame.itertuples()
        ],
        left=3,
    )
