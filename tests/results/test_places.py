"""Results by centre and by validation cohort, and their means, on cohorts whose truth is known."""

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from analysis.reporting.manuscript import Results
from analysis.reporting.rendering.alternative_text import alternative_text
from analysis.reporting.tables import places_markdown, places_words, pooled_markdown
from analysis.results.places import divisions
from analysis.results.record import read_records
from analysis.statistics import place_estimate, random_effects
from analysis.study import load_study
from tests.support.blank_figures import run_with_blank_figures

COHORTS = {"validation": 140, "north": 120, "south": 90, "east": 80, "west": 14}


def given_study(folder, **statistics):
    """Predictions of two models for five validation cohorts: one calibrated, one whose
    probabilities are half of it; west is tiny."""
    random = np.random.default_rng(4)
    rows = []
    for cohort, size in COHORTS.items():
        linear = random.normal(-0.2, 1.3, size)
        event = (random.random(size) < 1 / (1 + np.exp(-linear))).astype(int)
        probability = 1 / (1 + np.exp(-linear))
        rows += [
            {
                "patient_id": f"{cohort}{place:03d}",
                "cohort": cohort,
                "good": probability[place],
                "low": probability[place] / 2,
                "event": event[place],
            }
            for place in range(size)
        ]
    (folder / "data").mkdir(parents=True)
    pd.DataFrame(rows).to_csv(folder / "data" / "predictions.csv", index=False)
    content = {
        "study": {"name": "places", "title": "T", "disease": "d", "event": "relapse"},
        "cohort": {"folder": "data", "table": "predictions.csv"},
        "endpoint": {"label": "event"},
        "split": {
            "column": "cohort",
            "external": {name: name.capitalize() for name in COHORTS if name != "validation"},
        },
        "predictions": {
            "file": "predictions.csv",
            "models": {
                "good": {"column": "good", "kind": "probability"},
                "low": {"column": "low", "kind": "probability"},
            },
        },
        "statistics": {"bootstrap_resamples": 100, **statistics},
        "jobs": 1,
        "output": "outputs",
    }
    with (folder / "study.yml").open("w") as file:
        YAML(typ="safe").dump(content, file)
    return load_study(folder / "study.yml"), pd.DataFrame(rows)


@pytest.fixture(scope="module")
def several(tmp_path_factory):
    study, rows = given_study(tmp_path_factory.mktemp("places"))
    run_with_blank_figures(study)
    return (
        Results(read_records(study.output_folder / "results.json"), study, study.output_folder),
        rows,
    )


@pytest.mark.parametrize(
    ("statistic", "back"),
    [
        ("auc", lambda logit: 1 / (1 + np.exp(-logit))),
        ("observed_expected", np.exp),
        ("calibration_slope", float),
    ],
)
def test_the_mean_over_validation_cohorts_is_that_of_the_large_enough_ones(
    several, statistic, back
):
    results, rows = several
    parts = [
        place_estimate(statistic, part["event"], part["low"])
        for name, part in rows.groupby("cohort", sort=False)
        if name != "west"
    ]
    expected = random_effects([part.effect for part in parts], [part.variance for part in parts])
    record, ahead = (
        results.record(f"{kind}.{statistic}.low.validation_cohorts")
        for kind in ("pooled", "pooled_prediction")
    )
    assert (record.value, record.ci_low, record.ci_high) == pytest.approx(
        [back(each) for each in (expected.value, expected.ci_low, expected.ci_high)]
    )
    assert (ahead.ci_low, ahead.ci_high) == pytest.approx(
        [back(each) for each in (expected.prediction_low, expected.prediction_high)]
    )
    assert results.record(
        f"pooled_i_squared.{statistic}.low.validation_cohorts"
    ).value == pytest.approx(expected.i_squared, abs=1e-6)
    count = results.record(f"pooled_places.{statistic}.low.validation_cohorts")
    assert (count.value, count.n) == (
        4,
        5,
    )
    assert record.n == sum(size for name, size in COHORTS.items() if name != "west")


def test_what_was_planted_is_found(several):
    """Half of the true risk is expected: O:E about two in each cohort and in their mean, and the
    AUC is that of the true risk."""
    results, _ = several
    low, good = (
        results.record(f"pooled.observed_expected.{model}.validation_cohorts")
        for model in ("low", "good")
    )
    assert low.ci_low > 1.5
    assert low.value == pytest.approx(2, abs=0.3)
    assert good.ci_low < 1 < good.ci_high
    areas = [
        results.record(f"pooled.auc.{model}.validation_cohorts").value for model in ("low", "good")
    ]
    assert areas[0] == pytest.approx(areas[1], abs=1e-9)


def test_tables_words_and_the_figure_show_every_place(several):
    results, _ = several
    text = places_markdown(results, "good").data
    assert all(f"| {label} |" in text for label in ("Validation", "North", "South", "East", "West"))
    assert "| West | 14 (" in text
    assert text.splitlines()[-1].count("–") >= 3
    assert pooled_markdown(results, ["good", "low"]).data.count("4 of 5") == 6
    assert "validation cohorts" in places_words(results)
    assert "West: fewer than" in places_words(results)
    assert "too few places" not in places_words(results)
    assert results.has_figure("places_validation_cohorts")
    assert "West too few patients; mean 0." in alternative_text(
        results, "places_validation_cohorts"
    )


def test_the_study_file_turns_it_off(tmp_path):
    study, _ = given_study(tmp_path, by_centre="off")
    run_with_blank_figures(study)
    records = read_records(study.output_folder / "results.json")
    assert not any(key.startswith("pooled") for key in records)
    assert not (study.output_folder / "figures" / "places_validation_cohorts.png").is_file()


class Several:
    """As much of a cohort as the divisions look at."""

    def __init__(self, study, centre, cohort):
        self.study, self.centre, self.cohort = study, centre, cohort

    def labelled(self, name):
        return self.cohort.index[self.cohort == name]


def test_centres_left_out_are_places_and_stratified_folds_are_none(tmp_path):
    study, _ = given_study(tmp_path)
    study = study.model_copy(
        update={"predictions": None, "split": study.split.model_copy(update={"external": {}})}
    )
    index = [f"P{place}" for place in range(8)]
    centre = pd.Series(["a", "b", "a", "b", "a", None, "a", "c"], index=index, dtype="string")
    cohort = pd.Series(["training"] * 5 + ["validation"] * 3, index=index)
    left_out = study.model_copy(
        update={"validation": study.validation.model_copy(update={"outer": "leave_one_centre_out"})}
    )
    found = dict(divisions(Several(left_out, centre, cohort)))
    assert list(found) == ["centres_left_out", "validation_centres"]
    assert {
        name: (how, list(patients)) for name, (how, patients) in found["centres_left_out"].items()
    } == {"a": ("out_of_fold", ["P0", "P2", "P4"]), "b": ("out_of_fold", ["P1", "P3"])}
    assert {
        name: list(patients) for name, (_, patients) in found["validation_centres"].items()
    } == {"a": ["P6"], "c": ["P7"]}
    assert list(dict(divisions(Several(study, centre, cohort)))) == ["validation_centres"]
    assert not dict(divisions(Several(study, None, cohort)))
