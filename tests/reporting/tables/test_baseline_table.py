"""Table 1: groups of the data dictionary, differences on request, percentages by the journal."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.reporting.manuscript import open_results
from analysis.reporting.tables import baseline_markdown, table_one_markdown
from analysis.reporting.tables.baseline_groups import with_headings
from analysis.reporting.tables.percentages import with_decimals
from tests.support.authored_study import change
from tests.support.fake_kinds import LIVER
from tests.support.fake_results import write_fake_study


@pytest.fixture
def study(tmp_path):
    return write_fake_study(LIVER, tmp_path)


def rows(table) -> list[list[str]]:
    lines = table.data.splitlines()
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in (lines[0], *lines[2:])
    ]


def first_column(table) -> list[str]:
    return [row[0] for row in rows(table)]


def test_variables_stand_below_the_headings_that_the_dictionary_names(study):
    tables = study.parent / "outputs" / "tables"
    labels = pd.read_csv(tables / "baseline.csv")["variable"].dropna().str.partition(", ")[0]
    frame = pd.DataFrame({"label": labels, "group": None})
    frame.loc[frame["label"] == labels[0], "group"] = "Laboratory"
    frame.to_csv(tables / "variables.csv", index=False)
    for table in (table_one_markdown, baseline_markdown):
        column = first_column(table(open_results(study)))
        assert column.count("**Laboratory**") == 1
        assert column[column.index("**Laboratory**") + 1].startswith(labels[0])


def test_a_heading_stands_once_above_its_rows():
    assert with_headings([["a", "1"], ["b", "2"], ["c", "3"]], ["", "Liver", "Liver"]) == [
        ["a", "1"],
        ["**Liver**", ""],
        ["b", "2"],
        ["c", "3"],
    ]


def test_standardised_differences_are_printed_on_request(study):
    header = rows(table_one_markdown(open_results(study)))[0]
    assert not [each for each in header if "SMD" in each]
    change(study, manuscript={"smd": True})
    table = rows(table_one_markdown(open_results(study)))
    assert [each for each in table[0] if "SMD" in each] == ["Cohort‖SMD", "Outcome‖SMD"]
    place = table[0].index("Cohort‖SMD")
    assert any(row[place].replace(".", "").isdigit() for row in table[1:])


def test_percentages_are_rounded_once_from_the_counts():
    # 46 of 86 are 53.488 %: 53.5 by one decimal, and 53, not 54, by none.
    assert with_decimals("46 (53.5)", 0, 86) == "46 (53)"
    assert with_decimals("71 (53.8)", 0, 132) == "71 (54)"
    assert with_decimals("71 (53.8)", 1, 132) == "71 (53.8)"
    assert with_decimals("71 (53.8)", None, 132) == "71 (53.8)"
    assert with_decimals("56 [48.8, 64]", 0, 132) == "56 [48.8, 64]"
