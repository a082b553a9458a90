"""What history says of a card: the facts behind a post-mortem."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from builders import Chronicle
from domain.world import World
from exports.flash_sale import FlashSale
from opstui.config import Settings
from opstui.domain.commands import (
    ArchiveCard,
    BlockCard,
    DraftPostmortem,
    EditCard,
    ImportCard,
    LinkCards,
    MoveCard,
    Undo,
    UnlinkCards,
)
from opstui.domain.model import Campaign, Doc, Draft, MetricRow, Past, Target
from opstui.exports.postmortem import render_of
from opstui.metrics.marketing import Totals
from opstui.projections import campaign as figures
from opstui.projections.campaign import TargetRow, Voice
from opstui.projections.evidence import rewind
from opstui.projections.postmortem import CampaignFacts, GeneralFacts, postmortem_facts

SETTINGS = Settings()


def facts_of(world: World, card: int, as_of: datetime | None = None) -> Any:
    workspace = world.workspace
    return postmortem_facts(workspace.state, workspace.events_of, card, workspace.settings, as_of)


@pytest.fixture(scope="module")
def sale() -> FlashSale:
    return FlashSale()


@pytest.fixture(scope="module")
def told(sale: FlashSale) -> CampaignFacts:
    facts = facts_of(sale, sale.campaign)
    assert isinstance(facts, CampaignFacts)
    return facts


def jakarta(day: int, clock: int) -> datetime:
    return datetime(2026, 9, day, clock, tzinfo=SETTINGS.zone)


# ------------------------------------------------------------------------------------------------ a campaign


def test_identity_and_moment(told: CampaignFacts) -> None:
    assert (told.ref, told.card.ref, told.status, told.drafted_by) == ("PM-2026-001", "CMP-0001", "draft", "ani")
    assert told.as_of == jakarta(15, 9)
    assert told.contributors == ("ani", "budi", "dewi", "rina")
    assert told.digest.startswith("sha256:")


def test_verdict_and_targets(told: CampaignFacts) -> None:
    assert (told.verdict, [row.result for row in told.targets]) == ("partly met", ["missed", "met", "n/a"])
    cpa, roas, reach = told.targets
    assert cpa.actual == pytest.approx(43402.7777, abs=1e-3)
    assert cpa.difference == pytest.approx(0.08507, abs=1e-4)
    assert (cpa.until, cpa.funnel, roas.funnel) == (date(2026, 9, 12), "acquisition", "revenue")
    assert (reach.actual, reach.difference, reach.until) == (None, None, None)


def test_money_of_one_currency_only(told: CampaignFacts) -> None:
    assert (told.currency, told.totals.spend, told.totals.revenue) == ("IDR", 12_500_000, 41_760_000)
    assert "Rows in another currency, left out of all sums: 1." in told.notes


def test_spend_by_day_and_pacing(told: CampaignFacts) -> None:
    assert told.spend.days[0] == (date(2026, 9, 9), 2_900_000)
    assert told.spend.planned == 3_000_000
    assert told.spend.pacing is not None
    assert (told.spend.pacing.elapsed_days, told.spend.pacing.total_days) == (4, 5)
    assert [name for name, _sums in told.channels] == ["shopee ads", "tiktok"]


def test_the_brief_as_it_was_approved(told: CampaignFacts) -> None:
    message = next(row for row in told.brief if row.field.name == "message")
    assert told.approved == jakarta(7, 16)
    assert (message.value, message.now, message.changed) == (
        "free shipping", "free shipping, 20 % voucher", jakarta(8, 9),
    )  # fmt: skip
    assert [row.field.name for row in told.brief if row.changed] == ["message"]
    assert [row.field.name for row in told.brief][:2] == ["objective", "audience"]


def test_stages_with_returns_and_without_the_slip(told: CampaignFacts) -> None:
    assert [(t.stage, t.returned) for t in told.stages] == [
        ("brief", 0), ("production", 1), ("approval", 1), ("scheduled", 0), ("live", 0), ("postmortem", 0),
    ]  # fmt: skip
    approval = told.stages[2]
    assert (approval.elapsed, approval.over) == (timedelta(hours=119), timedelta(hours=103))
    assert told.slowest is not None
    assert told.slowest[0] == approval
    assert told.stages[-1].left is None
    assert told.run is not None
    assert (told.run.start, told.run.end, told.run.basis) == (jakarta(9, 0), jakarta(14, 9), "stages")
    assert told.blocked == ((jakarta(4, 9), jakarta(6, 9)),)


def test_customers_before_during_and_after(told: CampaignFacts) -> None:
    assert told.reaction == (Voice(1, 0, (5,)), Voice(2, 2, (1, 4)), Voice(1, 0, (5,)))
    assert told.reaction[1].satisfied == 0.5
    assert Voice(3, 0, ()).satisfied is None


def test_actions_links_and_deeds(told: CampaignFacts) -> None:
    assert [(row.ref, row.status) for row in told.actions] == [("ACT-0001", "open"), ("ACT-0002", "done")]
    assert told.open_actions == 1
    assert [row.card.ref for row in told.links] == ["FDB-0001", "FDB-0002", "FDB-0003", "FDB-0004"]
    assert {row.relation for row in told.links} == {"about this card"}
    assert {d.by: d.events for d in told.deeds} == {"ani": 10, "budi": 1, "dewi": 1, "rina": 3}


def test_notes_on_the_data(told: CampaignFacts) -> None:
    assert told.notes == (
        "Rows in another currency, left out of all sums: 1.",
        "Channels of the brief without figures: instagram.",
        "Days of the run without figures: 1 (2026-09-13).",
        "Impossible row: 2026-09-11, tiktok: more clicks than impressions.",
    )


def test_as_of_an_earlier_day(sale: FlashSale) -> None:
    facts = facts_of(sale, sale.campaign, jakarta(10, 20))
    assert (facts.card.stage, facts.card.details.message) == ("live", "free shipping, 20 % voucher")
    assert facts.run.end is None
    assert (facts.actions, len(facts.links), len(facts.comments)) == ((), 2, 1)
    assert (facts.totals.spend, facts.reaction[2]) == (7_600_000, Voice(0, 0, ()))
    before = facts_of(sale, sale.campaign, jakarta(9, 20))
    assert (before.comments, len(before.links), before.totals.spend) == ((), 1, 2_900_000)
    assert before.digest != facts.digest
    early = facts_of(sale, sale.campaign, jakarta(3, 12))
    assert (early.card.stage, early.card.details.message, early.approved) == ("production", "free shipping", None)


# ------------------------------------------------------------------------------------------------ determinism


class Shuffled:
    """The same state, handed out in another order."""

    def __init__(self, world: World) -> None:
        self._state = world.workspace.state

    def __getattr__(self, name: str) -> Any:
        return getattr(self._state, name)

    def items(self, table: str, fields: frozenset[str] | None = None) -> Iterator[tuple[int, Doc]]:
        return iter([(i, dict(reversed(d.items()))) for i, d in reversed(list(self._state.items(table, fields)))])

    def ids(self, table: str) -> Sequence[int]:
        return list(reversed(self._state.ids(table)))


def test_the_order_of_documents_does_not_matter(sale: FlashSale, told: CampaignFacts) -> None:
    again = postmortem_facts(Shuffled(sale), sale.workspace.events_of, sale.campaign, sale.workspace.settings)
    assert again == told


def test_what_happens_elsewhere_changes_nothing() -> None:
    world = FlashSale()
    before = render_of(world.workspace, world.postmortem)
    world.on(20, 9)
    other = world.card("campaigns", "Another one")
    world.do(MoveCard(card=other, stage="postmortem", top=True), DraftPostmortem(card=other))
    world.do(EditCard(card=world.card("feedback", "Not about it"), values={"score": 1}))
    assert render_of(world.workspace, world.postmortem) == before


# ------------------------------------------------------------------------------------------------ rules, one by one


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([], "not measurable"), (["n/a"], "not measurable"), (["met"], "all met"), (["met", "met"], "all met"),
        (["met", "n/a"], "partly met"), (["met", "missed"], "partly met"), (["missed", "n/a"], "missed"),
    ],
)  # fmt: skip
def test_verdicts(results: list[str], expected: str) -> None:
    actual = {"met": 2.0, "missed": 1.0, "n/a": None}
    rows = [
        TargetRow(metric="roas", funnel="", baseline=None, target=2.0, actual=actual[r], until=None) for r in results
    ]
    assert figures.verdict(rows) == expected


@pytest.mark.parametrize(
    ("metric", "target", "actual", "result", "difference"),
    [
        ("cpa", 100, 100, "met", 0), ("cpa", 100, 101, "missed", 0.01), ("roas", 3, 3, "met", 0),
        ("roas", 3, 2.7, "missed", -0.1), ("ctr", 0, 0.1, "met", None), ("cpm", 5, None, "n/a", None),
    ],
)  # fmt: skip
def test_a_cost_stays_below_and_the_rest_above(
    metric: str, target: float, actual: float | None, result: str, difference: float | None
) -> None:
    row = TargetRow(metric=metric, funnel="", baseline=None, target=target, actual=actual, until=None)
    assert (row.result, row.difference) == (result, pytest.approx(difference) if difference else difference)


ROWS: list[Doc] = [
    {"day": "2026-09-01", "channel": "a", "currency": "USD", "spend": 1250, "impressions": 1000, "clicks": 10},
    {"day": "2026-09-02", "channel": "a", "currency": "USD", "spend": 1250, "impressions": 1000, "leads": 4},
]


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("spend", 25.0), ("cpc", 2.5), ("cpm", 12.5), ("ctr", 0.005), ("clicks", 10), ("leads", 4.0), ("roas", 0.0),
        ("cpa", None), ("revenue", 0.0), ("happiness", None), ("__add__", None),
    ],
)  # fmt: skip
def test_values_by_id(metric: str, expected: float | None) -> None:
    assert figures.value_of(metric, figures.row_totals(ROWS), ROWS, "USD") == expected
    assert figures.value_of(metric, Totals(), [], "USD") is None


@pytest.mark.parametrize(
    ("own", "codes", "expected"),
    [
        ("IDR", ["IDR", "USD", "USD"], "IDR"), ("IDR", [], "IDR"), ("", [], "EUR"), ("IDR", ["USD"], "USD"),
        ("", ["USD", "BRL"], "BRL"), ("", ["BRL", "USD", "USD"], "USD"),
    ],
)  # fmt: skip
def test_the_one_currency(own: str, codes: list[str], expected: str) -> None:
    rows = [{"currency": code} for code in codes]
    assert figures.currency_of(Campaign(currency=own), rows, "EUR") == expected


def test_no_plan_without_dates_budget_or_the_same_currency() -> None:
    plan = Campaign(budget=5000, currency="USD", starts=date(2026, 9, 1), ends=date(2026, 9, 2))
    assert figures.spend_of(plan, ROWS, "USD").planned == 2500
    for campaign in (
        replace(plan, currency="IDR"),
        replace(plan, budget=0),
        replace(plan, starts=date(2026, 9, 3)),
        replace(plan, ends=None),
    ):
        spend = figures.spend_of(campaign, ROWS, "USD")
        assert (spend.planned, spend.pacing, len(spend.days)) == (None, None, 2)


def test_many_faults_are_counted() -> None:
    rows = [{**ROWS[0], "day": f"2026-09-{n:02d}", "clicks": 5000} for n in range(1, 15)]
    notes = figures.quality(Campaign(channels=("A", "b")), rows, 0, date(2026, 9, 30))
    assert notes[0] == "Channels of the brief without figures: b."
    assert (len(notes), notes[-1]) == (12, "Impossible rows in all: 14.")
    assert figures.quality(Campaign(), [], 0, date(2026, 9, 30)) == ("There are no daily figures for this campaign.",)


def test_rewind_takes_back_the_last_changes() -> None:
    chronicle = Chronicle()
    chronicle.create(1, 0, owner="a")
    then = dict(chronicle.tables["cards"][1])
    chronicle.move(1, "payment", 1)
    chronicle.change("edited", 1, 2, owner=None, due="2026-09-09")
    events = [e for batch in chronicle.batches[1:] for e in batch.events]
    assert rewind(chronicle.tables["cards"][1], events) == then


# ------------------------------------------------------------------------------------------------ other cards


def test_a_late_order() -> None:
    world = World()
    order = world.card("orders", "Two bags", due="2026-09-06", customer="Budi")
    world.do(MoveCard(card=order, stage="payment"), BlockCard(card=order, reason="no proof"))
    slip = world.do(MoveCard(card=order, stage="closed")).batch or 0
    world.do(Undo(batch=slip))
    world.at += timedelta(hours=40)
    world.do(MoveCard(card=order, stage="closed"))
    facts = facts_of(world, order)
    assert isinstance(facts, GeneralFacts)
    assert (facts.ref, facts.drafted_at, facts.done) == ("", None, facts.card.entered)
    assert facts.late == facts.card.entered - datetime(2026, 9, 6, 17, tzinfo=UTC)
    assert facts.slowest is not None
    assert (facts.slowest[0].stage, [t.stage for t in facts.stages]) == ("payment", ["new", "payment", "closed"])
    assert "Closed" not in "".join(row.text for row in facts.timeline[:-1])


def test_an_open_order_is_late_by_now_and_one_without_due_never() -> None:
    world = World()
    late, never = world.card("orders", "a", due="2026-09-01"), world.card("orders", "b")
    assert (facts_of(world, late).late, facts_of(world, never).late) == (timedelta(days=5, hours=8, minutes=1), None)


def test_links_in_both_directions_and_no_others() -> None:
    world = World()
    one, two, three, four = (world.card("orders", name) for name in "abcd")
    world.do(LinkCards(card=one, other=two, relation="blocks"))
    world.do(LinkCards(card=three, other=one, relation="caused_by"))
    world.do(LinkCards(card=four, other=one))
    world.do(UnlinkCards(card=four, other=one))
    links = facts_of(world, one).links
    assert [(row.card.id, row.relation) for row in links] == [(two, "blocks"), (three, "caused by this card")]


def test_actions_are_found_in_the_archive_and_by_a_later_edit() -> None:
    world = World()
    order = world.card("orders", "a")
    world.do(DraftPostmortem(card=order))
    ref = facts_of(world, order).ref
    done, gone, late = (world.card("actions", name, postmortem=ref if name != "c" else "") for name in "abc")
    world.do(MoveCard(card=done, stage="done"), ArchiveCard(card=done), ArchiveCard(card=gone))
    world.do(EditCard(card=late, values={"postmortem": ref}))
    world.card("actions", "of another", postmortem="PM-2026-999")
    rows = facts_of(world, order).actions
    assert [(row.card.id, row.status) for row in rows] == [(done, "done"), (gone, "dropped"), (late, "open")]


def test_an_imported_campaign_speaks_of_its_own_time() -> None:
    world = World()
    at = datetime(2025, 3, 1, tzinfo=UTC)
    rows = tuple(MetricRow(day=date(2025, 3, d), channel="meta", currency="USD", spend=100 * d) for d in (3, 1, 2))
    draft = Draft(
        source="meta", external_id="1", board="campaigns", title="Old", created=at, metrics=rows,
        fields={"currency": "USD"}, history=(Past(at=at, sort="stage", value="brief"),),
    )  # fmt: skip
    world.do(ImportCard(draft=draft), via="import")
    facts = facts_of(world, 1)
    assert (facts.run.start, facts.run.basis) == (datetime(2025, 3, 1, tzinfo=SETTINGS.zone), "rows")
    assert (facts.totals.spend, facts.spend.days[0]) == (600, (date(2025, 3, 1), 100))
    assert (facts.verdict, facts.approved, facts.reaction) == ("not measurable", None, None)
    assert facts.notes == ("Imported events, told by another system: 2 of 2.",)


def test_a_planned_run_comes_from_the_brief() -> None:
    world = World()
    card = world.card("campaigns", "a", starts="2026-09-09", ends="2026-09-12")
    run = facts_of(world, card).run
    assert (run.start, run.end, run.basis) == (jakarta(9, 0), jakarta(13, 0), "brief")
    assert facts_of(world, world.card("campaigns", "b")).run is None


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_file_may_hold_days_at_the_ends_of_the_calendar(day: str) -> None:
    """Nobody may type these, but they may have been stored once."""
    orders, campaigns = Chronicle(), Chronicle("campaigns")
    orders.create(1, 0, due=day)
    campaigns.create(1, 0, "brief", starts=day, ends=day, budget=1)
    late = postmortem_facts(orders, lambda _cards: orders.batches, 1, SETTINGS)
    assert isinstance(late, GeneralFacts)
    assert (late.late is None) == (day == "9999-12-31")
    planned = postmortem_facts(campaigns, lambda _cards: campaigns.batches, 1, SETTINGS)
    assert isinstance(planned, CampaignFacts)
    assert planned.run
    assert planned.run.end
    assert planned.run.start <= planned.run.end


@pytest.mark.parametrize(
    ("path", "approved"),
    [
        (["production", "approval", "scheduled"], True), (["approval", "live"], True), (["production", "live"], False),
        (["approval", "production"], False), (["approval", "stopped"], False),
    ],
)  # fmt: skip
def test_what_counts_as_approved(path: list[str], *, approved: bool) -> None:
    world = World()
    card = world.card("campaigns", "a")
    for stage in path:
        world.do(MoveCard(card=card, stage=stage))
    assert (facts_of(world, card).approved is not None) == approved


def test_an_approval_that_was_undone_is_none() -> None:
    world = World()
    card = world.card("campaigns", "a", targets=[{"metric": "roas", "target": 2}])
    world.do(MoveCard(card=card, stage="approval"))
    batch = world.do(MoveCard(card=card, stage="scheduled")).batch or 0
    world.do(Undo(batch=batch))
    facts = facts_of(world, card)
    assert facts.approved is None
    assert facts.card.details.targets == (Target("roas", 2.0),)


def test_no_such_card() -> None:
    with pytest.raises(KeyError):
        facts_of(World(), 7)
