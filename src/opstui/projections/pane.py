"""What stands under the tiles: how work flowed in the last thirty days, and how the campaigns that are live are doing.

Plain values; the one who draws them decides on words and digits. Each line carries the way to the cards behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from opstui.config import Settings
from opstui.domain.boards import Board
from opstui.domain.figures import rows_of
from opstui.domain.model import SHOP, Doc, Money
from opstui.domain.state import Reader
from opstui.domain.targets import targets_of
from opstui.metrics.bottleneck import Sign
from opstui.metrics.marketing import Totals
from opstui.metrics.percentiles import quantile
from opstui.metrics.track import Passage, local_day
from opstui.projections.board import lane_view
from opstui.projections.figures.queries import between, on
from opstui.projections.flowing import FLOW_DAYS, Flowing
from opstui.projections.freshness import behind, since_words
from opstui.projections.kpis import totals
from opstui.projections.tiles import State, status

LIVE = "live"
RECENT_DAYS, BEFORE_DAYS = 3, 7
FELL = 0.2
"""A fall of CTR by less than a fifth is no news (spec C.7)."""


class SlowestLine(Struct, frozen=True, kw_only=True):
    """The stage where the time went: `share` of it, and the cards that are there now, with their sums by currency.

    `touched` cards were in it in these days (`touched_query` finds them), and `signs` speak for a bottleneck; what is
    not `proven` is the slowest stage and no more.
    """

    stage: str
    name: str
    share: float
    touched: int
    proven: bool
    cards: int
    sums: tuple[Money, ...]
    sop: str
    board: str
    query: str
    signs: tuple[Sign, ...] = ()
    touched_query: str = ""


class FlowLines(Struct, frozen=True, kw_only=True):
    """The last thirty local days of a board, today included. `done` cards stand behind the lead times (hours).

    `done_query` and `promised_query` find the cards behind the lead time and behind the rate on time, also those that
    were put away since: they begin with the board, so they are asked of everything and not of what is on show.
    """

    lead_p50: float | None
    lead_p85: float | None
    done: int
    on_time: float | None
    on_time_target: float | None
    on_time_state: State
    promised: int
    slowest: SlowestLine | None
    board: str = ""
    name: str = ""
    done_query: str = ""
    promised_query: str = ""


class CampaignLine(Struct, frozen=True, kw_only=True):
    """A live campaign, one line for each currency it spends in. `budget` is None when it is set in another one.

    `stale` says how old its figures are, when they are too old to decide on.
    """

    card: int
    ref: str
    title: str
    spend: Money
    budget: Money | None
    roas: float | None
    ctr_fell: bool
    board: str
    stale: str = ""


def flow_lines(
    board: Board, passages: Iterable[Passage], reader: Reader, settings: Settings, as_of: datetime
) -> FlowLines:
    """The lines of one board. `passages` are `Flows.passages(board.id)` or `CurrentFlows.passages()`."""
    flowing = Flowing(board, as_of, settings.zone)
    for way in passages:
        flowing.put(way.track.card, way, None, as_of)
    return lines_of(flowing, reader, settings, as_of)


def lines_of(flowing: Flowing, reader: Reader, settings: Settings, as_of: datetime) -> FlowLines:
    """The lines that say how work flows. `promised` are those for the days to yesterday: today's may still be kept."""
    flowing.settle(as_of)
    board, leads = flowing.board, flowing.leads.values
    rate = flowing.kept / flowing.promised if flowing.promised else None
    target = targets_of(reader, settings.targets).get("on_time_rate")
    return FlowLines(
        lead_p50=quantile(leads, 50),
        lead_p85=quantile(leads, 85),
        done=len(leads),
        on_time=rate,
        on_time_target=target,
        on_time_state="plain" if rate is None or target is None else status(rate, target, "up"),
        promised=flowing.promised,
        slowest=_slowest(flowing, reader, as_of),
        board=board.id,
        name=board.name,
        done_query=on(board, f"done:{FLOW_DAYS}d"),
        promised_query=_promised_query(flowing) if flowing.promised else "",
    )


def _promised_query(flowing: Flowing) -> str:
    """What finds the cards that were promised for the days to yesterday."""
    return on(flowing.board, f"promised:{between(flowing.first, flowing.today - timedelta(days=1))}")


def _slowest(flowing: Flowing, reader: Reader, as_of: datetime) -> SlowestLine | None:
    board, found = flowing.board, flowing.slowest(as_of)
    stage = board.stage(found.stage) if found else None
    if found is None or stage is None:
        return None
    here = lane_view(reader, board, stage)
    return SlowestLine(
        stage=stage.id,
        name=stage.name,
        share=found.share,
        touched=found.cards,
        proven=found.proven,
        cards=here.total,
        sums=here.sums,
        sop=stage.sop,
        board=board.id,
        query=f"stage:{stage.id}",
        signs=found.signs,
        touched_query=on(board, f"was:{stage.id}@{between(flowing.first, flowing.today)}"),
    )


def campaign_lines(reader: Reader, settings: Settings, as_of: datetime) -> tuple[CampaignLine, ...]:
    """The campaigns in the stage `live`, in the order of their lane."""
    rows: dict[int, list[Doc]] = {}
    for board in settings.boards:
        if board.kind == "campaign":
            rows |= {card: [] for card in reader.lane(board.id, LIVE)}
    if not rows:
        return ()
    for row in rows_of(reader):
        if row["card"] in rows:
            rows[row["card"]].append(row)
    today = local_day(as_of, settings.zone)
    docs = ((reader.get("cards", card), of_card) for card, of_card in rows.items())
    return tuple(line for doc, of_card in docs if doc for line in _campaign(doc, of_card, settings.currency, today))


def _campaign(doc: Doc, rows: Sequence[Doc], currency: str, today: date) -> Iterable[CampaignLine]:
    of_brief = doc.get("currency") or currency
    last = behind((row for row in rows if row["channel"] != SHOP), today)
    sums = totals(rows) or {of_brief: (Totals(), 0)}
    for kind, (total, _n) in sorted(sums.items()):
        yield CampaignLine(
            card=doc["id"],
            ref=doc["ref"],
            title=doc["title"],
            spend=Money(int(total.spend), kind),
            budget=Money(doc["budget"], kind) if doc.get("budget") and kind == of_brief else None,
            roas=total.roas,
            ctr_fell=ctr_fell([row for row in rows if row["currency"] == kind], today),
            board=doc["board"],
            stale=since_words(last, today) if last else "",
        )


def ctr_fell(rows: Iterable[Doc], today: date) -> bool:
    """Whether the CTR of the last three whole days is at least a fifth below that of the seven days before them."""
    edges = [(today - timedelta(days=n)).isoformat() for n in (RECENT_DAYS + BEFORE_DAYS, RECENT_DAYS, 0)]
    before = [0, 0]
    recent = [0, 0]
    for row in rows:
        if edges[0] <= row["day"] < edges[2]:
            into = recent if row["day"] >= edges[1] else before
            into[0] += row.get("clicks", 0)
            into[1] += row.get("impressions", 0)
    if not before[0] or not recent[1]:
        return False
    return recent[0] / recent[1] <= before[0] / before[1] * (1 - FELL)
