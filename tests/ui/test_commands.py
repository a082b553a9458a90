"""The command table feeds bindings, hints and help; here it is held to that."""

from __future__ import annotations

import pytest

from opstui.ui.commands import COMMANDS, HINTS, Place, bindings, hints, numbers_hints
from opstui.ui.screens.does import DOES


def test_no_key_means_two_things() -> None:
    keys = [key for command in COMMANDS.values() for key in command.keys]
    assert sorted(keys) == sorted(set(keys))


def test_every_command_does_something_and_nothing_else_does() -> None:
    assert DOES.keys() == COMMANDS.keys()
    with_keys = [name for name, command in COMMANDS.items() if command.keys]
    assert [action for _keys, action, _label in bindings()] == [f"command('{name}')" for name in with_keys]


def test_hints_name_commands_that_belong_there() -> None:
    for where, names in HINTS.items():
        assert all(COMMANDS[name].at("board" if where == "marked" else where) for name in names)


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
        ("stage_right", Place(card=True, last_stage=True, selected=2), ""),
        ("archive", Place(selected=1), ""),
        ("edit", Place(selected=1), "no card"),
        ("move", Place(), "no card"),
        ("new", Place(), ""),
        ("help", Place(), ""),
    ],
)
def test_a_command_that_cannot_be_used_says_why(command: str, place: Place, reason: str) -> None:
    why = COMMANDS[command].why_not(place)
    assert (reason in why) if reason else not why


@pytest.mark.parametrize(
    ("place", "first"),
    [
        (Place(), ["n new", "/ filter", "ctrl+p palette"]),
        (Place(empty=True), ["n new", "ctrl+p palette", "? help"]),
        (Place(card=True), ["H/L move", "enter open", "d due"]),
        (Place(card=True, blocked=True), ["b unblock", "enter open", "c comment"]),
        (Place(card=True, ended=True, last_stage=True), ["enter open", "x archive", "n new"]),
        (Place(card=True, filtered=True), ["enter open", "esc clear the filter", "/ filter"]),
        (Place(filtered=True), ["esc clear the filter", "/ filter", "ctrl+p palette"]),
        (Place(card=True, selected=3), ["H/L move", "M move to", "a assign"]),
        (Place(card=True, selected=3, filtered=True), ["H/L move", "M move to", "a assign"]),
        (Place(where="card", card=True), ["esc close", "e edit", "a assign"]),
    ],
)
def test_the_hint_line_begins_with_the_three_next_useful_keys(place: Place, first: list[str]) -> None:
    line = [f"{key} {label}" for key, label in hints(place)]
    assert line[:3] == first
    assert len(line) == len(set(line))


def test_the_hint_line_is_the_same_on_most_cards_so_that_the_cursor_sends_no_new_one() -> None:
    assert len({tuple(hints(Place(card=True, top=top, bottom=not top))) for top in (True, False)}) == 1


FREQUENT = (
    *("stage_right", "stage_left", "open", "new", "edit", "assign", "due", "tags", "priority", "block", "comment"),
    *("filter", "undo", "redo", "archive", "board_1", "board_2", "board_3", "board_4", "jump", "palette", "help"),
    *("numbers", "pane", "theme"),
)
EATEN = {
    "ctrl+s": "stops the terminal",
    "ctrl+q": "goes on after ctrl+s",
    "ctrl+a": "screen's prefix",
    "ctrl+b": "tmux's prefix",
    "ctrl+c": "breaks",
    "ctrl+backslash": "quits",
    "ctrl+i": "is tab",
    "ctrl+m": "is enter",
    "ctrl+h": "is backspace",
    "ctrl+v": "takes the next key literally",
}


@pytest.mark.parametrize("name", FREQUENT)
def test_every_frequent_action_begins_within_two_key_presses(name: str) -> None:
    assert COMMANDS[name].keys, "one key, which with shift or ctrl is two presses at most"
    assert all(key.count("+") <= 1 for key in COMMANDS[name].keys)


@pytest.mark.parametrize("name", [name for name, command in COMMANDS.items() if command.keys])
def test_no_command_lives_on_a_key_that_terminals_eat_alone(name: str) -> None:
    assert set(COMMANDS[name].keys) - EATEN.keys()


def test_the_hint_line_offers_only_what_can_be_done_and_names_what_undo_takes_back() -> None:
    assert "open" not in [label for _key, label in hints(Place())]
    assert ("u", 'undo "moved ORD-0298"') in hints(Place(card=True, undo="moved ORD-0298"))


def test_with_marked_cards_the_hint_line_offers_what_acts_on_all_of_them() -> None:
    keys = [key for key, _label in hints(Place(selected=3))]
    assert keys[:3] == ["H/L", "M", "a"]
    assert ("esc", "clear the marks") in hints(Place(selected=3))


def test_over_the_numbers_the_hint_line_is_about_the_numbers() -> None:
    told = dict(numbers_hints(COMMANDS))
    assert list(told)[:3] == ["j k", "enter", "tab"]
    assert "H/L" not in told
