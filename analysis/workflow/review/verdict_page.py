"""`verdict.html`: what `verify` found, as one page with a table that can be filtered.

A bundle is a stranger's: all of its text is escaped, and the page may load nothing and run nothing
but its own few lines.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Sequence
from html import escape
from string import Template

from analysis.core.word_lists import counted
from analysis.reporting.intervals import interval_of
from analysis.reporting.number_style import format_number
from analysis.results import keys
from analysis.results.record import Record
from analysis.workflow.review.expected_identity import expectation
from analysis.workflow.review.verdicts import ABSOLUTE, RELATIVE, Verdict
from analysis.workflow.review.verify import WORDS, Verification

MEANINGS = {
    "identical": "computed again, and the same to the last digit that is kept",
    "within tolerance": "computed again, and as close as two processors are: within"
    f" {RELATIVE:g} of the number, or {ABSOLUTE:g}",
    "different": "computed again, and another number",
    "not recomputable": "can't be computed from what the bundle holds; the last column says why. It"
    " has no say in the verdict",
}
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem;
  color: #1b1b1b; background: #fff; }
.verdict { padding: .8rem 1rem; border-left: .4rem solid; font-size: 1.15rem; background: #f4f4f4; }
.sound { border-color: #1a7f37; } .unsound { border-color: #b42318; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem;
  border-bottom: 1px solid #ddd; }
th { position: sticky; top: 0; background: #fff; } td.number { text-align: right; }
code { font-size: .9em; overflow-wrap: anywhere; }
.different { background: #fde8e6; } .controls { display: flex; flex-wrap: wrap; gap: .8rem 1.2rem; }
input[type=search] { font: inherit; padding: .2rem .5rem; min-width: 18rem; }
"""
SCRIPT = """
const rows = [...document.querySelectorAll("#numbers tbody tr")];
const words = document.getElementById("words");
const boxes = [...document.querySelectorAll("input[type=checkbox]")];
function filter() {
  const wanted = words.value.toLowerCase();
  const shown = new Set(boxes.filter(box => box.checked).map(box => box.value));
  let count = 0;
  for (const row of rows) {
    const fits = shown.has(row.dataset.word) && row.textContent.toLowerCase().includes(wanted);
    row.hidden = !fits;
    count += fits;
  }
  document.getElementById("count").textContent = count + " of " + rows.length + " shown";
}
words.addEventListener("input", filter);
boxes.forEach(box => box.addEventListener("change", filter));
filter();
"""
PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src '$style_hash'; script-src '$script_hash'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Verdict on $bundle</title>
<style>$style</style>
</head>
<body>
<h1>Verdict on $bundle</h1>
<p class="verdict $sound">$verdict</p>
$parts
<h2>Every number and table</h2>
<p class="controls"><label>Filter <input type="search" id="words"></label> $boxes
<span id="count"></span></p>
<table id="numbers">
<thead><tr><th>key or file</th><th>meaning</th><th>in the bundle</th><th>verdict</th>
<th>what was found</th></tr></thead>
<tbody>
$rows
</tbody>
</table>
<script>$script</script>
</body>
</html>
""")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _meaning(record: Record | None) -> str:
    quantity = None if record is None else keys.DECLARED.get(record.quantity or "")
    return "" if quantity is None else quantity.meaning


def _value(record: Record | None) -> str:
    if record is None:
        return ""
    interval = interval_of(record) if record.is_number else ""
    return format_number(record.value, record.unit) + (f" ({interval})" if interval else "")


def _row(each: Verdict, record: Record | None) -> str:
    css = ' class="different"' if each.word == "different" else ""
    return (
        f'<tr data-word="{each.word}"{css}><td><code>{escape(each.key)}</code></td>'
        f'<td>{escape(_meaning(record))}</td><td class="number">{escape(_value(record))}</td>'
        f"<td>{each.word}</td><td>{escape(each.detail)}</td></tr>"
    )


def _list(heading: str, lines: Sequence[str], before: str = "") -> str:
    if not lines:
        return ""
    items = "\n".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<h2>{escape(heading)}</h2>\n{before}<ul>\n{items}\n</ul>"


def _counts(found: Verification) -> str:
    total: Counter[str] = Counter(each.word for each in found.verdicts)
    rows = "\n".join(
        f"<tr><td>{word}</td><td class='number'>{total[word]}</td>"
        f"<td>{escape(MEANINGS[word])}</td></tr>"
        for word in WORDS
    )
    return (
        "<h2>What was compared</h2>\n<table><thead><tr><th>verdict</th><th>numbers and tables</th>"
        f"<th>it means</th></tr></thead><tbody>\n{rows}\n</tbody></table>"
    )


def _reasons(found: Verification) -> str:
    reasons = Counter(each.detail for each in found.verdicts if each.word == "not recomputable")
    return _list(
        "Why some can't be computed again",
        [f"{reason} ({count})" for reason, count in reasons.most_common()],
    )


def _against_lock(found: Verification) -> str:
    if found.against_lock is None:
        return ""
    words = Counter(each.word for each in found.against_lock)
    said = [
        f"{expectation(found.apart)}.",
        f"{words['identical'] + words['within tolerance']} equal, {words['different']} different,"
        f" {words['not recomputable']} without a say",
    ]
    said += [
        f"{each.key}: {each.detail}" for each in found.against_lock if each.word == "different"
    ]
    return _list("Against the lock", said)


def _again(found: Verification) -> str:
    if found.retrained is None:
        return ""
    say = "no part of the verdict" if found.retrained.apart else "part of the verdict"
    return _list(
        f"Trained again ({say})",
        [f"{expectation(found.retrained.apart)}.", *found.retrained.lines],
    )


def _verdict(found: Verification) -> str:
    if found.sound:
        same = sum(each.word in ("identical", "within tolerance") for each in found.verdicts)
        return (
            f"VERIFIED. Of {counted(len(found.verdicts), 'number or table', 'numbers and tables')},"
            f" {same} were computed again and are the same; no file was changed after packing."
        )
    causes = [
        (len(found.different), "number or table differs", "numbers or tables differ"),
        (len(found.tampered), "fault of the files", "faults of the files"),
    ]
    said = [counted(number, one, several) for number, one, several in causes if number]
    return "NOT VERIFIED: " + ("; ".join(said) if said else "see below") + "."


def verdict_page(found: Verification, bundle: str) -> str:
    """Page, in html, that needs no other file and no network. bundle: the zip's name."""
    first = {"different": 0, "not recomputable": 2}
    ordered = sorted(found.verdicts, key=lambda each: (first.get(each.word, 1), each.key))
    total: Counter[str] = Counter(each.word for each in found.verdicts)
    parts = [
        _list(
            "Files that were changed after packing, or contradict each other",
            found.tampered,
        ),
        _counts(found),
        _reasons(found),
        _list("Notes", found.notes),
        _against_lock(found),
        _again(found),
    ]
    boxes = " ".join(
        f'<label><input type="checkbox" value="{word}" checked> {word} ({total[word]})</label>'
        for word in WORDS
    )
    return PAGE.substitute(
        style=STYLE,
        style_hash=_hash(STYLE),
        script=SCRIPT,
        script_hash=_hash(SCRIPT),
        bundle=escape(bundle),
        sound="sound" if found.sound else "unsound",
        verdict=escape(_verdict(found)),
        parts="\n".join(filter(None, parts)),
        boxes=boxes,
        rows="\n".join(_row(each, found.results.get(each.key)) for each in ordered),
    )
