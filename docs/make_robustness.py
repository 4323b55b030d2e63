"""docs/robustness.md from what the tests tried: `make robustness`, or `python
docs/make_robustness.py FOLDER`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

INTRODUCTION = """# What goes wrong, and what the user sees

Written by `make prove` (or its shorter `make robustness`) from the tests' own records of the \
last run; the numbers count what was tried in it.
"""
LONGEST = 400


def rows(text: str) -> dict[str, dict[str, tuple[str, int]]]:
    """kind -> case -> (what was seen last, how many were tried), in the order of their first
    line."""
    found: dict[str, dict[str, tuple[str, int]]] = {}
    for line in text.splitlines():
        each = json.loads(line)
        cases = found.setdefault(each["kind"], {})
        cases[each["case"]] = each["seen"], cases.get(each["case"], ("", 0))[1] + each["count"]
    return found


def _cell(text: str) -> str:
    short = text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"
    return short.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")


def page(text: str) -> str:
    """The page: a table a kind, kinds and cases sorted, so that the order of the tests changes
    nothing."""
    parts = [INTRODUCTION]
    for kind, cases in sorted(rows(text).items()):
        total = sum(count for _, count in cases.values())
        parts.append(
            f"\n## {kind}\n\n{len(cases)} cases, {total:,} tried.\n\n| case | what the user sees |"
            " tried |\n|---|---|--:|\n"
        )
        parts += [
            f"| {_cell(case)} | {_cell(seen)} | {count:,} |\n"
            for case, (seen, count) in sorted(cases.items())
        ]
    return "".join(parts)


def main(folder: str) -> int:
    source = Path(folder) / "tried.jsonl"
    if not source.is_file():
        print(f"{source} is not there: nothing was tried", file=sys.stderr)
        return 2
    target = Path(__file__).resolve().with_name("robustness.md")
    target.write_text(page(source.read_text(encoding="utf-8")), encoding="utf-8")
    print(target)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
