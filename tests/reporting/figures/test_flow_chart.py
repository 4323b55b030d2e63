"""The flow chart tells who left at which step, why, and who was analysed in each cohort."""

import string

import matplotlib.pyplot as plt
import pytest
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from analysis.reporting.figures.flow_boxes import ASIDE, MAIN, POINT, width_of
from analysis.reporting.figures.flow_chart import CohortFlow, Step, draw_flow_chart
from analysis.reporting.figures.style import FONTS
from analysis.reporting.manuscript import open_results
from analysis.reporting.rendering.alternative_text import alternative_text
from analysis.reporting.sections import Says
from analysis.results import read_records
from analysis.study import StudyError, load_study
from analysis.workflow.check.examine import examine
from tests.support.blank_figures import blank_figures
from tests.support.command_line import command
from tests.support.printed_figures import faults_in_print
from tests.support.small_cohort import clinical_study

COHORTS = [CohortFlow("Training", 77, 55, 9), CohortFlow("Validation", 19, 14, 3)]
LONG = "Treatment of the tumour before the resection, by ablation, embolisation or radiotherapy"
SCREENED = Step("Patients screened", 300, "Excluded", {LONG: 120, "No images": 3})


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def texts_of(steps, cohorts, event="lung metastasis"):
    figure = draw_flow_chart(steps, cohorts, event)
    assert faults_in_print(figure) == []
    return [text.get_text() for text in figure.axes[0].texts]


def test_those_who_leave_stand_beside_the_step_with_their_reasons():
    texts = texts_of([SCREENED, Step("Patients in the cohort", 177)], COHORTS)
    assert texts[0] == "Patients screened\nn = 300"
    (excluded,) = [text for text in texts if text.startswith("Excluded, n = 123\n• Treatment")]
    assert excluded.replace("\n   ", " ").split("\n• ")[1:] == [
        f"{LONG}, n = 120",
        "No images, n = 3",
    ]
    assert "Training\nn = 141" in texts
    assert texts.count("Outcome unknown\nn = 9") == 1
    assert "Analysed, n = 132\nLung metastasis: 77\nNo lung metastasis: 55" in texts


def test_outcomes_that_are_all_known_need_one_box_a_cohort():
    texts = texts_of([Step("Patients in the cohort", 132)], [CohortFlow("Validation", 77, 55)])
    assert [text for text in texts if text] == [
        "Patients in the cohort\nn = 132",
        "Validation\nn = 132\nLung metastasis: 77\nNo lung metastasis: 55",
    ]


def test_many_cohorts_have_their_unknown_outcomes_within():
    more = [
        *COHORTS,
        CohortFlow("Later", 10, 20),
        CohortFlow("Hospital of the University", 9, 8, 2),
    ]
    texts = texts_of([SCREENED, Step("Patients in the cohort", 177)], more)
    (last,) = [text for text in texts if text.startswith("Hospital")]
    assert last.endswith("Outcome unknown: 2")


def test_numbers_of_the_screening_come_from_the_study_file(tmp_path):
    counts = {"screened": 60, "excluded": {"No MRI": 5, "Treated before": 15}}
    path = clinical_study(tmp_path, screening=counts)
    with blank_figures(shown=["flow_chart"]):
        assert command("run", "--study", path) == 0
    study = load_study(path)
    records = read_records(study.output_folder / "results.json")
    assert records["screened.n"].value == 60
    assert records["screened.excluded.n"].value == 20
    assert [records[f"screened.reason.{number}"].value for number in ("01", "02")] == [
        "No MRI",
        "Treated before",
    ]
    drawn = (study.output_folder / "figures" / "flow_chart.svg").read_text(encoding="utf-8")
    assert "Patients screened" in drawn
    assert "• Treated before, n = 15" in drawn
    results = open_results(path)
    assert alternative_text(results, "flow_chart").startswith(
        "Flow chart. 60 patients screened; 20 excluded (No MRI: 5, Treated before: 15). 40 patients"
    )
    assert "Of 60 patients screened, 20 were excluded (No MRI, 5 and Treated before, 15)." in (
        str(Says(results)("methods-patients"))
    )


def test_numbers_that_do_not_add_up_to_the_table_are_an_error(tmp_path):
    path = clinical_study(tmp_path, screening={"screened": 60, "excluded": {"No MRI": 5}})
    _, problems = examine(load_study(path))
    (error,) = problems.of("error")
    assert error.where == "study.yml, screening"
    assert error.what == "60 screened less 5 excluded are 55 patients, and clinical.csv has 40"


def test_more_excluded_than_screened_is_a_fault_of_the_study_file(tmp_path):
    path = clinical_study(tmp_path, screening={"screened": 5, "excluded": {"No MRI": 5}})
    with pytest.raises(StudyError, match="nobody is left; count each patient once"):
        load_study(path)


@pytest.mark.parametrize("text", ["Excluded (n = 12)", *string.ascii_letters, *"0123456789≥–µ²&@"])
def test_a_line_is_as_wide_as_its_letters_outlines(text):
    """As matplotlib has it, which solves each curve."""
    for look in (MAIN, ASIDE):
        outline = TextPath((0, 0), text, size=look.size, prop=FontProperties(family=list(FONTS)))
        wide = outline.get_extents().width * POINT
        assert width_of(text, look) == pytest.approx(wide, rel=1e-9)
