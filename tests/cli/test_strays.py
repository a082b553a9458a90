"""A stage that opstui.toml no longer has keeps its cards in sight until somebody takes them out."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.calls import Opstui

FEWER = """
[[boards]]
id = "orders"
name = "Orders"
kind = "order"
prefix = "ORD"
[[boards.stages]]
id = "new"
name = "New"
category = "queue"
[[boards.stages]]
id = "closed"
name = "Closed"
category = "done"
"""


@pytest.fixture
def stray(opstui: Opstui, tmp_path: Path) -> Opstui:
    """A workspace whose only card stands in `payment`, which its settings no longer have."""
    opstui("card", "add", "orders", "left behind")
    opstui("card", "move", "ORD-0001", "payment")
    (tmp_path / "W" / "opstui.toml").write_text(FEWER)
    return opstui


@pytest.mark.parametrize("form", [(), ("--plain",), ("--json",), ("--filter", "stage:payment")], ids=str)
def test_the_card_is_shown_and_told_of(stray: Opstui, form: tuple[str, ...]) -> None:
    answer = stray("board", "orders", *form)
    assert "ORD-0001" in answer.out
    assert answer.err.count("\n") == 1
    assert "1 card is in a stage" in answer.err
    assert "(payment); take them out with `opstui card move ID STAGE`" in answer.err


def test_as_json_its_stage_counts_as_active(stray: Opstui) -> None:
    last = stray("board", "orders", "--json").json["stages"][-1]
    assert (last["id"], last["name"], last["category"]) == ("payment", "payment", "active")


def test_it_is_moved_away_and_the_stage_is_gone(stray: Opstui) -> None:
    assert stray("card", "move", "ORD-0001", "new").code == 0
    answer = stray("board", "orders", "--json")
    assert [s["id"] for s in answer.json["stages"]] == ["new", "closed"]
    assert answer.err == ""
    refused = stray("card", "move", "ORD-0001", "payment")
    assert (refused.code, "stages: new, closed" in refused.err) == (1, True)
    assert stray("card", "undo").code == 0
    assert stray("card", "show", "ORD-0001", "--json").json["stage"] == "payment"
