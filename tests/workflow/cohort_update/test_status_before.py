"""What `status` says of a study of images that was never run."""

import json

import pytest

from analysis.core.cache import Plan
from analysis.demo import make_demo_cohort
from analysis.study import load_study
from analysis.training.networks import network_settings
from analysis.workflow.check.load import load_cohort
from analysis.workflow.cohort_update import status
from tests.conftest import small_study
from tests.support.command_line import command


def written(folder):
    """A small study and its cohort, without a run."""
    path = small_study(folder, "fresh")
    study = load_study(path)
    make_demo_cohort(study.cohort_folder, **study.cohort.demo.model_dump(), progress=False)
    return path


def stop_early(path):
    text = path.read_text()
    path.write_text(
        text.replace("deep_learning:", "deep_learning:\n  early_stopping: {patience: 2}")
    )


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


def test_permutations_of_a_network_are_counted_with_what_they_cost(tmp_path):
    """A network that was timed in one fit: each permutation trains it in two outer folds."""
    path = written(tmp_path)
    path.write_text(path.read_text().replace("permutations: 6", "network_permutations: 4"))
    study = load_study(path)
    crops, network = study.deep_learning, network_settings(study)["resnet18"]
    work = network.work(10, crops.slices, crops.crop_pixels)
    study.cache_folder.mkdir(parents=True)
    line = {"room": "fits", "what": "resnet18 in final", "seconds": 3.0, "work": work}
    (study.cache_folder / "timings.jsonl").write_text(json.dumps(line) + "\n")
    found = [each for each in status.status_of(study).pieces if each.room == "permutations"]
    assert [(each.stale, each.why) for each in found] == [(4, "of resnet18, follow the fits")]
    learning = len(load_cohort(study, images=False).labelled("training"))
    assert found[0].seconds == pytest.approx(4 * 3.0 * learning / 10)


def test_the_time_says_what_it_takes_of_networks_that_may_stop_early(tmp_path, capsys):
    path = written(tmp_path)
    study = load_study(path)
    study.cache_folder.mkdir(parents=True)
    timings = study.cache_folder / "timings.jsonl"
    rooms = ("checks", "radiomics", "crops", "quality", "fits", "results")
    lines = [json.dumps({"room": room, "what": "", "seconds": 0.1}) for room in rooms]
    timings.write_text("".join(f"{line}\n" for line in lines))

    def last_line():
        assert command("status", "--study", path) == 0
        return capsys.readouterr().out.splitlines()[-1]

    assert last_line().endswith("of one process.")
    stop_early(path)
    assert last_line().endswith("of one process, if no network stops early.")
    stopped = {"room": "fits", "what": "resnet18 in final", "seconds": 3.0, "work": 9.0}
    with timings.open("a") as file:
        file.write(json.dumps(stopped | {"done": 0.45}) + "\n")
    assert last_line().endswith("if networks run 45% of their epochs, the mean of earlier fits.")


@pytest.mark.parametrize(
    ("missing", "wanted"),
    [
        # The fits are there, and networks are trained on permuted outcomes alone.
        (("permutations", "resnet18 in permuted", 9.0), "if no network stops early"),
        # A fit is missing, and it is none of a network.
        (("fits", "logistic_regression in final", None), ""),
    ],
)
def test_early_stopping_is_told_only_where_a_network_is_trained(
    tmp_path, monkeypatch, missing, wanted
):
    path = written(tmp_path)
    stop_early(path)
    room, what, work = missing
    plan = Plan(missing=[(room, what)], work={(room, what): work} if work else {})
    monkeypatch.setattr(status, "_planned", lambda _: (plan, True))
    assert status.status_of(load_study(path)).condition == wanted


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
