"""Findings told as problems of their patient, each fault of a file once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from analysis.cohort.cohort import Cohort
from analysis.core.problems import Problems
from analysis.inputs.checks.finding import Finding


def shown_path(path: Path, cohort: Cohort) -> str:
    """A file as problems name it: below the cohort's folder by its path in there."""
    folder = cohort.study.cohort_folder
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)


class ToldFindings:
    """Findings that were told: a mask may serve several phases, an image several delineations."""

    def __init__(self, cohort: Cohort, problems: Problems) -> None:
        self.cohort, self.problems = cohort, problems
        self._told: set[tuple[Path, str]] = set()

    def tell(self, findings: Iterable[Finding], patient: str, image: Path, mask: Path) -> None:
        """Add the findings of a patient's image and mask to the problems."""
        for finding in findings:
            path = image if finding.of == "image" else mask
            if (path, finding.what) in self._told:
                continue
            self._told.add((path, finding.what))
            getattr(self.problems, finding.level)(
                finding.what,
                shown_path(path, self.cohort),
                finding.mend,
                patient=patient,
                reason=finding.of,
            )
