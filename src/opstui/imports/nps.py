"""A survey that asked "would you recommend us, 0 to 10": one row an answer, with what the person wrote.

Such a file tells no time, so the answers count from the moment they are taken in. Nobody waits for a reply to a survey:
the cards are closed from the start, and a low score with a text is worth opening again.

Every row is an answer, as a count by hand has it: who was asked twice is heard twice. The rows of one person are told
apart by their order, so a longer file of the same survey adds only what is new in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator

from opstui.domain.model import TITLE_LIMIT, Draft, Past, clean_line
from opstui.i18n import _
from opstui.imports.cells import Prose, RowModel, Words, count, is_nothing, renamed
from opstui.imports.interface import Context, Reading, Report
from opstui.imports.tables import open_table
from opstui.metrics.service import DETRACTOR, PROMOTER

SOURCE = "nps"
HIGHEST = 10
ROLES = {"user": "user_id|id|respondent|email", "score": "nps_score|nps|score|rating", "text": "text|comment|feedback"}


def _score(text: Any) -> int:
    """A score; nobody who left it empty recommends, or advises against, anything."""
    if is_nothing(text):
        raise ValueError(_("no score was given"))
    return count(text)


class Answer(RowModel):
    """A row in our words."""

    user: Words = ""
    score: Annotated[int, BeforeValidator(_score)]
    text: Prose = ""


def read(paths: Sequence[Path], context: Context) -> Reading:
    """A card of feedback for each answer.

    Raises:
        Refused: a file cannot be read or is of another kind.
    """
    report, drafts = Report(), list[Draft]()
    heard: dict[str, list[Answer]] = {}
    for path in paths:
        table = open_table(path, ("nps_score|nps|score|rating",), report, context.progress)
        for line, row in renamed(table, ROLES, Answer, report):
            if row.score > HIGHEST:
                report.add("refused", table.file, line, _("a score is 0 to 10"), str(row.score))
                continue
            person = row.user or f"{table.file}:{line}"
            before = heard.setdefault(person, [])
            if row in before:
                report.add("doubtful", table.file, line, _("the same answer of the same person again, counted"), person)
            before.append(row)
            drafts.append(_draft(row, person if len(before) == 1 else f"{person}#{len(before)}", context))
    report.cards = len(drafts)
    report.notes.append(_("the file tells no time: the answers count from now"))
    return Reading(drafts=tuple(drafts), report=report)


def _draft(row: Answer, identity: str, context: Context) -> Draft:
    said = clean_line(row.text)[:TITLE_LIMIT]
    sort = "praise" if row.score >= PROMOTER else "complaint" if row.score <= DETRACTOR else "review"
    return Draft(
        source=SOURCE,
        external_id=identity,
        board="feedback",
        title=said or _("would recommend us: {n} of 10").format(n=row.score),
        created=context.now,
        fields={"nps": row.score, "sort": sort, "channel": "survey", **({"description": row.text} if row.text else {})},
        history=(Past(at=context.now, sort="stage", value="inbox"), Past(at=context.now, sort="stage", value="closed")),
    )
