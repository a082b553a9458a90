"""A shop to look at: a fresh workspace made from `sample_data`, with its days moved so that today is live.

Records come in through the import's door, and what people did is done again as these people, at their times: so every
number, timeline and post-mortem of the demo has its history like in any other workspace.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from opstui import config
from opstui.domain.commands import AddCheck, AddMember, Command, DraftPostmortem, EditCard, ImportCard, TickCheck
from opstui.domain.figures import rows_of
from opstui.domain.model import Actor, Draft
from opstui.exports import plain
from opstui.exports.postmortem import render_of
from opstui.i18n import _
from opstui.imports.interface import Context
from opstui.imports.sample import read
from opstui.imports.sample.deeds import Deed, deeds, people
from opstui.imports.sample.records import SOURCE
from opstui.imports.sample.relative import Calendar
from opstui.metrics.track import day_start, local_day
from opstui.projections.flow import Flows
from opstui.projections.kpis import board_metrics
from opstui.projections.tiles import tiles
from opstui.workspace import Workspace, create_workspace, open_workspace

if TYPE_CHECKING:
    from opstui.domain.boards import Board, Stage
    from opstui.domain.model import Doc
    from opstui.domain.state import Reader

IMPORTER = Actor("import", "owner")
"""Who brings the sample in: none of its people, so that each of those is named where it was them."""
REPORT_DAYS = 30
"""How many days, today included, the figures of the printed report cover."""


class _Clock:
    """The time for a workspace under construction: `at` while that is set, else the real one."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.at: datetime | None = None

    def __call__(self) -> datetime:
        return self.at or self.now()


def build_demo(
    target: Path, *, now: Callable[[], datetime], owner: str = "rina", sample: Path | None = None
) -> Workspace:
    """Make the demo's workspace in a folder that is new or empty, and open it.

    `now` gives aware times and tells which day is today; `owner` becomes an owner beside the shop's own people.

    Raises:
        Refused: the folder holds something already, or the sample cannot be read.
        StoreError: the folder cannot be written.

    """
    source = sample or config.resource("sample_data")
    settings = config.load(source)
    present = now()
    calendar = Calendar(settings.zone, present)
    clock = _Clock(now)
    clock.at, roles = people(source, calendar)
    create_workspace(
        target, clock, owner=owner, name=settings.name, currency=settings.currency, timezone=settings.timezone
    ).close()
    shutil.copyfile(source / config.FILE, target / config.FILE)
    workspace = open_workspace(target, clock)
    others = (AddMember(name=name, role=role) for name, role in roles.items() if name != owner)
    workspace.submit(Actor(owner, "owner"), *others, via="cli")
    clock.at = present
    reading = read([source], Context(zone=settings.zone, currency=settings.currency, now=present))
    first, later = _split(reading.drafts)
    workspace.submit(IMPORTER, *(ImportCard(draft=d) for d in first), *reading.stock, via="import")
    for at, by, done in _by_moment(deeds(source, calendar)):
        clock.at = at
        for deed in done:
            workspace.submit(Actor(by, roles.get(by, "owner")), command_of(deed, workspace.state))
    clock.at = present
    workspace.submit(IMPORTER, *(ImportCard(draft=_promised(d, workspace.state)) for d in later), via="import")
    clock.at = None
    return workspace


def _split(drafts: Iterable[Draft]) -> tuple[list[Draft], list[Draft]]:
    """The actions apart: they name a post-mortem that must be there first."""
    drafts = tuple(drafts)
    return [d for d in drafts if d.board != "actions"], [d for d in drafts if d.board == "actions"]


def _by_moment(done: Iterable[Deed]) -> Iterable[tuple[datetime, str, list[Deed]]]:
    for (at, by), group in groupby(done, attrgetter("at", "by")):
        yield at, by, list(group)


def command_of(deed: Deed, state: Reader) -> Command:
    """The request that does a deed.

    Raises:
        ValueError: there is no such card or checklist item in the sample.

    """
    card = state.find_external(SOURCE, deed.card)
    if card is None:
        raise ValueError(deed.card)
    if deed.sort == "check":
        return AddCheck(card=card, text=deed.name)
    if deed.sort == "set":
        return EditCard(card=card, values={deed.name: deed.value})
    if deed.sort == "postmortem":
        return DraftPostmortem(card=card)
    items = (state.get("cards", card) or {}).get("checklist", ())
    found = next((item["id"] for item in items if item["text"] == deed.name), None)
    if found is None:
        raise ValueError(deed.name)
    return TickCheck(card=card, item=found)


def _promised(draft: Draft, state: Reader) -> Draft:
    """An action that names the post-mortem of the card it came from."""
    causes = {state.find_external(draft.source, key) for relation, key in draft.links if relation == "caused_by"}
    refs = [doc["ref"] for _id, doc in state.items("postmortems") if doc["card"] in causes]
    return replace(draft, fields={**draft.fields, "postmortem": refs[0]}) if refs else draft


# --------------------------------------------------------------------------------------- without a terminal


def demo_report(workspace: Workspace) -> str:
    """The boards, the six tiles, each board's figures and the post-mortems, as text."""
    settings, state, now = workspace.settings, workspace.state, workspace.now()
    boards = [plain.board(found, _stages(found, state), settings, now) for found in settings.boards]
    written = [render_of(workspace, doc) for _id, doc in state.items("postmortems")]
    heads = (_("BOARDS"), _("TODAY"), _("FIGURES"), _("POST-MORTEM"))
    parts = ([*boards], [plain.tiles(tiles(state, settings, now), settings)], _figures(workspace, now), written)
    return "\n\n".join(text for head, part in zip(heads, parts, strict=True) for text in (head, *part))


def _stages(found: Board, state: Reader) -> list[tuple[Stage, list[Doc]]]:
    return [
        (stage, [doc for i in state.lane(found.id, stage.id) if (doc := state.get("cards", i)) is not None])
        for stage in found.stages
    ]


def _figures(workspace: Workspace, now: datetime) -> list[str]:
    settings = workspace.settings
    flows = Flows(settings.boards)
    for batch in workspace.history():
        flows.apply(batch)
    end = local_day(now, settings.zone) + timedelta(days=1)
    start = end - timedelta(days=REPORT_DAYS)
    period = day_start(start, settings.zone), day_start(end, settings.zone)
    rows = list(rows_of(workspace.state))
    return [
        plain.metrics(
            found, board_metrics(found, flows.tracks(found.id), rows, settings, *period, now), settings, start, end
        )
        for found in settings.boards
    ]
