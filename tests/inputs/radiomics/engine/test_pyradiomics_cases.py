"""PyRadiomics's five own cases: both engines agree, and the fast one has the published baseline
values."""

import ast
import csv
from functools import cache
from itertools import product

import pytest
import SimpleITK as sitk

from analysis.inputs.radiomics.engine_choice import image_features
from analysis.study import Extraction
from analysis.study.parameter_keys import keys_of
from tests.support.engine_agreement import assert_equal
from tests.support.pyradiomics_cases import NAMES, Unavailable, data_folder

CLASSES = ("shape", "firstorder", "glcm", "glrlm", "glszm", "gldm", "ngtdm")
# Column suffix of the baseline files: its settings. Values after resampling other than of shape are
# of whole numbers, as PyRadiomics's own tests round to.
PUBLISHED = {
    "": {"bin_width": 25.0, "normalise": False},
    "_FBN": {"bin_count": 64, "normalise": False},
    "_normalization": {"bin_width": 5.0},
}
RESAMPLED = {"resampled_spacing_mm": (2.0, 2.0, 2.0), "bin_width": 25.0, "normalise": False}
# Baselines older than the code that they come with: the mesh was changed since (brain1), and a tie
# of nearest neighbours falls otherwise in today's SimpleITK (breast1). In both, PyRadiomics itself
# has our values, not those.
OUTDATED = {
    ("brain1", "original_shape_MeshVolume"),
    ("brain1", "original_shape_SurfaceArea"),
    ("brain1", "original_shape_SurfaceVolumeRatio"),
    ("brain1", "original_shape_Sphericity"),
}
OUTDATED_COLUMNS = {"breast1_resampling"}
# Published without suffix of intensities + 2000, so that all are positive.
SHIFT, SHIFTED = 2000, ("Energy", "TotalEnergy", "RootMeanSquared")


@pytest.fixture(scope="module")
def folder():
    try:
        return data_folder()
    except Unavailable as error:
        pytest.skip(f"PyRadiomics's own images are not here: {error}")


@cache
def _case(folder, name):
    image = sitk.ReadImage(str(folder / f"{name}_image.nrrd"), sitk.sitkFloat64)
    mask = sitk.Cast(sitk.ReadImage(str(folder / f"{name}_label.nrrd")) == 1, sitk.sitkUInt8)
    mask.CopyInformation(image)
    return image, mask


@pytest.mark.parametrize("name", NAMES)
def test_engines_agree(folder, name):
    for settings in (
        Extraction(resampled_spacing_mm=(2.0, 2.0, 2.0)),
        Extraction(resampled_spacing_mm=None, normalise=False, bin_width=25.0),
    ):
        assert len(assert_equal(*_case(folder, name), settings)) == 1037


@cache
def _published(folder, kind):
    """Column → feature → value."""
    with (folder / "baseline" / f"baseline_{kind}.csv").open() as file:
        head, *rows = csv.reader(file)
    return {
        column: {
            row[0]: float(row[place])
            for row in rows
            if row[0].startswith("original_") and row[place]
        }
        for place, column in enumerate(head[1:], 1)
    }


def _shifted(features: dict[str, float]) -> dict[str, float]:
    """Energies of the intensities + SHIFT, by the binomial formula."""
    energy, mean = features["original_firstorder_Energy"], features["original_firstorder_Mean"]
    voxels = energy / features["original_firstorder_RootMeanSquared"] ** 2
    moved = energy + 2 * SHIFT * voxels * mean + voxels * SHIFT**2
    size = features["original_firstorder_TotalEnergy"] / energy
    return {
        "original_firstorder_Energy": moved,
        "original_firstorder_TotalEnergy": moved * size,
        "original_firstorder_RootMeanSquared": (moved / voxels) ** 0.5,
    }


@pytest.mark.parametrize("name", NAMES)
def test_published_values(folder, name):
    compared = {}
    for suffix, settings in [*PUBLISHED.items(), ("_resampling", RESAMPLED)]:
        ours = image_features(
            *_case(folder, name),
            Extraction(**{"resampled_spacing_mm": None, "log_sigma_mm": [], **settings}),
        )
        for kind in ("shape",) if suffix == "_resampling" else CLASSES:
            expected = _published(folder, kind).get(name + suffix, {})
            if kind == "firstorder" and suffix == "":
                ours |= _shifted(ours)
            for feature, value in expected.items():
                # Compactness and the like are deprecated and not computed; an absolute term for
                # values that are 0 but for rounding.
                if (
                    feature in ours
                    and (name + suffix, feature) not in OUTDATED
                    and name + suffix not in OUTDATED_COLUMNS
                ):
                    assert ours[feature] == pytest.approx(value, rel=1e-8, abs=1e-9), (
                        name + suffix,
                        feature,
                    )
                    compared[suffix] = compared.get(suffix, 0) + 1
    assert compared == {
        "": 107 - sum(name == column for column, _ in OUTDATED),
        "_FBN": 75,
        "_normalization": 93,
        **({} if name == "breast1" else {"_resampling": 14}),
    }


# Columns whose settings the file itself has, as PyRadiomics wrote them.
WRITTEN = ("_2d", "_combined", "_resegmentation", "_FBN")


@cache
def _written_settings(folder, kind):
    """Column -> settings of PyRadiomics."""
    with (folder / "baseline" / f"baseline_{kind}.csv").open() as file:
        rows = {row[0]: row[1:] for row in csv.reader(file)}
    found = rows["diagnostics_Configuration_Settings"]
    return {
        column: ast.literal_eval(text)
        for column, text in zip(rows["featureName"], found, strict=True)
        if text
    }


@pytest.mark.parametrize("name", NAMES)
def test_published_values_of_settings_as_they_were_written(folder, name):
    compared = dict.fromkeys(WRITTEN, 0)
    for kind, suffix in product(CLASSES[1:], WRITTEN):
        written = _written_settings(folder, kind).get(name + suffix)
        if written is None:
            continue
        chosen = Extraction(**keys_of({"setting": written, "featureClass": {kind: None}}))
        ours = image_features(*_case(folder, name), chosen)
        for feature, value in _published(folder, kind)[name + suffix].items():
            if feature in ours:
                assert ours[feature] == pytest.approx(value, rel=1e-8, abs=1e-9), (suffix, feature)
                compared[suffix] += 1
    assert all(compared.values()), compared
