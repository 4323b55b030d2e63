"""Progress where nobody reads along: a line a minute, and none of what is quick."""

import pytest

from analysis.core.progress_bar import ProgressLines, progress_bar


class Clock:
    """Seconds that pass as a test says."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.mark.parametrize(("seconds", "lines"), [(0.1, 0), (20, 4)])
def test_there_is_a_line_a_minute(seconds, lines, capsys):
    clock = Clock()
    done = []
    for each in ProgressLines(range(10), desc="fits", clock=clock):
        clock.now += seconds
        done.append(each)
    assert done == list(range(10))
    said = capsys.readouterr().err.splitlines()
    assert len(said) == lines
    if lines:
        # A piece counts when the next one is asked for.
        assert said[0] == "fits: 3 of 10 in 60 s, about 2 min left"
        assert said[-1] == "fits: 10 of 10 in 3 min, ended"


def test_a_number_that_is_set_is_said(capsys):
    clock = Clock()
    with ProgressLines(desc="pages", clock=clock) as bar:
        bar.total, bar.n = 4, 2
        clock.now = 61.0
        bar.set_postfix_str("index.qmd")
    assert capsys.readouterr().err.splitlines() == [
        "pages: 2 of 4 in 61 s, about 61 s left",
        "pages: 2 of 4 in 61 s, ended",
    ]


def test_without_a_terminal_it_is_lines(capsys):
    bar = progress_bar([1, 2], desc="quick")
    assert isinstance(bar, ProgressLines)
    assert list(bar) == [1, 2]
    assert capsys.readouterr().err == ""
    assert list(progress_bar([1, 2], shown=False)) == [1, 2]


def test_no_time_is_foretold_from_a_first_long_piece(capsys):
    clock = Clock()
    bar = ProgressLines(range(69), desc="models", clock=clock)
    for number, _ in enumerate(bar):
        clock.now += 66 if number == 0 else 9
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "models: 1 of 69 in 66 s"
    assert "left" in said[1]
