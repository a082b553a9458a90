"""Forms and dialogs: what is typed, how it is echoed, refused and saved, and what two people at once are shown."""

from __future__ import annotations

import pytest

from opstui.domain.commands import AddCheck, BlockCard, CreateCard, EditCard, MoveCard
from opstui.ui.widgets.choice import Choice
from ui.page import BUDI, Console, console, memory_workspace, order, orders


async def test_a_title_alone_makes_a_card_in_the_lane_of_the_cursor() -> None:
    async with console(memory_workspace(*orders(1))) as c:
        await c.press("l", "n")
        assert "New on Orders · Payment" in c.text
        await c.type("Bu Ratna")
        await c.press("ctrl+o")
        made = c.events("created")[-1]
        assert made.data["title"] == "Bu Ratna"
        assert made.data["stage"] == "payment"
        assert c.dialog == ""
        assert c.cursor
        assert c.cursor.ref == "ORD-0002"
        assert "created ORD-0002 Bu Ratna" in c.said


@pytest.mark.parametrize("stage", ["closed", "cancelled"])
async def test_no_card_is_born_over(stage: str) -> None:
    async with console(memory_workspace(*orders(1), MoveCard(card=1, stage=stage))) as c:
        await c.press(*["l"] * 7)
        assert c.board.board.cursor_stage == stage
        await c.press("n")
        assert "New on Orders · New" in c.text
        await c.type("Bu Ratna")
        await c.press("ctrl+o")
        assert c.events("created")[-1].data["stage"] == "new"


async def test_one_esc_does_not_throw_away_what_was_typed() -> None:
    async with console(memory_workspace(*orders(1))) as c:
        await c.press("n")
        await c.type("Bu")
        await c.press("escape")
        assert c.dialog == "Form"
        assert "not saved: esc again to give up" in c.text
        await c.type(" Ratna")
        assert "esc again" not in c.text
        assert "esc cancel" in c.text
        await c.press("escape")
        assert c.dialog == "Form"
        await c.press("escape")
        assert c.dialog == ""
        assert len(c.events("created")) == 1


async def test_a_choice_that_was_changed_is_asked_about_too() -> None:
    async with console(memory_workspace(*orders(1))) as c:
        await c.press("!", "right", "escape")
        assert "esc again" in c.text
        await c.press("right")
        assert "esc again" not in c.text
        await c.press("escape", "escape")
        assert c.dialog == ""


@pytest.mark.parametrize(
    ("size", "keys"),
    [
        ((80, 24), "ctrl+o save   esc cancel   enter next, on the last saves"),
        ((40, 10), "ctrl+o save   esc cancel "),
        ((20, 5), "^o save esc cancel"),
    ],
)
async def test_the_way_out_of_a_form_is_told_at_any_width(size: tuple[int, int], keys: str) -> None:
    async with console(memory_workspace(), size=size) as c:
        await c.press("n")
        assert keys in c.text
        await c.press("x", "escape")
        assert "not saved: esc again to give up" in " ".join(c.text.split())


@pytest.mark.parametrize(
    ("right", "words"),
    [(0, " low  [normal]…"), (1, "… normal  [high]…"), (2, "… high  [urgent]"), (3, "[low]  normal …")],
)
async def test_choices_that_do_not_fit_say_so_and_the_one_taken_is_in_sight(right: int, words: str) -> None:
    async with console(memory_workspace(*orders(1)), size=(35, 10)) as c:
        await c.press("!", *["right"] * right)
        await c.until(lambda: words in c.text)


async def test_keys_struck_before_the_form_is_there_are_its_own() -> None:
    async with console(memory_workspace(*orders(2))) as c:
        await c.strike("n", *"Lujah", "space", *"xd", "ctrl+o")
        await c.until(lambda: not c.dialog)
        assert [e.data["title"] for e in c.events("created")[2:]] == ["Lujah xd"]
        assert not c.card("ORD-0001").archived


