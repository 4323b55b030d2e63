"""Habitats: clusters known exactly, their order and number, and what a left-out patient changes."""

import numpy as np
import pandas as pd
import pytest

from models.habitats.clustering import cluster
from models.habitats.fitted import FittedHabitats, drawn_voxels, fitted_habitats
from models.habitats.names import (
    LEAST_VOXELS,
    feature_names,
    habitat_of_name,
    is_habitat_feature,
)
from models.habitats.settings import HabitatSettings
from models.inputs import Inputs
from models.radiomics import RadiomicsModel
from models.settings import RadiomicsSettings
from models.voxels import Voxels

PHASES = ("early", "late")
# Two tissues: dark then bright, and bright then dark.
TISSUES = np.array([[10.0, 50.0], [40.0, 20.0]])


def tumour(counts, seed, tissues=TISSUES, noise=1.0):
    """Voxels of a tumour with so many of each tissue."""
    random = np.random.default_rng(seed)
    return np.concatenate(
        [
            tissue + random.normal(0, noise, (count, len(tissue)))
            for tissue, count in zip(tissues, counts, strict=True)
        ]
    )


def settings(**changes):
    return HabitatSettings(**({"method": "kmeans", "reference": "early", "number": 2} | changes))


COUNTS = [(60 + 10 * place, 140 - 10 * place) for place in range(10)]
VOXELS = Voxels.of(PHASES, [tumour(counts, seed) for seed, counts in enumerate(COUNTS)])


@pytest.mark.parametrize("method", ["kmeans", "mixture"])
@pytest.mark.parametrize(("reference", "first"), [("early", 0), ("late", 1)])
def test_two_tissues_are_two_habitats_numbered_by_the_reference_phase(method, reference, first):
    found = fitted_habitats(settings(method=method, reference=reference), VOXELS)
    values = pd.DataFrame(found.transform(VOXELS), columns=found.names)
    shares = [counts[first] / 200 for counts in COUNTS]
    assert values["habitats_1of2_fraction"].tolist() == pytest.approx(shares)
    assert "habitats_2of2_fraction" not in values
    for place, phase in enumerate(PHASES):
        own = values[f"habitats_1of2_{phase}_mean"]
        assert own.to_numpy() == pytest.approx(TISSUES[first, place], abs=0.5)
    expected = np.percentile(tumour(COUNTS[0], 0)[:60].astype(np.float32)[:, 0], 90)
    if first == 0:
        assert values["habitats_1of2_early_p90"][0] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("method", ["kmeans", "mixture"])
def test_plain_values_hold_all_of_it(method):
    found = fitted_habitats(settings(method=method), VOXELS)
    again = FittedHabitats.from_description(found.description())
    assert np.array_equal(again.transform(VOXELS), found.transform(VOXELS))
    assert (again.names, again.settings) == (found.names, found.settings)


def test_a_habitat_that_a_patient_lacks_has_no_share_and_a_stated_value():
    lacking = Voxels.of(PHASES, [tumour((200, 0), 50), tumour((200 - LEAST_VOXELS + 1, 9), 51)])
    found = fitted_habitats(settings(), VOXELS)
    values = pd.DataFrame(found.transform(lacking), columns=found.names)
    known = pd.DataFrame(found.transform(VOXELS), columns=found.names)
    assert values["habitats_1of2_fraction"][0] == 1
    missing = [name for name in found.names if name.startswith("habitats_2of2_")]
    assert np.allclose(values[missing], known[missing].median())
    assert np.isfinite(values.to_numpy()).all()


def test_order_of_habitats_is_that_of_their_brightness_whatever_the_start():
    three = np.array([[10.0, 50.0], [25.0, 90.0], [40.0, 20.0]])
    voxels = Voxels.of(PHASES, [tumour((50, 60, 70), seed, three) for seed in range(6)])
    values = drawn_voxels(voxels, 200, 0)
    for seed in range(4):
        for method in ("kmeans", "mixture"):
            found = cluster(values, 3, method, 0, seed=seed)
            assert (np.diff(found.centres[:, 0]) > 0).all()
            assert found.assign(three).tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("method", "criterion"),
    [
        ("kmeans", "silhouette"),
        ("kmeans", "calinski_harabasz"),
        ("mixture", "silhouette"),
        ("mixture", "calinski_harabasz"),
        ("mixture", "bic"),
    ],
)
def test_the_criterion_finds_the_number_of_tissues(method, criterion):
    three = np.array([[10.0, 50.0], [25.0, 90.0], [40.0, 20.0]])
    voxels = Voxels.of(PHASES, [tumour((50, 60, 70), seed, three) for seed in range(6)])
    found = fitted_habitats(
        settings(method=method, criterion=criterion, number=None, most=4, voxels_per_patient=100),
        voxels,
    )
    assert found.number == 3
    assert list(found.scores) == [2, 3, 4]


def test_the_information_criterion_is_scikit_learns():
    from sklearn.mixture import GaussianMixture

    from models.habitats.number import goodness

    values = drawn_voxels(VOXELS, 100, 0)
    found = cluster(values, 2, "mixture", 0, seed=3)
    scaled = (values - found.mean) / found.deviation
    again = GaussianMixture(2, n_init=2, reg_covar=1e-4, random_state=3).fit(scaled)
    assert -goodness(values, found, "bic", 0) == pytest.approx(again.bic(scaled))


