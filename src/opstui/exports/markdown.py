"""The one place where text from people becomes Markdown: one function per context, and nothing else may join it in.

Titles, comments and imported rows are hostile: they break out of tables, make headings, tasks, HTML, tracking pixels
or front matter. So the builders below take raw text and escape it themselves, which leaves no way to forget it. Held
to a law by fuzzing through two parsers: the rendered text is the cleaned text, and no foreign element appears
(domain spec B.6; GitHub still turns e-mail addresses into links after unescaping, which is harmless).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from math import isfinite
from typing import Any
from urllib.parse import quote as percent
from urllib.parse import urlsplit

from opstui.domain.model import clean, clean_line
from opstui.i18n import _

HEADING_LIMIT = 80
LABEL_LIMIT = 40

_ALWAYS = re.compile(r"([\\`*_\[\]<>|~&$])")
_RULES = (
    (re.compile(r":(?=[A-Za-z0-9_+\\-]+:)"), r"\\:"),  # :tada:
    (re.compile(r"(https?|ftp|mailto|xmpp):", re.IGNORECASE), r"\1\\:"),  # links by scheme
    (re.compile(r"(www)\.", re.IGNORECASE), r"\1\\."),  # links by host
    (re.compile(r"(?<=\S)@(?=\S)"), r"\\@"),  # links by e-mail address
    (re.compile(r"^([#=:]|[-+](?!\d))"), r"\\\1"),  # headings, rules, lists; a signed number is none of them
    (re.compile(r"^(\d{1,9})([.)])(?!\S)"), r"\1\\\2"),  # ordered lists
)
_PUNCTUATION = " .,;:!\u3002\uff0c\uff1b\uff1a\uff01#"
_SAFE_IN_URL = "/:?#@!$&'*+,;=%~-._"
_UNPRINTABLE_YAML = re.compile("[\ufffe\uffff]")


def inline(text: str) -> str:
    """Text for a paragraph or a list item, on one line; empty text stays empty."""
    text = _ALWAYS.sub(r"\\\1", clean_line(text))
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def cell(text: str) -> str:
    """Text for a table cell; nothing is `n/a`."""
    return inline(text) or _("n/a")


def heading(text: str) -> str:
    """Text for a heading: at most 80 characters and no punctuation at its end (MD026)."""
    return inline(clean_line(text)[:HEADING_LIMIT].rstrip(_PUNCTUATION)) or _("Untitled")


def quote(text: str) -> str:
    """Text as a block quote, its lines and paragraphs kept."""
    lines = re.sub(r"\n\s*\n+", "\n\n", clean(text).strip()).split("\n")
    return "\n".join(f"> {inline(line)}".rstrip() for line in lines)


def fence(text: str, language: str = "text") -> str:
    """Text as a code block; its fence is longer than any run of backticks inside."""
    text = clean(text).strip("\n")
    ticks = "`" * max(3, 1 + max(map(len, re.findall(r"`+", text)), default=0))
    return "\n".join([f"{ticks}{language}", *(line.rstrip() for line in text.split("\n")), ticks])


def yaml_scalar(value: Any) -> str:
    """A value for front matter: text as JSON on one line (which is YAML without surprises), lists in flow style."""
    if value is None or (isinstance(value, float) and not isfinite(value)):
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return format(Decimal(str(value)), "f")
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(yaml_scalar, value))}]"
    text = json.dumps(clean_line(value), ensure_ascii=False)
    return _UNPRINTABLE_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def mermaid_label(text: str) -> str:
    """Text for a Mermaid diagram: a white list, since Mermaid has no escaping. Callers put an ordinal before it."""
    kept = "".join(c if c.isalnum() or c in " ()_./+-" else " " for c in clean(text))
    return re.sub("-{2,}", "-", " ".join(kept.split()))[:LABEL_LIMIT].strip() or _("untitled")


def link(text: str, url: str) -> str:
    """A link to a http, https or mailto address; any other address stays text that cannot be clicked."""
    url = clean_line(url)
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        scheme = ""
    if scheme.lower() not in {"http", "https", "mailto"}:
        return inline(f"{text} ({url})")
    return f"[{cell(text)}]({percent(url, safe=_SAFE_IN_URL).replace('&', '&amp;')})"


def table(header: Sequence[str], rows: Iterable[Sequence[str]], align: str = "") -> str:
    """A table of raw texts. `align` has one letter per column: `r` sets it to the right, anything else to the left.

    Rows shorter than the header are filled with `n/a`; without rows the whole table is `n/a`.
    """
    body = [[*row, *[""] * (len(header) - len(row))] for row in rows]
    if not body:
        return _("n/a")
    rule = ["---:" if side == "r" else "---" for side in align.ljust(len(header))]
    lines = [[cell(h) for h in header], rule, *([cell(text) for text in row] for row in body)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def bullets(items: Iterable[str]) -> str:
    """Raw texts as a list; without items `n/a`."""
    return "\n".join(f"- {cell(item)}" for item in items) or _("n/a")


def numbered(items: Iterable[str]) -> str:
    """Raw texts as a list with numbers; without items `n/a`."""
    return "\n".join(f"{n}. {cell(item)}" for n, item in enumerate(items, 1)) or _("n/a")


def tasks(items: Iterable[tuple[bool, str]]) -> str:
    """(done, raw text) as a task list; without items `n/a`."""
    return "\n".join(f"- [{'x' if done else ' '}] {cell(text)}" for done, text in items) or _("n/a")


def front_matter(pairs: Mapping[str, Any]) -> str:
    """YAML front matter in the order given. Keys are ours, never a user's (and never `title`: MD025)."""
    return "\n".join(["---", *(f"{key}: {yaml_scalar(value)}" for key, value in pairs.items()), "---"])


def document(*blocks: str) -> str:
    """Blocks with one blank line between them and one line end after the last."""
    return "\n\n".join(block for block in blocks if block) + "\n"
