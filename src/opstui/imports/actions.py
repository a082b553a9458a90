"""Ticked boxes of a post-mortem's file, read back: by the id of the action alone, whatever else the line says.

A file that has travelled is not to be trusted: only lines that read as we write them count, code blocks are skipped,
and a file that names another workspace's post-mortem is refused as a whole, since ids are alike everywhere. A box that
is ticked makes its action done; one that is not ticked never opens an action again, which is for people to decide.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct

from opstui.config import Settings
from opstui.domain.commands import MoveCard
from opstui.domain.model import Doc, Refused, clean_line
from opstui.domain.state import Reader
from opstui.i18n import _
from opstui.smallfile import read_small

_TICK = re.compile(r"[ \t]*[-*+] \[([ xX])\] ([A-Za-z]{2,6}-[0-9]{1,9})(?![\w-])")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_KEY = re.compile(r'(id|card): ("[^"\\]{1,40}")\s*')

What = Literal["done", "known", "open", "unticked", "twice", "unknown", "other", "dropped", "refused"]


class Box(Struct, frozen=True):
    """A box in the file: its line (1 is the first), whether it is ticked, and whose it is."""

    line: int
    ticked: bool
    ref: str


class Row(Struct, frozen=True):
    """What becomes of a box. `card` and `stage` say which move that is, where it is one (`done`)."""

    box: Box
    what: What
    reason: str = ""
    card: int = 0
    stage: str = ""
    seen_in: str = ""

    @property
    def command(self) -> MoveCard:
        """The move of a row that is `done`."""
        return MoveCard(card=self.card, stage=self.stage, seen_in=self.seen_in)


class File(Struct, frozen=True):
    """What a file says: the post-mortem and the card that it is about ("" where it does not say), and its boxes."""

    postmortem: str
    card: str
    boxes: tuple[Box, ...]


def read_file(path: Path) -> File:
    """What a Markdown file says.

    Raises:
        Refused: it cannot be read, or is no text.
    """
    try:
        content = read_small(path)
    except OSError as wrong:
        raise Refused(_("{path} cannot be read: {reason}").format(path=path, reason=wrong.strerror)) from None
    try:
        text = content.decode("utf-8-sig")
    except ValueError:
        text = "\0"
    if "\0" in text:
        raise Refused(_("{path} is no text in UTF-8: name the Markdown file of a post-mortem").format(path=path))
    return read_text(text)


def read_text(text: str) -> File:
    """What a text says; line ends of any sort."""
    lines = re.split(r"\r\n|\r|\n", text)
    about = _about(lines)
    return File(about.get("id", ""), about.get("card", ""), tuple(_boxes(lines)))


def _about(lines: list[str]) -> dict[str, str]:
    """`id` and `card` of the front matter."""
    if lines[0].rstrip() != "---":
        return {}
    found: dict[str, str] = {}
    for line in lines[1:100]:
        if line.rstrip() == "---":
            return found
        if known := _KEY.fullmatch(line):
            found[known[1]] = json.loads(known[2])
    return {}


def _boxes(lines: list[str]) -> Iterator[Box]:
    fence = ""
    for number, line in enumerate(lines, 1):
        mark = _FENCE.match(line)
        if fence:
            closes = mark and mark[1].startswith(fence) and not line[mark.end() :].strip()
            fence = "" if closes else fence
        elif mark:
            fence = mark[1]
        elif tick := _TICK.match(line):
            yield Box(number, tick[1] != " ", tick[2].upper())


def plan(file: File, state: Reader, settings: Settings) -> list[Row]:
    """What becomes of each box, in the order of the file; an id that stands there twice counts once.

    Raises:
        Refused: the file is about a post-mortem that is not in this workspace, or it has no box of an action.
    """
    if not file.boxes:
        raise Refused(_("there is no line like `- [x] ACT-0001, ...` in it: name the file of a post-mortem"))
    _must_be_ours(file, state)
    ticks: dict[str, set[bool]] = {}
    for box in file.boxes:
        ticks.setdefault(box.ref, set()).add(box.ticked)
    once = {box.ref: box for box in reversed(file.boxes)}
    return [
        Row(box, "twice", _("it stands there ticked and not ticked"))
        if len(ticks[box.ref]) > 1
        else _row(box, file, state, settings)
        for box in sorted(once.values(), key=lambda box: box.line)
    ]


def _must_be_ours(file: File, state: Reader) -> None:
    if not file.postmortem:
        return
    doc = next((doc for _id, doc in state.items("postmortems") if doc["ref"] == file.postmortem), None)
    card = state.get("cards", doc["card"]) if doc else None
    if card is None or (file.card and card["ref"] != file.card):
        reason = _("it is the file of {ref} about {card}, which is not in this workspace; choose another with -w DIR")
        raise Refused(reason.format(ref=clean_line(file.postmortem), card=clean_line(file.card) or _("a card")))


def _row(box: Box, file: File, state: Reader, settings: Settings) -> Row:
    number = state.find_ref(box.ref)
    doc: Doc = (state.get("cards", number) if number is not None else None) or {}
    board = settings.board(doc.get("board", ""))
    if number is None or not doc:
        return Row(box, "unknown", _("there is no such card here"))
    if doc["kind"] != "action" or board is None:
        return Row(box, "other", _("it is no action"))
    if file.postmortem and doc.get("postmortem") != file.postmortem:
        return Row(box, "other", _("it is no action of {ref}").format(ref=file.postmortem))
    category = board.category(doc["stage"])
    if category == "done":
        return Row(box, "known") if box.ticked else Row(box, "unticked", _("it is done, and stays so"))
    if category == "dropped" or doc.get("archived"):
        return Row(box, "dropped", _("it was dropped or put away"))
    stage = next((stage.id for stage in board.stages if stage.category == "done"), "")
    if box.ticked and not stage:
        return Row(box, "refused", _("its board has no stage where work is done"))
    return Row(box, "done", card=number, stage=stage, seen_in=doc["stage"]) if box.ticked else Row(box, "open")


def carry_out(rows: list[Row], submit: Callable[[list[MoveCard]], tuple[tuple[int, str], ...]]) -> list[Row]:
    """Make done what is to be; `submit` gives back (card, reason) of what is refused."""
    moves = [row for row in rows if row.what == "done"]
    refused = dict(submit([row.command for row in moves])) if moves else {}
    return [
        Row(row.box, "refused", refused[row.card]) if row.what == "done" and row.card in refused else row
        for row in rows
    ]
