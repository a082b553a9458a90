"""What the forms of a workspace can be completed with: members, days, the words in use, and cards.

Members and days are at hand. Words in use and cards are looked for in a thread; the words are kept for a while, so that
a letter costs no walk over cards.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from opstui.domain.model import clean_line
from opstui.formats import Formats
from opstui.i18n import _
from opstui.projections.vocabulary import FIELDS, SHARED, Words, words_in_use
from opstui.ui.offers import MOST, Offer, Source, among

if TYPE_CHECKING:
    from opstui.domain.model import Doc
    from opstui.domain.state import Reader
    from opstui.workspace import Workspace

STALE = 100
"""Changes after which the words in use are counted anew."""
CARDS, LOOKED_AT = 20, 200
"""Cards offered for a link, and how many of the newest that match are looked at."""
LISTED = ("tags", "channels")
WEEK = 7


class Sources:
    """The sources of one session on its workspace."""

    def __init__(self, workspace: Workspace) -> None:
        """Nothing is counted before somebody types."""
        self._workspace = workspace
        self._counting = threading.Lock()
        self._words: Words = {}
        self._seq = -1

    def of(self, board: str, today: date, *, alone: bool = False) -> Mapping[str, Source]:
        """Field -> what it can be completed with on that board. `alone`: for a form of that one field."""
        fields = {name: self._in_use(board, name) for name in FIELDS}
        people = Source(among(self.members()), closed=True)
        settings = self._workspace.settings
        written = Formats(settings.locale, settings.currency, settings.zone).iso_day
        days = {name: Source(offers_of_days(today, written)) for name in ("due", "starts", "ends") if alone}
        return {**fields, **days, "owner": people, "sponsor": people}

    def members(self) -> list[str]:
        """Names that could be owners."""
        docs = (doc for _id, doc in self._workspace.state.items("members"))
        return list(dict.fromkeys(str(doc["name"]) for doc in docs))

    def cards(self, but: int) -> Source:
        """Cards by their number, or by words of their title; not that one."""
        return Source(lambda words: found_cards(self._workspace.state, words, but), closed=True, slow=True)

    def _in_use(self, board: str, field: str) -> Source:
        name = SHARED.get(field, field)

        def find(word: str) -> list[Offer]:
            words = self._counted()
            return among(words.get((board, name)) or words.get(("", name)) or ())(word)

        return Source(find, listed=field in LISTED, slow=True)

    def _counted(self) -> Words:
        """In a thread: counted once, and again after many changes; one's own last few are worth no second walk."""
        with self._counting:
            seq = self._workspace.store.seq
            if self._seq < 0 or seq - self._seq > STALE:
                self._words, self._seq = words_in_use(self._workspace.state), seq
            return self._words


def found_cards(state: Reader, typed: str, but: int) -> list[Offer]:
    """Cards in whose text all the words stand: the one of that number, then those that say it in their title.

    Of equals the newest comes first.
    """
    words = clean_line(typed).casefold().split()
    if not words:
        return []
    exact = state.find_ref(words[0].upper())
    ids = sorted(state.search(words) - {but}, reverse=True)[:LOOKED_AT]
    docs = [doc for card in ids if (doc := state.get("cards", card)) is not None]
    docs.sort(key=lambda doc: (doc["id"] != exact, not _in_title(words, doc)))
    return [Offer(str(doc["ref"]), about=str(doc["title"])) for doc in docs[:CARDS]]


def _in_title(words: Sequence[str], doc: Doc) -> bool:
    title = str(doc["title"]).casefold()
    return all(word in title for word in words)


def offers_of_days(today: date, written: Callable[[date], str]) -> Callable[[str], Sequence[Offer]]:
    """The days that are asked for most, in words with their date; a word that is typed is read by the form itself."""
    ahead = {_("today"): 0, _("tomorrow"): 1, _("friday"): (4 - today.weekday() - 1) % WEEK + 1}
    ahead |= {_("monday"): (-today.weekday() - 1) % WEEK + 1, "+1w": WEEK, "+2w": 2 * WEEK}
    named: dict[int, str] = {}
    for word, days in ahead.items():
        named.setdefault(days, word)
    offers = [Offer(word, note=written(today + timedelta(days=days))) for days, word in sorted(named.items())][:MOST]
    return lambda word: [] if word else offers
