"""What a document of the manuscript is written with, in one line."""

from __future__ import annotations

from pathlib import Path

from analysis.reporting.claims import Claims
from analysis.reporting.manuscript import Results, open_results
from analysis.reporting.sections import Says
from analysis.reporting.sections.generated import wanted
from analysis.study import Study


def open_manuscript(study: Study | Path | str | None = None) -> tuple[Results, Claims, Says]:
    """Results by key, claims, and sections by name.

    `r("cohort.n")`, `r("auc.dlrcr.validation:ci")`, `claims("conclusion")`, `says("background")`.
    study: as in `open_results`. Raises PinnedClaimFailed, which stops the render, where a claim
    that the study pins does not hold.
    """
    says = Says(open_results(study, links=True), wanted(Path.cwd() / "report"))
    return says.context.r, says.context.opened_claims, says
