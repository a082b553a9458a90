"""The pages of numbers in the console: the cursor, the cards behind a number and back, tables, periods, an action."""

from __future__ import annotations

import pytest

from opstui.domain.commands import ArchiveCard, CreateCard, ImportStock, MoveCard
from opstui.domain.model import Product
from opstui.ui.screens.figures import FiguresScreen
from opstui.ui.screens.find import FindScreen
from opstui.workspace import Workspace
from ui.page import BUDI, RINA, Console, console, memory_workspace, orders


def shop() -> Workspace:
    """Orders on their way, one done, and a question."""
    moves = [MoveCard(card=n, stage="stock") for n in range(1, 6)] + [MoveCard(card=1, stage="closed")]
    return memory_workspace(*orders(6), *moves, CreateCard(board="feedback", title="where is it?"))


def page_of(c: Console) -> FiguresScreen:
    screen = c.app.screen
    assert isinstance(screen, FiguresScreen)
    return screen


def found_of(c: Console) -> FindScreen:
    screen = c.app.screen
    assert isinstance(screen, FindScreen)
    return screen


async def at_page(c: Console, key: str) -> FiguresScreen:
    await c.press(key)
    screen = page_of(c)
    await c.until(lambda: screen.panels.page is not None)
    return screen


@pytest.mark.parametrize("size", [(20, 5), (80, 24), (160, 45)])
@pytest.mark.parametrize("key", ["5", "6", "7", "8"])
async def test_every_page_opens_and_every_key_is_taken(key: str, size: tuple[int, int]) -> None:
    async with console(shop(), size=size) as c:
        screen = await at_page(c, key)
        assert screen.panels.page is not None
        keys = ("j", "k", "l", "h", "tab", "shift+tab", "end", "home", "pagedown", "pageup", "T", "j", "T")
        await c.press(*keys, "right_square_bracket", "left_square_bracket")
        assert c.app.screen is screen
        await c.press("escape")
        assert c.dialog == ""


async def test_enter_opens_the_cards_and_escape_comes_back_to_the_number() -> None:
    async with console(shop(), size=(120, 40)) as c:
        screen = await at_page(c, "5")
        await c.press("j", "j", "j", "j")
        panel, element = screen.panels.here or (None, None)
        assert element is not None
        assert (element.label, element.value) == ("Done", 1)
        await c.press("enter")
        assert found_of(c).field.value == element.query
        assert "ORD-0001" in c.text
        await c.press("escape")
        assert page_of(c).panels.here == (panel, element)
        await c.press("enter", "enter")
        assert c.dialog == ""
        assert c.cursor is not None
        assert c.cursor.ref == "ORD-0001"


async def test_a_number_of_the_pane_opens_cards_that_were_put_away_too() -> None:
    workspace = shop()
    workspace.submit(RINA, ArchiveCard(card=1))
    async with console(workspace, size=(160, 45)) as c:
        await c.until(lambda: "Lead time" in c.text)
        flow = c.board.pane.shown.flow
        assert flow is not None
        c.board.turning.behind_number(flow.board, flow.done_query)
        await c.until(lambda: "ORD-0001" in c.text)
        assert found_of(c).field.value == "board:orders done:30d"
        await c.press("escape")
        assert c.dialog == ""


async def test_a_number_becomes_a_card_with_the_evidence() -> None:
    async with console(shop(), size=(120, 40)) as c:
        screen = await at_page(c, "5")
        await c.press("tab")
        assert screen.panels.here is not None
        assert screen.panels.here[0].id == "flow.bottleneck"
        await c.press("n")
        assert c.dialog == "Form"
        await c.press("ctrl+o")
        assert page_of(c).panels.here == screen.panels.here
        created = c.events("created")[-1]
        doc = c.workspace.state.get("cards", created.id) or {}
        assert doc["board"] == "actions"
        assert "Its cards: board:orders was:new@" in doc["description"]


async def test_what_others_do_comes_into_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opstui.ui.screens.figures.LATER", 0.001)
    workspace = shop()
    async with console(workspace, size=(120, 40)) as c:
        screen = await at_page(c, "5")
        workspace.submit(BUDI, MoveCard(card=2, stage="closed"))
        c.app.session._own += list(workspace.history(workspace.store.seq - 1))
        c.board.changes.take_in()

        def done() -> object:
            page = screen.panels.page
            return page and next(e.value for _p, e in page.elements() if e.label == "Done") == 2

        await c.until(done)


async def test_a_click_chooses_and_a_second_opens() -> None:
    async with console(shop(), size=(120, 40)) as c:
        screen = await at_page(c, "5")
        x, y = screen.panels.region.x + 40, screen.panels.region.y + 1
        await c.pilot.click(offset=(x, y))
        assert screen.panels.here is not None
        assert screen.panels.here[1].label == "Lead time p85"
        await c.pilot.click(offset=(x, y), times=2)
        await c.rest()
        assert found_of(c).field.value


async def test_keys_of_boards_lead_there_and_the_same_key_back() -> None:
    async with console(shop()) as c:
        await at_page(c, "5")
        await c.press("6")
        screen = page_of(c)
        await c.until(lambda: screen.panels.page is not None and screen.panels.page.id == "campaigns")
        await c.press("6")
        assert c.dialog == ""
        await at_page(c, "7")
        await c.press("3")
        assert c.dialog == ""
        assert "where is it?" in c.text


async def test_a_movement_and_a_product_are_written_down_on_the_page_about_stock() -> None:
    workspace = shop()
    workspace.submit(
        RINA,
        ImportStock(product=Product(sku="GAYO", name="Gayo", minimum=5)),
        ImportStock(product=Product(sku="OLD", name="Old")),
    )
    async with console(workspace, size=(120, 40)) as c:
        screen = await at_page(c, "8")
        assert screen.panels.here is not None
        await c.press("m")
        assert c.dialog == "Form"
        await c.press("7", "ctrl+o")
        assert [(doc["sku"], doc["quantity"]) for _id, doc in workspace.state.items("movements")] == [("GAYO", -7)]
        screen = page_of(c)
        await c.press("e", "tab", "tab", "9", "ctrl+o")
        products = {doc["sku"]: doc for _id, doc in workspace.state.items("products")}
        assert products["GAYO"]["minimum"] == 9
        await c.press("escape", "escape")
        await c.press("ctrl+p")
        await c.type("product\n")
        await c.type("NEW")
        await c.press("ctrl+o")
        assert "NEW" in {doc["sku"] for _id, doc in workspace.state.items("products")}
