"""Folds: nobody learns from whom it scores, at any level; the unknown are scored and never learnt
from."""

import numpy as np
import pandas as pd
import pytest

from analysis.training import contexts_of
from analysis.training.contexts import Folds


def _label(n=40, unknown=5):
    values = np.tile([0.0, 1.0], n // 2)
    values[:unknown] = np.nan
    return pd.Series(values, index=[f"P{i:02d}" for i in range(n)])


def test_every_level_partitions_its_patients():
    label = _label()
    training, others = list(label.index[:32]), list(label.index[32:])
    contexts = {
        each.name: each for each in contexts_of(training, others, label, Folds(4, 3, seed=1))
    }
    assert len(contexts) == 1 + 4 + 12
    known = {patient for patient in training if pd.notna(label[patient])}
    assert set(contexts["final"].learn) == known
    assert set(contexts["final"].score) == set(label.index)
    assert sorted(
        patient for i in range(1, 5) for patient in contexts[f"outer_{i}"].score
    ) == sorted(training)
    for name, context in contexts.items():
        if name != "final":
            assert not set(context.learn) & set(context.score), name
            assert set(context.learn) <= known
        if "/" in name:
            parent = contexts[context.parent]
            assert set(context.learn) | set(context.score) == set(parent.learn)
            assert not (set(context.learn) | set(context.score)) & set(parent.score)


def test_too_few_events_for_the_folds_is_an_error_with_advice():
    label = pd.Series([1.0, 1.0, *[0.0] * 10], index=[f"P{i}" for i in range(12)])
    with pytest.raises(
        ValueError, match="3 folds need at least 3 patients of each outcome.*use fewer folds"
    ):
        contexts_of(list(label.index), [], label, Folds(3, 2, seed=0))


def test_repeats_draw_new_folds_and_keep_the_first():
    label = _label()
    training = list(label.index[:32])
    once, thrice = (
        contexts_of(training, [], label, Folds(4, 3, seed=1, repeats=repeats)) for repeats in (1, 3)
    )
    assert thrice[: len(once)] == once
    assert len(thrice) == 1 + 3 * (4 + 12)
    for repeat in (2, 3):
        outer = [
            each
            for each in thrice
            if each.repeat == repeat and not each.inner and each.name != "final"
        ]
        assert sorted(patient for each in outer for patient in each.score) == sorted(training)
        assert {each.parent for each in outer} == {"final"}
        assert [set(each.score) for each in outer] != [
            set(each.score) for each in once if each.name.startswith("outer") and not each.inner
        ]


def test_each_centre_is_left_out_once():
    label = _label(60, 6)
    centre = pd.Series(np.repeat(["north", "south", "west"], 20), index=label.index)
    contexts = contexts_of(list(label.index), [], label, Folds(99, 2, seed=1), centre=centre)
    outer = [each for each in contexts if each.name != "final" and not each.inner]
    assert [set(centre[list(each.score)]) for each in outer] == [{"north"}, {"south"}, {"west"}]
    assert all(not set(centre[list(each.learn)]) & set(centre[list(each.score)]) for each in outer)


def test_one_centre_or_an_unknown_one_is_an_error():
    label = _label()
    with pytest.raises(
        ValueError, match="needs two centres in the training cohort, there is north"
    ):
        contexts_of(
            list(label.index),
            [],
            label,
            Folds(2, 2, seed=1),
            centre=pd.Series("north", index=label.index),
        )
    with pytest.raises(ValueError, match="it is empty for P00"):
        contexts_of(
            list(label.index),
            [],
            label,
            Folds(2, 2, seed=1),
            centre=pd.Series([None, *["north"] * 20, *["south"] * 19], index=label.index),
        )
