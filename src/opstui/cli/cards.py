"""Verbs on boards and cards."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from opstui.cli import marks, undoing
from opstui.cli.session import Session, now, pass_session, say, tell, tell_json
from opstui.domain.boards import Board, with_strays
from opstui.domain.commands import AddComment, CreateCard, EditCard, MoveCard
from opstui.domain.fieldwork import known_field
from opstui.domain.filters import saved_queries
from opstui.domain.model import Doc, Refused, clean_line
from opstui.exports import plain
from opstui.exports.records import card_record
from opstui.i18n import _, ngettext
from opstui.projections.filter import FilterContext, parse
from opstui.projections.timeline import card_events
from opstui.typed import Here, typed
from opstui.workspace import Workspace


def board_of(workspace: Workspace, name: str) -> Board:
    """The board of that id, or a refusal that lists them."""
    board = workspace.settings.board(name)
    if board is None:
        known = ", ".join(b.id for b in workspace.settings.boards)
        raise Refused(_("there is no board '{id}'; boards: {known}").format(id=clean_line(name)[:40], known=known))
    return board


def here(workspace: Workspace, currency: str = "") -> Here:
    """What typed values are read against."""
    return Here(now(), workspace.settings.zone, currency or workspace.settings.currency)


@click.command()
@click.argument("board_id", metavar="BOARD")
@click.option(
    "--filter",
    "query",
    default="",
    metavar="Q",
    help="Only cards that match, as in `owner:rina is:late`, or `@name` of a shared filter.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--plain", "ids_only", is_flag=True, help="Only the ids, one a line.")
@pass_session
def board(session: Session, board_id: str, query: str, *, as_json: bool, ids_only: bool) -> None:
    """Show a board: its stages and their cards."""
    workspace = session.workspace
    known = board_of(workspace, board_id)
    found = with_strays(known, workspace.state.stages(known.id))
    today = here(workspace).today
    matches = parse(query, _context(session, found, today)) if query else None
    stages = [(stage, _cards(workspace, found, stage.id, matches)) for stage in found.stages]
    if as_json:
        rows = [
            {
                "id": s.id,
                "name": s.name,
                "category": s.category,
                "cards": [card_record(d, workspace.state) for d in docs],
            }
            for s, docs in stages
        ]
        tell_json({"schema": "opstui.board/1", "board": found.id, "stages": rows})
    elif ids_only:
        for _stage, docs in stages:
            for doc in docs:
                tell(doc["ref"])
    else:
        tell(plain.board(found, stages, workspace.settings, now()))
    _say_strays(workspace, known, found)


def _say_strays(workspace: Workspace, known: Board, found: Board) -> None:
    """One line about cards whose stage the settings no longer have, if there are any."""
    strays = [stage.id for stage in found.stages[len(known.stages) :]]
    n = sum(len(workspace.state.lane(known.id, stage)) for stage in strays)
    if n:
        counted = ngettext(
            "{n} card is in a stage that opstui.toml no longer has",
            "{n} cards are in stages that opstui.toml no longer has",
            n,
        )
        next_step = _("{counted} ({stages}); take them out with `opstui card move ID STAGE`")
        say(next_step.format(counted=counted, stages=", ".join(strays)))


def _context(session: Session, found: Board, today: date) -> FilterContext:
    workspace = session.workspace
    saved = saved_queries(workspace.state)
    zone, me = workspace.settings.zone, session.actor.name
    return FilterContext(
        board=found,
        today=today,
        zone=zone,
        me=me,
        saved=saved,
        was=workspace.was,
        bought=workspace.bought,
        counted=workspace.counted,
    )


def _cards(workspace: Workspace, found: Board, stage: str, matches: Any) -> list[Doc]:
    docs = (workspace.state.get("cards", i) for i in workspace.state.lane(found.id, stage))
    return [doc for doc in docs if doc is not None and (matches is None or matches(doc))]


@click.group()
def card() -> None:
    """Add, show and change cards."""


def _assignments(workspace: Workspace, kind: str, pairs: tuple[str, ...], currency: str = "") -> dict[str, Any]:
    """`field=value` pairs as document values."""
    raw: dict[str, str] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise click.UsageError(_("--set takes field=value, not '{pair}'").format(pair=clean_line(pair)[:60]))
        raw[name.strip()] = text
    values: dict[str, Any] = {}
    reader = here(workspace, clean_line(raw.get("currency", currency)).upper())
    for name, text in raw.items():
        field = known_field(kind, name)
        try:
            values[name] = typed(field, text, reader) if text.strip() else None
        except ValueError as wrong:
            raise Refused(_("{field}: {reason}").format(field=name, reason=wrong)) from None
    return values


_SET = click.option("--set", "pairs", multiple=True, metavar="field=value", help="Set a field; may be repeated.")
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document.")


@card.command()
@click.argument("board_id", metavar="BOARD")
@click.argument("title")
@_SET
@_JSON
@pass_session
def add(session: Session, board_id: str, title: str, pairs: tuple[str, ...], *, as_json: bool) -> None:
    """Add a card; prints its id."""
    workspace = session.workspace
    found = board_of(workspace, board_id)
    receipt = session.submit(CreateCard(board=found.id, title=title, fields=_assignments(workspace, found.kind, pairs)))
    _print_card(session, receipt.events[0].id, as_json=as_json, short=True)


def _print_card(session: Session, card_id: int, *, as_json: bool, short: bool = False) -> None:
    doc = session.workspace.state.get("cards", card_id) or {}
    if as_json:
        tell_json({"schema": "opstui.card/1", **card_record(doc, session.workspace.state)})
    elif short:
        tell(doc["ref"])
    else:
        rows = card_events(session.workspace.events_of({card_id}), card_id)
        tell(
            plain.card(
                session.workspace.card(card_id), rows, session.workspace.state, session.workspace.settings, now()
            )
        )


@card.command()
@click.argument("ref", metavar="ID")
@_JSON
@pass_session
def show(session: Session, ref: str, *, as_json: bool) -> None:
    """Show a card and its timeline."""
    _print_card(session, session.workspace.find(ref), as_json=as_json)


@card.command()
@click.argument("ref", metavar="ID")
@_SET
@_JSON
@pass_session
def edit(session: Session, ref: str, pairs: tuple[str, ...], *, as_json: bool) -> None:
    """Set fields of a card; an empty value clears a field."""
    workspace = session.workspace
    card_id = workspace.find(ref)
    doc = workspace.state.get("cards", card_id) or {}
    values = _assignments(workspace, doc["kind"], pairs, doc.get("currency", ""))
    if not values:
        raise click.UsageError(_("nothing to set; give at least one --set field=value"))
    receipt = session.submit(EditCard(card=card_id, values=values))
    if receipt.batch is None:
        say(_("{ref}: nothing to change").format(ref=doc["ref"]))
    _print_card(session, card_id, as_json=as_json, short=True)


@card.command()
@click.argument("ref", metavar="ID")
@click.argument("stage")
@_JSON
@pass_session
def move(session: Session, ref: str, stage: str, *, as_json: bool) -> None:
    """Move a card to a stage."""
    card_id = session.workspace.find(ref)
    session.submit(MoveCard(card=card_id, stage=stage))
    _print_card(session, card_id, as_json=as_json, short=True)


@card.command()
@click.argument("ref", metavar="ID")
@click.argument("text")
@pass_session
def comment(session: Session, ref: str, text: str) -> None:
    """Say something on a card."""
    session.submit(AddComment(card=session.workspace.find(ref), text=text))


card.add_command(undoing.undo)
card.add_command(undoing.redo)
card.add_command(marks.mark)
card.add_command(marks.star)
