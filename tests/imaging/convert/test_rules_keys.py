"""Rules whose keys YAML reads as numbers."""

import re

import pytest

from analysis.imaging.convert.rules import load_rules


def test_a_key_of_the_rules_that_is_no_word_is_said(tmp_path):
    path = tmp_path / "rules.yml"
    path.write_text('1: x\nphases: {arterial: "*art*"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="1: a key must be text; write it in quotes"):
        load_rules(path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "phase: {arterial: x}\nphases: {arterial: x}\n",
            "phase: unknown key (did you mean 'phases'?)",
        ),
        (
            "phases: {arterial: {descripton: x}}\n",
            "line 1: phases.arterial.descripton: unknown key (did you mean 'description'?)",
        ),
        ("masks: {mask: x}\n", "phases: required key is missing"),
        (
            "phases:\n  arterial: x\n  portal:\n    description: y\n    choose: 0\n",
            "line 5: phases.portal.choose: must be only, most_slices, first or last",
        ),
        (
            "phases: {portal: {choose: 0}}\n",
            "phases.portal.choose: must be only, most_slices, first or last",
        ),
        ("phases: {portal: 3}\n", "phases.portal: must be a section"),
        (
            "phases: {portal: x}\nmasks: {mask: {segment: [tumour, [1]]}}\n",
            "rules.yml has 1 fault:\n  line 2: masks.mask.segment, entry 2: must be text or a whole"
            " number (found: [1])",
        ),
        ("phases: {portal: x}\nphases: {late: y}\n", 'line 2: the key "phases" is there twice'),
    ],
)
def test_faults_of_the_rules_are_said_in_words(tmp_path, text, words):
    path = tmp_path / "rules.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(words)) as caught:
        load_rules(path)
    said = str(caught.value)
    assert "Extra inputs" not in said, said
    assert "constrained" not in said, said
    assert "literal[" not in said, said
