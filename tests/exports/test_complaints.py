"""The post-mortem of a week of real complaints: every number is what an independent script makes of the tables."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml

from domain.world import World
from exports.test_late_order import section, tables
from independent import complaints
from opstui.config import Settings
from opstui.domain.commands import LinkCards
from opstui.exports.postmortem import facts_of, render_postmortem
from opstui.exports.style import STYLES
from opstui.imports.interface import Context
from opstui.imports.load import carry_out
from opstui.imports.registry import FORMATS
from opstui.timetable import Timetable

pytestmark = pytest.mark.real_exports


def test_every_number_of_a_week_of_complaints_is_that_of_the_tables(real_exports: Path) -> None:
    folder = real_exports / "olist" / "sample_3000_albuquerques"
    world = World(Settings(calendar=Timetable(country="none")))
    world.at += timedelta(days=3650)
    context = Context(zone=world.workspace.settings.zone, currency="BRL", now=world.at)
    carry_out(lambda commands: world.do(*commands, via="import"), FORMATS["olist"].read([folder], context))
    found = complaints.week(folder, datetime(2018, 3, 5), most=14)  # noqa: DTZ001 - as the tables have it
    assert len(found) > 5
    ids = [world.workspace.state.find_external("olist", one["id"]) for one in found]
    first, *others = [number for number in ids if number is not None]
    world.do(*(LinkCards(card=first, other=other) for other in others))
    text = render_postmortem(facts_of(world.workspace, {"card": first}), STYLES["en"])
    told = section(text, "What customers told us")
    assert tables(told) == [[complaints.themes(found)], complaints.by_day(found)]
    assert complaints.received(folder, found) in told
    (record,) = tables(section(text, "Service record"))
    assert record[:2] == complaints.service(found)
    (handled,) = tables(section(text, "Handling"))
    assert sorted(row[1] for row in handled) == sorted(f"{one['buyer'][0]}***" for one in found)
    assert f"Answered by a person: {sum(one['answered'] is not None for one in found)} of {len(found)}." in text
    head = yaml.safe_load(text.split("---\n")[1])
    assert (head["items_total"], head["customers_affected"]) == (len(found), len({one["buyer"] for one in found}))
    assert (head["frt_breaches"], head["first_seen"]) == (
        int(record[0][3]), f"{found[0]['came'].isoformat()}+07:00",
    )  # fmt: skip
