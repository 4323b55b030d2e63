"""Deformation of made images: a known one, refusals, the rigid transform instead of it."""

import numpy as np
import pytest
import SimpleITK as sitk

from analysis.imaging.reading import ImageSource, read_image
from analysis.imaging.registration import align as module
from analysis.imaging.registration import deformation
from analysis.imaging.registration.align import align, displacements
from analysis.imaging.registration.deformation import coarse_mesh, refined
from analysis.imaging.registration.jacobian import determinants_within, slabs
from analysis.imaging.registration.similarity import stride
from analysis.study.registration import Registration
from tests.support.registered_images import SHAPE, bent, bump, organ

DEFORMABLE = Registration(transform="deformable", spacing_mm=20)


def middle(image):
    """Mask of the tumour's place, in the middle of the image."""
    values = np.zeros(SHAPE, np.uint8)
    values[5:11, 11:21, 11:21] = 1
    mask = sitk.GetImageFromArray(values)
    mask.CopyInformation(image)
    return mask


def voxels(mask):
    places = np.argwhere(sitk.GetArrayFromImage(mask) > 0)[:, ::-1]
    return np.array([mask.TransformIndexToPhysicalPoint(each.tolist()) for each in places])


@pytest.fixture(scope="module")
def pair():
    """Image, the one that it is registered to, and the deformation between them."""
    moving, true = organ(), bump()
    return moving, bent(moving, true), true


@pytest.fixture(scope="module")
def found(pair):
    moving, fixed, _ = pair
    return align(fixed, moving, DEFORMABLE)


def test_a_known_deformation_is_recovered_within_a_millimetre_in_the_tumour(pair, found):
    _, fixed, true = pair
    points = voxels(middle(fixed))

    def wrong(transform):
        return np.linalg.norm(
            [
                np.subtract(transform.TransformPoint(each), true.TransformPoint(each))
                for each in points.tolist()
            ],
            axis=1,
        )

    assert displacements(true, points).max() > 4
    assert (found.refused, found.deformation.refused) == ("", "")
    assert wrong(found.transform()).mean() < 0.5
    assert wrong(found.transform()).max() < 1
    rigid = module._rigid_transform(found.parameters, found.centre)
    assert wrong(rigid).max() > 1.5
    assert found.similarity > found.after + 0.05


def test_its_change_of_volume_in_the_tumour_is_that_of_the_known_one(pair, found):
    mask = middle(pair[1])
    got, known = (
        determinants_within(each, mask) for each in (found.deformation.transform(), pair[2])
    )
    assert np.abs(got.mean() - known.mean()) < 0.05
    assert 0 < found.deformation.lowest < got.min() < 1
    assert got.max() > 1


def test_the_same_images_give_the_same_bytes_again(pair, found):
    assert align(pair[1], pair[0], DEFORMABLE) == found


def _folded(fixed, moving, rigid, spacing_mm):
    """A deformation by which the middle of the image changes places with what lies beside it."""
    start = sitk.BSplineTransformInitializer(fixed, [4, 4, 4], 3)
    values = np.zeros((3, 7, 7, 7))
    values[0, :, :, 2], values[0, :, :, 4] = 40, -40
    start.SetParameters(values.ravel().tolist())
    return start


def _far(fixed, moving, rigid, spacing_mm):
    start = sitk.BSplineTransformInitializer(fixed, [1, 1, 1], 3)
    start.SetParameters([7.0] * start.GetNumberOfParameters())
    return start


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (_folded, "the deformation folds the image (lowest Jacobian determinant -"),
        (_far, "a deformation by 12.1 mm is beyond 10 mm"),
        (
            lambda fixed, *_: deformation.sitk.BSplineTransformInitializer(fixed, [1, 1, 1], 3),
            "",
        ),
    ],
)
def test_what_is_refused_gives_way_to_the_rigid_transform(monkeypatch, pair, made, reason):
    monkeypatch.setattr(deformation, "found_deformation", made)
    within = Registration(transform="deformable", furthest_mm=10 if reason else 30)
    got = align(pair[1], pair[0], within)
    assert got.refused == ""
    assert got.deformation.refused.startswith(reason)
    assert (got.used_deformation is None) is bool(reason)
    if reason:
        assert (got.similarity, got.transform().GetName()) == (got.after, "Euler3DTransform")


