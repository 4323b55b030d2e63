"""A format of the author's own in _quarto.yml, such as that of a journal, is left alone."""

from __future__ import annotations

import json
import os
import sys

import pytest

from analysis.reporting.rendering.quarto import FORMATS, QuartoRun, render_with_quarto
from tests.support.authored_study import small_project

# Says how it was called, and fails as a Quarto without LaTeX does where it is to make every format.
QUARTO = """#!{python}
import json, sys
with open({log!r}, "a") as file:
    file.write(json.dumps(sys.argv[1:]) + "\\n")
sys.exit("ERROR: no LaTeX" if {other} and "--to" not in sys.argv else 0)
"""
ONE_BY_ONE = [["render", "--to", name, "--no-clean"] for name in FORMATS.values()]


@pytest.mark.skipif(os.name != "posix", reason="the stand-in of Quarto is a script")
@pytest.mark.parametrize(("other", "calls"), [(False, [["render"]]), (True, ONE_BY_ONE)])
def test_a_format_beside_the_packages_is_not_asked_for(tmp_path, other, calls):
    project = small_project(tmp_path / "project", "# Abstract\n")
    settings = project / "_quarto.yml"
    if other:
        settings.write_text(settings.read_text() + "  journal-pdf: default\n")
    before, log = settings.read_bytes(), tmp_path / "calls.jsonl"
    program = tmp_path / "quarto"
    program.write_text(QUARTO.format(python=sys.executable, log=str(log), other=other))
    program.chmod(0o755)
    assert render_with_quarto(str(program), project, list(FORMATS)) == QuartoRun()
    assert [json.loads(line) for line in log.read_text().splitlines()] == calls
    assert settings.read_bytes() == before
