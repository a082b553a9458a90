"""Cards as lines of text: aligned, nothing clipped without an ellipsis, hostile text harmless."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len
from textual.theme import BUILTIN_THEMES

from opstui.projections.board import Face
from opstui.ui.ink import Ink, clip
from opstui.ui.themes import load_themes
from opstui.ui.widgets.faces import COMPACT, LIST, ROOMY, Lines, draw_face, face_lines
from opstui.ui.widgets.paint import Line, changed_span, fit, row
from ui.shop import shop

INK = Ink(next(t for t in load_themes().themes if t.name == "dark"))
FACE = Face(
    card=1,
    ref="ORD-0298",
    title="Toko Damai",
    amount="1,9 jt",
    detail="12 × House Blend",
    channel="whatsapp",
    tags=("vip", "wholesale"),
    when="Sab",
    is_due=True,
    late=True,
    age="2 d",
    owner="budi",
)


@pytest.mark.parametrize(
    ("width", "shown"),
    [(33, "Toko Damai · 12 × House Blend"), (26, "Toko Damai · 12 × House…"), (23, "Toko Damai"), (16, "Toko Damai")],
)
def test_a_detail_is_cut_only_where_it_still_says_something(width: int, shown: str) -> None:
    line = draw_face(FACE, width, INK, lines=COMPACT, cursor=False, marked=False)[1]
    assert "".join(segment.text for segment in line).strip() == shown


LAYOUTS = [
    face_lines(density, parts, extra=extra)
    for density in ("list", "compact", "roomy")
    for parts in (None, ("owner",), ("age",), ())
    for extra in (True, False)
]


def lines(face: Face, width: int = 26, **more: Any) -> list[str]:
    options = {"lines": ROOMY, "cursor": False, "marked": False, **more}
    return ["".join(s.text for s in line) for line in draw_face(face, width, INK, **options)]


def test_a_card_where_there_is_room() -> None:
    assert lines(FACE) == [
        " ORD-0298          1,9 jt ",
        " Toko Damai               ",
        " 12 × House Blend         ",
        " whatsapp #vip        2 d ",
        " ! due Sab           budi ",
    ]


def test_a_card_in_three_lines() -> None:
    assert lines(FACE, lines=COMPACT) == [
        " ORD-0298          1,9 jt ",
        " Toko Damai · 12 × House… ",
        " ! due Sab           budi ",
    ]


@pytest.mark.parametrize(
    ("change", "line", "text"),
    [
        ({"blocked": "supplier", "waiting": "2 d"}, 3, " ▪ supplier 2 d           "),
        ({"late": False, "when": "today"}, 4, " due today           budi "),
        ({"late": False, "is_due": False, "when": "14:07"}, 4, " 14:07               budi "),
        ({"mine": True}, 4, " ! due Sab         ● budi "),
        ({"priority": "urgent", "sensitive": True}, 0, " ORD-0298 ⇈ ◆      1,9 jt "),
        ({"others": "dewi"}, 0, " ORD-0298 ○ dewi   1,9 jt "),
        ({"title": "A very long name of a customer"}, 1, " A very long name of a c… "),
        ({"title": "[bold]x[/bold]"}, 1, " [bold]x[/bold]           "),
        ({"title": "日本語のお客様の名前です長い"}, 1, " 日本語のお客様の名前で…  "),
        ({"title": "e\u0301clair"}, 1, " e\u0301clair                   "),
        ({"title": "a\x1b[2Jb\u202ec\nd"}, 1, " a [2Jb c d               "),
    ],
)
def test_parts_of_a_card(change: dict[str, Any], line: int, text: str) -> None:
    assert lines(replace(FACE, **change))[line] == text


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"late": False, "blocked": "supplier", "waiting": "2 d"}, " ▪ supplier 2 d      budi "),
        ({"blocked": "supplier", "waiting": "2 d"}, " ! due Sab ▪ supplier 2 d "),
        ({"when": "", "late": False}, " whatsapp            budi "),
    ],
)
def test_the_state_of_a_small_card(change: dict[str, Any], text: str) -> None:
    assert lines(replace(FACE, **change), lines=COMPACT)[2] == text


def test_narrow_lanes_keep_numbers_whole() -> None:
    narrow = lines(replace(FACE, ref="ORD-10342", amount="15,1 jt", when="28 Sep"), width=18)
    assert narrow[0] == " 10342    15,1 jt "
    assert narrow[4] == " ! due 28 Sep budi "[:17] + " " or narrow[4] == " ! 28 Sep    budi "


def test_the_cursor_is_a_bar_and_a_bold_title_and_leaves_the_rest_alone() -> None:
    off = draw_face(FACE, 26, INK, lines=ROOMY, cursor=False, marked=False)
    on = draw_face(FACE, 26, INK, lines=ROOMY, cursor=True, marked=False)
    assert [changed_span(a, b) for a, b in zip(off, on, strict=True)] == [(0, 1), (0, 11), None, None, None]
    assert [line[0].text for line in on] == ["▌", "▌", " ", " ", " "]
    assert on[1][1].style == INK("accent", "card", bold=True)


def test_a_mark_needs_no_colour() -> None:
    assert lines(FACE, marked=True)[0].startswith("✓ORD")
    assert lines(FACE, marked=True, cursor=True)[1].startswith("▌")


def test_a_theme_that_is_not_ours_has_colours_too() -> None:
    assert Ink(BUILTIN_THEMES["nord"])("late", "card").color is not None


@given(st.text(max_size=40), st.text(max_size=20), st.text(max_size=20), st.integers(8, 90), st.sampled_from(LAYOUTS))
def test_every_line_is_as_wide_as_the_card(title: str, amount: str, owner: str, width: int, layout: Lines) -> None:
    face = replace(FACE, title=title, amount=amount, owner=owner, blocked=owner, detail=title, extra=(owner, title))
    for line in lines(face, width, lines=layout):
        assert cell_len(line) == width
        assert line.isprintable()


@given(st.text(max_size=30), st.integers(0, 30))
def test_clip_is_never_wider_and_marks_what_it_cut(text: str, width: int) -> None:
    clipped = clip(text, width)
    assert cell_len(clipped) <= width
    if width and clipped != clip(text, 1000):
        assert clipped.endswith("…")


def test_rows_put_the_right_part_first() -> None:
    style = INK("ink")
    made = row([("left side", style)], [("12", style)], 8, style)
    assert "".join(s.text for s in made) == "left… 12"


def test_parts_that_do_not_fit_are_dropped_or_clipped() -> None:
    style = INK("ink")
    parts = [("abc", style), (" defgh", style), (" i", style)]

    def text(line: Line) -> str:
        return "".join(s.text for s in line)

    assert text(fit(parts, 7)[0]) == "abc de…"
    assert text(fit(parts, 7, drop=True)[0]) == "abc"
    assert text(fit(parts, 2, drop=True)[0]) == "a…"


def test_the_made_up_shop_is_always_the_same() -> None:
    assert shop().tables == shop().tables


def listed(face: Face, width: int) -> str:
    return lines(face, width, lines=LIST)[0]


def test_a_card_on_one_line_shows_as_much_as_there_is_room_for_in_columns() -> None:
    assert listed(FACE, 20) == " ! 0298 Toko Damai  "
    assert listed(FACE, 32) == " ! 0298 Toko Damai          Sab "
    assert listed(FACE, 62) == " ! ORD-0298 Toko Damai · 12 × Hous… budi         Sab   1,9 jt "
    calm = replace(FACE, late=False, when="", owner="", detail="")
    assert listed(calm, 62) == "   ORD-0298 Toko Damai                                 1,9 jt "
    assert "· 12 × House Blend · Bandung" in listed(replace(FACE, extra=("Bandung",)), 90)


@pytest.mark.parametrize(
    ("change", "sign"),
    [
        ({}, "!"),
        ({"late": False}, " "),
        ({"late": False, "blocked": "supplier"}, "▪"),
        ({"late": False, "priority": "urgent"}, "⇈"),
        ({"late": False, "sensitive": True}, "◆"),
        ({"blocked": "supplier"}, "!"),
    ],
)
def test_a_list_has_a_sign_for_a_card_s_state(change: dict[str, Any], sign: str) -> None:
    assert listed(replace(FACE, **change), 40)[1] == sign


@pytest.mark.parametrize(
    ("density", "parts", "extra", "expected"),
    [
        ("roomy", None, False, ROOMY),
        ("roomy", ("detail", "channel", "due"), False, ROOMY),
        ("roomy", ("channel", "due"), False, ("first", "title", "facts", "when")),
        ("roomy", ("detail", "age"), True, ("first", "title", "detail", "facts", "extra")),
        ("roomy", ("owner",), False, ("first", "title", "state")),
        ("roomy", (), True, ("first", "title", "state", "extra")),
        ("compact", (), False, COMPACT),
        ("compact", None, True, (*COMPACT, "extra")),
        ("list", (), True, LIST),
    ],
)
def test_a_face_has_no_line_that_nobody_wants(
    density: str, parts: tuple[str, ...] | None, extra: bool, expected: Lines
) -> None:
    assert face_lines(density, parts, extra=extra) == expected


def test_what_is_late_says_so_without_its_day_and_what_is_blocked_without_its_facts() -> None:
    face = replace(FACE, when="", owner="", channel="", tags=(), age="")
    assert lines(face, lines=face_lines("roomy", ("detail",)))[-1].strip() == "! late"
    assert "▪ supplier" in lines(replace(face, blocked="supplier"), lines=face_lines("roomy", ()))[-1]


@pytest.mark.parametrize(
    ("density", "width", "line"),
    [
        ("compact", 34, "! due Sab ▪ supplier Takeng… 6 d"),
        ("compact", 26, "! due Sab ▪ supplie… 6 d"),
        ("compact", 14, "! Sab ▪ 6 d"),
        ("roomy", 26, "▪ supplier Takengon… 6 d"),
    ],
)
def test_how_long_it_waits_is_told_whole_and_the_name_is_cut(density: str, width: int, line: str) -> None:
    face = replace(FACE, blocked="supplier Takengon Atas", waiting="6 d")
    assert line in [shown.strip() for shown in lines(face, width, lines=face_lines(density))]


def test_other_fields_stand_on_a_line_of_their_own() -> None:
    face = replace(FACE, extra=("Bandung", "[b]JNE[/b]"))
    assert lines(face, lines=face_lines("compact", None, extra=True))[-1] == " Bandung · [b]JNE[/b]     "
