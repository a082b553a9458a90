"""No way into the store lets an experiment in whose figures cannot be, and each refusal says which and why."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.world import World
from opstui.domain.commands import CreateCard, EditCard, ImportCard
from opstui.domain.model import Draft, Refused, clean_line
from opstui.typed import experiment_text, typed_experiments

GOOD: dict[str, Any] = {
    "name": "button",
    "arms": [{"label": "old", "people": 100, "hits": 5}, {"label": "new", "people": 100, "hits": 9}],
}


def arm(label: str = "new", people: int = 100, hits: int = 9) -> dict[str, Any]:
    return {"label": label, "people": people, "hits": hits}


WRONG = [
    pytest.param([GOOD | {"planned": 0}], "button: the planned people", id="nobody is planned"),
    pytest.param([GOOD | {"planned": -5}], "button: the planned people", id="fewer than nobody"),
    pytest.param([GOOD | {"lift": -3.0}], "the least lift", id="a negative lift"),
    pytest.param([GOOD | {"lift": float("nan")}], "the least lift|lift", id="no lift"),
    pytest.param([GOOD | {"lift": float("inf")}], "the least lift|lift", id="endless lift"),
    pytest.param([GOOD | {"starts": "2026-09-02", "ends": "2026-09-01"}], "before its start", id="it ends first"),
    pytest.param([GOOD | {"arms": []}], "2 to 10 arms", id="no arms"),
    pytest.param([GOOD | {"arms": [arm()]}], "2 to 10 arms", id="one arm"),
    pytest.param([GOOD | {"arms": [arm(), arm("NEW")]}], "two arms have one name", id="one name twice"),
    pytest.param([GOOD | {"arms": [arm("old"), arm(hits=101)]}], "new 101/100 cannot be", id="more hits than people"),
    pytest.param([GOOD | {"arms": [arm("old"), arm(people=-1, hits=-2)]}], "new -2/-1 cannot be", id="below zero"),
    pytest.param([GOOD | {"arms": [arm("old"), arm("a, b 1/2")]}], "an arm's name", id="signs that part arms"),
    pytest.param([GOOD | {"name": "a: b"}], "a name has 1 to 60", id="signs that part the name"),
    pytest.param([GOOD | {"name": " "}], "a name has 1 to 60", id="no name"),
    pytest.param([GOOD | {"metric": "a) b"}], "button: what is measured", id="signs in what is measured"),
    pytest.param([GOOD, GOOD | {"name": "Button"}], "two are called", id="two of one name"),
]


@pytest.mark.parametrize(("experiments", "why"), WRONG)
def test_what_cannot_be_is_refused_by_every_command(experiments: list[dict[str, Any]], why: str) -> None:
    world = World()
    card = world.card("campaigns")
    fields = {"experiments": experiments}
    draft = Draft(source="x", external_id="1", board="campaigns", title="y", created=world.at, fields=fields)
    for command in (
        EditCard(card=card, values=fields),
        CreateCard(board="campaigns", title="10.10", fields=fields),
        ImportCard(draft=draft),
    ):
        with pytest.raises(Refused, match=why):
            world.do(command, via="import" if isinstance(command, ImportCard) else "cli")


def test_an_experiment_from_before_the_rule_stands_in_nobody_s_way() -> None:
    world = World()
    card = world.card("campaigns")
    world.do(EditCard(card=card, values={"experiments": [GOOD]}))
    world.workspace.state.get("cards", card)["experiments"][0]["planned"] = -5  # type: ignore[index]
    world.do(EditCard(card=card, values={"title": "other"}))


WORDS = (
    st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters=",:;=/()"), min_size=1, max_size=20)
    .map(clean_line)
    .filter(bool)
)


@st.composite
def experiments(draw: st.DrawFn) -> dict[str, Any]:
    labels = draw(st.lists(WORDS, min_size=2, max_size=4, unique_by=str.casefold))
    arms = []
    for label in labels:
        people = draw(st.integers(0, 10**9))
        arms.append({"label": label, "people": people, "hits": draw(st.integers(0, people))})
    row: dict[str, Any] = {"name": draw(WORDS), "arms": arms}
    more = {
        "metric": WORDS,
        "planned": st.integers(1, 10**9),
        "lift": st.floats(1e-4, 10).map(lambda lift: round(lift, 6)),
        "starts": st.dates().map(str),
        "ends": st.dates().map(str),
    }
    return row | {name: draw(values) for name, values in more.items() if draw(st.booleans())}


@given(experiments())
def test_what_is_shown_can_be_typed_again(row: dict[str, Any]) -> None:
    (again,) = typed_experiments(experiment_text(row))
    assert again == {name: value for name, value in row.items() if value != ""}
