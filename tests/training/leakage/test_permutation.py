"""Permuted outcomes: the honest path finds nothing; a naive fusion and a selection on all patients
are found."""

from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import analysis.training.leakage.permutation as permutation
from analysis.core.cache import read_timings
from analysis.study.feature_blocks import FeatureBlock
from analysis.training.leakage import guards
from analysis.training.leakage.permutation import (
    PermutedPath,
    as_frame,
    one_permutation,
    permutation_content,
    permutation_guards,
    permutation_path,
    summarise,
    within_fold_auc,
)
from analysis.training.settings import ConfiguredModel
from analysis.training.trained import FittedModels
from models.blocks import block_model, further_fusion
from models.fusion import FusionModel, as_score
from models.inputs import Inputs
from models.registry import Registry
from models.settings import BlockSettings
from models.voxels import Voxels
from tests.support.configured import configured

PATIENTS, PERMUTATIONS = 60, 14


@pytest.fixture(scope="module")
def noise():
    random = np.random.default_rng(11)
    patients = pd.Index([f"P{place:02d}" for place in range(PATIENTS)])
    features = pd.DataFrame(
        random.standard_normal((PATIENTS, 120)),
        index=patients,
        columns=[f"f{place}" for place in range(120)],
    )
    clinical = pd.DataFrame(
        random.standard_normal((PATIENTS, 3)), index=patients, columns=list("abc")
    )
    return Inputs(patients, clinical, features)


def _path(inputs):
    radiomics = {
        "features": list(inputs.radiomics),
        "univariable_features": 20,
        "selected_features": 4,
        "tuning_folds": 0,
    }
    models = {
        "cr": configured("cr", candidates=list("abc")),
        "radiomics_logistic": configured("radiomics_logistic", **radiomics),
    }
    return PermutedPath(models, {"radiomics": ["radiomics_logistic"]}, 3, 3, 1)


