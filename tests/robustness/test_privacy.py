"""Nothing is unpickled that a stranger could have written, paths stay where they belong, and no
identifier goes along."""

import ast
from functools import cache

import pytest

from tests.conftest import ROOT
from tests.support.command_line import command
from tests.support.record import tried
from tests.support.tiny_study import tiny_study

KIND = "Security and privacy"
# Call → the one place where it may stand, and what makes it safe there.
ALLOWED = {
    ("analysis/core/cache.py", "pickle.loads"): "after the SHA-256 and the owner were checked",
    (
        "analysis/core/worker.py",
        "pickle.loads",
    ): "calls of a run, by a Dask scheduler, which makes its workers execute what it is sent",
    ("analysis/inputs/crops/example.py", "np.load"): "allow_pickle=False",
    ("analysis/core/yaml_file.py", "YAML(typ=kind).load"): "kind is safe or rt",
    ("models/deep/pretrained.py", "torch.load"): "weights_only=True",
    ("models/deep/watch.py", "torch.load"): "weights_only=True",
    ("models/locked/estimators.py", "skops.io.loads"): "trusted=",
    ("models/locked/locked.py", "safetensors.torch.load"): "tensors only",
}
LOADERS = {
    "load",
    "loads",
    "Unpickler",
    "read_pickle",
    "load_module",
    "unsafe_load",
    "full_load",
    "load_all",
    "memmap",
}
HARMLESS = {"json.load", "json.loads", "plistlib.load", "tomllib.load", "tomllib.loads"}
FORBIDDEN = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "os.system",
    "pd.eval",
    "pd.read_pickle",
    "joblib.load",
    "joblib.Memory",
    "yaml.load",
    "shelve.open",
    "marshal.loads",
    "dill.loads",
    "cloudpickle.loads",
}


