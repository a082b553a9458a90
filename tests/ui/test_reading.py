"""Markdown as lines to read: no markup is left, tables stand in columns, nothing people typed means anything."""

from __future__ import annotations

import pytest

from opstui.exports import markdown as md
from opstui.ui.reading import column_widths, reading

TEXT = md.document(
    '---\nkind: "campaign"\n---',
    "# Post-mortem: 9.9 \\[x\\]",
    md.quote("Draft. Facts only."),
    "## Spend",
    '```mermaid\nxychart-beta\n  title "Spend per day"\n  bar [1, 2]\n```',
    md.table(["Line", "Actual"], [["Media | print", "11.000"], ["Production", "1"]], "lr"),
    md.tasks([(True, "done"), (False, "open *now*")]),
    md.bullets(["one", "two"]),
)


def lines(text: str, width: int = 60) -> list[str]:
    return [line.rstrip() for line in reading(text, width).plain.split("\n")]


def test_it_reads_as_it_would_elsewhere() -> None:
    found = lines(TEXT)
    for line in (
        "[1 line for programs]",
        "Post-mortem: 9.9 [x]",
        "▏ Draft. Facts only.",
        "Spend",
        "[diagram: Spend per day; drawn where the file is read]",
        "Line           Actual",
        "Media | print  11.000",
        "Production          1",
        "✓ done",
        "· open *now*",
        "• one",
    ):
        assert line in found
    assert not any(line.startswith(("#", "```", "|")) for line in found)


@pytest.mark.parametrize("width", [8, 20, 33, 80, 200])
def test_no_line_is_wider_than_there_is_room(width: int) -> None:
    wide = md.table([f"Column {n}" for n in range(9)], [["a longer text " * 3] * 9, ["漢字" * 20] * 9], "r" * 9)
    for line in reading(f"{TEXT}\n{wide}", width).split("\n"):
        assert line.cell_length <= width


def test_many_columns_in_little_room_become_records() -> None:
    text = md.table(["Id", "Action"], [["ACT-1", "Add a link check"], ["ACT-2", "Alert"]])
    assert lines(text, 12) == [
        "Id     ACT-1",
        "Action Add a",
        "       link",
        "       check",
        "",
        "Id     ACT-2",
        "Action Alert",
    ]


@pytest.mark.parametrize(
    ("rows", "width", "widths"),
    [
        ([["a", "bb"]], 10, [1, 2]),
        ([["aaa " * 5, "b" * 9]], 25, [14, 9]),
        ([["aa " * 7, "bb " * 7]], 22, [10, 10]),
        ([["aaaa bbbbbb", "c" * 9]], 17, [6, 9]),
        ([["aaaa bbbbbb", "c" * 9]], 16, []),
        ([["a" * 20] * 4], 22, []),
    ],
)
def test_the_widest_columns_give_way(rows: list[list[str]], width: int, widths: list[int]) -> None:
    assert column_widths(rows, width) == widths


@pytest.mark.parametrize(
    "text",
    [
        "",
        "|",
        "||||",
        "```",
        "---\n",
        "---\nx",
        "> ",
        "- ",
        "[bold]x[/] [@click=app.quit]",
        "\x1b[31mred",
        "|a|\n|b|",
        "#",
    ],
)
def test_anything_can_be_shown(text: str) -> None:
    shown = reading(text, 20)
    assert all(letter.isprintable() for line in shown.plain.split("\n") for letter in line)
    assert not [span for span in shown.spans if "click" in str(span.style)]


def test_a_long_file_ends_somewhere() -> None:
    assert "and so on" in lines("x\n" * 5000)[-1]
