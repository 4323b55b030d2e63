"""The schemas of study file and data dictionary: complete, right for every file that there is, and
strict where the types are."""

import json
import re

import jsonschema
import pytest

from analysis.core.yaml_file import read_yaml
from analysis.study.dictionary import Dictionary
from analysis.study.schema import (
    _meanings,
    _types,
    dictionary_schema,
    meaning_of,
    schema_text,
    study_schema,
)
from analysis.study.sections import Study
from analysis.workflow.new_study import new_example, new_study
from tests.conftest import ROOT

VALIDATORS = {
    "study": jsonschema.Draft202012Validator(study_schema()),
    "dictionary": jsonschema.Draft202012Validator(dictionary_schema()),
}


def _faults(kind, content):
    """As an editor sees the file: dates are texts."""
    plain = json.loads(json.dumps(content, default=str))
    return [
        f"{'.'.join(map(str, fault.path))}: {fault.message}"
        for fault in VALIDATORS[kind].iter_errors(plain)
    ]


@pytest.mark.parametrize("kind", VALIDATORS)
def test_it_is_a_schema(kind):
    jsonschema.Draft202012Validator.check_schema(VALIDATORS[kind].schema)


@pytest.mark.parametrize("root", [Study, Dictionary])
def test_every_key_has_a_meaning_and_every_meaning_a_key(root):
    for kind in _types(root).values():
        for key in kind.model_fields:
            if (kind, key) != (Study, "path"):
                meaning, _ = meaning_of(kind, key)
                assert meaning.endswith((".", '".')), f"{kind.__name__}.{key}"
    names = {each.__name__: each for one in (Study, Dictionary) for each in _types(one).values()}
    inherited = {base.__name__ for each in names.values() for base in each.__mro__}
    assert set(_meanings()) <= set(names) | inherited
    assert not [
        f"{name}.{key}"
        for name, keys in _meanings().items()
        for key in keys
        if name in names and key not in names[name].model_fields
    ]


@pytest.mark.parametrize(
    "name", ["study.yml", "study.full.yml", "study.overnight.yml", "study.sarcoma.yml"]
)
def test_the_study_files_of_the_repository_fit_it(name):
    assert _faults("study", read_yaml(ROOT / name, ValueError)) == []
    assert (
        (ROOT / name)
        .read_text()
        .startswith("# yaml-language-server: $schema=docs/reference/study.schema.json\n")
    )


def test_the_published_schema_is_that_of_the_code():
    published = (ROOT / "docs" / "reference" / "study.schema.json").read_text(encoding="utf-8")
    assert published == schema_text(study_schema()), (
        "stale: `python -m analysis.study.schema > docs/reference/study.schema.json` writes it"
    )


@pytest.mark.parametrize("kind", ["images", "features", "predictions", "clinical", "example"])
def test_a_new_study_names_its_schema_and_fits_it(kind, tmp_path):
    folder = tmp_path / "mine"
    if kind == "example":
        new_example(folder, "hcc-survival")
    else:
        new_study(folder, kind)
    for file, name in (
        (folder / "study.yml", "study"),
        (folder / "data/dictionary.yml", "dictionary"),
    ):
        if not file.exists():
            continue
        line = re.match(r"# yaml-language-server: \$schema=(\S+)\n", file.read_text())
        assert (file.parent / line[1]).read_text(encoding="utf-8") == schema_text(
            VALIDATORS[name].schema
        )
        assert _faults(name, read_yaml(file, ValueError)) == []


def test_short_forms_are_taken():
    content = read_yaml(ROOT / "study.yml", ValueError)
    content["study"] |= {
        "authors": ["A. Author", {"name": {"given": "B.", "family": "Author"}, "roles": "software"}]
    }
    content["comparators"] = {"albi": None, "mine": "my_score.py:Mine"}
    content["reporting"]["dates"] = "2020 to 2021"
    assert _faults("study", content) == []


@pytest.mark.parametrize(
    ("section", "key", "value", "message"),
    [
        ("statistics", "treshold", 0.5, "'treshold' was unexpected"),
        ("validation", "outer_folds", "many", "'many' is not of type 'integer'"),
        ("fusion", "method", "best", "'best' is not one of"),
        ("statistics", "confidence_level", 1.5, "1.5 is greater than or equal to the maximum of 1"),
    ],
)
def test_what_the_types_refuse_it_refuses(section, key, value, message):
    content = read_yaml(ROOT / "study.yml", ValueError)
    content.setdefault(section, {})[key] = value
    assert any(message in fault for fault in _faults("study", content))
