"""Every Markdown that opstui writes, in a folder: from the sample, from a story told by hand, and from hostile texts.

A new export is added to `papers`; its hostile twin to `papers.planted`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from exports.flash_sale import FlashSale
from opstui.demo import build_demo
from opstui.exports import markdown as md
from opstui.exports.diagrams import MOST_BARS, Bar, gantt, xychart
from opstui.exports.postmortem import facts_of, render_appendix, render_postmortem
from opstui.exports.style import STYLES
from opstui.workspace import Workspace
from papers.hostile import texts, visible_texts
from papers.planted import documents, subjects

_TODAY = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
_OF_A_KIND = 4
_HOSTILE_ROUNDS = 20


def write_all(folder: Path, labels: int, seed: int) -> list[Path]:
    """Write them; `labels` hostile texts stand in diagrams."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in papers(labels, seed):
        path = folder / f"{name}.md"
        path.write_text(text, "utf-8")
        written.append(path)
    return written


def papers(labels: int, seed: int) -> Iterator[tuple[str, str]]:
    """(name, Markdown)."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(build_demo(Path(folder) / "demo", now=lambda: _TODAY)) as workspace,
    ):
        yield from _of_sample(workspace)
    for locale in STYLES:
        story = FlashSale(locale)
        yield from _both(f"story-{locale}", facts_of(story.workspace, story.postmortem), locale)
    yield from _hostile(seed)
    yield from _diagrams(labels, seed)


def _of_sample(workspace: Workspace) -> Iterator[tuple[str, str]]:
    """The drafts that are there, and some cards of every kind with the longest stories."""
    drafts = [doc["card"] for _id, doc in workspace.state.items("postmortems")]
    by_kind: dict[str, list[tuple[int, int]]] = {}
    for card, doc in workspace.state.items("cards"):
        by_kind.setdefault(doc["kind"], []).append((-doc["version"], card))
    longest = [card for kind in sorted(by_kind) for _v, card in sorted(by_kind[kind])[:_OF_A_KIND]]
    for card in dict.fromkeys([*drafts, *longest]):
        facts = facts_of(workspace, {"card": card})
        for locale in STYLES:
            yield from _both(f"sample-{facts.card.kind}-{facts.card.ref.lower()}-{locale}", facts, locale)


def _both(name: str, facts: Any, locale: str) -> Iterator[tuple[str, str]]:
    yield name, render_postmortem(facts, STYLES[locale])
    yield f"{name}-plain", render_postmortem(facts, STYLES[locale], diagrams=False)
    if appendix := render_appendix(facts, STYLES[locale]):
        yield f"{name}-timeline", appendix


def _hostile(seed: int) -> Iterator[tuple[str, str]]:
    """Documents of every kind with a hostile text in each place."""
    source = visible_texts(2**40, seed)
    found = subjects()
    for n in range(_HOSTILE_ROUNDS):
        for name, facts in found.items():
            for sort, text in documents(facts, lambda: next(source)):
                yield f"hostile-{name}-{sort}-{n}", text


def _diagrams(number: int, seed: int) -> Iterator[tuple[str, str]]:
    """Hostile texts as bars, marks and points, as many in a diagram as it may have."""
    start = datetime(2026, 9, 1, tzinfo=UTC)
    for n, some in enumerate(_batches(texts(number, seed), MOST_BARS), 1):
        bars = [
            Bar(label=text, start=start + timedelta(hours=k), end=start + timedelta(hours=k + 2))
            for k, text in enumerate(some)
        ]
        chart = gantt(some[0], bars, [(some[-1], start)], section=some[0])
        points = [(text, Decimal(k) / 7) for k, text in enumerate(some)]
        bars_and_line = xychart(some[0], some[-1], points, [Decimal(k) for k in range(len(points))])
        yield f"labels-{n}", md.document(f"# Labels {n}", chart, bars_and_line)


def _batches(source: Iterator[str], size: int) -> Iterator[list[str]]:
    while some := list(islice(source, size)):
        yield some
