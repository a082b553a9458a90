"""Actions done on time and overdue, and causes that come back; each with a query that finds its cards."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.world import World
from opstui.domain.commands import AddPart, ArchiveCard, DraftPostmortem, MoveCard, SkipPostmortem
from opstui.domain.postmortems import of_card
from opstui.projections.filter import FilterContext, parse
from opstui.projections.kpis import Metric
from opstui.projections.learning import learning_metrics

PERIOD = date(2026, 9, 1), date(2027, 9, 1)


def figures(world: World, period: tuple[date, date] = PERIOD) -> dict[str, Metric]:
    settings = world.workspace.settings
    board = settings.board("actions")
    assert board is not None
    found = learning_metrics(world.workspace.state, board, settings.zone, period, datetime(2026, 9, 20, tzinfo=UTC))
    return {metric.id: metric for metric in found}


def found_by(world: World, query: str) -> list[str]:
    settings = world.workspace.settings
    context = FilterContext(
        board=settings.boards[0], today=PERIOD[0], zone=settings.zone, me="", saved={}, was=world.workspace.was
    )
    matches = parse(query, context)
    return [doc["ref"] for _id, doc in world.workspace.state.items("cards") if matches(doc)]


def test_nothing_is_undefined_not_perfect() -> None:
    assert [(m.value, m.n, m.query) for m in figures(World()).values()] == [(None, 0, ""), (0, 0, ""), (0, 0, "")]


def test_actions_of_post_mortems_on_time_and_overdue() -> None:
    world = World()
    due = {
        "kept": "2026-09-07",
        "missed": "2026-09-06",
        "late": "2026-09-10",
        "away": "2026-09-10",
        "soon": "2026-10-01",
    }
    cards = {name: world.card("actions", title=name, due=day, postmortem="PM-2026-001") for name, day in due.items()}
    world.card("actions", title="of nobody's", due="2026-09-10")
    for name in ("kept", "missed"):
        world.do(MoveCard(card=cards[name], stage="done"))
    world.do(ArchiveCard(card=cards["away"]))
    told = figures(world)
    assert (told["actions_on_time"].value, told["actions_on_time"].n) == (0.5, 2)
    assert found_by(world, told["actions_on_time"].query) == ["ACT-0001", "ACT-0002"]
    assert (told["actions_overdue"].value, told["actions_overdue"].n) == (1, 2)
    assert found_by(world, told["actions_overdue"].query) == ["ACT-0003"]
    assert figures(world, (date(2026, 9, 8), date(2026, 9, 9)))["actions_on_time"].value is None


def begun(world: World, factor: str) -> int:
    card = world.card("orders")
    world.do(DraftPostmortem(card=card))
    found = of_card(world.workspace.state, card)
    assert found is not None
    world.do(AddPart(postmortem=found[0], sort="factor", values={"text": factor}))
    return found[0]


@pytest.mark.parametrize(
    ("days", "factor", "value"), [(179, "No  STOCK.", 1), (181, "no stock", 0), (10, "no staff", 0)]
)
def test_a_cause_comes_back_within_180_days(days: int, factor: str, value: int) -> None:
    world = World()
    begun(world, "no stock")
    world.at += timedelta(days=days)
    second = begun(world, factor)
    told = figures(world)["repeat_causes"]
    assert (told.value, told.n) == (value, 2)
    assert found_by(world, told.query) == ["ORD-0002"] if value else told.query == ""
    world.do(SkipPostmortem(postmortem=second, reason="a mistake"))
    assert figures(world)["repeat_causes"].value == 0
