"""Undo on the command line: past what has no way back, around what somebody built on, and back again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cli.calls import Opstui
from opstui.cli.undoing import _some


def title(opstui: Opstui, ref: str = "ORD-0001") -> str:
    return str(opstui("card", "show", ref, "--json").json["title"])


def test_it_says_what_it_undid_and_redo_brings_it_back(opstui: Opstui) -> None:
    opstui("card", "add", "orders", "first")
    opstui("card", "edit", "ORD-0001", "--set", "title=second", "--set", "city=Solo")
    opstui("card", "move", "ORD-0001", "payment")
    said = [opstui("card", "undo").err for _turn in range(3)]
    assert [line.partition(";")[0] for line in said] == [
        "undone: the move of ORD-0001 from new to payment",
        "undone: an edit of ORD-0001 (title, city)",
        "undone: adding ORD-0001",
    ]
    assert all("`opstui card redo` does it again" in line for line in said)
    assert opstui("board", "orders", "--plain").out == ""
    assert opstui("card", "redo").err == "done again: adding ORD-0001\n"
    assert opstui("board", "orders", "--plain").out == "ORD-0001\n"
    assert opstui("card", "redo").err == "done again: an edit of ORD-0001 (title, city)\n"
    assert title(opstui) == "second"
    assert opstui("card", "redo").code == 0
    nothing = opstui("card", "redo")
    assert (nothing.code, nothing.err) == (1, "there is nothing of yours to do again\n")
    assert opstui("card", "undo").err.startswith("undone: the move of ORD-0001"), "what was done again can be undone"


def test_nothing_is_done_again_after_another_change(opstui: Opstui) -> None:
    opstui("card", "add", "orders", "first")
    opstui("card", "undo")
    opstui("card", "add", "orders", "second")
    assert opstui("card", "redo").code == 1


def test_a_change_with_no_way_back_does_not_stand_in_the_way(opstui: Opstui) -> None:
    opstui("card", "add", "orders", "first")
    opstui("card", "edit", "ORD-0001", "--set", "title=second")
    opstui("postmortem", "new", "ORD-0001")
    assert opstui("card", "undo").code == 0
    assert title(opstui) == "first"


@pytest.fixture
def as_budi(opstui: Opstui, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Do something as another owner."""
    from opstui.cli import session
    from opstui.domain.model import Actor

    def call(*words: str) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(session, "login", lambda: "budi")
            patched.setattr("opstui.workspace.Workspace.member", lambda _self, name: Actor(name, "owner"))
            assert opstui(*words).code == 0

    return call


def test_what_somebody_built_on_is_named_with_the_way_around(opstui: Opstui, as_budi: Callable[..., None]) -> None:
    opstui("card", "add", "orders", "first")
    opstui("card", "edit", "ORD-0001", "--set", "title=second")
    opstui("card", "move", "ORD-0001", "payment")
    as_budi("card", "move", "ORD-0001", "stock")
    refused = opstui("card", "undo")
    assert refused.code == 1
    assert "the move of ORD-0001 from new to payment: not undone: stage of ORD-0001 has been changed" in refused.err
    before = refused.err.split("--before ")[1].strip()
    assert opstui("card", "undo", "--before", before).code == 0
    assert title(opstui) == "first"


def test_a_change_of_many_cards_is_told_on_one_line() -> None:
    refs = [f"ORD-{n:04d}" for n in range(1, 1001)]
    assert _some(refs[:2]) == "ORD-0001, ORD-0002"
    assert _some(refs) == "ORD-0001, ORD-0002, ORD-0003, ORD-0004, ORD-0005 and 995 more"
