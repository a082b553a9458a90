"""Every KPI once: its permanent id, what it is called, how it is worked out, and whether more or less of it is better.

What prints a KPI, sets its target or explains it reads this table, so that two screens cannot mean different things by
one name. The values are worked out by the projections.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from opstui.i18n import _

Group = Literal["owner", "orders", "campaigns", "feedback", "actions"]


class Kpi(Struct, frozen=True):
    """`unit`: cards, skus, hours, minutes, fraction, ratio, money (major units), stage.

    `better` is "" where neither more nor less is. `source` says what it is made from; `hours` is in how many
    of them the next data should come: they are stale when twice that old. None: events are kept as they happen, so the
    figure is always current.
    """

    id: str
    name: str
    formula: str
    unit: str
    better: Literal["up", "down", ""]
    group: Group
    source: str
    hours: int | None = None

    @property
    def has_target(self) -> bool:
        """Whether a target can be set: it is a number of which more or less is better."""
        return bool(self.better)


_CARDS, _HISTORY, _FILES = _("cards"), _("history of the cards"), _("daily figures, imported or typed")
_STOCK = _("stock and its movements")
DAILY = 24

_TABLE: tuple[Kpi, ...] = (
    Kpi("orders_in", _("Orders in"), _("orders made today"), "cards", "up", "owner", _CARDS),
    Kpi("done_today", _("Done"), _("orders done today"), "cards", "up", "owner", _CARDS),
    Kpi("delayed", _("Delayed"), _("open orders whose due day is past"), "cards", "down", "owner", _CARDS),
    Kpi("critical_stock", _("Critical stock"), _("products at or below their minimum"), "skus", "down",
        "owner", _STOCK),
    Kpi("open_tickets", _("Open tickets"), _("messages that are neither closed nor declined"), "cards", "down",
        "feedback", _CARDS),
    Kpi("main_channel", _("Main channel"), _("income of the channel that sold most in the last 7 days"), "money", "up",
        "owner", _CARDS),
    Kpi("lead_time_p50_hours", _("Lead time, half of the cards (p50)"), _("made to done, median"), "hours", "down",
        "orders", _HISTORY),
    Kpi("lead_time_p85_hours", _("Lead time, 85 of 100 (p85)"), _("made to done, 85th percentile (type 7)"), "hours",
        "down", "orders", _HISTORY),
    Kpi("cycle_time_p50_hours", _("Cycle time (p50)"), _("first work to done, median"), "hours", "down", "orders",
        _HISTORY),
    Kpi("throughput_total", _("Done"), _("cards done in the period"), "cards", "up", "orders", _HISTORY),
    Kpi("wip", _("In progress"), _("cards begun and not done at the end of the period"), "cards", "",
        "orders", _HISTORY),
    Kpi("flow_efficiency", _("Flow efficiency"), _("time worked / time from first work to done, of all together"),
        "fraction", "up", "orders", _HISTORY),
    Kpi("on_time_rate", _("On time"), _("kept / promises that fell due; late ones that are open count as late"),
        "fraction", "up", "orders", _HISTORY),
    Kpi("on_time_rate_done", _("On time, done only"), _("done by the due day / done with a due day"), "fraction", "up",
        "orders", _HISTORY),
    Kpi("overdue", _("Overdue"), _("open cards whose due day is past, now"), "cards", "down", "orders", _HISTORY),
    Kpi("slowest_stage", _("Slowest stage"), _("largest share of the time cards spent in open stages"), "stage", "",
        "orders", _HISTORY),
    Kpi("first_response_p50_minutes", _("First answer (p50)"), _("made to the first human answer, median"),
        "minutes", "down", "feedback", _HISTORY),
    Kpi("first_response_p90_minutes", _("First answer (p90)"), _("the same, 90th percentile"), "minutes", "down",
        "feedback", _HISTORY),
    Kpi("unanswered", _("Not answered"), _("open messages of the period without an answer"), "cards", "down",
        "feedback", _HISTORY),
    Kpi("sla_breaches", _("Promises broken"), _("messages with a promise that ran out in the period, as written down"),
        "cards", "down", "feedback", _HISTORY),
    Kpi("reopen_rate", _("Reopened"), _("reopened / resolved in the period"), "fraction", "down", "feedback", _HISTORY),
    Kpi("first_contact_rate", _("Settled at once"), _("one answer and no reopening in 72 hours / resolved"), "fraction",
        "up", "feedback", _HISTORY),
    Kpi("csat", _("Satisfied"), _("scores of 4 and 5 / scores"), "fraction", "up", "feedback", _CARDS),
    Kpi("nps", _("Would recommend (NPS)"), _("percent of 9 and 10 minus percent of 0 to 6, of 0 to 10"), "points", "up",
        "feedback", _CARDS),
    Kpi("blended_roas", _("Blended ROAS"), _("all that the shop sold / all that ads cost"), "ratio", "up", "campaigns",
        _FILES, DAILY),
    Kpi("spend", _("Spend"), _("sum of the days"), "money", "", "campaigns", _FILES, DAILY),
    Kpi("revenue", _("Revenue"), _("sum of the days"), "money", "up", "campaigns", _FILES, DAILY),
    Kpi("roas", _("ROAS"), _("revenue / spend, of the sums"), "ratio", "up", "campaigns", _FILES, DAILY),
    Kpi("ctr", _("CTR"), _("clicks / impressions, of the sums"), "fraction", "up", "campaigns", _FILES, DAILY),
    Kpi("cvr", _("CVR"), _("conversions / clicks, of the sums"), "fraction", "up", "campaigns", _FILES, DAILY),
    Kpi("cpa", _("CPA"), _("spend / conversions, of the sums"), "money", "down", "campaigns", _FILES, DAILY),
    Kpi("cpc", _("CPC"), _("spend / clicks, of the sums"), "money", "down", "campaigns", _FILES, DAILY),
    Kpi("cpm", _("CPM"), _("spend / impressions x 1000, of the sums"), "money", "down", "campaigns", _FILES, DAILY),
    Kpi("actions_on_time", _("Actions on time"), _("actions of post-mortems done by their day / done with a day"),
        "fraction", "up", "actions", _CARDS),
    Kpi("actions_overdue", _("Overdue actions"), _("open actions of post-mortems whose due day is past, now"), "cards",
        "down", "actions", _CARDS),
    Kpi("repeat_causes", _("Causes that came back"), _("post-mortems with a factor that one of the 180 days before "
        "named"), "cards", "down", "actions", _CARDS),
)  # fmt: skip
KPIS: dict[str, Kpi] = {kpi.id: kpi for kpi in _TABLE}
"""Every KPI by its id, in the order they are told."""
WITH_TARGET: tuple[str, ...] = tuple(kpi.id for kpi in _TABLE if kpi.has_target)