async def test_the_whole_form_with_enter_from_field_to_field() -> None:
    async with console(memory_workspace()) as c:
        await c.press("n")
        for text in ("Toko Damai", "Damai"):
            await c.type(text)
            await c.press("enter")
        await c.type("12 x House Blend @ 95.000\nGayo")
        await c.press("down")
        assert "1 x Gayo = Rp 1,140,000" in c.text
        for text in ("1,9 jt", "budi", "+3d"):
            await c.type(text)
            await c.press("enter")
        assert "Rp 1,900,000" in c.text
        assert "Thu 2026-09-24" in c.text
        await c.press("ctrl+o")
        card = c.card("ORD-0001")
        assert (card.owner, str(card.due)) == ("budi", "2026-09-24")
        details = card.details
        assert (getattr(details, "total", 0), getattr(details, "customer", "")) == (1_900_000, "Damai")
        assert [(line.quantity, line.name, line.price) for line in getattr(details, "lines", ())] == [
            (12, "House Blend", 95_000),
            (1, "Gayo", 0),
        ]


async def test_a_form_without_title_stays_open_and_says_what_is_missing() -> None:
    async with console(memory_workspace()) as c:
        await c.press("n", "ctrl+o")
        assert c.dialog == "Form"
        assert "this one is needed" in c.text
        await c.press("escape")
        assert c.dialog == ""
        assert c.events("created") == []


@pytest.mark.parametrize(
    ("typed", "due", "echo"),
    [
        ("besok", "2026-09-22", "Tue 2026-09-22"),
        ("12 mei", "2027-05-12", "Wed 2027-05-12"),
        ("fri", "2026-09-25", "Fri 2026-09-25"),
    ],
)
async def test_a_day_is_echoed_before_it_is_saved(typed: str, due: str, echo: str) -> None:
    async with console(memory_workspace(*orders(1))) as c:
        await c.press("d")
        await c.type(typed)
        assert echo in c.text
        await c.press("enter")
        assert c.events("edited")[-1].changed["due"] == (None, due)


async def test_what_is_no_day_is_told_at_the_field_and_nothing_is_saved() -> None:
    async with console(memory_workspace(*orders(1))) as c:
        await c.press("d")
        await c.type("someday")
        await c.press("enter")
        assert c.dialog == "Form"
        assert "not a day; try fri" in c.text
        assert c.events("edited") == []


async def test_a_refusal_by_the_rules_stands_at_its_field_and_costs_no_typing() -> None:
    async with console(memory_workspace(*orders(1))) as c:
        await c.press("a")
        await c.type("budi santoso")
        await c.press("enter")
        assert c.dialog == "Form"
        assert "is no member name" in c.text
        assert "budi santoso" in c.text


async def test_assign_offers_the_members() -> None:
    async with console(memory_workspace(*orders(1))) as c:
        await c.press("a")
        assert "rina" in c.text
        assert "budi" in c.text
        await c.type("bd")
        await c.press("enter")
        assert c.card("ORD-0001").owner == "budi"


async def test_priority_takes_two_keys() -> None:
    async with console(memory_workspace(*orders(1))) as c:
        await c.press("!", "u")
        assert c.card("ORD-0001").priority == "urgent"
        assert c.dialog == ""


async def test_tags_comments_checklist_and_links() -> None:
    async with console(memory_workspace(*orders(2))) as c:
        await c.press("t")
        await c.type("vip, gift vip")
        await c.press("enter", "c")
        await c.type("first line\nsecond")
        await c.press("ctrl+o", "i")
        await c.type("call her\n")
        assert "·  call her" in c.text
        await c.press("escape", "space")
        assert "✓  call her" in c.text
        await c.press("escape", "@")
        await c.type("ord-0002")
        assert "Order 2" in c.text
        await c.press("enter")
        card = c.card("ORD-0001")
        assert card.tags == ("vip", "gift")
        assert [(item.text, item.done) for item in card.checklist] == [("call her", True)]
        assert [link.card for link in card.links] == [c.card("ORD-0002").id]
        assert c.events("commented")[0].data["text"] == "first line\nsecond"


async def test_block_asks_why_and_b_again_lets_it_go_on() -> None:
    async with console(memory_workspace(*orders(1))) as c:
        await c.press("b")
        await c.type("no beans")
        await c.press("enter")
        await c.type("supplier")
        await c.press("enter")
        blocker = c.card("ORD-0001").blocker
        assert blocker
        assert (blocker.reason, blocker.waiting_on) == ("no beans", "supplier")
        await c.press("b")
        assert c.card("ORD-0001").blocker is None


