"""Keys of one's own: what may be written, what it means, and what is said about the rest."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opstui.ui.commands import COMMANDS, Place, bindings, filter_hints, hints
from opstui.ui.keymap import SAFE, key_files, load_keys
from opstui.ui.keynames import key_of, shown, written
from opstui.ui.ownkeys import set_keys, starter, with_keys
from ui.page import Console, console, memory_workspace, orders


@pytest.mark.parametrize(
    ("text", "key", "show"),
    [
        ("n", "n", "n"),
        ("N", "N", "N"),
        ("shift+n", "N", "N"),
        ("?", "question_mark", "?"),
        ("question_mark", "question_mark", "?"),
        ("+", "plus", "+"),
        ("ctrl++", "ctrl+plus", "ctrl++"),
        ("-", "minus", "-"),
        ("Esc", "escape", "esc"),
        ("PgUp", "pageup", "pgup"),
        (" ", "space", "space"),
        ("Ctrl+K", "ctrl+k", "ctrl+k"),
        ("shift+ctrl+left", "ctrl+shift+left", "ctrl+shift+←"),
        ("shift+left", "shift+left", "⇧←"),
        ("f12", "f12", "f12"),
        ("é", "é", "é"),
    ],
)
def test_a_key_is_written_as_people_write_it(text: str, key: str, show: str) -> None:
    assert (key_of(text), shown(key_of(text))) == (key, show)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("entr", "try enter"),
        ("pagedwn", "try pagedown"),
        ("f25", "there is no key f25"),
        ("hyper+k", "hyper is none of ctrl, alt, shift"),
        ("ctrl+", "there is no key"),
        ("\x1b", "there is no key"),
        ("", "there is no key"),
        ("ctrl+i", "sends tab"),
        ("ctrl+m", "sends enter"),
        ("ctrl+[", "sends escape"),
    ],
)
def test_a_key_that_no_terminal_sends_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        key_of(text)


@pytest.mark.parametrize("key", sorted({key for command in COMMANDS.values() for key in command.keys}))
def test_every_key_of_the_table_can_be_written(key: str) -> None:
    assert key_of(written(key)) == key


@given(st.text(max_size=12))
def test_any_text_is_a_key_or_a_reason(text: str) -> None:
    try:
        key = key_of(text)
    except ValueError:
        return
    assert key_of(key) == key
    assert shown(key)


def keys_of(folder: Path, text: str) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    path = folder / "keys.toml"
    path.write_text(text, "utf-8")
    table, said = load_keys(path)
    return {name: command.keys for name, command in table.items()}, said


DEFAULTS = {name: command.keys for name, command in COMMANDS.items()}


@pytest.mark.parametrize(
    ("text", "changed", "said"),
    [
        ("", {}, []),
        ('new = "N"\n', {"new": ("N",)}, []),
        ('new = ["N", "ctrl+n"]\n', {"new": ("N", "ctrl+n")}, []),
        ("due = []\n", {"due": ()}, []),
        ('due = ""\n', {"due": ()}, []),
        ('new = "a"\nassign = "n"\n', {"new": ("a",), "assign": ("n",)}, []),
        ('left = "left"\n', {"left": ("left",)}, []),
        ('tour = "T"\n', {"tour": ("T",)}, []),
        (
            'new = "a"\n',
            {"new": ("a",), "assign": ()},
            ["keys.toml, line 1: a was assign, which has no key now; give it one"],
        ),
        ('\nnew = "left"\n', {"new": ("left",), "left": ("h",)}, []),
        ('nwe = "N"\n', {}, ["keys.toml, line 1: there is no command nwe; try new"]),
        ('zzzzzz = "N"\n', {}, ["keys.toml, line 1: there is no command zzzzzz; the palette has all"]),
        ('# mine\nnew = "entr"\n', {}, ["keys.toml, line 2: there is no key entr; try enter"]),
        ("new = 7\n", {}, ['keys.toml, line 1: keys are written "n", or ["n", "ctrl+n"]; [] is none']),
        ('[keys]\nnew = "N"\n', {"new": ("N",)}, []),
        ('keys = "ctrl+k"\n', {"keys": ("ctrl+k",)}, []),
        (
            'new = "N"\nedit = "N"\n',
            {"new": ("N",), "edit": ()},
            ["keys.toml, line 2: N is new already; edit does not get it"],
        ),
        ("help = []\n", {}, ["keys.toml, line 1: help keeps the key it had"]),
        ('new = "?"\n', {"new": ()}, ["keys.toml, line 1: ? is help already; new does not get it"]),
        ('new = "ctrl+p"\n', {"new": ()}, ["keys.toml, line 1: ctrl+p is palette already; new does not get it"]),
        ('help = "h"\nnew = "?"\nleft="left"\n', {"help": ("h",), "new": ("question_mark",), "left": ("left",)}, []),
        ('quit = "?"\n', {}, ["keys.toml, line 1: quit keeps the key it had"]),
        ('help = "q"\nquit = "?"\n', {"help": ("q",), "quit": ("question_mark",)}, []),
        ("new = N\n", {}, ["keys.toml, line 1: Invalid value; its keys are not used"]),
    ],
)
def test_a_file_of_keys(tmp_path: Path, text: str, changed: dict[str, tuple[str, ...]], said: list[str]) -> None:
    keys, told = keys_of(tmp_path, text)
    assert keys == DEFAULTS | changed
    assert len(told) == len(said), told
    for one, other in zip(told, said, strict=True):
        assert other in one


KEYS = st.sampled_from(["n", "?", "q", "f1", "ctrl+p", "g", "x", "ctrl+q", "esc", "nope"])


@given(st.dictionaries(st.sampled_from([*SAFE, "new", "jump", "nope"]), st.lists(KEYS, max_size=3)))
def test_whatever_a_file_says_no_key_means_two_things_and_the_way_out_stays(
    tmp_path_factory: pytest.TempPathFactory, wishes: dict[str, list[str]]
) -> None:
    text = "".join(f"{name} = {keys!r}\n" for name, keys in wishes.items())
    keys, _said = keys_of(tmp_path_factory.mktemp("keys"), text)
    every = [key for names in keys.values() for key in names]
    assert len(every) == len(set(every))
    assert all(keys[name] for name in SAFE)


def test_the_most_personal_file_wins_and_what_it_leaves_out_is_the_team_s(tmp_path: Path) -> None:
    team, mine = tmp_path / "keys.toml", tmp_path / "rina.keys.toml"
    team.write_text('new = "N"\nedit = "E"\n')
    mine.write_text('new = "ctrl+n"\ndue = "E"\n')
    table, said = load_keys(team, mine)
    assert [table[name].keys for name in ("new", "due", "edit")] == [("ctrl+n",), ("E",), ()]
    assert said == ["keys.toml, line 2: E is due already; edit does not get it"]


def test_a_broken_file_leaves_the_others_in_force(tmp_path: Path) -> None:
    team, mine = tmp_path / "keys.toml", tmp_path / "rina.keys.toml"
    team.write_text('new = "N"\n')
    mine.write_bytes(b"\xff\xfe")
    table, said = load_keys(team, mine)
    assert table["new"].keys == ("N",)
    assert said == ["rina.keys.toml: it is not UTF-8 text; its keys are not used"]


def test_without_a_file_the_table_itself_is_used(tmp_path: Path) -> None:
    table, said = load_keys(*key_files(tmp_path, "rina/../x"))
    assert table is COMMANDS
    assert not said
    assert key_files(tmp_path, "rina/../x")[-1].parent == tmp_path / "preferences"


def test_hints_and_bindings_have_the_keys_of_the_table(tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    path.write_text('new = "ctrl+n"\nstage_right = ">"\nstage_left = "<"\nopen = []\nhelp = ["?", "f2"]\n')
    table, _said = load_keys(path)
    line = hints(Place(card=True), table)
    assert ("</>", "move") in line
    assert ("ctrl+n", "new") in line
    assert "open" not in [label for _key, label in line]
    assert filter_hints(table)[-1] == ("f2", "help")
    assert ("greater_than_sign", "command('stage_right')", "stage on") in bindings(table)


# ------------------------------------------------------------------ the file, changed for the person


def test_the_file_to_begin_with_changes_nothing_and_every_line_of_it_can_be_used(tmp_path: Path) -> None:
    assert keys_of(tmp_path, starter()) == (DEFAULTS, [])
    lines = [line.removeprefix("# ") for line in starter().splitlines() if " = " in line and "# #" not in line]
    assert len(lines) == len(COMMANDS)
    assert keys_of(tmp_path, "\n".join(lines)) == (DEFAULTS, [])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", 'new = "N"\n'),
        ('# mine\nedit = "E"  # as I like it\n', '# mine\nedit = "E"  # as I like it\nnew = "N"\n'),
        ('new = "x" # note\n', 'new = "N" # note\n'),
        ('#new = "x"\nnew = "y"\n', '#new = "x"\nnew = "N"\n'),
        ('# new = "n"   # a new card\n', 'new = "N" # a new card\n'),
        ('edit = "E"\n[other]\nx = 1\n', 'edit = "E"\nnew = "N"\n[other]\nx = 1\n'),
    ],
)
def test_one_line_is_changed_and_the_rest_stays(before: str, after: str) -> None:
    assert with_keys(before, "new", ("N",)) == after


@pytest.mark.parametrize(
    ("text", "reason"), [("new = \n", "by hand first"), ('new = [\n "x",\n]\n', "by hand"), ("new", "by hand first")]
)
def test_what_cannot_be_changed_safely_is_left_alone(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        with_keys(text, "new", ("N",))


@given(st.lists(st.sampled_from(sorted(COMMANDS)), max_size=6), st.lists(st.sampled_from(["n", '"', "\\", "f5"])))
def test_changes_one_after_the_other_are_all_in_the_file(commands: list[str], signs: list[str]) -> None:
    text, wanted = starter(), {}
    keys = tuple(dict.fromkeys(key_of(sign) for sign in signs))
    for command in commands:
        text = with_keys(text, command, keys)
        wanted[command] = [written(key) for key in keys]
    found = {name: [value] if isinstance(value, str) else value for name, value in tomllib.loads(text).items()}
    assert found == wanted


def test_a_file_is_begun_with_the_starter(tmp_path: Path) -> None:
    path = tmp_path / "preferences" / "rina.keys.toml"
    set_keys(path, "new", ("N",))
    assert 'new = "N" # a new card on this board' in path.read_text()
    assert list(path.parent.iterdir()) == [path]


# ------------------------------------------------------------------ on the console


async def test_the_console_has_a_person_s_keys_everywhere(tmp_path: Path) -> None:
    (tmp_path / "keys.toml").write_text('new = "ctrl+n"\nhelp = "H"\nstage_left = "<"\n')
    async with console(memory_workspace(*orders(2), path=tmp_path), size=(120, 40)) as page:
        assert "ctrl+n new" in page.text
        assert "H help" in page.text.splitlines()[-1]
        await page.press("n")
        assert page.dialog == ""
        await page.press("ctrl+n")
        assert page.dialog == "Form"
        await page.press("escape", "H")
        assert "ctrl+n   a new card" in page.text
        await page.press("escape", "ctrl+p")
        assert "ctrl+n  new" in page.text


async def test_messages_tell_a_person_s_keys_too(tmp_path: Path) -> None:
    (tmp_path / "keys.toml").write_text('undo = "U"\nredo = []\n')
    async with console(memory_workspace(*orders(2), path=tmp_path)) as page:
        await page.press("L")
        assert page.said == "moved ORD-0001 to Payment · U undo"
        await page.press("U")
        assert page.said == "undone: moved ORD-0001 to Payment · ctrl+p redo"


async def test_what_is_wrong_with_them_is_told_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "keys.toml").write_text('nwe = "N"\n')
    async with console(memory_workspace(path=tmp_path)) as page:
        assert "keys.toml, line 1: there is no command nwe; try new" in page.said


def worn(page: Console, command: str) -> list[str]:
    """The keys of a command on the console."""
    return list(page.board.commands[command].keys)


async def open_keys(page: Console) -> None:
    await page.press("ctrl+p")
    await page.type("keys\n")
    assert page.dialog == "KeysScreen"


async def test_a_key_is_changed_on_the_console_at_once_and_for_good(tmp_path: Path) -> None:
    workspace = memory_workspace(*orders(2), path=tmp_path)
    async with console(workspace) as page:
        await open_keys(page)
        assert "preferences/rina.keys.toml" in page.text
        page.app.screen.list.goto("stage_right")  # type: ignore[attr-defined]
        await page.press("enter")
        assert "the new key for stage on" in page.text
        await page.press("greater_than_sign")
        assert "stage on: > from now on, L no more" in page.text
        await page.press("escape", "greater_than_sign")
        assert page.card("ORD-0001").stage == "payment"
        await page.press("shift+left")
        assert page.card("ORD-0001").stage == "new"
    async with console(workspace) as page:
        card = page.cursor
        assert card is not None
        await page.press("greater_than_sign")
        assert page.card(card.ref).stage == "payment"


async def test_esc_keeps_a_key_backspace_takes_it_and_help_keeps_one(tmp_path: Path) -> None:
    async with console(memory_workspace(path=tmp_path)) as page:
        await open_keys(page)
        keys = page.app.screen
        await page.type("new")
        assert "assign" not in page.text
        await page.press("enter", "escape")
        assert page.dialog == "KeysScreen"
        assert worn(page, "new") == ["n"]
        await page.press("enter", "backspace")
        assert worn(page, "new") == []
        await page.press("enter", "delete")
        assert worn(page, "new") == ["n"]
        assert "new: n from now on" in page.text
        await page.press(*["backspace"] * 3)
        keys.list.goto("help")  # type: ignore[attr-defined]
        await page.press("enter", "backspace")
        assert "help keeps the key it had" in page.text
        assert worn(page, "help") == ["question_mark", "f1"]


async def test_a_key_of_another_s_is_taken_only_when_it_is_struck_again(tmp_path: Path) -> None:
    async with console(memory_workspace(path=tmp_path)) as page:
        await open_keys(page)
        await page.type("block")
        await page.press("enter", "c")
        assert "c is comment now   c again takes it" in page.text
        await page.press("question_mark")
        assert "? is help, which always keeps it" in page.text
        await page.press("question_mark", "ctrl+a")
        assert "ctrl+a belongs to screen or tmux" in page.text
        assert worn(page, "block") == ["b"]
        await page.press("c", "c")
        assert (worn(page, "block"), worn(page, "comment")) == (["c"], [])
        assert "c was comment, which has no key now" in page.text


async def test_a_broken_file_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "preferences" / "rina.keys.toml"
    path.parent.mkdir()
    path.write_text("new = \n")
    async with console(memory_workspace(path=tmp_path)) as page:
        await open_keys(page)
        await page.press("enter", "N")
        assert "not changed: the file is to be put right by hand first" in page.text
    assert path.read_text() == "new = \n"


async def test_keys_that_cannot_be_kept_are_told(tmp_path: Path) -> None:
    (tmp_path / "preferences").write_text("in the way")
    async with console(memory_workspace(path=tmp_path)) as page:
        await open_keys(page)
        await page.press("enter", "N")
        assert "not changed:" in page.text
        assert page.board.commands["board_1"].keys == ("1",)


def test_a_folder_that_may_not_be_entered_has_no_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`preferences` made by another member, whose umask keeps others out."""

    def refused(*_asked: object, **_how: object) -> os.stat_result:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "stat", refused)
    assert load_keys(tmp_path / "preferences" / "budi.keys.toml") == (COMMANDS, [])
