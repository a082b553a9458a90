"""`opstui export board|status|recap` and the files about post-mortems, as a script meets them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.calls import Opstui


@pytest.mark.parametrize(
    "words",
    [
        ("export", "board", "orders", "--md"),
        ("export", "status", "cmp-0001"),
        ("export", "recap", "--day", "2026-09-01"),
        ("postmortem", "index"),
        ("postmortem", "lessons", "--find", "links"),
    ],
)
def test_to_stdout_or_a_file_that_is_not_written_over(opstui: Opstui, tmp_path: Path, words: tuple[str, ...]) -> None:
    opstui("card", "add", "campaigns", "Promo")
    opstui("postmortem", "new", "CMP-0001")
    shown = opstui(*words)
    assert (shown.code, shown.out[:2]) == (0, "# ")
    assert opstui(*words, "-o", "a.md").out.endswith("a.md\n")
    assert (tmp_path / "a.md").read_text() == shown.out
    assert "unchanged" in opstui(*words, "-o", "a.md").err
    (tmp_path / "a.md").write_text("mine")
    assert opstui(*words, "-o", "a.md").out.endswith("a-r2.md\n")
    assert (tmp_path / "a.md").read_text() == "mine"


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (("board",), 2, "say which"),
        (("board", "nope"), 1, "no board"),
        (("status", "ORD-0001"), 1, "no campaign"),
        (("status", "CMP-0009"), 1, "CMP-0009"),
        (("recap", "orders"), 2, "--day"),
        (("recap", "--day", "someday"), 2, "--day"),
        (("cards", "--md"), 2, "CSV or JSON"),
    ],
)
def test_what_cannot_be_given_says_why(opstui: Opstui, words: tuple[str, ...], code: int, reason: str) -> None:
    opstui("card", "add", "orders", "a")
    answer = opstui("export", *words)
    assert answer.code == code
    assert reason in answer.err
