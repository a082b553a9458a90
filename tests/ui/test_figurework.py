"""Daily figures in the console: from a campaign's card, from the page about campaigns, and back by undo."""

from __future__ import annotations

from opstui.domain.commands import CreateCard, ImportStock
from opstui.domain.figures import rows_of
from opstui.domain.model import Product
from opstui.workspace import Workspace
from ui.page import RINA, Console, console, memory_workspace, orders


def shop(campaigns: int = 1) -> Workspace:
    made = [
        CreateCard(board="campaigns", title=f"Sale {n}", fields={"channels": ["meta"]}) for n in range(1, campaigns + 1)
    ]
    return memory_workspace(*orders(2), *made)


def spent(workspace: Workspace) -> list[tuple[int, str, int]]:
    return [(row["card"], row["channel"], row["spend"]) for row in rows_of(workspace.state)]


async def type_spend(c: Console, text: str) -> None:
    """From the row of the day on."""
    await c.press("tab", "tab")
    await c.type(text)
    await c.press("ctrl+o")


async def test_from_a_campaign_s_card_and_undone() -> None:
    workspace = shop(2)
    async with console(workspace, size=(120, 40)) as c:
        await c.press("2", "D")
        assert c.dialog == "Form"
        await type_spend(c, "1.5m")
        assert spent(workspace) == [(3, "meta", 1_500_000)]
        assert "figures of CMP-0001" in c.text
        await c.press("D")
        await type_spend(c, "2m")
        assert spent(workspace) == [(3, "meta", 2_000_000)]
        assert "replaced" in c.text
        await c.press("u")
        assert spent(workspace) == [(3, "meta", 1_500_000)]
        await c.press("u")
        assert spent(workspace) == []


async def test_an_order_has_none() -> None:
    async with console(shop(), size=(120, 40)) as c:
        await c.press("D")
        assert c.dialog == ""
        assert "belong to a campaign" in c.text


async def test_from_the_page_about_campaigns_which_shows_them_at_once() -> None:
    workspace = shop()
    async with console(workspace, size=(160, 45)) as c:
        await c.press("6")
        assert "D daily figures" in c.text
        await c.press("D")
        assert c.dialog == "Form"
        await type_spend(c, "750000")
        assert spent(workspace) == [(3, "meta", 750_000)]
        await c.until(lambda: "750" in c.text)


async def test_a_mistake_is_told_in_the_form() -> None:
    workspace = shop()
    async with console(workspace, size=(120, 40)) as c:
        await c.press("2", "D", "tab", "tab")
        await c.type("nonsense")
        await c.press("ctrl+o")
        assert c.dialog == "Form"
        assert "not an amount" in c.text
        assert spent(workspace) == []


async def test_undo_of_a_movement_writes_the_opposite() -> None:
    workspace = shop()
    workspace.submit(RINA, ImportStock(product=Product(sku="GAYO", name="Gayo")))
    async with console(workspace, size=(120, 40)) as c:
        await c.press("8", "m", "7", "ctrl+o", "escape")
        await c.press("u")
        assert [doc["quantity"] for _id, doc in workspace.state.items("movements")] == [-7, 7]
        assert "undone: GAYO: out 7" in c.text
