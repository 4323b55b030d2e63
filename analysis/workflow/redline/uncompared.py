"""Tables and figures of the article that a state can't give, by their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.core.word_lists import listed

CAPTION_SHOWN = 90


@dataclass(frozen=True)
class Uncompared:
    """Table or figure that is shown as in another state.

    place: its number, as `Table 1`. caption: what it shows. what: table or picture. lacking: the
    states that can't give it. shown: the state that it is shown as in.
    """

    place: str
    caption: str
    what: str
    lacking: tuple[str, ...]
    shown: str

    @property
    def name(self) -> str:
        """Number and caption."""
        return f"{self.place} ({self.caption})" if self.caption else self.place

    @property
    def reason(self) -> str:
        """Why it is not compared, and as in which state it is shown."""
        holds = "holds" if len(self.lacking) == 1 else "hold"
        return (
            f"Not compared: {listed(list(self.lacking))} {holds} no record of this {self.what}."
            f" It is shown as in {self.shown}."
        )

    @property
    def why(self) -> str:
        """The same for the response letter, with what to do."""
        return (
            f"{self.reason} Compare it by eye, or name the folder of results of that state instead"
            " of its lock."
        )


def caption_of(words: str, place: str) -> str:
    """The first sentence of a caption without its number, shortened."""
    words = " ".join(words.replace("\N{NO-BREAK SPACE}", " ").split())
    words = words.removeprefix(place).lstrip(" .:")
    first = words.split(". ", 1)[0].rstrip(". ")
    if len(first) <= CAPTION_SHOWN:
        return first
    return first[:CAPTION_SHOWN].rsplit(" ", 1)[0] + " …"


def uncompared_words(found: Sequence[Uncompared]) -> str:
    """Sentence of the summary that names each of them."""
    distinct = list(dict.fromkeys(found))
    names = "; ".join(each.name for each in distinct)
    lacking = list(dict.fromkeys(state for each in distinct for state in each.lacking))
    return (
        f"Not compared, as {listed(lacking)} {'holds' if len(lacking) == 1 else 'hold'} no record"
        f" of them: {names}. A lock holds numbers and statements by key and the tables of"
        " summaries; pictures, and in a lock of before version 0.2 all tables, are in a folder of"
        " results alone. Sentences that rest on the same files stand as in the other state."
    )
