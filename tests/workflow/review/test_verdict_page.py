"""verdict.html: what `verify` found; the page loads nothing, and runs nothing of a bundle."""

import base64
import hashlib
import json
import re

import pytest

from analysis.results.record import Record
from analysis.workflow.review.verdict_page import verdict_page
from analysis.workflow.review.verdicts import Verdict
from analysis.workflow.review.verify import Verification, verification_json

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def found():
    key = "auc.cr.validation"
    return Verification(
        [
            Verdict(key, "different", "value: 0.8 in the bundle, 0.7 recomputed"),
            Verdict("brier.cr.validation", "identical"),
            Verdict(HOSTILE, "not recomputable", HOSTILE),
        ],
        [f"{HOSTILE}.csv was changed: its checksum differs"],
        ["commit of the code: a made the bundle, b verifies it"],
        results={key: Record(key, 0.8, ci_low=0.7, ci_high=0.9, n=33, unit="AUC")},
    )


def test_each_verdict_has_a_row_with_meaning_and_value(found):
    page = verdict_page(found, "bundle.zip")
    rows = re.findall(r'<tr data-word="([^"]+)".*?</tr>', page)
    assert rows == ["different", "identical", "not recomputable"]
    assert "Area under the ROC curve" in page
    assert "0.800 (0.700–0.900)" in page
    assert "NOT VERIFIED: 1 number or table differs; 1 fault of the files." in page
    for word, count in (("different", 1), ("within tolerance", 0)):
        assert f'value="{word}" checked> {word} ({count})' in page


def test_the_text_of_a_bundle_is_text(found):
    page = verdict_page(found, HOSTILE)
    assert HOSTILE not in page
    assert page.count("<script>") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_it_loads_nothing_and_runs_its_own_lines_alone(found):
    page = verdict_page(found, "bundle.zip")
    assert not re.search(r"(src|href)=|https?://|@import|url\(", page)
    policy = re.search(r'content="(default-src [^"]+)"', page)[1]
    assert "default-src 'none'" in policy
    for tag, rule in (("script", "script-src"), ("style", "style-src")):
        text = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{rule} 'sha256-{digest}'" in policy


def test_a_sound_bundle_is_said_so(found):
    sound = Verification(found.verdicts[1:], [], [])
    assert "VERIFIED. Of 2 numbers and tables, 1 were computed again" in verdict_page(
        sound, "b.zip"
    )
    assert 'class="verdict sound"' in verdict_page(sound, "b.zip")
    assert "results" not in json.loads(json.dumps(verification_json(sound)))
