"""Advertising exports: summed per campaign and day, with nothing dropped unsaid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from opstui.domain.model import Past, Refused
from opstui.imports import google, marketing, meta
from opstui.imports.interface import Context, Reading
from opstui.imports.registry import FORMATS

Csv = Callable[..., Path]
MARKETING = "id,c_date,campaign_name,category,campaign_id,impressions,mark_spent,clicks,leads,orders,revenue"
META = (
    "Campaign name,Day,Gender,Reach,Amount spent (USD),Impressions,Link clicks,"
    "Purchase ROAS (return on ad spend),Purchases"
)
GOOGLE = "Campaign status,Campaign,Budget,Budget type,Currency code,Impr.,Interactions,Cost,Conversions"
RANGE = '"July 8, 2025 - July 31, 2025"'


def problems(reading: Reading, kind: str = "refused") -> list[tuple[int, str]]:
    return [(p.line, p.reason) for p in reading.report.problems if p.kind == kind]


# --------------------------------------------------------------------------------------- marketing-csv


def test_a_campaign_is_its_name_in_any_case(csv: Csv, context: Context) -> None:
    path = csv(
        MARKETING, "1,2/1/21,facebOOK_x,social,9,100,1500,10,2,1,4000", "2,2/2/21,Facebook_X,social,9,50,500,5,0,2,0"
    )
    (draft,) = marketing.read([path], context).drafts
    assert (draft.external_id, draft.title, draft.board) == ("facebook_x", "facebook_x", "campaigns")
    assert draft.fields == {"channels": ["social"], "currency": "IDR", "starts": "2021-02-01", "ends": "2021-02-02"}
    assert [(m.day, m.spend, m.conversions, m.revenue, m.leads) for m in draft.metrics] == [
        (date(2021, 2, 1), 1500, 1, 4000, 2),
        (date(2021, 2, 2), 500, 2, 0, 0),
    ]


def test_the_currency_is_an_assumption_and_said_so(csv: Csv, context: Context) -> None:
    path = csv(MARKETING, "1,2/1/21,a,social,9,100,15.5,10,2,1,40")
    reading = marketing.read([path], replace(context, currency="USD"))
    assert reading.drafts[0].metrics[0].spend == 1550
    assert any("USD" in note for note in reading.report.notes)


def test_a_campaign_that_is_over_waits_for_its_post_mortem(csv: Csv, context: Context) -> None:
    path = csv(MARKETING, "1,2/1/21,a,social,9,1,1,1,1,1,1")
    live = Past(at=datetime(2021, 1, 31, 17, tzinfo=UTC), sort="stage", value="live")
    over = Past(at=datetime(2021, 2, 1, 17, tzinfo=UTC), sort="stage", value="postmortem")
    assert marketing.read([path], context).drafts[0].history == (live, over)
    soon = replace(context, now=datetime(2021, 2, 5, tzinfo=UTC))
    assert marketing.read([path], soon).drafts[0].history == (live,)


def test_bad_rows_are_refused_one_by_one(csv: Csv, context: Context) -> None:
    good = "9,2/3/2021,a,social,9,1,1,1,1,1,1"
    path = csv(
        MARKETING, "1,13/1/21,a,s,9,1,1,1,1,1,1", "2,2/1/21,a,s,9,x,1,1,1,1,1", "3,2/1/21,,s,9,1,1,1,1,1,1", good, good
    )
    reading = marketing.read([path], context)
    assert problems(reading) == [
        (2, "c_date: not a date (month/day/year)"),
        (3, "impressions: not a number"),
        (4, "campaign_name: is empty"),
        (6, "a second row with the same id"),
    ]
    assert (reading.report.rows, reading.report.cards, reading.report.metric_rows) == (5, 1, 1)


@pytest.mark.parametrize("day", ["12/31/9999", "1/1/0001", "9999-12-31"])
def test_a_day_that_no_shop_sees_is_refused(csv: Csv, context: Context, day: str) -> None:
    reading = marketing.read([csv(MARKETING, f"1,{day},a,s,9,1,1,1,1,1,1")], context)
    ((line, reason),) = problems(reading)
    assert (line, reason.partition(":")[0], reading.drafts) == (2, "c_date", ())


def test_a_day_told_by_two_files_is_not_doubled(csv: Csv, context: Context) -> None:
    row = "1,2/1/21,a,social,9,1,100,1,1,1,1"
    paths = [
        csv(MARKETING, row, name="week1.csv"),
        csv(MARKETING, row, "2,2/2/21,a,social,9,1,50,1,1,1,1", name="week2.csv"),
    ]
    reading = marketing.read(paths, context)
    assert [m.spend for m in reading.drafts[0].metrics] == [100, 50]
    assert problems(reading) == [(2, "this day of this campaign came from another file already")]


def test_a_day_told_by_two_files_of_one_name_is_not_doubled(tmp_path: Path, context: Context) -> None:
    paths = [tmp_path / folder / "report.csv" for folder in ("january", "copy of january")]
    for path in paths:
        path.parent.mkdir()
        path.write_text(f"{MARKETING}\n1,2/1/21,a,social,9,1,100,1,1,1,1\n")
    reading = FORMATS["marketing-csv"].read(paths, context)
    assert [m.spend for m in reading.drafts[0].metrics] == [100]
    assert problems(reading) == [(2, "this day of this campaign came from another file already")]


def test_a_file_named_twice_is_read_once(csv: Csv, context: Context, tmp_path: Path) -> None:
    path = csv(MARKETING, "1,2/1/21,a,social,9,1,100,1,1,1,1")
    (tmp_path / "link.csv").symlink_to(path)
    paths = [path, path, path.parent / "." / path.name, tmp_path / "link.csv"]
    reading = FORMATS["marketing-csv"].read(paths, context)
    assert [m.spend for m in reading.drafts[0].metrics] == [100]
    assert (reading.report.rows, problems(reading)) == (1, [])
    assert "a file that was named more than once is read once" in reading.report.notes


# --------------------------------------------------------------------------------------- meta-ads


def test_meta_rows_are_summed_per_day_and_reach_is_not(csv: Csv, context: Context) -> None:
    path = csv(
        META,
        "Sale,2024-12-01,female,100,1.10,1000,10,2.5,1",
        "Sale,2024-12-01,male,90,0.23,500,5,,",
        "SALE,2024-12-02,male,80,2,10,,,",
        ",,,999,3.33,1510,15,,",
        encoding="utf-8-sig",
    )
    reading = meta.read([path], context)
    (draft,) = reading.drafts
    first, second = draft.metrics
    assert (first.spend, first.impressions, first.clicks, first.conversions, first.revenue) == (133, 1500, 15, 1, 275)
    assert (first.reach, first.currency, first.channel) == (None, "USD", "meta")
    assert (second.day, second.spend) == (date(2024, 12, 2), 200)
    assert problems(reading, "dropped") == [(5, "total row")]
    assert problems(reading, "repaired") == [(4, "the campaign's name is spelt in two ways, taken as one")]


def test_meta_values_are_taken_where_the_export_has_them(csv: Csv, context: Context) -> None:
    header = (
        "Day,Campaign name,Amount spent (AUD),Impressions,Clicks (all),Website purchases,Purchases conversion value"
    )
    (draft,) = meta.read([csv(header, "2025-08-01,Sale,10,100,7,2,99.5")], context).drafts
    row = draft.metrics[0]
    assert (row.currency, row.clicks, row.conversions, row.revenue) == ("AUD", 7, 2, 9950)


def test_meta_without_days_or_with_an_unnamed_currency_is_refused(csv: Csv, context: Context) -> None:
    with pytest.raises(Refused, match="no column day or date"):
        meta.read([csv("Campaign name,Amount spent (USD),Impressions", "a,1,2")], context)
    with pytest.raises(Refused, match="does not name a currency"):
        meta.read([csv("Campaign name,Day,Amount spent (local),Impressions", "a,2025-01-01,1,2")], context)


def test_a_meta_row_without_its_day_is_refused(csv: Csv, context: Context) -> None:
    reading = meta.read([csv(META, "Sale,,female,1,1,1,1,,", "Sale,12/01,female,1,1,1,1,,")], context)
    assert problems(reading) == [(2, "day: not a date (2026-09-07)"), (3, "day: not a date (2026-09-07)")]
    assert reading.drafts == ()


# --------------------------------------------------------------------------------------- google-ads


def google_rows(*rows: str) -> tuple[str, ...]:
    return ("Campaign report", RANGE, GOOGLE, *rows)


def test_a_google_report_becomes_one_row_on_the_last_day(csv: Csv, context: Context) -> None:
    rows = google_rows(
        'Enabled,Video,5000.00,Campaign Total,INR,"25,881","20,127",1661.67,0.00',
        "Paused,Leads,500,Daily,INR,9,3, --,1.5",
    )
    reading = google.read([csv(*rows)], context)
    leads, video = reading.drafts
    assert (video.fields["starts"], video.fields["ends"], video.fields["budget"]) == (
        "2025-07-08",
        "2025-07-31",
        500000,
    )
    assert video.history[0].at == datetime(2025, 7, 7, 17, tzinfo=UTC)
    (row,) = video.metrics
    assert (row.day, row.currency, row.channel) == (date(2025, 7, 31), "INR", "google")
    assert (row.spend, row.impressions, row.clicks) == (166167, 25881, 20127)
    assert "budget" not in leads.fields
    assert (leads.metrics[0].spend, leads.metrics[0].conversions) == (0, 1.5)
    assert problems(reading, "dropped") == [(1, "title row"), (2, "title row")]


@pytest.mark.parametrize(
    ("total", "note", "doubts"),
    [
        ("3.00", "cost 3.00,", []),
        ("3.01", "cost 3.01, summed 3.00 (rounding)", []),
        ("3.02", "impressions 3", [(6, "the file's own total of cost is not the sum of its rows")]),
    ],
)
def test_the_own_total_of_a_google_report_is_checked(
    csv: Csv, context: Context, total: str, note: str, doubts: list[tuple[int, str]]
) -> None:
    rows = google_rows(
        "Enabled,a,1,Daily,INR,1,1,1.00,0",
        "Enabled,b,1,Daily,INR,2,2,2.00,0",
        f"Total: Account,,,,INR,3,3,{total},0",
        "Total: Video,,,,INR,1,1,9,0",
    )
    reading = google.read([csv(*rows)], context)
    assert problems(reading, "doubtful") == doubts
    assert any(note in n for n in reading.report.notes)
    assert [reason for __, reason in problems(reading, "dropped")].count("total row") == 2


def test_amounts_of_two_currencies_are_not_compared_with_a_total(csv: Csv, context: Context) -> None:
    rows = google_rows(
        "Enabled,a,1,Daily,INR,1,1,1.00,0", "Enabled,b,1,Daily,USD,2,2,2.00,0", "Total: Account,,,,,3,3,9,0"
    )
    reading = google.read([csv(*rows)], context)
    assert problems(reading, "doubtful") == []
    assert {m.currency for d in reading.drafts for m in d.metrics} == {"INR", "USD"}


def test_a_google_report_with_days_needs_no_titles(csv: Csv, context: Context) -> None:
    path = csv(
        "Campaign,Day,Cost,Clicks,Impr.,Conv. value", "a,2025-09-02,1.5,1,10,30", "a,2025-09-03,2,1,10,0", "a,,2,1,10,0"
    )
    reading = google.read([path], context)
    assert [(m.day.day, m.spend, m.revenue) for m in reading.drafts[0].metrics] == [(2, 2, 30), (3, 2, 0)]
    assert problems(reading) == [(4, "the day is empty")]
    assert any("IDR" in note for note in reading.report.notes)


@pytest.mark.parametrize("title", ["All time", '"December 31, 9999"', '"July 31, 2025 - July 8, 2025"'])
def test_a_google_report_without_any_dates_is_refused(csv: Csv, context: Context, title: str) -> None:
    with pytest.raises(Refused, match="column Day"):
        google.read([csv("Campaign report", title, GOOGLE, "Enabled,a,1,Daily,INR,1,1,1,0")], context)


def test_a_currency_that_is_none_is_refused(csv: Csv, context: Context) -> None:
    reading = google.read([csv(*google_rows("Enabled,a,1,Daily,Rupee,1,1,1,0"))], context)
    assert problems(reading) == [(4, "currency: not a currency code like IDR")]
