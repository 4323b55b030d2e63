"""A new classifier, a new network and a score of one's own are a file and a line each, as
docs/tutorials/add-a-model.md has them; names that are taken are refused."""

import json
import os
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest

from analysis.study import StudyError, load_study
from analysis.workflow.locked_model.export import exportable
from models.declared import DECLARED
from models.registry import Registry, given_spec, registry_of
from models.spec import ModelSpec
from tests.conftest import ROOT, small_study
from tests.support.blank_figures import run_with_blank_figures

GUIDE = (ROOT / "docs" / "tutorials" / "add-a-model.md").read_text(encoding="utf-8")
# What the guide says of both: the file, and the line of the list.
ADDED = {"extra_trees": "models/classifiers", "resnet10": "models/networks"}
# Run where the package has the new files: building, folds, labels, colours, export, methods.
SCRIPT = """
import json, sys
import numpy as np, pandas as pd
from dataclasses import replace
from analysis.training.contexts import Folds, contexts_of
from analysis.training.fits import FitStore, FitTask, contexts_for, fit_group, groups_of
from analysis.training.settings import ConfiguredModel
from analysis.workflow.locked_model.export import locked_model
from analysis.reporting.figures.style import colour
from analysis.results.model_table import described_models, model_table, siblings_of
from analysis.results.settings import add_settings
from analysis.study import load_study
from analysis.training.scores import Scores
from analysis.training.trained import FittedModels
from models.inputs import Inputs
from models.registry import registry_of
from models.settings import NetworkSettings, RadiomicsSettings
from pathlib import Path
from types import SimpleNamespace

study = load_study(Path(sys.argv[1]))
registry = registry_of(study)
random = np.random.default_rng(0)
patients = pd.Index([f"P{place:02d}" for place in range(24)])
label = pd.Series(np.tile([0.0, 1.0], 12), index=patients)
features = pd.DataFrame(random.normal(size=(24, 6)), index=patients, columns=list("abcdef"))
images = random.normal(size=(24, 1, 3, 24, 24)).astype(np.float32)
inputs = Inputs(patients, radiomics=features, images=images)
settings = {
    "radiomics_extra_trees": RadiomicsSettings(list("abcdef"), selected_features=2, tuning_folds=0),
    "resnet10": NetworkSettings(epochs=1, width=0.1, batch_size=8),
}
models = {name: ConfiguredModel(registry[name], each) for name, each in settings.items()}
contexts = contexts_of(list(patients), [], label, Folds(2, 2, seed=1))
store = FitStore(1, Path(sys.argv[2]), "code")
fits = [
    fit
    for group in groups_of(models).values()
    for context in contexts_for(group, contexts)
    for fit in fit_group(FitTask(tuple(group), context, inputs, label, store))
]
scores = Scores(fits, contexts, label)
chosen = {
    "final": {part: scores.best([n for n in names if n in models], "final")
              for part, names in registry.choices.items()}
}
fitted = FittedModels(models, scores, chosen, {"final": {}})
training = SimpleNamespace(fitted=fitted, registry=registry)
described = described_models(list(registry), model_table(registry))
print(json.dumps({
    "fits": sorted({f"{fit.model_name} {fit.context}" for fit in fits}),
    "scored": all(fit.scores.between(0, 1).all() for fit in fits),
    "labels": {name: registry[name].label for name in models},
    "methods": {name: registry[name].description for name in models},
    "colours": {name: colour(name) for name in models},
    "siblings": {part: siblings_of(described, part) for part in ("radiomics", "dl")},
    "chosen": chosen["final"],
    "exported": {name: list(locked_model(training, name).parts) for name in models},
}))
"""


def block(name):
    """The guide's code of a file."""
    return re.search(rf"```\w+ {re.escape(name)}\n(.*?)```", GUIDE, re.S)[1]


