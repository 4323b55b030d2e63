"""The demonstration cohort: exact counts, files, determinism, and an outcome that follows the
documented truth."""

from __future__ import annotations

from pathlib import Path

import nibabel as nib
import numpy as np
import pandas as pd
import pytest
import yaml

from analysis.demo import TRUTH, make_demo_cohort
from analysis.demo.clinical import draw_clinical
from analysis.demo.outcome import draw_outcome, split_cohort
from analysis.demo.truth import draw_hidden

TINY = {"patients": 24, "image_shape": (24, 24, 8), "progress": False}


def read(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "clinical.csv", keep_default_na=False, na_values=[""]).set_index(
        "patient_id"
    )


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_demo_cohort(tmp_path_factory.mktemp("demo") / "cohort", jobs=1, **TINY)


def test_full_size_counts_are_exact() -> None:
    rng = np.random.default_rng(1)
    hidden = draw_hidden(177, rng)
    outcome = draw_outcome(hidden["linear_predictor"].to_numpy(), events=96, censored=12, rng=rng)
    cohort = split_cohort(outcome["label"].to_numpy(), validation=33, rng=rng)
    counts = pd.crosstab(cohort, outcome["label"].fillna(-1))
    assert counts.loc["training"].tolist() == [10, 55, 77]
    assert counts.loc["validation"].tolist() == [2, 14, 19]
    months, kind = outcome["recurrence_free_months"], outcome["event_type"]
    early = (kind == "recurrence") & (months <= 24)
    pd.testing.assert_series_equal(early, outcome["label"] == 1, check_names=False)
    unknown = (kind != "recurrence") & (months < 24)
    pd.testing.assert_series_equal(unknown, outcome["label"].isna(), check_names=False)
    assert (kind[unknown] == "death").sum() == 2
    assert ((kind == "recurrence") & (months > 24)).any()
    assert months.min() >= 1.0


def test_true_predictors_have_their_documented_effect() -> None:
    rng = np.random.default_rng(2)
    hidden = draw_hidden(177, rng)
    table = draw_clinical(hidden, centre=np.repeat("A", 177), largest_cm=6.0, rng=rng)
    total = np.sqrt(TRUTH.aggressiveness**2 + TRUTH.ast**2 + TRUTH.diameter**2 + TRUTH.noise**2)
    predictor = hidden["linear_predictor"]
    # rounding and clipping of the printed values cost a little of the exact correlation
    assert np.corrcoef(np.log(table["ast"]), predictor)[0, 1] == pytest.approx(
        TRUTH.ast / total, abs=0.03
    )
    assert np.corrcoef(table["tumour_diameter"], predictor)[0, 1] == pytest.approx(
        TRUTH.diameter / total, abs=0.03
    )
    assert np.corrcoef(hidden["aggressiveness"], predictor)[0, 1] == pytest.approx(
        TRUTH.aggressiveness / total
    )


def test_every_column_is_described_and_every_level_known(tiny: Path) -> None:
    table = read(tiny)
    variables = yaml.safe_load((tiny / "dictionary.yml").read_text(encoding="utf-8"))["variables"]
    assert set(variables) == {"patient_id", *table.columns}
    for name, entry in variables.items():
        assert ("unit" in entry) == (entry["type"] == "continuous"), name
        if "levels" in entry:
            assert set(table[name].dropna()) <= set(entry["levels"]), name
        elif entry["type"] == "binary":
            assert set(table[name].dropna()) <= {0, 1}, name
    assert "SYNTHETIC" in (tiny / "README.txt").read_text(encoding="utf-8")


