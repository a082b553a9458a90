"""The sample's rows as drafts of cards and as stock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, cast

from opstui.domain.commands import ImportStock
from opstui.domain.model import Draft, MetricRow, Movement, Past, Product
from opstui.i18n import _
from opstui.imports.sample.columns import COUNTS, LINKS, TABLES, day, parts, whole
from opstui.imports.sample.folder import Cells, Folder
from opstui.imports.sample.relative import Calendar

SOURCE = "sample"
Notes = Mapping[str, list[Past]]
"""A card's key -> what was said about it, and when it was held up."""
_NOTES = ("comment", "blocked", "unblocked")
_MOVEMENTS = ("in", "out", "reserve", "adjust")
_AT = "at "


def notes(folder: Folder) -> Notes:
    """Everything in notes.csv."""

    def take(cells: Cells) -> tuple[str, Past]:
        sort = cells["what"]
        if sort not in _NOTES:
            raise ValueError(_("a note is one of: {known}").format(known=", ".join(_NOTES)))
        value = " | ".join(part for part in (cells["text"], cells["waiting_on"]) if part)
        return cells["card"], Past(
            at=folder.calendar.moment(cells["at"]), sort=cast("Any", sort), value=value, by=cells["by"]
        )

    found: dict[str, list[Past]] = {}
    for key, past in folder.rows("notes.csv", "card at by what text waiting_on", take):
        found.setdefault(key, []).append(past)
    return found


def cards(folder: Folder, name: str, said: Notes, products: Mapping[str, str]) -> list[Draft]:
    """The cards of one of the `TABLES`, the oldest first. `products` is sku -> name, for order lines."""
    board, columns = TABLES[name]
    calendar = folder.calendar

    def take(cells: Cells) -> Draft:
        fields = {column: read(cells[column], calendar) for column, read in columns.items() if cells.get(column)}
        if "lines" in fields:
            fields["lines"] = [_named(line, products) for line in fields["lines"]]
            fields["currency"] = folder.currency
        steps = [
            _step(column.removeprefix(_AT), calendar.moment(at), cells["owner"])
            for column, at in cells.items()
            if column.startswith(_AT) and at
        ]
        links = tuple((LINKS[c], key) for c in LINKS if c in cells for key in parts(cells[c], calendar))
        return _draft(board, cells["key"], cells["title"], fields, steps, said, links=links)

    return _by_age(folder.rows(name, "key title owner", take))


def _named(line: dict[str, Any], products: Mapping[str, str]) -> dict[str, Any]:
    name = line["name"]
    return {**line, "name": products[name], "sku": name} if name in products else line


def _step(stage: str, at: datetime, by: str) -> Past:
    return Past(at=at, sort="stage", value=stage, by=by)


def _draft(
    board: str, key: str, title: str, fields: dict[str, Any], steps: list[Past], said: Notes, **rest: Any
) -> Draft:
    history = tuple(sorted([*steps, *said.get(key, ())], key=lambda past: past.at))
    if not history or history[0].sort != "stage":
        raise ValueError(_("{key}: its history must begin with a stage").format(key=key))
    return Draft(
        source=SOURCE,
        external_id=key,
        board=board,
        title=title,
        created=history[0].at,
        fields=fields,
        history=history,
        **rest,
    )


def _by_age(drafts: list[Draft]) -> list[Draft]:
    """The oldest first: refs are given in this order."""
    return sorted(drafts, key=lambda draft: draft.created)


# --------------------------------------------------------------------------------------- campaigns and stock


def campaigns(folder: Folder, said: Notes) -> list[Draft]:
    """The campaigns with their daily figures, the oldest first."""
    days: dict[str, list[MetricRow]] = {}
    for key, figures in folder.rows("daily_metrics.csv", "campaign day channel", lambda cells: _daily(cells, folder)):
        days.setdefault(key, []).append(figures)
    drafts = []
    for row in folder.toml("campaigns.toml").get("campaign", []):
        try:
            drafts.append(_campaign(dict(row), folder, said, tuple(days.get(row["key"], ()))))
        except (KeyError, ValueError) as wrong:
            folder.report.add("refused", "campaigns.toml", 0, str(wrong), str(row.get("key", "")))
    return _by_age(drafts)


def _campaign(row: dict[str, Any], folder: Folder, said: Notes, figures: tuple[MetricRow, ...]) -> Draft:
    key, title = row.pop("key"), row.pop("title")
    steps = [_campaign_step(step, row.get("owner", ""), folder.calendar) for step in row.pop("steps")]
    days: dict[str, Any] = {name: day(row[name], folder.calendar) for name in ("starts", "ends", "due") if name in row}
    return _draft("campaigns", key, title, {**row, **days, "currency": folder.currency}, steps, said, metrics=figures)


def _campaign_step(text: str, owner: str, calendar: Calendar) -> Past:
    """`scheduled D-11 16:10`, by the owner, or `scheduled D-11 16:10 rina`."""
    stage, day_, clock, *by = text.split()
    return _step(stage, calendar.moment(f"{day_} {clock}"), by[0] if by else owner)


def _daily(cells: Cells, folder: Folder) -> tuple[str, MetricRow]:
    calendar = folder.calendar
    counts = {name: whole(cells[name], calendar) for name in COUNTS if cells.get(name)}
    row = MetricRow(day=calendar.day(cells["day"]), channel=cells["channel"], currency=folder.currency, **counts)
    return cells["campaign"], row


def stock(folder: Folder) -> Iterator[ImportStock]:
    """Every product with its movements."""
    calendar = folder.calendar

    def moved(cells: Cells) -> Movement:
        sort = cells["sort"]
        if sort not in _MOVEMENTS:
            raise ValueError(_("a movement is one of: {known}").format(known=", ".join(_MOVEMENTS)))
        return Movement(
            sku=cells["sku"],
            at=calendar.moment(cells["at"]),
            quantity=whole(cells["quantity"], calendar),
            sort=cast("Any", sort),
            note=cells["note"],
        )

    def product(cells: Cells) -> Product:
        return Product(sku=cells["sku"], name=cells["name"], minimum=whole(cells["minimum"], calendar))

    movements = folder.rows("movements.csv", "at sku quantity sort note", moved)
    for item in folder.rows("products.csv", "sku name minimum", product):
        yield ImportStock(product=item, movements=tuple(m for m in movements if m.sku == item.sku))
