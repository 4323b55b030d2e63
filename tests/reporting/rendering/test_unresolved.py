"""Citations and cross-references that lead nowhere are found in the pages, with the nearest."""

import pytest

from analysis.reporting.rendering.unresolved import entries_of, unresolved
from tests.support.numbered_pages import BIBLIOGRAPHY, write_pages

TEXT = """# Results

Sample sizes followed Riley [@riley2020]. **Really?** See @tbl-flow.

::: {#tbl-flow}

| Cohort | n |
|:--|--:|
| All | 3 |

Patients.

:::

# References
"""


@pytest.mark.parametrize("formats", [("html",), ("docx",), ("html", "docx")])
def test_what_leads_nowhere_is_named_with_the_nearest(formats, tmp_path):
    (tmp_path / "all.bib").write_text(BIBLIOGRAPHY, encoding="utf-8")
    entries = entries_of([tmp_path / "all.bib"])
    assert "riley2020" in entries
    right = write_pages(tmp_path / "right", TEXT, formats)
    assert unresolved(right.values(), entries) == []
    wrong = TEXT.replace("@riley2020", "@riley2021; @riley2020").replace("@tbl-flow.", "@tbl-flwo.")
    pages = write_pages(tmp_path / "wrong", wrong, formats)
    lines = [each.line() for each in unresolved(pages.values(), entries)]
    name = f"index.{formats[0]}"
    assert lines == [
        f"{name}: no bibliography has the entry 'riley2021' (did you mean 'riley2020'?)",
        f"{name}: nothing has the label 'tbl-flwo'"
        + (" (did you mean 'tbl-flow'?)" if formats[0] == "html" else ""),
    ]
