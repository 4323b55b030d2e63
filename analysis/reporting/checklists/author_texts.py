"""Texts written by people that the checklists' answers rest on.

They are read without any library, as a command with nothing to do looks at them.
"""

from __future__ import annotations

from analysis.core.cache import digest
from analysis.core.project_folder import manuscript_path
from analysis.reporting.rendering.project import sources
from analysis.study import Study
from analysis.study.checklists.items import data_digest

DOCUMENTS = ("index", "supplement")


def author_documents(study: Study) -> dict[str, str]:
    """Texts of article and supplement, name → text.

    The documents are as the author has them, or the templates that they will be made from.
    """
    own = manuscript_path(study.path, study.study.name) / "report"
    there = all((own / f"{name}.qmd").is_file() for name in DOCUMENTS)
    report = own if there else sources() / "report"
    return {name: (report / f"{name}.qmd").read_text(encoding="utf-8") for name in DOCUMENTS}


def answers_basis(study: Study) -> str:
    """Digest of the checklists' items, the study file and the documents."""
    return digest(data_digest(), study.path, *author_documents(study).values())
