"""What the shop sold, and what people answered: two files that many shops have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from domain.world import World
from opstui.imports.interface import Context
from opstui.imports.load import carry_out
from opstui.imports.registry import FORMATS
from opstui.projections.figures import campaign_page, service_page
from opstui.projections.panels import Element, Page
from projections.figures.law import broken

Csv = Callable[..., Path]


def test_sales_become_one_card_with_the_day_s_income(csv: Csv, context: Context) -> None:
    file = csv(
        "Day,Product title,Total sales,Orders",
        "2026-08-01,Nest,69.98,1",
        "2026-08-01,,-9.98,0",
        "2026-08-02,Nest,10,2",
        "never,Nest,1,1",
    )
    reading = FORMATS["shopify-sales"].read([file], context)
    (draft,) = reading.drafts
    assert (draft.source, draft.title) == ("shop", "Shop sales")
    assert [(m.day.day, m.revenue, m.conversions, m.spend) for m in draft.metrics] == [(1, 60, 1, 0), (2, 10, 2, 0)]
    assert reading.report.count("refused") == 1


def test_answers_become_closed_cards_with_their_score(csv: Csv, context: Context) -> None:
    file = csv("user_id,text,NPS_Score", '7,"slow =1+1",3', "8,,10", "9,x,11", "10,y,-1", ",no name,8")
    reading = FORMATS["nps"].read([file], context)
    assert [(d.title, d.fields["nps"], d.fields["sort"]) for d in reading.drafts] == [
        ("slow =1+1", 3, "complaint"),
        ("would recommend us: 10 of 10", 10, "praise"),
        ("no name", 8, "review"),
    ]
    assert {d.history[-1].value for d in reading.drafts} == {"closed"}
    assert reading.report.count("refused") == 2


def test_who_gave_no_score_is_no_detractor_and_a_day_without_a_total_sold_nothing(csv: Csv, context: Context) -> None:
    answers = FORMATS["nps"].read([csv("user_id,nps_score", "7,", "8,nan", "9,0")], context)
    assert [draft.fields["nps"] for draft in answers.drafts] == [0]
    assert {p.reason for p in answers.report.problems} == {"score: no score was given"}
    late = f"{context.now.year + 1}-08-01"
    sales = FORMATS["shopify-sales"].read(
        [csv("Day,Total sales", "2026-08-01,nan", f"{late},5", '2026-08-02,"Rp 2.000.000"')], context
    )
    assert [m.revenue for m in sales.drafts[0].metrics] == [2_000_000]
    assert sales.report.count("refused") == 2


def test_who_answers_twice_is_heard_twice_and_the_same_file_again_adds_nothing(csv: Csv) -> None:
    rows = ("user_id,text,NPS_Score", "8,,10", "8,again,2", "8,again,2", "9,x,9")
    shop = Shop()
    shop.take("nps", csv(*rows))
    assert _scores(shop) == [2, 2, 9, 10]
    shop.take("nps", csv(*rows, "8,third,0"))
    assert _scores(shop) == [0, 2, 2, 9, 10]


def test_an_answer_that_stands_twice_in_a_file_is_doubted(csv: Csv, context: Context) -> None:
    reading = FORMATS["nps"].read([csv("user_id,text,NPS_Score", "8,a,2", "8,a,2", "8,b,2", ",a,2", ",a,2")], context)
    assert [(p.kind, p.line, p.value) for p in reading.report.problems] == [("doubtful", 3, "8")]
    assert len({d.external_id for d in reading.drafts}) == len(reading.drafts) == 5


def _scores(shop: World) -> list[int]:
    return sorted(doc["nps"] for _card, doc in shop.workspace.state.items("cards") if "nps" in doc)


class Shop(World):
    """A workspace that takes files in."""

    def take(self, form: str, *files: Path) -> None:
        context = Context(zone=ZoneInfo("Asia/Jakarta"), currency="AUD", now=self.at)
        carry_out(lambda commands: self.do(*commands, via="import"), FORMATS[form].read(files, context))


def by_label(page: Page, panel: str) -> dict[str, Element]:
    return {e.label: e for p in page.panels if p.id == panel for e in p.elements}


@pytest.mark.real_exports
def test_blended_roas_of_a_real_shop(real_exports: Path) -> None:
    shop, folder = Shop(), real_exports / "ads" / "cocoon"
    shop.at = datetime(2026, 8, 1, tzinfo=UTC)  # a month after the last day: nothing is live
    shop.take("meta-ads", folder / "meta_ads.csv")
    shop.take("google-ads", folder / "google_ads.csv")
    shop.take("shopify-sales", folder / "shopify_sales.csv")
    days = (date(2026, 8, 1) - date(2025, 8, 1)).days + 1
    source = shop.workspace.histories.source(as_of=shop.at, days=days)
    page = campaign_page.page(source)
    blended = by_label(page, "campaigns.summary")["Blended ROAS"]
    assert blended.value == pytest.approx(576_271.36 / 87_453.06)
    assert blended.note == "A$576,271.36 sold / A$87,453.06 spent, 2025-08-01 to 2026-06-30"
    channels = {e.label: getattr(e.value, "amount", None) for e in _of(page, "campaigns.channels")}
    assert channels == {"meta": 2_284_298, "google": 6_461_008}
    assert broken(page, shop.workspace, shop.at) == []


def _of(page: Page, panel: str) -> list[Element]:
    return [e for p in page.panels if p.id == panel for e in p.elements]


@pytest.mark.real_exports
def test_nps_of_a_real_survey_equals_the_count_by_hand(real_exports: Path) -> None:
    import csv as table

    file = real_exports / "feedback" / "nps_miro.csv"
    with file.open(newline="", encoding="utf-8-sig") as text:
        scores = [int(row["NPS_Score"]) for row in table.DictReader(text)]
    shop = Shop()
    shop.take("nps", file)
    shop.at += timedelta(minutes=1)
    page = service_page.page(shop.workspace.histories.source(as_of=shop.at, days=30))
    found = by_label(page, "service.summary")["Would recommend (NPS)"]
    by_hand = 100 * (sum(s >= 9 for s in scores) - sum(s <= 6 for s in scores)) / len(scores)
    assert found.value == pytest.approx(by_hand)
    assert found.cards == len(scores)
    assert broken(page, shop.workspace, shop.at) == []
