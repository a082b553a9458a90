"""What the doctor and a backup found, as lines for people: the command line and the console say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opstui.i18n import _, ngettext
from opstui.store.doctor.finding import when

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from opstui.store.doctor.examine import Account, Held, Report
    from opstui.store.doctor.finding import Finding


def lines(report: Report) -> Iterator[str]:
    """Everything found, the worst first, what the workspace holds, and the verdict."""
    for finding in report.findings:
        yield told(finding)
    yield holds(report.account, report.zone)
    if report.further is not None:
        yield further(report.further)
    yield _("sound") if report.sound else _("not sound: each ERROR says behind -> what to do")


def further(held: Held) -> str:
    """What db.json holds beyond the good part of the history."""
    cards = ngettext("{n} card", "{n} cards", held.cards)
    return _("that is as far as the history is good; db.json holds the state up to batch {n}: {cards}").format(
        n=held.seq, cards=cards
    )


def holds(account: Account, zone: tzinfo) -> str:
    """What a workspace holds, on one line, with times of that zone."""
    cards = ", ".join(f"{board} {n}" for board, n in account.cards.items())
    parts = [
        ngettext("{n} card", "{n} cards", sum(account.cards.values())) + (f" ({cards})" if cards else ""),
        ngettext("{n} change", "{n} changes", account.batches),
        ngettext("{n} event", "{n} events", account.events),
        *(f"{name} {n}" for name, n in account.others.items()),
        _("{size} of history in {segments}").format(
            size=_size(account.bytes), segments=ngettext("{n} file", "{n} files", account.segments)
        ),
    ]
    if account.at is not None:
        last = _("the last change is {n}, of {at}")
        parts.append(last.format(n=account.batches, at=when(account.at, zone)))
    return ", ".join(parts)


def told(finding: Finding) -> str:
    """A finding, and below it what to do."""
    names = {"error": _("ERROR"), "warning": _("WARNING"), "mended": _("MENDED"), "note": _("NOTE")}
    line = f"{names[finding.level]} {finding.place}: {finding.says}"
    return f"{line}\n  -> {finding.next}" if finding.next else line


def _size(count: int) -> str:
    if count == 1:
        return _("1 byte")
    for unit in ("bytes", "kB", "MB"):
        if count < 10_000:  # noqa: PLR2004 - up to four digits read well
            return f"{count} {unit}"
        count //= 1000
    return f"{count} GB"
