"""The set of files that a journal asks for."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from analysis.core.environment import environment
from analysis.reporting.blinding import blinded, identities
from analysis.reporting.journal import counts_text, findings
from analysis.reporting.journal.article import Article, read_docx
from analysis.reporting.manuscript import open_results
from analysis.reporting.manuscript_folder import project_of
from analysis.reporting.sections.graphical_abstract import FIGURE as GRAPHICAL_ABSTRACT
from analysis.study import Study
from analysis.study.journals import Figures
from analysis.workflow.submission.checklists import (
    checklists_csv,
    checklists_markdown,
    with_places,
)
from analysis.workflow.submission.documents import (
    Document,
    make_document,
    prepare,
    settings_of,
)
from analysis.workflow.submission.figures import write_figure
from analysis.workflow.submission.folder import place, refuse_edited, written_whole
from analysis.workflow.submission.identity_check import revealing
from analysis.workflow.submission.title_page import title_page_markdown, write_word_file

FOLDER = "_submission"
# Document of the manuscript's folder → name of its files in the set.
FILES = {"index": "manuscript", "supplement": "supplement"}


class NotBlinded(ValueError):
    """A blinded file says who the authors are."""


@dataclass(frozen=True)
class Submission:
    """Submission that was written.

    folder: of the set; article: the manuscript as it was written; beyond: what the journal asks
    otherwise; blind: whether the manuscript is without authors; left_out: figures that lie in the
    manuscript alone.
    """

    folder: Path
    article: Article
    beyond: list[str]
    blind: bool
    left_out: list[str]


def _place_document(document: Document, folder: Path, name: str) -> None:
    place(document.word, folder / f"{name}.docx")
    place(document.pdf, folder / f"{name}.pdf")


def _place_floats(document: Document, folder: Path, asked: Figures) -> list[str]:
    """Write figures and tables as files named by their numbers.

    Returns the labels of figures that are no file of the results.
    """
    left_out = []
    for each in document.floats:
        name = each.label.lower().replace(" ", "-")
        if each.kind == "table":
            place(each.file, folder / "tables" / f"{name}.docx")
            continue
        (folder / "figures").mkdir(exist_ok=True)
        if not list(each.file.parent.glob(f"{each.file.name}.*")):
            left_out.append(each.label)
            continue
        write_figure(each.file, folder / "figures" / name, asked)
    return left_out


def _checklists(study: Study, documents: dict[str, Document], folder: Path, style: Path) -> None:
    results = open_results(study.path)
    items = with_places(
        results.frame("tables/checklists"),
        {name: document.places for name, document in documents.items()},
        {name: FILES[name] for name in documents},
    )
    (folder / "checklists.csv").write_text(checklists_csv(items), encoding="utf-8")
    write_word_file(checklists_markdown(items), folder / "checklists.docx", style)


def _check_blinded(study: Study, folder: Path) -> None:
    files = [path for path in sorted(folder.rglob("*.docx")) if path.name != "title-page.docx"]
    if found := revealing(files, identities(study)):
        raise NotBlinded(
            "nothing was written, as the manuscript would tell reviewers who the authors are; move"
            " this to `declarations:` or take it out:\n  " + "\n  ".join(found)
        )


def submit(study: Study, output: Path | None = None) -> Submission:
    """Write title page, manuscript, figures, tables, supplement, checklists and manifest.

    output: the set's folder; left out, `_submission` in the manuscript's folder. The manuscript is
    blinded unless the journal wants the authors in it. Raises NotBlinded, FileExistsError for a
    folder with edited files, FileNotFoundError without results, and what rendering raises; then
    nothing was written and an earlier set is as it was.
    """
    if not (study.output_folder / "results.json").is_file():
        raise FileNotFoundError(
            f"{study.output_folder / 'results.json'} is not there yet; `early-recurrence run` makes"
            " it"
        )
    project = project_of(study)
    folder = (output or project / FOLDER).resolve()
    refuse_edited(folder)
    journal = study.manuscript.preset
    blind = journal.blinded if journal else True
    shown = blinded(study) if blind else study
    asked = journal.figures if journal else Figures()
    with (
        written_whole(folder) as made,
        tempfile.TemporaryDirectory() as temporary,
        environment(settings_of(study, blind)),
    ):
        copy = Path(temporary)
        prepare(shown, project, copy)
        documents: dict[str, Document] = {}
        left_out: list[str] = []
        for stem, name in FILES.items():
            if not (copy / "report" / f"{stem}.qmd").is_file():
                continue  # an author may have taken the supplement away
            extra = {} if stem == "index" else {"float-prefix": "S"}
            documents[stem] = document = make_document(project, copy, stem, extra)
            _place_document(document, made, name)
            if stem == "index":  # those of the supplement stand in it
                left_out = _place_floats(document, made, asked)
        abstract = study.output_folder / "figures" / GRAPHICAL_ABSTRACT
        if abstract.with_name(f"{GRAPHICAL_ABSTRACT}.png").is_file():
            write_figure(abstract, made / "graphical-abstract", asked)
        article = read_docx(documents["index"].word)
        beyond = findings(study, article)
        style = copy / "report" / "reference.docx"
        _checklists(study, documents, made, style)
        write_word_file(title_page_markdown(study, article), made / "title-page.docx", style)
        if blind:
            _check_blinded(study, made)
    return Submission(folder, article, beyond=beyond, blind=blind, left_out=left_out)


def submission_text(study: Study, done: Submission) -> str:
    """What was written, words against the journal's limits, and what is left to do by hand."""
    journal = study.manuscript.preset
    names = sorted(
        path.relative_to(done.folder).as_posix()
        for path in done.folder.rglob("*")
        if path.is_file()
    )
    lines = [str(done.folder), *(f"  {name}" for name in names)]
    lines.append(counts_text(done.article))
    if journal and done.beyond:
        lines.append(f"{journal.title} ({journal.source}) asks for something else:")
        lines += [f"  {each}" for each in done.beyond]
    if done.left_out:
        lines.append(
            f"{', '.join(done.left_out)}: drawn within the document, so in the manuscript alone;"
            " save a file of each by hand"
        )
    if not done.blind:
        lines.append("The journal wants the authors in the manuscript, so it is not blinded.")
    return "\n".join(lines)
