"""Plural forms: of numbers, and in what the package says of a number that its code computes."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from analysis.core.word_lists import counted, listed, plural

ROOT = Path(__file__).parents[2]
PYTHON = sorted(
    path
    for room in ("analysis", "models", "early_recurrence")
    for path in (ROOT / room).rglob("*.py")
)
TEMPLATES = [*PYTHON, *sorted((ROOT / "analysis" / "study").rglob("*.yml"))]

# What is counted in sentences, beside the nouns that the sources give to `counted` and `plural`.
NOUNS = frozenset(
    "axes centres classifiers coefficients days events folds images minutes months patients pixels"
    " pictures places resamples times values variables years".split()
)
# Words between a number and its noun: `40 clinical candidates`, and not `4 of the patients`.
PLACEHOLDER, ADJECTIVES = "\0", r"(?:[A-Za-z-]+ ){0,3}?"
NO_ADJECTIVES = frozenset(
    "a all and as at by for from in is its of on or over per than that the to was were whose with"
    " apart cover each ordered took where without".split()
)
FIELD_AND_NOUN = re.compile(rf"\{{[a-z_]+\.[\w.<>-]+(?::n)?\}} ({ADJECTIVES})([a-z]+s)\b")
# `series` is a plural where its verb is one.
VALUE_AND_NOUN = re.compile(rf"{PLACEHOLDER} ({ADJECTIVES})(series (?:are|have)|[a-z]+s)\b")
CHOICE = re.compile(r"[a-z]\((?:s|es|ies)\)")

# What is printed before a plural noun and never 1, with the reason.
WORDS = "words, no number"
NEVER_ONE = {
    (
        "analysis/cohort/tables/block_table.py",
        "'is' if len(texts) == 1 else 'are'",
    ): WORDS,
    ("analysis/imaging/registration/deformation.py", "number"): "tens of thousands",
    ("analysis/inputs/checks/delta.py", "what"): WORDS,
    ("analysis/inputs/checks/grey_levels.py", "median"): "a median of numbers",
    ("analysis/reporting/sentences/habitats.py", "habitats.voxels_per_patient"): "at least twenty",
    ("analysis/reporting/sentences/registration.py", "words"): WORDS,
    ("analysis/reporting/sentences/registration.py", "images"): WORDS,
    ("analysis/reporting/sentences/registration.py", "samples"): "thousands",
    ("analysis/reporting/wordings/preprocessing.py", "levels"): "more than one",
    ("analysis/workflow/locked_model/model_card.py", "labels[phase]"): WORDS,
    ("analysis/imaging/reading/nifti.py", "' × '.join(map(str, shape)) or 'no'"): WORDS,
    ("analysis/imaging/reading/volumes.py", "' × '.join(map(str, shape))"): WORDS,
    ("analysis/imaging/reading/stack.py", "first.shape[1]"): "a size, rows × columns",
    ("analysis/imaging/convert/phase_plan.py", "other"): WORDS,
    ("analysis/imaging/convert/notes.py", "lacking"): "how many of how many",
    ("analysis/inputs/checks/absent_files.py", "len(paths)"): "more than two",
    ("analysis/reporting/sentences/results.py", "cohort"): WORDS,
    ("analysis/reporting/wordings/extraction.py", "spacing"): "a size, x × y × z",
    ("analysis/results/selection.py", "level"): WORDS,
    ("analysis/statistics/kappa.py", "np.shape(two)"): "a shape",
}


@pytest.mark.parametrize(
    ("number", "noun", "text"),
    [
        (0, "patients", "0 patients"),
        (1, "patient", "1 patient"),
        (2, "patients", "2 patients"),
        ("1", "patient", "1 patient"),
        ("1,000", "patients", "1,000 patients"),
        ("no", "patients", "no patients"),
        (1.5, "patients", "1.5 patients"),
    ],
)
def test_a_noun_follows_its_number(number, noun, text):
    assert plural(number, "patient") == noun
    assert counted(number, "patient") == text


def test_a_plural_of_its_own_and_a_verb():
    assert [counted(n, "analysis", "analyses") for n in (0, 1, 2)] == [
        "0 analyses",
        "1 analysis",
        "2 analyses",
    ]
    assert [counted(n, "row is", "rows are") for n in (1, 2)] == ["1 row is", "2 rows are"]


def test_listed():
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


def _docstrings(tree: ast.Module) -> set[int]:
    """Line of each docstring."""
    return {
        node.body[0].value.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
        and isinstance(node.body[0].value, ast.Constant)
    }


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def _texts(path: Path) -> list[tuple[int, str, list[ast.expr]]]:
    """Each text of a file, with its line and the values that stand in its placeholders."""
    return list(_found_texts(path))


def _found_texts(path: Path) -> Iterator[tuple[int, str, list[ast.expr]]]:
    if path.suffix == ".yml":
        for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            yield line, text, []
        return
    tree = _tree(path)
    docstrings = _docstrings(tree)
    parts = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield (
                node.lineno,
                "".join(
                    part.value if isinstance(part, ast.Constant) else PLACEHOLDER
                    for part in node.values
                ),
                [part.value for part in node.values if isinstance(part, ast.FormattedValue)],
            )
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in parts
            and node.lineno not in docstrings
        ):
            yield node.lineno, node.value, []


@cache
def _nouns() -> set[str]:
    """Plurals of what the sources count."""
    found = set(NOUNS)
    for path in PYTHON:
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("counted", "plural"):
                words = [each.value for each in node.args[1:] if isinstance(each, ast.Constant)]
                # `row is`, `rows are`: a verb follows the noun.
                if len(words) == 1:
                    found.add(f"{words[0].split()[-1]}s")
    return found


def _plural_of(adjectives: str, noun: str, nouns: set[str]) -> bool:
    known = noun in nouns or noun.startswith("series ")
    return known and not NO_ADJECTIVES & set(adjectives.lower().split())


def _name(value: ast.expr, path: Path) -> object:
    """The value of a constant of the module, such as LEAST_VOXELS; None for anything else."""
    if not (isinstance(value, ast.Name) and value.id.isupper()):
        return None
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    return getattr(import_module(module), value.id)


def test_no_text_leaves_the_choice_to_the_reader():
    """`2 row(s)`."""
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text.strip()[:80]}"
        for path in TEMPLATES
        for line, text, _ in _texts(path)
        if CHOICE.search(text)
    ]
    assert not found, "use counted() or {key|noun}:\n" + "\n".join(found)


def test_a_noun_behind_a_key_follows_it():
    nouns = _nouns()
    found = [
        f"{path.relative_to(ROOT)}:{line}: {match[0]}"
        for path in TEMPLATES
        for line, text, _ in _texts(path)
        for match in FIELD_AND_NOUN.finditer(text)
        if _plural_of(match[1], match[2], nouns)
    ]
    assert not found, "write {key|noun}:\n" + "\n".join(found)


def test_a_noun_behind_a_computed_number_follows_it():
    nouns = _nouns()
    found = []
    for path in PYTHON:
        for line, text, values in _texts(path):
            for match in VALUE_AND_NOUN.finditer(text):
                if not _plural_of(match[1], match[2], nouns):
                    continue
                value = values[text.count(PLACEHOLDER, 0, match.start())]
                shown = ast.unparse(value)
                place = str(path.relative_to(ROOT))
                follows = shown.startswith(("counted(", "plural("))
                constant = _name(value, path) not in (None, 1)
                if follows or constant or (place, shown) in NEVER_ONE:
                    continue
                found.append(f"{place}:{line}: {{{shown}}}{match[0].strip(PLACEHOLDER)}")
    assert not found, "use counted() or plural():\n" + "\n".join(found)
