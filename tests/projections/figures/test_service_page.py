"""The page about service: who waits comes first, and every number opens its cards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.world import World
from opstui.domain.commands import AddComment, AddMember, ArchiveCard, EditCard, MoveCard
from opstui.projections.figures.service_page import page
from opstui.projections.panels import Page, Panel
from projections.figures.law import broken


class Shop(World):
    """A desk with messages: answered, settled, reopened, waiting, and one that was declined."""

    def __init__(self) -> None:
        super().__init__()
        self.do(AddMember(name="rina", role="owner"))
        self.cards = [
            self.card("feedback", f"Message {n}", theme="delivery" if n < 4 else "", channel="wa", sort="complaint")
            for n in range(7)
        ]
        a, b, c, d, e, *_rest = self.cards
        self.at += timedelta(hours=2)
        self.do(AddComment(card=a, text="we look"), MoveCard(card=a, stage="closed"))
        self.do(MoveCard(card=b, stage="replied"))
        self.do(MoveCard(card=b, stage="closed"))
        self.do(MoveCard(card=b, stage="triage"))
        self.do(MoveCard(card=c, stage="declined"))
        self.do(EditCard(card=a, values={"score": 5}), EditCard(card=d, values={"owner": "rina"}))
        self.do(MoveCard(card=e, stage="closed"))
        self.do(ArchiveCard(card=e))
        self.at += timedelta(days=3)

    def page(self, days: int = 30) -> Page:
        return page(self.workspace.histories.source(as_of=self.at, days=days))

    def panel(self, name: str) -> Panel:
        return next(panel for panel in self.page().panels if panel.id == name)


@pytest.mark.parametrize("days", [30, 90])
def test_every_number_opens_the_cards_it_counted(days: int) -> None:
    shop = Shop()
    assert broken(shop.page(days), shop.workspace, shop.at) == []


def test_who_waits_stands_in_the_order_of_the_time_left() -> None:
    queue = Shop().panel("service.queue")
    left = [element.value for element in queue.elements]
    assert left == sorted(left, key=lambda value: value if isinstance(value, float) else 0)
    assert [element.rest[0] for element in queue.elements].count("first answer") == 3
    assert {element.state for element in queue.elements} <= {"bad", "warn", "plain"}
    assert "promises are broken" in queue.says
    assert queue.next_step


def test_figures_are_of_the_tickets_they_name() -> None:
    figures = {element.label: element for element in Shop().panel("service.summary").elements}
    assert figures["Not answered yet"].value == 3
    assert figures["Satisfied (4 and 5)"].value == 1
    assert figures["Satisfied (4 and 5)"].note.endswith("of 1")
    assert figures["Solved in, median"].cards == 2


def test_themes_and_loads() -> None:
    shop = Shop()
    themes = shop.panel("service.themes")
    assert [(element.label, element.value) for element in themes.elements] == [("delivery", 3), ("without a theme", 3)]
    assert [element.label for element in themes.elements if element.marked] == ["delivery", "without a theme"]
    loads = {element.label: element.value for element in shop.panel("service.loads").elements}
    assert loads == {"nobody": 3, "rina": 1}


def test_an_empty_desk_says_so() -> None:
    world = World()
    found = page(world.workspace.histories.source(as_of=world.at, days=30))
    assert found.panels[0].missing == "nobody waits"
    assert broken(found, world.workspace, world.at) == []
