"""The command table feeds bindings, hints and help; here it is held to that."""

from __future__ import annotations

import pytest

from opstui.ui.commands import COMMANDS, HINTS, Place, bindings, hints
from opstui.ui.screens.does import DOES


def test_no_key_means_two_things() -> None:
    keys = [key for command in COMMANDS.values() for key in command.keys]
    assert sorted(keys) == sorted(set(keys))


def test_every_command_does_something_and_nothing_else_does() -> None:
    assert DOES.keys() == COMMANDS.keys()
    keyed = [name for name, command in COMMANDS.items() if command.keys]
    assert [action for _keys, action, _label in bindings()] == [f"command('{name}')" for name in keyed]


def test_hints_name_commands_that_belong_there() -> None:
    for where, names in HINTS.items():
        assert all(COMMANDS[name].at(where) for name in names)


@pytest.mark.parametrize(
    ("command", "place", "reason"),
    [
        ("edit", Place(), "no card"),
        ("edit", Place(card=True), ""),
        ("stage_left", Place(card=True, first_stage=True), "first stage"),
        ("stage_right", Place(card=True, first_stage=True), ""),
        ("stage_right", Place(card=True, last_stage=True), "last stage"),
        ("stage_right", Place(last_stage=True), "no card"),
        ("higher", Place(card=True, top=True), "top of its lane"),
        ("lower", Place(card=True, bottom=True), "end of its lane"),
        ("lower", Place(card=True, filtered=True), "filter"),
        ("undo", Place(), "nothing of yours"),
        ("undo", Place(undo="moved ORD-0001"), ""),
        ("redo", Place(), "nothing to redo"),
        ("new", Place(), ""),
        ("help", Place(), ""),
    ],
)
def test_a_command_that_cannot_be_used_says_why(command: str, place: Place, reason: str) -> None:
    why = COMMANDS[command].why_not(place)
    assert (reason in why) if reason else not why


def test_the_hint_line_offers_only_what_can_be_done_and_names_what_undo_takes_back() -> None:
    assert "open" not in [label for _key, label in hints(Place())]
    assert ("u", 'undo "moved ORD-0298"') in hints(Place(card=True, undo="moved ORD-0298"))
