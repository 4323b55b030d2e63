"""Keys of the results: what each is called and means.

The command `keys` and the reference list them.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.core.project_folder import find_study
from analysis.reporting.claims.claim import read_claims
from analysis.reporting.intervals import identical, interval_of
from analysis.reporting.number_style import format_number, plain_p_statement, use_style
from analysis.reporting.rendering.escaping import unmarked
from analysis.results import keys
from analysis.results.keys.quantity import VARIES
from analysis.results.record import Record, read_records
from analysis.study import load_study

INTRODUCTION = """# Keys of the results

Written by `early-recurrence keys --markdown` from the declarations in `analysis/results/keys/`.

Every number of a study stands in `results.json` under a key, such as `auc.dlrcr.validation`. Parts
in braces are filled by the study: `model` and `comparator` by the identifier of a model or a score,
`evaluation` by `apparent`, `out_of_fold`, `validation` or the name of a later cohort, `cohort` by
`training`, `validation` or such a name, `percent` by a threshold probability. A record carries its
`quantity` and these parts (`of`), so that nobody has to take a key apart:

| field | what it holds |
|---|---|
| `key`, `quantity`, `of` | the key, the name of its declaration, and its parts by name |
| `value` | a number, text, a list or a truth; null where it is undefined, and `method` says why |
| `ci_low`, `ci_high`, `p`, `n`, `unit` | interval, P-value, number of patients, and unit |
| `method` | a term for how it was computed |
| `source` | the function that made it, as `module:name` |
| `rests_on_training` | whether it rests on classifiers, networks or fusions, whose training may \
end elsewhere on another processor |

In documents a key is written as text (`{auc.dlrcr.validation:ci}`); code takes it from
`early_recurrence.keys`, as `keys.auc("dlrcr", "validation")`. A method that is not named here is a
count, or stands in the record.

| key | meaning | unit | value | method |
|---|---|---|---|---|
"""


def chosen(pattern: str | None) -> list[keys.Quantity]:
    """Declarations whose key or meaning has the pattern in it, or whose key it matches with `*`.

    Without a pattern it is all of them.
    """
    every = sorted(keys.DECLARED.values(), key=lambda each: each.template)
    return [each for each in every if pattern is None or _fits(pattern, each.template, each)]


def _fits(pattern: str, key: str, quantity: keys.Quantity) -> bool:
    wanted = pattern.casefold()
    if "*" in wanted or "?" in wanted:
        return fnmatch.fnmatchcase(key.casefold(), wanted)
    return wanted in key.casefold() or wanted in quantity.meaning.casefold()


def _unit(quantity: keys.Quantity) -> str:
    return "differs" if quantity.unit == VARIES else quantity.unit or ""


def _method(quantity: keys.Quantity) -> str:
    return quantity.method or ""


def keys_markdown() -> str:
    """The reference: a table of all declarations."""
    lines = [
        f"| `{each.template}` | {each.meaning} | {_unit(each)} | {each.kind} | {_method(each)} |"
        for each in chosen(None)
    ]
    return INTRODUCTION + "\n".join(lines) + "\n"


def _columns(rows: Iterable[tuple[str, ...]]) -> str:
    """Rows with their columns below each other."""
    table = list(rows)
    widths = [max(len(row[place]) for row in table) for place in range(len(table[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    )


def keys_text(pattern: str | None) -> str:
    """Key, unit, meaning and method of the declarations that the pattern chooses.

    Raises ValueError where it chooses none.
    """
    found = chosen(pattern)
    if not found:
        raise ValueError(f"no key has '{pattern}' in it; `early-recurrence keys` lists all of them")
    header = ("KEY", "UNIT", "MEANING", "METHOD")
    return _columns(
        [header, *[(each.template, _unit(each), each.meaning, _method(each)) for each in found]]
    )


def value_text(record: Record) -> str:
    """Value of a result with its interval and P-value, in the journal's style."""
    number = format_number(record.value, record.unit)
    shown = interval_of(record) or identical(record) if record.is_number else ""
    if shown:
        number += f" ({shown})"
    return number + (f", {plain_p_statement(record.p)}" if record.p is not None else "")


def results_text(records: Mapping[str, Record], pattern: str | None) -> str:
    """Text that lists the results that a pattern chooses.

    Key, value with interval and P-value, n, unit, meaning and method of a study's results that the
    pattern chooses. Raises ValueError where it chooses none.
    """
    rows = [
        (
            key,
            value_text(record),
            "" if record.n is None else str(record.n),
            record.unit or "",
            quantity.meaning,
            record.method or _method(quantity),
        )
        for key, record in sorted(records.items())
        if (quantity := keys.DECLARED.get(record.quantity or "")) is not None
        and (pattern is None or _fits(pattern, key, quantity))
    ]
    if not rows:
        raise ValueError(f"no result has '{pattern}' in its key or meaning")
    return _columns([("KEY", "VALUE", "N", "UNIT", "MEANING", "METHOD"), *rows])


def claims_text(claims: Sequence[Mapping[str, Any]], pattern: str | None) -> str:
    """Text that lists the claims that a pattern chooses.

    Name, whether it holds and the sentence of the claims whose name or sentence has the pattern in
    it. Raises ValueError where there is none.
    """
    wanted = (pattern or "").casefold()
    rows = [
        (f'claims("{each["key"]}")', "holds" if each["holds"] else "does not", sentence)
        for each in claims
        for sentence in (unmarked(each["wording"]),)
        if wanted in each["key"].casefold() or wanted in sentence.casefold()
    ]
    if not rows:
        raise ValueError(f"no claim has '{pattern}' in its name or sentence")
    return _columns([("CLAIM", "HOLDS", "SENTENCE"), *rows])


def snippets(records: Mapping[str, Record], claims: Sequence[Mapping[str, Any]]) -> str:
    """VS Code's snippets of a study.

    Typing a key, or `claim` and its name, writes the inline expression; the value or the sentence
    stands beside it.
    """

    def snippet(prefix: str, expression: str, words: str) -> dict[str, Any]:
        body = f"`{{python}} {expression}`"
        return {
            "scope": "quarto,markdown",
            "prefix": prefix,
            "body": [body],
            "description": words,
        }

    found = {
        key: snippet(key, f'r("{key}")', value_text(record))
        for key, record in sorted(records.items())
    }
    found |= {
        f"claim {each['key']}": snippet(
            f"claim {each['key']}", f'claims("{each["key"]}")', unmarked(each["wording"])
        )
        for each in claims
    }
    return json.dumps(found, ensure_ascii=False, indent=1)


def _of_study(options: argparse.Namespace) -> str:
    """What the options ask of one study's results."""
    # --study without FILE is Path().
    named = options.study if options.study not in (None, Path()) else None
    study = load_study(named or find_study(Path.cwd()))
    use_style(study.manuscript.number_style)
    output = study.output_folder
    path = output / "claims.json"
    claims = read_claims(path) if path.is_file() else []
    if options.claims:
        return claims_text(claims, options.pattern)
    records = read_records(output / "results.json")
    return snippets(records, claims) if options.snippets else results_text(records, options.pattern)


def list_keys(options: argparse.Namespace) -> int:
    """The command: declarations, the reference, or a study's results, claims or snippets."""
    if options.markdown:
        print(keys_markdown(), end="")
    elif options.study is not None or options.claims or options.snippets:
        print(_of_study(options))
    else:
        print(keys_text(options.pattern))
    return 0
