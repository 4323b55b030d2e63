"""Numbers of the documents: results by key, written in the journal's style.

A missing key fails the render with its name.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from IPython.display import Image, Markdown

from analysis.core.project_folder import study_path
from analysis.reporting.blinding import as_submitted
from analysis.reporting.compared_state import compared_state
from analysis.reporting.intervals import explained
from analysis.reporting.number_style import (
    format_number,
    format_p,
    use_style,
)
from analysis.reporting.rendering.alternative_text import alternative_text
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.rendering.inline import show_nothing_as_nothing
from analysis.reporting.rendering.project_figures import inside_project
from analysis.reporting.results_by_key import FIELD, MissingResult, ResultsByKey, Shown
from analysis.results import keys
from analysis.results.record import Record, read_records
from analysis.study import Study, load_study

__all__ = [
    "FIELD",
    "MissingResult",
    "Results",
    "Shown",
    "format_number",
    "format_p",
    "open_results",
    "with_added_cohorts",
]


@dataclass(frozen=True)
class Results(ResultsByKey):
    """Results of one study, with its figures and tables as blocks of a document.

    project: folder of the _quarto.yml that is rendered; left out, the one that runs here.
    """

    project: Path | None = None

    def figure(self, name: str) -> Image:
        """A figure that the analysis drew; the page decides how wide it is."""
        if not self.has_figure(name):
            raise MissingResult(
                f"figure '{name}' is not among the results in {self.folder.name}/figures"
            )
        return Image(data=(self.folder / "figures" / f"{name}.png").read_bytes(), format="png")

    def figure_block(self, label: str, name: str, caption: str) -> Shown:
        """Figure with its caption, as a block that can be referred to.

        It has an alternative text written from its numbers.

        label: `fig-…`; caption: its {key} are results. A figure drawn both as vector and as pixels
        has no suffix here: each format takes the kind that suits it (`default-image-extension` in
        _quarto.yml). Raises MissingResult where the figure was not drawn.
        """
        source = self.made_by(f"figure {name}", f"figures/{name}")
        if self.compared is not None:
            self.compared.begins()
        picture = self.picture(name)
        if self.compared is not None:
            self.compared.lays_out(label, picture=True)
        return Shown(f"::: {{#{label}}}\n\n{picture}\n\n{self.fill(caption)}{source}\n\n:::\n")

    def picture(self, name: str) -> str:
        """Markdown of a figure's picture with its alternative text, without number and caption.

        Raises MissingResult where the figure was not drawn.
        """
        if not self.has_figure(name):
            raise MissingResult(
                f"figure '{name}' is not among the results in {self.folder.name}/figures"
            )
        drawn = self.folder / "figures" / name
        both = drawn.with_name(f"{name}.svg").is_file()
        project = self.project or Path.cwd()
        found = inside_project(drawn if both else drawn.with_name(f"{name}.png"), project)
        path = Path(os.path.relpath(found, project / "report")).as_posix()
        alternative = literal(alternative_text(self, name))
        return f'![]({path}){{fig-alt="{alternative}"}}'

    def table_block(self, label: str, table: Markdown, caption: str, note: str = "") -> Shown:
        """Table with its caption and a note below it, as a block.

        The block can be referred to; label: `tbl-…`. The note says what a cell means that stands in
        the place of an interval.
        """
        source = self.made_by(getattr(table, "made_by", None) or "table", label)
        if self.compared is not None:
            self.compared.lays_out(label)
        note = " ".join(text for text in (note.strip(), explained(table.data)) if text)
        below = f"[{self.fill(note)}]{{.table-note}}\n\n" if note else ""
        return Shown(
            f"::: {{#{label}}}\n\n{table.data}\n\n{below}{self.fill(caption)}{source}\n\n:::\n"
        )


def open_results(study: Study | Path | str | None = None, links: bool = False) -> Results:
    """Results of a study, for its documents.

    The study is the one given, as it was loaded or by its file; else that of
    EARLY_RECURRENCE_STUDY, else of study.yml at the project's top. The function sets the study's
    style of numbers.

    EARLY_RECURRENCE_RESULTS names another state of that study, which is read in its place.
    """
    path = study.path if isinstance(study, Study) else study
    checked = as_submitted(load_study(path or study_path()))
    show_nothing_as_nothing()
    use_style(checked.manuscript.number_style)
    state = compared_state()
    folder = checked.output_folder if state is None else state.folder
    records = read_records(folder / "results.json")
    return Results(records, with_added_cohorts(checked, records), folder, links, compared=state)


def with_added_cohorts(study: Study, records: dict[str, Record]) -> Study:
    """The study with the cohorts of its file, and those of patients who came after a lock."""
    if keys.cohorts_external() not in records:
        return study
    names = records[keys.cohorts_external()].names
    external = {name: str(records[keys.label(name)].value) for name in names}
    return study.model_copy(update={"split": study.split.model_copy(update={"external": external})})
