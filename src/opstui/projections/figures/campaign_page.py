"""The page about campaigns (spec C.5): what they cost and bring day by day, where people are lost, and what is odd.

About the campaign under the cursor, else about all that are live, else about all with figures in the period. Amounts
of two currencies are never added: the page is in the one with most rows, and says what it leaves out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import cached_property

from msgspec import Struct

from opstui.domain.boards import Board
from opstui.domain.figures import rows_of
from opstui.domain.model import SHOP, Campaign, Doc, Experiment, Money, card_from, exponent
from opstui.formats import Formats
from opstui.i18n import _, ngettext
from opstui.metrics.experiments import Arm
from opstui.metrics.funnel import funnel
from opstui.metrics.marketing import LOWER_IS_BETTER, MONEY, Totals, ratio
from opstui.metrics.verdict import Plan
from opstui.projections.anomaly import Alert, alerts, by_day, findings, method, unit_of
from opstui.projections.campaign import channels, row_totals, spend_of, target_rows, value_of
from opstui.projections.experiments import ArmRow, Trial, result
from opstui.projections.figures.queries import named
from opstui.projections.figures.source import Source
from opstui.projections.panels import Element, Page, Panel, Value
from opstui.projections.tiles import State

BASELINE = 90
"""Days before the period whose figures tell what is usual."""
LIVE = "live"


class Chosen(Struct, frozen=True, kw_only=True, dict=True):
    """The campaigns that the page is about, with their daily rows of one currency; `others` rows are in another."""

    source: Source
    board: Board
    cards: tuple[int, ...]
    rows: Sequence[Doc]
    currency: str
    others: int
    every: Sequence[Doc] = ()
    """The rows of all campaigns."""
    sold: Sequence[Doc] = ()
    """What the shop itself sold."""

    @cached_property
    def within(self) -> list[Doc]:
        """The rows of the period."""
        first, after = (day.isoformat() for day in self.source.period)
        return [row for row in self.rows if first <= row["day"] < after]

    @property
    def single(self) -> int | None:
        """The campaign, where it is about one."""
        return self.cards[0] if len(self.cards) == 1 else None

    def behind(self, rows: Iterable[Doc]) -> tuple[int, str]:
        """How many campaigns these rows are of, and what finds them."""
        cards = {row["card"] for row in rows}
        query = named(self.source.reader, self.board, cards)
        return (len(cards), query) if query else (0, "")

    def worth(self, metric: str, value: float | None) -> Value:
        """A metric as it is shown; `value` is in minor units where it is money."""
        return Money(round(value), self.currency) if value is not None and metric in MONEY else value


def page(source: Source) -> Page:
    """The figures of the campaign under the cursor, or of those that are live."""
    board = source.first_of("campaign")
    if board is None:
        nothing = _panel("campaigns.none", _("Campaigns"), missing=_("there is no board of campaigns"))
        return Page(id="campaigns", title=_("Campaigns"), panels=(nothing,), period=source.period)
    chosen = _chosen(source, board)
    panels = (
        summary(chosen),
        money_by_day(chosen),
        rates_by_day(chosen),
        odd_days(chosen),
        pacing(chosen),
        losses(chosen),
        by_channel(chosen),
        *targets(chosen),
        *tests(chosen),
    )
    return Page(id="campaigns", title=_("Campaigns"), subject=_subject(chosen), panels=panels, period=source.period)


def _chosen(source: Source, board: Board) -> Chosen:
    doc = source.reader.get("cards", source.card) if source.card is not None else None
    first = source.first.isoformat()
    known = list(rows_of(source.reader))
    shop, every = [row for row in known if row["channel"] == SHOP], [row for row in known if row["channel"] != SHOP]
    of_board = {
        row["card"] for row in every if (source.reader.get("cards", row["card"]) or {}).get("board") == board.id
    }
    if doc is not None and doc["board"] == board.id:
        cards: tuple[int, ...] = (doc["id"],)
    else:
        live = tuple(n for n in source.reader.lane(board.id, LIVE) if n not in {row["card"] for row in shop})
        cards = live or tuple(sorted({row["card"] for row in every if row["day"] >= first} & of_board))
    rows = sorted((row for row in every if row["card"] in set(cards)), key=lambda row: (row["day"], row["channel"]))
    currency = _currency(rows, source.settings.currency)
    ours = [row for row in rows if row["currency"] == currency]
    sold = [row for row in shop if row["currency"] == currency]
    return Chosen(
        source=source,
        board=board,
        cards=cards,
        rows=ours,
        currency=currency,
        others=len(rows) - len(ours),
        every=[row for row in every if row["card"] in of_board],
        sold=sold,
    )


def _currency(rows: Sequence[Doc], usual: str) -> str:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["currency"]] = counts.get(row["currency"], 0) + 1
    return max(sorted(counts), key=lambda code: (counts[code], code == usual), default=usual)


def _subject(chosen: Chosen) -> str:
    if chosen.single is not None:
        doc = chosen.source.reader.get("cards", chosen.single) or {}
        return f"{doc.get('ref', '')} {doc.get('title', '')}"
    return ngettext("{n} campaign", "{n} campaigns", len(chosen.cards)).format(n=len(chosen.cards))


def _panel(name: str, title: str, *, missing: str) -> Panel:
    return Panel(id=name, title=title, kind="figures", elements=(), missing=missing)


def _no_rows() -> str:
    return _("no daily figures in this period; import a file from your ads, or look further back with ]")


SUMMED: tuple[tuple[str, Callable[[], str]], ...] = (
    ("spend", lambda: _("Spend")),
    ("revenue", lambda: _("Revenue")),
    ("roas", lambda: "ROAS"),
    ("cpa", lambda: "CPA"),
    ("ctr", lambda: "CTR"),
    ("cvr", lambda: "CVR"),
    ("cpc", lambda: "CPC"),
    ("cpm", lambda: "CPM"),
)
"""The figures of the summary, and what they are called."""


def summary(chosen: Chosen) -> Panel:
    """Sums of the period and their ratios, against the period before of the same length."""
    source = chosen.source
    sums = row_totals(chosen.within)
    start = (source.first - timedelta(days=source.days)).isoformat()
    before = row_totals(row for row in chosen.rows if start <= row["day"] < source.first.isoformat())
    count, query = chosen.behind(chosen.within)
    elements = tuple(
        Element(
            label=name(),
            value=chosen.worth(metric, getattr(sums, metric)),
            unit=unit_of(metric, chosen.currency),
            cards=count,
            query=query,
            note=_change(getattr(sums, metric), getattr(before, metric)),
        )
        for metric, name in SUMMED
    )
    elements += _blended(chosen)
    left_out = _("Rows in another currency, left out: {n}.").format(n=chosen.others) if chosen.others else ""
    return Panel(
        id="campaigns.summary",
        title=_("What it cost and brought"),
        kind="figures",
        unit="",
        elements=elements if chosen.within else (),
        heads=(_("Figure"), _("Value")),
        says=left_out,
        method=_("Ratios are ratios of the sums, never means of daily ratios."),
        missing="" if chosen.within else _no_rows(),
    )


def _blended(chosen: Chosen) -> tuple[Element, ...]:
    """All that the shop sold against all that ads cost: platforms claim some orders twice, the till does not."""
    first, after = (day.isoformat() for day in chosen.source.period)
    sold = [row for row in chosen.sold if first <= row["day"] < after]
    spent = [row for row in chosen.every if first <= row["day"] < after and row["currency"] == chosen.currency]
    if not sold:
        return ()
    income, cost = row_totals(sold).revenue, row_totals(spent).spend
    count, query = chosen.behind((*sold, *spent))
    note = _("{sold} sold / {cost} spent").format(
        sold=_short(income, chosen.currency), cost=_short(cost, chosen.currency)
    )
    return (
        Element(label=_("Blended ROAS"), value=ratio(income, cost), unit="ratio", cards=count, query=query, note=note),
    )


def _change(now: float | None, before: float | None) -> str:
    if now is None or not before:
        return ""
    return _("{change} against the days before").format(change=f"{now / before - 1:+.0%}")


def _odd(chosen: Chosen, metric: str) -> dict[date, str]:
    """The days of the period on which a metric was unlike the days before -> how that was found."""
    source = chosen.source
    since = (source.first - timedelta(days=BASELINE)).isoformat()
    days = by_day((row for row in chosen.rows if row["day"] >= since), source.today)
    found = findings(days, metric, source.first, chosen.currency)
    return {one.day: method(one) for one in found if one.alert and not one.repeat}


def _series(chosen: Chosen, metric: str, name: str) -> list[Element]:
    """A metric on each day that has figures."""
    odd = _odd(chosen, metric)
    rows: dict[str, list[Doc]] = {}
    for row in chosen.within:
        rows.setdefault(row["day"], []).append(row)
    found = []
    for text, of_day in sorted(rows.items()):
        day = date.fromisoformat(text)
        count, query = chosen.behind(of_day)
        found.append(
            Element(
                label=text,
                series=name,
                value=chosen.worth(metric, getattr(row_totals(of_day), metric)),
                unit=unit_of(metric, chosen.currency),
                at=day,
                cards=count,
                query=query,
                marked=day in odd,
                state="warn" if day in odd else "plain",
                note=odd.get(day, ""),
                hollow=day == chosen.source.today,
            )
        )
    return found


def money_by_day(chosen: Chosen) -> Panel:
    """Spend and revenue of each day; days unlike those before are marked."""
    elements = [*_series(chosen, "spend", _("Spend")), *_series(chosen, "revenue", _("Revenue"))]
    return Panel(
        id="campaigns.money",
        title=_("Spend and revenue a day"),
        kind="line",
        unit=chosen.currency,
        elements=tuple(elements),
        heads=(_("Day"), chosen.currency),
        missing="" if elements else _no_rows(),
    )


def rates_by_day(chosen: Chosen) -> Panel:
    """The click rate of each day; days unlike those before are marked."""
    elements = tuple(_series(chosen, "ctr", "CTR"))
    return Panel(
        id="campaigns.ctr",
        title=_("Click rate a day"),
        kind="line",
        unit="fraction",
        elements=elements,
        heads=(_("Day"), "CTR"),
        missing="" if elements else _no_rows(),
    )


def odd_days(chosen: Chosen) -> Panel:
    """What left its usual range, newest first, with two things to do about each."""
    source = chosen.source
    since = (source.first - timedelta(days=BASELINE)).isoformat()
    rows = [row for row in chosen.rows if row["day"] >= since]
    found = alerts(rows, source.first, source.today, chosen.currency)
    elements = tuple(_alert(chosen, rows, alert) for alert in found)
    return Panel(
        id="campaigns.alerts",
        title=_("Unlike the days before"),
        kind="table",
        unit="",
        elements=elements,
        heads=(_("What"), _("Value"), _("Expected"), _("Day")),
        units=("", ""),
        state="warn" if found else "plain",
        next_step=" ".join(found[0].actions) if found else "",
        method=_("Each day against up to 90 days before it; the cut depends on how many there are."),
        missing="" if found else _("nothing was out of its usual range") if chosen.within else _no_rows(),
    )


def _alert(chosen: Chosen, rows: Sequence[Doc], alert: Alert) -> Element:
    finding = alert.finding
    of_day = [row for row in rows if row["day"] == finding.day.isoformat() and alert.channel in ("", row["channel"])]
    count, query = chosen.behind(of_day)
    scale = 10 ** exponent(chosen.currency) if alert.metric in MONEY else 1

    def worth(value: float | None) -> Value:
        return chosen.worth(alert.metric, None if value is None else value * scale)

    late = _("; late conversions may mend it") if alert.late else ""
    return Element(
        label=f"{_name_of(alert.metric)} {alert.channel}".strip(),
        value=worth(finding.value),
        unit=alert.unit,
        at=finding.day,
        cards=count,
        query=query,
        state="warn",
        marked=True,
        note=method(finding) + late,
        rest=(worth(finding.expected), finding.day.isoformat()),
    )


def _name_of(metric: str) -> str:
    return next((name() for known, name in SUMMED if known == metric), metric)


def pacing(chosen: Chosen) -> Panel:
    """Spend of each campaign with a plan against an even spread of its budget over its days."""
    reader, today = chosen.source.reader, chosen.source.today
    elements = []
    for number in chosen.cards:
        doc = reader.get("cards", number) or {}
        card = card_from(doc)
        rows = [row for row in chosen.rows if row["card"] == number and row["day"] <= today.isoformat()]
        pace = spend_of(card.details, rows, chosen.currency).pacing if isinstance(card.details, Campaign) else None
        if pace is None or pace.pace is None:
            continue
        state: State = "good" if pace.band == "on_track" else "bad" if pace.band == "over" else "warn"
        needed = Money(round(pace.needed_per_day), chosen.currency) if pace.needed_per_day else None
        elements.append(
            Element(
                label=f"{doc['ref']} {doc['title']}",
                value=pace.pace,
                unit="fraction",
                target=1.0,
                cards=1,
                query=named(reader, chosen.board, [number]),
                state=state,
                note=_("day {n} of {all}; at this pace {sum} in the end").format(
                    n=pace.elapsed_days, all=pace.total_days, sum=_short(pace.projected, chosen.currency)
                ),
                rest=(Money(round(pace.expected), chosen.currency), needed),
            )
        )
    off = [element for element in elements if element.state != "good"]
    return Panel(
        id="campaigns.pacing",
        title=_("Spend against the plan"),
        kind="bars",
        unit="fraction",
        elements=tuple(elements),
        heads=(_("Campaign"), _("Of the plan"), _("Planned by now"), _("Needed a day")),
        units=(chosen.currency, chosen.currency),
        state="warn" if off else "plain",
        says=ngettext("{n} campaign is off its plan", "{n} campaigns are off their plans", len(off)).format(n=len(off))
        if off
        else "",
        next_step=_("change its daily budget, or its plan") if off else "",
        method=_("100 %: as much as an even spread of the budget by now. Below 85 % or above 115 % is off."),
        missing="" if elements else _("no campaign here has a budget, its days and figures"),
    )


def _short(amount: float, currency: str) -> str:
    value = amount / 10 ** exponent(currency)
    return f"{currency} {value:,.0f}"


def losses(chosen: Chosen) -> Panel:
    """From being seen to an order: how many are left at each step, and where most are lost."""
    sums = row_totals(chosen.within)
    stages = [(_("Seen"), sums.impressions), (_("Clicked"), sums.clicks), (_("Ordered"), sums.conversions)]
    leads = sum(row.get("leads", 0) for row in chosen.within)
    if leads and not (sums.impressions or sums.clicks):  # nobody counted who saw it
        stages[:2] = [(_("Left their name"), leads)]
    found = funnel(stages)
    count, query = chosen.behind(chosen.within)
    rates = {step.end: step.rate for step in found.steps}
    elements = tuple(
        Element(
            label=name,
            value=people,
            cards=count,
            query=query,
            marked=name == found.worst_rate,
            state="bad" if name in found.faults else "plain",
            rest=(rates.get(name),),
        )
        for name, people in stages
    )
    says = ""
    if found.worst_rate and found.most_lost:
        says = _("smallest share goes on to: {rate}; most people are lost before: {lost}").format(
            rate=found.worst_rate, lost=found.most_lost
        )
    if found.faults:
        says = _("more {stage} than before it: these figures are of different people or days").format(
            stage=found.faults[0].lower()
        )
    return Panel(
        id="campaigns.funnel",
        title=_("From seen to ordered"),
        kind="funnel",
        unit="pieces",
        elements=elements if chosen.within else (),
        heads=(_("Step"), _("People"), _("Of the step before")),
        units=("fraction",),
        says=says if chosen.within else "",
        missing="" if chosen.within else _no_rows(),
    )


def by_channel(chosen: Chosen) -> Panel:
    """Each channel's sums and ratios, the one that cost most first."""
    found = sorted(channels(chosen.within), key=lambda pair: (-pair[1].spend, pair[0]))
    whole = sum(sums.spend for _name, sums in found)
    elements = tuple(_channel(chosen, name, sums, whole) for name, sums in found)
    money = chosen.currency
    return Panel(
        id="campaigns.channels",
        title=_("Channels"),
        kind="table",
        unit=money,
        elements=elements,
        heads=(_("Channel"), _("Spend"), _("Share"), _("Revenue"), "ROAS", "CTR", "CVR", "CPA", "CPC", "CPM"),
        units=("fraction", money, "ratio", "fraction", "fraction", money, money, money),
        missing="" if elements else _no_rows(),
    )


