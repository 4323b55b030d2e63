"""Functions of this project in the order in which a study first calls them, networks included.

`python -m tests.support.calls_in_order FOLDER FILE` runs the study of `processor_study` with one
classifier and one network in this process, says one sentence from its results, and writes the calls
to FILE, one a line.

Each function is made to note its call as its module is imported: a function for `sys.setprofile`
would be asked at every call and return of every library, which takes longer than the study. Python
3.12 has `sys.monitoring` for this, and 3.11 has not.
"""

from __future__ import annotations

import ast
import builtins
import os
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any
from unittest.mock import patch

from tests.conftest import ROOT
from tests.support.processor_study import one_network_study

OURS = tuple(f"{ROOT / package}{os.sep}" for package in ("analysis", "models", "early_recurrence"))
NOTE = "note_call_of_this_function"
# Decorators of what numba compiles, which can note nothing.
COMPILED = {"compiled", "_compiled"}


class Calls:
    """First calls, as `path — qualified name`, once it is `watching`."""

    def __init__(self) -> None:
        self.watching, self.in_order = False, dict[str, None]()

    def __call__(self, name: str) -> None:
        if self.watching:
            self.in_order.setdefault(name)


class Noting(ast.NodeTransformer):
    """Begins each function with a note of its call."""

    def __init__(self, path: str) -> None:
        self.path, self.names = path, list[str]()

    def _inside(self, node: Any, *names: str) -> None:
        self.names += names
        self.generic_visit(node)
        del self.names[-len(names) :]

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        self._inside(node, node.name)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        if any(isinstance(each, ast.Name) and each.id in COMPILED for each in node.decorator_list):
            return node
        name = ".".join([*self.names, node.name])
        self._inside(node, node.name, "<locals>")
        call = ast.parse(f"{NOTE}({f'{self.path} — {name}'!r})").body
        after = 0 if ast.get_docstring(node) is None else 1
        node.body[after:after] = [
            ast.fix_missing_locations(ast.copy_location(each, node)) for each in call
        ]
        return node


class NotingLoader(SourceFileLoader):
    """Neither reads nor writes compiled files."""

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        tree = ast.parse(self.get_data(path))
        Noting(Path(path).relative_to(ROOT).as_posix()).visit(tree)
        return compile(tree, path, "exec", dont_inherit=True)


class OwnModules(MetaPathFinder):
    """Finds the modules of this project, so that their functions note their calls."""

    def find_spec(
        self, fullname: str, path: Any, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or not (spec.origin or "").startswith(OURS):
            return None
        spec.loader = NotingLoader(fullname, str(spec.origin))
        return spec


def say_areas(study_file: Path) -> str:
    """The sentence of the abstract that holds each model's validation AUC."""
    from analysis.reporting.manuscript import open_results
    from analysis.reporting.sections.abstract import abstract_areas
    from analysis.reporting.sections.context import Context

    return abstract_areas(Context(open_results(study_file)))


def trace(folder: Path) -> list[str]:
    """Run the study with every function watched; its calls in order."""
    calls = Calls()
    setattr(builtins, NOTE, calls)
    sys.meta_path.insert(0, OwnModules())
    from analysis.study import load_study
    from analysis.workflow.run import run

    study = load_study(one_network_study(folder, classifiers=["logistic"]))
    calls.watching = True
    with patch("analysis.reporting.figures.draw_all"):
        run(study)
    print(say_areas(study.path))
    return list(calls.in_order)


if __name__ == "__main__":
    Path(sys.argv[2]).write_text("\n".join(trace(Path(sys.argv[1]))), encoding="utf-8")
