"""What an import says about itself."""

from __future__ import annotations

import pytest

from opstui.imports.interface import Kind, Report
from opstui.imports.load import Outcome
from opstui.imports.report import became_of, render_report, report_record


def sample() -> Report:
    report = Report(rows=12, cards=3, metric_rows=1, notes=["the file says no currency: IDR is taken"])
    for line in range(2, 9):
        report.add("refused", "a.csv", line, "price: not a number", f"x{line}")
    report.add("repaired", "b.csv", 4, "no items", "")
    return report


@pytest.mark.parametrize(
    ("outcome", "kinds", "told"),
    [
        (Outcome(), (), "nothing new"),
        (Outcome(created=1200), (), "1200 created"),
        (Outcome(2, 1, 3), ("repaired", "repaired"), "2 created, 1 updated, 3 unchanged, 1 row repaired"),
        (Outcome(unchanged=3), ("refused", "doubtful"), "3 unchanged, 1 row doubtful, 1 row refused"),
    ],
)
def test_what_became_of_a_file_in_a_line(outcome: Outcome, kinds: tuple[Kind, ...], told: str) -> None:
    report = Report()
    for kind in kinds:
        report.add(kind, "a.csv", 7, "a reason")
    assert became_of(report, outcome, str) == told


def test_problems_are_counted_by_reason_and_the_first_five_places_named() -> None:
    assert render_report(sample(), Outcome(3, 0, 1)).splitlines() == [
        "12 rows read, 3 cards, 1 daily row",
        "  the file says no currency: IDR is taken",
        "Refused rows: 7",
        "  7 × price: not a number: a.csv, line 2 (x2), 3 (x3), 4 (x4), 5 (x5), 6 (x6), …",
        "Repaired: 1",
        "  1 × no items: b.csv, line 4",
        "3 created, 0 updated, 1 unchanged",
    ]


def test_what_is_said_of_a_whole_file_names_no_line() -> None:
    report = Report()
    report.add("repaired", "a.csv", 0, "the file is UTF-16, read as such")
    assert render_report(report).splitlines()[-1] == "  1 × the file is UTF-16, read as such: a.csv"


def test_a_dry_run_says_that_nothing_was_changed() -> None:
    last = render_report(Report(rows=1, products=2), Outcome(1, 0, 0), dry_run=True).splitlines()
    assert last == ["1 row read, 2 products", "Nothing was changed. It would create 1; 0 are known already."]


def test_more_reasons_than_anyone_reads_are_summed_up() -> None:
    report = Report()
    for n in range(23):
        report.add("refused", "a.csv", n, f"reason {n}")
    assert "and 3 more reasons" in render_report(report)


def test_hostile_text_from_a_file_stays_text() -> None:
    report = Report(notes=["\x1b[2Jnote"])
    report.add("refused", "\x1b]0;a\x07", 1, "re\x9bason\nsecond", "va\u202elue")
    for text in (render_report(report), str(report_record(report))):
        assert not set(text) & {"\x1b", "\x07", "\x9b", "\u202e"}
    assert len(render_report(report).splitlines()) == 4


def test_the_record_has_every_problem() -> None:
    record = report_record(sample(), Outcome(3, 0, 1), dry_run=True)
    assert record["schema"] == "opstui.import/1"
    assert (record["refused"], record["repaired"], record["dropped"], len(record["problems"])) == (7, 1, 0, 8)
    assert record["problems"][0] == {
        "file": "a.csv", "line": 2, "kind": "refused", "reason": "price: not a number", "value": "x2",
    }  # fmt: skip
    assert (record["created"], record["unchanged"], record["dry_run"]) == (3, 1, True)
