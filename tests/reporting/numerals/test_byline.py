"""Numbers of affiliations and ORCID iDs below the title are no results, and need no key."""

from analysis.reporting.numerals.html_blocks import html_blocks
from analysis.reporting.numerals.numeral import all_numerals


def test_the_byline_is_bound(tmp_path):
    page = tmp_path / "index.html"
    page.write_text(
        '<body><div class="byline"><p>Anna Example<sup>1</sup>, 0000-0002-1825-0097</p></div>'
        "<p>Of 40 patients</p></body>",
        encoding="utf-8",
    )
    kinds = {each.text: each.kind for each in all_numerals(html_blocks(page))}
    assert kinds.pop("40") is None
    assert set(kinds.values()) == {"title"}
