"""The verb on numbers."""

from __future__ import annotations

from datetime import date, timedelta

import click

from opstui.cli.cards import board_of, here
from opstui.cli.session import Session, now, pass_session, say, tell, tell_json
from opstui.domain.boards import Board
from opstui.domain.commands import SetTarget
from opstui.domain.model import Refused
from opstui.domain.registry import KPIS
from opstui.domain.targets import targets_of
from opstui.exports import plain as text
from opstui.exports.daily import daily_rows
from opstui.exports.figures import folded, head, metric_record, metrics, stale_until, tile_record
from opstui.i18n import _
from opstui.projections.flow import Flows
from opstui.projections.freshness import freshness_words
from opstui.projections.kpis import DEFAULT_DAYS, days_with_figures, says_nothing
from opstui.projections.tiles import tiles
from opstui.typed import typed_day
from opstui.typed.targets import typed_target
from opstui.workspace import Workspace


@click.command()
@click.argument("board_id", metavar="[BOARD]", required=False)
@click.option("--from", "since", metavar="D", help="First day (2026-09-01, -30d ...); by default 30 days back.")
@click.option("--to", "until", metavar="D", help="The day after the last; by default tomorrow.")
@click.option("--list", "listing", is_flag=True, help="Say which KPIs there are, how each is worked out, its target.")
@click.option("--target", nargs=2, metavar="ID VALUE", help="Set what a KPI should be; `none` takes its target away.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@pass_session
def kpi(
    session: Session,
    board_id: str | None,
    since: str | None,
    until: str | None,
    target: tuple[str, str] | None,
    *,
    listing: bool,
    as_json: bool,
) -> None:
    """Print the tiles, and a board's metrics by id."""
    if target is not None:
        _set_target(session, *target)
        return
    if listing:
        _list(session, as_json=as_json)
        return
    workspace, settings = session.workspace, session.workspace.settings
    start, end = period(since, until, here(workspace).today)
    flows = folded(workspace)
    boards = [board_of(workspace, board_id)] if board_id else list(settings.boards)
    told = head(boards[0] if board_id else None, start, end, now())
    if as_json and board_id:
        found, stale = metrics(workspace, boards[0], flows, start, end), stale_until(workspace, end)
        tell_json(told | {"metrics": [metric_record(m, stale) for m in found]})
        return
    top = tiles(workspace.state, settings, now())
    if as_json:
        tell_json(told | {"metrics": [tile_record(tile) for tile in top]})
        return
    if not board_id:
        tell(text.tiles(top, settings))
    for board in boards:
        found = metrics(workspace, board, flows, start, end)
        stale = stale_until(workspace, end)
        tell(text.metrics(board, found, settings, start, end, stale, here(workspace).today))
        if says_nothing(found):
            _say_where_they_are(workspace, board, flows)


def _list(session: Session, *, as_json: bool) -> None:
    workspace = session.workspace
    wanted = targets_of(workspace.state, workspace.settings.targets)
    records = [
        {
            "id": known.id,
            "name": known.name,
            "formula": known.formula,
            "unit": known.unit,
            "better": known.better,
            "group": known.group,
            "source": known.source,
            "stale_after_hours": None if known.hours is None else 2 * known.hours,
            "target": wanted.get(known.id),
        }
        for known in KPIS.values()
    ]
    if as_json:
        tell_json({"schema": "opstui.kpis/1", "kpis": records})
        return
    for record in records:
        goal = _("; target {value}").format(value=f"{record['target']:g}") if record["target"] is not None else ""
        better = {"up": _("more is better"), "down": _("less is better")}.get(str(record["better"]), "")
        fresh = freshness_words(KPIS[str(record["id"])].hours)
        about = ", ".join(part for part in (str(record["unit"]), better, str(record["source"]), fresh) if part)
        tell(f"{record['id']:27} {record['name']}: {record['formula']} ({about}{goal})")


def _set_target(session: Session, name: str, text: str) -> None:
    unit = KPIS[name].unit if name in KPIS else ""
    try:
        value = typed_target(text, unit, session.workspace.settings.currency)
    except ValueError as wrong:
        raise click.UsageError(f"--target {name}: {wrong}") from None
    receipt = session.submit(SetTarget(kpi=name, value=value))
    if not receipt.events:
        say(_("{name}: that is its target already").format(name=name))
    elif value is None:
        say(_("{name} has no target any more").format(name=name))
    else:
        say(_("{name}: the target is {value:g}").format(name=name, value=value))


def _say_where_they_are(workspace: Workspace, board: Board, flows: Flows) -> None:
    zone = workspace.settings.zone
    found = days_with_figures(board, flows.tracks(board.id), daily_rows(workspace, board), zone)
    if found is None:
        return
    first, last = found
    hint = _(
        "{board}: nothing in this period; there are figures from {first} to {last}: try --from {first} --to {after}"
    )
    say(hint.format(board=board.name, first=first, last=last, after=last + timedelta(days=1)))


def period(since: str | None, until: str | None, today: date) -> tuple[date, date]:
    """The days that are asked for: (the first, the day after the last)."""
    end = _day("--to", until, today) or today + timedelta(days=1)
    start = _day("--from", since, today) or end - timedelta(days=DEFAULT_DAYS)
    if end <= start:
        raise Refused(_("--to {end} must be after --from {start}").format(end=end, start=start))
    return start, end


def _day(option: str, words: str | None, today: date) -> date | None:
    try:
        return typed_day(words or "", today)
    except ValueError as wrong:
        raise click.UsageError(f"{option}: {wrong}") from None