@cache
def calls():
    """(file, dotted name of the function, call) of the packages."""
    found = []
    for path in sorted([*(ROOT / "analysis").rglob("*.py"), *(ROOT / "models").rglob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                file = path.relative_to(ROOT).as_posix()
                found.append((file, ast.unparse(node.func), node))
    return found


def test_nothing_is_unpickled_but_the_cache():
    found = {}
    for file, name, call in calls():
        assert name not in FORBIDDEN, f"{file} calls {name}"
        if (
            name.rpartition(".")[2] in LOADERS
            and name not in HARMLESS
            and name not in ("YAML(typ='safe').load", "YAML(typ='rt').load")
        ):
            # Methods of the project's own classes, and readers of YAML objects that were made as
            # safe or round-trip ones.
            if name == "watch.load" or name == "nib.load":
                continue
            found[file, name] = ast.unparse(call)
    assert set(found) == set(ALLOWED), set(found) ^ set(ALLOWED)
    assert "allow_pickle=False" in found["analysis/inputs/crops/example.py", "np.load"]
    assert "trusted=" in found["models/locked/estimators.py", "skops.io.loads"]
    assert all(
        "weights_only=True" in found[file, "torch.load"]
        for file in ("models/deep/pretrained.py", "models/deep/watch.py")
    )
    tried(
        KIND,
        "places in the code that load objects, held to a list",
        "; ".join(f"{name}: {why}" for (_, name), why in ALLOWED.items()),
        count=len(found),
    )


def test_yaml_is_read_as_data_alone():
    kinds = [
        (file, ast.unparse(call))
        for file, name, call in calls()
        if name.rpartition(".")[2] == "YAML"
    ]
    assert not [
        ast.unparse(call)
        for _, name, call in calls()
        if name == "read_yaml"
        and not {"safe", "rt"} >= {ast.literal_eval(each) for each in call.args[2:]}
    ]
    assert kinds
    assert not [each for each in kinds if "typ='unsafe'" in each[1] or "'full'" in each[1]]
    assert not [
        file
        for file, name, _ in calls()
        if name
        in (
            "ElementTree.parse",
            "etree.parse",
            "minidom.parse",
            "ET.parse",
            "etree.fromstring",
            "ET.fromstring",
        )
    ]


@pytest.mark.parametrize(
    "payload", ["!!python/object/apply:os.system ['touch /tmp/pwned']", "!!python/name:os.system"]
)
def test_a_study_file_that_wants_to_run_something(tmp_path, capsys, payload):
    study = tiny_study(tmp_path)
    study.write_text(study.read_text().replace("seed: 1", f"seed: {payload}"))
    assert command("run", "--study", study) == 2
    said = capsys.readouterr().err
    assert "study.yml holds something that is no plain value" in said
    assert "line: 1" in said
    assert "Traceback" not in said
    tried(KIND, "a study file with a YAML tag that runs code", said)


def test_an_array_file_with_a_pickle_is_refused(tmp_path):
    import numpy as np

    from analysis.inputs.crops.example import read_examples

    with (tmp_path / "examples.npz").open("wb") as file:
        np.savez(
            file,
            slices=np.array([{"a": 1}], dtype=object),
            mask=np.zeros(1),
            spacing_mm=np.zeros(1),
        )
    with pytest.raises(ValueError, match="allow_pickle=False"):
        read_examples(tmp_path / "examples.npz")


OUTSIDE = {
    "cohort.folder": {
        "cohort": {
            "folder": "../elsewhere",
            "table": "clinical.csv",
            "dictionary": "dictionary.yml",
        }
    },
    "cohort.folder, absolute": {
        "cohort": {
            "folder": "/srv/hospital",
            "table": "clinical.csv",
            "dictionary": "dictionary.yml",
        }
    },
    "cohort.table": {
        "cohort": {"folder": "data", "table": "../../secret.csv", "dictionary": "dictionary.yml"}
    },
    "cohort.dictionary": {
        "cohort": {"folder": "data", "table": "clinical.csv", "dictionary": "/etc/dictionary.yml"}
    },
    "output": {"output": "../../outputs"},
    "output, absolute": {"output": "/var/www/outputs"},
    "radiomics.table.file": {
        "radiomics": {
            "table": {"file": "../../features.csv", "columns": {"t1": "t1_{feature}"}},
            "classifiers": ["logistic"],
        }
    },
    "features, file": {"features": {"embeddings": {"file": "../../embeddings.csv"}}},
    "features, repeats": {
        "features": {"embeddings": {"file": "e.csv", "repeats": {"reader2": "/mnt/e2.csv"}}}
    },
    "phases, image": {
        "radiomics": None,
        "phases": {"t1": {"image": "../../{patient_id}.nii", "mask": "{patient_id}.nii"}},
    },
    "phases, mask": {
        "radiomics": None,
        "phases": {"t1": {"image": "{patient_id}.nii", "mask": "/mnt/{patient_id}.nii"}},
    },
}


@pytest.mark.parametrize("place", OUTSIDE)
def test_a_path_that_leaves_the_studys_folder_is_refused(tmp_path, capsys, place):
    study = tiny_study(tmp_path / "study", **OUTSIDE[place])
    assert command("run", "--study", study) == 2
    said = capsys.readouterr().err
    assert (
        "leads out of the study's folder; if that is meant, add the line  allow_outside: [" in said
    )
    assert said.count("allow_outside") == 1
    assert "Traceback" not in said
    assert place.split(",")[0].split(".")[0] in said
    assert not (tmp_path / "study" / "outputs").exists()
    tried(KIND, f"a path that leaves the study's folder: {place}", said)


def test_a_folder_that_is_named_is_allowed_and_nothing_beside_it(tmp_path):
    from analysis.study import StudyError, load_study

    (tmp_path / "hospital").mkdir()
    cohort = {
        "folder": "../hospital/liver",
        "table": "clinical.csv",
        "dictionary": "dictionary.yml",
    }
    study = load_study(tiny_study(tmp_path / "study", cohort=cohort, allow_outside=["../hospital"]))
    assert study.cohort_folder == tmp_path / "hospital" / "liver"
    assert (
        load_study(
            tiny_study(
                tmp_path / "study",
                cohort=cohort | {"folder": str(tmp_path / "hospital")},
                allow_outside=[str(tmp_path / "hospital")],
            )
        ).cohort_folder
        == tmp_path / "hospital"
    )
    for wrong in ("../hospital2", "../hospital/../x"):
        with pytest.raises(StudyError, match="leads out of"):
            load_study(
                tiny_study(
                    tmp_path / "study",
                    cohort=cohort | {"folder": wrong},
                    allow_outside=["../hospital"],
                )
            )
    # What lies inside needs no word, however it is written.
    load_study(
        tiny_study(
            tmp_path / "study",
            output=str(tmp_path / "study" / "outputs"),
            cohort=cohort | {"folder": "./x/../data"},
        )
    )


def test_resampling_to_a_phase_that_is_none_is_said(tmp_path):
    from analysis.study import StudyError, load_study

    phases = {
        "t1": {"image": "{patient_id}.nii", "mask": "{patient_id}.nii", "resample_to": "t9"},
        "t2": {"image": "{patient_id}_2.nii", "mask": "{patient_id}.nii"},
    }
    with pytest.raises(StudyError, match="must name another phase"):
        load_study(tiny_study(tmp_path, phases=phases, radiomics=None))


def test_a_bundle_that_asks_for_folders_outside_is_refused(tmp_path):
    from analysis.workflow.review.rebuild import BundleError, _read

    tiny_study(tmp_path, allow_outside=["/"])
    (tmp_path / "patients.csv").write_text(
        "patient_id,cohort,label,time_months,event_type\nA,training,1,,\n"
    )
    with pytest.raises(BundleError, match="asks for folders outside of it"):
        _read(tmp_path, {"holds": {"clinical": False, "features": False}})
    tried(
        KIND,
        "a bundle whose study file asks for folders outside of it",
        "refused before anything of it is used",
    )


def test_files_of_a_study_are_as_private_as_the_users_others(tmp_path):
    """The umask rules, and a secret is its owner's from the first byte."""
    import os
    import subprocess
    import sys

    script = (
        "import os; os.umask(0o077)\nfrom pathlib import Path\nfrom analysis.core.cache import"
        f" write_atomically\nprint(oct(write_atomically(Path({str(tmp_path / 'a')!r}),"
        " 'x').stat().st_mode & 0o777))"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        ).stdout.strip()
        == "0o600"
    )
    from analysis.study import load_study
    from analysis.workflow.cohort_update.keyed_digests import open_keyring

    study = load_study(
        tiny_study(tmp_path, study={"name": "real", "title": "t", "disease": "d", "event": "e"})
    )
    keyring = open_keyring(study)
    assert (keyring.home / "secret").stat().st_mode & 0o777 == 0o600
    assert keyring.home.stat().st_mode & 0o777 == 0o700
