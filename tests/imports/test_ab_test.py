"""A test that someone else ran becomes experiments of a campaign, counted as a person would count them."""

from __future__ import annotations

import csv as table
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.world import World
from opstui.domain.model import Campaign, Refused, card_from
from opstui.imports.interface import Context, Reading
from opstui.imports.load import carry_out
from opstui.imports.registry import FORMATS
from opstui.projections.figures import campaign_page

Csv = Callable[..., Path]
ZONE = ZoneInfo("Asia/Jakarta")
WRITTEN = datetime(2026, 8, 30, 20, tzinfo=UTC)


def taken(file: Path, context: Context) -> Reading:
    os.utime(file, (WRITTEN.timestamp(), WRITTEN.timestamp()))
    return FORMATS["ab-test"].read([file], context)


def in_it(reading: Reading) -> list[dict[str, Any]]:
    (draft,) = reading.drafts
    return list(draft.fields["experiments"])


def test_a_row_a_person(csv: Csv, context: Context) -> None:
    file = csv(
        "user_id,version,rounds,retention_1,bought",
        "1,new,3,True,yes",
        "2,control,4,False,no",
        "3,new,9,TRUE,no",
        "3,control,9,True,no",
        "4,control,0,true,ya",
        "5,,1,True,no",
    )
    reading = taken(file, context)
    first, second = in_it(reading)
    assert first == {
        "name": "retention 1",
        "arms": [{"label": "control", "people": 2, "hits": 1}, {"label": "new", "people": 2, "hits": 2}],
        "ends": "2026-08-31",
    }
    assert (second["name"], [arm["hits"] for arm in second["arms"]]) == ("bought", [1, 1])
    assert [p.line for p in reading.report.problems if p.kind == "refused"] == [5, 7]
    assert "not only yes and no, left out: rounds" in reading.report.notes


def test_a_row_an_arm_and_day(csv: Csv, context: Context) -> None:
    file = csv(
        "Date,Group,Visitors,Conversions",
        '2026-08-01,b,"1,000",50',
        "2026-08-14,b,1000,70",
        "2026-08-01,a=(1),2000,90",
        "2026-08-02,a=(1),10,11",
        "soon,b,1,1",
    )
    reading = taken(file, context)
    (only,) = in_it(reading)
    assert (only["starts"], only["ends"]) == ("2026-08-01", "2026-08-14")
    assert only["arms"] == [{"label": "a 1", "people": 2000, "hits": 90}, {"label": "b", "people": 2000, "hits": 120}]
    assert reading.report.count("refused") == 2


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        pytest.param(("variant,bought", "a,yes"), "no test in it", id="one arm"),
        pytest.param(("variant,bought", "a,3", "b,4"), "no test in it", id="no yes or no"),
        pytest.param(("variant", "a", "b"), "no test in it", id="nothing measured"),
        pytest.param(("variant,x", *(f"{n},yes" for n in range(11))), "11 arms, at most 10", id="too many arms"),
        pytest.param(
            ("variant,people,hits", "a,1,2", "b,3,1"), r"line 2: more hits than people \(2/1\)", id="bad rows"
        ),
        pytest.param(("nothing,else", "1,2"), "variant", id="another file"),
    ],
)
def test_a_file_without_a_test_says_what_is_missing(
    rows: tuple[str, ...], why: str, csv: Csv, context: Context
) -> None:
    with pytest.raises(Refused, match=why):
        taken(csv(*rows), context)


def _shop(file: Path) -> World:
    shop = World()
    context = Context(zone=ZONE, currency="IDR", now=shop.at)
    for _again in range(2):
        carry_out(lambda commands: shop.do(*commands, via="import"), taken(file, context))
    return shop


def test_the_same_file_twice_is_one_campaign(csv: Csv) -> None:
    shop = _shop(csv("variant,bought", "a,yes", "b,no"))
    assert len(list(shop.workspace.state.items("cards"))) == 1


@pytest.mark.real_exports
def test_cookie_cats_through_the_import(real_exports: Path) -> None:
    """The verdict of statsmodels on the 30,000 players kept here, see tests/projections/test_experiments.py."""
    file = real_exports / "ads" / "cookie_cats.csv"
    shop = World()
    shop.at = datetime(2026, 9, 7, tzinfo=UTC)
    reading = FORMATS["ab-test"].read([file], Context(zone=ZONE, currency="IDR", now=shop.at))
    carry_out(lambda commands: shop.do(*commands, via="import"), reading)
    ((number, doc),) = shop.workspace.state.items("cards")
    details = card_from(doc).details
    assert isinstance(details, Campaign)
    with file.open(encoding="utf-8", newline="") as rows:
        players = list(table.DictReader(rows))
    for one, name in zip(details.experiments, ("retention_1", "retention_7"), strict=True):
        for arm in one.arms:
            mine = [row for row in players if row["version"] == arm.label]
            assert (arm.people, arm.hits) == (len(mine), sum(row[name] == "True" for row in mine))
    shop.at += timedelta(days=2)
    page = campaign_page.page(shop.workspace.histories.source(as_of=shop.at, days=30, card=number))
    found = {panel.id: panel for panel in page.panels if panel.id.startswith("campaigns.test.")}
    for place, p in ((1, 0.8889815904752103), (2, 0.10561180051289294)):
        panel = found[f"campaigns.test.{number}.{place}"]
        assert panel.title.endswith("no difference shown")
        assert f"p = {p:.4f}" in panel.says
        assert panel.elements[1].rest[2] == pytest.approx(p, rel=1e-9)
