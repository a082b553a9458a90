"""Verbs on post-mortems."""

from __future__ import annotations

from pathlib import Path

import click

from opstui.cli.session import Session, pass_session, say, tell, tell_json
from opstui.domain.commands import DraftPostmortem
from opstui.domain.model import Doc, Refused
from opstui.domain.policy import check_export
from opstui.exports.postmortem import export_postmortem, render_of
from opstui.i18n import _


@click.group()
def postmortem() -> None:
    """Begin, show and export post-mortems."""


def _of(session: Session, name: str) -> Doc:
    """The post-mortem of that ref (PM-2026-001), or of that card."""
    wanted = name.strip().upper()
    card_id = session.workspace.state.find_ref(wanted)
    for _id, doc in session.workspace.state.items("postmortems"):
        if doc["ref"] == wanted or doc["card"] == card_id:
            return doc
    if card_id is not None:
        raise Refused(_("{ref} has no post-mortem yet; `opstui postmortem new {ref}` begins one").format(ref=wanted))
    raise Refused(_("there is no post-mortem {ref}; `opstui postmortem list` shows them").format(ref=wanted[:40]))


@postmortem.command()
@click.argument("ref", metavar="CARD")
@pass_session
def new(session: Session, ref: str) -> None:
    """Begin the post-mortem of a card; prints its id. A card that has one keeps it."""
    card_id = session.workspace.find(ref)
    session.submit(DraftPostmortem(card=card_id))
    tell(_of(session, ref)["ref"])


@postmortem.command()
@click.argument("ref", metavar="ID")
@pass_session
def show(session: Session, ref: str) -> None:
    """Print a post-mortem as Markdown."""
    tell(render_of(session.workspace, _of(session, ref)).rstrip("\n"))


@postmortem.command()
@click.argument("ref", metavar="ID")
@click.option(
    "-o",
    "target",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where to write it (else the workspace's exports folder).",
)
@pass_session
def export(session: Session, ref: str, target: Path | None) -> None:
    """Write a post-mortem to a Markdown file; a file edited by hand is never overwritten."""
    doc = _of(session, ref)
    card = session.workspace.state.get("cards", doc["card"]) or {}
    check_export(session.actor, card.get("kind", ""))
    written = export_postmortem(session.workspace, doc, session.may_write(target) if target else None)
    if written.kept is not None:
        say(_("{path} was edited by hand and stays as it is").format(path=written.kept))
    if not written.changed:
        say(_("unchanged"))
    tell(str(written.path))


@postmortem.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@pass_session
def list_all(session: Session, *, as_json: bool) -> None:
    """List post-mortems."""
    state = session.workspace.state
    rows = []
    for _id, doc in state.items("postmortems"):
        card = state.get("cards", doc["card"]) or {}
        rows.append(
            {
                "id": doc["ref"],
                "card": card.get("ref"),
                "title": card.get("title", ""),
                "status": doc["status"],
                "at": doc["at"],
            }
        )
    if as_json:
        tell_json({"schema": "opstui.postmortems/1", "postmortems": rows})
        return
    if not rows:
        say(_("no post-mortems yet; `opstui postmortem new CARD` begins one"))
    for row in rows:
        tell(f"{row['id']}  {row['card']}  {row['status']:8} {row['title']}")
