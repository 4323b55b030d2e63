"""The two routes of installation name the same packages, and every dependency is pinned."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Names that differ between PyPI and conda-forge.
CONDA_NAMES = {"pyradiomics-bhklab": "pyradiomics", "torch": "pytorch"}
STUDY_REQUIRES = {
    "quarto",
    "pyradiomics",
    "pytorch",
    "scikit-learn",
    "xgboost",
    "lifelines",
    "statsmodels",
    "matplotlib",
    "pingouin",
}


def _name(requirement: str) -> str:
    return re.match(r"[A-Za-z0-9_.\-]+", requirement).group().lower().replace("_", "-")


def _pyproject() -> dict[str, str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return {
        _name(each): each
        for each in [*project["dependencies"], *project["optional-dependencies"]["test"]]
    }


def _environment() -> set[str]:
    lines = (ROOT / "environment.yml").read_text().split("dependencies:")[1].splitlines()
    return {_name(line.strip()[2:]) for line in lines if line.strip().startswith("- ")}


def test_environment_has_every_dependency_and_no_other():
    wanted = {CONDA_NAMES.get(name, name) for name in _pyproject()}
    extra = {"python", "pip", "quarto"}
    assert _environment() - extra == wanted


def test_environment_has_what_the_study_requires():
    assert STUDY_REQUIRES <= _environment()


@pytest.mark.parametrize("name", sorted(_pyproject()))
def test_every_dependency_is_pinned(name):
    pins = {
        _name(line): line
        for line in (ROOT / "constraints.txt").read_text().splitlines()
        if line and not line.startswith("#")
    }
    assert name in pins
    assert "==" in pins[name]
    assert "+" not in pins[name]
