"""What the study file assumes, as a list."""

from __future__ import annotations

from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.variable_labels import variable_labels
from analysis.results import keys


def assumptions_list(results: Results) -> Markdown:
    """One bullet an assumption; says so where there is none."""
    texts = [
        results.stated(str(record.value), record.key)
        for _, record in sorted(
            keys.assumption.of(results.records), key=lambda found: found[0]["item"]
        )
    ]
    assumed = [parts["variable"] for parts, _ in results.all_of(keys.assumed_value)]
    texts += [
        f"{literal(label)} taken as {results.text(keys.assumed_value(variable))} where it is"
        f" missing ({results.plural(keys.assumed_patients(variable), 'patient')})"
        for variable, label in zip(assumed, variable_labels(results, assumed), strict=True)
    ]
    return Markdown(
        "\n".join(f"- {text}" for text in texts) or "The study file states no assumptions."
    )
