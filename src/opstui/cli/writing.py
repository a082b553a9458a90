"""Verbs by which people write a post-mortem: its sections, its parts, and the moment at which it is final.

The options of a part are made from `domain.parts.FIELDS`, so that the command line can say all that the console can.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import click

from opstui.cli.cards import here
from opstui.cli.session import Session, now, pass_session, say, tell
from opstui.domain.commands import AddPart, EditPart, PublishPostmortem, SkipPostmortem, WriteSection
from opstui.domain.model import TEXT_LIMIT, Doc, Field, Refused, clean_line
from opstui.domain.parts import FIELDS, part, parts_of
from opstui.domain.postmortems import missing as what_is_missing
from opstui.domain.postmortems import written
from opstui.domain.sections import section_named, sections_of
from opstui.formats import today_in
from opstui.i18n import _
from opstui.typed import Here, shown, typed

_BYTES_A_SIGN = 4


def found(session: Session, name: str) -> tuple[int, Doc]:
    """The post-mortem of that ref (PM-2026-001), or of that card.

    Raises:
        Refused: there is none; it says how to get one.
    """
    wanted = clean_line(name).upper()
    card_id = session.workspace.state.find_ref(wanted)
    for number, doc in session.workspace.state.items("postmortems"):
        if doc["ref"] == wanted or doc["card"] == card_id:
            return number, doc
    if card_id is not None:
        raise Refused(_("{ref} has no post-mortem yet; `opstui postmortem new {ref}` begins one").format(ref=wanted))
    raise Refused(_("there is no post-mortem {ref}; `opstui postmortem list` shows them").format(ref=wanted[:40]))


@click.command()
@click.argument("ref", metavar="ID")
@click.argument("section")
@click.argument("text", metavar="[TEXT|-]", required=False)
@click.option("--sure/--unsure", default=None, help="Confirm what was made from facts, or take that back.")
@pass_session
def write(session: Session, ref: str, section: str, text: str | None, *, sure: bool | None) -> None:
    """Write a section; `-` reads it from stdin, and without a text what stands there is printed."""
    number, doc = found(session, ref)
    kind = (session.workspace.state.get("cards", doc["card"]) or {}).get("kind", "")
    about = section_named(kind, section)
    if about is None or about.how == "facts":
        known = ", ".join(one.id for one in sections_of(kind) if one.how != "facts")
        reason = _("'{name}' is no section that people write here; sections: {known}")
        raise Refused(reason.format(name=clean_line(section)[:40], known=known))
    before = written(doc).get(section, "")
    if text is None and sure is None:
        tell(before or _("To write: {prompt}").format(prompt=about.prompt))
        return
    new = before if text is None else _read() if text == "-" else text
    receipt = session.submit(WriteSection(postmortem=number, section=section, text=new, base=before, sure=sure))
    if receipt.batch is None:
        say(_("{ref}: nothing to change").format(ref=doc["ref"]))


def _read() -> str:
    """What stdin holds, as far as a section may be long: more is refused by the rules, and not read to its end."""
    return sys.stdin.buffer.read(TEXT_LIMIT * _BYTES_A_SIGN + 1).decode("utf-8", "replace")


def _part_verb(sort: str, doing: str) -> click.Command:
    def run(**given: Any) -> None:
        _change_part(click.get_current_context().find_object(Session), sort, given)

    first, *others = FIELDS[sort]
    options: list[click.Parameter] = [
        click.Argument(["ref"], metavar="ID"),
        click.Argument([first.name], metavar="[TEXT]", required=False),
        click.Option(["--edit", "edited"], type=int, metavar="N", help=_("Change number N of the list.")),
        *(click.Option([f"--{one.name.replace('_', '-')}", one.name], help=_help(one)) for one in others),
    ]
    return click.Command(sort, params=options, callback=run, help=doing)


def _help(field: Field) -> str:
    return f"{field.label}: {', '.join(field.choices)}." if field.choices else f"{field.label}."


def _change_part(session: Session | None, sort: str, given: dict[str, Any]) -> None:
    assert session is not None
    number, doc = found(session, given["ref"])
    values = _typed(sort, given, here(session.workspace))
    if given["edited"] is not None:
        known = part(session.workspace.state, given["edited"])
        if (known["postmortem"], known["sort"]) != (number, sort):
            raise Refused(_("{ref} has no {sort} {n}").format(ref=doc["ref"], sort=sort, n=given["edited"]))
        session.submit(EditPart(part=given["edited"], values=values, base={name: known.get(name) for name in values}))
    elif values:
        session.submit(AddPart(postmortem=number, sort=sort, values=values))
    for line in _listed(session, number, sort):
        tell(line)


def _typed(sort: str, given: dict[str, Any], reader: Here) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in FIELDS[sort]:
        text = given[field.name]
        if text is None:
            continue
        try:
            values[field.name] = typed(field, text, reader) if text.strip() else None
        except ValueError as wrong:
            raise Refused(_("{field}: {reason}").format(field=field.name, reason=wrong)) from None
    return values


def _listed(session: Session, number: int, sort: str) -> Iterator[str]:
    """The parts of that sort, one a line: number, text, and what else is known."""
    reader = here(session.workspace)
    for part_id, doc in parts_of(session.workspace.state, number, sort):
        rest = [f"{f.label}: {text}" for f in FIELDS[sort][1:] if (text := shown(f, doc.get(f.name), reader))]
        yield f"{part_id}  {'; '.join([doc['text'], *rest])}"


action = _part_verb("action", "Add an action: who does what by when; without a text the actions are listed.")
factor = _part_verb("factor", "Add what made it likely; without a text the factors are listed.")
lesson = _part_verb("lesson", "Add what it teaches; without a text the lessons are listed.")


@click.command()
@click.argument("ref", metavar="ID")
@pass_session
def missing(session: Session, ref: str) -> None:
    """Say what stands in the way of publishing; nothing when it is ready."""
    number, doc = found(session, ref)
    left = list(what_is_missing(session.workspace.state, number, today_in(now(), session.workspace.settings.zone)))
    for line in left:
        tell(line)
    if not left:
        say(_("{ref} is ready: nothing is missing").format(ref=doc["ref"]))


@click.command()
@click.argument("ref", metavar="ID")
@pass_session
def publish(session: Session, ref: str) -> None:
    """Make it final: a card for each action, an entry of the playbook for each lesson; prints the new ones."""
    number, doc = found(session, ref)
    before = _made(session, number)
    receipt = session.submit(PublishPostmortem(postmortem=number))
    if receipt.batch is None:
        say(_("{ref} is published, and nothing is new since").format(ref=doc["ref"]))
    for made in _made(session, number):
        if made not in before:
            tell(made)


def _made(session: Session, number: int) -> list[str]:
    """The refs of cards and entries that publishing has made so far."""
    state = session.workspace.state
    cards = (state.get("cards", doc["card"]) for _id, doc in parts_of(state, number, "action") if doc.get("card"))
    entries = (doc["entry"] for _id, doc in parts_of(state, number, "lesson") if doc.get("entry"))
    return [*(card["ref"] for card in cards if card), *entries]


@click.command()
@click.argument("ref", metavar="ID")
@click.option("--reason", required=True, help="Why there is none.")
@pass_session
def skip(session: Session, ref: str, reason: str) -> None:
    """Say why there is no post-mortem of a card that should have one."""
    number, _doc = found(session, ref)
    session.submit(SkipPostmortem(postmortem=number, reason=reason))
