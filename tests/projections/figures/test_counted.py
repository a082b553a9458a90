"""Figures of many cards: each opens exactly the cards it counted, however many, and without naming them one by one."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from domain.world import World
from opstui.config import Settings
from opstui.domain.commands import AddComment, ArchiveCard, CreateCard, EditCard, MoveCard, Undo
from opstui.domain.model import Refused
from opstui.projections.figures import flow_page, service_page
from opstui.projections.filter import FilterContext, parse
from opstui.projections.filter_history import COUNTED
from opstui.projections.panels import Element
from projections.figures.law import broken, found

MANY = 450


class Crowd(World):
    """A shop with more of everything than can be named."""

    stands = False

    def _clock(self) -> datetime:
        return self.at if self.stands else super()._clock()

    def __init__(self) -> None:
        super().__init__()
        due = "2026-09-08"
        self.do(*(CreateCard(board="orders", title="o", fields={"due": due}) for _n in range(MANY)))
        asked = {"theme": "Late", "channel": "wa", "owner": "budi", "score": 4, "nps": 9}
        self.do(*(CreateCard(board="feedback", title="q", fields=asked) for _n in range(2 * MANY)))
        self.do(*(CreateCard(board="feedback", title="q") for _n in range(MANY)))
        orders, messages = range(1, MANY + 1), range(MANY + 1, 2 * MANY + 1)
        self.do(*(MoveCard(card=n, stage="closed") for n in orders if n % 3))
        self.do(*(AddComment(card=n, text="hello") for n in messages))
        self.do(*(MoveCard(card=n, stage="closed") for n in messages))
        # what stands in the way of an easy answer: moved days, other spellings, put away, declined, reopened
        self.do(EditCard(card=1, values={"due": "2026-09-20"}), EditCard(card=messages[1], values={"theme": "lATE"}))
        self.do(ArchiveCard(card=2), ArchiveCard(card=messages[2]), MoveCard(card=messages[3], stage="triage"))
        self.do(MoveCard(card=messages[4], stage="declined"), EditCard(card=messages[5], values={"theme": 'a "b"'}))
        self.do(EditCard(card=messages[6], values={"theme": "none", "owner": "me", "channel": "a, b"}))
        gone = self.do(CreateCard(board="feedback", title="oops"))
        self.do(Undo(batch=gone.batch or 0))
        self.at += timedelta(days=4)
        self.stands = True


@pytest.fixture(scope="module")
def crowd() -> Crowd:
    return Crowd()


@pytest.fixture(scope="module")
def elements(crowd: Crowd) -> dict[str, Element]:
    source = crowd.workspace.histories.source(as_of=crowd.at, days=30)
    pages = flow_page.page(source), service_page.page(source)
    return {element.label: element for page in pages for _panel, element in page.elements()}


def test_every_number_of_many_cards_opens_them(crowd: Crowd) -> None:
    source = crowd.workspace.histories.source(as_of=crowd.at, days=30)
    for page in (flow_page.page(source), service_page.page(source)):
        assert broken(page, crowd.workspace, crowd.at) == []


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("On time", "promised:"),
        ("First answer, median", "answered:"),
        ("Not answered yet", "unanswered:"),
        ("Solved in, median", "settled:"),
        ("Satisfied (4 and 5)", "score:"),
        ("Would recommend (NPS)", "nps:"),
        ("Late", "theme:"),
        ("without a theme", "theme:none"),
        ("nobody", "owner:none"),
        ("wa", "channel:wa"),
    ],
)
def test_they_are_found_by_a_query_that_can_be_read(elements: dict[str, Element], label: str, key: str) -> None:
    element = elements[label]
    assert element.cards > 400
    assert key in element.query
    assert len(element.query) < 100


def test_a_promise_that_was_moved_in_time_is_counted_as_it_was_made(crowd: Crowd, elements: dict[str, Element]) -> None:
    assert elements["On time"].cards == MANY - 1
    assert found(crowd.workspace, "board:orders promised:2026-09-08 ref:ORD-0001", crowd.at) == 0
    assert found(crowd.workspace, "board:orders promised:2026-09-20", crowd.at) == 0, "it is still to come"


@pytest.mark.parametrize("key", COUNTED)
def test_days_add_up(crowd: Crowd, key: str) -> None:
    board = "orders" if key == "promised" else "feedback"
    days = [crowd.at.date() - timedelta(days=n) for n in range(7)]
    whole = crowd.workspace.counted(board, key, days[-1], days[0])
    parts = [crowd.workspace.counted(board, key, day, day) for day in days]
    assert sum(map(len, parts)) == len(whole) > 400
    assert set().union(*parts) == set(whole)


def test_another_board_has_no_messages_and_a_new_answer_is_seen(crowd: Crowd) -> None:
    assert found(crowd.workspace, "board:orders answered:30d", crowd.at) == 0
    world = World()
    card = world.card("feedback")
    assert found(world.workspace, "unanswered:30d", world.at) == 1
    world.do(AddComment(card=card, text="hello"))
    assert found(world.workspace, "unanswered:30d", world.at) == 0
    assert found(world.workspace, "answered:today", world.at) == 1


@pytest.mark.parametrize("words", ["answered:never", "settled:2026-09-03..2026-09-01", "promised:"])
def test_what_cannot_be_asked_is_refused(words: str) -> None:
    with pytest.raises(Refused):
        found(World().workspace, words, World().at)


def test_where_nobody_can_tell_it_says_so() -> None:
    settings, world = Settings(), World()
    with pytest.raises(Refused, match="on a board and in Find only"):
        parse("answered:30d", FilterContext(today=world.at.date(), zone=settings.zone, boards=settings.boards))
