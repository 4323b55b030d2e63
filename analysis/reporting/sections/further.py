"""Section of the supplement with the figures and tables that the article only refers to."""

from __future__ import annotations

import re

from analysis.core.word_lists import listed
from analysis.reporting.sections.context import Context, paragraphs
from analysis.reporting.sections.registry import section

NAME = "supplement-further"
LABEL = re.compile(r"^::: \{#([\w-]+)\}", re.MULTILINE)
# Parts of the article whose figures and tables may stand here, with the heading of each.
PARTS = {
    "Patients and images": ("methods-patients", "methods-images", "results-patients"),
    "Clinical-radiological model": ("results-clinical-model",),
    "Radiomics and deep learning": ("results-radiomics", "results-networks", "results-parts"),
    "Comparison of models": ("results-discrimination", "results-comparison"),
    "Calibration": ("results-calibration", "results-cohorts"),
    "Staging systems and prognostic indexes": ("results-staging",),
    "Nomogram and net benefit": ("results-nomogram", "results-net-benefit"),
    "Survival and stability": ("results-survival", "results-stability"),
}


@section(NAME, "figures and tables of the article that it has no room to print")
def supplement_further(c: Context) -> str:
    """Figures and tables below the headings of their parts; empty where the article has all."""
    texts = []
    for heading, names in PARTS.items():
        blocks = [block for name in names for block in c.moved(name)]
        if blocks:
            labels = [f"@{label}" for block in blocks for label in LABEL.findall(block)[:1]]
            texts += [f"## {heading}", f"This part has {listed(labels)}.", *blocks]
    if not texts:
        return ""
    return paragraphs(
        "# Further figures and tables of the article {#sec-further}",
        "The article refers to these figures and tables, which follow its order.",
        *texts,
    )
