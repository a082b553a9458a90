"""A settings file that cannot be used says where and what was expected; one that can needs no pydantic."""

from __future__ import annotations

from pathlib import Path

import pytest

from opstui import config
from opstui.config import TARGETS, Malformed, Settings
from opstui.projections import tiles

BOARD = """
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
id = "done"
name = "Done"
category = "done"
"""


def load(folder: Path, text: str) -> Settings:
    (folder / "opstui.toml").write_text(text, encoding="utf-8")
    return config.load(folder)


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert config.load(tmp_path) == Settings()


def test_what_init_writes_is_read_back(tmp_path: Path) -> None:
    config.write(tmp_path, name='Kopi "Lereng"', currency="IDR", timezone="Asia/Makassar", locale="id")
    settings = config.load(tmp_path)
    assert (settings.name, settings.timezone, settings.locale) == ('Kopi "Lereng"', "Asia/Makassar", "id")
    assert settings.targets == {"delayed": 3, "on_time_rate": 0.95}
    assert str(settings.zone) == "Asia/Makassar"


def test_own_boards(tmp_path: Path) -> None:
    settings = load(tmp_path, BOARD + 'wip = 3\nwip_policy = "block"\n')
    [board] = settings.boards
    assert [s.id for s in board.stages] == ["new", "done"]
    assert (board.stages[1].wip, board.stages[1].wip_policy) == (3, "block")


MALFORMED = [
    ('name = "x', "opstui.toml: "),
    ("name = 3", "opstui.toml, line 1, name: "),
    ('\ncurrncy = "IDR"', "opstui.toml, line 2, currncy: 'currncy' is not a setting; did you mean currency?"),
    ('currency = "rupiah"', "line 1, currency: 'rupiah' is no ISO 4217 code"),
    ('name = "a"\ntimezone = "Mars/Base"', "line 2, timezone: 'Mars/Base' is no time zone"),
    ('timezone = "../../etc/passwd"', "timezone: '../../etc/passwd' is no time zone"),
    (BOARD + 'wip = "many"\n', "line 15, boards.1.stages.2.wip: "),
    (BOARD + "wip = 0\n", "boards.1.stages.2.wip: a WIP limit is at least 1"),
    (BOARD + "wipp = 3\n", "line 15, boards.1.stages.2.wipp: 'wipp' is not a setting; did you mean wip?"),
    (BOARD.replace('category = "done"', 'category = "finished"'), "line 14, boards.1.stages.2.category: "),
    (BOARD.replace('category = "done"', 'category = "active"'), "at least one queue stage and one done stage"),
    (BOARD.replace('id = "done"', 'id = "new"'), "'new' is used by two stages"),
    (BOARD + BOARD, "'orders' is used by two boards"),
    (BOARD.replace('name = "New"\n', ""), "boards.1.stages.1.name: "),
    (BOARD.replace('name = "New"', 'name = " \\u200b"'), "line 9, boards.1.stages.1.name: a stage needs a name"),
    (BOARD.replace('name = "Orders"', 'name = ""'), "boards.1.name: a board needs a name"),
    (BOARD.replace('id = "new"', 'id = "n\\u001bw"'), "boards.1.stages.1.id: a stage's id is"),
    (BOARD.replace("ORD", "PM"), "boards.1.prefix: PM is the prefix of post-mortems"),
    (BOARD + BOARD.replace('"orders"', '"more"'), "boards.1.prefix: 'ORD' is used by two boards"),
    (BOARD + "expected_hours = nan\n", "boards.1.stages.2.expected_hours: hours are a number above 0"),
    (BOARD + "sla_hours = -1\n", "boards.1.stages.2.sla_hours: hours are a number above 0"),
    ('name = "a"\nboards = "x"', "line 2, boards: it should be a list; it says 'x'"),
    ("[targets]\ndelayed = inf", "line 2, targets.delayed: a target is a number"),
    ("[targets]\ndelayd = 3", "line 2, targets.delayd: 'delayd' has no target; try delayed"),
    ("[targets]\ndelayed = 1" + "0" * 999, "targets.delayed: "),
    ('locale = "xx"', "line 1, locale: 'xx' is no locale like en or id"),
    ('locale = "en-XX-yy"', "'en-XX-yy' is no locale like en or id"),
    ("name = " + "[" * 5000, "opstui.toml: lists or tables are nested too deep"),
    ("name = " + "1" * 5000, "opstui.toml: it holds a number with too many digits"),
]


@pytest.mark.parametrize(("text", "said"), MALFORMED, ids=[said[:60] for _, said in MALFORMED])
def test_a_malformed_file_is_told_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Malformed) as wrong:
        load(tmp_path, text)
    assert said in str(wrong.value)
    assert "\x1b" not in str(wrong.value)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "opstui.toml").write_bytes(b'name = "\xff"')
    with pytest.raises(Malformed, match="byte 8 is not UTF-8"):
        config.load(tmp_path)


def test_a_file_that_is_no_file(tmp_path: Path) -> None:
    place = tmp_path / "opstui.toml"
    place.mkdir()
    with pytest.raises(Malformed, match="cannot be read: Is a directory"):
        config.load(tmp_path)
    place.rmdir()
    place.symlink_to("opstui.toml")
    with pytest.raises(Malformed, match="cannot be read: Too many levels"):
        config.load(tmp_path)
    place.unlink()
    place.symlink_to("elsewhere.toml")
    with pytest.raises(Malformed, match="a link to a file that is not there"):
        config.load(tmp_path)


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    assert load(tmp_path, '\ufeffname = "Kopi"').name == "Kopi"


@pytest.mark.parametrize(("said", "kept"), [("en-US", "en_US"), ("id_ID", "id_ID"), ("zh_Hans_CN", "zh_Hans_CN")])
def test_locales_are_kept_as_cldr_spells_them(tmp_path: Path, said: str, kept: str) -> None:
    assert load(tmp_path, f'locale = "{said}"').locale == kept
    config.write(tmp_path, name="x", currency="IDR", timezone="Asia/Jakarta", locale=said)
    assert f'locale = "{kept}"' in (tmp_path / "opstui.toml").read_text()


def test_names_are_one_visible_line(tmp_path: Path) -> None:
    settings = load(tmp_path, 'name = "a\\u001bb"\n' + BOARD.replace('"New"', '" N\\new \\u202e"'))
    assert (settings.name, settings.boards[0].stages[0].name) == ("ab", "N ew")


def test_every_tile_has_its_target() -> None:
    assert {*tiles.ORDER, "on_time_rate"} <= set(TARGETS)


@pytest.mark.parametrize(("key", "value"), [("currency", "dollars"), ("timezone", "Nowhere"), ("locale", "!!")])
def test_init_writes_nothing_when_a_value_will_not_do(tmp_path: Path, key: str, value: str) -> None:
    values = {"name": "x", "currency": "IDR", "timezone": "Asia/Jakarta", "locale": "en"} | {key: value}
    with pytest.raises(Malformed):
        config.write(tmp_path, **values)
    assert not (tmp_path / "opstui.toml").exists()


def test_resources_are_found_in_the_checkout() -> None:
    assert (config.resource("themes")).is_dir()
    assert (config.resource("sample_data")).is_dir()
