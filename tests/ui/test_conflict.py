"""Two people, one field: what each sees, and that a merge keeps the words of both."""

from __future__ import annotations

from typing import Any

import pytest

from opstui.domain.commands import EditCard
from opstui.ui.widgets.key_line import KeyLine
from opstui.workspace import Workspace
from ui.page import BUDI, Console, console, memory_workspace, order


def theirs(workspace: Workspace, **values: Any) -> None:
    workspace.submit(BUDI, EditCard(card=1, values=values))


async def edit(c: Console, field: str, text: str) -> None:
    """Put a text into a field of the edit form."""
    await c.press("e")
    line = next(line for line in c.app.screen.lines if line.row.name == field)  # type: ignore[attr-defined]
    line.put(text)
    await c.rest()


async def test_a_text_is_merged_line_by_line_and_shown_before_it_is_saved() -> None:
    workspace = memory_workspace(order("One", description="one\ntwo\nthree"))
    async with console(workspace, size=(80, 24)) as c:
        await edit(c, "description", "one\ntwo\nthree, mine")
        theirs(workspace, description="one, theirs\ntwo\nthree")
        await c.press("ctrl+o")
        assert c.dialog == "ConflictDialog"
        await c.press("b")
        assert "nothing of either is lost" in c.text
        assert c.card("ORD-0001").description == "one, theirs\ntwo\nthree"
        await c.press("ctrl+o")
        assert c.card("ORD-0001").description == "one, theirs\ntwo\nthree, mine"
        assert c.dialog == ""


async def test_lines_that_both_changed_stand_there_twice_to_be_decided() -> None:
    workspace = memory_workspace(order("One", description="one\ntwo"))
    async with console(workspace) as c:
        await edit(c, "description", "one\nmine")
        theirs(workspace, description="one\ntheirs")
        await c.press("ctrl+o", "b")
        assert "stand here twice, theirs first" in c.text
        await c.press("down", "down", "end", "shift+home", "backspace", "backspace", "ctrl+o")
        assert c.card("ORD-0001").description == "one\ntheirs"


async def test_giving_up_the_merge_leads_back_to_the_form_with_all_that_was_typed() -> None:
    workspace = memory_workspace(order("One", description="one"))
    async with console(workspace) as c:
        await edit(c, "description", "mine")
        theirs(workspace, description="theirs")
        await c.press("ctrl+o", "b", "escape")
        assert c.dialog == "Form"
        assert "mine" in c.text
        assert c.card("ORD-0001").description == "theirs"
        await c.press("ctrl+o", "m")
        assert c.card("ORD-0001").description == "mine"


@pytest.mark.parametrize(
    ("field", "before", "other", "typed", "merged"),
    [
        ("tags", ["vip", "old"], ["vip", "theirs"], "vip, old, mine", ("vip", "theirs", "mine")),
        (
            "lines",
            [{"name": "Gayo", "quantity": 1, "sku": "G"}],
            [{"name": "Gayo", "quantity": 1, "sku": "G"}, {"name": "Toraja", "quantity": 2}],
            "1 x Gayo\n3 x Flores",
            (("Gayo", 1, "G"), ("Toraja", 2, ""), ("Flores", 3, "")),
        ),
    ],
)
async def test_lists_are_joined_without_what_either_took_out(
    field: str, before: list[Any], other: list[Any], typed: str, merged: tuple[Any, ...]
) -> None:
    workspace = memory_workspace(order("One", **{field: before}))
    async with console(workspace) as c:
        await edit(c, field, typed)
        theirs(workspace, **{field: other})
        await c.press("ctrl+o", "b", "ctrl+o")
        card = c.card("ORD-0001")
        lines = tuple((line.name, line.quantity, line.sku) for line in getattr(card.details, "lines", ()))
        assert (card.tags if field == "tags" else lines) == merged


async def test_what_cannot_be_merged_is_chosen_by_key_or_by_mouse() -> None:
    workspace = memory_workspace(order("One"))
    async with console(workspace) as c:
        await edit(c, "title", "Mine")
        theirs(workspace, title="Theirs")
        await c.press("ctrl+o", "b")
        assert c.dialog == "ConflictDialog"
        assert "b both" not in c.text
        await c.pilot.click(KeyLine, offset=(13, 0))
        await c.rest()
        assert c.card("ORD-0001").title == "Mine"


@pytest.mark.parametrize("size", [(40, 8), (80, 24), (200, 60)])
async def test_long_texts_scroll_and_the_keys_stay_in_sight(size: tuple[int, int]) -> None:
    workspace = memory_workspace(order("One", description="start"))
    async with console(workspace) as c:
        await edit(c, "description", "\n".join(f"mine {n}" for n in range(100)))
        theirs(workspace, description="\n".join(f"theirs {n}" for n in range(100)))
        await c.press("ctrl+o")
        await c.pilot.resize_terminal(*size)
        await c.rest()
        assert "esc back" in c.text
        await c.press("pagedown", "j")
        assert c.dialog == "ConflictDialog"


async def test_a_sku_is_kept_when_the_lines_of_an_order_are_edited() -> None:
    workspace = memory_workspace(order("One", lines=[{"name": "Gayo", "quantity": 1, "price": 5, "sku": "G-250"}]))
    async with console(workspace) as c:
        await edit(c, "lines", "4 x Gayo @ 90.000\nToraja")
        await c.press("ctrl+o")
        lines = getattr(c.card("ORD-0001").details, "lines", ())
        assert [(line.name, line.quantity, line.price, line.sku) for line in lines] == [
            ("Gayo", 4, 90_000, "G-250"),
            ("Toraja", 1, 0, ""),
        ]
