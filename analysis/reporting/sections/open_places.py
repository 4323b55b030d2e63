"""What the authors still have to state before the manuscript can go out."""

from __future__ import annotations

import re
from pathlib import Path

from analysis.reporting.rendering.includes import included
from analysis.reporting.sections.methods_reported import IMAGING, OUTCOME, PATIENTS
from analysis.reporting.sentences.declared import DECLARATIONS, stated
from analysis.study import Study

MARKED = re.compile(r"\[authors: [^\]]*\]")
FIELDS = {
    "methods-setting": PATIENTS,
    "methods-outcome": OUTCOME,
    "methods-acquisition": IMAGING,
}


def open_places(study: Study, report: Path) -> list[str]:
    """File and key of each empty place, a line each.

    The places are fields of the study file that a document prints, and marks in the author's own
    text.
    """
    found, said = [], stated(study)
    for document in sorted(report.glob("*.qmd")):
        text = document.read_text(encoding="utf-8")
        sections = {Path(path).stem for path in included(text)}
        for name in FIELDS.keys() & sections:
            found += [
                f"{study.path.name}: reporting.{field} ({title})"
                for field, title in FIELDS[name].items()
                if field not in study.reporting
            ]
        if "declarations" in sections:
            found += [
                f"{study.path.name}: declarations.{field} ({title})"
                for field, title in DECLARATIONS.items()
                if not said[title]
            ]
        found += [f"{document.name}: {mark}" for mark in MARKED.findall(text)]
    return list(dict.fromkeys(found))
