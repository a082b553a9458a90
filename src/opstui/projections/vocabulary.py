"""The words in use on the cards, most used first: what a form offers for tags, channels, customers and their like.

The newest cards are asked, not all of them: what a shop calls things now is what it is about to type, and the cost has
a bound however old the workspace is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from opstui.domain.model import Doc

if TYPE_CHECKING:
    from opstui.domain.state import Reader

NEWEST = 5_000
"""Cards that are looked at."""
FIELDS = ("tags", "channel", "channels", "customer", "city", "courier", "theme", "audience", "owner", "sponsor")
"""Fields of one word, or of several."""
SHARED = {"channels": "channel", "sponsor": "owner"}
"""Fields whose words are the same as those of another."""

Words = Mapping[tuple[str, str], list[tuple[str, int]]]
"""(board, field) -> its words with how many cards have them, most used first. The board "" stands for all of them."""


def words_in_use(reader: Reader, newest: int = NEWEST) -> Words:
    """The words on the newest cards, those of the archive too."""
    ids = islice(reversed(reader.ids("cards")), newest)
    return count_words(doc for card in ids if (doc := reader.get("cards", card)) is not None)


def count_words(docs: Iterable[Doc]) -> Words:
    """The words on these cards; of equals the one that comes first in the alphabet."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for doc in docs:
        for field in FIELDS:
            if words := _words(doc.get(field)):
                name = SHARED.get(field, field)
                for board in (str(doc.get("board", "")), ""):
                    counts.setdefault((board, name), Counter()).update(words)
    return {
        key: sorted(counter.items(), key=lambda pair: (-pair[1], pair[0].casefold())) for key, counter in counts.items()
    }


def _words(value: object) -> list[str]:
    """What a hand-edited file may hold too is left out."""
    if isinstance(value, str):
        return [value] if value else []
    return [word for word in value if isinstance(word, str) and word] if isinstance(value, list) else []
