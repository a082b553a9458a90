"""What a Markdown file of ours says below each heading, and as a reader sees it: without escapes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from opstui.i18n import _

_HEADING = re.compile(r"## (.+)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def bodies(markdown: str) -> Mapping[str, str]:
    """Title -> what stands below that heading of the second level, as Markdown."""
    found: dict[str, list[str]] = {}
    body: list[str] = []
    for line, code in lines_with_code(markdown):
        heading = None if code else _HEADING.fullmatch(line)
        if heading:
            body = found.setdefault(unescaped(heading[1]), [])
        else:
            body.append(line)
    return {title: "\n".join(lines).strip("\n") for title, lines in found.items()}


def lines_with_code(markdown: str) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it is part of a block of code, its fences too."""
    fence = ""
    for line in markdown.split("\n"):
        ticks = line[: len(line) - len(line.lstrip("`"))]
        if fence:
            yield line, True
            fence = "" if line == fence else fence
        else:
            fence = ticks if len(ticks) >= 3 else ""  # noqa: PLR2004 - a fence has three ticks
            yield line, bool(fence)


def unescaped(text: str) -> str:
    """Markdown of `exports.markdown.inline` as a reader sees it."""
    return _ESCAPED.sub(r"\1", text).replace("&amp;", "&")


def proposal(body: str, *, sure: bool = False) -> str:
    """The sentence that facts made for a section, without the words that say so; empty where there is none.

    A person who changes it begins with these words and not with an empty page. Once it is confirmed (`sure`) the words
    that say where it is from are gone.
    """
    plain = unescaped("\n".join(line.removeprefix(">").removeprefix(" ") for line in body.split("\n"))).strip()
    lead, asked = _("From facts: "), (_("To write: "), _("Written: "), _("n/a"))
    if plain.startswith(lead):
        return plain.removeprefix(lead).strip()
    return plain if sure and not plain.startswith(asked) else ""
