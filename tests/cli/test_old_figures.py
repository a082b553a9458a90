"""Figures of years ago are not in the last 30 days: the command line says where to look."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cli.calls import Opstui
from opstui.domain.model import Draft, MetricRow, Past
from opstui.imports.interface import Reading, Report
from opstui.imports.report import where_to_look

OLD = (
    "board,title,stage,created,entered\norders,a,closed,2021-01-30,2021-02-01\norders,b,closed,2021-02-02,2021-02-28\n"
)
HINT = "nothing in this period; there are figures from 2021-02-01 to 2021-02-28: try --from 2021-02-01 --to 2021-03-01"


def test_kpi_says_where_the_figures_are(opstui: Opstui, tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text(OLD)
    assert "opstui kpi --from 2021-01-30 --to 2021-03-01" in opstui("import", "cards", "old.csv").err
    assert opstui("kpi", "orders").err == f"Orders: {HINT}\n"
    assert opstui("kpi").err == f"Orders: {HINT}\n"
    there = opstui("kpi", "orders", "--from", "2021-02-01", "--to", "2021-03-01")
    assert there.err == ""
    assert " 2  n=2" in there.out


def test_kpi_says_so_of_daily_rows_too(opstui: Opstui, tmp_path: Path) -> None:
    head = "c_date,campaign_name,impressions,mark_spent,clicks,leads,orders,revenue"
    rows = "".join(f"{day},promo,100,50000,10,1,1,90000\n" for day in ("2021-02-01", "2021-02-28"))
    (tmp_path / "ads.csv").write_text(f"{head}\n{rows}")
    assert "opstui kpi --from 2021-02-01 --to 2021-03-01" in opstui("import", "marketing-csv", "ads.csv").err
    assert opstui("kpi", "campaigns").err == f"Campaigns: {HINT}\n"


def test_kpi_says_nothing_where_there_is_nothing_or_something(opstui: Opstui, tmp_path: Path) -> None:
    assert opstui("kpi").err == ""
    (tmp_path / "old.csv").write_text(OLD)
    opstui("import", "cards", "old.csv")
    opstui("card", "add", "orders", "x")
    opstui("card", "move", "ORD-0003", "closed")
    assert opstui("kpi", "orders").err == ""


def reading(*, row: date | None = None, step: datetime | None = None) -> Reading:
    rows = (MetricRow(day=row, channel="meta", currency="IDR", spend=1),) if row else ()
    history = (Past(at=step, sort="stage", value="new"),) if step else ()
    draft = Draft(
        source="x",
        external_id="1",
        board="campaigns",
        title="a",
        created=datetime(2021, 1, 1, tzinfo=UTC),
        metrics=rows,
        history=history,
    )
    return Reading(drafts=(draft,), report=Report())


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (reading(row=date(2021, 2, 28)), "--from 2021-02-28 --to 2021-03-01"),
        (reading(step=datetime(2021, 2, 28, 20, tzinfo=UTC)), "--from 2021-03-01 --to 2021-03-02"),
        (reading(row=date(2021, 2, 28), step=datetime(2026, 11, 1, tzinfo=UTC)), ""),
        (reading(row=date(2021, 2, 28), step=datetime(2021, 3, 1, tzinfo=UTC)), "--from 2021-02-28 --to 2021-03-01"),
        (reading(row=date(2026, 10, 24)), ""),
        (reading(), ""),
    ],
)
def test_an_import_says_so_only_when_all_of_it_is_old(read: Reading, said: str) -> None:
    hint = where_to_look(read, ZoneInfo("Asia/Jakarta"), date(2026, 10, 24))
    assert said in hint
    assert bool(hint) == bool(said)
