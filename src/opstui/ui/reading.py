"""A Markdown file of ours as lines to read: headings stand out, tables stand in columns, no markup is left.

Textual's own widget makes a widget of every block and of every cell, and links that can be clicked out of what people
typed; this only draws. It knows the Markdown that `exports.markdown` writes and shows anything else as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from textual.content import Content

from opstui.i18n import _, ngettext
from opstui.projections.bodies import lines_with_code, unescaped
from opstui.ui.glyphs import MARKS
from opstui.ui.ink import cells, clip
from opstui.ui.widgets.card_view import wrapped

GAP = 2
LEAST = 8
"""Cells that it takes to read anything."""
LABEL = 20
"""Cells of a word that are kept together; of a label, where a row of a table stands as lines of label and value."""
MOST = 3000
"""Lines that are drawn."""
_CELL = re.compile(r"(?<!\\)\|")
_ITEM = re.compile(r"(- \[[ x]\] |- |\d{1,9}[.)] )(.*)")
_TICKS = {"- [ ] ": f"{MARKS['open']} ", "- [x] ": f"{MARKS['marked']} ", "- ": "• "}


def reading(markdown: str, width: int) -> Content:
    """All of it, in lines of `width` cells."""
    lines = []
    for line in _lines(markdown.rstrip("\n"), max(LEAST, width)):
        lines.append(line)
        if len(lines) >= MOST:
            lines.append(Content.styled(_("... and so on; the file has all of it"), "$muted"))
            break
    return Content("\n").join(lines)


def _lines(markdown: str, width: int) -> Iterator[Content]:
    head, text = _front_matter(markdown)
    if head:
        said = ngettext("[{n} line for programs]", "[{n} lines for programs]", len(head)).format(n=len(head))
        yield Content.styled(clip(said, width), "$faint")
    kinds = ((line, "code" if code else "row" if line.startswith("|") else "") for line, code in lines_with_code(text))
    for kind, group in groupby(kinds, key=lambda pair: pair[1]):
        block = [line for line, _kind in group]
        if kind == "code":
            yield from _code(block, width)
        elif kind == "row":
            yield from _table(block, width)
        else:
            for line in block:
                yield from _text(line, width)


def _front_matter(markdown: str) -> tuple[list[str], str]:
    if not markdown.startswith("---\n"):
        return [], markdown
    head, found, text = markdown[4:].partition("\n---\n")
    return (head.split("\n"), text) if found else ([], markdown)


def _text(line: str, width: int) -> Iterator[Content]:
    if not line:
        yield Content("")
        return
    marks = len(line) - len(line.lstrip("#"))
    if marks and line[marks : marks + 1] == " ":
        yield from wrapped(unescaped(line[marks + 1 :]), width, style="bold $accent" if marks == 1 else "bold")
    elif line.startswith(">"):
        bar = Content.styled("▏ ", "$faint")
        for part in wrapped(unescaped(line[1:].strip()), width - 2, style="$muted"):
            yield bar + part
    elif item := _ITEM.fullmatch(line):
        sign = _TICKS.get(item[1], item[1])
        yield from wrapped(unescaped(item[2]), width, cells(sign), lead=Content.styled(sign, "$muted"))
    else:
        yield from wrapped(unescaped(line), width)


def _code(block: Sequence[str], width: int) -> Iterator[Content]:
    """A diagram is named, not drawn: its table stands below it."""
    if block[0] != "```mermaid":
        yield from (Content.styled(clip(line, width), "$muted") for line in block[1:-1])
        return
    title = next((line.strip()[6:].strip('" ') for line in block if line.strip().startswith("title ")), "")
    said = _("[diagram: {title}; drawn where the file is read]").format(title=title or block[min(1, len(block) - 1)])
    yield from wrapped(said, width, style="$faint")


# --------------------------------------------------------------------------------------- tables


def _table(block: Sequence[str], width: int) -> Iterator[Content]:
    rows = [[unescaped(cell.strip()) for cell in _CELL.split(line)[1:-1]] for line in block]
    if len(rows) < 2 or not rows[0]:  # noqa: PLR2004 - a header and its rule
        yield from (Content(clip(line, width)) for line in block)
        return
    header, rule, body = rows[0], rows[1], [row[: len(rows[0])] for row in rows[2:]]
    widths = column_widths([header, *body], width)
    if not widths:
        yield from _records(header, body, width)
        return
    right = [text.endswith(":") for text in rule]
    yield from _row(header, widths, right, "bold $muted")
    for row in body:
        yield from _row(row, widths, right, "")


def column_widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """How wide each column is, the widest narrowed until all fit, but no word is cut; nothing where they cannot."""
    columns = [[row[n] for row in rows if n < len(row)] for n in range(len(rows[0]))]
    found = [max(map(cells, column), default=0) for column in columns]
    least = [
        min(LABEL, max((cells(word) for text in column for word in text.split()), default=0)) for column in columns
    ]
    over = sum(found) + GAP * (len(found) - 1) - width
    while over > 0:
        loose = [n for n in range(len(found)) if found[n] > least[n]]
        if not loose:
            return []
        widest = max(loose, key=found.__getitem__)
        second = max((found[n] for n in loose if n != widest), default=0)
        narrower = max(least[widest], found[widest] - over, min(second, found[widest] - 1))
        over -= found[widest] - narrower
        found[widest] = narrower
    return found


def _row(row: Sequence[str], widths: Sequence[int], right: Sequence[bool], style: str) -> Iterator[Content]:
    """A row, as many lines high as its longest cell needs."""
    columns = [list(wrapped(text, width or 1)) for text, width in zip(row, widths, strict=False)]
    for n in range(max(map(len, columns), default=0)):
        line = Content("")
        for place, (column, width) in enumerate(zip(columns, widths, strict=False)):
            text = column[n] if n < len(column) else Content("")
            blank = Content(" " * max(0, width - text.cell_length))
            line += Content(" " * GAP if place else "") + (blank + text if right[place] else text + blank)
        yield line.stylize(style) if style else line


def _records(header: Sequence[str], body: Sequence[Sequence[str]], width: int) -> Iterator[Content]:
    room = min(LABEL, width // 2, width - 5, max(map(cells, header)))
    for place, row in enumerate(body):
        if place:
            yield Content("")
        for label, text in zip(header, row, strict=False):
            name = clip(label, room)
            lead = Content.styled(name + " " * (room + 1 - cells(name)), "$muted")
            yield from wrapped(text, width, room + 1, lead=lead)
