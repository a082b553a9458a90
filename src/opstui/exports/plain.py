"""Boards, cards and figures as plain text, for pipes and terminals that are not ours: at most 100 cells wide.

What a card says comes from the same view as the card on screen, so both tell the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from textwrap import wrap
from types import MappingProxyType

from opstui.config import Settings
from opstui.domain.boards import Board, Stage
from opstui.domain.model import Card, Doc, Money, add_up, card_from, clean, exponent
from opstui.domain.registry import KPIS
from opstui.domain.state import Reader
from opstui.exports.columns import WIDTH, columns, cut, width
from opstui.formats import Formats, hours, today_in
from opstui.i18n import _, ngettext
from opstui.projections.board import Face, face
from opstui.projections.detail import DetailView, detail_view
from opstui.projections.evidence import Fact
from opstui.projections.freshness import since_words
from opstui.projections.kpis import Metric
from opstui.projections.tiles import Tile
from opstui.projections.timeline import timeline

FRESH: Mapping[str, date] = MappingProxyType({})
"""No figure is stale."""
SETTLED = 10
"""How many cards a stage that ends the work shows by default; the rest is counted."""
_MOST_TEXT_LINES = 40
_MARKS = {"good": "", "warn": "!", "bad": "!!", "plain": ""}


def formats_of(settings: Settings) -> Formats:
    """How this workspace writes numbers and days."""
    return Formats(settings.locale, settings.currency, settings.zone)


def board(
    found: Board,
    stages: Sequence[tuple[Stage, Sequence[Doc]]],
    settings: Settings,
    now: datetime,
    *,
    most: int | None = None,
) -> str:
    """A board as a list of its stages, each with its cards. With `most`, no stage shows more cards than that."""
    formats = formats_of(settings)
    cards = sum(len(docs) for _stage, docs in stages)
    blocks = [cut(f"{found.name} · {ngettext('{n} card', '{n} cards', cards)}", WIDTH)]
    for stage, docs in stages:
        limit = most or (SETTLED if stage.ends else len(docs))
        rows = [_card_row(card_from(doc), found, now, formats) for doc in docs[:limit]]
        lines = [_lane_head(stage, docs, formats)]
        lines += [f"  {line}" for line in columns(rows, "llrlll", WIDTH - 2, flexible=1)]
        if len(docs) > len(rows):
            lines.append(_("  and {n} more").format(n=len(docs) - len(rows)))
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _lane_head(stage: Stage, docs: Sequence[Doc], formats: Formats) -> str:
    count = f"{len(docs)}/{stage.wip}" if stage.wip else str(len(docs))
    over = _("over its limit") if stage.wip and len(docs) > stage.wip else ""
    sums = sorted(add_up(docs).items())
    total = " + ".join(formats.money_compact(Money(amount, code or formats.currency)) for code, amount in sums)
    return cut(" · ".join(part for part in (f"{stage.name} {count}", total, over) if part), WIDTH)


def _card_row(card: Card, found: Board, now: datetime, formats: Formats) -> list[str]:
    seen = face(card, board=found, today=today_in(now, formats.zone), now=now, me="", formats=formats)
    title = seen.title if not seen.detail else f"{seen.title} · {seen.detail}"
    return [
        card.ref,
        title,
        seen.amount,
        cut(seen.channel, 16),
        cut(seen.owner, 12),
        cut(_state(seen, found, card), 38),
    ]


def _state(seen: Face, found: Board, card: Card) -> str:
    """Marks and words, never marks alone: late, blocked, due."""
    due = card.due is not None and found.category(card.stage) in ("queue", "active")
    text = _("! late, due {when}") if seen.late else _("due {when}") if due else "{when}"
    said = [text.format(when=seen.when)]
    if seen.blocked:
        said.append(_("blocked {age}: {reason}").format(age=seen.waiting, reason=seen.blocked))
    return ", ".join(filter(None, said))


def card(found: Card, facts: Sequence[Fact], state: Reader, settings: Settings, now: datetime) -> str:
    """A card with everything it says, its comments, links and timeline (`facts` as `card_events` found them)."""
    formats = formats_of(settings)
    board_of_it = settings.board(found.board) or Board(
        id=found.board, name=found.board, kind="order", prefix="", stages=()
    )
    today = today_in(now, settings.zone)
    view = detail_view(found, board=board_of_it, reader=state, today=today, now=now, formats=formats)
    states = [view.due + (_(" (late)") if view.late else ""), view.blocked, _("archived") if view.archived else ""]
    blocks = [
        [cut(f"{view.ref} · {view.title}", WIDTH), cut(" · ".join([view.stage, *filter(None, states)]), WIDTH)],
        columns([[f"{label}:", text.replace("\n", "; ")] for label, text in view.facts], "ll", flexible=1),
        _text(view.description),
        [cut(f"[{'x' if done else ' '}] {text}", WIDTH) for _number, done, text in view.checklist],
        [cut(f"{link.relation} {link.ref} · {link.title}", WIDTH) for link in view.links],
        _taught(view),
        _timeline_lines(facts, board_of_it, state, formats, today),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _taught(view: DetailView) -> list[str]:
    """What earlier campaigns taught, one a line."""
    told = [
        _("{ref} {text} (from {evidence})").format(ref=one.ref, text=one.text, evidence=one.evidence or _("n/a"))
        for one in view.lessons
    ]
    return [_("What earlier ones taught:"), *(cut(line, WIDTH) for line in told)] if told else []


def _text(text: str, indent: str = "") -> list[str]:
    """A longer text in lines of at most the width; words are kept whole where they fit."""
    text = clean(text).strip()
    cells = (WIDTH if width(text) == len(text) else WIDTH // 2) - len(indent)
    lines = (
        [(indent + line).rstrip() for part in text.split("\n") for line in wrap(part, cells) or [""]] if text else []
    )
    more = len(lines) - _MOST_TEXT_LINES
    rest = [indent + ngettext("({n} more line)", "({n} more lines)", more)] if more > 0 else []
    return [*lines[:_MOST_TEXT_LINES], *rest]


def _timeline_lines(facts: Sequence[Fact], found: Board, state: Reader, formats: Formats, today: date) -> list[str]:
    def ref(number: int) -> str:
        return str((state.get("cards", number) or {}).get("ref", f"#{number}"))

    def said(number: int) -> str | None:
        doc = state.get("comments", number)
        return None if doc is None or doc.get("withdrawn") else str(doc["text"])

    rows = timeline(facts, found, comments=said, refs=ref, newest_first=True)
    return columns([[formats.moment(r.at, today), r.by, r.text] for r in rows], "lll", flexible=2)


def tiles(found: Iterable[Tile], settings: Settings) -> str:
    """The tiles, one a line: label, value, change, target and what is worth saying."""
    formats = formats_of(settings)
    rows = [[t.label, _value(t, formats), _change(t, formats), _target(t, formats), _note(t)] for t in found]
    return "\n".join(columns(rows, "lrrll", flexible=4))


def _value(tile: Tile, formats: Formats) -> str:
    if tile.value is None:
        return _("n/a")
    return formats.money_compact(tile.value) if isinstance(tile.value, Money) else formats.number(tile.value)


def _change(tile: Tile, formats: Formats) -> str:
    if tile.change is None or tile.value is None:
        return ""
    sign = "+" if tile.change > 0 else ""
    return sign + (formats.percent(tile.change) if tile.unit == "money" else formats.number(tile.change))


def _target(tile: Tile, formats: Formats) -> str:
    return "" if tile.target is None else _("target {n}").format(n=formats.number(tile.target))


def _note(tile: Tile) -> str:
    return " ".join(part for part in (_MARKS[tile.state], tile.note) if part)


def metrics(
    found: Board,
    figures: Iterable[Metric],
    settings: Settings,
    start: date,
    end: date,
    stale: Mapping[str, date] = FRESH,
    today: date | None = None,
) -> str:
    """A board's figures, each with its id, from `start` to before `end`; `stale` ones say how old their data are."""
    formats = formats_of(settings)
    head = _("{board}, {start} to {end} (not included)").format(board=found.name, start=start, end=end)
    told = list(figures)
    rows = [
        [
            KPIS[m.id].name if m.id in KPIS else m.id,
            _figure(m, found, formats),
            _("n={n}").format(n=m.n),
            m.id,
            f"~ {since_words(stale[m.id], today)}" if m.id in stale and today else "",
        ]
        for m in told
    ]
    lines = columns(rows, "lrrll", WIDTH - 2)
    queries = [_("{id}: {query}").format(id=m.id, query=m.query) for m in told if m.query]
    return "\n".join([cut(head, WIDTH), *(f"  {line}" for line in (*lines, *queries))])


def _figure(metric: Metric, found: Board, formats: Formats) -> str:
    value = metric.value
    if value is None:
        return _("n/a")
    if isinstance(value, str):
        stage = found.stage(value)
        return stage.name if stage else value
    match metric.unit:
        case "hours":
            return hours(value, formats)
        case "fraction":
            return formats.percent(value, 1)
        case "ratio":
            return formats.number(value, 2)
        case "cards":
            return formats.number(value)
        case currency:
            return f"{currency} {formats.number(value, exponent(currency))}"
