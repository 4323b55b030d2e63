"""Order of the baseline table's headings, as the data dictionary says it."""

import pytest

from analysis.results.variables import variable_table
from analysis.study import load_study
from analysis.study.dictionary import DictionaryError, load_dictionary
from tests.support.small_cohort import clinical_study

TEXT = """variables:
  patient_id: {{label: Patient, role: identifier, type: text}}
  size: {{label: Size, role: predictor, type: continuous, unit: mm, group: Imaging}}
  sex: {{label: Sex, role: score_input, type: binary}}
  ast: {{label: AST, role: predictor, type: continuous, unit: U/L, group: Laboratory}}
  age: {{label: Age, role: predictor, type: continuous, unit: years, group: Demographics}}
{more}
"""


def dictionary_of(tmp_path, more=""):
    path = tmp_path / "dictionary.yml"
    path.write_text(TEXT.format(more=more))
    return load_dictionary(path)


def test_groups_stand_in_the_order_that_is_said(tmp_path):
    study = load_study(clinical_study(tmp_path / "study"))

    def order(more=""):
        return list(variable_table(dictionary_of(tmp_path, more), study)["variable"])

    assert order() == ["size", "sex", "ast", "age"]
    # Laboratory is not named: it follows, as does a variable without group.
    assert order("groups: [Demographics, Imaging]") == ["age", "size", "sex", "ast"]


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ("[Labratory]", r"groups: no variable has group: Labratory \(did you mean 'Laboratory'"),
        ("[Imaging, Imaging]", "groups: names Imaging twice"),
    ],
)
def test_an_order_of_other_groups_is_refused(groups, said, tmp_path):
    with pytest.raises(DictionaryError, match=said):
        dictionary_of(tmp_path, f"groups: {groups}")


def test_a_dictionary_without_an_order_is_written_as_before(tmp_path):
    assert set(dictionary_of(tmp_path).model_dump()) == {"variables", "missing"}
