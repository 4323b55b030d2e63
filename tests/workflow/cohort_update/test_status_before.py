"""What `status` says of a study of images that was never run."""

from analysis.demo import make_demo_cohort
from analysis.study import load_study
from tests.conftest import small_study
from tests.support.command_line import command


def written(folder):
    """A small study and its cohort, without a run."""
    path = small_study(folder, "fresh")
    study = load_study(path)
    make_demo_cohort(study.cohort_folder, **study.cohort.demo.model_dump(), progress=False)
    return path


def test_status_opens_no_image(tmp_path, capsys):
    """Files that are no images: a run would refuse them, status counts them."""
    path = written(tmp_path)
    for file in load_study(path).cohort_folder.rglob("*.nii.gz"):
        file.write_bytes(b"no image")
    assert command("status", "--study", path) == 0
    assert "there are no results yet" in capsys.readouterr().out


def test_status_does_not_write_the_demonstration_cohort(tmp_path, capsys):
    """As on a fresh clone."""
    path = small_study(tmp_path, "fresh")
    folder = load_study(path).cohort_folder
    assert command("status", "--study", path) == 0
    said = capsys.readouterr().out
    assert f"the demonstration cohort is not in {folder.name}/ yet" in said
    assert "no run was timed here yet" in said
    assert not folder.exists()
    assert not load_study(path).cache_folder.exists()


def test_everything_is_missing_and_nothing_is_timed(tmp_path, capsys):
    path = written(tmp_path)
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
    assert pieces["checks"][:2] == ["0", "114"]
    assert not (tmp_path / "outputs").exists()


def test_predictions_made_elsewhere_need_no_folds(tmp_path, capsys):
    """Nobody trains in such a study."""
    from analysis.workflow.new_study import new_study

    new_study(tmp_path / "judged", "predictions")
    rows = "".join(f"P{i:02d},New model,0.{i % 9 + 1},{i % 2}\n" for i in range(40))
    (tmp_path / "judged" / "data" / "predictions.csv").write_text(
        "patient_id,model,probability,event\n" + rows
    )
    assert command("status", "--study", tmp_path / "judged" / "study.yml") == 0
    said = capsys.readouterr().out
    assert "there are no results yet" in said
    pieces = [line.split()[0] for line in said.splitlines() if line.startswith("  ")][1:]
    assert pieces == ["fresh", "results"]
