"""The command line says which figures are made from data that are too old, and which are always current."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cli.calls import Opstui

HEAD = "c_date,campaign_name,impressions,mark_spent,clicks,leads,orders,revenue"


@pytest.mark.parametrize(("days", "stale"), [(1, False), (6, True)])
def test_figures_of_a_live_campaign_are_stale_when_none_came_for_days(
    opstui: Opstui,
    tmp_path: Path,
    days: int,
    stale: bool,
) -> None:
    last = (datetime.now(UTC).astimezone(ZoneInfo("Asia/Jakarta")) - timedelta(days=days)).date()
    rows = "".join(f"{last - timedelta(days=n)},promo,100,50000,10,1,1,90000\n" for n in (0, 1))
    (tmp_path / "ads.csv").write_text(f"{HEAD}\n{rows}")
    assert opstui("import", "marketing-csv", "ads.csv").code == 0
    opstui("card", "move", "CMP-0001", "live")
    found = {metric["id"]: metric for metric in opstui("kpi", "campaigns", "--json").json["metrics"]}
    assert found["roas"]["stale"] is stale
    assert found["roas"].get("data_until") == (last.isoformat() if stale else None)
    assert found["wip"]["stale"] is False
    exported = opstui("export", "kpi", "campaigns", "--json").json["metrics"]
    assert {metric["id"]: metric for metric in exported} == found
    assert (f"~ last figures {days} days ago" in opstui("kpi", "campaigns").out) is stale
    over = ("--from", (last - timedelta(days=9)).isoformat(), "--to", (last + timedelta(days=1)).isoformat())
    past = {metric["id"]: metric for metric in opstui("kpi", "campaigns", *over, "--json").json["metrics"]}
    assert past["roas"]["stale"] is False
    assert past["roas"]["value"] == 1.8


def test_the_list_says_what_is_always_current(opstui: Opstui) -> None:
    lines = {line.split()[0]: line for line in opstui("kpi", "--list").out.splitlines()}
    assert "always current" in lines["delayed"]
    assert "stale after 2 days" in lines["roas"]
    listed = {known["id"]: known["stale_after_hours"] for known in opstui("kpi", "--list", "--json").json["kpis"]}
    assert (listed["delayed"], listed["roas"]) == (None, 48)
    assert all(metric["stale"] is False for metric in opstui("kpi", "--json").json["metrics"])


def test_a_target_may_be_typed_as_a_share(opstui: Opstui) -> None:
    assert "the target is 0.9" in opstui("kpi", "--target", "on_time_rate", "90%").err
    assert opstui("kpi", "--target", "on_time_rate", "90").code == 2
