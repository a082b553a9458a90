"""What the layouts of incidents say in each case: targets, caps that are counted, promises, exposed data, answers."""

from __future__ import annotations

import re

import pytest

from opstui.config import Settings
from opstui.domain.commands import AddCheck, DraftPostmortem, LinkCards, MoveCard, WriteSection
from opstui.exports.postmortem import facts_of, render_sections
from opstui.exports.style import STYLES
from opstui.timetable import Promise, Reaction
from projections.test_incident import Desk


def sections(desk: Desk, card: int, locale: str = "en") -> dict[str, str]:
    """Section -> its Markdown."""
    return render_sections(facts_of(desk.workspace, {"card": card}), STYLES[locale])


def rows(text: str) -> list[list[str]]:
    """The cells of all rows of all tables."""
    return [re.split(r" (?<!\\)\| ", line.strip("| ")) for line in text.splitlines() if line.startswith("| ")]


def write(desk: Desk, card: int, section: str, text: str, severity: str = "") -> None:
    """Write a section of a card's post-mortem."""
    desk.do(DraftPostmortem(card=card, severity=severity))
    number = next(n for n, doc in desk.workspace.state.items("postmortems") if doc["card"] == card)
    desk.do(WriteSection(postmortem=number, section=section, text=text))


def test_intervals_are_judged_against_the_targets_of_the_severity() -> None:
    desk = Desk(Settings(incidents={"SEV2": Reaction(detect=60, acknowledge=10, resolve=100)}))
    card = desk.new(0, title="a")
    desk.after(8, DraftPostmortem(card=card, severity="SEV2"))
    for mark, hours in (("started", 1), ("detected", 2), ("acknowledged", 3), ("resolved", 4)):
        desk.mark(card, mark, hours)
    said = rows(sections(desk, card)["clock"])
    assert [row[1:] for row in said[2:6]] == [
        ["60", "60", "ok"], ["60", "10", "over"], ["n/a", "n/a", "n/a"], ["180", "100", "over"],
    ]  # fmt: skip


def test_long_tables_and_many_quotes_are_cut_and_counted() -> None:
    desk = Desk()
    card, *others = [desk.new(n / 60, title=str(n), customer="Siti Rahma") for n in range(63)]
    desk.do(*(LinkCards(card=card, other=other) for other in others))
    impact = sections(desk, card)["impact"]
    assert sum(row[0].startswith("ORD-") for row in rows(impact)) == 60
    assert "Left out here: 3 orders with shorter delays; all figures count them." in impact
    assert "| 63 of 63 (100.0 %) |" in impact
    voice, *more = [desk.new(20 + n / 60, "feedback", title=f"said {n}") for n in range(63)]
    desk.do(*(LinkCards(card=voice, other=other) for other in more))
    found = sections(desk, voice)
    assert found["told"].count("\n> FDB-") == 10
    assert "10 of 63 messages are quoted." in found["told"]
    assert "Left out here: 3 later messages; all figures count them." in found["handling"]
    assert "63 messages without a customer's name." in found["told"]


def test_broken_promises_are_listed_the_worst_first() -> None:
    desk = Desk(Settings(sla={"order": Promise(resolution={"high": 60, "normal": 120})}))
    card, other = desk.new(2, title="a", priority="high"), desk.new(2, title="b")
    desk.after(2, LinkCards(card=card, other=other))
    desk.after(5, *(MoveCard(card=one, stage="closed") for one in (card, other)))
    impact = sections(desk, card)["impact"]
    assert "| SLA breaches, of all promised times | 2 of 2 (100.0 %) |" in impact
    assert rows(impact)[-2:] == [
        ["ORD-0001", "whole order, open minutes", "180", "60"],
        ["ORD-0002", "whole order, open minutes", "180", "120"],
    ]


def test_what_was_marked_is_told_in_the_response() -> None:
    desk = Desk()
    card = desk.new(0, title="a")
    desk.after(1, AddCheck(card=card, text="call the courier"), AddCheck(card=card, text="tell | them"))
    desk.after(9, MoveCard(card=card, stage="stock"))
    for mark, hours, note in (
        ("escalation", 2, "to Rina"), ("acknowledged", 2.5, ""), ("rollback", 3, "second courier"),
        ("decision", 4, "wait"), ("message", 5, ""), ("trigger", 1, "no slot booked"),
    ):  # fmt: skip
        desk.mark(card, mark, hours, note)
    found = sections(desk, card)
    assert re.findall(r"^- (.*)$", found["response"], re.MULTILINE) == [
        "Escalated (2026-09-07 10:00): to Rina; acknowledged after 30 min",
        "Rollback or fallback used (2026-09-07 11:00): second courier",
        "Message sent (2026-09-07 13:00): no note",
        "Decided (2026-09-07 12:00): wait",
    ]
    assert "Open on the checklist, 2 of 2: call the courier; tell \\| them" in found["response"]
    assert "- Trigger (2026-09-07 09:00): no slot booked" in found["detection"]


@pytest.mark.parametrize("board", ["orders", "feedback"])
def test_exposed_data_says_until_when_people_must_be_told(board: str) -> None:
    desk = Desk()
    card = desk.new(0, board, title="a", tags=["privacy"])
    place = "response" if board == "orders" else "handling"
    text = sections(desk, card)[place]
    assert "are to be told by 2026-09-10 08:00 WIB (72 h)." in text
    assert "No message is marked; 3 d were left when this was written." in text
    desk.after(2, MoveCard(card=card, stage="stock" if board == "orders" else "triage"))
    desk.mark(card, "message", 1)
    assert "First message marked after 1 h:" in sections(desk, card)[place]
    desk.after(100, MoveCard(card=card, stage="new" if board == "orders" else "inbox"))
    late = desk.new(0, board, title="b", tags=["privacy"])
    desk.after(100, MoveCard(card=late, stage="stock" if board == "orders" else "triage"))
    assert "the time was over 1 d 4 h before this was written" in sections(desk, late)[place]


def test_answers_are_numbered_once() -> None:
    desk = Desk()
    card = desk.new(0, title="a")
    write(desk, card, "whys", "1) why\n- because\n\n   \n3. 2026 was a year\n4 of 5")
    whys = sections(desk, card)["whys"]
    assert re.findall(r"^\d.*$", whys, re.MULTILINE) == ["1. why", "2. because", "3. 2026 was a year", "4. 4 of 5"]


def test_no_answer_is_asked_for() -> None:
    desk = Desk()
    found = sections(desk, desk.new(0, title="a"))
    assert found["whys"].endswith("To write: why did it happen? Ask why of each answer, one a line")
    assert "To write: who noticed it" in found["detection"]
    assert "Nobody marked when it was noticed." in found["detection"]


def test_a_confirmed_summary_stands_as_people_wrote_it() -> None:
    desk = Desk()
    card = desk.new(0, title="a")
    assert sections(desk, card)["summary"].endswith("From facts: 1 order was affected.")
    write(desk, card, "summary", "One order | late")
    assert sections(desk, card)["summary"] == "## Summary\n\nWritten: One order \\| late"


def test_nothing_typical_is_said_where_nothing_was_done_before() -> None:
    desk = Desk()
    text = sections(desk, desk.new(0, title="a"))["waited"]
    assert "No other order was done in the 90 days before it began, so nothing is typical." in text
