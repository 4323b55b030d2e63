"""Which sections are the main text: from introduction to discussion, as journals count it."""

from __future__ import annotations

from analysis.reporting.journal.article import Article, plain_heading

# Sections that no journal counts.
NOT_COUNTED = (
    "abstract",
    "key points",
    "key results",
    "key point",
    "summary statement",
    "highlights",
    "declarations",
    "acknowledgements",
    "acknowledgments",
    "funding",
    "data availability",
    "abbreviations",
    "list of abbreviations",
    "author contributions",
    "conflict of interest",
    "references",
    "figure legends",
    "supplementary material",
)
_PLAIN = {plain_heading(each) for each in NOT_COUNTED}


def main_sections(article: Article) -> list[str]:
    """Headings of the sections that count."""
    return [name for name in article.sections if plain_heading(name) not in _PLAIN]