def _permuted(inputs, within=within_fold_auc):
    path, found = _path(inputs), []
    for number in range(PERMUTATIONS + 1):
        label = pd.Series(
            np.random.default_rng([3, number]).permutation(np.tile([0.0, 1.0], PATIENTS // 2)),
            index=inputs.patients,
        )
        found.append(within(path, inputs, label, 1 + 7919 * number))
    return {
        guard.name: guard for guard in permutation_guards(as_frame(range(PERMUTATIONS + 1), found))
    }


def test_the_honest_path_finds_nothing(noise):
    guards = _permuted(noise)
    assert set(guards) == {"permuted_cr", "permuted_radiomics", "permuted_rcr"}
    assert "fail" not in {guard.verdict for guard in guards.values()}, guards


def _frame(mean, spread, count=200, models=("cr", "radiomics", "rcr")):
    """Permutations of exactly this mean and standard deviation."""
    values = np.random.default_rng(0).standard_normal(count)
    values = mean + spread * (values - values.mean()) / values.std(ddof=1)
    return as_frame(range(count + 1), [dict.fromkeys(models, area) for area in [0.5, *values]])


@pytest.mark.parametrize(
    ("mean", "spread", "verdict"),
    [
        (0.503, 0.05, "pass"),  # within error
        (0.51, 0.05, "note"),  # beyond three errors and below the least size
        (0.53, 0.05, "fail"),
        (0.53, 0.3, "pass"),  # large, and within error
        (0.48, 0.05, "note"),  # turned round, which no leak does
        (0.5, 0.0, "pass"),  # a model that keeps no variable
    ],
)
def test_an_alarm_needs_both_size_and_evidence(mean, spread, verdict):
    assert {guard.verdict for guard in permutation_guards(_frame(mean, spread))} == {verdict}


def test_the_level_is_that_of_the_family():
    """P = .001 one-sided of Student's t with 199 degrees of freedom: 3.1317 errors (R: qt(.999,
    199))."""
    error = 0.15 / np.sqrt(200)
    below, above = (
        permutation_guards(_frame(0.5 + times * error, 0.15, models=("cr",)))[0].verdict
        for times in (3.13, 3.14)
    )
    assert (below, above) == ("note", "fail")


def test_a_handful_of_permutations_tells_nothing_and_says_so():
    for count in (1, 9):
        guards = permutation_guards(as_frame(range(count + 1), [{"cr": 0.9}] * (count + 1)))
        assert [guard.verdict for guard in guards] == ["not run"]
        assert "tell nothing" in guards[0].finding


def test_the_naive_fusion_is_found(noise, monkeypatch):
    """Fitted and scored on the same out-of-fold scores of its parts, together with the patients it
    is judged on."""

    def naive(fusions, given, context):
        scores, chosen = given.scores, given.chosen
        outer = [name for name in scores.contexts if name != "final" and "/" not in name]
        parts = pd.DataFrame(
            {
                part: as_score(pd.concat([scores.fits[name, fold].scores for fold in outer]))
                for part, name in (("radiomics", chosen["radiomics"]), ("cr", "cr"))
            }
        )
        model = FusionModel().fit(parts, scores.label)
        return {"rcr": SimpleNamespace(scores=model.predict(parts.loc[list(context.score)]))}

    monkeypatch.setattr(permutation, "fused", naive)
    guards = _permuted(noise)
    assert guards["permuted_rcr"].verdict == "fail"
    assert guards["permuted_radiomics"].verdict == "pass"


def test_features_chosen_on_all_patients_are_found(noise):
    """The selection saw the permuted outcome of the patients who are scored later."""

    def leaking(path, inputs, label, seed):
        values = inputs.radiomics.to_numpy()
        difference = np.abs(values[label == 1].mean(axis=0) - values[label == 0].mean(axis=0))
        chosen = list(inputs.radiomics.columns[np.argsort(-difference)[:8]])
        model = path.models["radiomics_logistic"]
        leaky = replace(model, settings=replace(model.settings, features=chosen))
        return within_fold_auc(
            replace(path, models={**path.models, "radiomics_logistic": leaky}),
            inputs,
            label,
            seed,
        )

    guards = _permuted(noise, leaking)
    assert guards["permuted_radiomics"].verdict == "fail"
    assert guards["permuted_rcr"].verdict == "fail"
    assert guards["permuted_cr"].verdict == "pass"


def _block(inputs, paths=None):
    """A model of the block `late`, of the first features and with the settings of a study."""
    spec = block_model("late", FeatureBlock(file="late.csv", label="Late embeddings"))
    settings = BlockSettings(features=list(inputs.blocks), tuning_folds=3, paths=paths)
    return ConfiguredModel(spec, settings)


FUSION = further_fusion("both", SimpleNamespace(parts=["late"], label="Both"), {})
WITH_NETWORK = further_fusion("all", SimpleNamespace(parts=["late", "dl"], label="All"), {})
STUDY = SimpleNamespace(validation=SimpleNamespace(outer_folds=3, inner_folds=3), seed=1)


def _blocks_of(noise):
    block = noise.radiomics.iloc[:, :12].add_prefix("late_")
    return Inputs(noise.patients, noise.clinical, blocks=block)


@pytest.mark.parametrize(("paths", "folds"), [(None, 0), ({"a": ["anova"], "b": ["lasso"]}, 2)])
def test_blocks_and_their_fusions_are_permuted_in_their_cheapest_form(noise, paths, folds):
    inputs = _blocks_of(noise)
    models = {"cr": configured("cr", candidates=list("abc")), "late": _block(inputs, paths)}
    path = permutation_path(models, STUDY, False, [FUSION, WITH_NETWORK])
    assert path.models["late"].settings.tuning_folds == folds
    assert path.fusions == [FUSION]
    alone = permutation_path({"late": _block(inputs)}, STUDY, False, [FUSION])
    assert not alone.fusions
    label = pd.Series(np.tile([0.0, 1.0], PATIENTS // 2), index=inputs.patients)
    assert set(within_fold_auc(alone, inputs, label, 1)) == {"late"}
    if not paths:
        assert set(within_fold_auc(path, inputs, label, 1)) == {"cr", "late", "both"}
        other = replace(inputs, blocks=inputs.blocks + 1)
        keys = {permutation_content(path, each, label) for each in (inputs, other)}
        assert len(keys) == 2
        assert permutation_content(replace(path, further=()), inputs, label) not in keys


def _trained(noise, **inputs):
    models = {"cr": configured("cr", candidates=list("abc")), "late": _block(_blocks_of(noise))}
    networks = {"resnet18": configured("resnet18", epochs=1)}
    return SimpleNamespace(
        fitted=FittedModels(models | networks, None, {"final": {}}, {}),
        registry=Registry([*(each.spec for each in models.values()), FUSION, WITH_NETWORK]),
        provenance=SimpleNamespace(inputs=replace(_blocks_of(noise), **inputs)),
    )


def test_what_was_not_permuted_is_named_with_the_reason(noise):
    training = _trained(noise)
    titles = guards._titles(training)
    assert titles["late"] == "Late embeddings"
    off = guards._not_permuted(training, titles, set(), 0)
    assert {each.name: each.verdict for each in off} == dict.fromkeys(
        ["permuted_cr", "permuted_late", "permuted_both", "permuted_all"], "not run"
    )
    assert {each.finding for each in off} == {"turned off in the study file, under controls"}
    (left,) = guards._not_permuted(training, titles, {"cr", "late", "both"}, 20)
    assert (left.name, left.title) == ("permuted_all", "Permuted outcome (All)")
    assert "networks are among its parts" in left.finding
    named = permutation_guards(_frame(0.5, 0.05, models=("late", "both")), titles)
    assert [each.named for each in named] == ["Late embeddings", "Both"]


def test_permutations_of_networks_depend_on_images_alone(noise, monkeypatch):
    """Voxels of habitats and blocks would change the keys of what took longest."""
    images, given = np.zeros((PATIENTS, 1, 1, 2, 2), np.float32), []
    voxels = Voxels.of(["arterial"], np.zeros((PATIENTS, 1, 1)))
    label = pd.Series(np.tile([0.0, 1.0], PATIENTS // 2), index=noise.patients)
    cohort = SimpleNamespace(
        study=SimpleNamespace(**vars(STUDY), cache_folder=Path("cache"), jobs=1),
        label=label,
        labelled=lambda _: label.index,
    )
    monkeypatch.setattr(
        guards, "in_parallel", lambda _, work, *rest: given.append(work[0][2]) or [{}] * len(work)
    )
    guards._permutations(cohort, _trained(noise, images=images, voxels=voxels), 1, networks=True)
    kept = {each.name for each in fields(Inputs) if getattr(given[0], each.name) is not None}
    assert kept == {"patients", "images", "fits"}
    assert not given[0].fits


def test_a_permutation_trains_the_network_in_each_outer_fold_and_is_timed_by_its_work(tmp_path):
    """What it learns from is what its time is told by, and no inner fold is fitted."""
    random = np.random.default_rng(5)
    patients = pd.Index([f"P{place:02d}" for place in range(24)])
    inputs = Inputs(patients, images=random.normal(size=(24, 1, 1, 17, 17)).astype(np.float32))
    label = pd.Series(np.tile([0.0, 1.0], 12), index=patients)
    network = configured("resnet18", epochs=1, batch_size=8, width=0.1)
    path = PermutedPath({"resnet18": network}, {"dl": ["resnet18"]}, outer=3, inner=2, seed=1)
    folder = tmp_path / "permutations"
    found = one_permutation(1, path, inputs, label, folder, "content")
    assert set(found) == {"dl"}
    assert 0 <= found["dl"] <= 1
    (timing,) = read_timings(tmp_path)
    assert (timing["room"], timing["what"]) == ("permutations", "resnet18 in a permutation")
    assert timing["work"] == pytest.approx(3 * network.settings.work(16, slices=1, pixels=17))


def test_the_p_value_counts_the_observed_among_the_permuted():
    rows = pd.DataFrame(
        {"model": "cr", "permutation": range(5), "auc": [0.7, 0.5, 0.72, 0.48, 0.7]}
    )
    found = summarise(rows)
    assert found["n"] == 4
    assert found["observed"] == 0.7
    assert found["p"] == pytest.approx((2 + 1) / (4 + 1))
    assert found["mean"] == pytest.approx(0.6)
    assert found["error"] == pytest.approx(np.std([0.5, 0.72, 0.48, 0.7], ddof=1) / 2)
