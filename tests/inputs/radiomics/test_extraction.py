"""Extraction: how many features, what the cache depends on, and faults named with the file."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import SimpleITK as sitk

from analysis.inputs.radiomics import (
    RadiomicsTable,
    extract_features,
    feature_classes,
    feature_reproducibility,
    reproducible_features,
)
from analysis.inputs.radiomics.table import _one
from analysis.study import Extraction


@pytest.fixture
def files(tmp_path) -> tuple[Path, Path]:
    random = np.random.default_rng(0)
    image = sitk.GetImageFromArray(random.normal(100, 20, (10, 20, 20)).astype(np.float32))
    image.SetSpacing((1.2, 1.2, 3.0))
    mask = np.zeros((10, 20, 20), np.uint8)
    mask[3:7, 6:14, 5:15] = 1
    mask = sitk.GetImageFromArray(mask)
    mask.CopyInformation(image)
    paths = tmp_path / "image.nii.gz", tmp_path / "mask.nii.gz"
    for each, path in zip((image, mask), paths, strict=True):
        sitk.WriteImage(each, str(path))
    return paths


def test_1037_features_of_known_classes(files):
    features = extract_features(*files, Extraction(resampled_spacing_mm=None))
    assert len(features) == 1037
    assert all(np.isfinite(list(features.values())))
    assert feature_classes(f"p_{name}" for name in features) == {
        "shape": 14,
        "first_order": 11 * 18,
        "texture": 11 * 75,
    }
    # Voxel volume of the mask by hand.
    assert features["original_shape_VoxelVolume"] == pytest.approx(4 * 8 * 10 * 1.2 * 1.2 * 3.0)


def test_empty_mask_and_other_grid_name_the_file(files, tmp_path):
    image, mask = files
    array = sitk.ReadImage(str(mask))
    empty = tmp_path / "empty.nii.gz"
    sitk.WriteImage(array * 0, str(empty))
    with pytest.raises(ValueError, match="empty.nii.gz is empty"):
        extract_features(image, empty, Extraction())
    shifted = tmp_path / "shifted.nii.gz"
    array.SetSpacing((1.2, 1.2, 4.0))
    sitk.WriteImage(array, str(shifted))
    with pytest.raises(ValueError, match="shifted.nii.gz has spacing.*must share one grid"):
        extract_features(image, shifted, Extraction())
    smaller = tmp_path / "smaller.nii.gz"
    sitk.WriteImage(sitk.ReadImage(str(mask))[:10], str(smaller))
    with pytest.raises(ValueError, match="smaller.nii.gz has grid"):
        extract_features(image, smaller, Extraction())


def test_cache_is_keyed_by_content_and_settings(files, tmp_path, monkeypatch):
    image, mask = files
    calls = []
    monkeypatch.setattr(
        "analysis.inputs.radiomics.table.extract_features", lambda *a: calls.append(a) or {"f": 1.0}
    )
    folder = tmp_path / "cache"
    _one(image, mask, Extraction(), "code", folder)
    moved = tmp_path / "moved.nii.gz"
    moved.write_bytes(image.read_bytes())
    _one(moved, mask, Extraction(), "code", folder)
    assert len(calls) == 1
    _one(image, mask, Extraction(bin_count=16), "code", folder)
    _one(image, mask, Extraction(), "other code", folder)
    _one(mask, mask, Extraction(), "code", folder)
    assert len(calls) == 4


def test_reproducibility_keeps_what_agrees():
    random = np.random.default_rng(1)
    patients = [f"P{i}" for i in range(30)]
    first = pd.DataFrame(
        random.standard_normal((30, 3)), index=patients, columns=["stable", "noisy", "constant"]
    )
    first["constant"] = 1.0
    repeat = first.assign(
        stable=first["stable"] + 0.01 * random.standard_normal(30), noisy=random.standard_normal(30)
    )
    table = RadiomicsTable(first, {"again": repeat})
    assert feature_reproducibility(table).loc["stable", "smallest"] > 0.99
    assert reproducible_features(table, 0.75) == ["stable"]
    assert reproducible_features(RadiomicsTable(first, {}), 0.75) == ["stable", "noisy", "constant"]
