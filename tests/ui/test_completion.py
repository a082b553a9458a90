"""Completing as one types: what each key means while there is a list, by key and by mouse, fast and slow."""

from __future__ import annotations

import pytest

from opstui.domain.commands import AddMember
from opstui.ui.screens.form import Form
from opstui.ui.widgets.key_line import KeyLine
from opstui.ui.widgets.offer_list import OfferList
from opstui.workspace import Workspace
from ui.page import Console, console, memory_workspace, order, orders


def tagged() -> Workspace:
    return memory_workspace(
        order("One", tags=["vip"], channel="shopee", customer="Toko Damai"), order("Two", tags=["vip", "gift"])
    )


def form(c: Console) -> Form:
    assert isinstance(c.app.screen, Form)
    return c.app.screen


async def offered(c: Console, count: int) -> None:
    """Until so many are offered."""
    await c.until(lambda: len(c.app.screen.query_one(OfferList).offers) == count)
    await c.rest()


@pytest.mark.parametrize(
    ("keys", "owner"),
    [
        (["r", "n", "enter"], "rina"),
        (["down", "enter"], "rina"),
        (["down", "down", "enter"], "budi"),
        (["down", "down", "up", "enter"], "rina"),
        (["b", "tab", "enter"], "budi"),
        (["B", "U", "D", "I", "enter"], "budi"),
        (["r", "n", "ctrl+o"], "rina"),
        (["z", "o", "e", "enter"], "zoe"),
        (["enter"], ""),
    ],
)
async def test_a_member_is_taken_by_a_few_letters(keys: list[str], owner: str) -> None:
    async with console(memory_workspace(*orders(1))) as c:
        await c.press("a", *keys)
        assert c.card("ORD-0001").owner == owner
        assert c.dialog == ""


async def test_enter_right_behind_the_letters_means_the_same() -> None:
    async with console(memory_workspace(*orders(1))) as c:
        await c.strike("a", "r", "n", "enter")
        await c.until(lambda: c.card("ORD-0001").owner == "rina")


async def test_enter_right_behind_letters_that_could_mean_several_shows_them_first() -> None:
    workspace = memory_workspace(*orders(1), AddMember(name="rudi", role="cs"))
    async with console(workspace) as c:
        await c.press("a")
        await c.strike("r", "enter")
        if not c.card("ORD-0001").owner:
            assert "enter take r" in c.text
            await c.press("enter")
        assert c.card("ORD-0001").owner in ("rina", "rudi")


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (["a"], "enter save   esc cancel   down choose"),
        (["a", "b"], "enter take budi   esc cancel"),
        (["a", "z", "z"], "enter save   esc cancel"),
        (["e", "tab", "ctrl+n"], "down choose   enter keep as it is   ctrl+o save"),
        (["e", "tab", "ctrl+n", "down"], "enter take Toko Damai   esc keep as it is"),
        (["e", "tab", "tab", "tab", "tab", "b"], "enter take budi   esc keep as it is"),
        (["e", "tab", "tab", "tab", "tab", "b", "escape"], "ctrl+o save   esc cancel"),
    ],
)
async def test_the_last_line_says_what_the_keys_mean_to_the_list(keys: list[str], line: str) -> None:
    async with console(tagged()) as c:
        await c.press(*keys)
        await c.until(lambda: line in c.text)


async def test_nobody_is_doubted_while_somebody_may_be_meant() -> None:
    async with console(memory_workspace(*orders(1))) as c:
        await c.press("a", "r")
        assert "nobody here is called" not in c.text
        await c.press("x")
        assert "nobody here is called rx" in c.text


async def test_esc_means_the_letters_as_they_stand() -> None:
    async with console(memory_workspace(*orders(1))) as c:
        await c.press("e", "tab", "tab", "tab", "tab")
        await c.type("rn")
        assert form(c).query_one(OfferList).shown
        await c.press("escape")
        assert not form(c).query_one(OfferList).shown
        await c.press("ctrl+o")
        assert c.card("ORD-0001").owner == "rn"


