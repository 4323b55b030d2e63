"""Numerals of one text found again in another by the words beside them.

Two ways: by blocks, where both texts have paragraphs and cells and one was edited; and by context,
where one is a PDF, whose words come in the same order but without paragraphs.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from analysis.reporting.numerals.numeral import INVISIBLE, Block, Numeral, all_numerals, numerals_of

WORD = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?%?|\.?\d+(?:\.\d+)?%?|[^\W\d_]+|[<>=]")
# Words on either side that tell where a numeral stands.
NEIGHBOURS = 2
# Of the words of an edited paragraph, as many are those of the paragraph that it was.
LEAST_ALIKE = 0.5


def visible(text: str) -> str:
    """A text without the signs that show nothing, as the places of numerals count in it."""
    return text.translate(INVISIBLE)


def words_of(text: str) -> list[str]:
    """Words and numerals of a text, in order."""
    return WORD.findall(visible(text))


@dataclass(frozen=True)
class _Word:
    text: str
    numeral: Numeral | None


def _words_with_numerals(blocks: Sequence[Block]) -> list[_Word]:
    """The words of a document; those with digits have the numeral that they belong to."""
    found = []
    for number, block in enumerate(blocks):
        numerals = list(numerals_of(block, number))
        for match in WORD.finditer(visible(block.text)):
            while numerals and numerals[0].end <= match.start():
                numerals.pop(0)
            inside = bool(numerals) and numerals[0].start < match.end()
            digits = any(sign.isdigit() for sign in match[0])
            found.append(_Word(match[0], numerals[0] if inside and digits else None))
    return found


def _contexts(words: Sequence[_Word], place: int) -> list[tuple[str, ...]]:
    """What stands before a word with it, and after it, and about it."""

    def sides(first: int, last: int) -> tuple[str, ...]:
        return tuple(word.text for word in words[max(0, first) : last])

    return [
        ("<", *sides(place - NEIGHBOURS, place + 1)),
        (">", *sides(place, place + NEIGHBOURS + 1)),
        ("=", *sides(place - 1, place + 2)),
    ]


def unfound(reference: Sequence[Block], blocks: Sequence[Block]) -> list[Numeral]:
    """Numerals of `blocks` that nothing binds.

    For these, no numeral that is bound in `reference` stands among the same words. A table's header
    is repeated on each of its pages, so that how often does not tell.
    """
    words = _words_with_numerals(reference)
    known = {
        context
        for place, word in enumerate(words)
        if word.numeral is not None and word.numeral.is_bound
        for context in _contexts(words, place)
    }
    pages = _words_with_numerals(blocks)
    missing: list[Numeral] = []
    for place, word in enumerate(pages):
        if word.numeral is None or word.numeral.is_bound:
            continue
        found = known.intersection(_contexts(pages, place))
        if not found and (not missing or missing[-1] is not word.numeral):
            missing.append(word.numeral)
    return missing


@dataclass(frozen=True)
class Pair:
    """A numeral of an edited text, and the one that stood there; either may be None."""

    now: Numeral | None
    was: Numeral | None


def _masked(text: str) -> tuple[str, ...]:
    return tuple("#" if any(s.isdigit() for s in word) else word for word in words_of(text))


def _pairs(was: Sequence[Numeral], now: Sequence[Numeral], text: tuple[str, str]) -> Iterable[Pair]:
    """Numerals of one paragraph before and after it was edited, by the words around them."""
    if len(was) == len(now) and _masked(text[0]) == _masked(text[1]):
        yield from (Pair(b, a) for a, b in zip(was, now, strict=True))
        return

    def signs(numerals: Sequence[Numeral]) -> list[tuple[str, ...]]:
        return [
            (*words_of(each.before)[-NEIGHBOURS:], "#", *words_of(each.after)[:1])
            for each in numerals
        ]

    matcher = SequenceMatcher(None, signs(was), signs(now), autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal" or (kind == "replace" and b - a == d - c):
            yield from (Pair(new, old) for old, new in zip(was[a:b], now[c:d], strict=True))
        else:
            yield from _by_text(was[a:b], now[c:d])


def _by_text(was: Sequence[Numeral], now: Sequence[Numeral]) -> Iterable[Pair]:
    """Numerals whose words were edited too: the same digits are the same numeral."""
    left = list(was)
    for each in now:
        old = next((other for other in left if other.text == each.text), None)
        if old is not None:
            left.remove(old)
        yield Pair(each, old)
    yield from (Pair(None, old) for old in left)


def edited(reference: Sequence[Block], blocks: Sequence[Block]) -> list[Pair]:
    """Pairs of numerals in an edited text and in its reference.

    Each numeral of `blocks` has with it the one of `reference` that stood there; then follow those
    that are gone. Paragraphs may have moved.
    """
    was, now = all_numerals(reference), all_numerals(blocks)
    of_was, of_now = defaultdict(list), defaultdict(list)
    for each in was:
        of_was[each.block].append(each)
    for each in now:
        of_now[each.block].append(each)
    partner = _partners(reference, blocks, of_was, of_now)
    pairs = []
    for number, numerals in of_now.items():
        old = partner.get(number)
        if old is None:
            pairs += [Pair(each, None) for each in numerals]
        else:
            pairs += _pairs(of_was[old], numerals, (reference[old].text, blocks[number].text))
    taken = set(partner.values())
    pairs += [Pair(None, each) for each in was if each.block not in taken]
    return pairs


def _partners(
    reference: Sequence[Block],
    blocks: Sequence[Block],
    of_was: dict[int, list[Numeral]],
    of_now: dict[int, list[Numeral]],
) -> dict[int, int]:
    """Number of a block with numerals → number of the block that it was."""
    words_was = {number: _masked(reference[number].text) for number in of_was}
    words_now = {number: _masked(blocks[number].text) for number in of_now}
    # With each numeral as one sign, so that other results move no paragraph.
    texts_was = [" ".join(_masked(block.text)) for block in reference]
    texts_now = [" ".join(_masked(block.text)) for block in blocks]
    # Whole documents first: a cell with one number is like many others, and its place tells it.
    partner: dict[int, int] = {}
    matcher = SequenceMatcher(None, texts_was, texts_now, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal" or (kind == "replace" and b - a == d - c):
            for old, new in zip(range(a, b), range(c, d), strict=True):
                alike = kind == "equal" or _alike(words_was.get(old), words_now.get(new))
                if new in of_now and old in of_was and alike:
                    partner[new] = old
    free = [number for number in of_was if number not in set(partner.values())]
    for new in of_now:
        if new in partner:
            continue
        ranked = [(_ratio(words_was[old], words_now[new]), -abs(old - new), old) for old in free]
        best = max(ranked, default=None)
        if best is not None and best[0] >= LEAST_ALIKE:
            partner[new] = best[2]
            free.remove(best[2])
    return partner


def _ratio(was: tuple[str, ...], now: tuple[str, ...]) -> float:
    matcher = SequenceMatcher(None, was, now, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= LEAST_ALIKE else 0.0


def _alike(was: tuple[str, ...] | None, now: tuple[str, ...] | None) -> bool:
    return was is not None and now is not None and _ratio(was, now) >= LEAST_ALIKE
