"""Order and feedback incidents of the sample shop as files: golden, lawful Markdown, the same bytes everywhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt

from exports.shop_incidents import Shop, render
from opstui.domain.commands import CreateCard, EditCard, LinkCards, MarkCard, PublishPostmortem, WriteSection
from opstui.exports.postmortem import export_postmortem, facts_of, render_postmortem, render_sections
from opstui.exports.style import STYLES

_HERE = Path(__file__).parent
_CASES = [(which, locale) for which in ("order", "feedback") for locale in ("id", "en")]
_KEYS = {
    "order": [
        "schema", "kind", "id", "subject", "status", "visibility", "severity", "incident", "cards", "started",
        "detected", "acknowledged", "mitigated", "resolved", "ttd_min", "tta_min", "ttm_min", "ttr_min", "detected_by",
        "orders_affected", "sla_breaches", "cost", "currency", "owner", "contributors", "actions_total", "actions_open",
        "as_of", "event_seq_last", "source_digest", "pii",
    ],
    "feedback": [
        "schema", "kind", "id", "subject", "status", "visibility", "severity", "theme", "cards", "items_total",
        "customers_affected", "channels", "sensitive", "first_seen", "detected", "closed", "frt_median_min",
        "frt_breaches", "csat_after", "privacy_breach", "owner", "contributors", "actions_total", "actions_open",
        "as_of", "event_seq_last", "source_digest", "pii",
    ],
}  # fmt: skip
"""The keys of domain spec B.5, in their order."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    told = Shop(tmp_path_factory.mktemp("shop"))
    yield told
    told.workspace.close()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Shop]:
    """A shop of one's own, to change."""
    told = Shop(tmp_path)
    yield told
    told.workspace.close()


@pytest.mark.parametrize(("which", "locale"), _CASES)
def test_golden(shop: Shop, which: str, locale: str) -> None:
    """To renew: python tests/exports/shop_incidents.py order id > tests/exports/golden/order.id.md, and read it."""
    golden = (_HERE / "golden" / f"{which}.{locale}.md").read_text(encoding="utf-8")
    assert render(shop.workspace, getattr(shop, which), locale) == golden


@pytest.mark.parametrize("which", ["order", "feedback"])
def test_front_matter_has_the_keys_of_the_spec(shop: Shop, which: str) -> None:
    head = yaml.safe_load(render(shop.workspace, getattr(shop, which), "id").split("---\n")[1])
    assert list(head) == _KEYS[which]
    assert head["kind"] == f"{which}_incident"


def lawful(text: str) -> None:
    """One H1, no foreign element, tables whose rows have as many cells as their heads."""
    yaml.safe_load(text.split("\n---\n", maxsplit=1)[0][4:])
    assert not [line for line in text.split("\n") if line != line.rstrip() or "\t" in line]
    assert "\n\n\n" not in text
    body = MarkdownIt("commonmark").enable("table").parse(text.split("\n---\n", 1)[1])
    kinds = {token.type for token in body} | {c.type for token in body for c in token.children or ()}
    assert not kinds & {"html_block", "html_inline", "image", "link_open", "code_block", "hr"}
    levels = [token.tag for token in body if token.type == "heading_open"]
    assert levels == ["h1", *["h2"] * (len(levels) - 1)]
    titles = [body[n + 1].content for n, token in enumerate(body) if token.type == "heading_open"]
    assert len(set(titles)) == len(titles)
    for table in re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}) == 1
    for block in re.findall(r"```mermaid\n(.*?)```", text, re.DOTALL):
        assert not re.search(
            r"[;#%\"<>]", re.sub(r'^  (?:title|x-axis|y-axis|axisFormat) .*$|"', "", block, flags=re.MULTILINE)
        )


@pytest.mark.parametrize(("which", "locale"), _CASES)
def test_lawful(shop: Shop, which: str, locale: str) -> None:
    lawful(render(shop.workspace, getattr(shop, which), locale))


