"""The wheel alone, outside of the checkout: new, check, run and render."""

import json
import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import setuptools

from tests.conftest import ROOT

SOURCES = (
    "analysis",
    "models",
    "early_recurrence",
    "report",
    "_quarto.yml",
    "_environment",
    "setup.py",
    "pyproject.toml",
    "MANIFEST.in",
    "README.md",
    "LICENSE",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    # The project's metadata (a licence by its SPDX name) need this version.
    if int(setuptools.__version__.split(".")[0]) < 77:
        pytest.skip(f"setuptools {setuptools.__version__} can't build the wheel; 77 is needed")
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in SOURCES:
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(
                path,
                source / name,
                ignore=shutil.ignore_patterns(
                    "__pycache__", "*.egg-info", "*_files", "_metadata.yml"
                ),
            )
        else:
            shutil.copy(path, source)
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            str(source),
            "--no-deps",
            "--no-build-isolation",
            "--quiet",
            "--disable-pip-version-check",
            "--wheel-dir",
            str(folder),
        ],
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def command(wheel, tmp_path_factory):
    """The command of an environment that has the wheel, and of the others only what it depends
    on."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    packages = Path(
        subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
    )
    # A path in a .pth is searched, and the .pth files in it are not: an editable installation of
    # this checkout stays out.
    (packages / "base.pth").write_text(
        "\n".join(
            each
            for each in sys.path
            if each.rstrip("/").endswith(("site-packages", "dist-packages"))
        )
        + "\n"
    )
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(python),
            "install",
            "--no-deps",
            "--no-compile",
            "--quiet",
            "--disable-pip-version-check",
            "--ignore-installed",
            str(wheel),
        ],
        check=True,
        capture_output=True,
    )
    return folder / "bin" / "early-recurrence"


def test_it_has_the_report_once_and_nothing_of_the_checkout(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "analysis/_report/_quarto.yml",
        "analysis/_report/_environment",
        "analysis/_report/report/index.qmd",
        "analysis/_report/report/supplement.qmd",
        "analysis/_report/report/references.bib",
        "analysis/reporting/rendering/style/preview.css",
        "analysis/reporting/rendering/style/cross_references.lua",
        "analysis/workflow/new_study/pieces/README.md",
        "analysis/workflow/new_study/pieces/dictionary.yml",
        "analysis/workflow/new_study/examples/hcc_survival/hcc-data.csv",
        "analysis/workflow/new_study/examples/hcc_survival/README.md",
        "analysis/workflow/new_study/examples/hcc_survival/mend.py",
        "models/staging/erasl_pre.yml",
    ):
        assert names.count(wanted) == 1, wanted
    assert not [
        name
        for name in names
        if name.startswith(("tests", "benchmarks", "report/"))
        or "_metadata.yml" in name
        or name.endswith(".pyc")
    ]
    assert {each.relative_to(ROOT).as_posix() for each in (ROOT / "report").glob("*.qmd")} == {
        name.removeprefix("analysis/_report/") for name in names if name.endswith(".qmd")
    }


# Calls the command with one list of words after another, as each of its starts would import
# everything again; after what each says, its exit status.
IN_TURN = """
import json, sys
from early_recurrence.command import main
for words in json.loads(sys.argv[1]):
    sys.argv[1:] = words
    code = main()
    print(f"status {code}", flush=True)
"""


@pytest.fixture
def outside(tmp_path):
    """Where and how processes start that must know nothing of the checkout."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONPATH", "EARLY_RECURRENCE_STUDY")
    } | {"EARLY_RECURRENCE_NO_DOWNLOAD": "1"}
    return {
        "cwd": tmp_path,
        "env": environment,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
        "text": True,
    }


def test_new_check_run_render_outside_of_the_checkout(command, outside, tmp_path):
    def early_recurrence(*arguments, status=0):
        done = subprocess.run([command, *arguments], **outside)
        assert done.returncode == status, done.stdout

    def said_in_turn(*calls):
        """What each call said, and its status."""
        python = command.with_name("python")
        done = subprocess.run([python, "-u", "-c", IN_TURN, json.dumps(calls)], **outside)
        assert done.returncode == 0, done.stdout
        parts = re.split(r"^status (\d+)\n", done.stdout, flags=re.MULTILINE)
        assert len(parts) == 2 * len(calls) + 1, done.stdout
        return list(zip(parts[::2], map(int, parts[1::2]), strict=False))

    early_recurrence("new", "mine", "--kind", "predictions")
    early_recurrence("check", "--study", "mine/study.yml", status=2)
    random = np.random.default_rng(0)
    event = random.integers(0, 2, 40)
    frames = [
        pd.DataFrame(
            {
                "patient_id": [f"P{place:02d}" for place in range(40)],
                "model": model,
                "probability": np.clip(
                    0.5 + shift * (event - 0.5) + random.normal(0, 0.2, 40), 0.02, 0.98
                ),
                "event": event,
            }
        )
        for model, shift in (("New model", 0.4), ("Old model", 0.1))
    ]
    pd.concat(frames).to_csv(tmp_path / "mine" / "data" / "predictions.csv", index=False)
    study = tmp_path / "mine" / "study.yml"
    study.write_text(
        study.read_text().replace("statistics:\n", "statistics:\n  bootstrap_resamples: 100\n")
        + "jobs: 1\n"
    )
    # The article alone: the other documents are made the same way, by kernels of their own.
    settings = tmp_path / "mine" / "_quarto.yml"
    documents = re.compile(r"    - report/(supplement|update|checklists)\.qmd\n")
    assert len(documents.findall(settings.read_text())) == 3
    settings.write_text(documents.sub("", settings.read_text()))
    of_study = ("--study", "mine/study.yml")
    render = ("render", *of_study, "--format", "html")
    said = said_in_turn(
        ("check", *of_study),
        ("render", *of_study),
        ("run", *of_study),
        render,
        # A second one has nothing to do.
        render,
    )
    wanted = [
        ("are sound", 0),
        ("`early-recurrence run` makes it", 2),
        ("computed", 0),
        ("Rendered", 0),
        ("is current", 0),
    ]
    for (words, status), (found, code) in zip(wanted, said, strict=True):
        assert words in found
        assert code == status, found
    page = (tmp_path / "mine" / "_report" / "report" / "index.html").read_text(encoding="utf-8")
    assert "New model" in page
    assert "evaluated by their predictions" in page
    assert "{python}" not in page
    assert "Traceback" not in page
    assert str(ROOT) not in page
    assert '"version 0' in (tmp_path / "mine" / "outputs" / "mine" / "provenance.json").read_text()
