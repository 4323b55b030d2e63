"""A small study for the tests: the demonstration's protocol on a tiny cohort."""

from __future__ import annotations

import copy
import gc
import os
from functools import cache
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import early_recurrence  # noqa: F401  (kernels are pinned before a test imports NumPy)

ROOT = Path(__file__).resolve().parents[1]
# No test may reach for the network, but for one that fetches public images once, unless the caller
# forbids that as well.
NO_DOWNLOAD = "EARLY_RECURRENCE_NO_DOWNLOAD" in os.environ
os.environ["EARLY_RECURRENCE_NO_DOWNLOAD"] = "1"
# Wide enough that no message of a table is wrapped.
os.environ["COLUMNS"] = "180"


# Objects that are made before garbage is looked for, in place of 700: tests make many that stay,
# and the search took a twelfth of their time.
gc.set_threshold(100_000)
# Objects that a file of tests leaves at the most without a search behind it.
SOME = 10_000


# Figures that the small study writes as they are. All others are drawn, and blank pictures stand in
# their places.
OF_THE_ARTICLE = ("calibration", "decision_curve", "flow_chart", "graphical_abstract", "roc")


# Optional, as pytest also runs without xdist.
@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    if config.getvalue("dist") != "loadfile":
        return None
    from tests.support.shared_out import ByFileAndStudy  # imports xdist

    return ByFileAndStudy(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Collecting makes objects that stay, by the million: none of them is garbage to look for."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


@cache
def _demonstration() -> dict:
    """study.yml, parsed once: its parsing takes longer than all that is changed in it."""
    return YAML(typ="safe").load((ROOT / "study.yml").read_text())


def small_study(folder: Path, name: str = "small", **changes) -> Path:
    """Write study.yml of a 24-patient study into `folder`: all models, tiny images, few epochs, two
    folds, one process: a second one costs its imports, which take longer than its work."""
    study = copy.deepcopy(_demonstration())
    study["study"]["name"] = name
    study["cohort"] |= {
        "folder": "data",
        "demo": {
            "patients": 24,
            "events": 12,
            "validation": 6,
            "censored": 2,
            "repeats": 6,
            "image_shape": [24, 24, 8],
            "seed": 3,
        },
    }
    study["radiomics"] |= {"tuning_folds": 2, "univariable_features": 20, "selected_features": 3}
    study["deep_learning"] |= {
        "epochs": 2,
        "crop_pixels": 24,
        "batch_size": 4,
        "slices": 1,
        "width": 0.1,
    }
    study["clinical"]["candidates"] = ["ast", "tumour_diameter", "sex"]
    study["validation"] = {"outer_folds": 2, "inner_folds": 2}
    study["statistics"] |= {
        "bootstrap_resamples": 100,
        "optimism_resamples": 10,
        "reclassification": [0.3, 0.6],
    }
    study["statistics"]["contrasts"]["equivalence_margin"] = 0.1
    study["controls"] = {"permutations": 6}
    study["robustness"] = {"instability_resamples": 6, "gallery": 2}
    study["additional_models"] = {"volume": "models.volume:VolumeModel"}
    study["jobs"] = 1
    study["output"] = f"outputs/{name}"
    study |= changes
    if study.get("radiomics") is None:
        study["additional_models"].pop("volume", None)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "study.yml"
    with path.open("w") as file:
        YAML(typ="safe").dump(study, file)
    return path


@pytest.fixture(scope="module", autouse=True)
def small_collections():
    """What earlier files loaded (PyTorch, pandas, …) is not searched for garbage again and again:
    that took a tenth of the tests' time. statsmodels and others collect in each call."""
    if gc.get_count() > (SOME, 0, 0):
        gc.collect()
        gc.freeze()


@pytest.fixture(scope="module")
def no_kernels():
    """Documents that this file renders are rendered without Quarto, and their cells run in the
    process of the tests."""
    from tests.support.cells_here import cells_here

    with cells_here():
        yield


@pytest.fixture(scope="session")
def rendered_project(whole_study, tmp_path_factory):
    """Pages of the small study by (document, suffix), made once in a copy of the project so that
    the checkout stays as it is, without a kernel for each document."""
    import shutil

    from analysis.reporting.rendering import render
    from analysis.reporting.rendering.assets import write_assets
    from analysis.reporting.sections.generated import write_generated
    from tests.support.cells_here import cells_here

    project = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "_quarto.yml", project)
    shutil.copytree(ROOT / "report", project / "report")
    # The documents import the packages from the project's folder.
    for package in ("analysis", "models"):
        (project / package).symlink_to(ROOT / package)
    with cells_here(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("EARLY_RECURRENCE_STUDY", str(whole_study.path))
        patch.setenv("EARLY_RECURRENCE_QUARTO", "no-quarto-here")
        write_assets(whole_study, project)
        write_generated(whole_study, project)
        # The first document, the article, by a kernel.
        with cells_here(kernels=1):
            rendering = render(project, data=whole_study.output_folder, progress=False)
            again = render(project, data=whole_study.output_folder, progress=False)
    assert again.message.startswith("The report is current")
    return {(path.stem, path.suffix): path for path in rendering.paths}


@pytest.fixture(scope="session")
def whole_study(tmp_path_factory):
    """The small study, computed once for all tests: from demonstration cohort to results."""
    from analysis.study import load_study
    from analysis.workflow.run import run
    from tests.support.blank_figures import blank_figures

    study = load_study(small_study(tmp_path_factory.mktemp("whole")))
    with blank_figures(OF_THE_ARTICLE):
        outcome = run(study)
    assert outcome.computed
    return study
