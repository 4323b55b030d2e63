"""The article with tracked changes between two states of a study, and a table of them."""

from __future__ import annotations

import json
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypandoc

from analysis.core.cache import write_atomically
from analysis.core.word_lists import counted, listed
from analysis.reporting.manuscript_folder import project_of
from analysis.reporting.rendering.assets import write_assets
from analysis.reporting.rendering.word_tables import with_finished_tables
from analysis.study import Study
from analysis.workflow.cohort_update.difference import Difference, difference
from analysis.workflow.redline.article import Article, documents, write_article
from analysis.workflow.redline.blocks import Comparison
from analysis.workflow.redline.explain import Explanation
from analysis.workflow.redline.response import (
    response_rows,
    uncompared_rows,
    write_response,
)
from analysis.workflow.redline.states import (
    RedlineError,
    State,
    check_same_study,
    laid_out_folder,
    read_state,
    same_tables,
)
from analysis.workflow.redline.tracking import Tracking
from analysis.workflow.redline.uncompared import uncompared_words
from analysis.workflow.redline.word_marks import finished

NOTHING = "Nothing changed: the two states have the same results."
NO_TABLES = (
    "No result changed. Tables whose cells have no key, such as that of baseline characteristics,"
    " are not compared: {states} no record of them; name the folder of results of that state."
)


@dataclass(frozen=True)
class Redline:
    """paths: of the files written, none where nothing changed. message: what was found."""

    paths: list[Path]
    message: str


def _lender(states: tuple[State, State], study: Study) -> Path:
    """Folder whose tables and pictures stand in for those that a lock does not hold."""
    folders = [state.folder for state in reversed(states) if state.has_tables and state.folder]
    for folder in [*folders, study.output_folder]:
        if (folder / "tables").is_dir():
            return folder
    raise RedlineError(
        "neither state is a folder of results, and the study has none either, so that there is no"
        " table or figure to write the article with; `early-recurrence run` makes them"
    )


def _written(
    states: tuple[State, State], study: Study, name: str, project: Path, work: Path
) -> tuple[Article, Article]:
    lender, articles = _lender(states, study), []
    for side, state in zip(("old", "new"), states, strict=True):
        results = laid_out_folder(state, study, lender, work / side)
        with tempfile.TemporaryDirectory(dir=project, prefix=".redline-") as copy:
            media = work / f"{side}_files"
            try:
                articles.append(
                    write_article(
                        study, project, name=name, results=results, copy=Path(copy), media=media
                    )
                )
            except RedlineError as error:
                raise RedlineError(f"{state.title}: {error}") from error
    return articles[0], articles[1]


def _compared(
    states: tuple[State, State], articles: tuple[Article, Article], explain: Explanation
) -> tuple[dict[str, Any], Tracking]:
    old, new = articles
    tracking = Tracking(states[1].date, explain)
    titles = (states[0].title, states[1].title)
    merged = Comparison(old, new, titles, tracking).blocks(old.tree["blocks"], new.tree["blocks"])
    return {**new.tree, "blocks": merged}, tracking


def _as_word(tree: dict[str, Any], date: str, reference: Path | None, work: Path) -> bytes:
    styles = [] if reference is None else [f"--reference-doc={reference}"]
    pypandoc.convert_text(
        json.dumps(tree),
        "docx",
        format="json",
        outputfile=str(work / "redline.docx"),
        extra_args=[f"--resource-path={work}", "--default-image-extension=png", *styles],
    )
    return with_finished_tables(finished((work / "redline.docx").read_bytes(), date))


def _remarks(
    states: tuple[State, State], found: Difference, explain: Explanation, tracking: Tracking
) -> list[str]:
    """Which states, why their numbers differ, and what could not be compared."""
    old, new = states
    said = [
        f"From {old.title} ({old.date[:10]}) to {new.title} ({new.date[:10]}):"
        f" {counted(len(found.moves), 'number')} moved,"
        f" {counted(len(found.words), 'statement differs', 'statements differ')},"
        f" {counted(len(found.appeared), 'result is', 'results are')} new and {len(found.gone)}"
        f" gone. Why: {explain.why}.",
        f"In the article {counted(len(tracking.changes), 'change is', 'changes are')} marked.",
    ]
    if tracking.uncompared:
        said.append(uncompared_words(tracking.uncompared))
    return said


def _nothing(states: tuple[State, State]) -> str:
    without = [state.title for state in states if not state.tables]
    if not without or states[0].path == states[1].path:
        return NOTHING
    verb = "holds" if len(without) == 1 else "hold"
    return NO_TABLES.format(states=f"{listed(without)} {verb}")


def redline(
    study: Study, old: Path, new: Path, output: Path | None = None, document: str = "index"
) -> Redline:
    """Write the document with tracked changes, and the table for the response letter.

    The changes are from `old` to `new`, each a lock, a results.json or a folder of results.
    Document and table are written into `output` (default: `redline` beside the manuscript).

    Raises RedlineError or LockError for a file that is no state of this study.
    """
    states = (read_state(old), read_state(new))
    check_same_study(states, study)
    found = difference(states[0].snapshot, states[1].snapshot, states[1].snapshot.sections)
    if found.empty and same_tables(*states):
        return Redline([], _nothing(states))
    project = project_of(study)
    if document not in documents(project):
        raise RedlineError(
            f"{project / 'report'} has no document '{document}'; it has"
            f" {', '.join(documents(project))}"
        )
    write_assets(study, project)  # the title block and Word's styles, as before each render
    explain = Explanation(states[0].snapshot, states[1].snapshot, found)
    with ExitStack() as stack:
        work = Path(
            stack.enter_context(tempfile.TemporaryDirectory(dir=project, prefix=".redline-"))
        )
        articles = _written(states, study, name=document, project=project, work=work)
        tree, tracking = _compared(states, articles, explain)
        word = _as_word(tree, states[1].date, articles[1].reference, work)
    folder = output or project / "redline"
    folder.mkdir(parents=True, exist_ok=True)
    rows = [*response_rows(tracking.changes, explain), *uncompared_rows(tracking.uncompared)]
    remarks = _remarks(states, found, explain, tracking)
    paths = [
        write_atomically(folder / f"{document}.docx", word),
        *write_response(
            rows, explain.why, remarks=remarks, folder=folder, reference=articles[1].reference
        ),
    ]
    return Redline(paths, "\n".join(remarks))
