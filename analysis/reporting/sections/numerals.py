"""How many numerals of the article are bound, as the supplement says it."""

from __future__ import annotations

from pathlib import Path

from analysis.reporting.numerals.report import article_sentence
from analysis.reporting.sections.context import Context
from analysis.reporting.sections.registry import section

PAGE = Path("report") / "index.html"


@section(
    "numerals-bound",
    "how many numerals of the article are bound to results, read in its rendered page",
    decided=True,
)
def numerals_bound(c: Context) -> str:
    """A sentence within the supplement, which is rendered after the article.

    Quarto keeps the page beside its source until all documents are done, the preview in a folder of
    its own.
    """
    project = c.r.project or Path.cwd()
    output = project / "_report"
    return article_sentence(
        c.r, [project / PAGE, output / PAGE, *output.glob(f".rendering-*/{PAGE.as_posix()}")]
    )
