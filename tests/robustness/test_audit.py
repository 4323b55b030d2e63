"""The audit fails for what it could not see. It asks a service on the network, so only its verdict
is tested here."""

import subprocess
from types import SimpleNamespace

import pytest

from benchmarks import audit
from tests.support.record import tried

SOUND = {
    "dependencies": [
        {"name": "a", "version": "1", "vulns": []},
        {"name": "b", "version": "2", "vulns": []},
    ]
}


@pytest.mark.parametrize(
    ("report", "pinned", "words"),
    [
        (
            {
                "dependencies": [
                    SOUND["dependencies"][0],
                    {"name": "b", "skip_reason": "Dependency not found on PyPI"},
                ]
            },
            2,
            "b : not audited",
        ),
        (
            {
                "dependencies": [
                    SOUND["dependencies"][0],
                    {
                        "name": "b",
                        "version": "2",
                        "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}],
                    },
                ]
            },
            2,
            "b 2: PYSEC-1, mended in 3",
        ),
        (SOUND, 3, "2 of 3 pinned packages"),
        ({}, 1, "0 of 1 pinned packages"),
    ],
)
def test_what_was_not_audited_fails(report, pinned, words):
    assert [fault for fault in audit.verdict(report, pinned) if words in fault]
    assert not audit.verdict(SOUND, 2)
    tried(
        "Security and privacy",
        "make audit: a package with a known vulnerability, or that could not be audited",
        f"exit status 1; {audit.verdict(report, pinned)[0]}",
    )


def test_no_report_is_a_failure(monkeypatch, capsys):
    monkeypatch.setattr(
        subprocess,
        "run",
        lambda *_, **__: SimpleNamespace(stdout="", stderr="ConnectionError: no route\n"),
    )
    assert audit.main() == 1
    assert "nothing was audited" in capsys.readouterr().err
    assert audit.pins("# a==1\nb==2\nc==3  # x\n") == 2
