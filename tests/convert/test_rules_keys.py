"""Rules whose keys YAML reads as numbers."""

import pytest

from analysis.convert.rules import load_rules


def test_a_key_of_the_rules_that_is_no_word_is_said(tmp_path):
    path = tmp_path / "rules.yml"
    path.write_text('1: x\nphases: {arterial: "*art*"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="1: Keys should be strings"):
        load_rules(path)
