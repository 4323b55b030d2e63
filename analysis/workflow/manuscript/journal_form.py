"""What a journal asks, and its form of abstract and key points as text to put into the article."""

from __future__ import annotations

from analysis.reporting.journal.article import same_heading
from analysis.study import Study
from analysis.study.journals import Journal, journals

# Part of an abstract or of key points → what the package's own article says there.
PARTS = {
    "Background": '`{python} says("background")`',
    "Purpose": '`{python} says("purpose")`',
    "Objectives": '`{python} says("background")` `{python} says("purpose")`',
    "Question": '`{python} says("purpose")`',
    "Materials and Methods": (
        'Of `{python} r("cohort.n")` patients, `{python} r("cohort.labelled.n")` had a known'
        ' outcome, `{python} says("abstract-cohorts")`. `{python} r("split.words")`'
        ' `{python} says("abstract-models")`'
    ),
    "Results": '`{python} says("abstract-results")`',
    "Findings": '`{python} says("abstract-best")` `{python} claims.grouped("outperforms")`',
    "Conclusion": '`{python} claims("conclusion")`',
}


def _part(heading: str) -> str:
    known = (words for name, words in PARTS.items() if same_heading(name, heading))
    return f"**{heading}.** {next(known, f'[authors: {heading[:1].lower()}{heading[1:]}]')}"


def form(journal: Journal) -> str:
    """Markdown of abstract and key points in the journal's parts; empty where it has none."""
    parts = [_part(each) for each in journal.abstract.headings]
    text = ["# Abstract {#sec-abstract}", *parts] if parts else []
    if journal.key_points:
        items = list(journal.key_points.items) or ["Findings"]
        text += [f"# {journal.key_points.heading}", *map(_part, items)]
    return "\n\n".join(text)


def _limits(journal: Journal) -> list[tuple[str, object]]:
    points, figures = journal.key_points, journal.figures
    least_most = journal.keywords and f"{journal.keywords[0]} to {journal.keywords[1]}"
    return [
        ("words of the abstract, at most", journal.abstract.words),
        ("words of the key points, at most", points and points.all_words),
        *(
            (f"words of {name.lower()}, at most", words)
            for name, words in (points.items if points else {}).items()
        ),
        ("words of the main text, at most", journal.main_text),
        *((f"words of {name}, at most", words) for name, words in journal.sections.items()),
        ("words of the title, at most", journal.title_words),
        ("keywords", least_most),
        ("figures, at most", figures.most),
        ("tables, at most", journal.tables and journal.tables.most),
        ("figures and tables, at most", journal.floats and journal.floats.most),
        ("figures' widths, mm", " and ".join(f"{each:g}" for each in figures.widths_mm)),
        ("dots an inch of a TIFF", figures.dpi),
        ("formats of figures", ", ".join(figures.formats) or None),
        ("manuscript without authors", "yes" if journal.blinded else "no"),
        ("supplement", journal.supplement),
        ("not known, so not checked", journal.unsure),
        ("source", journal.source),
        ("as read", journal.read),
    ]


def journal_text(study: Study) -> str:
    """The study's journal for the terminal. Raises ValueError without a journal of journals.yml."""
    journal = study.manuscript.preset
    if journal is None:
        raise ValueError(
            f"{study.path.name} names no journal that this version knows; `manuscript: {{journal:"
            f" …}}` takes {', '.join(journals())}"
        )
    rows = [(name, value) for name, value in _limits(journal) if value is not None]
    width = max(len(name) for name, _ in rows)
    lines = [journal.title, *(f"  {name:<{width}}  {value}" for name, value in rows)]
    text = form(journal)
    return "\n".join([*lines, "", text] if text else lines)
