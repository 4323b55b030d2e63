"""The ways that docs/explanation/architecture.md describes are those that a study really takes."""

import os
import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.docs.test_explanation import FUNCTION

PAGE = ROOT / "docs" / "explanation" / "architecture.md"
# Of other kinds of study than the one that is watched: features of own code, the other engines,
# several lesions, matched histograms, predictions made elsewhere; what stops a render; what Quarto
# calls.
NOT_HERE = {
    "scale_of",
    "own_features",
    "stock_features",
    "ibsi_engine_features",
    "read_lesions",
    "given_training",
    "MissingResult",
    "write_generated",
}
# Called before their step as well: by the checks of images and crops, for other delineations,
# where a class or a section is declared, where claims are decided before a document says them, and
# where a number's way begins again.
ALSO_EARLIER = {
    "Cohort.image_source",
    "Cohort.mask_source",
    "extract_features",
    "read_image",
    "read_mask",
    "image_features",
    "fast_features",
    "contexts_of",
    "fit_together",
    "DeepModel.predict",
    "FusionModel",
    "compute",
    "discriminates",
    "open_claims",
    "comparator_predictions",
    "Records.attempt",
    "auc_interval",
    "open_results",
    "format_number",
    "abstract_areas",
    "section",
}


def described():
    """Functions of each way, in the order of the page."""
    _, patient, number = re.split(
        r"^## (?:A patient,|A number,).*$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    return {
        "patient": FUNCTION.findall(patient),
        "number": FUNCTION.findall(re.split(r"^## ", number, flags=re.MULTILINE)[0]),
    }


@pytest.fixture(scope="module")
def calls(tmp_path_factory):
    """Place of each function in the order of first calls of a small study with images."""
    folder = tmp_path_factory.mktemp("watched")
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.calls_in_order", folder, folder / "calls.txt"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"the AUCs were:? CR 0?\.\d+", done.stdout), done.stdout
    found = (folder / "calls.txt").read_text(encoding="utf-8").splitlines()
    return {each: place for place, each in enumerate(found)}


@pytest.mark.whole
@pytest.mark.parametrize("way", ["patient", "number"])
def test_a_study_takes_the_way_that_is_described(calls, way):
    steps = [(file, name) for file, name in described()[way] if name not in NOT_HERE]
    assert len(steps) > 12
    # A class is called where it is built, by a method that its decorator may have written.
    functions = [step for step in steps if not step[1].split(".")[-1][0].isupper()]
    absent = [f"{file} — {name}" for file, name in functions if f"{file} — {name}" not in calls]
    assert absent == []
    places = [calls[f"{file} — {name}"] for file, name in functions if name not in ALSO_EARLIER]
    assert len(places) > 5
    assert places == sorted(places)
