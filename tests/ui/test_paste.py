"""Lines pasted onto the board become cards, after they were shown; a paste into a dialog stays there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.events import Key, Paste

from opstui.domain.model import TITLE_LIMIT, Actor, clean_line
from opstui.ui.pasted import MOST, objection, titles
from ui.page import Console, console, memory_workspace, orders


async def paste(c: Console, text: str) -> None:
    """What the terminal sends for a paste in brackets."""
    c.app.post_message(Paste(text))
    await c.rest()
    await c.rest()


def made(c: Console, stage: str = "new") -> list[str]:
    return [c.workspace.card(card).title for card in c.workspace.state.lane("orders", stage)]


async def test_several_lines_are_shown_first_and_made_in_one_batch() -> None:
    workspace = memory_workspace(*orders(1))
    async with console(workspace) as c:
        seq = workspace.store.seq
        await paste(c, "- 3 x Gayo\n\n* Bu Ratna\r\n1. [ ] Kafe Senja\n")
        assert c.dialog == "PasteScreen"
        assert "Create 3 cards in New?" in c.text
        assert workspace.store.seq == seq
        await c.press("enter")
        assert made(c) == ["Order 1", "3 x Gayo", "Bu Ratna", "Kafe Senja"]
        assert workspace.store.seq == seq + 1
        assert "created 3 cards · u undo" in c.said
        assert c.cursor is not None
        assert c.cursor.title == "3 x Gayo"
        await c.press("u")
        assert made(c) == ["Order 1"]


async def test_the_lines_can_be_edited_before_and_escape_makes_nothing() -> None:
    async with console(memory_workspace()) as c:
        await paste(c, "one\ntwo")
        await c.press("e", "x")
        assert "Create 2 cards" in c.text
        await c.press("down", "end", "enter")
        await c.type("three")
        assert "Create 3 cards" in c.text
        await c.press("escape", "enter")
        assert made(c) == ["xone", "two", "three"]
        await paste(c, "four\nfive")
        await c.press("escape")
        assert (c.dialog, len(made(c))) == ("", 3)


async def test_a_double_click_on_a_line_makes_nothing() -> None:
    async with console(memory_workspace()) as c:
        await paste(c, "one\ntwo")
        await c.pilot.click("Lines", offset=(5, 1), times=2)
        await c.rest()
        assert (c.dialog, made(c)) == ("PasteScreen", [])


async def test_one_line_opens_the_form_of_a_new_card_with_that_title() -> None:
    async with console(memory_workspace()) as c:
        await paste(c, "  Kafe\u200b Senja, 2 x Gayo\n")
        assert c.dialog == "Form"
        assert "Kafe Senja, 2 x Gayo" in c.text
        await c.press("ctrl+s")
        assert made(c) == ["Kafe Senja, 2 x Gayo"]


async def test_too_much_is_refused_with_the_way_that_is_for_it() -> None:
    async with console(memory_workspace()) as c:
        await paste(c, "line\n" * 10_000)
        assert c.dialog == ""
        assert "more than 1000 lines" in c.said
        assert "opstui import" in c.said
        await paste(c, " \n\t\n")
        assert "no line to make a card of" in c.said
        await paste(c, "x" * 5000)
        assert "at most 200" in c.said
        await paste(c, "ok\n" + "x" * 201)
        await c.press("enter")
        assert c.dialog == "PasteScreen"
        assert "card 2: its title has 201 characters" in c.text
        assert made(c) == []


async def test_a_role_that_may_not_create_is_told_and_nothing_typed_is_lost() -> None:
    async with console(memory_workspace(), actor=Actor("guest", "viewer")) as c:
        await paste(c, "one\ntwo")
        await c.press("enter")
        assert c.dialog == "PasteScreen"
        assert "may not create" in c.text


async def test_cards_begin_in_the_lane_of_the_cursor_but_never_in_one_that_is_over() -> None:
    async with console(memory_workspace()) as c:
        await c.press("l")
        await paste(c, "one\ntwo")
        await c.press("enter")
        assert made(c, "payment") == ["one", "two"]
        await c.press("l", "l", "l", "l")
        await paste(c, "three\nfour")
        assert "in New?" in c.text


async def test_a_paste_into_a_field_stays_there() -> None:
    async with console(memory_workspace(*orders(2))) as c:
        await c.press("slash")
        await paste(c, "toko 2")
        assert c.board.desk.query == "toko 2"
        assert c.dialog == ""
        await c.press("escape", "c")
        await paste(c, "first\nsecond")
        assert c.dialog == "Form"
        await c.press("ctrl+s")
        assert c.events("commented")[0].data["text"] == "first\nsecond"


async def test_a_paste_right_after_a_key_goes_to_what_the_key_opens() -> None:
    async with console(memory_workspace(*orders(1))) as c:
        c.app.post_message(Key("c", "c"))
        c.app.post_message(Paste("first\nsecond"))
        await c.rest()
        assert c.dialog == "Form"
        await c.press("ctrl+s")
        assert c.events("commented")[0].data["text"] == "first\nsecond"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb", ["a", "b"]),
        ("a\r\nb\rc\u2028d", ["a", "b", "c", "d"]),
        ("- a\n* b\n+ c\n• d\n– e", ["a", "b", "c", "d", "e"]),
        ("1. a\n2) b\n10. c", ["a", "b", "c"]),
        ("- [ ] a\n- [x] b\n[ ] c", ["a", "b", "c"]),
        ("a\t5\t100\n\tb\t7", ["a", "b"]),
        ("12 x Gayo\n3.5 kg\n-5 degrees", ["12 x Gayo", "3.5 kg", "-5 degrees"]),
        ("\x1b[31mred\x07", ["[31mred"]),
        ("-\n \n1.", ["-", "1."]),
        ("- 2. Roti\n[ ] - Susu", ["Roti", "Susu"]),
    ],
)
def test_lines_as_titles(text: str, expected: list[str]) -> None:
    assert titles(text) == expected


@given(st.text() | st.text("-*[x] 1.)\t\na"))
def test_whatever_is_pasted_titles_are_clean_lines(text: str) -> None:
    for title in titles(text):
        assert title
        assert title == clean_line(title)
    assert titles("\n".join(titles(text))) == titles(text)


def test_what_stands_in_the_way() -> None:
    assert objection(["a"] * MOST) == ""
    assert "too many" in objection(titles("a\n" * (MOST + 5)))
    assert "card 1" in objection(["x" * (TITLE_LIMIT + 1)])
