"""The numerals of a Word file that co-authors edited, against the article as it is now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.reporting.manuscript import Results
from analysis.reporting.numerals.alignment import Pair, edited
from analysis.reporting.numerals.numeral import KEY, KINDS, TABLE, Block, Numeral, all_numerals
from analysis.reporting.numerals.printed_values import KeyValues

RIGHT, CHANGED, UNKNOWN, GONE = "right", "changed", "unknown", "gone"
FIELDS = ("state", "was", "is", "bound_to", "words")


@dataclass(frozen=True)
class Finding:
    """Numeral of a Word file, compared with the article.

    state: right, changed, unknown or gone (it stood in the article, and does not in the file); was:
    what the file has; now: what the article has now; bound_to: its key, or its kind; words: those
    around it.
    """

    state: str
    was: str
    now: str
    bound_to: str
    words: str

    def row(self) -> dict[str, str]:
        """Under the names of FIELDS."""
        return dict(
            zip(FIELDS, (self.state, self.was, self.now, self.bound_to, self.words), strict=True)
        )


def _bound_to(numeral: Numeral) -> str:
    if numeral.kind == KEY:
        return numeral.detail
    return {TABLE: "a generated table"}.get(numeral.kind or "", KINDS.get(numeral.kind or "", ""))


def _finding(pair: Pair) -> Finding | None:
    now, was = pair.now, pair.was
    if now is None:
        assert was is not None
        # What the authors take out is theirs to take out; only values are told.
        if was.kind not in (KEY, TABLE):
            return None
        return Finding(GONE, "", now=was.text, bound_to=_bound_to(was), words=was.context)
    if was is None:
        if now.is_bound and now.kind != KEY:
            return Finding(
                RIGHT, now.text, now=now.text, bound_to=_bound_to(now), words=now.context
            )
        return Finding(UNKNOWN, now.text, now="", bound_to="", words=now.context)
    if was.text == now.text:
        state = RIGHT if was.is_bound else UNKNOWN
        return Finding(state, now.text, now=was.text, bound_to=_bound_to(was), words=now.context)
    return Finding(CHANGED, now.text, now=was.text, bound_to=_bound_to(was), words=now.context)


def _values(blocks: Sequence[Block]) -> dict[str, list[list[Numeral]]]:
    """Key → the numerals of each of its values, by their bookmarks, in order."""
    found: dict[tuple[str, int], list[Numeral]] = {}
    for each in all_numerals(blocks):
        if each.kind == KEY:
            found.setdefault((each.detail, each.occurrence), []).append(each)
    values: dict[str, list[list[Numeral]]] = {}
    for (key, _), numerals in found.items():
        values.setdefault(key, []).append(numerals)
    return values


def _texts(numerals: Sequence[Numeral]) -> list[str]:
    return [each.text for each in numerals]


class _Comparison:
    """The values of a file, by their bookmarks, against those of the article and the results."""

    def __init__(self, results: Results, reference: Sequence[Block]) -> None:
        self.results, self.article = results, _values(reference)
        self.allowed = KeyValues(results)

    def value(self, key: str, place: int, numerals: Sequence[Numeral]) -> list[Finding]:
        """Findings of one value.

        The article's value of that key at the same place tells, or any of that key's values in the
        article that reads the same.
        """
        there = self.article.get(key, [])
        texts = _texts(numerals)
        if any(_texts(each) == texts for each in there):
            return [
                Finding(RIGHT, n.text, now=n.text, bound_to=key, words=n.context) for n in numerals
            ]
        same_length = [each for each in there if len(each) == len(numerals)]
        now = there[place] if place < len(there) and there[place] in same_length else None
        now = now or (same_length[0] if same_length else None)
        if now is not None:
            return [
                Finding(
                    RIGHT if old.text == new.text else CHANGED,
                    new.text,
                    now=old.text,
                    bound_to=key,
                    words=new.context,
                )
                for old, new in zip(now, numerals, strict=True)
            ]
        return [self._alone(each) for each in numerals]

    def _alone(self, numeral: Numeral) -> Finding:
        """A value that the article does not print any more, or in another form."""
        key = numeral.detail
        if self.allowed.allows(numeral):
            return Finding(
                RIGHT, numeral.text, now=numeral.text, bound_to=key, words=numeral.context
            )
        if key not in self.results.records:
            return Finding(UNKNOWN, numeral.text, now="", bound_to=key, words=numeral.context)
        return Finding(
            CHANGED, numeral.text, now=self.results.plain(key), bound_to=key, words=numeral.context
        )


def numbers_of(
    results: Results, reference: Sequence[Block], blocks: Sequence[Block]
) -> list[Finding]:
    """Every numeral of a Word file (`blocks`) with its state, in order, then values that are gone.

    reference: blocks of the article as it is rendered now. A value is known by its bookmark, or
    where that was lost by its paragraph and the words beside it.
    """
    comparison = _Comparison(results, reference)
    found: dict[tuple[int, int], Finding | None] = {}
    for key, values in _values(blocks).items():
        for place, numerals in enumerate(values):
            told = comparison.value(key, place, numerals)
            found |= {
                (each.block, each.start): finding
                for each, finding in zip(numerals, told, strict=True)
            }
    findings, gone = [], []
    for pair in edited(reference, blocks):
        if pair.now is not None:
            by_mark = found.get((pair.now.block, pair.now.start))
            finding = by_mark or _finding(pair)
            findings.append(((pair.now.block, pair.now.start), finding))
        else:
            gone.append(_finding(pair))
    in_order = [each for _, each in sorted(findings, key=lambda each: each[0])]
    return [each for each in [*in_order, *gone] if each is not None]
