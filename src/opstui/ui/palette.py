"""What the palette offers, and in which order: commands and places to go, found by a few letters of their names.

Names are matched letter by letter ("sto" finds "stage on"); what a thing does only by the beginnings of its words, for
letters strewn over a sentence match everything. Pure: offers in, sections out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from msgspec import Struct

from opstui.i18n import _
from opstui.ui.commands import KeyCommand, Place
from opstui.ui.fuzzy import fold, rank
from opstui.ui.widgets.entries import Column, Entry, Section, Span

RECENT = 5
"""How many of those used last stand first."""
COLUMNS = (Column(9, right=True, drop=1), Column(18, lead=True), Column())


class Offer(Struct, frozen=True, kw_only=True):
    """Something that can be chosen: `go` does it. With a reason in `why` it cannot be done now."""

    id: str
    """Stays the same from one sitting to the next."""
    label: str
    what: str
    group: str
    go: Callable[[], object]
    key: str = ""
    why: str = ""


def command_offers(place: Place, table: Mapping[str, KeyCommand], go: Callable[[str], object]) -> Iterator[Offer]:
    """Every command of the table; `go` carries one out. Moving about comes last: nobody opens a list for it."""
    commands = list(table.values())
    for command in sorted(commands, key=lambda command: command.group == commands[0].group):
        yield Offer(
            id=command.id,
            label=command.label,
            what=command.help,
            group=command.group,
            go=lambda name=command.id: go(name),  # type: ignore[misc]
            key=command.show,
            why=command.why_not(place),
        )


def arrange(
    query: str, offers: Sequence[Offer], recent: Sequence[str] = (), named: Sequence[Offer] = ()
) -> list[Section]:
    """Sections of ids: what matches, the best first; without a query all in their groups, those used last before.

    What the query names outright (`named`) comes before what it merely matches.
    """
    if query.strip():
        return [Section("", [offer.id for offer in (*named, *_matches(query.strip(), offers))])]
    known = {offer.id for offer in offers}
    latest = [name for name in recent if name in known][:RECENT]
    rest = [offer for offer in offers if offer.id not in latest]
    groups = [
        Section(group, [offer.id for offer in members]) for group, members in groupby(rest, lambda offer: offer.group)
    ]
    return [Section(_("Used last"), latest), *groups] if latest else groups


def _matches(query: str, offers: Sequence[Offer]) -> list[Offer]:
    by_key = [offer for offer in offers if query in offer.key.split()]
    by_name = [offers[index] for _score, index, _places in rank(query, [offer.label for offer in offers])]
    words = fold(query).split()
    by_what = [offer for offer in offers if _begin(words, f"{offer.label} {offer.what}")]
    return list({offer.id: offer for offer in (*by_key, *by_name, *by_what)}.values())


def _begin(words: Iterable[str], text: str) -> bool:
    """Whether each of the words begins a word of the text."""
    found = fold(text).replace("(", " ").split()
    return all(any(other.startswith(word) for other in found) for word in words)


def entry_of(offer: Offer, query: str) -> Entry:
    """The row of an offer: its key, its name with the letters that were found, what it does or why it cannot."""
    if offer.why:
        why = _("not now: {why}").format(why=offer.why)
        return Entry(((Span(offer.key, "faint"),), (Span(offer.label, "faint"),), (Span(why, "faint"),)))
    found = rank(query, [offer.label]) if query.strip() else []
    places = set(found[0][2]) if found else set()
    runs = groupby(enumerate(offer.label), key=lambda pair: pair[0] in places)
    label = tuple(
        Span("".join(letter for _n, letter in run), "accent" if hit else "ink", bold=hit) for hit, run in runs
    )
    return Entry(((Span(offer.key, "accent"),), label, (Span(offer.what, "muted"),)))
