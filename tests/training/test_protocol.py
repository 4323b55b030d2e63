"""Repeated folds, external cohorts and centres left out, through a whole clinical study."""

import pandas as pd
import pytest
from ruamel.yaml import YAML

from analysis.results.record import read_records
from analysis.study import load_study
from analysis.workflow.review.bundle import write_bundle
from analysis.workflow.review.verify import verify
from tests.conftest import small_study
from tests.support.blank_figures import run_with_blank_figures


@pytest.fixture(scope="module")
def clinical_cohort(tmp_path_factory):
    """A clinical study whose cohort has been written."""
    folder = tmp_path_factory.mktemp("protocol")
    demo = {
        "patients": 40,
        "events": 20,
        "validation": 10,
        "censored": 2,
        "repeats": 0,
        "image_shape": [16, 16, 6],
        "seed": 3,
    }
    path = small_study(
        folder,
        "protocol",
        radiomics=None,
        deep_learning=None,
        comparators=["albi"],
        comparators_supplement=[],
        controls={"permutations": 0},
        robustness={"instability_resamples": 0, "gallery": 0},
    )
    yaml = YAML(typ="safe")
    study = yaml.load(path.read_text())
    study["cohort"]["demo"] = demo
    study["statistics"]["optimism_resamples"] = 0
    study["statistics"]["contrasts"]["family"] = ["albi"]
    with path.open("w") as file:
        yaml.dump(study, file)
    from analysis.workflow.check.load import load_cohort

    load_cohort(load_study(path))
    return path


def _changed(path, name, **sections):
    """The study with other sections, its cohort read from a copy of the table with an external
    hospital and two centres."""
    yaml = YAML(typ="safe")
    study, data = yaml.load(path.read_text()), path.parent / "data"
    table = pd.read_csv(data / "clinical.csv")
    training = table.index[table["cohort"] == "training"]
    table.loc[training[::4], "cohort"] = "hospital_b"
    table["centre"] = ["north" if place % 2 else "south" for place in range(len(table))]
    table.to_csv(data / "external.csv", index=False)
    dictionary = yaml.load((data / "dictionary.yml").read_text())
    dictionary["variables"]["cohort"]["levels"].append("hospital_b")
    dictionary["variables"]["centre"]["levels"] = ["north", "south"]
    with (data / "external.yml").open("w") as file:
        yaml.dump(dictionary, file)
    study["cohort"] |= {"table": "external.csv", "dictionary": "external.yml"}
    del study["cohort"]["demo"]
    study["split"] = {"column": "cohort", "external": {"hospital_b": "Hospital B"}}
    study |= sections | {"output": f"outputs/{name}"}
    changed = path.with_name(f"{name}.yml")
    with changed.open("w") as file:
        yaml.dump(study, file)
    return load_study(changed)


def test_statistics_of_repeats_are_averaged_and_their_spread_is_reported(clinical_cohort):
    study = _changed(
        clinical_cohort, "repeated", validation={"outer_folds": 2, "inner_folds": 2, "repeats": 3}
    )
    run_with_blank_figures(study)
    records = read_records(study.output_folder / "results.json")
    repeats = pd.read_csv(study.output_folder / "curves" / "repeats.csv")
    assert sorted(repeats.loc[repeats["model"] == "cr", "repeat"]) == [1, 2, 3]
    found = records["repeats.auc.cr"]
    assert found.ci_low <= found.value <= found.ci_high
    assert found.n == 3
    predictions = pd.read_csv(study.output_folder / "predictions.csv")
    rows = predictions[(predictions["model"] == "cr") & (predictions["how"] == "out_of_fold")]
    assert not rows.duplicated(["patient_id", "repeat"]).any()
    assert (
        len(rows)
        == 3 * predictions.query("model == 'cr' and how == 'apparent'")["patient_id"].nunique()
    )
    assert records["auc.cr.out_of_fold"].value == pytest.approx(
        repeats.loc[repeats["model"] == "cr", "auc"].mean(), abs=1e-9
    )
    found = verify(
        write_bundle(study, study.output_folder / "bundle.zip")
    )  # predictions.csv alone has what every number of them needs
    assert found.sound, [each.detail for each in found.different]
    assert (
        next(each for each in found.verdicts if each.key == "auc.cr.out_of_fold").word
        == "identical"
    )
    assert (study.output_folder / "figures" / "repeats.png").is_file()


@pytest.fixture(scope="module")
def external(clinical_cohort):
    study = _changed(clinical_cohort, "external")
    run_with_blank_figures(study)
    return study


def test_an_external_cohort_is_judged_apart_by_locked_models(external):
    study = external
    records = read_records(study.output_folder / "results.json")
    predictions = pd.read_csv(study.output_folder / "predictions.csv")
    outside = predictions[predictions["how"] == "hospital_b"]
    assert set(outside["cohort"]) == {"hospital_b"}
    assert set(outside["model"]) >= {"cr", "albi"}
    learnt = predictions[predictions["how"].isin(["apparent", "out_of_fold"])]
    assert not set(outside["patient_id"]) & set(learnt["patient_id"])
    assert records["auc.cr.hospital_b"].n == outside.query("model == 'cr'")["label"].notna().sum()
    assert "hospital_b" in records["auc.cr.hospital_b"].method
    assert (
        records["cohort.hospital_b.n"].value
        + records["cohort.training.n"].value
        + records["cohort.validation.n"].value
        == records["cohort.labelled.n"].value
    )
    for key in records:
        assert not (
            key.startswith("delong.") and key.endswith("hospital_b")
        )  # p-values stay where the contrasts were named


def test_a_centre_left_out_is_scored_by_the_others(clinical_cohort):
    study = _changed(
        clinical_cohort, "centres", validation={"outer": "leave_one_centre_out", "inner_folds": 2}
    )
    run_with_blank_figures(study)
    records = read_records(study.output_folder / "results.json")
    assert records["explanation.folds"].value == 2
    assert 0 <= records["auc.cr.out_of_fold"].value <= 1


def test_the_report_shows_external_cohorts(external):
    study = external
    from analysis.reporting.manuscript import Results
    from analysis.reporting.tables import (
        baseline_markdown,
        calibration_markdown,
        discrimination_markdown,
        subgroups_markdown,
    )

    results = Results(
        read_records(study.output_folder / "results.json"), study, study.output_folder
    )
    assert (
        "| AUC (95% CI)‖Hospital B, n = 8 (2 events) |"
        in discrimination_markdown(results, ["cr"]).data.splitlines()[0]
    )
    assert "Hospital B (n" in baseline_markdown(results).data.splitlines()[0]
    assert "Hospital B" in calibration_markdown(results, ["cr"]).data
    assert "Hospital B: AUC" in subgroups_markdown(results).data.splitlines()[0]
