"""Section of the page with the graphical abstract, which is no numbered figure."""

from __future__ import annotations

from analysis.reporting.sections.context import Context, paragraphs
from analysis.reporting.sections.registry import section

FIGURE = "graphical_abstract"


@section("graphical-abstract", "the graphical abstract, on the page alone", decided=True)
def graphical_abstract(c: Context) -> str:
    """A picture; empty where it was not drawn, and where two states are compared.

    Journals take it as a file of its own, which `early-recurrence submit` writes.
    """
    if not c.r.has_figure(FIGURE) or c.r.compared is not None:
        return ""
    return paragraphs(
        '::: {.content-visible when-format="html"}',
        "**Graphical abstract**",
        c.r.picture(FIGURE),
        ":::",
    )
