"""The numbers as rows of text: tiles, flow, live campaigns. Pure, so that words and alignment are tested as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from opstui import formats as f
from opstui.domain.model import Money
from opstui.formats import Formats
from opstui.i18n import _, ngettext
from opstui.projections.bottleneck_words import told
from opstui.projections.pane import CampaignLine, FlowLines, SlowestLine
from opstui.projections.tiles import Tile
from opstui.ui.glyphs import BARS, MARKS
from opstui.ui.ink import cells, clip, fullest, wrapped

Word = tuple[str, str]
"""A text and the colour token it has."""
LABEL, VALUE, CHANGE = 14, 9, 6
"""Widths of the columns; the spark line has what is left."""
STATE_COLORS = {"good": "ok", "warn": "warn", "bad": "late", "stale": "warn", "plain": "ink"}


class Row(Struct, frozen=True):
    """One line of the pane. The cursor rests on rows with a `query`; a `title` row is a heading."""

    left: tuple[Word, ...] = ()
    right: tuple[Word, ...] = ()
    board: str = ""
    query: str = ""
    title: bool = False
    state: str = "plain"
    """Good, warn or bad: a mark before the row."""

    @property
    def is_blank(self) -> bool:
        """It says nothing."""
        return not any(text.strip() for text, _color in (*self.left, *self.right))


def tile_rows(tiles: Iterable[Tile], formats: Formats, *, spaced: bool, width: int = 999) -> Iterator[Row]:
    """Two rows for each tile (the second for its target and note), or one where that says nothing and room is short.

    A note that is longer than `width` cells loses whole words: half a SKU is none.
    """
    for tile in tiles:
        color = STATE_COLORS[tile.state]
        value = f"{value_text(tile, formats):>{VALUE}}"
        spark: tuple[Word, ...] = (*spark_words(tile.spark), (" ", "ink"))
        label = f"{clip(tile.label, LABEL):<{LABEL}}"
        words = ((label, "muted"), (value, color), change_word(tile, formats))
        yield Row(words, spark, tile.board, tile.query, state=tile.state)
        below = "  ".join(part for part in (target_text(tile, formats), tile.note) if part)
        if below or spaced:
            yield Row(((f"  {whole_words(below, width - 2)}", "faint"),))


def whole_words(text: str, width: int) -> str:
    """As many words as go into `width` cells, with an ellipsis for the rest."""
    words = text.split(" ")
    tries = (" ".join([*words[:n], *(["…"] if n < len(words) else [])]) for n in range(len(words), 0, -1))
    return fullest(tries, width) or clip(text, width)


def value_text(tile: Tile, formats: Formats) -> str:
    """A tile's figure."""
    if tile.value is None:
        return _("n/a")
    if not isinstance(tile.value, Money):
        return formats.number(tile.value)
    text = formats.money_compact(tile.value)
    return text if len(text) <= VALUE else formats.amount(tile.value)


def change_word(tile: Tile, formats: Formats) -> Word:
    """How much it changed: a mark for the direction, hollow for the worse, and a colour that says so too."""
    if not tile.change:
        return " " * CHANGE, "faint"
    size = formats.percent(abs(tile.change)) if tile.unit == "money" else formats.number(abs(tile.change))
    better = (tile.change > 0) == (tile.better == "up")
    way = "up" if tile.change > 0 else "down"
    mark = MARKS[way if better else f"worse {way}"]
    return f" {mark}{size:>{CHANGE - 2}}", "ok" if better else "warn"


def target_text(tile: Tile, formats: Formats) -> str:
    """What it should be."""
    if tile.target is None:
        return ""
    sign = "≥" if tile.better == "up" else "≤"
    target = formats.compact(tile.target) if tile.unit == "money" else formats.number(tile.target)
    return _("target {sign} {value}").format(sign=sign, value=target)


def spark_words(values: Sequence[float]) -> tuple[Word, ...]:
    """Bars from nought to the largest value, the last one (today) in the accent colour."""
    if not values:
        return ()
    top = max(values)
    bars = "".join(BARS[min(7, int(max(0.0, value) / top * 7.999))] if top > 0 else BARS[0] for value in values)
    return ((bars[:-1], "faint"), (bars[-1], "accent"))


def flow_rows(flow: FlowLines, formats: Formats, width: int = 999) -> Iterator[Row]:
    """How work flowed in the last thirty days over its board, which is not always the one on show."""
    leads = (("p50", _hours(flow.lead_p50, formats)), ("p85", _hours(flow.lead_p85, formats)))
    yield Row(_pairs(_("Lead time"), leads), (), flow.board, flow.done_query)
    yield Row(_on_time(flow, formats), (), flow.board, flow.promised_query, state=flow.on_time_state)
    if flow.slowest is not None:
        yield from _slowest_rows(flow.slowest, formats, width)


