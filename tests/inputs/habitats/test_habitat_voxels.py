"""Voxels of habitats: all phases on the reference's grid, normalised as stated."""

from dataclasses import replace

import numpy as np
import pytest
import SimpleITK as sitk

from analysis.imaging.reading import PhaseFiles
from analysis.inputs.habitats import habitat_sources, habitat_voxels
from analysis.inputs.habitats.sampled import map_of
from analysis.study import Lesions, Phase, Preprocessing
from analysis.study.regions import Block, Region

SHAPE = (6, 12, 14)
RANDOM = np.random.default_rng(3)
EARLY, LATE = RANDOM.normal(100, 20, SHAPE), RANDOM.normal(50, 5, SHAPE)
MASK = np.zeros(SHAPE, np.uint8)
MASK[1:5, 3:9, 4:10] = 1


def written(folder, name, values, spacing=(1.0, 1.0, 2.0), origin=(0.0, 0.0, 0.0)):
    image = sitk.GetImageFromArray(values)
    image.SetSpacing(spacing)
    image.SetOrigin(origin)
    sitk.WriteImage(image, str(folder / f"{name}.nii.gz"))


@pytest.fixture
def files(tmp_path):
    written(tmp_path, "early", EARLY)
    written(tmp_path, "late", LATE)
    written(tmp_path, "mask", MASK)

    def found(regions=(), lesions=None, **phases):
        every = {
            name: Phase(image=f"{name}.nii.gz", mask="mask.nii.gz", **phases.get(name, {}))
            for name in ("early", "late")
        }
        return PhaseFiles(
            lambda _, pattern: tmp_path / pattern,
            every,
            Lesions(**(lesions or {"rule": "all"})),
            regions=dict(regions),
        )

    return found


def voxels(found, phase="early", region=None, normalisation="none"):
    sources = habitat_sources(found, "P1", Block(phase, region), normalisation)
    return habitat_voxels(sources, list(found.phases).index(phase))


def test_voxels_are_those_of_the_mask_in_every_phase(files):
    found = voxels(files())
    inside = MASK > 0
    assert found.values == pytest.approx(np.column_stack([EARLY[inside], LATE[inside]]), rel=1e-6)
    assert found.left_out == 0
    numbers = np.arange(len(found.values)) % 3 + 1
    shown = map_of(found, numbers, SHAPE)
    assert shown[inside].tolist() == numbers.tolist()
    assert not shown[~inside].any()


@pytest.mark.parametrize("normalisation", ["image", "region"])
def test_intensities_are_normalised_as_stated(files, normalisation):
    found, inside = voxels(files(), normalisation=normalisation), MASK > 0
    for column, values in zip(found.values.T, (EARLY, LATE), strict=True):
        whole = values if normalisation == "image" else values[inside]
        expected = (values[inside] - whole.mean()) / whole.std()
        assert column == pytest.approx(expected, abs=1e-4)


def test_a_phase_of_another_grid_is_put_on_the_references(files, tmp_path):
    # Every second row and column of a smooth image, on a grid of its own.
    _, y, x = np.indices(SHAPE)
    written(tmp_path, "early", (x + 2.0 * y).astype(float))
    fine = np.repeat(np.repeat((x + 2.0 * y).astype(float), 2, axis=1), 2, axis=2)
    written(tmp_path, "late", fine, spacing=(0.5, 0.5, 2.0), origin=(-0.25, -0.25, 0.0))
    found = voxels(files())
    assert found.values[:, 1] == pytest.approx(found.values[:, 0], abs=0.6)


def test_voxels_beyond_a_phase_are_left_out_and_counted(files, tmp_path):
    written(tmp_path, "late", LATE[:, :, :8])
    found = voxels(files())
    assert found.left_out == 4 * 6 * 2
    assert found.places[:, 2].max() == 7
    written(tmp_path, "late", LATE[:, :, :3])
    with pytest.raises(ValueError, match="no voxel of the mask lies within the images of all"):
        voxels(files())


def test_a_region_is_clustered_in_the_place_of_the_tumour(files):
    rim = {"rim": Region(rim={"width_mm": 1.2})}
    found = voxels(files(regions=rim), region="rim")
    assert 0 < len(found.values) < MASK.sum()


def test_a_ring_ends_at_air_of_the_stored_image(files, tmp_path):
    airy = EARLY.copy()
    airy[:, :, 11:] = -500
    written(tmp_path, "early", airy)
    scale = {"method": "organ", "mask": "{patient_id}.nii.gz", "scale": 1}
    found = files(regions={"ring": Region(expanded={"by_mm": 3})}, early={"air": "ct"})
    stored = voxels(found, region="ring")
    written(tmp_path, "P1", MASK)
    found = replace(
        found,
        place=lambda patient, pattern: tmp_path / pattern.replace("{patient_id}", patient),
        preprocessing={"early": Preprocessing(intensity=scale)},
    )
    prepared = voxels(found, region="ring")
    assert stored.places[:, 2].max() == 10
    assert np.array_equal(stored.places, prepared.places)
    assert not np.allclose(stored.values[:, 0], prepared.values[:, 0])


def test_another_image_is_another_key(files, tmp_path):
    from analysis.core.cache import digest

    def key(normalisation="none"):
        return digest(habitat_sources(files(), "P1", Block("early"), normalisation))

    before = key()
    assert before == key()
    assert before != key("image")
    written(tmp_path, "late", LATE + 1)
    assert before != key()


def test_check_tells_of_tumours_that_a_phase_does_not_show(files, tmp_path):
    from analysis.inputs.checks.habitats import look_at_voxels

    def findings():
        return look_at_voxels(habitat_sources(files(), "P1", Block("early"), "none"), 0)

    assert findings() == ()
    written(tmp_path, "late", LATE[:, :, :8])
    (some,) = findings()
    assert (some.level, some.what) == (
        "warning",
        "33% of the tumour's voxels lie beyond the image of a phase",
    )
    written(tmp_path, "late", LATE[:, :, :3])
    (nothing,) = findings()
    assert nothing.level == "error"
    assert nothing.what.startswith("habitats can't be made: no voxel of the mask lies within")