async def _edit_title_while_budi_does(c: Console) -> None:
    """Rina types a title; meanwhile budi saves another one."""
    await c.press("e", "home")
    await c.type("Mine ")
    c.workspace.submit(BUDI, EditCard(card=c.card("ORD-0001").id, values={"title": "Theirs"}))
    await c.press("ctrl+o")


async def test_two_people_one_field_both_texts_are_shown() -> None:
    async with console(memory_workspace(order("Order"))) as c:
        await _edit_title_while_budi_does(c)
        assert c.dialog == "ConflictDialog"
        assert "Theirs" in c.text
        assert "Mine Order" in c.text
        assert c.card("ORD-0001").title == "Theirs"


@pytest.mark.parametrize(
    ("key", "title", "dialog"), [("m", "Mine Order", ""), ("t", "Theirs", ""), ("escape", "Theirs", "Form")]
)
async def test_a_person_decides_a_conflict(key: str, title: str, dialog: str) -> None:
    async with console(memory_workspace(order("Order"))) as c:
        await _edit_title_while_budi_does(c)
        await c.press(key)
        assert c.card("ORD-0001").title == title
        assert c.dialog == dialog
        if key == "escape":
            assert "Mine Order" in c.text
            await c.press("escape")
            assert "not saved: esc again to give up" in c.text
            assert "Mine Order" in c.text
            await c.press("escape")
            assert c.dialog == ""


async def test_two_people_two_fields_merge_without_a_question() -> None:
    async with console(memory_workspace(order("Order"))) as c:
        await c.press("e", "home")
        await c.type("Mine ")
        c.workspace.submit(BUDI, EditCard(card=c.card("ORD-0001").id, values={"owner": "budi"}))
        await c.press("ctrl+o")
        assert c.dialog == ""
        assert (c.card("ORD-0001").title, c.card("ORD-0001").owner) == ("Mine Order", "budi")


async def test_the_open_card_shows_everything_and_follows_the_cursor() -> None:
    workspace = memory_workspace(*orders(2))
    workspace.submit(BUDI, BlockCard(card=1, reason="no beans"), AddCheck(card=1, text="call her"))
    async with console(workspace, size=(160, 45)) as c:
        await c.press("enter")
        await c.until(lambda: "created in New" in c.text)
        for words in (
            "ORD-0001  Order 1",
            "no beans",
            "Checklist 0/1",
            "call her",
            "Toko 1",
            "Rp 100,000",
        ):
            assert words in c.text
        await c.press("j")
        assert "ORD-0002  Order 2" in c.text
        await c.press("escape")
        assert "Timeline" not in c.text


async def test_the_open_card_covers_a_narrow_board_and_its_keys_work_there() -> None:
    async with console(memory_workspace(*orders(2)), size=(80, 24)) as c:
        await c.press("enter")
        assert c.board.has_class("-card", "-over")
        await c.press("L")
        assert c.card("ORD-0001").stage == "payment"
        assert "Payment ·" in c.text
        await c.press("j", "k", "d")
        await c.type("fri")
        await c.press("enter")
        assert "due Fri 25 Sep" in c.text
        await c.press("escape")
        assert c.board.target == c.board.board.cursor_card
        assert c.cursor
        assert c.cursor.ref == "ORD-0001"


async def test_the_card_of_every_board_has_a_form_and_a_face() -> None:
    boards = ("orders", "campaigns", "feedback", "actions")
    async with console(memory_workspace(*(CreateCard(board=b, title=f"One on {b}") for b in boards))) as c:
        for number, board in enumerate(boards, 1):
            await c.press(str(number), "enter", "e", "end")
            await c.type("!")
            await c.press("ctrl+o", "escape")
            assert c.events("edited")[-1].changed["title"][1] == f"One on {board}!"


async def test_space_goes_to_the_next_word_of_a_choice_and_around() -> None:
    async with console(memory_workspace(*orders(1))) as c:
        await c.press("e", "end")
        while not isinstance(c.app.focused, Choice):
            await c.press("tab")
        choice = c.app.focused
        first = choice.value
        await c.press("space")
        assert choice.value != first
        await c.press("left")
        assert choice.value == first
