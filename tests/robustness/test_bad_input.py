"""Bad input as a user would hand it over: exit status 2, one message that names patient, file or
column, what is wrong and what to do."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.robustness.bad_input.image_cases import IMAGE_CASES
from tests.robustness.bad_input.mask_cases import MASK_CASES
from tests.robustness.bad_input.spoiled_images import image, mask
from tests.robustness.bad_input.spoiled_tables import cells
from tests.robustness.bad_input.study_cases import STUDY_CASES
from tests.robustness.bad_input.table_cases import TABLE_CASES
from tests.support.blank_figures import blank_figures
from tests.support.command_line import command
from tests.support.record import tried
from tests.support.small_cohort import (
    SHAPE,
    clinical_study,
    image_study,
    nothing_written,
    predictions_study,
)

CASES = [*TABLE_CASES, *IMAGE_CASES, *MASK_CASES, *STUDY_CASES]


def told(study, capsys) -> tuple[int, list[dict]]:
    status = command("check", "--study", study, "--json")
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err + captured.out
    return status, json.loads(captured.out)["problems"]


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """Folder with what a check remembers, by content, of images and masks that nobody spoilt."""
    study = image_study(tmp_path_factory.mktemp("sound"))
    assert command("check", "--study", study) == 0
    remembered = study.parent / ".cache" / "checks"
    assert len(list(remembered.iterdir())) > 30
    return remembered


@pytest.mark.parametrize("case", CASES, ids=[f"{case.kind.lower()}: {case.name}" for case in CASES])
def test_bad_input_gets_a_clear_answer(case, tmp_path, capsys, seen):
    """Only what is spoilt is looked at in each case; the other patients' images are those that were
    looked at once."""
    study = case.make(tmp_path)
    if (tmp_path / "data" / "images").is_dir():
        shutil.copytree(seen, tmp_path / ".cache" / "checks")
    case.spoil(study)
    status, found = told(study, capsys)
    fitting = [
        each
        for each in found
        if each["level"] == case.level
        and all(word in f"{each['where']} {each['what']} {each['mend']}" for word in case.words)
        and (case.patient is None or each["patient"] == case.patient)
    ]
    assert fitting, [
        (each["level"], each["patient"], each["where"], each["what"]) for each in found
    ]
    assert all(each["where"] and (each["mend"] or each["level"] == "note") for each in fitting)
    # What is refused is refused for this alone, and what is not is only warned of.
    errors = [each for each in found if each["level"] == "error"]
    assert (status == 2) == bool(errors) == (case.level == "error")
    assert nothing_written(study)
    tried(
        f"Bad input: {case.kind.lower()}",
        case.name,
        f"{case.level}: {fitting[0]['what']}"
        + (f"; {fitting[0]['mend']}" if fitting[0]["mend"] else ""),
    )


def test_all_problems_of_a_cohort_are_told_in_one_go_and_a_run_refuses_in_the_same_words(
    tmp_path, capsys
):
    study = image_study(tmp_path)
    cells(albumin={0: "4.1"}, follow_up={1: "-3"})(study)
    image(lambda _: b"no image", patient="P04")(study)
    mask(lambda _: np.zeros(SHAPE, np.uint8), patient="P05")(study)
    image(lambda _: None, "delayed", "P06")(study)
    status, found = told(study, capsys)
    errors = [each for each in found if each["level"] == "error"]
    assert status == 2
    assert {each["patient"] for each in errors} == {
        "P01",
        "P02",
        "P04",
        "P05",
        "P06",
    }
    assert command("run", "--study", study) == 2
    message = capsys.readouterr().err
    assert all(
        each["what"] in message and f"patient {each['patient']}: " in message for each in errors
    )
    assert "Traceback" not in message
    assert nothing_written(study)
    tried(
        "Bad input: all at once",
        "five patients, five different faults",
        "; ".join(line.strip() for line in message.splitlines() if "patient " in line),
        5,
    )


@pytest.mark.parametrize(
    ("make", "name", "key", "words"),
    [
        (
            lambda folder: predictions_study(folder, lambda event, _: np.full(len(event), 0.5)),
            "predictions that are all the same",
            "auc.mine.validation",
            None,
        ),
        (lambda folder: clinical_study(folder, 10), "10 patients", "auc.cr.validation", None),
    ],
)
def test_what_is_warned_of_runs_to_its_end(make, name, key, words, tmp_path, capsys):
    from analysis.results import read_records

    study = make(tmp_path)
    with blank_figures():
        assert command("run", "--study", study) == 0
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert key in read_records(Path(tmp_path) / "outputs" / "results.json")
    tried("Bad input: study", f"{name}, run to the end", said.out)
