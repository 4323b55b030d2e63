"""Whether the article of a bundle prints the numbers that the bundle's results hold."""

from __future__ import annotations

from analysis.reporting.manuscript import Results
from analysis.reporting.number_style import use_style
from analysis.reporting.numerals.count import NumeralCounter
from analysis.reporting.numerals.numeral import KEY
from analysis.workflow.review.rebuild import Bundle
from analysis.workflow.review.shared_article import FOLDER


def misprinted(bundle: Bundle) -> list[str]:
    """Each numeral of the bundle's pages that is bound to a result and is not that result's.

    A numeral that the authors typed, without a key, is their own affair; `numerals.json` of the
    study lists those.
    """
    pages = sorted((bundle.folder / FOLDER).glob("*.html"))
    if not pages:
        return []
    use_style(bundle.study.manuscript.number_style)
    results = Results(dict(bundle.results), bundle.study, bundle.folder)
    counter = NumeralCounter(results)
    return [
        f"{FOLDER}/{page.name} prints {each.numeral.text} for {each.numeral.detail}, which"
        f" results.json has as {results.plain(each.numeral.detail)}"
        for page in pages
        for each in counter.count(page).unbound
        if each.numeral.kind == KEY and each.numeral.detail in bundle.results
    ]
