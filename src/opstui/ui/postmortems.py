"""What can be done to one post-mortem from the console; each deed is saved as it is made, and undone by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from opstui.domain import commands as c
from opstui.domain import parts, postmortems
from opstui.domain.model import Doc, Refused, clean_line
from opstui.domain.playbook import entries
from opstui.domain.policy import check_export
from opstui.domain.sections import SEVERITIES
from opstui.i18n import _
from opstui.projections.writing import SectionView, names_of, section_views
from opstui.typed import shown
from opstui.ui.ink import clip
from opstui.ui.offers import Source, among
from opstui.ui.rows import Row, row_of
from opstui.ui.session import Plan
from opstui.ui.telling import Telling

if TYPE_CHECKING:
    from opstui.ui.attempts import Host
    from opstui.ui.session import Session

BEGUN: dict[str, Doc] = {
    "action": {"type": "prevent", "priority": "P2"},
    "factor": {"category": "process"},
    "lesson": {"keep": "keep"},
}
"""What a new part begins with."""
UNSAID = "-"
"""How a choice reads that nobody has made."""
GRADES = {
    "SEV1": _("customers cannot buy, money is lost every hour, or personal data got out"),
    "SEV2": _("many customers had it; the work stood still for a while"),
    "SEV3": _("a few customers had it, and it was put right"),
    "SEV4": _("hardly anybody noticed"),
}


class PostmortemDeeds(Telling):
    """The post-mortem of one card. Deeds give the reason when they were refused, else nothing."""

    def __init__(self, session: Session, host: Host, card: int) -> None:
        """The card must have one."""
        super().__init__(session, host)
        self.card = card
        found = postmortems.of_card(self._workspace.state, card)
        if found is None:
            raise Refused(_("there is no such post-mortem"))
        self.number, self.ref = found[0], str(found[1]["ref"])
        self.kind = str(self._doc(card)["kind"])

    # ------------------------------------------------------------------ what there is

    @property
    def doc(self) -> Doc | None:
        """The post-mortem as it is now; None when its beginning was undone."""
        return self._workspace.state.get(postmortems.TABLE, self.number) or None

    @property
    def today(self) -> date:
        """The day it is where the shop is."""
        return self.here({}).today

    @property
    def subject(self) -> str:
        """Ref and title of the card."""
        doc = self._doc(self.card)
        return f"{doc['ref']} {doc['title']}"

    def views(self) -> tuple[SectionView, ...]:
        """Its sections with their state."""
        return section_views(self._workspace.state, self.number, self.today)

    def written(self, section: str) -> str:
        """What is saved for a section."""
        return postmortems.written(self.doc or {}).get(section, "")

    def rows(self, sort: str) -> dict[int, Doc]:
        """The parts of a sort, by number."""
        return dict(parts.parts_of(self._workspace.state, self.number, sort))

    @property
    def told(self) -> str:
        """What was told last."""
        said: tuple[str, str] = getattr(self._host, "said", ("", ""))
        return said[0]

    def names(self) -> tuple[str, ...]:
        """The members."""
        return names_of(self._workspace.state)

    def lacking(self) -> list[tuple[str, int | None, str]]:
        """(section, part, sentence) of all that stands in the way of publishing."""
        return list(postmortems.lacking(self._workspace.state, self.number, self.today))

    def unready(self) -> dict[int, str]:
        """Action -> why it cannot become a card yet."""
        members, today = self.names(), self.today.isoformat()
        actions = ((number, row) for number, row in self.rows("action").items() if not row.get("card"))
        found = ((number, postmortems.action_lacks(row, members, today)) for number, row in actions)
        return {number: why for number, why in found if why}

    def markdown(self) -> str:
        """The file as it would be written now. Takes its time: in a thread."""
        from opstui.exports.postmortem import render_of  # noqa: PLC0415 - not needed for the first picture

        return render_of(self._workspace, self.doc or {"card": self.card})

    def export(self) -> str:
        """Write the file; gives where it lies. In a thread.

        Raises:
            Refused: it may not, or cannot, be written.
        """
        from opstui.exports.postmortem import export_postmortem  # noqa: PLC0415

        check_export(self._session.actor, self.kind)
        path = export_postmortem(self._workspace, self.doc or {"card": self.card}).path
        return str(path.relative_to(self._workspace.path) if path.is_relative_to(self._workspace.path) else path)

    # ------------------------------------------------------------------ sections

    async def write(self, section: str, text: str, base: str | None, *, sure: bool | None = None) -> str:
        """Save what a section says."""
        asked = c.WriteSection(postmortem=self.number, section=section, text=text, base=base, sure=sure)
        return await self._submit(asked, _("wrote in {ref}").format(ref=self.ref))

    async def grade(self) -> str:
        """How bad it was."""
        severity = await self._host.ask(severity_picker(self.ref, str((self.doc or {}).get("severity") or "")))
        if not severity:
            return ""
        asked = c.DraftPostmortem(card=self.card, severity=severity)
        return await self._submit(asked, _("{ref} is {severity}").format(ref=self.ref, severity=severity))

    async def publish(self) -> str:
        """Make it final."""
        return await self._submit(
            c.PublishPostmortem(postmortem=self.number), _("published {ref}").format(ref=self.ref)
        )

    async def skip(self) -> str:
        """Say in a form why there is none."""
        row = Row(name="reason", label=_("Reason"), required=True, read=clean_line)

        async def save(values: dict[str, Any]) -> str:
            asked = c.SkipPostmortem(postmortem=self.number, reason=values["reason"])
            return await self._submit(asked, _("skipped {ref}").format(ref=self.ref))

        await self._form(_("Why is there no {ref}?").format(ref=self.ref), [row], save, f"skip-{self.number}")
        return ""

    # ------------------------------------------------------------------ rows of lists

    async def add(self, sort: str) -> str:
        """A new action, factor or lesson, by a form."""
        begun = BEGUN[sort]

        async def save(values: dict[str, Any]) -> str:
            values = {**begun, **values}
            if sort == "action" and not values.get("due"):
                days = postmortems.DUE_AFTER[values["priority"]]
                values["due"] = postmortems.working_days(self.today, days).isoformat()
            asked = c.AddPart(postmortem=self.number, sort=sort, values=values)
            return await self._submit(asked, _("added: {text}").format(text=clip(values["text"], 40)))

        title = _("New in {ref}: {what}").format(ref=self.ref, what=parts.FIELDS[sort][0].label.lower())
        await self._form(title, self._rows(sort, begun), save, f"{sort}-{self.number}")
        return ""

    async def edit(self, part: int) -> str:
        """All fields of a part, by a form. What somebody else changed meanwhile is asked about."""
        doc = parts.part(self._workspace.state, part)
        base = dict(doc)

        async def save(values: dict[str, Any]) -> str:
            values = {name: value for name, value in values.items() if (value or None) != (base.get(name) or None)}
            for field in parts.FIELDS[doc["sort"]]:
                if field.name in values and not await self._may_stand(part, field.name, base, values):
                    return _("not saved: {field} was changed meanwhile").format(field=field.label)
            if not values:
                return ""
            asked = c.EditPart(part=part, values=values, base={name: base.get(name) for name in values})
            return await self._submit(asked, _("changed: {text}").format(text=clip(str(doc["text"]), 40)))

        title = f"{doc.get('ref') or self.ref}: {clip(str(doc['text']), 40)}"
        await self._form(title, self._rows(doc["sort"], doc), save, f"part-{part}")
        return ""

    async def _may_stand(self, part: int, name: str, base: Doc, values: dict[str, Any]) -> bool:
        """Whether a value may be saved over what is there now; false: the person goes back to the form."""
        doc = parts.part(self._workspace.state, part)
        field, theirs = next(f for f in parts.FIELDS[doc["sort"]] if f.name == name), doc.get(name)
        if theirs == base.get(name) or theirs == values[name]:
            return True
        from opstui.ui.screens.conflict import ConflictDialog  # noqa: PLC0415 - hardly ever needed

        here = self.here({})
        title = _("{field} was changed by someone else meanwhile").format(field=field.label)
        mine = values[name]
        verdict = await self._host.ask(ConflictDialog(title, shown(field, theirs, here), shown(field, mine, here)))
        base[name] = theirs
        if verdict == "theirs":
            del values[name]
        return verdict in ("theirs", "mine")

    async def remove(self, part: int) -> str:
        """Take it off its list."""
        text = clip(str(parts.part(self._workspace.state, part)["text"]), 40)
        return await self._submit(c.RemovePart(part=part), _("taken off: {text}").format(text=text))

    def _rows(self, sort: str, doc: Doc) -> list[Row]:
        here, state = self.here({}), self._workspace.state
        sources = {
            "owner": Source(among(self.members_able()), closed=True),
            "factor": Source(among([str(row["ref"]) for row in self.rows("factor").values()])),
            "playbook": Source(among([str(entry["ref"]) for _id, entry in entries(state)])),
            "applies": self.sources.of(self._doc(self.card)["board"], here.today).get("tags"),
        }
        hints = {
            "due": _("empty: in 10, 20 or 40 working days (P1, P2, P3)"),
            "done_when": _("what can be looked at: checklist v5 is live"),
            "evidence": _("EV-12, a card, a number"),
            "check": _("stands on the next launch checklist"),
            "playbook": _("PB-0001: makes a new version of it"),
        }
        return [
            _part_row(row_of(field, doc, here, sources.get(field.name)), doc, hints.get(field.name, ""))
            for field in parts.FIELDS[sort]
        ]

    def members_able(self) -> Sequence[str]:
        """Who may be the owner of an action."""
        return self.sources.members()

    async def _submit(self, asked: c.Command, said: str) -> str:
        build: Callable[[], Plan] = lambda: Plan((asked,), said)  # noqa: E731 - it is named for its type
        return await self.attempt(build, self.card)


def _part_row(row: Row, doc: Doc, hint: str) -> Row:
    """A row as parts need it: the first must be there, and a choice that nobody made is not made by looking at it."""
    if row.name == "text":
        return replace(row, required=True, first=True)
    if row.choices and row.shape == "choice" and not doc.get(row.name):
        read = row.read
        return replace(
            row, text=UNSAID, choices=(UNSAID, *row.choices), read=lambda text: None if text == UNSAID else read(text)
        )
    return replace(row, hint=hint or row.hint)


def severity_picker(ref: str, now: str = "") -> Any:
    """The dialog that asks how bad it was; gives the severity, or nothing."""
    from opstui.ui.screens.pick import Item, Picker  # noqa: PLC0415 - not needed for the first picture

    items = [Item(name, name, GRADES[name], key=name[-1]) for name in SEVERITIES]
    return Picker(_("How bad was it? {ref}").format(ref=ref), items, cursor=now or "SEV3")
