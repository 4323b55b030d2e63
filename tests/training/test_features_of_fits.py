"""Features on the scale of each fold: which every fit has, and what each process is given."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from analysis.inputs.radiomics import RadiomicsTable
from analysis.training.content import content_of
from analysis.training.contexts import Context
from analysis.training.features_of_fits import in_every_fit
from analysis.training.predictions import InputsOfFits
from models.inputs import ImageFeatures, Inputs

PATIENTS = pd.Index(list("abcdef"), name="patient_id")


def _table(columns, patients=PATIENTS, shift=0.0):
    values = np.arange(len(patients) * len(columns), dtype=float).reshape(-1, len(columns))
    return pd.DataFrame(values + shift, index=patients, columns=columns)


def _inputs():
    folds = {
        name: ImageFeatures(_table(["x", "y"], pd.Index(list(own)), 100.0 * number))
        for number, (name, own) in enumerate({"outer_1": "abcd", "outer_2": "cdba"}.items(), 1)
    }
    return Inputs(
        PATIENTS,
        clinical=_table(["age"]),
        radiomics=_table(["x", "y"]),
        images=np.ones((6, 1, 1, 2, 2)),
        fits=folds,
    )


def test_a_fold_sees_its_own_features_and_the_final_fit_those_of_the_table():
    inputs = _inputs()
    final = inputs.of_fit("final")
    assert not final.fits
    pd.testing.assert_frame_equal(final.radiomics, inputs.radiomics)
    second = inputs.of_fit("outer_2")
    assert list(second.patients) == list("cdba")
    assert second.radiomics.loc["c", "x"] == 200
    assert list(second.clinical["age"]) == [2, 3, 1, 0]
    assert second.of_fit("outer_1") is second
    with pytest.raises(KeyError):
        inputs.of_fit("outer_3")
    plain = Inputs(PATIENTS, radiomics=inputs.radiomics)
    assert plain.of_fit("outer_1") is plain


def test_keys_of_a_study_without_folds_of_its_own_are_those_of_before():
    inputs = _inputs()
    plain = Inputs(PATIENTS, inputs.clinical, inputs.radiomics, inputs.images)
    assert content_of(inputs.of_fit("final")) == content_of(plain)
    assert content_of(inputs.of_fit("outer_1")) != content_of(inputs.of_fit("outer_2"))


@dataclass
class _Spec:
    reads: tuple


@dataclass
class _Model:
    spec: _Spec


@pytest.mark.parametrize(
    ("reads", "first", "pictures"),
    [(("clinical",), 0, True), (("images",), 0, True), (("radiomics",), 100, False)],
)
def test_each_process_is_given_what_it_reads_of_its_own_fold(reads, first, pictures):
    given = InputsOfFits(_inputs())
    inner = Context("outer_1/inner_2", ("a",), ("b",))
    found = given.seen([_Model(_Spec(reads))], inner)
    assert not found.fits
    assert found.radiomics.loc["a", "x"] == first
    assert (found.images is not None) == pictures
    # One object for all fits of a fold, which a cluster is sent once.
    assert given.seen([_Model(_Spec(reads))], Context("outer_1", ("a",), ("b",))) is found
    both = given.seen([_Model(_Spec(("radiomics", "images")))], inner)
    assert both.images is not None
    assert both.radiomics.loc["a", "x"] == 100


def test_a_quotient_without_a_value_on_one_scale_is_left_out_of_all():
    table = RadiomicsTable(_table(["x", "q", "y"]), {}, references={"q": "y"})
    fits = {
        "outer_1": ImageFeatures(_table(["x", "y", "q"])),
        "outer_2": ImageFeatures(_table(["x", "y"])),
    }
    own, folds = in_every_fit(table, fits)
    assert list(own.features) == ["x", "y"]
    assert not own.references
    assert all(list(each.radiomics) == ["x", "y"] for each in folds.values())
    assert in_every_fit(table, {}) == (table, {})
    whole, folds = in_every_fit(table, {"outer_1": fits["outer_1"]})
    assert list(whole.features) == list(folds["outer_1"].radiomics) == ["x", "q", "y"]
    assert whole.references == {"q": "y"}
