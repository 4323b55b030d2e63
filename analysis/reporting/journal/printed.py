"""Which figures and tables the article prints; the others stand in its supplement."""

from __future__ import annotations

from collections.abc import Collection

from analysis.study.journals import Journal

# Figures and tables of the article, the first for a clinical reader first: who was studied, how
# well the models do, what they add to staging, and what a model is made of.
ORDER = (
    "fig-flow",
    "tbl-baseline",
    "fig-roc",
    "tbl-classification",
    "fig-calibration",
    "fig-decision",
    "tbl-added-value",
    "fig-places",
    "tbl-regression",
    "fig-nomogram",
    "tbl-auc",
    "fig-survival",
    "tbl-comparators",
    "fig-roc-staging",
    "fig-forest",
    "tbl-features",
    "tbl-calibration",
    "tbl-net-benefit",
    "fig-grad-cam",
    "fig-phases",
    "tbl-parts",
    "fig-selection",
    "fig-instability",
    "tbl-flow",
)
# Of journals that say nothing of figures and tables: what most clinical journals allow.
USUAL = 8


def printed(
    there: Collection[str], journal: Journal | None, own: Collection[str] = ()
) -> frozenset[str]:
    """Labels of the figures and tables that the article prints, within the journal's limits.

    there: labels that this study has; those that are not in ORDER are printed always, as are those
    that an author's own text lays out (own).
    """
    figures = journal.figures.most if journal else None
    tables = journal.tables.most if journal and journal.tables else None
    floats = journal.floats.most if journal and journal.floats else None
    if (figures, tables, floats) == (None, None, None):
        floats = USUAL
    most = {"fig": figures, "tbl": tables}
    counts = {"fig": 0, "tbl": 0}
    taken = list(dict.fromkeys([*own, *(each for each in there if each not in ORDER)]))
    for label in taken:
        counts[label[:3]] += 1
    for label in ORDER:
        kind = label[:3]
        limit = most[kind]
        within = limit is None or counts[kind] < limit
        within = within and (floats is None or sum(counts.values()) < floats)
        if label in there and label not in taken and within:
            counts[kind] += 1
            taken.append(label)
    return frozenset(taken)
