"""What happened on a card: marks with a time that is typed, and stars on rows of its timeline."""

from __future__ import annotations

from opstui.domain.commands import AddComment, AddMember, DraftPostmortem, MoveCard
from opstui.domain.model import Actor
from ui.page import RINA, console, memory_workspace, orders


async def test_something_happened_at_a_time_that_is_typed() -> None:
    workspace = memory_workspace(*orders(1))
    workspace.submit(RINA, AddMember(name="ani", role="viewer"))
    async with console(workspace, size=(100, 30)) as c:
        c.board.action_command("happened")
        await c.rest()
        assert c.dialog == "Form"
        await c.type("det\n")
        await c.type("08:47\n")
        await c.type("a customer called")
        assert "somebody noticed" in c.text
        await c.press("enter")
        (mark,) = (c.workspace.state.get("cards", 1) or {})["marks"]
        assert mark == {"mark": "detected", "at": "2026-09-21T01:47:00Z", "note": "a customer called"}
        assert "ORD-0001: detected" in c.said
        await c.press("u")
        assert not (c.workspace.state.get("cards", 1) or {}).get("marks")


async def test_what_is_still_to_come_stays_typed_with_the_reason() -> None:
    async with console(memory_workspace(*orders(1)), size=(100, 30)) as c:
        c.board.action_command("happened")
        await c.rest()
        await c.type("started\n")
        await c.type("23:59")
        await c.press("ctrl+o")
        assert c.dialog == "Form"
        assert "still to come" in c.text


async def test_a_star_is_put_on_a_row_and_taken_away() -> None:
    workspace = memory_workspace(*orders(1), MoveCard(card=1, stage="stock"), AddComment(card=1, text="[b]wait[/]"))
    async with console(workspace, size=(100, 30)) as c:
        await c.press("enter")
        c.board.action_command("stars")
        await c.until(lambda: "[b]wait[/]" in c.text)
        await c.press("j", "enter")
        await c.until(lambda: "1 star" in c.text)
        batch = (workspace.state.get("cards", 1) or {})["stars"]
        assert batch == [2]
        await c.press("space")
        await c.until(lambda: "0 stars" in c.text)
        assert "stars" not in (workspace.state.get("cards", 1) or {})
        await c.press("escape")
        assert c.dialog == ""


async def test_who_may_not_is_told() -> None:
    async with console(memory_workspace(*orders(1)), actor=Actor("ani", "viewer"), size=(100, 30)) as c:
        c.board.action_command("stars")
        await c.until(lambda: "created in" in c.text)
        await c.press("enter")
        await c.until(lambda: "may not" in c.text)


async def test_a_post_mortem_that_is_due_stands_on_the_card_and_in_my_work() -> None:
    workspace = memory_workspace(*orders(1))
    workspace.submit(RINA, DraftPostmortem(card=1, severity="SEV1"), MoveCard(card=1, stage="closed"))
    async with console(workspace, size=(100, 30)) as c:
        await c.press("w")
        assert "Post-mortems to write" in c.text
        assert "PM-2026-001 · 2026-09-23" in c.text
        await c.press("enter")
        assert c.cursor is not None
        assert c.cursor.ref == "ORD-0001"
        await c.press("enter")
        assert "PM-2026-001 · SEV1 · draft · to be drafted by" in " ".join(c.text.split())
