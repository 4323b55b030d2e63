"""Augmentation: what is switched off changes nothing, flips and turns move pixels and lose none,
the generator alone decides."""

import pytest
import torch
from monai.networks.layers import AffineTransform

from models.deep import augmentation as module
from models.deep.augmentation import augment
from models.deep.settings import Augmentation

NOTHING = {"flips": False, "quarter_turns": False, "zoom": 0.0, "noise": 0.0}


def _batch(*shape):
    return torch.randn(shape, generator=torch.Generator().manual_seed(7))


def _random(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("shape", [(6, 3, 12, 12), (6, 2, 5, 12, 12)])
def test_nothing_is_nothing(shape):
    batch = _batch(*shape)
    assert torch.allclose(augment(batch, Augmentation(**NOTHING), _random()), batch, atol=1e-5)


def test_flips_and_turns_give_all_eight_positions_and_no_other():
    batch = _batch(1, 3, 12, 12).repeat(200, 1, 1, 1)
    moved = augment(batch, Augmentation(zoom=0.0, noise=0.0), _random())
    positions = [
        torch.rot90(each, turns, (1, 2))
        for each in (batch[0], batch[0].flip(1))
        for turns in range(4)
    ]
    nearest = [
        min(range(8), key=lambda place: float((picture - positions[place]).abs().max()))
        for picture in moved
    ]
    assert set(nearest) == set(range(8))
    assert all(
        torch.allclose(picture, positions[place], atol=1e-4)
        for picture, place in zip(moved, nearest, strict=True)
    )


def test_a_block_is_turned_in_plane_and_mirrored_in_depth():
    batch = _batch(1, 1, 5, 12, 12).repeat(100, 1, 1, 1, 1)
    moved = augment(batch, Augmentation(zoom=0.0, noise=0.0), _random())
    of_planes = batch[0, 0].flatten(1).sort(dim=1).values
    found = moved[:, 0].flatten(2).sort(dim=2).values
    straight = [torch.allclose(each, of_planes, atol=1e-4) for each in found]
    mirrored = [torch.allclose(each, of_planes.flip(0), atol=1e-4) for each in found]
    assert all(one != other for one, other in zip(straight, mirrored, strict=True))
    assert 20 < sum(mirrored) < 80


def test_zoom_keeps_the_centre_and_noise_and_intensity_are_of_their_size():
    batch = torch.zeros(400, 2, 13, 13)
    batch[:, :, 6, 6] = 1.0
    zoomed = augment(batch, Augmentation(**NOTHING | {"zoom": 0.3}), _random())
    assert (zoomed[:, 0, 6, 6] > 0.99).all()
    assert 0.08 < (zoomed[:, 0].sum((1, 2)) > 1.001).float().mean() < 0.25
    noisy = augment(
        torch.zeros(400, 2, 13, 13), Augmentation(**NOTHING | {"noise": 0.2}), _random()
    ).std(dim=(1, 2, 3))
    assert 0.2 < (noisy > 0).float().mean() < 0.4
    assert noisy.max() < 0.23
    changed = augment(
        torch.ones(400, 2, 13, 13), Augmentation(**NOTHING | {"intensity": 0.1}), _random()
    )[:, :, 0, 0]
    assert 0.15 < (changed - 1).abs().max() <= 0.2
    assert not torch.allclose(changed[:, 0], changed[:, 1])


def test_the_generator_alone_decides():
    batch = _batch(6, 3, 12, 12)
    settings = Augmentation(rotation_degrees=20, intensity=0.1)
    torch.manual_seed(1)
    first = augment(batch, settings, _random(3))
    torch.manual_seed(2)
    assert torch.equal(first, augment(batch, settings, _random(3)))
    assert not torch.equal(first, augment(batch, settings, _random(4)))


@pytest.mark.parametrize("shape", [(7, 3, 12, 15), (5, 2, 6, 12, 13)])
def test_pictures_are_moved_as_monai_moves_them(shape):
    settings = Augmentation(rotation_degrees=20, zoom=0.3, noise=0.0)
    batch, dimensions = _batch(*shape), len(shape) - 2
    # MONAI's matrices have the axes of the array.
    theta = module._matrices(shape[0], dimensions, settings, _random())
    whole = torch.eye(dimensions + 1).repeat(shape[0], 1, 1)
    whole[:, :dimensions, :dimensions] = theta[:, :, :dimensions].flip((1, 2))
    moved = AffineTransform(
        normalized=True, padding_mode="border", align_corners=False, spatial_size=shape[2:]
    )(batch, whole)
    assert torch.equal(augment(batch, settings, _random()), moved)
    assert not torch.allclose(moved, batch)


def test_a_batch_stays_as_it_was():
    batch = _batch(6, 3, 12, 12)
    before = batch.clone()
    for settings in (Augmentation(intensity=0.2), Augmentation(**NOTHING | {"noise": 0.5})):
        augment(batch, settings, _random())
        assert torch.equal(batch, before)
