"""A patient who can't be analysed stops the run, or is left out by name: never dropped silently."""

import numpy as np
import pandas as pd
import pytest
import SimpleITK as sitk

from analysis.cohort.exclusion import reason_counts
from analysis.core.problem import Problem
from analysis.reporting.manuscript import open_results
from analysis.reporting.rendering.alternative_text.cohort import flow_chart
from analysis.reporting.tables import excluded_markdown
from analysis.results import read_records
from analysis.study import load_study
from analysis.workflow.check.load import load_cohort
from tests.support.blank_figures import blank_figures
from tests.support.command_line import command
from tests.support.record import tried
from tests.support.small_cohort import (
    SHAPE,
    clinical_study,
    edit_table,
    image_study,
    nothing_written,
    volume,
)

KIND = "Patients who can't be analysed"


@pytest.fixture
def study(tmp_path):
    path = clinical_study(tmp_path)
    edit_table(
        path,
        lambda frame: frame.assign(
            ast=frame["ast"].where(frame.index != 3, "many"),
            follow_up=frame["follow_up"].where(~frame.index.isin([3, 5]), "-1"),
        ),
    )
    return path


def run(path, *options):
    with blank_figures():
        return command("run", "--study", path, *options)


def test_a_run_stops_or_goes_on_and_says_who_is_left_out_and_why(study, capsys):
    table = pd.read_csv(study.parent / "data" / "clinical.csv")
    faulty, both = table["patient_id"][5], table["patient_id"][3]
    assert run(study) == 2
    message = capsys.readouterr().err
    assert message.count(f"patient {both}: ") == 1
    assert f"2 patients: {both}, {faulty}: " in message
    assert "--keep-going" in message
    assert nothing_written(study)
    assert run(study, "--keep-going") == 0
    said = capsys.readouterr().err
    assert f"patient {faulty} is left out" in said
    assert f"patient {both} is left out" in said
    output = load_study(study).output_folder
    records = read_records(output / "results.json")
    assert {
        key: record.value for key, record in records.items() if key.startswith("excluded.")
    } == {
        "excluded.n": 2,
        "excluded.listed": len(table),
        "excluded.table": 1,
        "excluded.outcome": 1,
    }
    assert records["cohort.n"].value == len(table) - 2
    assert sorted(set(pd.read_csv(output / "excluded.csv")["patient_id"])) == sorted([faulty, both])
    results = open_results(study)
    assert "Impossible or unclear outcome" in excluded_markdown(results).data
    assert f"{len(table)} patients in the table; 2 could not be analysed" in flow_chart(results)
    # What was allowed once is not allowed for good, and what was made so is read so.
    assert run(study) == 2
    assert "no patient is dropped silently" in capsys.readouterr().err
    assert len(load_cohort(load_study(study)).patients) == len(table) - 2
    assert run(study, "--keep-going") == 0
    assert "is current" in capsys.readouterr().out
    assert command("status", "--study", study) == 0
    tried(
        KIND,
        "a value and an outcome that can't be, with --keep-going",
        next(line for line in said.splitlines() if "is left out" in line),
        2,
    )


def test_a_fault_of_nobody_stops_in_any_case(study, capsys):
    edit_table(study, lambda frame: frame.drop(columns="ast"))
    assert run(study, "--keep-going") == 2
    message = capsys.readouterr().err
    assert "ast" in message
    assert "--keep-going" not in message
    assert nothing_written(study)
    tried(KIND, "a missing column, with --keep-going", message)


def test_images_that_can_not_be_used_are_left_out(tmp_path, capsys):
    path = image_study(tmp_path)
    images = path.parent / "data" / "images"
    first, second, *_ = sorted(each.name for each in images.iterdir())
    (images / first / "arterial.nii.gz").write_bytes(b"no image")
    (images / second / "mask.nii.gz").unlink()
    study = load_study(path)
    cohort = load_cohort(study, keep_going=True)
    assert set(cohort.excluded) == {first, second}
    assert not set(cohort.patients) & {first, second}
    assert reason_counts(cohort.excluded) == {"image": 1, "mask": 1}
    said = capsys.readouterr().err
    assert (
        f"patient {first} is left out: images/{first}/arterial.nii.gz: the file can't be read"
        in said
    )
    tried(
        KIND, "an unreadable image and a missing mask, with --keep-going", said.splitlines()[-1], 2
    )


def test_a_mask_in_which_no_feature_can_be_computed(tmp_path, capsys):
    """Sound to look at: two voxels on no common line."""
    path = image_study(
        tmp_path,
        radiomics={
            "extraction": {"resampled_spacing_mm": None, "bin_count": 16},
            "classifiers": ["logistic"],
            "tuning_folds": 2,
            "univariable_features": 10,
            "selected_features": 2,
        },
    )
    apart = np.zeros(SHAPE, np.uint8)
    apart[1, 2, 2] = apart[4, 9, 7] = 1
    sitk.WriteImage(volume(apart), str(tmp_path / "data" / "images" / "P02" / "mask.nii.gz"))
    assert run(path) == 2
    assert (
        "patient P02: images/P02/mask.nii.gz: features can't be computed in it"
        in capsys.readouterr().err
    )
    assert nothing_written(path)
    assert run(path, "--keep-going") == 0
    said = next(line for line in capsys.readouterr().err.splitlines() if "P02 is left out" in line)
    records = read_records(load_study(path).output_folder / "results.json")
    assert records["cohort.n"].value == 11
    assert records["excluded.mask"].value == 1
    assert "features can't be computed" in said
    tried(KIND, "a mask in which no feature can be computed, with --keep-going", said)


def test_a_patient_is_counted_once():
    faults = {
        "a": (
            Problem("error", "x", "y", reason="mask"),
            Problem("error", "x", "z", reason="image"),
        ),
        "b": (Problem("error", "x", "y", reason="mask"),),
    }
    assert reason_counts(faults) == {"image": 1, "mask": 1}
