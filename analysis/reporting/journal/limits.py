"""The article against what its journal asks; a limit that is not known is not checked."""

from __future__ import annotations

from analysis.reporting.journal.article import Article, Paragraph, plain_heading, same_heading
from analysis.reporting.journal.main_text import main_sections
from analysis.study import Study
from analysis.study.journals import Journal, KeyPoints


def _words(paragraphs: list[Paragraph]) -> int:
    return sum(each.words for each in paragraphs)


def _over(what: str, words: int, most: int | None, unit: str = "words") -> list[str]:
    if most is None or words <= most:
        return []
    return [f"{what}: {words:,} {unit}, at most {most:,}"]


def _headings(what: str, wanted: list[str], found: list[str]) -> list[str]:
    """Missing, foreign or in another order."""
    if not wanted or [plain_heading(each) for each in found] == list(map(plain_heading, wanted)):
        return []
    return [
        f"{what}: the parts are {', '.join(wanted)}; here they are"
        f" {', '.join(found) if found else 'not marked in bold'}"
    ]


def _abstract(journal: Journal, article: Article) -> list[str]:
    paragraphs = article.of("Abstract")
    if not paragraphs:
        return ["there is no section Abstract"]
    found = [each.lead for each in paragraphs if each.lead]
    return [
        *_over("Abstract", _words(paragraphs), journal.abstract.words),
        *_headings("Abstract", journal.abstract.headings, found),
    ]


def _key_points(points: KeyPoints, article: Article) -> list[str]:
    paragraphs = article.of(points.heading)
    if not paragraphs:
        return [f"there is no section {points.heading}"]
    said = _over(points.heading, _words(paragraphs), points.all_words)
    said += _headings(
        points.heading, list(points.items), [each.lead for each in paragraphs if each.lead]
    )
    for name, most in points.items.items():
        own = [each for each in paragraphs if same_heading(each.lead, name)]
        said += _over(f"{points.heading}, {name}", _words(own) - len(name.split()), most)
    return said


def _title(study: Study, journal: Journal, article: Article) -> list[str]:
    keywords, running = study.manuscript.keywords, study.manuscript.running_title
    said = _over("title", len((article.title or study.study.title).split()), journal.title_words)
    if journal.keywords and not journal.keywords[0] <= len(keywords) <= journal.keywords[1]:
        least, most = journal.keywords
        said.append(
            f"keywords: {len(keywords)}, between {least} and {most} (manuscript: keywords in"
            f" {study.path.name})"
        )
    if running and journal.running_title is False:
        said.append("running title: the journal wants none")
    return said


def _floats(journal: Journal, article: Article) -> list[str]:
    """Numbers of figures and tables; those beyond the limit are named, for the supplement."""
    figures, tables = article.floats("Figure"), article.floats("Table")
    said = []
    limits: list[tuple[str, list[str], int | None]] = [
        ("figures", figures, journal.figures.most),
        ("tables", tables, journal.tables.most if journal.tables else None),
        ("figures and tables", figures + tables, journal.floats.most if journal.floats else None),
    ]
    for what, found, limit in limits:
        if limit is not None and len(found) > limit:
            said.append(f"{what}: {len(found)}, at most {limit}; the supplement takes the others")
    return said


def findings(study: Study, article: Article) -> list[str]:
    """What the journal asks otherwise, a line each; nothing without a journal of journals.yml."""
    journal = study.manuscript.preset
    if journal is None:
        return []
    main = main_sections(article)
    said = [*_title(study, journal, article), *_abstract(journal, article)]
    if journal.key_points:
        said += _key_points(journal.key_points, article)
    counted = [each for each in article.paragraphs if each.section in main]
    said += _over("main text", _words(counted), journal.main_text)
    for name, most in journal.sections.items():
        said += _over(name, _words(article.of(name)), most)
    return said + _floats(journal, article)