def test_less_alike_and_failed_deformations_are_not_used(monkeypatch, pair):
    moving, fixed, _ = pair
    monkeypatch.setattr(deformation, "found_deformation", _far)
    less = align(fixed, moving, DEFORMABLE)
    words = "the deformed images were less alike than the rigidly registered ones"
    assert less.deformation.refused == words

    def fails(*_):
        raise RuntimeError("itk\nx.cxx:1:\nITK ERROR: Some(0x12ab): Too many samples. Here")

    monkeypatch.setattr(deformation, "found_deformation", fails)
    failed = align(fixed, moving, DEFORMABLE)
    assert failed.deformation.refused.startswith("the deformation failed: ")
    assert failed.similarity == failed.after


def test_no_deformation_is_tried_where_the_rigid_transform_is_not_used(monkeypatch):
    monkeypatch.setattr(deformation, "found_deformation", lambda *_: pytest.fail("was tried"))
    limits = Registration(transform="deformable", furthest_mm=2)
    got = align(organ(), organ(shift=(4.2, -3.1, 2.4), seed=1), limits)
    assert got.refused.startswith("a shift of 5.")
    assert got.deformation is None


def test_a_refined_mesh_has_the_same_deformation():
    image = organ()
    coarse = sitk.BSplineTransformInitializer(image, [1, 2, 1], 3)
    random = np.random.default_rng(0)
    coarse.SetParameters(random.normal(size=coarse.GetNumberOfParameters()).tolist())
    fine = refined(coarse, image)
    assert fine.GetTransformDomainMeshSize() == (2, 4, 2)
    for point in voxels(middle(image))[::40].tolist():
        assert np.allclose(coarse.TransformPoint(point), fine.TransformPoint(point), atol=1e-9)


def test_the_mesh_follows_the_size_in_millimetres():
    assert coarse_mesh(organ(), 40) == [1, 1, 1]
    assert coarse_mesh(organ(), 10) == [2, 2, 2]


def test_a_mesh_that_would_take_hours_is_refused():
    large = sitk.Image([256, 256, 100], sitk.sitkUInt8)
    large.SetSpacing((1.5, 1.5, 3.0))
    finest = Registration(transform="deformable", spacing_mm=10)
    with pytest.raises(ValueError, match=r"spacing_mm: 10 .* 166,419 coefficients .* raise"):
        align(large, large, finest)
    deformation.refuse_fine_mesh(large, 40)


@pytest.mark.parametrize("size", [(256, 256, 96), (320, 260, 72), (32, 32, 16), (7, 300, 300)])
def test_samples_lie_in_all_columns_and_are_about_as_many_as_asked_for(size):
    step = stride(size, 20_000)
    places = np.arange(0, np.prod(size), step)
    assert len(places) >= min(19_500, np.prod(size))
    assert len(places) < 21_500
    assert len(set(places % size[0])) == size[0]


def test_determinants_are_those_of_an_affine_transform_on_a_turned_grid():
    image = organ()
    turn = sitk.Euler3DTransform((0, 0, 0), 0.3, -0.4, 0.5)
    image.SetDirection(turn.GetMatrix())
    stretch = sitk.AffineTransform(3)
    matrix = np.array([[1.2, 0.1, 0.0], [0.3, 0.9, -0.2], [0.0, 0.2, 1.1]])
    stretch.SetMatrix(matrix.ravel().tolist())
    expected = np.linalg.det(matrix)
    places = []
    for part, determinants, _ in slabs(stretch, image):
        places += range(SHAPE[0])[part]
        assert np.allclose(determinants, expected)
    assert places == list(range(SHAPE[0]))
    assert np.allclose(determinants_within(stretch, middle(image)), expected)


def test_an_image_is_read_deformed_and_kept(pair, tmp_path):
    moving, fixed, _ = pair
    for name, image in (("moving", moving), ("fixed", fixed)):
        sitk.WriteImage(image, str(tmp_path / f"{name}.nii.gz"))
    target = ImageSource(tmp_path / "fixed.nii.gz")
    rigid, deformed = (
        ImageSource(
            tmp_path / "moving.nii.gz",
            resample_to=target,
            registration=each,
            transforms=tmp_path / "kept",
        )
        for each in (Registration(), DEFORMABLE)
    )
    inside = sitk.GetArrayFromImage(middle(fixed)) > 0
    wanted = sitk.GetArrayFromImage(fixed)[inside]

    def alike(source):
        # The contrast of the one is that of the other, turned round.
        return -np.corrcoef(wanted, sitk.GetArrayFromImage(read_image(source))[inside])[0, 1]

    assert alike(deformed) > 0.97
    assert alike(deformed) > alike(rigid) + 0.01
    assert len(list((tmp_path / "kept").rglob("*.pickle"))) == 2
    assert rigid.content() != deformed.content()