def _slowest_rows(slow: SlowestLine, formats: Formats, width: int) -> Iterator[Row]:
    """The stage where the time went: the evidence, the cards that are there now, and the next step."""
    said = told(slow.name, slow.share, slow.touched, slow.signs, slow.sop, formats)
    state = "bad" if slow.proven else "plain"
    share, evidence = f"  {said.share}", said.evidence
    if cells(_label(said.label) + slow.name + share) > width:
        share, evidence = "", f"{said.share}, {evidence}"
    words = ((_label(said.label), "muted"), (slow.name, "ink"), (share, "muted"))
    yield Row(words, (), slow.board, slow.touched_query, state=state)
    for line in wrapped(evidence, width - 3):
        yield Row(((f"  {line}", "faint"),))
    held = [ngettext("{n} card there now", "{n} cards there now", slow.cards)]
    held += [formats.money_compact(money) for money in slow.sums]
    yield Row((("  " + "  ".join(held), "muted"),), (), slow.board, slow.query)
    for n, line in enumerate(wrapped(said.next_step, width - 3)):
        yield Row(((f"{MARKS['after']} {line}" if not n else f"  {line}", "accent"),))


_LABEL = 12


def _label(text: str) -> str:
    return f"{text:<{_LABEL}}"


def _pairs(label: str, pairs: Iterable[tuple[str, str]]) -> tuple[Word, ...]:
    words: list[Word] = [(_label(label), "muted")]
    for name, value in pairs:
        words += [(f"{name} ", "faint"), (f"{value}   ", "ink")]
    return tuple(words)


def _hours(value: float | None, formats: Formats) -> str:
    return _("n/a") if value is None else f.hours(value, formats)


def _on_time(flow: FlowLines, formats: Formats) -> tuple[Word, ...]:
    color = STATE_COLORS[flow.on_time_state]
    rate = _("n/a") if flow.on_time is None else formats.percent(flow.on_time)
    words: list[Word] = [(_label(_("On time")), "muted"), (rate, color)]
    if flow.on_time_target is not None:
        words.append(("   " + _("target {value}").format(value=formats.percent(flow.on_time_target)), "faint"))
    return tuple(words)


def campaign_rows(campaigns: Iterable[CampaignLine], formats: Formats, width: int = 0) -> Iterator[Row]:
    """The campaigns that are live: spend against the budget, ROAS, and whether CTR fell."""
    for line in campaigns:
        spend = formats.money_compact(line.spend)
        if line.budget is not None:
            spend = _("{spend} of {budget}").format(spend=spend, budget=formats.amount(line.budget))
        over = line.budget is not None and line.spend.amount > line.budget.amount
        fallen = line.ctr_fell and not line.stale
        state = "stale" if line.stale else "warn" if over or fallen else "plain"
        roas = _("n/a") if line.roas is None else formats.number(line.roas, 1)
        fell: Word = (_("CTR {mark} ").format(mark=MARKS["worse down"]) if fallen else "", "warn")
        yield Row(((line.title, "muted"),), (fell,), line.board, f"ref:{line.ref}", state=state)
        brings = "  " + _("ROAS {value}").format(value=roas)
        mark = MARKS["warn"] if over else ""
        tones = ("warn", "muted") if over else ("ink", "muted")
        tones = ("faint", "faint") if line.stale else tones
        words = ((f"{mark:<2}{spend}", tones[0]), (brings, tones[1]))
        beside = cells(words[0][0] + brings + line.stale) + 2 < width
        yield Row(words, ((f"{line.stale} ", "faint"),) if line.stale and beside else ())
        if line.stale and not beside:
            yield Row(((f"  {line.stale}", "faint"),))


SHORT = {
    "orders_in": _("in"),
    "done_today": _("done"),
    "delayed": _("late"),
    "critical_stock": _("stock"),
    "open_tickets": _("tickets"),
}
"""Tile -> its name where there is one line for all of them; a channel keeps its own."""


def strip_words(tile: Tile, formats: Formats) -> list[Word]:
    """A tile in a few letters: ‼late 7 △3."""
    color = STATE_COLORS[tile.state]
    name = SHORT.get(tile.id, tile.label.lower())
    mark = MARKS[tile.state]
    value = formats.amount(tile.value) if isinstance(tile.value, Money) else value_text(tile, formats)
    words: list[Word] = [(mark, color), (f"{name} ", "faint"), (value, color)]
    change, tone = change_word(tile, formats)
    if change.strip():
        words.append((" " + change.replace(" ", ""), tone))
    return words
