"""A post-mortem written from a script, from its first mark to its cards."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest

from cli.calls import Opstui
from opstui.cli.session import login
from opstui.domain.parts import FIELDS


@pytest.fixture
def promo(opstui: Opstui) -> Opstui:
    opstui("card", "add", "campaigns", "Promo")
    assert opstui("postmortem", "new", "CMP-0001", "--severity", "sev2").code == 0
    return opstui


def test_a_section_is_written_read_and_confirmed(promo: Opstui, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "what should we keep doing?" in promo("postmortem", "write", "CMP-0001", "worked").out
    assert promo("postmortem", "write", "CMP-0001", "worked", "the voucher").code == 0
    assert promo("postmortem", "write", "CMP-0001", "worked").out == "the voucher\n"
    assert "nothing to change" in promo("postmortem", "write", "CMP-0001", "worked", "the voucher").err
    monkeypatch.setattr(
        "sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"two\nlines \xff\x1b[2J"), isatty=lambda: False)
    )
    assert promo("postmortem", "write", "CMP-0001", "summary", "-", "--sure").code == 0
    said = promo("postmortem", "write", "CMP-0001", "summary").out
    assert said.startswith("two\nlines")
    assert "\x1b" not in said


@pytest.mark.parametrize(
    ("section", "reason"), [("glance", "sections: summary"), ("actions", "is a list"), ("x", "'x'")]
)
def test_what_is_no_section_is_refused_with_those_there_are(promo: Opstui, section: str, reason: str) -> None:
    answer = promo("postmortem", "write", "CMP-0001", section, "text")
    assert answer.code == 1
    assert reason in answer.err


def test_every_field_of_a_part_has_an_option(promo: Opstui) -> None:
    for sort, fields in FIELDS.items():
        told = promo("postmortem", sort, "--help").out
        assert all(f"--{field.name.replace('_', '-')}" in told for field in fields[1:])


def test_publishing_names_all_that_is_missing_and_makes_cards_once(promo: Opstui) -> None:
    promo("postmortem", "action", "CMP-0001", "Check the links", "--due", "+5d")
    number = promo("postmortem", "action", "CMP-0001").out.split()[0]
    refused = promo("postmortem", "publish", "CMP-0001")
    assert refused.code == 1
    assert "an owner, a word on when it is done" in refused.err
    assert "lesson" in refused.err
    assert len(promo("postmortem", "missing", "CMP-0001").out.splitlines()) == 2
    done = ("--owner", login(), "--done-when", "a list hangs there")
    assert promo("postmortem", "action", "CMP-0001", "--edit", number, *done).code == 0
    assert promo("postmortem", "lesson", "CMP-0001", "Test links first", "--check", "links tested").code == 0
    assert promo("postmortem", "missing", "CMP-0001").out == ""
    assert promo("postmortem", "publish", "CMP-0001").out == "ACT-0001\nPB-0001\n"
    again = promo("postmortem", "publish", "CMP-0001")
    assert (again.code, again.out) == (0, "")
    assert promo("board", "actions", "--plain").out == "ACT-0001\n"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("action", "CMP-0001", "x", "--due", "someday"), "due:"),
        (("action", "CMP-0001", "x", "--priority", "P9"), "P1, P2, P3"),
        (("factor", "CMP-0001", "--edit", "77", "x"), "no such part"),
        (("skip", "CMP-0001", "--reason", " "), "say why"),
        (("missing", "PM-1"), "postmortem list"),
    ],
)
def test_what_will_not_do_says_why(promo: Opstui, words: tuple[str, ...], reason: str) -> None:
    answer = promo("postmortem", *words)
    assert answer.code == 1
    assert reason in answer.err


def test_skipping_is_kept(promo: Opstui) -> None:
    assert promo("postmortem", "skip", "CMP-0001", "--reason", "it never ran").code == 0
    assert promo("postmortem", "list", "--json").json["postmortems"][0]["status"] == "skipped"


def test_marks_and_stars(promo: Opstui) -> None:
    assert promo("card", "mark", "CMP-0001", "detected", "--note", "no stock").code == 0
    assert promo("card", "mark", "CMP-0001", "seen").code == 1
    assert "--at" in promo("card", "mark", "CMP-0001", "detected", "--at", "noon").err
    assert "future" in promo("card", "mark", "CMP-0001", "detected", "--at", "2199-01-01 10:00").err
    assert promo("card", "star", "CMP-0001", "EV-999").code == 1
    assert promo("card", "star", "CMP-0001", "first").code == 2
    number = next(line for line in promo("postmortem", "show", "CMP-0001").out.splitlines() if "EV-" in line)
    event = number.rsplit("EV-", 1)[1].split()[0]
    assert promo("card", "star", "CMP-0001", event).code == 0
    assert promo("card", "star", "CMP-0001", event, "--off").code == 0
