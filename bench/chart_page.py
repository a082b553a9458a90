"""A page of every kind of chart, in the looks and widths that matter: `python -m bench.chart_page FOLDER`.

For whoever changes a chart: draw, look at the pictures, mend. Panels are made up here, so no workspace is needed.
"""

from __future__ import annotations

import math
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from rich.segment import Segment

from bench.svg import svg
from opstui.config import resource
from opstui.domain.model import Money
from opstui.formats import Formats
from opstui.projections.panels import Element, Guide, Panel
from opstui.ui.colorless import colorless
from opstui.ui.glyphs import ascii_twin
from opstui.ui.ink import Ink
from opstui.ui.themes import load_themes
from opstui.ui.widgets.charts.drawing import Drawing, draw, natural_height

FORMATS = Formats(locale="en", currency="IDR", zone=ZoneInfo("Asia/Jakarta"))
WIDTHS = (36, 56, 76, 120, 196)
LOOKS = ("dark", "light", "high-contrast", "terminal", "no-colour", "ascii")
FIRST = date(2026, 9, 1)
STAGES = ("Inbox", "Confirmed", "Packing", "Ready", "Shipped", "Done")


def panels() -> Iterator[Panel]:
    """One of each kind and some hard ones."""
    dice = Random(7)  # noqa: S311 - made-up numbers, the same each time
    yield figures()
    yield columns(dice)
    yield stacked(dice)
    yield cumulative(dice)
    yield spend(dice)
    yield cycle(dice)
    yield ageing(dice)
    yield dwell()
    yield funnel()
    yield attribution()
    yield balance(dice)
    yield Panel(id="none", title="Nothing", kind="line", elements=(), missing="No order is done in these 30 days yet.")


def figures() -> Panel:
    """The numbers at the head of a page."""
    return Panel(
        id="head",
        title="Flow in figures",
        kind="figures",
        elements=(
            Element(label="Lead time p50", value=51.0, unit="hours", target=48.0, state="warn", query="board:orders"),
            Element(label="On time", value=0.78, unit="fraction", target=0.95, state="bad"),
            Element(label="Throughput", value=42, note="per week", state="good"),
            Element(label="Revenue", value=Money(412_000_000, "IDR"), note="+12%"),
            Element(label="Little's law", value=None, note="needs 14 days"),
        ),
    )


def columns(dice: Random) -> Panel:
    """Throughput of a month with a target."""
    made = tuple(
        Element(
            label=str(FIRST + timedelta(n)),
            at=FIRST + timedelta(n),
            value=(value := dice.randint(0, 14)),
            target=8.0,
            state="bad" if value < 3 else "plain",
            hollow=n == 29,
        )
        for n in range(30)
    )
    return Panel(id="through", title="Done per day", kind="columns", elements=made)


def stacked(dice: Random) -> Panel:
    """Orders by channel per week."""
    made = tuple(
        Element(label=f"W{30 + n}", value=dice.randint(2, 20), series=channel)
        for n in range(9)
        for channel in ("Shopee", "Tokopedia", "WhatsApp")
    )
    return Panel(id="channels", title="Orders by channel", kind="columns", elements=made)


def cumulative(dice: Random) -> Panel:
    """A cumulative flow of two months."""
    made, counts = [], [4, 2, 3, 1, 2, 0]
    for n in range(60):
        counts[0] += dice.randint(0, 4)
        for stage in range(5):
            moved = min(counts[stage], dice.randint(0, 3 if stage != 2 or n < 30 else 1))
            counts[stage], counts[stage + 1] = counts[stage] - moved, counts[stage + 1] + moved
        day = FIRST + timedelta(n)
        made += [
            Element(label=str(day), at=day, series=name, value=count)
            for name, count in zip(STAGES, counts, strict=True)
        ]
    return Panel(id="cfd", title="Cumulative flow", kind="area", elements=tuple(made))


def spend(dice: Random) -> Panel:
    """Two channels, with an anomaly and a gap."""
    made = []
    for name, base in (("Meta", 900_000), ("Google", 500_000)):
        for n in range(45):
            value = int(base * (1 + 0.3 * math.sin(n / 5) + dice.random() * 0.15))
            odd = name == "Meta" and n == 31
            gone = name == "Google" and 18 <= n < 21
            money = None if gone else Money(value * 2 if odd else value, "IDR")
            day = FIRST + timedelta(n)
            made.append(Element(label=str(day), at=day, series=name, value=money, marked=odd, hollow=n == 44))
    return Panel(id="spend", title="Spend per day", kind="line", unit="IDR", elements=tuple(made))


