"""Where offers come from, and what becomes of a field's text when one is taken."""

from __future__ import annotations

from datetime import date

import pytest

from opstui.domain.commands import ArchiveCard
from opstui.ui.offers import Offer, Source, among, exactly
from opstui.ui.sources import Sources, found_cards, offers_of_days
from opstui.ui.widgets.key_line import Button, fitting
from ui.page import memory_workspace, order, orders

MONDAY = date(2026, 9, 21)


def words(offers: list[Offer]) -> list[str]:
    return [offer.text for offer in offers]


@pytest.mark.parametrize(
    ("listed", "text", "word", "put"),
    [
        (False, "to da", "to da", "Toko Damai"),
        (True, "vip, to", "to", "vip, Toko Damai, "),
        (True, "to", "to", "Toko Damai, "),
        (True, "vip gift, ", "", "vip gift, Toko Damai, "),
        (True, "", "", "Toko Damai, "),
    ],
)
def test_the_last_word_of_a_list_is_completed_and_else_the_whole_text(
    listed: bool, text: str, word: str, put: str
) -> None:
    source = Source(among(()), listed=listed)
    assert source.word(text) == word
    assert source.put(text, Offer("Toko Damai")) == put


def test_of_equal_matches_the_one_used_most_comes_first() -> None:
    assert words(among([("vip", 9), ("via", 2)])("vi")) == ["vip", "via"]
    assert [offer.note for offer in among([("vip", 9), "via"])("")] == ["9", ""]


def test_a_word_is_an_offer_whatever_its_case() -> None:
    assert exactly("RINA", [Offer("rina")]) == Offer("rina")
    assert exactly("rin", [Offer("rina")]) is None


def test_cards_are_found_by_number_and_by_words_of_their_title() -> None:
    workspace = memory_workspace(
        order("Gayo for Bu Ratna"), order("Sampler", customer="Gayo House"), order("Old Gayo"), ArchiveCard(card=3)
    )
    assert words(found_cards(workspace.state, "gayo", but=9)) == ["ORD-0003", "ORD-0001", "ORD-0002"]
    assert words(found_cards(workspace.state, "gayo", but=3)) == ["ORD-0001", "ORD-0002"]
    assert words(found_cards(workspace.state, "GAYO ratna", but=9)) == ["ORD-0001"]
    assert words(found_cards(workspace.state, "ord-0002", but=9)) == ["ORD-0002"]
    assert found_cards(workspace.state, " ", but=9) == []


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (MONDAY, ["2026-09-21", "2026-09-22", "2026-09-25", "2026-09-28", "2026-10-05"]),
        (date(2026, 9, 25), ["2026-09-25", "2026-09-26", "2026-09-28", "2026-10-02", "2026-10-09"]),
    ],
)
def test_days_are_offered_once_each_and_only_before_anything_is_typed(today: date, days: list[str]) -> None:
    find = offers_of_days(today, date.isoformat)
    assert [offer.note.split()[-1] for offer in find("")] == days
    assert list(find("f")) == []


def test_words_of_the_board_are_offered_and_those_of_all_boards_where_it_has_none() -> None:
    workspace = memory_workspace(order("a", tags=["vip"], channel="shopee"), order("b", tags=["vip", "gift"]))
    sources = Sources(workspace)
    assert words(list(sources.of("orders", MONDAY)["tags"].find(""))) == ["vip", "gift"]
    assert words(list(sources.of("feedback", MONDAY)["channels"].find("sh"))) == ["shopee"]
    assert words(list(sources.of("orders", MONDAY)["owner"].find("b"))) == ["budi"]
    assert "due" not in sources.of("orders", MONDAY)


def test_words_are_counted_again_after_many_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = memory_workspace(*orders(1))
    sources = Sources(workspace)
    monkeypatch.setattr("opstui.ui.sources.STALE", 1)
    customers = sources.of("orders", MONDAY)["customer"]
    assert words(list(customers.find(""))) == ["Toko 1"]
    for command in orders(3)[1:]:
        workspace.submit(workspace.member("rina"), command)
    assert len(customers.find("")) == 3


@pytest.mark.parametrize(
    ("room", "shown", "gap"),
    [
        (40, ["ctrl+o save", "esc cancel", "enter next"], 3),
        (30, ["ctrl+o save", "esc cancel"], 3),
        (9, ["^o save", "esc cancel"], 1),
    ],
)
def test_keys_that_do_not_fit_are_left_out_but_never_those_that_lead_out(room: int, shown: list[str], gap: int) -> None:
    buttons = (Button("ctrl+o", "save"), Button("esc", "cancel"), Button("enter", "next"))
    found, between = fitting(buttons, room, 2)
    assert ([button.text for button in found], between) == (shown, gap)
