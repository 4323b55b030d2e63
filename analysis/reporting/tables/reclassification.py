"""Net reclassification and integrated discrimination, where the study asks for them."""

from __future__ import annotations

from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.tables.cells import estimate_cell
from analysis.reporting.tables.markdown import pipe_table

PARTS = {
    "nri_continuous_total": "NRI, continuous",
    "nri_continuous_events": "NRI, continuous, events",
    "nri_continuous_non_events": "NRI, continuous, non-events",
    "nri_categorical_total": "NRI, categories",
    "nri_categorical_events": "NRI, categories, events",
    "nri_categorical_non_events": "NRI, categories, non-events",
    "idi": "IDI",
}


def reclassification_markdown(results: Results) -> Markdown:
    """Index by index: the asymptotic and the bootstrap interval, each named."""
    pair = f"{results.plain('contrasts.model')}_vs_{results.plain('contrasts.primary')}"
    rows = [
        [
            label,
            *[
                estimate_cell(results, f"{name}.{pair}.{method}", together=True)
                for method in ("asymptotic", "bootstrap")
            ],
        ]
        for name, label in PARTS.items()
        if f"{name}.{pair}.bootstrap" in results.records
    ]
    return pipe_table(["Index", "Asymptotic interval", "Bootstrap interval"], rows)


def reclassification_counts_markdown(results: Results) -> Markdown:
    """Patients by the category of either model, a row a category of the primary comparator and
    outcome."""
    table = results.frame("tables/reclassification")
    categories = list(dict.fromkeys(table["new"]))
    rows = []
    for outcome, words in (("event", "Event"), ("non_event", "No event")):
        counts = (
            table[table["outcome"] == outcome]
            .pivot(index="old", columns="new", values="n")
            .loc[categories, categories]
        )
        rows += [
            [words if place == 0 else "", old, *[str(each) for each in row], str(row.sum())]
            for place, (old, row) in enumerate(zip(categories, counts.to_numpy(), strict=True))
        ]
    first, second = (
        results.text("label." + results.plain(f"contrasts.{name}")) for name in ("primary", "model")
    )
    return pipe_table(
        ["Outcome", f"By {first}", *[f"{second}: {each}" for each in categories], "All"],
        rows,
        left=2,
    )
