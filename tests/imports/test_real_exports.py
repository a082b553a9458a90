"""Real exports that nobody here wrote: the figures were computed from the files by independent means."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from opstui.domain.model import Refused
from opstui.imports.interface import Context, Reading
from opstui.imports.registry import FORMATS

pytestmark = pytest.mark.real_exports


def read(name: str, path: Path, context: Context) -> Reading:
    return FORMATS[name].read([path], context)


def last_stages(reading: Reading, board: str) -> Counter[str]:
    return Counter(d.history[-1].value for d in reading.drafts if d.board == board)


def test_olist_with_reviews(real_exports: Path, context: Context) -> None:
    reading = read("olist", real_exports / "olist" / "sample_3000_albuquerques", context)
    assert last_stages(reading, "orders") == {"closed": 2904, "cancelled": 41, "shipping": 38, "processing": 17}
    assert last_stages(reading, "feedback") == {"closed": 2993}
    assert len({d.external_id for d in reading.drafts}) == 5993
    assert sum("out of order" in p.reason for p in reading.report.problems) == 54
    assert reading.report.count("refused") == 0


def test_olist_keeps_purchase_and_delivery(real_exports: Path, context: Context) -> None:
    reading = read("olist", real_exports / "olist" / "sample_3000_albuquerques", context)
    closed = [d.history for d in reading.drafts if d.board == "orders" and d.history[-1].value == "closed"]
    leads = sorted((h[-1].at - h[0].at).total_seconds() / 3600 for h in closed)
    assert round((leads[1451] + leads[1452]) / 2, 3) == 243.928
    assert all(a.at <= b.at for h in closed for a, b in pairwise(h))


def test_olist_with_four_tables(real_exports: Path, context: Context) -> None:
    reading = read("olist", real_exports / "olist" / "sample_8000_tirthjoship", context)
    assert last_stages(reading, "orders") == {"closed": 7773, "cancelled": 107, "shipping": 80, "processing": 40}


def test_marketing(real_exports: Path, context: Context) -> None:
    reading = read("marketing-csv", real_exports / "ads" / "Marketing.csv", context)
    spend = sum(m.spend for d in reading.drafts for m in d.metrics)
    revenue = sum(m.revenue for d in reading.drafts for m in d.metrics)
    assert (len(reading.drafts), spend, revenue) == (11, 30_590_883, 42_889_366)
    assert round(revenue / spend, 3) == 1.402
    assert (reading.report.rows, reading.report.metric_rows, reading.report.problems) == (308, 308, [])


def test_meta(real_exports: Path, context: Context) -> None:
    reading = read("meta-ads", real_exports / "ads" / "meta_ads_manager_ab_data.csv", context)
    rows = [m for d in reading.drafts for m in d.metrics]
    assert (sum(m.spend for m in rows), {m.currency for m in rows}, len(rows)) == (26815, {"USD"}, 7)
    assert {m.reach for m in rows} == {None}


def test_google_agrees_with_its_own_total(real_exports: Path, context: Context) -> None:
    reading = read("google-ads", real_exports / "ads" / "google_ads_campaign_report_INR.csv", context)
    rows = [m for d in reading.drafts for m in d.metrics]
    assert (sum(m.impressions for m in rows), sum(m.conversions for m in rows)) == (46168, 15)
    assert sum(m.spend for m in rows) == 256593, (
        "the rows themselves; Google's total says 2565.92, rounded from finer amounts"
    )
    assert reading.report.count("doubtful") == 0
    assert any("equals our sum: cost 2565.92" in note for note in reading.report.notes)
    assert reading.report.count("dropped") == 6


@pytest.mark.parametrize(("name", "file"), [("google-ads", "google_ads.csv"), ("meta-ads", "meta_ads.csv")])
def test_daily_layouts_of_another_shop(real_exports: Path, context: Context, name: str, file: str) -> None:
    reading = read(name, real_exports / "ads" / "cocoon" / file, context)
    assert {m.currency for d in reading.drafts for m in d.metrics} == {"AUD"}
    assert reading.report.count("refused") == 0


@pytest.mark.parametrize(
    ("name", "path", "reason"),
    [
        ("google-ads", "orders_exports/html_saved_as_ab_data.csv", "web page"),
        ("meta-ads", "orders_exports/ventas-7cbc86a0-49c8-4792-8823-d2ebd9067044.csv", "not UTF-8"),
        ("marketing-csv", "ads/KAG_conversion_data.csv", "another kind"),
        ("marketing-csv", "orders_exports/shopify_orders_export_ZAR.csv", "another kind"),
        ("olist", "olist/marketing_funnel", "not a whole Olist export"),
        ("olist", "ads/Marketing.csv", "one folder"),
        ("stock", "boards/trello/trello_tellybox.json", "another kind"),
    ],
)
def test_what_it_is_not_is_refused(real_exports: Path, context: Context, name: str, path: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        read(name, real_exports / path, context)
