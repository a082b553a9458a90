"""The page about campaigns: sums of one currency, ratios of sums, and every number opens its campaigns."""

from __future__ import annotations

from datetime import timedelta

from domain.world import World
from opstui.domain.commands import CreateCard, EditCard, ImportCard
from opstui.domain.model import Draft, MetricRow, Money, Past
from opstui.projections.figures.campaign_page import page
from opstui.projections.panels import Element, Page, Panel
from projections.figures.law import broken

DAYS = 60


class Shop(World):
    """Two campaigns that are live, on two channels, and one in another currency that is over."""

    def __init__(self) -> None:
        super().__init__()
        self.at += timedelta(days=90)
        self.campaign("A", ("meta", "google"), spend=100_000)
        self.campaign("B", ("meta",), spend=50_000)
        self.campaign("C", ("meta",), spend=7, currency="USD", stage="archive")

    def campaign(
        self, name: str, channels: tuple[str, ...], spend: int, currency: str = "IDR", stage: str = "live"
    ) -> None:
        begin = self.at - timedelta(days=DAYS)
        rows = tuple(
            MetricRow(
                day=(begin + timedelta(days=n)).date(),
                channel=channel,
                currency=currency,
                spend=spend + n % 3,
                impressions=10_000 + 10 * (n % 5),
                clicks=200 + n % 7,
                conversions=10,
                revenue=4 * spend,
            )
            for n in range(DAYS)
            for channel in channels
        )
        brief = {
            "budget": 2 * DAYS * spend,
            "currency": currency,
            "starts": begin.date().isoformat(),
            "ends": (begin + timedelta(days=2 * DAYS)).date().isoformat(),
            "targets": [{"metric": "roas", "target": 5}, {"metric": "cpa", "target": 1_000_000}],
        }
        way = (Past(at=begin, sort="stage", value="brief"), Past(at=begin, sort="stage", value=stage))
        draft = Draft(
            source="ads", external_id=name, board="campaigns", title=name, created=begin, fields=brief,
            history=way, metrics=rows,
        )  # fmt: skip
        self.do(ImportCard(draft=draft), via="import")

    def page(self, days: int = 30, card: int | None = None) -> Page:
        return page(self.workspace.histories.source(as_of=self.at, days=days, card=card))

    def panel(self, name: str, card: int | None = None) -> Panel:
        return next(panel for panel in self.page(card=card).panels if panel.id == name)


def by_label(panel: Panel) -> dict[str, Element]:
    return {element.label: element for element in panel.elements}


def test_every_number_opens_the_campaigns_it_is_of() -> None:
    shop = Shop()
    for card in (None, 1, 3):
        for days in (30, 90):
            assert broken(shop.page(days, card), shop.workspace, shop.at) == []
    assert {element.cards for _panel, element in shop.page().elements()} >= {1, 2}


def test_ratios_are_of_sums_and_another_currency_is_left_out() -> None:
    shop = Shop()
    figures = by_label(shop.panel("campaigns.summary"))
    assert figures["ROAS"].value == 4 * 250_000 * 29 / (250_000 * 29 + 3 * sum(n % 3 for n in range(31, 60)))
    spend = figures["Spend"].value
    assert isinstance(spend, Money)
    assert spend.currency == "IDR"
    assert shop.page(card=3).subject.endswith("C")
    assert by_label(shop.panel("campaigns.summary", 3))["Spend"].value == Money(233, "USD")


def test_channels_add_up_and_the_funnel_names_the_biggest_drop() -> None:
    shop = Shop()
    channels = shop.panel("campaigns.channels").elements
    assert [element.label for element in channels] == ["meta", "google"]
    assert sum(float(element.rest[0]) for element in channels if isinstance(element.rest[0], float)) == 1
    funnel = shop.panel("campaigns.funnel")
    assert [element.label for element in funnel.elements if element.marked] == ["Clicked"]
    assert "most people are lost before: Clicked" in funnel.says


def test_a_day_unlike_the_others_is_marked_told_and_has_a_next_step() -> None:
    shop = Shop()
    assert shop.panel("campaigns.alerts").missing == "nothing was out of its usual range"
    day = (shop.at - timedelta(days=4)).date()
    row = MetricRow(day=day, channel="email", currency="IDR", spend=9_000_000, impressions=9, clicks=1)
    begin = shop.at - timedelta(days=5)
    way = (Past(at=begin, sort="stage", value="brief"), Past(at=begin, sort="stage", value="live"))
    draft = Draft(
        source="ads", external_id="D", board="campaigns", title="D", created=begin, history=way, metrics=(row,)
    )
    shop.do(ImportCard(draft=draft), via="import")
    panel = shop.panel("campaigns.alerts")
    assert any(element.label == "Spend" and element.at == day for element in panel.elements)
    assert panel.next_step
    spent = [element for element in shop.panel("campaigns.money").elements if element.series == "Spend"]
    assert [element.at for element in spent if element.marked] == [day]
    assert broken(shop.page(), shop.workspace, shop.at) == []


def test_the_brief_against_what_came_and_the_pace() -> None:
    shop = Shop()
    targets = by_label(shop.panel("campaigns.targets", 1))
    assert targets["ROAS"].state == "bad"
    assert targets["CPA"].state == "good"
    pace = {element.label: element.state for element in shop.panel("campaigns.pacing").elements}
    assert pace == {"CMP-0001 A": "bad", "CMP-0002 B": "good"}


def test_without_figures_it_says_what_to_do() -> None:
    world = World()
    world.do(CreateCard(board="campaigns", title="new", fields={}))
    found = page(world.workspace.histories.source(as_of=world.at, days=30))
    assert "import a file" in found.panels[0].missing
    assert broken(found, world.workspace, world.at) == []


def test_an_experiment_tells_nothing_before_its_time_and_then_a_verdict_with_its_interval() -> None:
    shop = Shop()
    arms = [{"label": "old", "hits": 500, "people": 10_000}, {"label": "new", "hits": 610, "people": 10_000}]
    begin = (shop.at - timedelta(days=20)).date()
    test: dict[str, object] = {"name": "button", "arms": arms, "planned": 50_000, "starts": begin.isoformat()}
    shop.do(EditCard(card=1, values={"experiments": [test]}))
    (running,) = (panel for panel in shop.page(card=1).panels if panel.id.startswith("campaigns.test"))
    assert running.title == "Test button: running: no verdict yet"
    assert [element.value for element in running.elements] == [None, None]
    ended = {**test, "planned": 10_000, "ends": (begin + timedelta(days=13)).isoformat()}
    shop.do(EditCard(card=1, values={"experiments": [ended]}))
    (told,) = (panel for panel in shop.page(card=1).panels if panel.id.startswith("campaigns.test"))
    assert told.title == "Test button: win: new"
    assert [element.value for element in told.elements] == [0.05, 0.061]
    # statsmodels 0.14, confint_proportions_2indep(610, 10000, 500, 10000, method="newcomb")
    assert told.elements[1].note == "+0.5% to +1.7% against the first, 95 % sure"
    assert broken(shop.page(card=1), shop.workspace, shop.at) == []
