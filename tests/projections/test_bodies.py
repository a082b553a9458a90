"""What a Markdown file of ours says below each heading."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opstui.domain.model import clean_line
from opstui.exports import markdown as md
from opstui.projections.bodies import bodies, proposal, unescaped


def test_bodies_are_found_by_their_heading_and_code_has_none() -> None:
    text = md.document(
        "---\nkind: x\n---",
        "# One",
        "## A \\& B",
        "first",
        "```text\n## no heading\n```",
        "## C",
        "### D",
        "````text\n```\n## none\n````",
    )
    found = bodies(text)
    assert list(found) == ["A & B", "C"]
    assert found["A & B"] == "first\n\n```text\n## no heading\n```"
    assert "## none" in found["C"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("n/a", ""),
        ("To write: what happened?", ""),
        ("Written: it rained", ""),
        ("From facts: 3 of 4 KPIs \\[met\\]", "3 of 4 KPIs [met]"),
        ("> From facts: one\n>\n> two", "one\n\ntwo"),
    ],
)
def test_a_sentence_made_from_facts_is_where_one_begins(body: str, text: str) -> None:
    assert proposal(body) == text


@pytest.mark.parametrize(
    ("body", "text"),
    [("3 of 4 KPIs \\[met\\]", "3 of 4 KPIs [met]"), ("To write: what?", ""), ("n/a", ""), ("From facts: x", "x")],
)
def test_a_confirmed_sentence_no_longer_says_where_it_is_from(body: str, text: str) -> None:
    assert proposal(body, sure=True) == text


@given(st.text())
def test_what_was_escaped_reads_as_it_was(text: str) -> None:

    assert unescaped(md.inline(text)) == clean_line(text)
