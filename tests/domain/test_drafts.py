"""An imported record tells its own history; again, it tells nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from domain.world import World
from opstui.domain.commands import ImportCard, ImportStock, MoveCard
from opstui.domain.model import Draft, MetricRow, Movement, Past, Product, Refused

T = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)


def hours(n: int) -> datetime:
    return T + timedelta(hours=n)


ORDER = Draft(
    source="shop",
    external_id="A-1",
    board="orders",
    title="2 x Gayo",
    created=T,
    fields={"customer": "Sari", "total": 190_000, "currency": "IDR", "due": "2026-03-05"},
    history=(
        Past(at=T, sort="stage", value="new"),
        Past(at=hours(2), sort="stage", value="processing"),
        Past(at=hours(3), sort="blocked", value="no box | supplier"),
        Past(at=hours(5), sort="unblocked"),
        Past(at=hours(6), sort="comment", value="sent", by="dewi"),
        Past(at=hours(7), sort="assigned", value="budi"),
        Past(at=hours(9), sort="stage", value="closed"),
    ),
)


def test_a_record_becomes_a_card_with_its_recorded_times() -> None:
    world = World()
    events = world.events(ImportCard(draft=ORDER), via="import")
    told = [(e.kind, e.at, e.by) for e in events]
    assert told == [
        ("created", T, "rina"),
        ("moved", hours(2), "rina"),
        ("blocked", hours(3), "rina"),
        ("unblocked", hours(5), "rina"),
        ("commented", hours(6), "dewi"),
        ("edited", hours(7), "rina"),
        ("moved", hours(9), "rina"),
        ("reordered", world.at.replace(), "rina"),
    ]
    doc = world.doc(events[0].id)
    assert (doc["stage"], doc["entered"], doc["created"]) == ("closed", "2026-03-01T11:00:00Z", "2026-03-01T02:00:00Z")
    assert (doc["owner"], doc["source"], doc["external_id"]) == ("budi", "shop", "A-1")
    assert "blocker" not in doc


def test_again_nothing_changes() -> None:
    world = World()
    world.do(ImportCard(draft=ORDER), via="import")
    seq = world.workspace.store.seq
    assert world.do(ImportCard(draft=ORDER), via="import").batch is None
    assert world.workspace.store.seq == seq


def test_a_record_that_went_on_adds_its_later_steps() -> None:
    world = World()
    open_order = replace(ORDER, history=ORDER.history[:2])
    card = world.events(ImportCard(draft=open_order), via="import")[0].id
    events = world.events(ImportCard(draft=ORDER), via="import")
    assert [e.changed["stage"] for e in events if e.kind == "moved"] == [("processing", "closed")]
    assert world.doc(card)["stage"] == "closed"


def test_a_card_that_people_moved_meanwhile_is_theirs() -> None:
    world = World()
    card = world.events(ImportCard(draft=replace(ORDER, history=ORDER.history[:2])), via="import")[0].id
    world.do(MoveCard(card=card, stage="shipping"))
    assert world.events(ImportCard(draft=ORDER), via="import") == []
    assert world.doc(card)["stage"] == "shipping"


def test_a_later_step_of_the_record_does_not_move_it_either() -> None:
    world = World()
    card = world.events(ImportCard(draft=replace(ORDER, history=ORDER.history[:2])), via="import")[0].id
    world.do(MoveCard(card=card, stage="cancelled"))
    later = replace(
        ORDER, history=(*ORDER.history, Past(at=world.at + timedelta(days=9), sort="stage", value="shipping"))
    )
    assert world.events(ImportCard(draft=later), via="import") == []
    assert world.doc(card)["stage"] == "cancelled"


def test_links_go_to_records_of_the_same_source() -> None:
    world = World()
    order = world.events(ImportCard(draft=ORDER), via="import")[0].id
    review = Draft(
        source="shop",
        external_id="R-1",
        board="feedback",
        title="Lambat",
        created=T,
        links=(("about", "A-1"), ("about", "gone")),
    )
    events = world.events(ImportCard(draft=review), via="import")
    assert [e.data["other"] for e in events if e.kind == "linked"] == [order]
    assert world.doc(events[0].id)["links"] == [{"relation": "about", "card": order}]


ROW = MetricRow(day=date(2026, 3, 1), channel="meta", currency="IDR", spend=100, clicks=5)


def test_daily_rows_are_stored_once_and_corrected_in_place() -> None:
    world = World()
    campaign = Draft(source="ads", external_id="c", board="campaigns", title="C", created=T, metrics=(ROW,))
    [_created, recorded] = world.events(ImportCard(draft=campaign), via="import")
    assert recorded.data == {"rows": 1, "from": "2026-03-01", "to": "2026-03-01"}
    assert world.events(ImportCard(draft=campaign), via="import") == []
    later = replace(campaign, metrics=(replace(ROW, spend=120), replace(ROW, day=date(2026, 3, 2))))
    world.do(ImportCard(draft=later), via="import")
    rows = [doc for _id, doc in world.workspace.state.items("metrics")]
    assert [(r["day"], r["spend"]) for r in rows] == [("2026-03-01", 120), ("2026-03-02", 100)]


def test_stock_is_the_sum_of_movements_that_are_known_once() -> None:
    world = World()
    product = Product(sku="SKU-1", name="Gayo", minimum=5)
    moves = (
        Movement(sku="SKU-1", at=T, quantity=10, sort="in"),
        Movement(sku="SKU-1", at=hours(1), quantity=-4),
    )
    world.do(ImportStock(product=product, movements=moves), via="import")
    assert world.do(ImportStock(product=product, movements=moves), via="import").batch is None
    rows = [doc for _id, doc in world.workspace.state.items("movements")]
    assert sum(r["quantity"] for r in rows) == 6


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (replace(ORDER, board="nope"), "no board 'nope'"),
        (replace(ORDER, fields={"total": "x"}), "total: "),
        (replace(ORDER, title=""), "title: "),
    ],
)
def test_a_record_that_will_not_do_is_refused_whole(bad: Draft, reason: str) -> None:
    world = World()
    with pytest.raises(Refused, match=reason):
        world.do(ImportCard(draft=bad), via="import")
    assert world.workspace.store.seq == 0
