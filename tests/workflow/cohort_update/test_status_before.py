"""What `status` says of a study of images that was never run."""

from tests.conftest import small_study
from tests.support.command_line import command


def test_everything_is_missing_and_nothing_is_timed(tmp_path, capsys):
    path = small_study(tmp_path, "fresh")
    assert command("status", "--study", path) == 0
    said = capsys.readouterr().out
    assert "there are no results yet" in said
    assert "no run was timed here yet" in said
    pieces = {
        line.split()[0]: line.split()[1:] for line in said.splitlines() if line.startswith("  ")
    }
    # 26 patients and 2 x 6 repeated delineations in 3 phases; a region for each patient.
    assert pieces["radiomics"][:2] == ["0", "114"]
    assert pieces["crops"][:2] == ["0", "26"]
    assert not (tmp_path / "outputs").exists()