def _channel(chosen: Chosen, name: str, sums: Totals, whole: float) -> Element:
    count, query = chosen.behind(row for row in chosen.within if row["channel"] == name)
    ratios = ("roas", "ctr", "cvr", "cpa", "cpc", "cpm")
    return Element(
        label=name,
        value=chosen.worth("spend", sums.spend),
        cards=count,
        query=query,
        rest=(
            sums.spend / whole if whole else None,
            chosen.worth("revenue", sums.revenue),
            *(chosen.worth(metric, getattr(sums, metric)) for metric in ratios),
        ),
    )


def targets(chosen: Chosen) -> Iterable[Panel]:
    """What the brief promised against what came, where the page is about one campaign."""
    if chosen.single is None:
        return
    doc = chosen.source.reader.get("cards", chosen.single) or {}
    card = card_from(doc)
    if not isinstance(card.details, Campaign):
        return
    query = named(chosen.source.reader, chosen.board, [chosen.single])
    rows = target_rows(card.details.targets, chosen.rows, chosen.currency)
    sums = row_totals(chosen.rows)
    states: dict[str, State] = {"met": "good", "missed": "bad", "n/a": "plain"}
    elements = tuple(
        Element(
            label=_name_of(row.metric),
            value=_major(chosen, row.metric, value_of(row.metric, sums, chosen.rows, chosen.currency)),
            unit=unit_of(row.metric, chosen.currency),
            cards=1,
            query=query,
            state=states[row.result],
            rest=(
                _major(chosen, row.metric, row.target),
                _major(chosen, row.metric, row.baseline),
                _("at most") if row.metric in LOWER_IS_BETTER else _("at least"),
            ),
        )
        for row in rows
    )
    missed = sum(row.result == "missed" for row in rows)
    yield Panel(
        id="campaigns.targets",
        title=_("What the brief promised"),
        kind="table",
        unit="",
        elements=elements,
        heads=(_("KPI"), _("Now"), _("Target"), _("Before"), ""),
        units=("", "", ""),
        state="bad" if missed else "plain",
        says=ngettext("{n} target is missed so far", "{n} targets are missed so far", missed).format(n=missed)
        if missed
        else "",
        method=_("Over the whole run, not only these days."),
        missing="" if elements else _("its brief has no targets; e on the card adds them"),
    )


