"""Every figure is as wide as a journal's column, its letters can be read, and none is over
another."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from PIL import Image

from analysis.reporting.figures import files
from analysis.reporting.figures.draw_all import figures_of
from analysis.reporting.figures.files import KINDS, contents_of, save_figure
from analysis.reporting.figures.style import DOUBLE, SINGLE, panels
from analysis.results.record import read_records
from tests.support.fake_kinds import LIVER, SARCOMA
from tests.support.fake_results import write_fake_study
from tests.support.printed_figures import faults_in_print


@pytest.mark.parametrize("kind", [LIVER, SARCOMA], ids=lambda kind: kind.name)
def test_every_figure_of_a_study_can_be_printed(kind, tmp_path):
    folder = write_fake_study(kind, tmp_path).parent / "outputs"
    curves = {path.stem: pd.read_csv(path) for path in (folder / "curves").glob("*.csv")}
    figures = figures_of(read_records(folder / "results.json"), curves)
    faults = {name: faults_in_print(figure) for name, figure in figures.items()}
    plt.close("all")
    assert not {name: found for name, found in faults.items() if found}
    assert len(figures) >= 5


def test_the_check_finds_what_is_wrong():
    figure, (axis,) = panels(1, height=2, width=SINGLE)
    axis.text(0.5, 0.5, "one")
    axis.text(0.51, 0.5, "other")
    axis.text(0.1, 0.8, "small", fontsize=5)
    figure.text(0.99, 0.5, "a long text at the edge")
    faults = faults_in_print(figure)
    assert "'one' is over 'other'" in faults
    assert "'small' has 5.0 points" in faults
    assert "'a long text at the edge' leaves the figure" in faults
    assert faults_in_print(panels(1, height=2, width=5)[0]) == ["127.0 mm wide"]


def test_files_of_a_figure(tmp_path):
    figure, (axis,) = panels(1, height=2, width=DOUBLE)
    axis.set_title("Sensitivity ≥ 90%", loc="left")
    paths = save_figure(
        contents_of(figure, "shown", "Synthetic cohort: no patients"), tmp_path / "shown"
    )
    assert [path.suffix.removeprefix(".") for path in paths] == list(KINDS)
    svg, pdf, png, tiff = paths
    drawn = svg.read_text(encoding="utf-8")
    # 170 mm are 481.9 points; text is text, in a font that every system has.
    assert 'width="481.889764pt"' in drawn
    assert ">Sensitivity ≥ 90%</text>" in drawn
    assert "'Liberation Sans', Arial, Helvetica" in drawn
    assert b"LiberationSans" in pdf.read_bytes()
    for path in (png, tiff):
        with Image.open(path) as picture:
            assert round(picture.size[0] / picture.info["dpi"][0] * 25.4) == 170
    with Image.open(tiff) as picture:
        assert picture.mode == "RGB"


def test_another_width_is_refused(tmp_path):
    with pytest.raises(ValueError, match="127.0 mm wide; journals print 85 or 170 mm"):
        contents_of(panels(1, height=2, width=5)[0], "shown", None)
    assert not list(tmp_path.iterdir())


def test_a_figure_is_laid_out_again_only_where_its_height_changed(monkeypatch):
    rounds = []
    settle = files._settle

    def counted(figure):
        rounds.append(figure)
        return settle(figure)

    monkeypatch.setattr(files, "_settle", counted)
    for height, note, expected in ((2.0, None, 1), (2.0, "Synthetic", 1), (6.0, "Synthetic", 2)):
        figure, (axis,) = panels(1, height=height, width=SINGLE)
        axis.plot([0, 1], [0, 1])
        # A square is as high as the figure is wide.
        axis.set_box_aspect(1 if height == 6.0 else None)
        rounds.clear()
        files.lay_out(figure, note)
        plt.close(figure)
        assert len(rounds) == expected
        # Saving with an engine, even one that does nothing, would draw each file twice.
        assert figure.get_layout_engine() is None


def _curves(noise, monkeypatch):
    """Files of two panels, whose places get this noise at each layout."""
    figure, axes = panels(2, height=2, width=DOUBLE)
    for axis in axes:
        axis.plot([0, 0.3, 1], [0, 0.8, 1], label="a model")
        axis.legend(loc="lower right")
    engine = figure.get_layout_engine()
    layout = engine.execute

    def noisy(laid_out):
        layout(laid_out)
        for axis in laid_out.axes:
            place = axis.get_position(original=True)
            axis._set_position(place.translated(noise, noise), which="original")

    monkeypatch.setattr(engine, "execute", noisy)
    return contents_of(figure, "curves", None)


def test_the_last_bits_of_a_layout_change_no_byte(monkeypatch):
    """They differ from one process to another, by the order in which the solver adds up."""
    assert _curves(1e-15, monkeypatch) == _curves(0.0, monkeypatch)
    assert _curves(1e-4, monkeypatch) != _curves(0.0, monkeypatch)
