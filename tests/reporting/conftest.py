"""Opened results of the made-up studies."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from analysis.reporting.figures.draw_all import figures_of
from analysis.reporting.manuscript import open_results
from analysis.results.record import read_records
from tests.support.fake_kinds import LIVER, SARCOMA
from tests.support.fake_results import write_fake_study


@pytest.fixture(scope="module")
def liver(tmp_path_factory):
    return open_results(write_fake_study(LIVER, tmp_path_factory.mktemp("liver")))


@pytest.fixture(scope="module")
def sarcoma(tmp_path_factory):
    return open_results(write_fake_study(SARCOMA, tmp_path_factory.mktemp("sarcoma")))


@pytest.fixture(scope="session", params=[LIVER, SARCOMA], ids=["liver", "sarcoma"])
def drawn_study(request, tmp_path_factory):
    """Study file of a made-up study whose figures are there, as files without a picture."""
    study = write_fake_study(request.param, tmp_path_factory.mktemp("drawn"))
    folder = study.parent / "outputs"
    curves = {path.stem: pd.read_csv(path) for path in (folder / "curves").glob("*.csv")}
    with plt.rc_context():
        figures = figures_of(read_records(folder / "results.json"), curves)
    (folder / "figures").mkdir(exist_ok=True)
    for name in figures:
        (folder / "figures" / f"{name}.png").touch()
    plt.close("all")
    return study
