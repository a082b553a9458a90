"""What documents say of each other and of the settings: links that lead nowhere, names used twice, unknown stages.

None of this stops opstui; all of it came from outside, because opstui never deletes a card and never reuses a name.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec

from opstui.domain.model import Doc, card_from
from opstui.i18n import _
from opstui.store.doctor.finding import Finding, few

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from opstui.config import Settings
    from opstui.store.doctor.state import State

Tables = dict[str, dict[int, Doc]]
_POINTERS = (
    ("comments", "card", "cards"),
    ("metrics", "card", "cards"),
    ("postmortems", "card", "cards"),
    ("parts", "postmortem", "postmortems"),
    ("movements", "product", "products"),
)
"""(table, field, the table whose document it names)"""


def relations(state: State, settings: Settings | None) -> Iterator[Finding]:
    """What is odd among the documents; without `settings`, boards and stages are not looked at."""
    cards = state.tables.get("cards", {})
    yield from _dangling(state.tables, cards)
    yield from _twice(cards)
    yield from _numbers(state)
    yield from _senseless(cards)
    if settings is not None:
        yield from _strays(cards, settings)


def _dangling(tables: Tables, cards: dict[int, Doc]) -> Iterator[Finding]:
    links = [
        _("{ref} to {card}").format(ref=doc.get("ref", i), card=link.get("card"))
        for i, doc in cards.items()
        for link in doc.get("links", ())
        if isinstance(link, dict) and link.get("card") not in cards
    ]
    yield from _warn("dangling-link", "cards", _("links to cards that are not there"), links, _take_link_away())
    for table, field, other in _POINTERS:
        there = tables.get(other, {})
        lost = [i for i, doc in tables.get(table, {}).items() if doc and doc.get(field) not in there]
        says = _("{field} names none of {other}").format(field=field, other=other)
        yield from _warn("dangling", table, says, lost, _harmless())
    known = {doc.get("ref") for doc in tables.get("postmortems", {}).values()}
    lost = [doc.get("ref", i) for i, doc in cards.items() if doc.get("postmortem") and doc["postmortem"] not in known]
    yield from _warn("dangling", "cards", _("come from a post-mortem that is not there"), lost, _harmless())


def _twice(cards: dict[int, Doc]) -> Iterator[Finding]:
    then = _("rename one of them by hand: nothing in opstui makes a name twice, so ask what else writes here")
    refs = Counter(doc.get("ref") for doc in cards.values())
    yield from _warn("ref-twice", "cards", _("refs that two cards have"), _repeated(refs), then)
    foreign = Counter((doc["source"], doc.get("external_id")) for doc in cards.values() if doc.get("source"))
    says = _("foreign records that two cards stand for")
    yield from _warn("external-twice", "cards", says, [": ".join(map(str, key)) for key in _repeated(foreign)], then)
    other = [i for i, doc in cards.items() if doc.get("id") != i]
    yield from _warn("other-id", "cards", _("documents whose id is not their own"), other, then)


def _numbers(state: State) -> Iterator[Finding]:
    cards = state.tables.get("cards", {})
    beyond = [
        f"{table} {max(docs)}" for table, docs in state.tables.items() if max(docs, default=0) > _last(state, table)
    ]
    for ref in (str(doc.get("ref", "")) for doc in cards.values()):
        prefix, _dash, number = ref.rpartition("-")
        if number.isdecimal() and prefix in state.ids and int(number) > _last(state, prefix):
            beyond.append(ref)
    if beyond:
        yield Finding(
            level="error",
            code="numbers",
            place=few(beyond),
            says=_("beyond the last number that was handed out: the next new one may get a number that is taken"),
            next=_("something else than opstui wrote here; restore a backup"),
        )


def _last(state: State, sequence: str) -> int:
    return state.ids.get(sequence, 0)


def _senseless(cards: dict[int, Doc]) -> Iterator[Finding]:
    bad = []
    for i, doc in cards.items():
        try:
            card_from(doc)
        except (msgspec.ValidationError, ValueError, TypeError, KeyError) as wrong:
            bad.append(f"{doc.get('ref', i)} ({wrong})")
    then = _("put the field right through opstui, or restore a backup")
    yield from _warn("not-a-card", "cards", _("documents that are no cards"), bad, then)


def _strays(cards: dict[int, Doc], settings: Settings) -> Iterator[Finding]:
    boards: dict[str, Any] = {board.id: board for board in settings.boards}
    no_board = [doc.get("ref", i) for i, doc in cards.items() if doc.get("board") not in boards]
    then = _("give opstui.toml that board again; its cards are not shown without it")
    yield from _warn("no-board", "cards", _("are on a board that opstui.toml does not have"), no_board, then)
    stray = [
        f"{doc.get('ref', i)} ({doc.get('stage')})"
        for i, doc in cards.items()
        if (board := boards.get(str(doc.get("board"))))
        and not doc.get("archived")
        and not board.stage(doc.get("stage"))
    ]
    then = _("they are shown in a lane of their own; `opstui card move ID STAGE` takes them out")
    yield from _warn("no-stage", "cards", _("are in a stage that opstui.toml does not have"), stray, then)


def _repeated(counted: Counter[Any]) -> list[Any]:
    return [key for key, n in counted.items() if n > 1]


def _warn(code: str, place: str, says: str, which: Iterable[object], then: str) -> Iterator[Finding]:
    listed = list(which)
    if listed:
        yield Finding(level="warning", code=code, place=place, says=f"{says}: {few(listed)}", next=then)


def _take_link_away() -> str:
    return _("harmless; open the card and take the link away with @")


def _harmless() -> str:
    return _("harmless: they are not shown; something else than opstui removed what they name")