def test_hostile_text_stays_text(own: Shop) -> None:
    nasty = "---\n# x | <b> `[a](javascript:x)` ${y} :tada: @rina\u202e\n```mermaid\n%% ; # : ![i](http://x)"
    first = own.order["card"]
    own.do(EditCard(card=first, values={"title": nasty, "customer": nasty[:60], "description": nasty, "tags": [nasty]}))
    for mark in ("started", "detected", "resolved", "escalation", "message", "decision", "trigger"):
        own.do(MarkCard(card=first, mark=mark, note=nasty))
    voice = own.feedback["card"]
    own.do(EditCard(card=voice, values={"title": nasty, "description": nasty, "theme": nasty, "channel": nasty}))
    for which in ("order", "feedback"):
        postmortem = getattr(own, which)
        number = next(n for n, doc in own.workspace.state.items("postmortems") if doc["ref"] == postmortem["ref"])
        for section in ("whys", "detection", "summary"):
            own.do(WriteSection(postmortem=number, section=section, text=nasty))
        lawful(render(own.workspace, postmortem, "en"))


def test_every_diagram_has_a_table_with_its_numbers(shop: Shop) -> None:
    for which, blocks in (("order", 2), ("feedback", 3)):
        facts = facts_of(shop.workspace, getattr(shop, which))
        drawn, plain = (render_postmortem(facts, STYLES["id"], diagrams=on) for on in (True, False))
        found = re.findall(r"\n```mermaid\n.*?```\n", drawn, re.DOTALL)
        assert (len(found), "mermaid" in plain) == (blocks, False)
        for block in found:
            drawn = drawn.replace(block, "", 1)
        assert [line for line in drawn.split("\n") if line] == [line for line in plain.split("\n") if line]


def test_no_customer_is_named(shop: Shop) -> None:
    for which in ("order", "feedback"):
        text = render(shop.workspace, getattr(shop, which), "id")
        assert not [name for name in ("Kedai Simpang", "Sari W", "Bagas W", "Vina M", "Ayu L", "0812") if name in text]


def test_an_answer_that_names_a_member_is_told_until_it_is_published(own: Shop) -> None:
    assert "answer 2 names budi" in render(own.workspace, own.order, "id")
    number = next(n for n, doc in own.workspace.state.items("postmortems") if doc["ref"] == own.order["ref"])
    own.do(PublishPostmortem(postmortem=number))
    assert "answer 2 names" not in render(own.workspace, own.order, "id")


def test_what_happens_later_changes_nothing(own: Shop) -> None:
    """Other orders, and other messages, are in no post-mortem of before; nor is a new one that is not linked."""
    moment = own.at
    told = [render_postmortem(facts_of(own.workspace, doc, moment), STYLES["id"]) for doc in (own.order, own.feedback)]
    own.do(CreateCard(board="orders", title="Later", fields={"customer": "Zed", "total": 10**9}))
    own.do(CreateCard(board="feedback", title="Later", fields={"customer": "Zed", "sort": "complaint"}))
    own.do(LinkCards(card=own.card("KL-041"), other=own.order["card"]))
    own.do(MarkCard(card=own.order["card"], mark="resolved"))
    again = [render_postmortem(facts_of(own.workspace, doc, moment), STYLES["id"]) for doc in (own.order, own.feedback)]
    assert again == told


def test_exporting_twice_writes_once(own: Shop) -> None:
    first = export_postmortem(own.workspace, own.order)
    assert "-order-pm-2026-002-" in first.path.name
    assert not export_postmortem(own.workspace, own.order).changed


def test_sections_of_facts_can_be_read_one_by_one(shop: Shop) -> None:
    """As the editor shows them."""
    found = render_sections(facts_of(shop.workspace, shop.feedback), STYLES["id"])
    assert found["service"].startswith("## Service record\n\n| Measure |")
    assert {"told", "clock", "detection", "handling", "response", "whys", "recurrence"} <= found.keys()
    assert "impact" not in found


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1", "TZ": "America/New_York", "LANG": "de_DE.UTF-8"},
        {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
    ],
)
def test_the_same_bytes_on_every_machine(environment: dict[str, str]) -> None:
    kept: dict[str, Any] = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "VIRTUAL_ENV")}
    kept["PYTHONPATH"] = str(_HERE.parents[1] / "src")
    run = subprocess.run(
        [sys.executable, _HERE / "shop_incidents.py", "order", "id"],
        env=kept | environment,
        capture_output=True,
        check=True,
    )
    assert run.stdout == (_HERE / "golden" / "order.id.md").read_bytes()