def tests(chosen: Chosen) -> Iterable[Panel]:
    """What the experiments of these campaigns may say by now."""
    settings = chosen.source.settings
    formats = Formats(settings.locale, settings.currency, settings.zone)
    results = []
    for number in chosen.cards:
        card = card_from(chosen.source.reader.get("cards", number) or {})
        if isinstance(card.details, Campaign):
            query = named(chosen.source.reader, chosen.board, [number])
            results += [
                (card, query, result(_trial(one), chosen.source.today, formats)) for one in card.details.experiments
            ]
    for card, query, found in results:
        elements = tuple(
            Element(
                label=row.label,
                value=row.rate,
                cards=1,
                query=query,
                state=found.state if row.p is not None else "plain",
                note=_interval(row),
                rest=(row.hits, row.people, row.p),
            )
            for row in found.rows
        )
        yield Panel(
            id=f"campaigns.test.{card.id}.{found.name}",
            title=_("Test {name}: {title}").format(name=found.name, title=found.title),
            kind="table",
            unit="fraction",
            elements=elements,
            heads=(_("Arm"), _("Share"), _("Did it"), _("People"), "p"),
            units=("pieces", "pieces", ""),
            state=found.state,
            says=found.says,
            next_step=found.next_step,
            method=_(
                "Until the planned people and whole weeks are in, no share is told: looking finds what is not there."
            ),
        )


def _interval(row: ArmRow) -> str:
    if row.low is None or row.high is None:
        return ""
    return _("{low} to {high} against the first, 95 % sure").format(low=f"{row.low:+.1%}", high=f"{row.high:+.1%}")


def _trial(one: Experiment) -> Trial:
    return Trial(
        name=one.name,
        metric="",
        labels=tuple(arm.label for arm in one.arms),
        arms=tuple(Arm(x=arm.hits, n=arm.people) for arm in one.arms),
        plan=Plan(n_per_arm=one.planned, starts=one.starts, ends=one.ends, least_lift=one.lift),
    )


def _major(chosen: Chosen, metric: str, value: float | None) -> Value:
    """A value in major units as it is shown."""
    if value is None or metric not in MONEY:
        return value
    return Money(round(value * 10 ** exponent(chosen.currency)), chosen.currency)