def cycle(dice: Random) -> Panel:
    """Finished cards against percentiles."""
    made = tuple(
        Element(
            label=f"ORD-{n:04}",
            at=FIRST + timedelta(dice.randint(0, 59)),
            value=(hours := dice.lognormvariate(3.9, 0.6)),
            state="bad" if hours > 140 else "plain",
        )
        for n in range(110)
    )
    guides = (Guide("p50", 49.0), Guide("p85", 92.0), Guide("p95", 138.0))
    return Panel(id="cycle", title="Cycle time", kind="scatter", unit="hours", elements=made, guides=guides)


def ageing(dice: Random) -> Panel:
    """Open cards by stage."""
    made = tuple(
        Element(label=f"ORD-{n:04}", series=STAGES[stage], x=float(stage), value=dice.lognormvariate(3.4, 0.8))
        for n in range(40)
        for stage in [dice.randint(0, 4)]
    )
    guides = (Guide("p50", 49.0), Guide("p85", 92.0))
    return Panel(id="age", title="Age of open orders", kind="scatter", unit="hours", elements=made, guides=guides)


def dwell() -> Panel:
    """How long cards stay in each stage."""
    hours = (3.0, 5.5, 41.0, 12.0, 26.0)
    made = tuple(
        Element(label=name, value=value, marked=value == 41, state="bad" if value == 41 else "plain", note="n 34")
        for name, value in zip(STAGES, hours, strict=False)
    )
    return Panel(id="dwell", title="Time in stage, p85", kind="bars", unit="hours", elements=made)


def funnel() -> Panel:
    """A campaign's way to the till."""
    steps = (("Impressions", 18_400), ("Clicks", 7_820), ("Product seen", 2_310), ("Basket", 640), ("Bought", 212))
    made = tuple(Element(label=name, value=value, marked=name == "Product seen") for name, value in steps)
    return Panel(id="funnel", title="Spring campaign funnel", kind="funnel", unit="pieces", elements=made)


def attribution() -> Panel:
    """Models side by side."""
    made = tuple(
        Element(label=channel, series=model, value=Money(amount * 1000, "IDR"), target=None)
        for channel, amounts in (("Meta", (52, 41, 47)), ("Google", (28, 39, 33)), ("Email 促销", (20, 20, 20)))
        for model, amount in zip(("first", "last", "linear"), amounts, strict=True)
    )
    return Panel(id="attribution", title="Attribution", kind="bars", unit="IDR", elements=made)


def balance(dice: Random) -> Panel:
    """Above and below nought."""
    made = tuple(Element(label=f"W{n}", value=dice.randint(-20, 30)) for n in range(30, 42))
    return Panel(id="net", title="Net per week", kind="columns", elements=made)


def painted(drawing: Drawing, ink: Ink, look: str) -> list[list[Segment]]:
    """A drawing as segments of a look."""
    rows = []
    for line in drawing.lines:
        row = []
        for text, color, ground, bold in line:
            style = ink(color, ground or "card", bold=bold)
            style = colorless(style) if look in ("no-colour", "ascii") else style
            row.append(Segment(ascii_twin(text) if look == "ascii" else text, style))
        rows.append(row)
    return rows


def page(look: str, width: int, *, table: bool) -> list[list[Segment]]:
    """All panels under each other, the cursor on the third quarter of each."""
    theme = look if look not in ("no-colour", "ascii") else "terminal"
    ink = Ink(next(t for t in load_themes(resource("themes")).themes if t.name == theme))
    rows = []
    for panel in panels():
        height = min(natural_height(panel, width, table=table), 24)
        cursor = len(panel.elements) * 3 // 4 if panel.elements else None
        plain = look in ("no-colour", "ascii")
        drawing = draw(panel, width, height, cursor=cursor, table=table, formats=FORMATS, plain=plain)
        title = Segment(panel.title.ljust(width), ink("ink", "card", bold=True))
        blank = Segment(" " * width, ink("ink", "card"))
        body = [[title], *painted(drawing, ink, look), [blank]]
        edge = Segment("  ", ink("ink", "card"))
        rows += [[edge, *row, edge] for row in body]
    return rows


def main(folder: Path, looks: tuple[str, ...], widths: tuple[int, ...]) -> None:
    """Every look and width, with the table twins."""
    folder.mkdir(parents=True, exist_ok=True)
    for look in looks:
        for width in widths:
            for table in (False, True):
                name = folder / f"{look}-{width}{'-table' * table}.svg"
                name.write_text(svg(page(look, width, table=table), width + 4))
                if shutil.which("rsvg-convert"):
                    png = name.with_suffix(".png")
                    subprocess.run(["rsvg-convert", "-z", "0.8", "-o", png, name], check=True)


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        tuple(sys.argv[2].split(",")) if len(sys.argv) > 2 else LOOKS,
        tuple(int(w) for w in sys.argv[3].split(",")) if len(sys.argv) > 3 else WIDTHS,
    )
