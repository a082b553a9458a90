"""The demo: one call makes a living shop, in which everything a person sees first is there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from opstui.config import resource
from opstui.demo import build_demo, command_of, demo_report
from opstui.domain.commands import AddComment, Command, ImportCard
from opstui.domain.model import Actor, Doc, Refused, utc
from opstui.imports.interface import Context
from opstui.imports.sample import read
from opstui.imports.sample.deeds import Deed
from opstui.projections.figures import campaign_page, flow_page, service_page, stock_page
from opstui.projections.figures.source import Source
from opstui.projections.filter import FilterContext, parse
from opstui.projections.flow import Flows
from opstui.projections.pane import flow_lines
from opstui.projections.panels import Page
from opstui.projections.tiles import tiles
from opstui.store.doctor import examine
from opstui.workspace import Workspace, open_workspace

ZONE = ZoneInfo("Asia/Jakarta")
NOON = datetime(2026, 9, 21, 12, 0, tzinfo=ZONE)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = build_demo(tmp_path_factory.mktemp("demo") / "kopi", now=lambda: NOON, owner="lee")
    yield workspace
    workspace.close()


def card(workspace: Workspace, key: str) -> Doc:
    found = workspace.state.find_external("sample", key)
    assert found is not None
    doc = workspace.state.get("cards", found)
    assert doc is not None
    return doc


def test_everything_in_the_sample_is_there(demo: Workspace) -> None:
    assert Counter(doc["board"] for _id, doc in demo.state.items("cards")) == {
        "orders": 62,
        "campaigns": 12,
        "feedback": 40,
        "actions": 6,
    }
    assert [len(demo.state.ids(table)) for table in ("metrics", "products", "postmortems")] == [165, 11, 1]
    assert demo.settings.name == "Kopi Lereng"


def test_the_flow_s_numbers_open_as_many_orders_as_they_say(demo: Workspace) -> None:
    board, settings = demo.settings.boards[0], demo.settings
    flows = Flows(settings.boards).fold(demo.history())
    found = flow_lines(board, flows.passages(board.id), demo.state, settings, demo.now())
    context = FilterContext(today=NOON.date(), zone=ZONE, board=board, now=demo.now(), counted=demo.counted)

    def count(query: str) -> int:
        matches = parse(query, context)
        return sum(matches(doc) for _id, doc in demo.state.items("cards"))

    assert count(found.done_query) == found.done > 0
    assert count(found.promised_query) == found.promised > 0
    assert found.promised_query.startswith("board:orders promised:")


def test_the_shop_s_people_work_there_beside_who_started_the_demo(demo: Workspace) -> None:
    assert {doc["name"]: doc["role"] for _id, doc in demo.state.items("members")} == {
        "lee": "owner",
        "rina": "owner",
        "budi": "ops_lead",
        "dewi": "cs",
        "ani": "content",
        "yoga": "finance",
    }


def test_refs_tell_which_order_came_first(demo: Workspace) -> None:
    assert card(demo, "KL-001")["ref"] == "ORD-0001"
    orders = [doc for _id, doc in demo.state.items("cards") if doc["board"] == "orders"]
    assert [d["ref"] for d in sorted(orders, key=lambda d: str(d["created"]))] == sorted(d["ref"] for d in orders)


@pytest.mark.parametrize("hours", [0.02, 4, 9.5, 23.98])
def test_the_six_tiles_are_alive_at_any_hour(tmp_path: Path, hours: float) -> None:
    now = NOON.replace(hour=0) + timedelta(hours=hours)
    workspace = build_demo(tmp_path / "kopi", now=lambda: now)
    found = {tile.id: tile for tile in tiles(workspace.state, workspace.settings, now)}
    workspace.close()
    values = [found[name].value for name in ("orders_in", "done_today", "delayed", "critical_stock", "open_tickets")]
    assert values == [7, 5, 7, 3, 19]
    assert found["main_channel"].label.casefold().startswith("whatsapp")
    assert all(len(tile.spark) == 7 for tile in found.values())


def test_nothing_lies_ahead_of_the_present(demo: Workspace) -> None:
    told = [(batch.at, event.at) for batch in demo.history() for event in batch.events]
    assert max(max(pair) for pair in told) <= NOON
    assert all(utc(doc["at"]) <= NOON for table in ("comments", "movements") for _id, doc in demo.state.items(table))


def test_an_order_that_waits_says_for_whom_and_shows_what_was_done(demo: Workspace) -> None:
    order = card(demo, "KL-034")
    assert (order["stage"], order["blocker"]["waiting_on"]) == ("stock", "supplier Takengon")
    assert [item.get("done", False) for item in order["checklist"]] == [True, False, False]
    assert order["total"] == sum(line["quantity"] * line["price"] for line in order["lines"]) == 235_200


def test_an_order_that_went_on_is_no_longer_blocked(demo: Workspace) -> None:
    assert "blocker" not in card(demo, "KL-030")


def test_feedback_is_linked_with_its_order_and_campaign(demo: Workspace) -> None:
    about = {link["card"] for link in card(demo, "SR-27")["links"]}
    assert about == {card(demo, "KL-034")["id"], card(demo, "ultah")["id"]}


def test_actions_name_the_post_mortem_they_come_from(demo: Workspace) -> None:
    assert {d["postmortem"] for _id, d in demo.state.items("cards") if d["board"] == "actions"} == {"PM-2026-001"}


def test_the_brief_was_changed_after_approval_by_ani(demo: Workspace) -> None:
    edits = [e for b in demo.history() for e in b.events if e.kind == "edited" and "call_to_action" in e.changed]
    assert [(e.by, e.via, (NOON - e.at).days) for e in edits] == [("ani", "console", 10)]


def test_the_sample_told_again_changes_nothing(demo: Workspace) -> None:
    context = Context(zone=ZONE, currency="IDR", now=NOON)
    reading = read([resource("sample_data")], context)
    commands: tuple[Command, ...] = (*(ImportCard(draft=draft) for draft in reading.drafts), *reading.stock)
    assert demo.submit(Actor("lee", "owner"), *commands, via="import").batch is None


def test_the_demo_can_be_kept_and_worked_on(tmp_path: Path) -> None:
    later = NOON + timedelta(hours=3)
    times = iter([NOON])
    workspace = build_demo(tmp_path / "kopi", now=lambda: next(times, later))
    assert workspace.now() == later
    workspace.close()
    again = open_workspace(tmp_path / "kopi", lambda: later)
    receipt = again.submit(again.member("rina"), AddComment(card=card(again, "KL-062")["id"], text="Siap"))
    assert receipt.events[0].at == later.astimezone(UTC)
    again.close()


def test_the_doctor_finds_nothing_wrong_with_it(demo: Workspace) -> None:
    found = examine(demo.path, NOON + timedelta(seconds=1)).findings
    assert [finding for finding in found if finding.level in {"error", "warning"}] == []


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(Refused, match="not an empty folder"):
        build_demo(tmp_path, now=lambda: NOON)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        (Deed(at=NOON, by="ani", card="nothing", sort="check", name="x"), "nothing"),
        (Deed(at=NOON, by="ani", card="ultah", sort="tick", name="no such item"), "no such item"),
    ],
)
def test_a_deed_without_its_card_or_item_is_a_fault_of_the_sample(demo: Workspace, deed: Deed, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        command_of(deed, demo.state)


# ------------------------------------------------------------------------------- printed


@pytest.fixture(scope="module")
def report(demo: Workspace) -> str:
    return demo_report(demo)


@pytest.mark.parametrize(
    "text",
    [
        "Orders · 62 cards",
        "Campaigns · 12 cards",
        "Feedback · 40 cards",
        "Actions · 6 cards",
        "blocked 7 d: supplie",
        "lead_time_p50_hours",
        "slowest_stage",
        "GAYO-250 GAYO-1K DRIP-10",
        "# Campaign post-mortem: Flash Sale Ultah ke-5",
        "| Verdict | partly met (1 of 4 KPIs) |",
        "Rp 2.960.000 of Rp 3.000.000 (98,7 %)",
        "| Approval | 2026-08-31 11:00 | 2026-09-10 16:10 | 7 d 4 h | 2 d | 5 d 4 h | 1 |",
        "yes, 2026-09-11; now: Diskon 20 % Gayo, pesan hari ini",
        "- [ ] ACT-0003, budi, due 2026-09-20: Kampanye tidak tayang sebelum stok dihitung",
    ],
)
def test_the_printed_demo_tells_the_story(report: str, text: str) -> None:
    assert text in report


def test_the_printed_demo_names_stock_as_the_slowest_stage(report: str) -> None:
    line = next(line for line in report.splitlines() if "slowest_stage" in line)
    assert "Stock" in line


def test_the_printed_demo_is_plain_text(report: str) -> None:
    assert "\x1b" not in report
    assert "None" not in report
    assert "entered later" not in report


@pytest.mark.parametrize("page", [flow_page.page, campaign_page.page, service_page.page, stock_page.page])
def test_sentences_of_the_pages_have_the_shop_s_decimal_mark(demo: Workspace, page: Callable[[Source], Page]) -> None:
    found = page(demo.histories.source(as_of=demo.now(), days=30))
    said = [text for panel in found.panels for text in (panel.says, panel.next_step)]
    said += [f"{element.label} {element.note}" for _panel, element in found.elements()]
    assert any(re.search(r"\d", text) for text in said)
    assert [text for text in said if re.search(r"\d\.\d(?!\d\d)", text)] == []
