"""Registration of made images: a known shift and turn, refusals, the same bytes again."""

import numpy as np
import pytest
import SimpleITK as sitk

from analysis.core.cache import digest
from analysis.imaging.reading import ImageSource, read_image
from analysis.imaging.reading.read import not_imaged
from analysis.imaging.registration.align import align, displacements
from analysis.inputs.registration.pictures import checkerboard
from analysis.study.registration import Registration
from tests.support.registered_images import SPACING, organ

KNOWN = (4.2, -3.1, 2.4)


def points(image):
    """Points of the tumour's surroundings, in the middle of the image (mm)."""
    grid = np.stack(np.meshgrid(*[np.linspace(0.3, 0.7, 3)] * 3), axis=-1).reshape(-1, 3)
    sizes = np.array(image.GetSize()) - 1
    return np.array([image.TransformContinuousIndexToPhysicalPoint(each * sizes) for each in grid])


def test_a_known_shift_is_recovered_within_half_a_millimetre_in_another_contrast():
    fixed, moving = organ(), organ(shift=KNOWN, contrast=-0.6, seed=1)
    found = align(fixed, moving, Registration())
    assert found.refused == ""
    assert found.after > found.before + 0.1
    transform = found.transform()
    moved = np.array([transform.TransformPoint(each) for each in points(fixed).tolist()])
    assert np.abs(moved - points(fixed) - KNOWN).max() < 0.5
    assert found.shift_mm == pytest.approx(np.linalg.norm(KNOWN), abs=0.5)


def test_a_known_turn_is_recovered():
    fixed = organ()
    turn = sitk.Euler3DTransform(fixed.TransformContinuousIndexToPhysicalPoint((15.5, 15.5, 7.5)))
    turn.SetRotation(0.0, 0.0, np.deg2rad(5))
    moving = sitk.Resample(fixed, turn, sitk.sitkLinear, 0.0)
    found = align(fixed, moving, Registration())
    # What the resampling did is undone.
    back = sitk.CompositeTransform([turn, found.transform()])
    assert found.refused == ""
    assert displacements(back, points(fixed)).max() < 0.5


def test_the_same_images_give_the_same_bytes_again_and_threads_stay_as_they_were():
    before = sitk.ProcessObject.GetGlobalDefaultNumberOfThreads()
    first, second = (align(organ(), organ(shift=KNOWN, seed=1), Registration()) for _ in range(2))
    assert first == second
    assert sitk.ProcessObject.GetGlobalDefaultNumberOfThreads() == before


def test_a_shift_beyond_the_limit_is_not_used_and_said():
    found = align(organ(), organ(shift=KNOWN, seed=1), Registration(furthest_mm=2))
    assert found.refused.startswith("a shift of 5.")
    assert found.refused.endswith("mm is beyond 2 mm")
    assert displacements(found.transform(), points(organ())).max() == 0
    assert displacements(found.found_transform(), points(organ())).min() > 4


def test_images_that_became_less_alike_stay_where_they_are(monkeypatch):
    from analysis.imaging.registration import align as module

    wrong = sitk.Euler3DTransform()
    wrong.SetTranslation((6.0, 0.0, 0.0))
    monkeypatch.setattr(module, "_rigid", lambda *_: wrong)
    found = align(organ(), organ(), Registration())
    assert found.refused == "the images were less alike with it than without"
    assert found.after < found.before


def test_images_without_overlap_are_an_error():
    far = organ()
    far.SetOrigin((1e4, 0, 0))
    with pytest.raises(ValueError, match="do not overlap"):
        align(organ(), far, Registration())


@pytest.fixture
def sources(tmp_path):
    sitk.WriteImage(organ(), str(tmp_path / "fixed.nii.gz"))
    sitk.WriteImage(organ(shift=KNOWN, seed=1), str(tmp_path / "moving.nii.gz"))
    fixed = ImageSource(tmp_path / "fixed.nii.gz")
    plain = ImageSource(tmp_path / "moving.nii.gz", resample_to=fixed)
    registered = ImageSource(
        plain.path, resample_to=fixed, registration=Registration(), transforms=tmp_path / "kept"
    )
    return fixed, plain, registered


def test_a_source_is_read_registered_and_its_key_knows_it(sources):
    fixed, plain, registered = sources
    target, before, after = (sitk.GetArrayFromImage(read_image(each)) for each in sources)
    inner = (slice(3, -3),) * 3

    def alike(values):
        return np.corrcoef(target[inner].ravel(), values[inner].ravel())[0, 1]

    assert alike(after) > 0.95 > alike(before)
    keys = {digest(fixed), digest(plain), digest(registered)}
    assert len(keys) == 3
    assert plain.content() == registered.content()[: len(plain.content())]
    assert list(registered.transforms.iterdir())
    # The first millimetres that the shift brings in were never acquired.
    unseen = not_imaged(registered, read_image(registered))
    assert not unseen[inner].all()
    assert unseen.any()
    assert not_imaged(plain, read_image(plain)) is None
    assert SPACING == read_image(registered).GetSpacing()


def test_fields_of_a_checkerboard_alternate():
    found = checkerboard(np.zeros((12, 12)), np.ones((12, 12)))
    assert found[0, :5].tolist() == [0, 0, 1, 1, 0]
    assert found[2, :5].tolist() == [1, 1, 0, 0, 1]
