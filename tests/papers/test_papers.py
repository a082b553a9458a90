"""A day's share of `make docs-check`, which has 20,000 texts for each place; and that its checks find what is wrong."""

from __future__ import annotations

import pytest

from opstui.exports import markdown as md
from papers import browser
from papers.contexts import CHECKS, PLACES, Place, Seen, broken
from papers.hostile import texts
from papers.planted import broken_files, build

_DAILY = 150


@pytest.mark.parametrize("place", CHECKS)
def test_no_text_breaks_out_of_its_place(place: str) -> None:
    assert broken(place, texts(_DAILY, seed=6)) == []


def test_no_text_breaks_a_whole_file() -> None:
    found, made = broken_files(1000, seed=6)
    assert found == []
    assert made > 3


def test_the_texts_are_the_same_each_time_and_nasty() -> None:
    assert list(texts(50, 1)) == list(texts(50, 1)) != list(texts(50, 2))
    paragraph = PLACES["paragraph"]
    bare = Place(lambda text: text, paragraph.elements, paragraph.says)
    assert sum(bool(bare.wrong(text)) for text in texts(200, 1)) > 100


@pytest.mark.parametrize(
    "text",
    [
        "# x\n\n# y",
        "![i](http://x.y/p.png)",
        "[a](http://b.c)",
        "| a | b |\n| --- | --- |\n| c | d |",
        "<b>x</b>",
        "---\n",
    ],
)
def test_a_foreign_element_is_seen_in_the_build(text: str) -> None:
    own = md.document(md.front_matter({"id": "x"}), "# x")
    assert build(own + "\n" + text) != build(own + "\nword")


_GANTT = "```mermaid\ngantt\n  title T\n  section S\n  1 a :done, s1, 2026-09-01 00:00, 2026-09-02 00:00\n```"
_CHART = '```mermaid\nxychart-beta\n  title "T"\n  x-axis ["1 a", "b"]\n  y-axis "n" 0 --> 2\n  bar [1, 2]\n```'


@pytest.mark.parametrize(
    ("block", "drawing", "wrong"),
    [
        (_GANTT, '<svg aria-roledescription="gantt"><rect class="task done0"></rect></svg>', ""),
        (_GANTT, '<svg aria-roledescription="gantt"></svg>', "1 tasks, 0 drawn"),
        (_GANTT, '<svg aria-roledescription="error"></svg>', "not drawn"),
        (_GANTT, "gantt", "not drawn"),
        (_CHART, '<svg aria-roledescription="xychart"><g class="bar-plot-0"><rect/><rect/></g></svg>', ""),
        (_CHART, '<svg aria-roledescription="xychart"><g class="bar-plot-0"><rect/></g></svg>', "2 points, 1 drawn"),
    ],
)
def test_a_diagram_that_is_not_drawn_is_found(block: str, drawing: str, wrong: str) -> None:
    assert browser.wrong_in(block, drawing) == wrong


@pytest.mark.parametrize(
    ("html", "links"),
    [
        ('<a href="mailto:a@b.co">', []),
        ('<a href="ba@b.co">', []),
        ('<a href="//a@b.co">', ["//a@b.co"]),
        ('<a href="javascript:a@b.co">', ["javascript:a@b.co"]),
        ('<a href="x/a@b.co">', ["x/a@b.co"]),
        ('<img src="a@b.co">', ["a@b.co"]),
    ],
)
def test_only_a_mail_address_may_become_a_link(html: str, links: list[str]) -> None:
    assert Seen(html).links == links


def test_a_mail_address_with_a_scheme_before_it_is_read_as_it_was_written() -> None:
    """Found by 20,000 texts: GitHub's parser makes a link of its end."""
    assert broken("paragraph", ["xmpp:a@ba@b.co", "[a](javascript:x)\t+\n\n95'xmpp:a@ba@b.co\u200b$"]) == []
