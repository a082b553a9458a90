"""Given a workspace, when someone asks, then these facts, or a refusal that says why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from domain.world import World
from opstui.config import Settings
from opstui.domain.boards import DEFAULT_BOARDS, Board, Stage
from opstui.domain.commands import (
    AddCheck,
    AddComment,
    AddMember,
    ArchiveCard,
    BlockCard,
    Command,
    CreateCard,
    DraftPostmortem,
    EditCard,
    EditCheck,
    LinkCards,
    MoveCard,
    MoveCheck,
    RemoveCheck,
    RestoreCard,
    TickCheck,
    UnblockCard,
    UnlinkCards,
)
from opstui.domain.fieldwork import with_fields
from opstui.domain.model import Conflict, Refused


@pytest.fixture
def world() -> World:
    return World()


def test_a_title_alone_makes_a_card(world: World) -> None:
    [event] = world.events(CreateCard(board="orders", title="  3 x\tGayo \x1b[31m "))
    assert event.data == {"ref": "ORD-0001", "board": "orders", "stage": "new", "title": "3 x Gayo [31m"}
    doc = world.doc(event.id)
    assert (doc["kind"], doc["currency"], doc["version"]) == ("order", "IDR", 1)
    assert doc["created"] == doc["entered"] == "2026-09-07T01:01:00Z"
    assert "priority" not in doc, "defaults stay out of the document"


def test_refs_count_per_board(world: World) -> None:
    refs = [world.doc(world.card(board))["ref"] for board in ("orders", "feedback", "orders", "actions")]
    assert refs == ["ORD-0001", "FDB-0001", "ORD-0002", "ACT-0001"]


CREATE_REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"board": "nope", "title": "x"}, "no board 'nope'; boards: orders"),
    ({"board": "orders", "title": "x", "stage": "nope"}, "no stage 'nope'; stages: new, payment"),
    ({"board": "orders", "title": "\u202e \x07"}, "title: a card needs"),
    ({"board": "orders", "title": "x" * 201}, "201 characters; at most 200"),
    ({"board": "orders", "title": "x", "fields": {"totl": 3}}, "'totl' is no field of order cards; try total"),
    ({"board": "orders", "title": "x", "fields": {"id": 3}}, "'id' is no field of order cards; fields: title, descr"),
    ({"board": "orders", "title": "x", "fields": {"links": []}}, "try lines; fields: title, description"),
    ({"board": "orders", "title": "x", "fields": {"title": None}}, "title: a card needs"),
    ({"board": "orders", "title": "x", "fields": {"due": "9999-12-31"}}, "due: 9999-12-31 is not between 1900"),
    ({"board": "campaigns", "title": "x", "fields": {"starts": "0001-01-01"}}, "starts: 0001-01-01 is not between"),
    (
        {"board": "feedback", "title": "x", "fields": {"first_response": "9999-12-31T23:00:00Z"}},
        "first_response: 9999-12-31 is not between",
    ),
    ({"board": "orders", "title": "x", "fields": {"total": -1}}, "total: an amount is not below zero"),
    ({"board": "campaigns", "title": "x", "fields": {"budget": -1}}, "budget: an amount is not below zero"),
    ({"board": "orders", "title": "x", "fields": {"total": 10**15}}, "total: at most 15 digits"),
    ({"board": "orders", "title": "x", "fields": {"total": "many"}}, "total: "),
    ({"board": "orders", "title": "x", "fields": {"priority": "asap"}}, "priority: "),
    ({"board": "orders", "title": "x", "fields": {"due": "soon"}}, "due: "),
    ({"board": "orders", "title": "x", "fields": {"owner": "budi hartono"}}, "owner: 'budi hartono' is no member name"),
    ({"board": "orders", "title": "x", "fields": {"currency": "rupiah"}}, "currency: 'rupiah' is no ISO 4217"),
    ({"board": "feedback", "title": "x", "fields": {"score": 9}}, "score: 9 is not between 1 and 5"),
    (
        {"board": "campaigns", "title": "x", "fields": {"starts": "2026-09-09", "ends": "2026-09-01"}},
        "before the start",
    ),
]


@pytest.mark.parametrize(("asked", "reason"), CREATE_REFUSED, ids=[reason for _, reason in CREATE_REFUSED])
def test_a_card_that_will_not_do_is_refused_with_the_reason(world: World, asked: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused) as refused:
        world.do(CreateCard(**asked))
    assert reason in str(refused.value)
    assert world.workspace.state.ids("cards") == [] or len(world.workspace.state.ids("cards")) == 0


def test_an_edit_names_before_and_after(world: World) -> None:
    card = world.card(owner="budi")
    [event] = world.events(
        EditCard(card=card, values={"owner": "dewi", "due": "2026-09-19", "tags": ["vip"], "title": "A card"})
    )
    assert event.kind == "edited"
    assert event.changed == {"owner": ("budi", "dewi"), "due": (None, "2026-09-19"), "tags": (None, ["vip"])}
    assert world.doc(card)["version"] == 2


def test_clearing_a_field_takes_it_out(world: World) -> None:
    card = world.card(owner="budi")
    [event] = world.events(EditCard(card=card, values={"owner": None}))
    assert event.changed == {"owner": ("budi", None)}
    assert "owner" not in world.doc(card)


def test_an_edit_that_changes_nothing_is_no_event(world: World) -> None:
    card = world.card()
    receipt = world.do(EditCard(card=card, values={"title": "A card"}))
    assert (receipt.batch, receipt.events) == (None, ())


def test_two_people_in_different_fields_merge(world: World) -> None:
    card = world.card(description="old")
    world.do(EditCard(card=card, values={"owner": "budi"}, base={"owner": None}), by="rina")
    world.do(EditCard(card=card, values={"description": "new"}, base={"description": "old"}), by="dewi")
    assert (world.doc(card)["owner"], world.doc(card)["description"]) == ("budi", "new")


def test_the_same_field_changed_meanwhile_is_shown_not_overwritten(world: World) -> None:
    card = world.card(description="old")
    world.do(EditCard(card=card, values={"description": "theirs"}, base={"description": "old"}), by="dewi")
    with pytest.raises(Conflict) as conflict:
        world.do(EditCard(card=card, values={"description": "mine"}, base={"description": "old"}))
    assert (conflict.value.field, conflict.value.theirs, conflict.value.mine) == ("description", "theirs", "mine")
    assert world.doc(card)["description"] == "theirs"


def test_both_typing_the_same_text_is_no_conflict(world: World) -> None:
    card = world.card(description="old")
    world.do(EditCard(card=card, values={"description": "same"}, base={"description": "old"}))
    assert world.events(EditCard(card=card, values={"description": "same"}, base={"description": "old"})) == []


def test_a_move_says_from_where_to_where_and_since_when(world: World) -> None:
    card = world.card()
    [event] = world.events(MoveCard(card=card, stage="payment"))
    assert event.kind == "moved"
    assert event.changed["stage"] == ("new", "payment")
    assert event.changed["entered"] == ("2026-09-07T01:01:00Z", "2026-09-07T01:02:00Z")
    assert world.lane("new") == []
    assert world.lane("payment") == [card]


def test_moved_cards_queue_up_and_finished_ones_lie_on_top(world: World) -> None:
    first, second, third = (world.card() for _ in range(3))
    for card in (first, second, third):
        world.do(MoveCard(card=card, stage="payment"))
    assert world.lane("payment") == [first, second, third]
    for card in (first, second, third):
        world.do(MoveCard(card=card, stage="closed"))
    assert world.lane("closed") == [third, second, first]


def test_a_card_goes_above_another_or_to_the_top(world: World) -> None:
    a, b, c, d = (world.card() for _ in range(4))
    assert [e.kind for e in world.events(MoveCard(card=d, stage="new", before=b))] == ["reordered"]
    assert world.lane("new") == [a, d, b, c]
    world.do(MoveCard(card=c, stage="new", top=True))
    assert world.lane("new") == [c, a, d, b]
    world.do(MoveCard(card=a, stage="new"))
    assert world.lane("new") == [c, d, b, a]


def test_hundreds_of_insertions_at_one_spot_keep_the_order(world: World) -> None:
    cards = [world.card() for _ in range(6)]
    expected = list(cards)
    for turn in range(300):
        mover = expected[turn % 2 + 1]
        rest = [c for c in expected if c != mover]
        world.do(MoveCard(card=mover, stage="new", before=rest[2]))
        rest.insert(2, mover)
        expected = rest
        assert world.lane("new") == expected


def limited(policy: str) -> Settings:
    stages = tuple(replace(s, wip=1, wip_policy=policy) if s.id == "payment" else s for s in DEFAULT_BOARDS[0].stages)  # type: ignore[arg-type]
    return Settings(boards=(replace(DEFAULT_BOARDS[0], stages=stages),))


def test_a_limit_that_warns_says_so_and_keeps_the_fact() -> None:
    world = World(limited("warn"))
    world.do(MoveCard(card=world.card(), stage="payment"))
    receipt = world.do(MoveCard(card=world.card(), stage="payment"))
    assert receipt.events[0].data == {"over": [2, 1]}
    assert receipt.warnings == ("Payment is over its limit: 2 of 1",)


def test_a_limit_that_blocks_refuses() -> None:
    world = World(limited("block"))
    world.do(MoveCard(card=world.card(), stage="payment"))
    second = world.card()
    with pytest.raises(Refused, match="Payment is full: 1 of 1"):
        world.do(MoveCard(card=second, stage="payment"))
    assert world.lane("new") == [second]


def test_block_and_unblock(world: World) -> None:
    card = world.card()
    [event] = world.events(BlockCard(card=card, reason="no stock", waiting_on="supplier"))
    blocker = {"reason": "no stock", "since": "2026-09-07T01:02:00Z", "waiting_on": "supplier"}
    assert event.changed == {"blocker": (None, blocker)}
    assert [e.kind for e in world.events(UnblockCard(card=card))] == ["unblocked"]
    assert "blocker" not in world.doc(card)
    assert world.events(UnblockCard(card=card)) == []


def test_a_comment_keeps_its_lines_and_lives_in_its_own_table(world: World) -> None:
    card = world.card()
    [event] = world.events(AddComment(card=card, text="one\r\ntwo\x1b]52;c;x\x07"))
    assert event.data["text"] == "one\ntwo]52;c;x"
    said = world.workspace.state.get("comments", event.data["comment"])
    assert said == {"card": card, "at": "2026-09-07T01:02:00Z", "by": "rina", "text": "one\ntwo]52;c;x"}


def test_checklist(world: World) -> None:
    card = world.card()
    world.do(AddCheck(card=card, text="amount matches"))
    world.do(AddCheck(card=card, text="proof seen"))
    [event] = world.events(TickCheck(card=card, item=2))
    assert event.data == {"text": "proof seen", "done": True}
    assert [i.get("done", False) for i in world.doc(card)["checklist"]] == [False, True]
    assert world.events(TickCheck(card=card, item=2)) == []


def test_links(world: World) -> None:
    card, other = world.card(), world.card("feedback")
    world.do(LinkCards(card=card, other=other, relation="caused_by"))
    assert world.doc(card)["links"] == [{"relation": "caused_by", "card": other}]
    assert world.events(LinkCards(card=card, other=other, relation="caused_by")) == []
    world.do(UnlinkCards(card=card, other=other, relation="caused_by"))
    assert "links" not in world.doc(card)


def test_an_archived_card_leaves_its_lane_and_comes_back(world: World) -> None:
    card = world.card()
    world.do(ArchiveCard(card=card))
    assert world.lane("new") == []
    with pytest.raises(Refused, match="ORD-0001 is archived; restore it first"):
        world.do(MoveCard(card=card, stage="payment"))
    world.do(RestoreCard(card=card))
    assert world.lane("new") == [card]


def test_a_card_has_one_postmortem(world: World) -> None:
    card = world.card("campaigns")
    [event] = world.events(DraftPostmortem(card=card))
    assert event.data["ref"] == "PM-2026-001"
    assert world.events(DraftPostmortem(card=card)) == []
    assert [e.data["ref"] for e in world.events(DraftPostmortem(card=world.card()))] == ["PM-2026-002"]


def test_members(world: World) -> None:
    world.do(AddMember(name="budi", role="ops_lead"))
    assert world.workspace.member("budi").role == "ops_lead"
    assert world.workspace.member("stranger").role == "viewer"


REFUSED: list[tuple[Command, str]] = [
    (MoveCard(card=1, stage="nope"), "orders has no stage 'nope'"),
    (MoveCard(card=99, stage="new"), "no card with the id 99"),
    (MoveCard(card=1, stage="payment", before=2), "no longer in Payment"),
    (EditCard(card=1, values={"stage": "closed"}), "'stage' is no field"),
    (BlockCard(card=1, reason=" "), "say what blocks ORD-0001"),
    (AddComment(card=1, text=" \u200b"), "the comment is empty"),
    (AddCheck(card=1, text=""), "the checklist item is empty"),
    (TickCheck(card=1, item=7), "ORD-0001 has no checklist item 7"),
    (EditCheck(card=1, item=7, text="x"), "ORD-0001 has no checklist item 7"),
    (RemoveCheck(card=1, item=7), "ORD-0001 has no checklist item 7"),
    (MoveCheck(card=1, item=7), "ORD-0001 has no checklist item 7"),
    (LinkCards(card=1, other=1), "cannot be linked to itself"),
    (LinkCards(card=1, other=2, relation="likes"), "'likes' is no relation"),
    (AddMember(name="two words", role="owner"), "is no member name"),
    (AddMember(name="budi", role="king"), "'king' is no role"),
]


@pytest.mark.parametrize(("command", "reason"), REFUSED, ids=[reason for _, reason in REFUSED])
def test_refusals_say_why_and_change_nothing(world: World, command: Command, reason: str) -> None:
    world.card()
    world.card()
    before = world.workspace.store.seq
    with pytest.raises(Refused, match=reason):
        world.do(command)
    assert world.workspace.store.seq == before


def test_a_submission_is_all_or_nothing(world: World) -> None:
    card = world.card()
    with pytest.raises(Refused):
        world.do(EditCard(card=card, values={"title": "changed"}), MoveCard(card=card, stage="nope"))
    assert world.doc(card)["title"] == "A card"


def test_commands_of_one_submission_see_each_other(world: World) -> None:
    receipt = world.do(*(CreateCard(board="orders", title=f"n {i}") for i in range(3)))
    assert [e.data["ref"] for e in receipt.events] == ["ORD-0001", "ORD-0002", "ORD-0003"]
    assert len(world.lane("new")) == 3


def test_a_board_without_the_cards_stage_still_shows_it() -> None:
    board = Board(id="b", name="B", kind="order", prefix="BBB", stages=(Stage(id="a", name="A", category="queue"),))
    assert board.category("gone") == "active"


def test_a_card_leaves_a_stage_that_the_settings_no_longer_have(world: World) -> None:
    card, rest = world.card(), world.card()
    world.do(MoveCard(card=card, stage="stock"))
    orders = DEFAULT_BOARDS[0]
    fewer = Settings(boards=(replace(orders, stages=tuple(s for s in orders.stages if s.id != "stock")),))
    world.workspace.settings = fewer
    assert list(world.workspace.state.stages("orders")) == ["new", "stock"]
    [event] = world.events(MoveCard(card=card, stage="payment"))
    assert event.changed["stage"] == ("stock", "payment")
    world.do(ArchiveCard(card=rest))
    assert list(world.workspace.state.stages("orders")) == ["payment"], "archived cards stand in no lane"
    assert list(world.workspace.state.stages("feedback")) == []


CURRENCIES: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("orders", {"total": 1_900_000}, {"currency": "USD"}, "currency: total is in IDR; say the amount in USD"),
    ("orders", {"total": 1_900_000}, {"currency": None}, "currency: total is in IDR"),
    ("orders", {"total": 1_900_000}, {"currency": "USD", "total": 12_050}, ""),
    ("orders", {"total": 1_900_000}, {"currency": "JPY"}, ""),
    ("orders", {}, {"currency": "USD"}, ""),
    ("orders", {"lines": [{"name": "Gayo", "quantity": 1, "price": 5}]}, {"currency": "USD"}, "lines is in IDR"),
    ("orders", {"lines": [{"name": "Gayo", "quantity": 1}]}, {"currency": "USD"}, ""),
    ("campaigns", {"budget": 5_000_000}, {"currency": "BHD"}, "currency: budget is in IDR"),
]


@pytest.mark.parametrize(("board", "fields", "values", "reason"), CURRENCIES)
def test_another_currency_never_re_reads_an_amount(
    world: World, board: str, fields: dict[str, Any], values: dict[str, Any], reason: str
) -> None:
    card = world.card(board, **fields)
    before = world.doc(card)
    if reason:
        with pytest.raises(Refused, match=reason):
            world.do(EditCard(card=card, values=values))
        assert world.doc(card) == before
    else:
        world.do(EditCard(card=card, values=values))
        assert world.doc(card)["currency"] == values["currency"]


def test_an_old_value_that_would_be_refused_today_stands_in_nobodys_way(world: World) -> None:
    card = world.card()
    stored = {**world.doc(card), "due": "9999-12-31", "total": -5}
    assert with_fields(stored, {"city": "Solo"})["city"] == "Solo"


@pytest.mark.parametrize(
    ("stage", "step", "next_to"),
    [
        ("new", 1, "payment"),
        ("new", -1, None),
        ("shipping", 1, "closed"),
        ("closed", 1, None),
        ("cancelled", -1, "closed"),
        ("gone", 1, "new"),
        ("gone", -1, "closed"),
    ],
)
def test_the_stage_beside(stage: str, step: int, next_to: str | None) -> None:
    found = DEFAULT_BOARDS[0].beside(stage, step)
    assert (found.id if found else None) == next_to
