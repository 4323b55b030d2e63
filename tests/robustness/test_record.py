"""The table of what was tried counts what the tests wrote, and nothing else."""

import importlib.util

from tests.conftest import ROOT
from tests.support.record import FOLDER, tried


def _page(text):
    spec = importlib.util.spec_from_file_location(
        "make_robustness", ROOT / "docs" / "make_robustness.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.page(text)


def test_what_was_tried_is_counted_and_shown_as_text(tmp_path, monkeypatch):
    monkeypatch.delenv(FOLDER, raising=False)
    tried("faults", "nowhere", "not written")
    monkeypatch.setenv(FOLDER, str(tmp_path / "seen"))
    tried("Faults", "kill -9", "goes on", count=3)
    tried("Faults", "kill -9", f"goes on | after {tmp_path}/study.yml", count=4)
    tried("Bad input", "a patient called <script>", "shown as <text>")
    tried(
        "Faults",
        "two at once",
        f"process 4711 on host.example (since 10:00) is at work in {ROOT}/outputs",
    )
    page = _page((tmp_path / "seen" / "tried.jsonl").read_text())
    assert "| kill -9 | goes on \\| after …/study.yml | 7 |" in page
    assert "| a patient called &lt;script> | shown as &lt;text> | 1 |" in page
    assert "| process … on … (since 10:00) is at work in …/outputs | 1 |" in page
    assert "not written" not in page
    assert str(tmp_path) not in page
    assert page.index("## Bad input") < page.index("## Faults")
