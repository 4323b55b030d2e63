"""Title page of a submission: what reviewers are not shown."""

from __future__ import annotations

from pathlib import Path

import pypandoc

from analysis.reporting.journal import Article, counts_text
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.rendering.page import STYLE
from analysis.reporting.rendering.title_block import affiliations_in_order, byline
from analysis.reporting.rendering.word_tables import finish_tables
from analysis.reporting.sentences.declared import stated
from analysis.study import Study


def title_page_markdown(study: Study, article: Article) -> str:
    """Title, authors with their affiliations and addresses, keywords, words, declarations.

    article: the manuscript as it was written.
    """
    about, manuscript = study.study, study.manuscript
    lines = byline(study)
    parts = [lines.get("names", "Not stated."), *lines.get("affiliations", [])]
    parts += lines.get("notes", [])
    blocks = [f"# {literal(about.title)}"]
    if manuscript.running_title:
        blocks.append(f"**Running title.** {literal(manuscript.running_title)}")
    if manuscript.journal_title:
        blocks.append(f"**Journal.** {literal(manuscript.journal_title)}")
    blocks += ["## Authors", *parts]
    if not affiliations_in_order(study):
        blocks.append("**\\[authors: affiliations\\]**")
    if not any(each.corresponding for each in about.authors):
        blocks.append("**\\[authors: corresponding author\\]**")
    if lines.get("keywords"):
        blocks += ["## Keywords", lines["keywords"]]
    blocks += ["## Words", literal(counts_text(article))]
    blocks.append("## Declarations")
    blocks += [f"**{title}.** {words or 'Not stated.'}" for title, words in stated(study).items()]
    return "\n\n".join(blocks) + "\n"


def write_word_file(markdown: str, path: Path, reference: Path) -> None:
    """Write Markdown of one's own as a Word file in the manuscript's style.

    reference: the manuscript's template; where it is not there, pandoc's own is taken.
    """
    styled = [f"--reference-doc={reference}"] if reference.is_file() else []
    pypandoc.convert_text(
        markdown,
        "docx",
        format="markdown-raw_html",
        outputfile=str(path),
        extra_args=["--standalone", f"--lua-filter={STYLE / 'only_text.lua'}", *styled],
    )
    finish_tables(path)
