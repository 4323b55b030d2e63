"""A document's text for one study, without kernel or pandoc: its cells run here, its expressions
are evaluated."""

import ast
import re
from pathlib import Path

import pytest

from analysis.reporting.manuscript import open_results
from analysis.reporting.manuscript_folder.templates import for_kind
from analysis.reporting.rendering.includes import INCLUDE
from analysis.reporting.sections import Says
from tests.conftest import ROOT

INLINE = re.compile(r"`\{python\} ([^`]+)`")
CELL = re.compile(r"```\{python\}\n(.*?)```", re.DOTALL)


def rendered(
    study: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
    document: str = "index",
    kind: str = "images",
) -> str:
    """What a document says for a study of that kind: its cells run here, its expressions are
    evaluated and its sections written, without kernel or pandoc."""
    monkeypatch.setenv("EARLY_RECURRENCE_STUDY", str(study))
    template = (ROOT / "report" / f"{document}.qmd").read_text(encoding="utf-8")
    source = re.sub(r"<!--.*?-->", "", for_kind(template, kind).split("---", 2)[2], flags=re.DOTALL)
    says = Says(open_results(study, links=True))
    source = INCLUDE.sub(
        lambda match: str(says(match[1].removeprefix("_generated/").removesuffix(".md"))), source
    )
    space: dict = {}

    def shown(value: object) -> str:
        return (
            value._repr_markdown_()
            if hasattr(value, "_repr_markdown_")
            else ""
            if value is None
            else "<image>"
            if hasattr(value, "_repr_png_")
            else str(value)
        )

    def cell(match: re.Match) -> str:
        tree = ast.parse(match[1])
        last = (
            ast.Expression(tree.body.pop().value) if isinstance(tree.body[-1], ast.Expr) else None
        )
        capsys.readouterr()
        exec(compile(tree, document, "exec"), space)
        value = shown(eval(compile(last, document, "eval"), space)) if last else ""
        output = capsys.readouterr().out + value
        label = re.search(r"#\| label: (\S+)", match[1])
        return f"::: {{#{label[1]}}}\n{output}\n:::" if label and output.strip() else output

    parts = re.split(f"({CELL.pattern})", source, flags=re.DOTALL)[::3], list(CELL.finditer(source))
    text = ""
    for number, prose in enumerate(parts[0]):
        text += INLINE.sub(lambda match: shown(eval(match[1], space)), prose)
        text += cell(parts[1][number]) if number < len(parts[1]) else ""
    return text
