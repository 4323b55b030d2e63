"""An interval of no width is not printed: it reads as certainty."""

from dataclasses import replace

import numpy as np
from IPython.display import Markdown

from analysis.reporting.claims.comparison import outperforms
from analysis.reporting.intervals import explained, identical, interval_text
from analysis.reporting.tables.cells import estimate_text, p_cell, p_with_role
from analysis.results import keys
from analysis.results.record import Record
from analysis.statistics.auc_difference import auc_difference
from analysis.statistics.classification import classification_metrics


def difference_of(first, second):
    """The record of a difference in AUC of these scores, as a study's comparison makes it."""
    found = auc_difference([0, 1] * 12, first, second)
    return Record(
        keys.delong("dlrcr", "rcr", "validation"),
        found.difference,
        found.ci_low,
        found.ci_high,
        p=found.p,
        n=24,
        unit="AUC difference",
    )


def test_scores_that_rank_alike_are_said_to():
    score = np.random.default_rng(1).normal(size=24)
    record = difference_of(score, np.exp(score) / 7)
    assert record.p == 1.0
    assert identical(record) == estimate_text(record) == "identical ranking"
    other = difference_of(score, np.random.default_rng(2).normal(size=24))
    assert identical(other) == ""
    assert estimate_text(other).endswith(")")


def test_an_identical_ranking_has_neither_interval_nor_p(liver):
    score = np.random.default_rng(1).normal(size=24)
    record = difference_of(score, 3 * score)
    shown = replace(liver, records=liver.records | {record.key: record})
    assert p_cell(shown, record) == p_with_role(shown, "rcr", record) == "–"
    assert shown.plain(record.key, "interval") == "0.000; identical ranking"
    assert shown.plain(record.key, "ci") == "0.000 (identical ranking)"
    sentence = shown.fill_plain(outperforms(shown, "rcr").template)
    assert "(difference in AUC 0.000; identical ranking)" in sentence
    assert "CI" not in sentence
    block = str(shown.table_block("tbl-x", Markdown(f"| {estimate_text(record)} |"), "Models."))
    assert "Identical ranking: both scores put the two patients of every pair" in block


def test_an_index_that_no_resample_changes_stands_without_interval():
    """Everybody is classified as positive: balanced accuracy is one half in every resample."""
    found = classification_metrics([0, 1] * 12, np.ones(24), 0.5)["balanced_accuracy"]
    assert (found.value, found.ci_low, found.ci_high) == (0.5, 0.5, 0.5)
    cell = estimate_text(Record("x", found.value, found.ci_low, found.ci_high, unit="proportion"))
    assert cell == "0.500†"
    assert explained(f"| {cell} |").startswith("† The same in every resample")
    assert explained("| 0.500 (0.300–0.700) |") == ""


def test_a_range_that_is_no_statistic_keeps_its_ends():
    assert interval_text(20, 20, "epochs") == "20–20"
    assert interval_text(0.5, 0.5, "proportion") == ""
    assert interval_text(0.5, 0.6, "proportion") == "0.500–0.600"
