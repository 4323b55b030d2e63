"""Claims and values listed while writing."""

import json

import pytest

from analysis.cli import main
from tests.support.numbered_pages import write_results

CLAIMS = [
    {
        "key": "outperforms.cr",
        "place": "Results",
        "wording": "DLRCR outperformed CR.",
        "holds": True,
        "state": "holds",
        "rule": "",
        "numbers": {},
    }
]


@pytest.fixture
def study(tmp_path):
    path = write_results(tmp_path)
    (tmp_path / "outputs" / "claims.json").write_text(json.dumps(CLAIMS), encoding="utf-8")
    return path


def test_claims_are_listed_with_their_sentences(study, capsys):
    assert main(["keys", "--claims", "--study", str(study)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["CLAIM", "HOLDS", "SENTENCE"]
    assert lines[1] == 'claims("outperforms.cr")  holds  DLRCR outperformed CR.'
    assert main(["keys", "risk", "--claims", "--study", str(study)]) == 2
    assert "no claim has 'risk'" in capsys.readouterr().err


def test_snippets_write_the_inline_expression(study, capsys):
    assert main(["keys", "--snippets", "--study", str(study)]) == 0
    found = json.loads(capsys.readouterr().out)
    value = found["auc.cr.validation"]
    assert value["body"] == ['`{python} r("auc.cr.validation")`']
    assert value["description"] == "0.872 (0.686–0.951), P = .004"
    claim = found["claim outperforms.cr"]
    assert claim["body"] == ['`{python} claims("outperforms.cr")`']
    assert claim["description"] == "DLRCR outperformed CR."
