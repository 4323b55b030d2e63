"""Words of the article by section, and which sections make up its main text."""

from __future__ import annotations

from pathlib import Path

from analysis.reporting.journal.article import Article, read_article
from analysis.reporting.journal.limits import findings
from analysis.reporting.journal.main_text import main_sections
from analysis.study import Study


def counts_text(article: Article) -> str:
    """Words of each section, of the main text, and numbers of figures and tables, on one line."""
    words = {
        name: sum(each.words for each in article.paragraphs if each.section == name)
        for name in article.sections
    }
    main = sum(words[name] for name in main_sections(article))
    parts = [f"{name} {count:,}" for name, count in words.items()]
    return (
        f"Words: {', '.join(parts)}; main text {main:,}. Figures:"
        f" {len(article.floats('Figure'))}; tables: {len(article.floats('Table'))}."
    )


def report_counts(study: Study, paths: list[Path], strict: bool = False) -> str | None:
    """Word counts of what was rendered, and what is beyond the journal's limits, as lines.

    The result is None where neither Word nor page was rendered.

    Raises ValueError with the same lines where `strict` and something is beyond.
    """
    article = read_article(paths)
    if article is None:
        return None
    said, beyond = [counts_text(article)], findings(study, article)
    if beyond and (journal := study.manuscript.preset):
        said.append(f"{journal.title} ({journal.source}) asks for something else:")
        said += [f"  {each}" for each in beyond]
    if strict and beyond:
        raise ValueError("\n".join(said))
    return "\n".join(said)
