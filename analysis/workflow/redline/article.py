"""The author's article written from one state.

It is executed, filtered, and kept as pandoc's document tree.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypandoc
from ruamel.yaml import YAML

from analysis.core.environment import environment
from analysis.reporting.compared_state import RESULTS, borrowed_labels
from analysis.reporting.rendering.execute import executed_markdown
from analysis.reporting.rendering.formats import FILTERS, document_metadata, reference_document
from analysis.reporting.rendering.page import STYLE
from analysis.reporting.rendering.preview import with_images
from analysis.reporting.sections.generated import write_generated
from analysis.study import Study
from analysis.workflow.redline.states import RedlineError

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Article:
    """Article written from one state.

    tree: pandoc's document, as its Word writer takes it. borrowed: labels of tables and figures
    that are another state's. media: folder of the pictures. reference: Word file of the styles.
    """

    tree: dict[str, Any]
    borrowed: set[str]
    media: Path
    reference: Path | None


def _yaml(path: Path) -> dict[str, Any]:
    return (
        YAML(typ="safe").load(path.read_text(encoding="utf-8")) if path.is_file() else None
    ) or {}


def documents(project: Path) -> list[str]:
    """Names of the manuscript's documents, without their suffix."""
    return sorted(path.stem for path in (project / "report").glob("*.qmd"))


def write_article(
    study: Study, project: Path, name: str, results: Path, copy: Path, media: Path
) -> Article:
    """The document `name` of the manuscript, written from the state in `results`.

    copy: folder beside the manuscript's report/, so that relative paths in it hold; the author's
    files are copied there and stay as they are. Raises RedlineError where the article can't be
    written from this state.
    """
    apart = shutil.ignore_patterns("_generated", "_style")
    shutil.copytree(project / "report", copy, ignore=apart, dirs_exist_ok=True)
    document = copy / f"{name}.qmd"
    settings = _yaml(project / "_quarto.yml")
    runs_in = (
        project
        if settings.get("project", {}).get("execute-dir") == "project"
        else project / "report"
    )
    with environment(
        {
            "EARLY_RECURRENCE_STUDY": str(study.path),
            "EARLY_RECURRENCE_NO_RUN": "1",
            RESULTS: str(results),
        }
    ):
        try:
            write_generated(study, project, copy)
            front, markdown = executed_markdown(document, media, runs_in, project)
            markdown = with_images(markdown, copy, media)
        except (KeyError, ValueError, RuntimeError, OSError) as error:
            raise RedlineError(
                f"the article can't be written from this state: {error}. `early-recurrence diff`"
                " compares the numbers alone"
            ) from error
    own = {**_yaml(copy / "_metadata.yml"), **front}
    if own.get("csl"):
        own["csl"] = (project / "report" / own["csl"]).resolve()
    metadata = {**settings, **own}
    reference = reference_document(metadata, project)
    plain = document_metadata(metadata, copy if "bibliography" in own else project)
    return Article(_tree(markdown, plain, media.parent), borrowed_labels(results), media, reference)


def _tree(markdown: str, metadata: dict[str, Any], folder: Path) -> dict[str, Any]:
    settings, unused = folder / "metadata.json", folder / "unused.docx"
    settings.write_text(json.dumps(metadata), encoding="utf-8")
    filters = [STYLE / FILTERS[0], HERE / "keep_keys.lua", *(STYLE / each for each in FILTERS[1:])]
    pypandoc.convert_text(
        markdown,
        "docx",  # the filters lay out for Word; the tree is what is wanted
        format="markdown-raw_html",
        outputfile=str(unused),
        extra_args=[
            "--standalone",
            f"--metadata-file={settings}",
            *(f"--lua-filter={path}" for path in filters),
            "--citeproc",
            f"--lua-filter={HERE / 'write_document.lua'}",
            f"--resource-path={folder}",
            "--default-image-extension=png",
        ],
    )
    return json.loads(unused.with_name("unused.docx.json").read_text(encoding="utf-8"))
