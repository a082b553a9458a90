"""Numbers, masks and diagrams: small, exact, the same everywhere."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from opstui.exports.diagrams import Bar, gantt, moments, xychart
from opstui.exports.masking import mask_name, mask_text
from opstui.exports.style import STYLES, plain_number, style_of

ID, EN = STYLES["id"], STYLES["en"]
START = datetime(2026, 9, 1, 9, 0)  # noqa: DTZ001 - diagrams are in local time


@pytest.mark.parametrize(
    ("value", "places", "indonesian", "english"),
    [
        (1234.5, 1, "1.234,5", "1,234.5"),
        (0.125, 2, "0,13", "0.13"),
        (2.5, 0, "3", "3"),
        (-2.5, 0, "-3", "-3"),
        (-0.001, 1, "0,0", "0.0"),
        (1e15, 0, "1.000.000.000.000.000", "1,000,000,000,000,000"),
        (None, 2, "n/a", "n/a"),
    ],
)
def test_numbers(value: float | None, places: int, indonesian: str, english: str) -> None:
    assert (ID.number(value, places), EN.number(value, places)) == (indonesian, english)


def test_money_and_shares() -> None:
    assert ID.money(12_500_000, "IDR") == "Rp 12.500.000"
    assert EN.money(26_815, "USD") == "USD 268.15"
    assert ID.amount(43402.7777, "IDR") == "43.403"
    assert EN.money(1234, "KWD") == "KWD 1.234"
    assert (ID.percent(0.8333), ID.change(0.085), EN.change(-0.154), EN.change(0.0)) == (
        "83,3 %", "+8,5 %", "-15.4 %", "0.0 %",
    )  # fmt: skip
    assert ID.money(None, "IDR") == EN.change(None) == "n/a"
    assert (plain_number(26_815, "USD"), plain_number(12.0, "IDR")) == (Decimal("268.15"), Decimal(12))


@pytest.mark.parametrize(("locale", "style"), [("id", ID), ("id_ID", ID), ("en-GB", EN), ("de", EN), ("", EN)])
def test_styles_of_locales(locale: str, style: object) -> None:
    assert style_of(locale) is style


def test_the_case_of_the_spec() -> None:
    cases = json.loads((Path(__file__).parent / "markdown_cases.json").read_text())["cases"]
    case = next(c for c in cases if c["id"] == "pii-mask-01")
    assert [mask_name(name) for name in case["inputs"]["name"]] == case["expected"]["name"]
    assert [mask_text(text) for text in case["inputs"]["free_text"]] == case["expected"]["free_text"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("WA +62 812-3456-7890 ya", "WA [phone] ya"),
        ("081234567890", "[phone]"),
        ("6281234567890.", "[phone]."),
        ("KTP 3273014501900001", "KTP [id]"),
        ("card 4111 1111 1111 1111", "card [id]"),
        ("a.b+c@shop.co.id!", "[email]!"),
        ("2026-09-10 08:15 EV-8733", "2026-09-10 08:15 EV-8733"),
        ("Rp 12.500.000, resi JNE0821345678", "Rp 12.500.000, resi JNE0821345678"),
        ("0,4 % of 0812", "0,4 % of 0812"),
        ("Siti rahmawati kecewa, Sitia tidak", "S*** r*** kecewa, Sitia tidak"),
        ("Citra D., 3 bags, for citra d.", "C*** D***, 3 bags, for c*** d***"),
    ],
)
def test_masks(text: str, expected: str) -> None:
    assert mask_text(text, ["Siti Rahmawati", "Citra D."]) == expected


def bars(count: int) -> list[Bar]:
    return [Bar(f"Stage {n}", START + timedelta(hours=n), START + timedelta(hours=n, minutes=n)) for n in range(count)]


def test_a_gantt_chart() -> None:
    chart = gantt(
        "click: Stages", [Bar("title: x", START, START + timedelta(days=3), "crit"), Bar("done", START, START)]
    )
    assert chart.split("\n") == [
        "```mermaid", "gantt", "  title click Stages", "  dateFormat YYYY-MM-DD HH:mm", "  axisFormat %d %H.%M",
        "  section click Stages", "  1 title x :crit, s1, 2026-09-01 09:00, 2026-09-04 09:00",
        "  2 done :milestone, s2, 2026-09-01 09:00, 0m", "```",
    ]  # fmt: skip


@pytest.mark.parametrize(("count", "drawn"), [(0, 0), (1, 0), (2, 2), (60, 60), (61, 15)])
def test_a_gantt_chart_is_readable_or_not_there(count: int, drawn: int) -> None:
    assert gantt("x", bars(count)).count(", s") == drawn


@pytest.mark.parametrize(
    ("points", "top", "drawn"),
    [
        ([("a", 1)], "", False),
        ([(str(n), n) for n in range(61)], "", False),
        ([("a", 2900), ("b", 4700.5)], "5000", True),
        ([("a", 0), ("b", 0)], "1", True),
        ([("a", 1e6), ("b", 0.25)], "1000000", True),
        ([("a", 11), ("b", Decimal("0.125"))], "20", True),
    ],
)
def test_a_bar_chart(points: list[tuple[str, float]], top: str, *, drawn: bool) -> None:
    chart = xychart("Spend", "Rp", points, [v for _l, v in points])
    assert bool(chart) == drawn
    if drawn:
        assert f"0 --> {top}\n" in chart
        assert "e+" not in chart.lower().replace("spend", "")
        assert "  line [" in chart


def test_moments_in_order_without_colons() -> None:
    """A period with a colon is no Mermaid, and a second colon would split the event."""
    at = datetime(2026, 9, 7, 8, 5)  # noqa: DTZ001 - local time
    rows = [(at, "a: b"), (at + timedelta(minutes=42), "%% ; section x")]
    assert moments("Clock, WIB", rows).splitlines() == [
        "```mermaid", "timeline", "  title Clock WIB", "  08.05 : a b", "  08.47 : section x", "```",
    ]  # fmt: skip
    assert "  09-08 08.05 : b" in moments("x", [rows[0], (at + timedelta(days=1), "b")])
    assert moments("x", rows[:1]) == moments("x", rows * 31) == ""
