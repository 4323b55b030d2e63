"""Every P-value has the letter and the zero of the preset: in tables, notes and prose."""

import pytest

from analysis.reporting.number_style import STYLES, p_value, use_style
from analysis.reporting.sections.context import Context
from analysis.reporting.sections.methods_statistics import claim_rules
from analysis.reporting.sentences.methods import fallback_rule
from analysis.reporting.tables import calibration_tests_markdown
from analysis.reporting.tables.cohort_update import moves_markdown

LETTERS = {"ama": "*P*", "plain": "p", "esr": "*p*"}


@pytest.fixture(autouse=True)
def style_of_old():
    yield
    use_style("ama")


def test_every_style_has_its_letter():
    assert {name: style.p_symbol for name, style in STYLES.items()} == LETTERS


@pytest.mark.parametrize(
    ("style", "moved"),
    [("ama", "*P* = .03"), ("plain", "p = 0.032"), ("esr", "*p* = 0.032")],
)
def test_the_style_holds_in_tables_and_prose(liver, style, moved):
    use_style(style)
    number = {"value": 0.8, "ci_low": 0.7, "ci_high": 0.9, "p": 0.032}
    update = {
        "moves": [{"name": "AUC of CR", "old": number, "new": number, "unit": "AUC", "shift": 0.0}]
    }
    assert moves_markdown(update).data.splitlines()[-1].count(f", {moved} |") == 2
    letter = LETTERS[style]
    header = calibration_tests_markdown(liver, ["cr"]).data.splitlines()[0]
    assert f"| {letter} (Spiegelhalter) | Hosmer-Lemeshow χ² | {letter} (Hosmer-Lemeshow)" in header
    assert p_value() == f"{letter} value"
    assert p_value(several=True) == f"{letter} values"
    rules = claim_rules(Context(liver))
    assert f"where the {letter} value, Holm-adjusted within" in rules
    assert "P-value" not in rules
    assert f"smallest univariable {letter} value was used" in fallback_rule(liver)
