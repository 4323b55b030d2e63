"""What a cell prints is bound by no key, whatever it printed; the authors' reason binds it."""

from __future__ import annotations

import json

import pytest

from analysis.reporting.numerals.count import FROM_CELL
from analysis.reporting.numerals.report import (
    UnboundNumerals,
    count_pages,
    count_words,
    demand_all,
    write_count,
)
from analysis.reporting.rendering.execute import executed_markdown
from tests.conftest import ROOT
from tests.support.numbered_pages import made_results, write_pages

DOCUMENT = """# Results

```{python}
print(0.93)
```

```{python}
7 * 6
```

::: {.own reason="output of other software"}

```{python}
print("rho = 0.81, `0.82`")
```

:::

```
early-recurrence keys --limit 5
```
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Results, and a document of cells in html and Word."""
    folder = tmp_path_factory.mktemp("cells")
    results = made_results(folder)
    (folder / "index.qmd").write_text(DOCUMENT, encoding="utf-8")
    _, markdown = executed_markdown(folder / "index.qmd", folder / "media", folder, ROOT)
    return results, write_pages(folder / "pages", markdown, ("html", "docx", "pdf"))


@pytest.mark.parametrize("suffix", [".html", ".docx"])
def test_what_a_cell_prints_is_not_bound(pages, suffix):
    results, files = pages
    (counted,) = count_pages([files[suffix]], results)
    found = [(each.numeral.text, each.advice) for each in counted.unbound]
    assert found == [("0.93", FROM_CELL), ("42", FROM_CELL)]
    # The two with a reason; what the authors typed as code; 24 of the title.
    assert counted.kinds == {"own": 2, "code": 1, "title": 1}
    assert "1 of" not in count_words([counted])
    assert "4 of 6 numerals bound (1 file), 2 of the others printed by cells; not bound" in (
        count_words([counted])
    )
    with pytest.raises(UnboundNumerals, match="a cell of the document printed it"):
        demand_all([counted])


def test_the_pdf_beside_it_has_them_unbound(pages):
    pytest.importorskip("pypdfium2")
    results, files = pages
    (counted,) = count_pages([files[".pdf"]], results)
    assert [each.numeral.text for each in counted.unbound] == ["0.93", "42"]


def test_numerals_json_says_how_many(pages, tmp_path):
    results, files = pages
    path = write_count(tmp_path, count_pages([files[".html"]], results))
    assert json.loads(path.read_text(encoding="utf-8"))["index.html"]["printed_by_cells"] == 2
