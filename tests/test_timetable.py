"""`[calendar]` and `[sla]` of opstui.toml: what is read, what is refused and where."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from opstui import config
from opstui.config import Malformed, Settings
from opstui.timetable import Promise, Reaction, promised, read_hours

FIRST = "[sla.feedback.first_response]\n"


def load(folder: Path, text: str) -> Settings:
    (folder / config.FILE).write_text(text, encoding="utf-8")
    return config.load(folder)


def test_a_whole_calendar(tmp_path: Path) -> None:
    text = '[calendar]\ncountry = "SG"\njoint_leave = false\n[calendar.hours]\nsat = "09:00-13:00"\n'
    text += '[calendar.holidays]\n"2026-09-07" = "Stocktaking"\n[calendar.open]\n"2026-09-06" = "10:00-15:00"\n'
    found = load(tmp_path, text).calendar
    assert (found.country, found.joint_leave, found.hours.sat, found.hours.mon) == (
        "SG",
        False,
        "09:00-13:00",
        "09:00-17:00",
    )
    assert (found.holidays, found.open) == ({"2026-09-07": "Stocktaking"}, {"2026-09-06": "10:00-15:00"})


def test_what_a_new_workspace_says_is_the_default_and_may_be_uncommented(tmp_path: Path) -> None:
    text = config.written(name="x", currency="IDR", timezone="Asia/Jakarta", locale="id")
    assert load(tmp_path, text).calendar == Settings().calendar
    start, end = text.index("[calendar]"), text.index("# Boards and")
    told = text[start:end].replace("# [", "[").replace('# "', '"').replace("# country", "country")
    for level in ("low", "normal", "high", "critical"):
        told = told.replace(f"# {level} =", f"{level} =")
    for step in ("detect", "acknowledge", "mitigate", "resolve"):
        told = told.replace(f"# {step} =", f"{step} =")
    found = load(tmp_path, told)
    assert found.calendar.country == "ID"
    assert found.sla["feedback"].resolution["critical"] == 480
    assert found.incidents == {"SEV1": Reaction(detect=15, acknowledge=10, mitigate=120, resolve=480)}


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("", ()), ("9:00-17:00", ((540, 1020),)), ("08.00–12.00, 13:00 - 24:00", ((480, 720), (780, 1440))),
        ("00:00-24:00", ((0, 1440),)),
    ],
)  # fmt: skip
def test_hours(text: str, hours: tuple[tuple[int, int], ...]) -> None:
    assert read_hours(text) == hours


MALFORMED = [
    ('[calendar]\ncuntry = "ID"', "line 2, calendar.cuntry: 'cuntry' is not a setting; did you mean country?"),
    ('[calendar]\ncountry = "Indonesia"', "line 2, calendar.country: a country is two capital letters"),
    ('[calendar.hours]\nmon = "9-17"', "line 2, calendar.hours.mon: '9-17' is no time like 09:00-17:00"),
    ('[calendar.hours]\nmon = "09:00-17:60"', "it closes after it opens"),
    ('[calendar.hours]\nmon = "13:00-17:00, 08:00-12:00"', "follow each other"),
    ('[calendar.open]\n"2026-09-06" = "22:00-02:00"', "past midnight, write the next day's too"),
    ('[calendar.holidays]\n"2026-02-30" = "x"', "'2026-02-30' is no day like 2026-09-07"),
    ("[calendar.hours]\n" + "\n".join(f'{d} = ""' for d in ("mon", "tue", "wed", "thu", "fri")), "it is never open"),
    ("calendar = 3", "line 1, calendar: it should be a table; it says 3"),
    ("[sla]\nfeedback = 3", "it should be a table"),
    ("[sla.tickets.resolution]\nhigh = 3", "sla.tickets: 'tickets' is not a setting"),
    ("[sla.feedback]\nfirst = 3", "sla.feedback.first: 'first' is not a setting"),
    (FIRST + "high = -1", "line 2, sla.feedback.first_response.high: minutes are a number above 0"),
    (FIRST + "high = inf", "minutes are a number above 0"),
    (FIRST + "urgent = 1", "'urgent' is not known here; try"),
    (FIRST + "hihg = 1", "'hihg' is not known here; try high"),
    (FIRST + 'high = "x"', "first_response.high: it should be a number"),
    ("[incidents.SEV9]\ndetect = 1", "'SEV9' is not a setting; did you mean SEV"),
    ("[incidents.SEV1]\ndetct = 1", "'detct' is not a setting; did you mean detect"),
    ("[incidents.SEV1]\ndetect = 0", "line 2, incidents.SEV1.detect: minutes are a number above 0"),
    ("[incidents]\nSEV1 = 3", "it should be a table"),
]


@pytest.mark.parametrize(("text", "reason"), MALFORMED)
def test_what_cannot_be_is_refused_with_its_place(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(Malformed) as told:
        load(tmp_path, text)
    assert reason in str(told.value)


@pytest.mark.parametrize(
    ("kind", "clock", "level", "minutes"),
    [
        ("feedback", "first_response", "high", 30), ("feedback", "first_response", "low", 480),
        ("feedback", "resolution", "critical", 480), ("order", "resolution", "urgent", 90),
        ("order", "first_response", "urgent", None),
    ],
)  # fmt: skip
def test_what_is_left_out_keeps_its_default(
    kind: str, clock: Literal["first_response", "resolution"], level: str, minutes: float | None
) -> None:
    said = {"feedback": Promise(first_response={"high": 30}), "order": Promise(resolution={"urgent": 90})}
    assert promised(said, kind, clock, level) == minutes
