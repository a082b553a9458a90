"""What a page of numbers is made of: a chart, its table twin and the cards that Enter opens are one thing, three times.

A page builder says what the numbers are; it never draws. Every number is an `Element`, and an element carries the way
to the cards it counted, so that nobody has to trust a picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from msgspec import Struct

from opstui.domain.model import Money
from opstui.projections.tiles import State

Kind = Literal["figures", "columns", "bars", "area", "line", "scatter", "funnel", "table"]
Value = float | int | str | Money | None
"""None is undefined and shown as n/a; a str is a name (a stage, a verdict)."""


class Element(Struct, frozen=True, kw_only=True):
    """One number of a panel: a figure, a bar, a point, a band on one day, a stage of a funnel, a row of a table.

    `query`, a query of the filter language that begins with `board:`, finds exactly `cards` cards over all boards and
    the archive; without it there are no cards behind the number, and `note` may say where it is from. `at` places it
    on a time axis, `x` on any other. `target` is in the unit of the panel (money: major units). `unit` is its own where
    the panel's does not hold. `rest` are the further columns of the table twin. `hollow`: its period is not over.
    `marked` is what the eye should find: an anomaly, the biggest drop, the stage that is slowest.
    """

    label: str
    value: Value
    cards: int = 0
    query: str = ""
    series: str = ""
    at: date | None = None
    x: float | None = None
    state: State = "plain"
    target: float | None = None
    unit: str = ""
    note: str = ""
    rest: tuple[Value, ...] = ()
    hollow: bool = False
    marked: bool = False


class Guide(Struct, frozen=True):
    """A line that a chart is read against: a percentile, a limit, a target."""

    label: str
    value: float


class Panel(Struct, frozen=True, kw_only=True):
    """One chart or list. `unit`: cards, hours, days, minutes, fraction, ratio, skus, pieces, or a currency code.

    `heads` name the columns of the table twin (the label's, the value's, then those of `rest`) and `units` say how
    those of `rest` are written. `says` is the one sentence a person should take away, `next_step` what to do about it;
    `method` is how it was computed, `missing` why there is nothing to show (then `elements` is empty). `stale` says how
    old its data are, when they are too old to decide on.
    Series are stacked in their order, the first on top (new work above what is done). Where each series of points has
    one `x` of its own, they stand side by side over its name.
    """

    id: str
    title: str
    kind: Kind
    elements: tuple[Element, ...]
    unit: str = "cards"
    heads: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    guides: tuple[Guide, ...] = ()
    says: str = ""
    next_step: str = ""
    method: str = ""
    missing: str = ""
    state: State = "plain"
    stale: str = ""

    @property
    def series(self) -> tuple[str, ...]:
        """The names of its series, in order of appearance."""
        return tuple(dict.fromkeys(element.series for element in self.elements))


class Page(Struct, frozen=True, kw_only=True):
    """What one screen of numbers shows. `subject` is what it is about (a board, a campaign), `period` the days."""

    id: str
    title: str
    panels: tuple[Panel, ...]
    subject: str = ""
    period: tuple[date, date] | None = None
    """The first local day, and the day after the last."""

    def elements(self) -> Iterator[tuple[Panel, Element]]:
        """Every number with the panel it stands in."""
        return ((panel, element) for panel in self.panels for element in panel.elements)
