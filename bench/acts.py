"""What a screen of the gallery needs beside keys: a paste, a card half way in the mouse, what somebody else does."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from textual.events import MouseDown, MouseMove, Paste
from textual.geometry import Offset

from opstui.domain.commands import AddPart, EditCard, SaveFilter, WriteSection
from opstui.domain.model import Actor
from opstui.formats import Formats
from opstui.ui.longwork import Progress
from opstui.ui.screens.progress import ProgressScreen
from opstui.ui.widgets.board import Board

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from opstui.workspace import Workspace

CLASH = "ORD-0001"
"""The card that two people edit at once."""
LINES = "- 3 x Gayo 250 g\n- Bu Ratna: invoice\n* Kafe Senja, two boxes for Friday\n[ ] ring the roaster\n"
ROWS = (
    "board,title,total,due\norders,Kopi Gayo for Bu Ratna,120000,2026-11-30\norders,Toraja,90000,soon\n"
    "feedback,Late parcel,,\nshelves,Empty jar,,\n"
)
BRIEF = "Roast on Wednesday.\nTwo boxes, one label each.\nRing before the courier comes."


def _other(workspace: Workspace, **values: Any) -> None:
    card = workspace.state.find_ref(CLASH)
    assert card is not None
    workspace.submit(Actor("budi", "owner"), EditCard(card=card, values=values))


def other_title(workspace: Workspace) -> None:
    """Somebody else gives the card another title."""
    _other(workspace, title="What somebody else typed")


def brief(workspace: Workspace) -> None:
    """The card has a description of several lines."""
    _other(workspace, description=BRIEF)


def other_brief(workspace: Workspace) -> None:
    """Somebody else changes the last of them."""
    _other(workspace, description=BRIEF.replace("Ring before the courier comes", "The courier comes at nine"))


def shared_filter(workspace: Workspace) -> None:
    """Somebody else shares a filter."""
    workspace.submit(Actor("budi", "owner"), SaveFilter(name="big and late", query="is:late total:>500000"))


def rows_to_import(workspace: Workspace) -> None:
    """A file to take in lies in the workspace."""
    (workspace.path / "cards.csv").write_text(ROWS, "utf-8")


async def paste(pilot: Pilot[Any]) -> None:
    """Lines from a chat."""
    pilot.app.post_message(Paste(LINES))
    await pilot.pause()


async def carry(pilot: Pilot[Any]) -> None:
    """The first card is lifted and held over the next lane."""
    board = pilot.app.screen.query_one(Board)
    found = board.card_region(board.cursor_card or 0)
    assert found is not None
    begin = found.translate(board.region.offset).offset + Offset(2, 1)
    (left, _wide), (right, _w) = board._geometry.spans[:2]  # noqa: SLF001 - where the lanes stand
    for kind, x, y in (
        (MouseDown, begin.x, begin.y),
        (MouseMove, begin.x + 3, begin.y),
        (MouseMove, begin.x + right - left, begin.y + 6),
    ):
        event = kind(None, x, y, 0, 0, 1, False, False, False, screen_x=x, screen_y=y)  # noqa: FBT003 - Textual's
        event.set_sender(pilot.app)
        pilot.app.post_message(event)
        await pilot.pause()


class _Held(Progress):
    """A work that stands still eight seconds after its beginning."""

    @property
    def since(self) -> float:
        """Always as long ago."""
        return time.monotonic() - 8

    @since.setter
    def since(self, _at: float) -> None:
        pass


async def half_way(pilot: Pilot[Any]) -> None:
    """An import that is half way."""
    progress = _Held("Importing orders.csv")
    progress(4_100, 10_000)
    work = asyncio.get_running_loop().create_future()
    formats = Formats("id", "IDR", ZoneInfo("UTC"))
    pilot.app.push_screen(ProgressScreen("Importing orders.csv", progress, work, formats, "what is in by then stays"))
    await pilot.pause()


def learned(workspace: Workspace) -> None:
    """Somebody has begun to write what the birthday campaign taught."""
    number = next(i for i, doc in workspace.state.items("postmortems") if doc["status"] == "draft")
    link = {"text": "Add a link check to the launch checklist", "type": "prevent", "priority": "P1"}
    workspace.submit(
        Actor("budi", "owner"),
        WriteSection(postmortem=number, section="not_worked", text="Nobody clicked the last link. Rina forgot it."),
        WriteSection(postmortem=number, section="lucky", text="The fault came on a quiet morning."),
        AddPart(
            postmortem=number,
            sort="action",
            values={**link, "owner": "rina", "due": "2027-01-11", "done_when": "checklist v5 is live"},
        ),
        AddPart(postmortem=number, sort="action", values={"text": "Be more careful with vouchers", "priority": "P2"}),
        AddPart(postmortem=number, sort="factor", values={"text": "No link check", "category": "process"}),
    )