def test_patients_count_alike_and_give_the_same_voxels_in_every_fold():
    large = Voxels.of(PHASES, [tumour((20, 0), 1), tumour((0, 5000), 2)])
    drawn = drawn_voxels(large, 100, 7)
    assert len(drawn) == 200
    assert (drawn[:100, 0] < 25).all()
    assert (drawn[100:, 0] > 25).all()
    assert np.array_equal(drawn_voxels(large.take([1]), 100, 7), drawn[100:])
    # Copies of a patient in a resample count as often as they are there.
    assert len(drawn_voxels(large.take([1, 1, 0]), 100, 7)) == 300


def test_names_say_habitat_number_phase_and_measure():
    names = feature_names(3, ["late", "late_art"], ["fractions", "first_order"])
    assert len(names) == len(set(names)) == 2 + 3 * 2 * 4
    assert habitat_of_name("habitats_2of3_fraction") == (2, 3, None, "fraction")
    assert habitat_of_name("habitats_1of3_late_art_p10") == (1, 3, "late_art", "p10")
    assert all(is_habitat_feature(name) for name in names)
    assert not is_habitat_feature("late_original_firstorder_Mean")


# A model that reads them.

EVENT = np.arange(40) % 2


def inputs(seed=0, change=()):
    """Patients whose share of the first tissue is larger with the event, and nothing else."""
    random = np.random.default_rng(seed)
    patients = pd.Index([f"P{place:02d}" for place in range(40)])
    counts = [(90 + 60 * event + place % 7, 110 - 60 * event) for place, event in enumerate(EVENT)]
    tumours = [tumour(each, seed) for seed, each in enumerate(counts)]
    for place in change:
        tumours[place] = random.normal(500, 300, (300, 2))
    return Inputs(
        patients,
        radiomics=pd.DataFrame(
            random.normal(size=(40, 3)), index=patients, columns=["late_a", "late_b", "late_c"]
        ),
        voxels=Voxels.of(PHASES, tumours),
    )


LABEL = pd.Series(EVENT, index=inputs().patients)
HABITATS = {"method": "kmeans", "reference": "early", "number": 2, "voxels_per_patient": 40}


def model(**changes):
    arguments = {"selection": ["univariable"], "univariable_features": 1, "tuning_folds": 2}
    return RadiomicsModel(
        "logistic", ["late_a", "late_b", "late_c"], habitats=HABITATS, **(arguments | changes)
    )


def test_the_model_finds_a_signal_in_the_shares_alone():
    given, learn = inputs(), [f"P{place:02d}" for place in range(28)]
    fitted = model().fit(given.subset(learn), LABEL[learn])
    assert fitted.selected_ == ["habitats_1of2_fraction"]
    held = given.subset(given.patients[28:])
    scores = fitted.predict(held)
    assert scores[LABEL[held.patients] == 1].min() > scores[LABEL[held.patients] == 0].max()
    assert list(fitted.used_values(held).columns) == fitted.selected_
    assert fitted.offered_values(held).shape == (12, len(fitted.names_))


def test_nothing_of_a_left_out_patient_touches_the_clusters():
    learn = [f"P{place:02d}" for place in range(28)]
    plain = model().fit(inputs().subset(learn), LABEL[learn])
    other = model().fit(inputs(change=range(28, 40)).subset(learn), LABEL[learn])
    assert plain.habitats_.description() == other.habitats_.description()
    # One who is learnt from does touch them, or the test above would say nothing.
    seen = model().fit(inputs(change=[3]).subset(learn), LABEL[learn])
    assert plain.habitats_.description() != seen.habitats_.description()


def test_tuning_folds_cluster_by_themselves(monkeypatch):
    from models.radiomics import feature_path

    learnt = []
    real = feature_path.fitted_habitats
    monkeypatch.setattr(
        feature_path,
        "fitted_habitats",
        lambda settings, voxels: learnt.append(voxels.digests) or real(settings, voxels),
    )
    given = inputs()
    model().fit(given, LABEL)
    everybody = set(given.voxels.digests)
    assert [len(each) for each in learnt] == [20, 20, 40]
    assert set(learnt[0]) | set(learnt[1]) == everybody
    assert not set(learnt[0]) & set(learnt[1])


def test_a_model_without_them_has_the_settings_that_it_had():
    assert "habitats" not in RadiomicsSettings(["late_a"]).content()
    with_them = RadiomicsSettings(["late_a"], habitats=HABITATS)
    assert with_them.content()["habitats"] == HABITATS
    assert "voxels" not in RadiomicsSettings(["late_a"]).read(inputs())
    assert with_them.read(inputs())["voxels"] is not None


def test_a_locked_model_carries_the_clusters():
    import json

    from models.locked.radiomics import LockedRadiomics

    given = inputs()
    fitted = model(univariable_features=6).fit(given, LABEL)
    locked = LockedRadiomics.of(fitted)
    files: dict[str, bytes] = {}
    description = json.loads(json.dumps(locked.description("part", files)))
    again = LockedRadiomics.from_description(description, files)
    assert again.read_features == [name for name in fitted.selected_ if "habitats" not in name]
    for place in range(0, 40, 13):
        one = given.subset([given.patients[place]])
        assert again.predict(one).iloc[0] == pytest.approx(
            fitted.predict(given).iloc[place], abs=1e-12
        )
    # Without a feature of them there is nothing to carry.
    other = RadiomicsModel("logistic", ["late_a"], selection=["univariable"], tuning_folds=2)
    assert LockedRadiomics.of(other.fit(given, LABEL)).habitats is None
