"""A hostile text in every field of a whole document: its build must be that of the same document with plain words.

Facts are walked, so a field that is added later is planted too. Only names of our own (kinds, stages, results) and
what is not text stay. Customers get a text of their own: theirs is masked wherever it stands, which would hide it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

import msgspec
import yaml
from markdown_it import MarkdownIt

from exports.flash_sale import FlashSale
from opstui.domain.boards import Board
from opstui.domain.commands import AddComment, BlockCard, DraftPostmortem, LinkCards
from opstui.domain.identity import PERSONAL
from opstui.exports.postmortem import facts_of, render_appendix, render_postmortem
from opstui.exports.style import STYLES
from papers.contexts import readings
from papers.hostile import visible_texts

_LONG = 100
Texts = Callable[[], str]
_OURS = frozenset(
    {
        "kind", "board", "stage", "status", "verdict", "result", "funnel", "metric", "basis",
        "band", "currency", "priority", "id", "category", "relation", "sort", "mark", "shape",
        "via", "severity", "type", "cause", "unit", "source", "external_id", "digest", "name_id",
        "phase", "state", "section", "key", "resolution",
    }
)  # fmt: skip
_READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


class Answered(dict[str, str]):
    """What people wrote, for any section that asks."""

    def __init__(self, texts: Texts) -> None:
        """Nothing is asked yet."""
        super().__init__()
        self._texts = texts

    def __missing__(self, key: str) -> str:
        """The next text."""
        self[key] = self._texts()
        return self[key]

    def get(self, key: str, _default: Any = None) -> str:
        """What is written there, whether or not someone wrote."""
        return self[key]


def planted(value: Any, texts: Texts, name: str = "") -> Any:
    """The value with the next text in place of every text from people."""
    if isinstance(value, Board) or name in _OURS:
        return value
    if isinstance(value, str):
        return f"{texts()}q" if name in PERSONAL else texts()
    if isinstance(value, tuple | list):
        return type(value)(planted(item, texts, name) for item in value)
    if name == "written":
        return Answered(texts)
    if isinstance(value, msgspec.Struct):
        fresh = {field: planted(getattr(value, field), texts, field) for field in value.__struct_fields__}
        return msgspec.structs.replace(value, **fresh)
    return value


def subjects() -> dict[str, Any]:
    """Facts of every kind of card, with all that a card may carry."""
    world = FlashSale("en")
    found = {"campaign": facts_of(world.workspace, world.postmortem)}
    for board in ("orders", "feedback", "actions"):
        card = world.card(
            board, "a", description="b", owner="budi", due="2026-09-01", tags=["x", "y"], **_customer(board)
        )
        world.do(AddComment(card=card, text="c"), BlockCard(card=card, reason="d", waiting_on="e"))
        world.do(LinkCards(card=card, other=world.campaign), DraftPostmortem(card=card))
        draft = next(d for _id, d in world.workspace.state.items("postmortems") if d["card"] == card)
        world.card("actions", "f", postmortem=draft["ref"], owner="ani", done_when="g")
        found[board] = facts_of(world.workspace, draft)
    return found


def _customer(board: str) -> dict[str, str]:
    return {"customer": "h"} if board in ("orders", "feedback") else {}


def documents(facts: Any, texts: Texts) -> Iterator[tuple[str, str]]:
    """The post-mortem with the next text in each place, and the appendix it has when its timeline is long."""
    hostile = planted(facts, texts)
    yield "post-mortem", render_postmortem(hostile, STYLES["en"])
    rows = planted(facts.timeline[:1] * _LONG, texts)
    yield "appendix", render_appendix(msgspec.structs.replace(hostile, timeline=rows), STYLES["en"])


def build(markdown: str) -> dict[str, Any]:
    """What a text from people must not change: front matter keys, headings, tables, diagrams, links and images."""
    front, body = split(markdown)
    tokens = _READER.parse(body)
    found: dict[str, Any] = {
        "keys": list(yaml.safe_load(front)) if front else [],
        "headings": [t.tag for t in tokens if t.type == "heading_open"],
        "tables": shapes(tokens),
        "fences": [(t.info, len(t.content.splitlines())) for t in tokens if t.type in ("fence", "code_block")],
    }
    for n, seen in enumerate(readings(body)):
        kept = ("a", "img", "h1", "h2", "table", "tr", "td", "th", "input", "pre", "em", "strong", "del", "code")
        found[f"parser {n}"] = {tag: seen.elements[tag] for tag in kept}, seen.links, seen.odd
        strange = set(seen.elements) - {*kept, "p", "blockquote", "ul", "li", "thead", "tbody"}
        found[f"strange {n}"] = sorted(strange)
    return found


def split(markdown: str) -> tuple[str, str]:
    """(front matter, the rest)."""
    found = re.match(r"---\n(.*?\n)---\n", markdown, re.DOTALL)
    return (found[1], markdown[found.end() :]) if found else ("", markdown)


def shapes(tokens: Any) -> list[list[int]]:
    """For every table the number of cells in each row."""
    found: list[list[int]] = []
    for token in tokens:
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append(0)
        elif token.type in ("td_open", "th_open"):
            found[-1][-1] += 1
    return found


def differences(name: str, facts: Any, texts: Texts) -> Iterator[str]:
    """Where the documents with these texts are built otherwise than those with a plain word everywhere."""
    plain = dict(documents(facts, lambda: "word"))
    for sort, markdown in documents(facts, texts):
        try:
            made = build(markdown)
        except yaml.YAMLError as error:
            yield f"{name} {sort}: front matter: {error}"
            continue
        for part, expected in build(plain[sort]).items():
            if made[part] != expected:
                yield f"{name} {sort}: {part} {made[part]} instead of {expected}"


def broken_files(number: int, seed: int) -> tuple[list[str], int]:
    """Documents of every kind until so many texts stand in them: what broke, and how many documents it took."""
    source = enumerate(visible_texts(2**40, seed), 1)
    found, used = list[str](), 0

    def following() -> str:
        nonlocal used
        used, text = next(source)
        return text

    for made, (name, facts) in enumerate(cycle(subjects().items())):
        if used >= number:
            return found, made
        found += differences(name, facts, following)
    raise AssertionError
