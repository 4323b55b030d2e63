"""Whole runs for tests that look at no picture.

Writing figures to files, each as SVG, PDF, PNG and TIFF, takes as long as all the rest of a small
study. Here every figure is drawn, and a small blank picture is written in its place. Files of
figures are tested in tests/reporting/figures and in the studies that other tests run as they are.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache, partial
from unittest.mock import patch

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from PIL import Image

import analysis.reporting.figures
from analysis.reporting.figures import draw_all
from analysis.reporting.figures.files import contents_of
from analysis.study import Study
from analysis.workflow.run import Run, run

# The package's attribute of this name is the function.
DRAW_ALL = sys.modules[f"{analysis.reporting.figures.__name__}.draw_all"]


@cache
def _blank() -> dict[str, bytes]:
    """kind → a picture of one column's width."""
    found = {
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="241pt" height="100pt"'
        b' viewBox="0 0 241 100"><rect width="241" height="100" fill="#fff"/></svg>'
    }
    for kind in ("pdf", "png", "tiff"):
        content = io.BytesIO()
        Image.new("RGB", (241, 100), "white").save(content, kind, dpi=(72, 72))
        found[kind] = content.getvalue()
    return found


def _blank_contents(
    shown: Collection[str], figure: Figure, name: str, note: str | None
) -> dict[str, bytes]:
    if name in shown:
        return contents_of(figure, name, note)
    plt.close(figure)
    return _blank()


@contextmanager
def blank_figures(shown: Collection[str] = ()) -> Iterator[None]:
    """Context in which runs of this process write blank pictures; shown: names of figures that they
    write as they are."""
    with (
        patch.object(DRAW_ALL, "contents_of", partial(_blank_contents, shown)),
        # joblib's processes would know nothing of it.
        patch.object(analysis.reporting.figures, "draw_all", lambda folder, _: draw_all(folder)),
    ):
        yield


@contextmanager
def blank_figures_drawn_once() -> Iterator[None]:
    """As `blank_figures`; this process, and those that it forks, draw each group of figures once:
    the same study has the same ones in each further run."""
    first: dict[str, dict[str, dict[str, bytes]]] = {}
    draw = DRAW_ALL._contents

    def contents(group: str, drawn: object) -> dict[str, dict[str, bytes]]:
        if group not in first:
            first[group] = draw(group, drawn)
        return first[group]

    with blank_figures(), patch.object(DRAW_ALL, "_contents", contents):
        yield


def run_with_blank_figures(study: Study) -> Run:
    """The result of a run that wrote blank pictures."""
    with blank_figures():
        return run(study)
