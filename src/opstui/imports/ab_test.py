"""The people of a test, or its arms: which version each saw, and whether they did what was hoped for.

Two shapes are common: a row a person with yes or no in it, and a row an arm with counts. Every column of yes and no
becomes an experiment of its own, on one campaign. Such a file tells the end of a test at best: where it has no days,
the day the file was written is taken, so that a test that is over may be judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from opstui.domain.experiments import MOST_ARMS
from opstui.domain.model import Draft, Past, Refused, clean_line
from opstui.i18n import _
from opstui.imports.cells import count, iso_day, shorten
from opstui.imports.interface import Context, Reading, Report
from opstui.imports.tables import Table, column, open_table, shown

SOURCE = "ab-test"
VARIANT = "variant|version|group|arm|bucket|test_group|landing_page"
PERSON = "user_id|userid|id|visitor_id|customer_id"
PEOPLE = "people|visitors|users|sessions|participants|n"
HITS = "hits|conversions|converted|successes|orders"
DAY = "day|date|timestamp|time"
BEFORE = ("control", "a", "old", "baseline", "original", "kontrol", "lama")
"""What the arm is called that was there before; where none is, the first by its name is."""
_YES_NO = {"true": 1, "false": 0, "yes": 1, "no": 0, "1": 1, "0": 0, "ya": 1, "tidak": 0}
_PARTED = str.maketrans(",:;=/()\n", "        ")
"""Signs that part an experiment where it is typed."""

Counts = dict[str, dict[str, list[int]]]
"""What is measured -> arm -> people and hits."""


def read(paths: Sequence[Path], context: Context) -> Reading:
    """A campaign a file, with an experiment for each thing that was measured.

    Raises:
        Refused: a file cannot be read, has no arms, or nothing of yes and no in it.
    """
    report, drafts = Report(), []
    for path in paths:
        table = open_table(path, (VARIANT,), report, context.progress)
        days: list[date] = []
        people, hits = column(table, PEOPLE), column(table, HITS)
        found = _sums(table, people, hits, days, report) if people and hits else _persons(table, days, report)
        _must_be_left(table, found, report)
        drafts.append(_draft(path, _experiments(shown(path), found, _days(path, days, context, report)), context))
    report.cards = len(drafts)
    return Reading(drafts=tuple(drafts), report=report)


def _must_be_left(table: Table, found: Counts, report: Report) -> None:
    """Refuse a file of which the rows that were refused left no test, with the reason for the first of them."""
    refused = [problem for problem in report.problems if problem.file == table.file and problem.kind == "refused"]
    if refused and not any(len(arms) > 1 for arms in found.values()):
        first = refused[0]
        raise Refused(
            _("{file}: no test is left of it; line {line}: {reason} ({value})").format(
                file=table.file, line=first.line, reason=first.reason, value=shorten(first.value)
            )
        )


def _sums(table: Table, people: str, hits: str, days: list[date], report: Report) -> Counts:
    """Rows that have counts already, of which several may be about one arm."""
    arms: dict[str, list[int]] = {}
    for line, label, cells in _labelled(table, days, report):
        try:
            seen, did = count(cells[people]), count(cells[hits])
        except ValueError as no:
            report.add("refused", table.file, line, str(no), f"{cells[people]} {cells[hits]}")
            continue
        if did > seen:
            report.add("refused", table.file, line, _("more hits than people"), f"{did}/{seen}")
            continue
        arm = arms.setdefault(label, [0, 0])
        arm[0] += seen
        arm[1] += did
    return {hits: arms}


def _persons(table: Table, days: list[date], report: Report) -> Counts:
    """A row a person: each counts once, in the arm where they were first."""
    person, known = column(table, PERSON), set[str]()
    skip = {person, column(table, VARIANT), column(table, DAY), ""}
    found: Counts = {}
    spoiled: dict[str, tuple[int, str]] = {}
    for line, label, cells in _labelled(table, days, report):
        if person and cells[person]:
            if cells[person] in known:
                report.add("refused", table.file, line, _("a person who stands in the file already"), cells[person])
                continue
            known.add(cells[person])
        for name, text in cells.items():
            if name in skip or name in spoiled:
                continue
            did = _YES_NO.get(text.strip().casefold())
            if did is None:
                spoiled[name] = line, text
                found.pop(name, None)
                continue
            arm = found.setdefault(name, {}).setdefault(label, [0, 0])
            arm[0] += 1
            arm[1] += did
    if left := sorted(spoiled):
        report.notes.append(_("not only yes and no, left out: {columns}").format(columns=", ".join(left)))
    return found


def _labelled(table: Table, days: list[date], report: Report) -> Any:
    """Line, arm and cells of every row that names an arm; its day, where there is one, goes to `days`."""
    variant, day = column(table, VARIANT), column(table, DAY)
    for row in table.rows:
        label = " ".join(clean_line(row.cells[variant or ""]).translate(_PARTED).split())[:40].strip()
        if not label:
            report.add("refused", table.file, row.line, _("no arm is named"))
            continue
        if day:
            try:
                days.append(iso_day(row.cells[day].split(".")[0][:16]))
            except ValueError as no:
                report.add("refused", table.file, row.line, str(no), row.cells[day])
                continue
        yield row.line, label, row.cells


def _days(path: Path, days: Sequence[date], context: Context, report: Report) -> dict[str, str]:
    if days:
        return {"starts": min(days).isoformat(), "ends": max(days).isoformat()}
    written = datetime.fromtimestamp(path.stat().st_mtime, context.zone).date()
    end = min(written, context.now.astimezone(context.zone).date())
    report.notes.append(_("the file tells no days: the test ended when it was written, {day}").format(day=end))
    return {"ends": end.isoformat()}


def _experiments(file: str, found: Counts, days: Mapping[str, str]) -> list[dict[str, Any]]:
    measured = {name: arms for name, arms in found.items() if len(arms) > 1}
    if not measured:
        reason = _("{file}: no test in it: it takes two arms, and a column of yes and no, or of people and conversions")
        raise Refused(reason.format(file=file))
    many = max(len(arms) for arms in measured.values())
    if many > MOST_ARMS:
        text = _("{file}: {n} arms, at most {most} are taken; is the column of arms the right one?")
        raise Refused(text.format(file=file, n=many, most=MOST_ARMS))
    return [_experiment(name, arms, days) for name, arms in measured.items()]


def _experiment(name: str, arms: Mapping[str, list[int]], days: Mapping[str, str]) -> dict[str, Any]:
    order = sorted(arms, key=lambda label: (label.casefold() not in BEFORE, label.casefold()))
    called = " ".join(clean_line(name).replace("_", " ").translate(_PARTED).split())[:60]
    rows = [{"label": label, "people": arms[label][0], "hits": arms[label][1]} for label in order]
    return {"name": called, "arms": rows, **days}


def _draft(path: Path, experiments: list[dict[str, Any]], context: Context) -> Draft:
    name = clean_line(path.stem)[:80]
    stage = next(board for board in context.boards if board.kind == "campaign").stages[0].id
    return Draft(
        source=SOURCE,
        external_id=name.casefold(),
        board="campaigns",
        title=_("Test {name}").format(name=name),
        created=context.now,
        fields={"experiments": experiments},
        history=(Past(at=context.now, sort="stage", value=stage),),
    )
