"""One text in each place that Markdown has for it, read back by two parsers: the text is there, and nothing else is.

The parsers are markdown-it-py (CommonMark with tables, as most viewers) and cmarkgfm (GitHub's own). A place says how
it is written, which elements may appear, and which text a reader must see.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise

import cmarkgfm
import yaml
from cmarkgfm.cmark import Options
from markdown_it import MarkdownIt

from opstui.domain.model import clean, clean_line
from opstui.exports import markdown as md
from papers.hostile import texts

_READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_BARE_MAIL = re.compile(r"[A-Za-z0-9.+_-]+@[A-Za-z0-9._-]+")
"""GitHub's parser makes a link without `mailto:` of the last address in `xmpp:a@ba@b.co`."""
_SIGNS_OF_MERMAID = set(":;#%\"'`{}[]<>|,\n\\&$@!?*=~^")


class Seen(HTMLParser):
    """What stands in HTML: its elements, counted, the text, and where links and images lead."""

    def __init__(self, html: str) -> None:
        """Read it at once."""
        super().__init__(convert_charrefs=True)
        self.elements: Counter[str] = Counter()
        self.words: list[str] = []
        self.links: list[str] = []
        self.odd: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element; a mail address that GitHub made a link of is none (no escape stops that; harmless: B.6)."""
        where = dict(attrs)
        address = where.get("href") or where.get("src") or ""
        if tag == "a" and (address.startswith(("mailto:", "xmpp:")) or _BARE_MAIL.fullmatch(address)):
            return
        self.elements[tag] += 1
        if tag in ("a", "img"):
            self.links.append(address)

    def handle_data(self, data: str) -> None:
        """Text."""
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        """Never ours."""
        self.odd.append(data)

    def handle_decl(self, decl: str) -> None:
        """Never ours."""
        self.odd.append(decl)

    def handle_pi(self, data: str) -> None:
        """Never ours."""
        self.odd.append(data)

    @property
    def text(self) -> str:
        """All of the text."""
        return "".join(self.words)


def readings(markdown: str) -> Iterator[Seen]:
    """A document as either parser reads it."""
    yield Seen(_READER.render(markdown))
    yield Seen(cmarkgfm.github_flavored_markdown_to_html(markdown, Options.CMARK_OPT_UNSAFE))


@dataclass(frozen=True)
class Place:
    """`write` puts a text there; `elements` must be what is seen, no more, no less; `says` is what is to be read."""

    write: Callable[[str], str]
    elements: dict[str, int] | Callable[[str], dict[str, int]]
    says: Callable[[str], str]

    def wrong(self, text: str) -> str:
        """What a parser saw instead; "" when all is well."""
        expected = self.elements(text) if callable(self.elements) else self.elements
        for seen in readings(self.write(text)):
            if seen.odd or dict(seen.elements) != expected:
                return f"{text!r}: {dict(seen.elements)} {seen.odd}"
            if _squeezed(seen.text) != _squeezed(self.says(text)):
                return f"{text!r}: {seen.text!r}"
        return ""


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _heading(text: str) -> str:
    return clean_line(text)[: md.HEADING_LIMIT].rstrip(" .,;:!\u3002\uff0c\uff1b\uff1a\uff01#") or "Untitled"


def _quoted(text: str) -> dict[str, int]:
    paragraphs = [part for part in clean(text).strip().split("\n") if part.strip()]
    return {"blockquote": 1} | ({"p": _paragraphs(text)} if paragraphs else {})


def _paragraphs(text: str) -> int:
    lines = ["", *(line.strip() for line in clean(text).split("\n"))]
    return sum(bool(line) and not before for before, line in pairwise(lines))


def _table(text: str) -> str:
    return md.table(["A", "B"], [[text, "z"]], "lr")


PLACES = {
    "paragraph": Place(md.inline, lambda text: {"p": 1} if clean_line(text) else {}, clean_line),
    "cell": Place(
        _table,
        {"table": 1, "thead": 1, "tbody": 1, "tr": 2, "th": 2, "td": 2},
        lambda text: f"A B {clean_line(text) or 'n/a'} z",
    ),
    "list item": Place(
        lambda text: md.bullets([text, "z"]),
        {"ul": 1, "li": 2},
        lambda text: f"{clean_line(text) or 'n/a'} z",
    ),
    "heading": Place(lambda text: f"## {md.heading(text)}", {"h2": 1}, _heading),
    "quote": Place(md.quote, _quoted, clean),
    "fence": Place(md.fence, {"pre": 1, "code": 1}, clean),
    "link": Place(
        lambda text: f"see {md.link(text, f'https://a.b/{text}')} z",
        {"p": 1, "a": 1},
        lambda text: f"see {clean_line(text) or 'n/a'} z",
    ),
    "no link": Place(
        lambda text: f"see {md.link('x', f'javascript:{text}')} z",
        {"p": 1},
        lambda text: f"see x ({clean_line(f'javascript:{text}')}) z",
    ),
}


def _yaml_wrong(text: str) -> str:
    written = md.front_matter({"subject": text, "tags": [text, "z"], "n": 1})
    try:
        read = yaml.safe_load(written.removeprefix("---\n").removesuffix("\n---"))
    except yaml.YAMLError as error:
        return f"{text!r}: {error}"
    said = clean_line(text)
    return "" if read == {"subject": said, "tags": [said, "z"], "n": 1} else f"{text!r}: {read}"


def _label_wrong(text: str) -> str:
    label = md.mermaid_label(text)
    lawful = 0 < len(label) <= md.LABEL_LIMIT and "--" not in label and not set(label) & _SIGNS_OF_MERMAID
    return "" if lawful else f"{text!r}: {label!r}"


CHECKS: dict[str, Callable[[str], str]] = {
    **{name: place.wrong for name, place in PLACES.items()},
    "YAML scalar": _yaml_wrong,
    "Mermaid label": _label_wrong,
}
"""Place -> what is wrong with a text there."""


def broken(name: str, given: Iterable[str]) -> list[str]:
    """Of these texts, those that break out of that place or are not read as they were meant."""
    check = CHECKS[name]
    return [f"{name}: {wrong}" for text in given if (wrong := check(text))]


def broken_of(name: str, number: int, seed: int) -> list[str]:
    """The same for so many texts of that seed: a share of the work for a process of its own."""
    return broken(name, texts(number, seed))