def test_phases_and_masks_share_one_grid(tiny: Path) -> None:
    table = read(tiny)
    for patient, row in table.iterrows():
        folder = tiny / "images" / str(patient)
        mask = nib.load(folder / "mask.nii.gz")
        voxels = np.argwhere(np.asarray(mask.dataobj) == 1)
        assert len(voxels) >= 30
        extent = (np.ptp(voxels, axis=0) + 1) * mask.header.get_zooms()
        assert extent.max() / 10 == pytest.approx(row["tumour_diameter"], abs=1.0)
        assert voxels.min() > 0, f"{patient} is cut off"
        assert (voxels.max(axis=0) < np.array(mask.shape) - 1).all(), f"{patient} is cut off"
        for path in folder.glob("*.nii.gz"):
            image = nib.load(path)
            assert image.shape == mask.shape
            np.testing.assert_array_equal(image.affine, mask.affine)


def test_repeated_delineations_agree_but_are_not_the_same(tiny: Path) -> None:
    folders = [p.parent for p in tiny.glob("images/*/mask_reader2.nii.gz")]
    assert len(folders) == round(24 * 30 / 165)
    assert set(read(tiny).loc[[p.name for p in folders], "cohort"]) == {"training"}
    for folder in folders:
        first = np.asarray(nib.load(folder / "mask.nii.gz").dataobj)
        for name in ("mask_reader1_repeat", "mask_reader2"):
            other = np.asarray(nib.load(folder / f"{name}.nii.gz").dataobj)
            assert 0.6 < 2 * (first * other).sum() / (first.sum() + other.sum()) < 1.0


def test_files_depend_on_the_seed_and_not_on_jobs(tiny: Path, tmp_path: Path) -> None:
    again = make_demo_cohort(tmp_path / "again", jobs=2, **TINY)
    other = make_demo_cohort(tmp_path / "other", jobs=1, seed=7, **TINY)
    assert content(again) == content(tiny)
    assert content(other)["clinical.csv"] != content(tiny)["clinical.csv"]


def test_second_call_writes_nothing_and_a_changed_one_replaces(tmp_path: Path) -> None:
    small = {**TINY, "patients": 12, "jobs": 1}
    folder = make_demo_cohort(tmp_path / "cohort", **small)
    stamp = (folder / "clinical.csv").stat().st_mtime_ns
    make_demo_cohort(folder, **small)
    assert (folder / "clinical.csv").stat().st_mtime_ns == stamp
    make_demo_cohort(folder, **{**small, "patients": 11})
    assert len(read(folder)) == 12  # 11 labelled and 1 censored
    assert [p.name for p in tmp_path.iterdir()] == ["cohort"]


def test_foreign_folder_and_impossible_counts_are_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="not the demonstration cohort"):
        make_demo_cohort(tmp_path, **TINY)
    with pytest.raises(ValueError, match="events=30 .*repeats=24"):
        make_demo_cohort(tmp_path / "x", events=30, repeats=24, **TINY)


def test_a_signal_around_the_tumour_is_a_variable_of_its_own(tmp_path):
    size = {"patients": 12, "image_shape": (20, 20, 8), "seed": 3, "jobs": 1, "progress": False}
    plain, signal = (
        make_demo_cohort(tmp_path / str(effect), surround=effect, **size) for effect in (0.0, 0.8)
    )
    truth = [pd.read_csv(each / "truth.csv", index_col="patient_id") for each in (plain, signal)]
    assert "surround" not in truth[0]
    added = truth[1]["linear_predictor"] - truth[0]["linear_predictor"]
    assert added.to_numpy() == pytest.approx(0.8 * truth[1]["surround"].to_numpy(), abs=2e-6)
    assert truth[1]["surround"].mean() == pytest.approx(0, abs=1e-6)

    def voxels(folder, patient, name):
        image = nib.load(folder / "images" / patient / f"{name}.nii.gz")
        return np.asarray(image.dataobj).astype(float)

    for patient in truth[0].index:
        for name in ("portal_venous", "delayed", "mask"):
            assert np.array_equal(*(voxels(each, patient, name) for each in (plain, signal)))
        change = voxels(signal, patient, "arterial") - voxels(plain, patient, "arterial")
        mask = voxels(plain, patient, "mask") > 0
        assert change[~mask].max() > 0
        # Of what an edge's voxels share with their surroundings a little is left inside.
        assert np.abs(change[mask]).mean() < 0.05 * change.max()
