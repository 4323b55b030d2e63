"""Keys of the results: what each is called and means, as the command `keys` and the reference list
them."""

from __future__ import annotations

import argparse
import fnmatch
from collections.abc import Iterable, Mapping

from analysis.reporting.number_style import format_interval, format_number, format_p
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
| `method` | how it was computed, in full |
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
    """Declarations whose key or meaning has the pattern in it, or whose key it matches with `*`;
    all of them without one."""
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
    """Key, unit, meaning and method of the declarations that the pattern chooses. Raises ValueError
    where it chooses none."""
    found = chosen(pattern)
    if not found:
        raise ValueError(f"no key has '{pattern}' in it; `early-recurrence keys` lists all of them")
    header = ("KEY", "UNIT", "MEANING", "METHOD")
    return _columns(
        [header, *[(each.template, _unit(each), each.meaning, _method(each)) for each in found]]
    )


def _value(record: Record) -> str:
    number = format_number(record.value, record.unit)
    if record.is_number and record.ci_low is not None and record.ci_high is not None:
        number += f" ({format_interval(record.ci_low, record.ci_high, record.unit)})"
    return number + (f", P {format_p(record.p)}" if record.p is not None else "")


def results_text(records: Mapping[str, Record], pattern: str | None) -> str:
    """Key, value with interval and P-value, n, unit, meaning and method of a study's results that
    the pattern chooses. Raises ValueError where it chooses none."""
    rows = [
        (
            key,
            _value(record),
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


def list_keys(options: argparse.Namespace) -> int:
    """The command: declarations, the reference, or a study's results."""
    if options.markdown:
        print(keys_markdown(), end="")
    elif options.study is not None:
        records = read_records(load_study(options.study).output_folder / "results.json")
        print(results_text(records, options.pattern))
    else:
        print(keys_text(options.pattern))
    return 0
