"""A funnel of leads: who wrote, who bought, by channel and day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from domain.world import World
from independent import olist_leads
from opstui.domain.figures import rows_of
from opstui.domain.model import Refused
from opstui.imports.interface import Context
from opstui.imports.load import carry_out
from opstui.imports.registry import FORMATS
from opstui.projections.figures.campaign_page import page
from projections.figures.law import broken

Csv = Callable[..., Path]
LEADS = (
    "mql_id,first_contact_date,landing_page_id,origin",
    "a,2026-08-01,x,Social",
    "b,2026-08-01,x,social",
    "c,2026-08-02,y,",
    "a,2026-08-03,x,email",
    "d,never,x,email",
)
DEALS = (
    "mql_id,won_date,declared_monthly_revenue",
    "b,2026-08-05 10:00:00,900",
    "b,2026-08-06 10:00:00,0",
    "z,2026-08-05,7",
)


def table(folder: Path, name: str, lines: tuple[str, ...]) -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def take(context: Context, *paths: Path) -> tuple[list[tuple[int, str, int, float]], Counter[str]]:
    reading = FORMATS["leads"].read(list(paths), context)
    (draft,) = reading.drafts
    rows = [(m.day.day, m.channel, m.leads, m.conversions) for m in draft.metrics]
    return rows, Counter(problem.kind for problem in reading.report.problems)


@pytest.mark.parametrize("named", ["files", "other way round", "folder"])
def test_leads_and_deals_by_channel_on_the_day_they_happened(tmp_path: Path, context: Context, named: str) -> None:
    files = [table(tmp_path, "leads.csv", LEADS), table(tmp_path, "deals.csv", DEALS)]
    table(tmp_path, "other.csv", ("a,b", "1,2"))
    paths = {"files": files, "other way round": files[::-1], "folder": [tmp_path]}[named]
    rows, problems = take(context, *paths)
    assert rows == [(1, "social", 2, 0), (2, "unknown", 1, 0), (5, "social", 0, 1), (5, "unknown", 0, 1)]
    assert problems == {"refused": 3, "doubtful": 1}


def test_leads_alone_are_taken_and_it_is_told(tmp_path: Path, context: Context) -> None:
    reading = FORMATS["leads"].read([table(tmp_path, "leads.csv", LEADS)], context)
    assert any("no table of deals" in note for note in reading.report.notes)
    assert sum(m.leads for m in reading.drafts[0].metrics) == 3


@pytest.mark.parametrize(
    ("lines", "reason"),
    [(DEALS, "no table of leads"), (("mql_id,origin", "a,b"), "tells neither"), (("a,b", "1,2"), "mql_id")],
)
def test_what_is_no_funnel_is_refused(tmp_path: Path, context: Context, lines: tuple[str, ...], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        FORMATS["leads"].read([table(tmp_path, "it.csv", lines)], context)


@pytest.mark.real_exports
def test_olist_s_funnel_equals_an_independent_script(real_exports: Path) -> None:
    folder = real_exports / "olist" / "marketing_funnel"
    if not folder.is_dir():
        pytest.skip("the funnel is not among the real exports")
    leads, deals = olist_leads.counts(folder)
    world, zone = World(), ZoneInfo("Asia/Jakarta")
    world.at = datetime(2018, 12, 1, tzinfo=zone)
    context = Context(zone=zone, currency="BRL", now=world.at)
    reading = FORMATS["leads"].read([folder], context)
    carry_out(lambda commands: world.do(*commands, via="import"), reading)
    rows = list(rows_of(world.workspace.state))
    assert {(r["day"], r["channel"]): r["leads"] for r in rows if r["leads"]} == dict(leads)
    assert {(r["day"], r["channel"]): r["conversions"] for r in rows if r["conversions"]} == dict(deals)
    assert (leads.total(), deals.total()) == (8000, 842)
    assert (reading.report.problems, reading.report.rows) == ([], 8842)
    days = (date(2018, 12, 1) - date(2017, 6, 1)).days
    found = page(world.workspace.histories.source(as_of=world.at, days=days, card=1))
    steps = {e.label: e.value for p in found.panels if p.id == "campaigns.funnel" for e in p.elements}
    assert steps == {"Left their name": 8000, "Ordered": 842}
    by_channel = Counter[str]()
    for (_day, channel), n in deals.items():
        by_channel[channel] += n
    told = {e.label for p in found.panels if p.id == "campaigns.channels" for e in p.elements}
    assert told == {channel for _day, channel in leads} | set(by_channel)
    world.at += timedelta(minutes=1)
    assert broken(found, world.workspace, world.at) == []