async def test_tags_are_added_one_by_one_and_none_twice() -> None:
    async with console(tagged()) as c:
        await c.press("j", "t")
        await offered(c, 0)
        await c.press("escape", "k", "t")
        await offered(c, 1)
        await c.press("down", "enter")
        assert "vip, gift, " in c.text
        await c.type("new")
        await c.press("enter")
        assert c.card("ORD-0001").tags == ("vip", "gift", "new")


async def test_what_is_new_is_not_replaced_by_what_is_offered() -> None:
    async with console(tagged()) as c:
        await c.press("n")
        await c.type("A card")
        await c.press("enter")
        await c.type("Toko")
        await offered(c, 1)
        await c.press("tab", "ctrl+o")
        assert getattr(c.card("ORD-0003").details, "customer", "") == "Toko"


async def test_in_a_long_form_the_list_lies_over_the_rows_and_never_over_the_keys() -> None:
    async with console(tagged(), size=(80, 24)) as c:
        await c.press("e", *["tab"] * 12)
        await c.type("g")
        await offered(c, 1)
        keys, over = form(c).query_one(KeyLine).region, form(c).query_one(OfferList).region
        field = c.app.focused
        assert field
        assert over.bottom <= keys.y
        assert over.y in (field.region.bottom, field.region.y - over.height)
        await c.press("ctrl+n", "tab")
        assert "gift, " in c.text


async def test_a_click_on_an_offer_takes_it() -> None:
    async with console(memory_workspace(*orders(1))) as c:
        await c.press("a")
        await c.pilot.click(OfferList, offset=(3, 1))
        await c.pilot.click(KeyLine, offset=(1, 0))
        await c.rest()
        assert c.card("ORD-0001").owner == "budi"


async def test_a_card_is_linked_by_words_of_its_title_and_the_relation_can_be_chosen() -> None:
    async with console(tagged()) as c:
        await c.press("@", "up", "right", "down")
        await c.type("tw")
        await offered(c, 1)
        await c.press("enter")
        link = c.card("ORD-0001").links[0]
        assert (link.relation, link.card) == ("blocks", 2)


async def test_save_and_cancel_are_buttons_and_a_label_leads_into_its_field() -> None:
    async with console(memory_workspace(*orders(1)), size=(100, 40)) as c:
        await c.press("e")
        label = next(label for label in form(c).query(".label") if "Total" in str(label.render()))
        await c.pilot.click(offset=(label.region.x + 1, label.region.y))
        await c.rest()
        await c.type("5000")
        await c.pilot.click(KeyLine, offset=(16, 0))
        await c.rest()
        assert "esc again" in c.text
        await c.type("0")
        await c.pilot.click(KeyLine, offset=(2, 0))
        await c.rest()
        assert getattr(c.card("ORD-0001").details, "total", 0) == 50_000


async def test_ctrl_q_does_not_throw_away_what_is_typed() -> None:
    async with console(memory_workspace(*orders(1))) as c:
        await c.press("n")
        await c.type("Bu Ratna")
        await c.press("ctrl+q")
        assert "esc again" in c.text
        await c.press("ctrl+o")
        assert c.events("created")[-1].data["title"] == "Bu Ratna"


@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+l", "f5", "pageup"])
async def test_other_keys_leave_a_form_alone(key: str) -> None:
    async with console(memory_workspace(*orders(1))) as c:
        await c.press("n")
        await c.type("Bu Ratna")
        await c.press(key)
        await c.pilot.click(offset=(1, 1))
        await c.rest()
        assert c.dialog == "Form"
        assert "Bu Ratna" in c.text


async def test_another_size_keeps_values_and_the_field_one_is_in() -> None:
    async with console(memory_workspace(*orders(1)), size=(80, 24)) as c:
        await c.press("e", "tab", "tab")
        await c.type("2 x Gayo @ 95.000\n1 x Toraja")
        for size in ((20, 5), (300, 100), (40, 10), (80, 24)):
            await c.pilot.resize_terminal(*size)
            await c.rest()
            field = c.app.focused
            assert field is form(c).lines[2].field
            assert field.region.y < size[1] - 1
        await c.press("ctrl+o")
        lines = getattr(c.card("ORD-0001").details, "lines", ())
        assert [(line.name, line.quantity, line.price) for line in lines] == [("Gayo", 2, 95_000), ("Toraja", 1, 0)]
