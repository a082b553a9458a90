"""What a field can be completed with: where the words come from, and how a word that is typed finds them.

A source is a plain function from what is typed to offers, so that each can be tested as a table. Whatever has to look
through cards is `slow` and is asked in a thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from opstui.ui.fuzzy import fold, rank

MOST = 50
"""Offers that are worth handing on; more letters make them fewer."""
_LAST_WORD = re.compile(r"[^,\s]*\Z")


class Offer(Struct, frozen=True):
    """Something to put into a field: `text`; what is said `about` it beside it, and the `note` at the right edge.

    `places` are the letters of the text that matched.
    """

    text: str
    about: str = ""
    note: str = ""
    places: tuple[int, ...] = ()


class Source(Struct, frozen=True):
    """Where offers come from.

    `find` gets the word that is typed, "" for all there is. With `closed` nothing else is meant, so enter takes
    the best of them; `listed` fields hold several words, and the last one is completed; `slow` ones are asked in a
    thread.
    """

    find: Callable[[str], Sequence[Offer]]
    closed: bool = False
    listed: bool = False
    slow: bool = False

    def word(self, text: str) -> str:
        """The part of a field's text that is completed."""
        return _last_word(text) if self.listed else text.strip()

    def others(self, text: str) -> list[str]:
        """The words that stand in a field of several before the one that is completed."""
        return re.split(r"[,\s]+", text[: len(text) - len(_last_word(text))]) if self.listed else []

    def put(self, text: str, offer: Offer) -> str:
        """The field's text with the offer taken."""
        if not self.listed:
            return offer.text
        return f"{text[: len(text) - len(_last_word(text))]}{offer.text}, "


def _last_word(text: str) -> str:
    found = _LAST_WORD.search(text)
    return found[0] if found else ""


def among(words: Iterable[str | tuple[str, int]]) -> Callable[[str], list[Offer]]:
    """Offers among these words, the best matches first; counts stand beside them, and decide between equals."""
    pairs = [(word, "") if isinstance(word, str) else (word[0], str(word[1])) for word in words]

    def find(word: str) -> list[Offer]:
        found = rank(word, [text for text, _count in pairs])[:MOST]
        return [Offer(pairs[at][0], note=pairs[at][1], places=places) for _score, at, places in found]

    return find


def exactly(word: str, offers: Sequence[Offer]) -> Offer | None:
    """The offer that reads like the word, whatever its case."""
    return next((offer for offer in offers if fold(offer.text) == fold(word)), None)
