"""Files as people save them: what is understood, what is refused as a whole, and where a row stands."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from opstui.domain.model import Refused
from opstui.imports.interface import Report
from opstui.imports.tables import column, open_table

Csv = Callable[..., Path]


def rows(path: Path, *wanted: str) -> tuple[list[tuple[int, dict[str, str]]], Report]:
    report = Report()
    return [(row.line, row.cells) for row in open_table(path, wanted, report).rows], report


@pytest.mark.parametrize(
    "content",
    [
        b"name,qty\nGayo,2\n",
        b"\xef\xbb\xbfname,qty\r\nGayo,2\r\n",
        b"name;qty\nGayo;2",
        b"name\tqty\nGayo\t2\n",
        b" Name ,QTY\nGayo,2\n",
        b'"name","qty"\n"Gayo","2"\n',
    ],
    ids=["plain", "bom and crlf", "semicolons", "tabs", "header in other case", "quoted"],
)
def test_a_table_is_understood_however_it_was_saved(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert rows(path, "name", "qty")[0] == [(2, {"name": "Gayo", "qty": "2"})]


def test_utf_16_is_read_and_reported(csv: Csv) -> None:
    found, report = rows(csv("name,qty", "Kopi é,2", encoding="utf-16"), "name")
    assert found == [(2, {"name": "Kopi é", "qty": "2"})]
    assert [p.kind for p in report.problems] == ["repaired"]


def test_lines_are_those_an_editor_shows(csv: Csv) -> None:
    found, __ = rows(csv("id,text", '1,"two', 'lines"', "", "2,one", '3,"a', "", 'b"', "4,end"), "id")
    assert [(line, cells["id"]) for line, cells in found] == [(2, "1"), (5, "2"), (6, "3"), (9, "4")]
    assert found[0][1]["text"] == "two\nlines"


def test_titles_above_the_header_are_kept_apart(csv: Csv) -> None:
    table = open_table(csv("My report", '"1 May, 2 May"', "id,text", "1,a"), ["id", "text"], Report())
    assert [line for line, __ in table.above] == [1, 2]
    assert [row.line for row in table.rows] == [4]


def test_of_two_columns_of_one_name_the_first_is_read_and_the_report_says_so(csv: Csv) -> None:
    found, report = rows(csv("id,goal,goal", "1,clicks,sales"), "id")
    assert found[0][1] == {"id": "1", "goal": "clicks"}
    assert "goal" in report.notes[0]


def test_rows_of_another_width_are_refused_and_empty_ones_dropped(csv: Csv) -> None:
    found, report = rows(csv("a,b", "1", "1,2,3", "1,2,", ",", "5,6"), "a")
    assert [line for line, __ in found] == [4, 6]
    assert [(p.line, p.kind) for p in report.problems] == [(2, "refused"), (3, "refused"), (5, "dropped")]
    assert report.rows == 5


def test_a_wanted_column_may_have_alternatives_and_patterns(csv: Csv) -> None:
    table = open_table(csv("Impr.,Amount spent (USD)", "1,2"), ["clicks|impr.", "amount spent (*)"], Report())
    assert column(table, "clicks|impr.") == "impr."
    assert column(table, "amount spent (*)") == "amount spent (usd)"
    assert column(table, "clicks") is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"<!DOCTYPE HTML>\n<html>", "web page"),
        (b"\n  <html><body>name,qty", "web page"),
        (b"PK\x03\x04rest", "xlsx"),
        (b"%PDF-1.7", "pdf"),
        (b"name,qty\nKop\xe9,2\n", "line 2: not UTF-8 text (byte 0xE9 at offset 12)"),
        (b"\xef\xbb\xbfname\nKop\xe9\n", "offset 11"),
        (b"\xff\xfen\x00a", "not UTF-16"),
        (b"name,qty\nKopi\x00,2\n", "line 2: a NUL"),
        (b'name,qty\nGayo,2\n"open,2\n', "line 3: the CSV is broken"),
        (b"name,qty\n" + b"x" * 200_000 + b",1\n", "line 2: the CSV is broken"),
        (b"name,price\nGayo,2\n", "no column qty"),
        (b"nama,qtty\nGayo,2\n", "name (the nearest is: nama), qty (the nearest is: qtty)"),
        (b'{"name": 1}', "no column name, qty"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_with_the_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        rows(path, "name", "qty")
    assert reason in str(refused.value)
    assert "a.csv" in str(refused.value)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, reason in {"gone.csv": "does not exist", "": "is a folder", "pipe": "not an ordinary file"}.items():
        with pytest.raises(Refused, match=reason):
            open_table(tmp_path / name, ["a"], Report())


@pytest.mark.parametrize("length", [300, 5000])
def test_a_name_that_the_system_does_not_take_is_refused(tmp_path: Path, length: int) -> None:
    with pytest.raises(Refused, match="could not be read: File name too long") as refused:
        open_table(tmp_path / ("x" * length), ["a"], Report())
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize("content", ["name,qty\n", "name,qty"])
def test_a_header_without_rows_is_told(csv: Csv, content: str) -> None:
    found, report = rows(csv(content), "name")
    assert (found, report.rows) == ([], 0)
    assert report.notes == ["export.csv: no rows below the header. Export it again with data in it."]


def test_a_hostile_file_name_and_header_cannot_steer_the_terminal(csv: Csv) -> None:
    with pytest.raises(Refused) as refused:
        rows(csv("\x1b[2Ja,b", name="x\x1b]0;own\x07.csv"), "name")
    assert "\x1b" not in str(refused.value)
    assert "\x07" not in str(refused.value)
