"""The comparisons that were named beforehand, and carry a P-value."""

from __future__ import annotations

from analysis.reporting.manuscript import Results
from analysis.reporting.number_style import p_heading
from analysis.reporting.tables.cells import estimate_cell, p_cell
from analysis.reporting.tables.markdown import Table, pipe_table, table
from analysis.results import keys


def contrast_keys(results: Results) -> dict[str, tuple[str, str]]:
    """Comparator → (role, key): the primary contrast, then the family.

    A staging system or index is tested by what the model adds to it.
    """
    model = results.plain(keys.contrasts_model())
    primary = (
        [str(results.record(keys.contrasts_primary()).value)]
        if results.has_value(keys.contrasts_primary())
        else []
    )
    roles = dict.fromkeys(results.names(keys.contrasts_family()), "Holm family") | dict.fromkeys(
        primary, "Primary"
    )
    ordered = [*primary, *[name for name in roles if name not in primary]]
    return {
        name: (
            roles[name],
            (
                keys.added_value(name)
                if keys.added_value(name) in results.records
                else keys.delong(model, name, "validation")
            ),
        )
        for name in ordered
    }


@table
def contrasts_markdown(results: Results) -> Table:
    """Table of the contrasts.

    It has role, comparison, patients, difference or gain in AUC with its interval, and P:
    unadjusted for the primary, Holm-adjusted in the family.
    """
    model = results.text(keys.label(results.plain(keys.contrasts_model())))
    rows = []
    for name, (role, key) in contrast_keys(results).items():
        record = results.records.get(key)
        what = (
            f"{results.text(keys.label(name))} + {model} vs {results.text(keys.label(name))}"
            if key == keys.added_value(name)
            else f"{model} vs {results.text(keys.label(name))}"
        )
        rows.append(
            [
                role,
                what,
                "–" if record is None or record.n is None else str(record.n),
                estimate_cell(results, key, together=True),
                p_cell(results, record),
            ]
        )
    return pipe_table(["Role", "Comparison", "n", "Difference in AUC", p_heading()], rows, left=2)
