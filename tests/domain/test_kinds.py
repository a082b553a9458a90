"""Every command is carried out once: what comes of it has a kind that is written down, and no kind is idle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import get_args

import pytest

from domain.world import START, World
from opstui.domain import commands as c
from opstui.domain.events import INVERSE, KINDS, Event
from opstui.domain.model import Draft, MetricRow, Movement, Past, Product

MARKS = {"undoes", "redoes"}
HISTORY = (
    Past(at=START, sort="stage", value="brief"),
    *(
        Past(at=START + timedelta(hours=n), sort=sort, value=value)  # type: ignore[arg-type]
        for n, (sort, value) in enumerate(
            [
                ("comment", "hello"),
                ("blocked", "no photo"),
                ("unblocked", ""),
                ("assigned", "budi"),
                ("due", "2026-09-30"),
                ("stage", "live"),
            ],
            start=1,
        )
    ),
)
ROW = MetricRow(day=date(2026, 9, 8), channel="meta", currency="IDR", spend=1000)
DRAFT = Draft(source="s", board="campaigns", title="Sale", created=START, external_id="1", history=HISTORY)
REQUESTS: list[c.Command] = [
    c.CreateCard(board="orders", title="one"),
    c.CreateCard(board="orders", title="two"),
    c.EditCard(card=1, values={"owner": "budi"}),
    c.MoveCard(card=1, stage="payment"),
    c.MoveCard(card=2, stage="payment", before=1),
    c.BlockCard(card=1, reason="no stock"),
    c.UnblockCard(card=1),
    c.AddComment(card=1, text="hello"),
    c.AddCheck(card=1, text="proof seen"),
    c.TickCheck(card=1, item=1),
    c.EditCheck(card=1, item=1, text="proof of payment seen"),
    c.AddCheck(card=1, text="packed"),
    c.MoveCheck(card=1, item=2, before=1),
    c.RemoveCheck(card=1, item=2),
    c.LinkCards(card=1, other=2),
    c.UnlinkCards(card=1, other=2),
    c.ArchiveCard(card=1),
    c.RestoreCard(card=1),
    c.DraftPostmortem(card=1),
    c.DraftPostmortem(card=1, severity="SEV2"),
    c.WriteSection(postmortem=1, section="summary", text="late"),
    c.AddPart(postmortem=1, sort="factor", values={"text": "no link check"}),
    c.EditPart(part=1, values={"category": "process"}),
    c.RemovePart(part=1),
    c.SkipPostmortem(postmortem=1, reason="a test"),
    c.MarkCard(card=1, mark="detected"),
    c.StarEvent(card=1, batch=1),
    c.AddPart(postmortem=1, sort="lesson", values={"text": "check links"}),
    c.PublishPostmortem(postmortem=1),
    c.NoteBreach(card=1, clock="resolution", due=START + timedelta(minutes=4), minutes=2),
    c.AddMember(name="dewi", role="cs"),
    c.ImportCard(draft=DRAFT),
    c.ImportCard(
        draft=Draft(
            source="s",
            board="campaigns",
            title="Again",
            created=START,
            external_id="2",
            links=(("relates", "1"),),
            metrics=(ROW,),
        )
    ),
    c.RecordFigures(card=3, day="2026-09-06", channel="meta", currency="IDR", figures={"spend": 5}),
    c.RecordFigures(card=3, day="2026-09-06", channel="meta", currency="IDR", figures={"clicks": 5}),
    c.ImportStock(product=Product(sku="G", name="Gayo"), movements=(Movement(sku="G", at=START, quantity=-1),)),
    c.SaveFilter(name="late", query="is:late", board="orders"),
    c.SaveFilter(filter=1, name="overdue", query="is:late"),
    c.RemoveFilter(filter=1),
    c.SetTarget(kpi="delayed", value=4),
]


def undone_again(world: World, batch: int) -> Iterator[Event]:
    """The events of taking a batch back, and of doing it again."""
    for _time in range(2):
        receipt = world.do(c.Undo(batch=batch))
        yield from receipt.events
        batch = receipt.batch or 0


@pytest.fixture(scope="module")
def events() -> list[Event]:
    """What comes of every command, undone and redone where there is a way back."""
    world = World()
    found: list[Event] = []
    for request in REQUESTS:
        done = world.do(request)
        assert done.events, f"nothing came of {request}"
        found += done.events
        one_way = c.CreateCard | c.NoteBreach | c.AddMember | c.ImportCard | c.ImportStock
        if not isinstance(request, one_way) and done.events[0].kind != "postmortem_drafted":
            found += undone_again(world, done.batch or 0)
    card = world.do(c.CreateCard(board="orders", title="oops"))
    return [*found, *undone_again(world, card.batch or 0)]


def test_every_command_is_here() -> None:
    assert {type(request) for request in REQUESTS} | {c.Undo} == set(get_args(c.Command))


def test_every_event_has_a_kind_that_is_written_down_and_every_kind_comes_about(events: list[Event]) -> None:
    assert {event.kind for event in events} == set(KINDS)
    assert {*INVERSE, *INVERSE.values()} <= set(KINDS)


def test_what_is_particular_to_a_kind_is_told_with_it(events: list[Event]) -> None:
    told = {kind: set(re.findall(r"\w+", says.partition("data: ")[2])) for kind, says in KINDS.items()}
    assert {(e.kind, name) for e in events for name in e.data if name not in told[e.kind] | MARKS} == set()
