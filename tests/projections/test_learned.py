"""Parts of a post-mortem as rows: what is a plan, what is a card, and where it stands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.world import World
from opstui.domain import postmortems
from opstui.domain.boards import Board, Stage
from opstui.domain.commands import (
    AddPart,
    ArchiveCard,
    DraftPostmortem,
    EditCard,
    MarkCard,
    MoveCard,
    PublishPostmortem,
    RemovePart,
    Undo,
    WriteSection,
)
from opstui.projections.learned import FactorRow, LessonRow
from opstui.projections.postmortem import Facts, postmortem_facts
from opstui.projections.stays import StageTime, held_up

READY = {"text": "Check links", "owner": "budi", "due": "2026-10-01", "done_when": "list v5", "priority": "P1"}


class Case(World):
    """An order with a post-mortem."""

    def __init__(self) -> None:
        super().__init__()
        self.order = super().card()
        self.do(DraftPostmortem(card=self.order, severity="SEV1"))
        found = postmortems.of_card(self.workspace.state, self.order)
        assert found is not None
        self.pm = found[0]

    def part(self, sort: str, **values: Any) -> int:
        return self.events(AddPart(postmortem=self.pm, sort=sort, values=values))[0].id

    def facts(self, as_of: datetime | None = None) -> Facts:
        workspace = self.workspace
        return postmortem_facts(workspace.state, workspace.events_of, self.order, workspace.settings, as_of)


def test_an_action_is_a_plan_then_a_card_that_goes_its_way() -> None:
    case = Case()
    case.part("action", **READY)

    def now() -> list[tuple[str, str, str]]:
        return [(row.status, row.ref, row.priority) for row in case.facts().actions]

    assert now() == [("planned", "", "P1")]
    assert case.facts().open_actions == 1
    case.do(PublishPostmortem(postmortem=case.pm))
    batch = case.workspace.store.seq
    assert now() == [("open", "ACT-0001", "P1")]
    card = next(d["id"] for _i, d in case.workspace.state.items("cards") if d["kind"] == "action")
    case.do(EditCard(card=card, values={"priority": "low", "due": None}), MoveCard(card=card, stage="done"))
    assert now() == [("done", "ACT-0001", "low")]
    assert case.facts().open_actions == 0
    case.do(Undo(batch=case.workspace.store.seq))
    case.do(ArchiveCard(card=card))
    assert now() == [("dropped", "ACT-0001", "P1")]
    case.do(Undo(batch=case.workspace.store.seq))
    case.do(Undo(batch=batch))
    assert now() == [("planned", "", "P1")]


def test_factors_and_lessons_as_rows_and_what_was_taken_off_is_gone() -> None:
    case = Case()
    case.part("factor", text="One person knew", category="skill", removable=False)
    gone = case.part("factor", text="x")
    case.do(RemovePart(part=gone))
    case.part(
        "lesson", text="Two people know", keep="change", applies=["glass"], until="2027-03-31", playbook="PB-0009"
    )
    facts = case.facts()
    assert facts.factors == (FactorRow(ref="FAC-0001", text="One person knew", category="skill", removable=False),)
    assert facts.lessons == (
        LessonRow(
            ref="LES-0001", text="Two people know", keep="change", applies=("glass",), entry="PB-0009",
            until=date(2027, 3, 31),
        ),
    )  # fmt: skip


def test_what_is_written_and_confirmed_by_section() -> None:
    case = Case()
    case.do(
        WriteSection(postmortem=case.pm, section="lucky", text="rain"),
        WriteSection(postmortem=case.pm, section="summary", text="", sure=True),
    )
    facts = case.facts()
    assert (dict(facts.written), facts.sure, facts.severity) == ({"lucky": "rain"}, frozenset({"summary"}), "SEV1")
    assert (facts.due, facts.review_due) == (date(2026, 9, 9), date(2026, 9, 14))


def test_marks_are_told_by_their_own_time_whenever_they_were_entered() -> None:
    case = Case()
    start = case.at

    def mark(name: str, hours: int) -> None:
        case.do(MarkCard(card=case.order, mark=name, at=(start + timedelta(hours=hours)).isoformat()))

    case.at = start + timedelta(hours=20)
    mark("resolved", 9)
    mark("started", -2)
    assert [row.mark for row in case.facts().marks] == ["started", "resolved"]
    assert [row.mark for row in case.facts(start + timedelta(hours=1)).marks] == ["started"]
    assert case.facts().deeds[0].last == case.at
    assert case.facts().began == start - timedelta(hours=2)


def test_a_mark_is_no_change_of_stage() -> None:
    case = Case()
    before = case.facts()
    case.at = datetime(2026, 9, 8, tzinfo=UTC)
    case.do(MarkCard(card=case.order, mark="launch"))
    assert [stay.stage for stay in case.facts().path] == [stay.stage for stay in before.path]


BOARD = Board(
    id="b",
    name="B",
    kind="order",
    prefix="B",
    stages=tuple(Stage(id=name, name=name, category="queue") for name in ("new", "other")),
)


@pytest.mark.parametrize(
    ("hours", "others", "expected", "stage"),
    [
        (30, 5, None, "new"), (30, 40, None, ""), (20, 0, None, ""), (20, 0, 16, "new"), (30, 0, 48, ""),
    ],
)  # fmt: skip
def test_which_stage_held_it_up(hours: int, others: int, expected: int | None, stage: str) -> None:
    at = datetime(2026, 9, 7, tzinfo=UTC)

    def time(name: str, spent: int, promised: int | None) -> StageTime:
        return StageTime(
            stage=name, name=name, entered=at, left=None, elapsed=timedelta(hours=spent),
            expected=None if promised is None else timedelta(hours=promised), returned=0,
        )  # fmt: skip

    assert held_up([time("new", hours, expected), time("other", others, 9999)], BOARD) == stage