def test_a_classifier_and_a_network_are_a_file_and_a_line_each(tmp_path):
    project = tmp_path / "project"
    for package in ("analysis", "models"):
        shutil.copytree(ROOT / package, project / package)
    for name, folder in ADDED.items():
        (project / folder / f"{name}.py").write_text(block(f"{folder}/{name}.py"))
        listed = project / folder / "__init__.py"
        assert f'in the list `FILES`: `"{name}",`' in GUIDE
        written = listed.read_text()
        listed.write_text(written.replace("FILES = (\n", f'FILES = (\n    "{name}",\n'))
    path = small_study(tmp_path / "study")
    small_study(tmp_path / "study", **_with_new_models(path))
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(path), str(tmp_path / "cache" / "fits")],
        cwd=project,
        # With this process's arithmetic, for which what numba compiles lies in the copy.
        env=os.environ | {"PYTHONPATH": str(project), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    contexts = ["final", *(f"outer_{i}" for i in (1, 2))]
    contexts += [f"outer_{i}/inner_{j}" for i in (1, 2) for j in (1, 2)]
    names = ["radiomics_extra_trees", "resnet10"]
    assert found["fits"] == sorted(f"{name} {context}" for name in names for context in contexts)
    assert found["scored"]
    assert found["labels"] == {
        "radiomics_extra_trees": "Radiomics, extra trees",
        "resnet10": "ResNet-10",
    }
    assert found["methods"] == {"radiomics_extra_trees": "extra trees", "resnet10": "ResNet-10"}
    assert set(found["colours"].values()) == {"#332288"}
    assert "radiomics_extra_trees" in found["siblings"]["radiomics"]
    assert "resnet10" in found["siblings"]["dl"]
    assert found["chosen"] == {"radiomics": "radiomics_extra_trees", "dl": "resnet10"}
    assert found["exported"] == {"radiomics_extra_trees": ["radiomics"], "resnet10": ["dl"]}


def _with_new_models(path):
    """Sections of the study with the new models beside the others."""
    from ruamel.yaml import YAML

    content = YAML(typ="safe").load(path.read_text())
    content["radiomics"]["classifiers"] = ["logistic", "extra_trees"]
    content["deep_learning"]["networks"] = ["resnet18", "resnet10"]
    return {name: content[name] for name in ("radiomics", "deep_learning")}


@pytest.fixture(scope="module")
def with_own_score(tmp_path_factory):
    """The guide's score in a clinical study, computed."""
    from ruamel.yaml import YAML

    folder = tmp_path_factory.mktemp("own_score")
    (folder / "my_score.py").write_text(block("my_score.py"))
    written = YAML(typ="safe").load(block("study.yml"))
    statistics = {"bootstrap_resamples": 100, "optimism_resamples": 0}
    study = load_study(
        small_study(
            folder,
            radiomics=None,
            deep_learning=None,
            comparators_supplement=[],
            assume={},
            statistics=statistics,
            robustness={"instability_resamples": 0, "gallery": 0},
            controls={"permutations": 0},
            **written,
        )
    )
    run_with_blank_figures(study)
    return study


def test_an_own_score_is_judged_described_and_listed_like_the_others(with_own_score):
    import pandas as pd

    from analysis.reporting.manuscript import open_results
    from analysis.reporting.sentences import comparators_cited, own_scores

    study = with_own_score
    assert study.comparators == ["albi", "mine"]
    results = open_results(study.path)
    assert results.names("models.comparators") == ["albi", "mine"]
    assert results.text("label.mine") == "AST level"
    assert results.models["mine"].kind == "score"
    assert 0 <= results.record("auc.mine.validation").number <= 1
    table = pd.read_csv(study.output_folder / "tables" / "scores.csv").set_index("id")
    assert table.loc["mine", "levels"] == "low < high"
    assert table.loc["mine", "status"] == "own"
    rows = pd.read_csv(study.output_folder / "predictions.csv").query("model == 'mine'")
    assert set(rows["how"]) == {"apparent", "out_of_fold", "validation"}
    assert "AST level" in comparators_cited(results, ["albi", "mine"])
    assert "AST level is a score of this study's own: AST above 40" in own_scores(results)


def test_a_bundle_with_an_own_score_is_verified_without_its_code(with_own_score, tmp_path):
    from analysis.workflow.review.bundle import write_bundle
    from analysis.workflow.review.verify import verify

    found = verify(write_bundle(with_own_score, tmp_path / "bundle.zip"))
    assert found.sound, [f"{each.key}: {each.detail}" for each in found.different]
    assert any(each.key == "auc.mine.validation" for each in found.verdicts)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no file my_score.py beside the study file"),
        ("class Mine:\n    label = 'A'\n    inputs = ()", "lacks compute"),
        (
            "class Mine:\n    label = 'A'\n    inputs = ()\n    def compute(self, t): ...",
            "has no inputs",
        ),
    ],
)
def test_what_is_no_score_is_refused_with_the_reason(tmp_path, content, message):
    from models.staging.own import own_score

    if content is not None:
        (tmp_path / "my_score.py").write_text(content)
    with pytest.raises(ValueError, match=message):
        own_score("mine", "my_score.py:Mine", tmp_path)


@pytest.mark.parametrize(
    ("changes", "taken"),
    [
        ({"comparators": {"albi": "my_score.py:Mine"}}, "the score ALBI"),
        ({"comparators": [{"cr": "my_score.py:Mine"}]}, "the package's model CR"),
        ({"additional_models": {"dl": {"model": "a.py:A"}}}, "the package's model DL"),
    ],
)
def test_names_that_are_taken_are_refused_in_words(tmp_path, changes, taken):
    with pytest.raises(StudyError, match=f"is taken by {taken}; choose another, my_"):
        load_study(small_study(tmp_path, **changes))


def test_two_models_of_one_name_are_refused():
    spec = given_spec("elsewhere", "Elsewhere")
    with pytest.raises(ValueError, match="'elsewhere' is taken by Elsewhere; choose another"):
        Registry([spec, spec])


def test_only_a_fitted_model_is_built():
    with pytest.raises(ValueError, match="`build` belongs to a fitted model"):
        ModelSpec("a", "A", "fusion", kind="fusion", build=lambda settings, seed: None)


def test_a_studys_models_in_the_order_of_predictions(tmp_path):
    study = load_study(small_study(tmp_path))
    registry = registry_of(study)
    assert registry.headline == ["cr", "radiomics", "dl", "rcr", "dlrcr"]
    assert registry.trained_order[-1] == "volume"
    assert registry["volume"].yardstick
    assert registry.choices["dl"] == list(study.deep_learning.networks)
    assert registry["rcr"].parts == ("radiomics",)
    assert registry["dlrcr"].parts == (
        "dl",
        "radiomics",
    )
    assert [spec.id for spec in registry.of("score")] == [
        *study.comparators,
        *study.supplement_scores,
    ]
    models = {spec.id: None for spec in registry.of("fitted")}
    fitted = SimpleNamespace(models=models, chosen={"final": {}}, fusions={"final": {}})
    exported = exportable(SimpleNamespace(fitted=fitted, registry=registry))
    assert "volume" not in exported
    assert "cr" in exported


def test_no_two_of_the_packages_models_look_alike_in_one_figure():
    for family in ("radiomics", "deep_learning"):
        looks = [
            (spec.colour, spec.dashes)
            for spec in DECLARED.values()
            if spec.family == family and spec.chosen_as
        ]
        assert len(set(looks)) == len(looks)
