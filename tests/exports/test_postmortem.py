"""The files as a whole: golden, lawful Markdown, the same bytes everywhere, and never over what a person wrote."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt

from exports.flash_sale import FlashSale
from exports.looked_back import LookedBack
from opstui.domain.commands import DraftPostmortem, EditCard, ImportCard, LinkCards
from opstui.domain.model import Doc, Draft, Field, Past
from opstui.exports.page import Page
from opstui.exports.postmortem import export_postmortem, facts_of, render_appendix, render_of, render_postmortem
from opstui.exports.style import STYLES

_HERE = Path(__file__).parent
_GOLDEN = _HERE / "golden"
_CAMPAIGN_SECTIONS = [
    "At a glance", "Summary", "Background", "Brief as approved", "Target against actual", "Spend and pacing",
    "Channels", "Experiment", "Most important decision", "Stages and delays", "Timeline", "Customer reaction",
    "Contributing factors", "Seen before", "What worked", "What did not", "Where we were lucky", "What surprised us",
    "Lessons and playbook changes", "Action items", "Open questions", "Linked work", "Comments", "Who did what",
    "Data quality and method", "Review record",
]  # fmt: skip
_CAMPAIGN_KEYS = [
    "schema",
    "kind",
    "id",
    "subject",
    "status",
    "visibility",
    "card",
    "severity",
    "period_start",
    "period_end",
    "timezone",
    "owner",
    "contributors",
    "verdict",
    "kpi_met",
    "kpi_total",
    "currency",
    "budget",
    "spend",
    "actions_total",
    "actions_open",
    "tags",
    "as_of",
    "event_seq_last",
    "source_digest",
    "pii",
]


@pytest.fixture(scope="module")
def sale() -> FlashSale:
    return FlashSale()


def of_card(world: FlashSale, card: int) -> Doc:
    """The post-mortem of a card, begun now."""
    world.do(DraftPostmortem(card=card))
    return next(d for _id, d in world.workspace.state.items("postmortems") if d["card"] == card)


def all_documents() -> list[tuple[str, str]]:
    """A post-mortem of each kind, with hostile titles, in both styles."""
    found = []
    for locale in ("id", "en"):
        world = FlashSale(locale)
        found.append((f"flash_sale-{locale}", render_of(world.workspace, world.postmortem)))
        learned = LookedBack(locale)
        found.append((f"looked_back-{locale}", render_of(learned.workspace, learned.postmortem)))
        nasty = "---\n# x | <b> `[a](javascript:x)` ${y} :tada: @rina\u202e " * 3
        for board in ("orders", "feedback", "actions"):
            card = world.card(board, nasty, description=nasty + "\n\n\n1. x\n```", owner="budi", due="2026-09-01")
            found.append((f"{board}-{locale}", render_of(world.workspace, of_card(world, card))))
    return found


DOCUMENTS = all_documents()


@pytest.mark.parametrize("locale", ["id", "en"])
@pytest.mark.parametrize("story", ["flash_sale", "looked_back"])
def test_golden(story: str, locale: str) -> None:
    """To renew: python tests/exports/flash_sale.py > tests/exports/golden/flash_sale.id.md, after reading the diff."""
    golden = (_GOLDEN / f"{story}.{locale}.md").read_text(encoding="utf-8")
    assert dict(DOCUMENTS)[f"{story}-{locale}"] == golden


def test_campaign_sections_and_keys(sale: FlashSale) -> None:
    text = render_of(sale.workspace, sale.postmortem)
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == _CAMPAIGN_SECTIONS
    head = text.split("---\n")[1]
    assert list(yaml.safe_load(head)) == _CAMPAIGN_KEYS
    assert yaml.safe_load(head)["subject"] == "Promo 9.9 | *Flash* Sale!"


@pytest.mark.parametrize(("name", "text"), DOCUMENTS, ids=[name for name, _text in DOCUMENTS])
def test_lint_profile(name: str, text: str) -> None:
    """The rules of domain spec B.6 that a writer can break, checked without Node."""
    yaml.safe_load(text.split("\n---\n", maxsplit=1)[0][4:])
    lines = text.split("\n")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert not [line for line in lines if line != line.rstrip() or "\t" in line]
    assert "\n\n\n" not in text
    body = MarkdownIt("commonmark").enable("table").parse(text.split("\n---\n", 1)[1])
    kinds = {token.type for token in body} | {c.type for token in body for c in token.children or ()}
    assert not kinds & {"html_block", "html_inline", "image", "link_open", "code_block", "hr", "ordered_list_open"}
    titles = [body[n + 1].content for n, token in enumerate(body) if token.type == "heading_open"]
    levels = [token.tag for token in body if token.type == "heading_open"]
    assert levels == ["h1", *["h2"] * (len(levels) - 1)]
    assert len(set(titles)) == len(titles)
    assert not [title for title in titles if title[-1] in ".,;:!"]
    assert {token.info for token in body if token.type == "fence"} <= {"mermaid"}
    tables = [line for line in lines if line.startswith("|")]
    assert all(re.fullmatch(r"\|( [^ ].*)? \|", line) for line in tables), name


def test_every_diagram_has_a_table_twin(sale: FlashSale) -> None:
    facts = facts_of(sale.workspace, sale.postmortem)
    with_them, without = (render_postmortem(facts, STYLES["id"], diagrams=on) for on in (True, False))
    assert with_them.count("```mermaid") == 2
    assert "mermaid" not in without
    blocks = re.findall(r"\n```mermaid\n.*?```\n", with_them, re.DOTALL)
    for block in blocks:
        with_them = with_them.replace(block, "", 1)
    assert [line for line in with_them.split("\n") if line] == [line for line in without.split("\n") if line]


def test_what_people_wrote_stands_in_its_section(sale: FlashSale) -> None:
    written: dict[str, Any] = {"decision": "keep the voucher | 20 %", "worked": "backup asset\nwas ready"}
    doc = {**sale.postmortem, "written": written}

    class Shown:
        """The state with that document."""

        def __getattr__(self, name: str) -> Any:
            return getattr(sale.workspace.state, name)

        def items(self, table: str, fields: Any = None) -> Any:
            return iter([(1, doc)]) if table == "postmortems" else sale.workspace.state.items(table, fields)

    from opstui.projections.postmortem import postmortem_facts

    facts = postmortem_facts(Shown(), sale.workspace.events_of, sale.campaign, sale.workspace.settings)
    text = render_postmortem(facts, STYLES["en"])
    assert "| Most important decision | keep the voucher \\| 20 % |" in text
    assert "## Most important decision\n\nWritten: keep the voucher \\| 20 %\n" in text
    assert "## What worked\n\nWritten:\n\n- backup asset\n- was ready\n" in text
    assert "## Where we were lucky\n\nTo write: " in text


def test_personal_data_is_masked(sale: FlashSale) -> None:
    text = render_of(sale.workspace, sale.postmortem)
    assert "Rahmawati" not in text
    assert "0812" not in text
    assert "\\[phone\\]" in text


def test_no_customer_is_named_in_text_or_file_name(tmp_path: Path) -> None:
    world = FlashSale()
    world.workspace.path = tmp_path
    order = world.card("orders", "2 bags for Budi S.", customer="Budi S.", description="budi s. waits, 081234567890")
    other = world.card("orders", "Citra D., 1 bag", customer="Citra D.")
    world.do(LinkCards(card=order, other=other))
    written = export_postmortem(world.workspace, of_card(world, order))
    assert written.path.name.endswith("-2-bags-for-b-s.md")
    text = written.path.read_text().lower()
    assert not [name for name in ("budi s", "citra", "0812") if name in text]


@pytest.mark.parametrize("board", ["actions", "campaigns"])
def test_tags_are_masked_in_front_matter_and_days_nowhere(board: str) -> None:
    world = FlashSale()
    other = world.card("orders", "x", customer="Citra D.")
    card = world.card(board, "a", tags=["081234567890", "citra@example.com", "vip"])
    world.do(LinkCards(card=card, other=other))
    text = render_of(world.workspace, {"card": card})
    assert yaml.safe_load(text.split("---")[1])["tags"] == ["[phone]", "[email]", "vip"]
    page = Page(facts_of(world.workspace, {"card": card}), STYLES["en"], "")
    assert page.value(Field("due", "Due", "date"), date(1, 1, 1)) == "0001-01-01"


def test_the_person_an_import_names_is_who_did_it() -> None:
    world = FlashSale()
    at = datetime(2026, 3, 1, tzinfo=UTC)
    steps = (
        Past(at=at, sort="stage", value="new"),
        Past(at=at, sort="stage", value="stock", by="budi"),
        Past(at=at, sort="stage", value="closed"),
    )
    draft = Draft(source="book", external_id="1", board="orders", title="Old", created=at, history=steps)
    card = world.do(ImportCard(draft=draft), by="rina", via="import").events[0].id
    text = render_of(world.workspace, {"card": card})
    assert [line.split(" | ")[2] for line in text.splitlines() if "EV-" in line] == [
        "rina (import)",
        "budi",
        "rina (import)",
    ]


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1", "TZ": "America/New_York", "LANG": "de_DE.UTF-8"},
        {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
    ],
)
@pytest.mark.parametrize("story", ["flash_sale", "looked_back"])
def test_the_same_bytes_on_every_machine(story: str, environment: dict[str, str]) -> None:
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "PYTHONPATH", "HOME", "VIRTUAL_ENV")}
    run = subprocess.run(
        [sys.executable, _HERE / f"{story}.py"], env=kept | environment, capture_output=True, check=True
    )
    assert run.stdout == (_GOLDEN / f"{story}.id.md").read_bytes()


def test_a_long_timeline_is_cut_and_counted_and_kept_in_an_appendix(tmp_path: Path) -> None:
    world = FlashSale()
    world.workspace.path = tmp_path
    assert render_appendix(facts_of(world.workspace, world.postmortem), STYLES["id"]) == ""
    for n in range(60):
        due = f"2026-{10 + n % 2}-01"
        world.on(16 + n // 24, n % 24, EditCard(card=world.campaign, values={"due": due, "sponsor": f"s{n}"}))
    text = render_of(world.workspace, world.postmortem)
    part = text.split("## Timeline")[1].split("## ")[0]
    assert part.count("| EV-") == 60
    assert "Left out here: " in part
    rows = len(facts_of(world.workspace, world.postmortem).timeline)
    written = export_postmortem(world.workspace, world.postmortem)
    appendix = written.path.with_name(f"{written.path.stem}-timeline.md").read_text()
    assert appendix.count("| EV-") == rows > 60


def test_exporting_again_writes_nothing_and_spares_what_was_edited(sale: FlashSale, tmp_path: Path) -> None:
    sale.workspace.path = tmp_path
    seq = sale.workspace.store.seq
    first = export_postmortem(sale.workspace, sale.postmortem)
    assert first.path.name == "2026-09-14-campaign-pm-2026-001-promo-9-9-flash-sale.md"
    assert first.path.parent == tmp_path / "exports"
    assert not export_postmortem(sale.workspace, sale.postmortem).changed
    first.path.write_text(first.path.read_text() + "\nMy own words.\n")
    second = export_postmortem(sale.workspace, sale.postmortem)
    assert (second.path.name[-6:], second.kept) == ("-r2.md", first.path)
    assert "My own words." in first.path.read_text()
    elsewhere = export_postmortem(sale.workspace, sale.postmortem, tmp_path / "mine.md")
    assert elsewhere.path.read_bytes() == second.path.read_bytes()
    assert sale.workspace.store.seq == seq
