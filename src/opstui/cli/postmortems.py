"""Verbs on post-mortems."""

from __future__ import annotations

from pathlib import Path

import click

from opstui.cli import writing
from opstui.cli.cards import here
from opstui.cli.giving import give_out
from opstui.cli.session import Session, pass_session, say, tell, tell_json
from opstui.cli.writing import found
from opstui.domain.commands import DraftPostmortem
from opstui.domain.model import Doc
from opstui.domain.policy import check_export
from opstui.exports.audience import AUDIENCES, Audience
from opstui.exports.postmortem import export_postmortem, render_of
from opstui.i18n import _


@click.group()
def postmortem() -> None:
    """Begin, write, publish and export post-mortems."""


for verb in (
    writing.write,
    writing.action,
    writing.factor,
    writing.lesson,
    writing.missing,
    writing.publish,
    writing.skip,
):
    postmortem.add_command(verb)


def _of(session: Session, name: str) -> Doc:
    return found(session, name)[1]


@postmortem.command()
@click.argument("ref", metavar="CARD")
@click.option("--severity", default="", metavar="SEV", help="How bad it was: SEV1 (worst) to SEV4.")
@pass_session
def new(session: Session, ref: str, severity: str) -> None:
    """Begin the post-mortem of a card; prints its id. A card that has one keeps it."""
    card_id = session.workspace.find(ref)
    session.submit(DraftPostmortem(card=card_id, severity=severity.upper()))
    tell(_of(session, ref)["ref"])


_AUDIENCE = click.option(
    "--audience",
    type=click.Choice(AUDIENCES),
    default="internal",
    help="public: roles instead of names, no customers, no comments.",
)
_PLAIN = click.option("--no-mermaid", "plain", is_flag=True, help="Without diagrams; their tables stay.")


@postmortem.command()
@click.argument("ref", metavar="ID")
@_AUDIENCE
@_PLAIN
@pass_session
def show(session: Session, ref: str, audience: Audience, *, plain: bool) -> None:
    """Print a post-mortem as Markdown."""
    tell(render_of(session.workspace, _of(session, ref), audience, diagrams=not plain).rstrip("\n"))


@postmortem.command()
@click.argument("ref", metavar="ID")
@click.option(
    "-o",
    "target",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where to write it (else the workspace's exports folder).",
)
@_AUDIENCE
@_PLAIN
@pass_session
def export(session: Session, ref: str, target: Path | None, audience: Audience, *, plain: bool) -> None:
    """Write a post-mortem to a Markdown file; a file edited by hand is never overwritten."""
    doc = _of(session, ref)
    card = session.workspace.state.get("cards", doc["card"]) or {}
    check_export(session.actor, card.get("kind", ""))
    path = session.may_write(target) if target else None
    written = export_postmortem(session.workspace, doc, path, audience, diagrams=not plain)
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


_TO_FILE = click.option(
    "-o", "target", metavar="FILE", type=click.Path(path_type=Path), help="Write to a file instead."
)


@postmortem.command()
@_TO_FILE
@pass_session
def index(session: Session, target: Path | None) -> None:
    """A Markdown table of all post-mortems: verdict, KPIs met, open and overdue actions."""
    from opstui.exports.lessons import index as table  # noqa: PLC0415 - only this verb needs it

    give_out(session, table(session.workspace, here(session.workspace).today), target)


@postmortem.command()
@click.option("--find", "words", default="", metavar="WORDS", help="Only lessons with all of these words.")
@_TO_FILE
@pass_session
def lessons(session: Session, words: str, target: Path | None) -> None:
    """Every lesson and entry of the playbook as one Markdown file."""
    from opstui.exports.lessons import lessons as told  # noqa: PLC0415 - only this verb needs it

    give_out(session, told(session.workspace, words), target)
