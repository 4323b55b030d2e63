"""What the study file assumes, as a list."""

from __future__ import annotations

from IPython.display import Markdown

from analysis.reporting.manuscript import Results


def assumptions_list(results: Results) -> Markdown:
    """One bullet an assumption; says so where there is none."""
    texts = [
        str(record.value)
        for key, record in sorted(results.records.items())
        if key.startswith("assumption.")
    ]
    return Markdown(
        "\n".join(f"- {text}" for text in texts) or "The study file states no assumptions."
    )
