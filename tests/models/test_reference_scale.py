"""Phases on the scale of the training patients: learnt from them alone, kept with the network."""

import json

import numpy as np
import pandas as pd
import pytest
import torch

from models.deep import DeepModel
from models.deep.reference_scale import ReferenceScale
from models.deep.saliency import grad_cam
from models.inputs import Inputs
from models.settings import NetworkSettings
from tests.support.pictures import pictures

SMALL = {"epochs": 1, "batch_size": 8, "width": 0.1}


def _suv(**changes):
    """Pictures whose second phase has values with a unit, some of them beyond the image."""
    inputs, label = pictures(**changes)
    images = inputs.images.copy()
    images[:, :, 1] = 4 + 2 * images[:, :, 1]
    images[::3, :, 1, :5] = np.nan
    return Inputs(inputs.patients, images=images), label


def test_mean_and_deviation_are_those_of_what_lies_in_the_image():
    images = _suv()[0].images
    scale = ReferenceScale.learnt(images, (1,))
    known = images[:, :, 1][np.isfinite(images[:, :, 1])].astype(float)
    assert scale.mean == (known.mean(),)
    assert scale.deviation == (known.std(),)
    seen = scale.applied(images)
    np.testing.assert_array_equal(seen[:, :, [0, 2]], images[:, :, [0, 2]])
    assert (seen[::3, :, 1, :5] == 0).all()
    inside = np.isfinite(images[:, :, 1])
    assert seen[:, :, 1][inside].mean() == pytest.approx(0, abs=1e-4)
    assert seen[:, :, 1][inside].std() == pytest.approx(1, abs=1e-4)


def test_a_phase_of_one_value_and_one_of_none():
    images = np.full((2, 1, 1, 4, 4), 3, np.float32)
    assert not ReferenceScale.learnt(images, (0,)).applied(images).any()
    with pytest.raises(ValueError, match="phase 1 has no value in any training patient"):
        ReferenceScale.learnt(images * np.nan, (0,))


def test_a_factor_of_a_new_patient_is_seen_and_none_without_such_a_phase():
    images = _suv()[0].images
    scale = ReferenceScale.learnt(images, (1,))
    assert not np.allclose(scale.applied(images), scale.applied(3 * images), atol=0.1)
    plain = ReferenceScale.learnt(images, ())
    assert plain.applied(images) is images


def test_only_the_learning_patients_are_in_it():
    inputs, label = _suv()
    learning = list(inputs.patients[:16])
    part = inputs.subset(learning)
    model = DeepModel("resnet18", **SMALL, reference_channels=(1,)).fit(part, label[learning])
    changed = inputs.images.copy()
    changed[16:] *= 100
    other = Inputs(inputs.patients, images=changed)
    again = DeepModel("resnet18", **SMALL, reference_channels=(1,)).fit(
        other.subset(learning), label[learning]
    )
    assert model.scale_ == again.scale_ == ReferenceScale.learnt(part.images, (1,))
    assert model.scale_ != ReferenceScale.learnt(inputs.images, (1,))
    pd.testing.assert_series_equal(
        model.predict(inputs)[learning], again.predict(other)[learning], check_exact=True
    )


def test_it_is_kept_with_the_network_and_scores_the_same():
    inputs, label = _suv()
    model = DeepModel("resnet18", **SMALL, reference_channels=(1,)).fit(inputs, label)
    description = json.loads(json.dumps(model.description()))
    again = DeepModel.from_description(description, model.tensors())
    assert again.scale_ == model.scale_
    scores = model.predict(inputs)
    assert np.isfinite(scores).all()
    pd.testing.assert_series_equal(again.predict(inputs), scores, check_exact=True)
    maps, _ = grad_cam(again, inputs.images[:2])
    assert np.isfinite(maps).all()


def test_a_network_without_such_a_phase_is_written_and_keyed_as_before():
    inputs, label = pictures()
    model = DeepModel("resnet18", **SMALL).fit(inputs, label)
    description = model.description()
    assert "reference_scale" not in description
    assert "reference_channels" not in description["training"]
    assert "reference_channels" not in NetworkSettings(epochs=1).content()
    assert NetworkSettings(epochs=1, reference_channels=(0,)).content()["reference_channels"]
    assert torch.equal(
        DeepModel.from_description(description, model.tensors()).tensors()["member_1.conv1.weight"],
        model.tensors()["member_1.conv1.weight"],
    )
