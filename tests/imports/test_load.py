"""A reading through the one door: in chunks, counted, and the same again being nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from opstui.domain.boards import DEFAULT_BOARDS
from opstui.domain.events import Event
from opstui.domain.model import Draft, Past, Refused
from opstui.imports.interface import Context, Reading, Report
from opstui.imports.load import Importing, Outcome, carry_out, count_new
from opstui.imports.registry import FORMATS, format_named
from opstui.workspace import Receipt, Workspace, create_workspace

Csv = Callable[..., Path]
MARKETING = "c_date,campaign_name,category,impressions,mark_spent,clicks,leads,orders,revenue"


@dataclass
class Told:
    events: tuple[Event, ...] = ()


@pytest.fixture
def workspace(tmp_path: Path, context: Context) -> Iterator[Workspace]:
    made = create_workspace(tmp_path / "shop", lambda: context.now, owner="rina")
    yield made
    made.close()


def carried(workspace: Workspace, reading: Reading) -> Outcome:
    def submit(commands: list[Importing]) -> Receipt:
        return workspace.submit(workspace.member("rina"), *commands, via="import")

    return carry_out(submit, reading)


def drafts(n: int) -> tuple[Draft, ...]:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return tuple(Draft(source="s", external_id=str(i), board="orders", title="x", created=at) for i in range(n))


def test_records_go_in_chunks_with_progress() -> None:
    sizes: list[int] = []
    seen: list[tuple[int, int]] = []

    def submit(commands: list[Importing]) -> Told:
        sizes.append(len(commands))
        return Told()

    outcome = carry_out(submit, Reading(drafts=drafts(5), report=Report()), lambda *at: seen.append(at), chunk=2)
    assert (sizes, seen) == ([2, 2, 1], [(2, 5), (4, 5), (5, 5)])
    assert outcome == Outcome(created=0, updated=0, unchanged=5)


def test_the_same_import_again_changes_nothing(workspace: Workspace, csv: Csv, context: Context) -> None:
    path = csv(MARKETING, "2/1/21,a,social,1,100,1,1,1,1", "2/2/21,b,social,1,100,1,1,1,1")
    reading = FORMATS["marketing-csv"].read([path], context)
    assert count_new(reading, workspace.state) == Outcome(2, 0, 0)
    assert carried(workspace, reading) == Outcome(2, 0, 0)
    before = workspace.store.seq
    assert carried(workspace, FORMATS["marketing-csv"].read([path], context)) == Outcome(0, 0, 2)
    assert count_new(reading, workspace.state) == Outcome(0, 0, 2)
    assert workspace.store.seq == before


def test_a_longer_export_updates_what_is_known(workspace: Workspace, csv: Csv, context: Context) -> None:
    first = csv(MARKETING, "2/1/21,a,social,1,100,1,1,1,1")
    carried(workspace, FORMATS["marketing-csv"].read([first], context))
    longer = csv(
        MARKETING, "2/1/21,a,social,1,100,1,1,1,1", "2/2/21,a,social,1,50,1,1,1,1", "2/2/21,b,social,1,7,1,1,1,1"
    )
    assert carried(workspace, FORMATS["marketing-csv"].read([longer], context)) == Outcome(1, 1, 0)
    assert sum(doc["spend"] for __, doc in workspace.state.items("metrics")) == 157


def test_stock_is_counted_by_product(workspace: Workspace, csv: Csv, context: Context) -> None:
    rows = ["sku,name,minimum,at,quantity,sort,note", "G1,Gayo,4,2026-11-01,10,in,", "B1,Bali,1,2026-11-01,2,in,"]
    reading = FORMATS["stock"].read([csv(*rows)], context)
    assert count_new(reading, workspace.state) == Outcome(2, 0, 0)
    assert carried(workspace, reading) == Outcome(2, 0, 0)
    assert carried(workspace, FORMATS["stock"].read([csv(*rows, "G1,,,2026-11-02,-1,,")], context)) == Outcome(0, 1, 1)


def test_cards_that_stand_here_already_stay_where_people_moved_them(
    workspace: Workspace, csv: Csv, context: Context
) -> None:
    path = csv("board,title,stage,created,customer", "orders,a,shipping,2026-11-01,Ana", "actions,b,,,")
    assert carried(workspace, FORMATS["cards"].read([path], context)) == Outcome(2, 0, 0)
    assert carried(workspace, FORMATS["cards"].read([path], context)) == Outcome(0, 0, 2)
    assert [len(workspace.state.lane("orders", stage)) for stage in ("new", "shipping")] == [0, 1]


def test_hostile_text_is_clean_once_it_is_here(workspace: Workspace, csv: Csv, context: Context) -> None:
    path = csv("board,title,customer", 'orders,"a\x1b[31m \u202e[bold]","=cmd()\u200b"')
    carried(workspace, FORMATS["cards"].read([path], context))
    doc = workspace.state.get("cards", 1) or {}
    assert (doc["title"], doc["customer"]) == ("a[31m [bold]", "=cmd()")


def test_a_workspace_without_the_stages_refuses_before_anything_is_submitted(csv: Csv, context: Context) -> None:
    campaigns = next(b for b in DEFAULT_BOARDS if b.id == "campaigns")
    without = dataclasses.replace(campaigns, stages=tuple(s for s in campaigns.stages if s.id != "postmortem"))
    path = csv(MARKETING, "2/1/21,a,social,1,100,1,1,1,1")
    with pytest.raises(Refused, match="stage postmortem on the board campaigns"):
        FORMATS["marketing-csv"].read([path], replace(context, boards=(without,)))


def test_an_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(Refused, match=r"no format nope.*olist, marketing-csv"):
        format_named("nope\x1b")
    assert format_named("olist").id == "olist"


def test_history_keeps_its_recorded_times(workspace: Workspace) -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    past = (
        Past(at=datetime(2026, 1, 1, tzinfo=UTC), sort="stage", value="new"),
        Past(at=at, sort="stage", value="closed"),
    )
    draft = replace(drafts(1)[0], history=past)
    carried(workspace, Reading(drafts=(draft,), report=Report()))
    doc = workspace.state.get("cards", 1) or {}
    assert (doc["stage"], doc["entered"]) == ("closed", "2026-01-02T00:00:00Z")
