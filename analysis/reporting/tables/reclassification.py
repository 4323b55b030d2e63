"""Net reclassification and integrated discrimination, where the study asks for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.tables.cells import estimate_cell
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.results import keys

PARTS: dict[str, Callable[[str, str, str], keys.Key]] = {
    "NRI, continuous": partial(keys.nri_continuous, "total"),
    "NRI, continuous, events": partial(keys.nri_continuous, "events"),
    "NRI, continuous, non-events": partial(keys.nri_continuous, "non_events"),
    "NRI, categories": partial(keys.nri_categorical, "total"),
    "NRI, categories, events": partial(keys.nri_categorical, "events"),
    "NRI, categories, non-events": partial(keys.nri_categorical, "non_events"),
    "IDI": keys.idi,
}


@table
def reclassification_markdown(results: Results) -> Markdown:
    """Index by index: the asymptotic and the bootstrap interval, each named."""
    pair = results.plain(keys.contrasts_model()), results.plain(keys.contrasts_primary())
    rows = [
        [
            label,
            *[
                estimate_cell(results, quantity(*pair, method), together=True)
                for method in ("asymptotic", "bootstrap")
            ],
        ]
        for label, quantity in PARTS.items()
        if quantity(*pair, "bootstrap") in results.records
    ]
    return pipe_table(["Index", "Asymptotic interval", "Bootstrap interval"], rows)


@table
def reclassification_counts_markdown(results: Results) -> Markdown:
    """Reclassification table of the patients.

    Patients by the category of either model, a row a category of the primary comparator and
    outcome.
    """
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
        results.text(keys.label(results.plain(key)))
        for key in (keys.contrasts_primary(), keys.contrasts_model())
    )
    return pipe_table(
        ["Outcome", f"By {first}", *[f"{second}: {each}" for each in categories], "All"],
        rows,
        left=2,
    )
