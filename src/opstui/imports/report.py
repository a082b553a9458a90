"""What an import says about a file, for people and for programs.

Thousands of rows can have the same fault, so faults are counted by reason and the first places of each are named;
the JSON form has every one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta, tzinfo
from typing import Any

from opstui.domain.model import clean, clean_line
from opstui.i18n import _, ngettext
from opstui.imports.interface import Kind, Problem, Reading, Report
from opstui.imports.load import Outcome

KINDS: dict[Kind, str] = {
    "refused": _("refused"),
    "doubtful": _("doubtful"),
    "repaired": _("repaired"),
    "dropped": _("left out"),
}
PLACES = 5
REASONS = 20
VALUE = 20
HEADINGS: dict[Kind, str] = {
    "refused": _("Refused rows"),
    "doubtful": _("Doubtful"),
    "repaired": _("Repaired"),
    "dropped": _("Rows without data, left out"),
}
"""In the order in which people should read them."""


def render_report(report: Report, outcome: Outcome | None = None, *, dry_run: bool = False) -> str:
    """The report as lines for people; no text from the file in it can steer a terminal."""
    lines = [_summary(report), *(f"  {note}" for note in report.notes)]
    for kind, heading in HEADINGS.items():
        if n := report.count(kind):
            lines.append(f"{heading}: {n}")
            lines += _by_reason(kind, report)
    if outcome:
        lines.append(_outcome(outcome, dry_run=dry_run))
    return "\n".join(clean_line(line) if not line.startswith(" ") else "  " + clean_line(line) for line in lines)


def rows_of(report: Report) -> Iterator[str]:
    """Every row with a fault, one a line, as a file keeps them for people."""
    for problem in report.problems:
        place = _("{file}, line {n}").format(file=problem.file, n=problem.line) if problem.line else problem.file
        value = f" ({clean_line(problem.value)})" if problem.value else ""
        yield clean_line(f"{place}: {KINDS[problem.kind]}: {problem.reason}") + value


def became_of(report: Report, outcome: Outcome, number: Callable[[int], str]) -> str:
    """What came of it in a line: 2 created, 1 unchanged, 1 row repaired, 4 rows refused. `number` writes a count."""
    faulty = {kind: len({(p.file, p.line) for p in report.problems if p.kind == kind}) for kind in HEADINGS}
    counted = (
        (outcome.created, _("{n} created")),
        (outcome.updated, _("{n} updated")),
        (outcome.unchanged, _("{n} unchanged")),
        (faulty["repaired"], ngettext("{n} row repaired", "{n} rows repaired", faulty["repaired"])),
        (faulty["doubtful"], ngettext("{n} row doubtful", "{n} rows doubtful", faulty["doubtful"])),
        (faulty["refused"], ngettext("{n} row refused", "{n} rows refused", faulty["refused"])),
    )
    return ", ".join(text.format(n=number(n)) for n, text in counted if n) or _("nothing new")


def where_to_look(reading: Reading, zone: tzinfo, since: date) -> str:
    """How to see what was read, when all of it lies before `since`, the first day that is shown by default; else empty.

    The days named are those of the daily rows, or else of the records' steps in the zone.
    """
    rows = [row.day for draft in reading.drafts for row in draft.metrics]
    steps = [past.at.astimezone(zone).date() for draft in reading.drafts for past in draft.history]
    if max((*rows, *steps), default=since) >= since:
        return ""
    days = rows or steps
    text = _("All of it lies in the past: opstui kpi --from {first} --to {after} shows its figures.")
    return text.format(first=min(days), after=max(days) + timedelta(days=1))


def report_record(report: Report, outcome: Outcome | None = None, *, dry_run: bool = False) -> dict[str, Any]:
    """The report as JSON values, every problem with its place."""
    done = outcome or Outcome()
    return {
        "schema": "opstui.import/1",
        "dry_run": dry_run,
        "rows": report.rows,
        "cards": report.cards,
        "metric_rows": report.metric_rows,
        "products": report.products,
        **{kind: report.count(kind) for kind in HEADINGS},
        "created": done.created,
        "updated": done.updated,
        "unchanged": done.unchanged,
        "notes": [clean(note) for note in report.notes],
        "problems": [
            {"file": p.file, "line": p.line, "kind": p.kind, "reason": clean(p.reason), "value": clean(p.value)}
            for p in report.problems
        ],
    }


def _summary(report: Report) -> str:
    parts = [ngettext("{n} row read", "{n} rows read", report.rows)]
    if report.cards or not report.products:
        parts.append(ngettext("{n} card", "{n} cards", report.cards))
    if report.metric_rows:
        parts.append(ngettext("{n} daily row", "{n} daily rows", report.metric_rows))
    if report.products:
        parts.append(ngettext("{n} product", "{n} products", report.products))
    return ", ".join(parts)


def _by_reason(kind: Kind, report: Report) -> Iterator[str]:
    groups: dict[tuple[str, str], list[Problem]] = {}
    for problem in report.problems:
        if problem.kind == kind:
            groups.setdefault((problem.file, problem.reason), []).append(problem)
    largest = sorted(groups.items(), key=lambda group: -len(group[1]))
    for (file, reason), problems in largest[:REASONS]:
        rows = [p for p in problems if p.line]
        places = ", ".join(_place(p) for p in rows[:PLACES]) + (", …" if len(rows) > PLACES else "")
        text = _("  {n} × {reason}: {file}, line {places}") if rows else _("  {n} × {reason}: {file}")
        yield text.format(n=len(problems), reason=reason, file=file, places=places)
    if len(groups) > REASONS:
        rest = len(groups) - REASONS
        yield "  " + ngettext("and {n} more reason (--json has all)", "and {n} more reasons (--json has all)", rest)


def _place(problem: Problem) -> str:
    value = clean_line(problem.value)
    short = value if len(value) <= VALUE else value[: VALUE - 1] + "…"
    return f"{problem.line} ({short})" if short else str(problem.line)


def _outcome(outcome: Outcome, *, dry_run: bool) -> str:
    if dry_run:
        text = _("Nothing was changed. It would create {created}; {unchanged} are known already.")
    else:
        text = _("{created} created, {updated} updated, {unchanged} unchanged")
    return text.format(created=outcome.created, updated=outcome.updated, unchanged=outcome.unchanged)
