"""How things stand, as Markdown for people without the console: a board, a campaign, a day.

A table that would be too long is cut and says so. Personal data are masked as in post-mortems; amounts of several
currencies are never added up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from opstui.domain.boards import Board, with_strays
from opstui.domain.figures import rows_of
from opstui.domain.model import Card, Doc, Refused, card_from, exponent, utc
from opstui.exports import markdown as md
from opstui.exports.layout import section
from opstui.exports.masking import mask_text
from opstui.exports.page import Page
from opstui.exports.style import style_of
from opstui.formats import today_in
from opstui.i18n import _, ngettext
from opstui.metrics.marketing import ABBREVIATIONS, MONEY, SHARES
from opstui.metrics.track import local_day
from opstui.projections.campaign import TargetRow
from opstui.projections.postmortem import CampaignFacts, postmortem_facts
from opstui.workspace import Workspace

MOST = 100
"""Rows of a table."""
_LATEST = 10
_OPEN = ("queue", "active")
_SHORTEST_NAME = 3


def _say(text: str, card: Card) -> str:
    """Text of a card, masked."""
    customer = str(getattr(card.details, "customer", ""))
    return mask_text(text, [customer] if len(customer) >= _SHORTEST_NAME else [])


def _cut(header: Sequence[str], rows: Sequence[Sequence[str]], align: str = "") -> str:
    """A table of at most so many rows, and how many were left out; without rows a word."""
    if not rows:
        return _("None.")
    left = len(rows) - MOST
    more = ngettext("{n} more row is not shown.", "{n} more rows are not shown.", left) if left > 0 else ""
    return md.document(md.table(header, rows[:MOST], align), md.inline(more)).rstrip("\n")


# --------------------------------------------------------------------------------------------------------- a board


def board(workspace: Workspace, known: Board, now: datetime) -> str:
    """A board as it stands: how many cards each stage holds, and the cards that are open."""
    found, today = with_strays(known, workspace.state.stages(known.id)), today_in(now, workspace.settings.zone)
    lanes = [(stage, _cards(workspace, found, stage.id)) for stage in found.stages]
    counts = [
        [stage.name, str(len(docs)), str(stage.wip or ""), str(_late(docs, found, today))] for stage, docs in lanes
    ]
    rows = [_row(card_from(doc), stage.name, today) for stage, docs in lanes if stage.category in _OPEN for doc in docs]
    header = [_("Stage"), _("Card"), _("Title"), _("Owner"), _("Due"), _("State")]
    return md.document(
        f"# {md.heading(_('Board {name} on {day}').format(name=known.name, day=today.isoformat()))}",
        section(_("Stages"), md.table([_("Stage"), _("Cards"), _("Limit"), _("Late")], counts, "lrrr")),
        section(_("Open cards"), _cut(header, rows)),
    )


def _cards(workspace: Workspace, found: Board, stage: str) -> list[Doc]:
    docs = (workspace.state.get("cards", number) for number in workspace.state.lane(found.id, stage))
    return [doc for doc in docs if doc is not None]


def _late(docs: Iterable[Doc], found: Board, today: date) -> int:
    return sum(_is_late(doc, found, today) for doc in docs)


def _is_late(doc: Doc, found: Board, today: date) -> bool:
    return found.category(doc["stage"]) in _OPEN and bool(doc.get("due")) and doc["due"] < today.isoformat()


def _row(card: Card, stage: str, today: date) -> list[str]:
    said = [_("late")] if card.due and card.due < today else []
    if card.blocker:
        said.append(_("blocked: {reason}").format(reason=_say(card.blocker.reason, card)))
    due = card.due.isoformat() if card.due else ""
    return [stage, card.ref, _say(card.title, card), card.owner, due, ", ".join(said)]


# ------------------------------------------------------------------------------------------------------ a campaign


def status(workspace: Workspace, card_id: int) -> str:
    """A campaign as it stands: where it is, what it costs and brings, what holds it up, what happened last.

    What was said on the card stays with those who work on it.

    Raises:
        Refused: the card is no campaign.
    """
    facts = postmortem_facts(workspace.state, workspace.events_of, card_id, workspace.settings)
    if not isinstance(facts, CampaignFacts):
        raise Refused(_("{ref} is no campaign; name one, as in CMP-0001").format(ref=facts.card.ref))
    page = Page(facts, style_of(workspace.settings.locale), facts.currency)
    told = [row for row in facts.timeline if row.mark != "comment"][-_LATEST:]
    latest = [[page.when(row.at), row.by or _("system"), page.say(row.text)] for row in reversed(told)]
    actions = [
        [row.card.ref, page.say(row.card.title), row.card.owner, page.day(row.card.due)]
        for row in facts.actions
        if row.status == "open" and row.card is not None
    ]
    todo = [(item.done, page.say(item.text)) for item in facts.card.checklist]
    title = _("Status of {ref}: {title}").format(ref=facts.card.ref, title=page.say(facts.card.title))
    as_of = _("As of {at} {zone}, the last change of it.").format(at=page.when(facts.as_of), zone=page.zone)
    return md.document(
        f"# {md.heading(title)}",
        md.inline(as_of),
        section(_("Now"), md.table([_("Item"), _("Value")], _now(page, facts))),
        section(_("Target against actual"), _targets(page, facts)),
        section(_("Checklist"), md.tasks(todo) if todo else _("None.")),
        section(_("Open actions"), _cut([_("Id"), _("Action"), _("Owner"), _("Due")], actions)),
        section(_("What happened last"), _cut([_("Time"), _("Who"), _("Event")], latest)),
    )


def _now(page: Page, facts: CampaignFacts) -> list[list[str]]:
    stage, run, budget = facts.board.stage(facts.card.stage), facts.run, facts.details.budget
    currency = facts.details.currency or facts.currency
    blocker = facts.card.blocker
    return [
        [_("Stage"), stage.name if stage else facts.card.stage],
        [_("Owner"), facts.card.owner],
        [_("From"), page.when(run.start) if run else ""],
        [_("To"), page.when(run.end) if run else ""],
        [_("Budget"), page.style.money(budget, currency) if budget else ""],
        [_("Spent"), page.style.money(facts.totals.spend, facts.currency) if facts.has_rows else ""],
        [_("Verdict so far"), _(facts.verdict)],
        [_("Blocked"), page.say(blocker.reason) if blocker else _("no")],
    ]


def _targets(page: Page, facts: CampaignFacts) -> str:
    rows = [
        [
            row.metric.upper() if row.metric in ABBREVIATIONS else row.metric,
            _value(page, row, row.target),
            _value(page, row, row.actual),
            _(row.result),
        ]
        for row in facts.targets
    ]
    unit = _("Amounts in {currency}.").format(currency=facts.currency) if rows else ""
    return md.document(_cut([_("KPI"), _("Target"), _("Actual"), _("Result")], rows, "lrrl"), unit).rstrip("\n")


def _value(page: Page, row: TargetRow, value: float | None) -> str:
    if row.metric in SHARES:
        return page.style.percent(value, 2)
    return page.style.number(
        value, exponent(page.currency) if row.metric in MONEY else 2 if row.metric == "roas" else 0
    )


# ----------------------------------------------------------------------------------------------------------- a day


def recap(workspace: Workspace, day: date) -> str:
    """A day: what was done and what is new, what is late and blocked, what campaigns cost, what needs a decision."""
    settings = workspace.settings
    boards = {known.id: known for known in settings.boards}
    docs = [doc for _id, doc in workspace.state.items("cards") if doc["board"] in boards]
    standing = [doc for doc in docs if not doc.get("archived")]

    def on_day(doc: Doc, name: str) -> bool:
        return local_day(utc(doc[name]), settings.zone) == day

    def category(doc: Doc) -> str:
        return boards[doc["board"]].category(doc["stage"])

    def listed(title: str, found: Iterable[Doc], why: Callable[[Card], str]) -> str:
        return section(title, _listed(found, boards, why))

    is_open = [doc for doc in standing if category(doc) in _OPEN]
    late = [doc for doc in is_open if doc.get("due") and doc["due"] < day.isoformat()]
    blocked = [doc for doc in is_open if doc.get("blocker")]
    return md.document(
        f"# {md.heading(_('Recap of {day}').format(day=day.isoformat()))}",
        md.inline(_("Late and blocked is what is so now; late is what was due before this day.")),
        listed(_("Done"), (d for d in docs if category(d) == "done" and on_day(d, "entered")), lambda card: card.owner),
        listed(_("New"), (d for d in docs if on_day(d, "created")), lambda card: card.owner),
        listed(_("Late"), late, lambda card: _("due {day}").format(day=card.due)),
        listed(_("Blocked"), blocked, lambda card: _say(card.blocker.reason, card) if card.blocker else ""),
        section(_("Campaign spend"), _spend(workspace, day)),
        section(_("Needs a decision"), _decisions(workspace, is_open, day)),
    )


def _listed(found: Iterable[Doc], boards: dict[str, Board], why: Callable[[Card], str]) -> str:
    cards = [card_from(doc) for doc in sorted(found, key=lambda doc: doc["id"])]
    rows = [[boards[card.board].name, card.ref, _say(card.title, card), why(card)] for card in cards]
    return _cut([_("Board"), _("Card"), _("Title"), _("Note")], rows)


def _spend(workspace: Workspace, day: date) -> str:
    """What each campaign cost that day, a row for each currency."""
    sums: dict[tuple[int, str], int] = {}
    for row in rows_of(workspace.state):
        if row["day"] == day.isoformat() and row.get("spend"):
            key = row["card"], row["currency"]
            sums[key] = sums.get(key, 0) + row["spend"]
    style, rows = style_of(workspace.settings.locale), []
    for (number, currency), spent in sorted(sums.items()):
        doc = workspace.state.get("cards", number)
        card = card_from(doc) if doc else None
        name = [card.ref, _say(card.title, card)] if card else ["", _("the shop as a whole")]
        rows.append([*name, style.money(spent, currency)])
    return _cut([_("Card"), _("Campaign"), _("Spend")], rows, "llr")


def _decisions(workspace: Workspace, is_open: Sequence[Doc], day: date) -> str:
    """What waits for somebody's word: approvals, late work of nobody, and post-mortems whose draft is overdue."""
    rows = []
    for card in (card_from(doc) for doc in sorted(is_open, key=lambda doc: doc["id"])):
        late = card.due is not None and card.due < day
        why = (
            _("waits for approval")
            if card.stage == "approval"
            else _("late, of nobody")
            if late and not card.owner
            else ""
        )
        rows += [[card.ref, _say(card.title, card), why]] if why else []
    for _id, doc in workspace.state.items("postmortems"):
        if doc["status"] == "draft" and doc.get("due") and doc["due"] < day.isoformat():
            about = (workspace.state.get("cards", doc["card"]) or {}).get("ref", "")
            rows.append([doc["ref"], about, _("its draft was due {day}").format(day=doc["due"])])
    return _cut([_("Id"), _("What"), _("Why")], rows)
