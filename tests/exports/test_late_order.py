"""Post-mortems of orders that really were late: every number is what an independent script makes of the tables."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from independent import late_order
from opstui.domain.commands import DraftPostmortem
from opstui.exports.postmortem import facts_of, render_postmortem
from opstui.exports.style import STYLES
from projections.figures.test_olist import Shop

pytestmark = pytest.mark.real_exports


def tables(text: str) -> list[list[list[str]]]:
    """The tables of a part of the document, without their heads, as people read them."""
    found = re.findall(r"((?:^\|.*\|\n)+)", text, re.MULTILINE)
    return [[_cells(row) for row in table.splitlines()[2:]] for table in found]


def _cells(row: str) -> list[str]:
    return [re.sub(r"\\(.)", r"\1", cell) for cell in row.strip("| ").split(" | ")]


def section(text: str, title: str) -> str:
    return text.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_every_number_of_late_orders_is_that_of_the_tables(real_exports: Path) -> None:
    folder = real_exports / "olist" / "sample_3000_albuquerques"
    shop, names = Shop(folder), late_order.late(folder)
    assert len(names) > 20
    for name in (*names[:2], names[len(names) // 2], names[-1]):
        card = shop.workspace.state.find_external("olist", name)
        assert card is not None
        shop.do(DraftPostmortem(card=card, severity="SEV3"))
        text = render_postmortem(facts_of(shop.workspace, {"card": card}), STYLES["en"])
        check(text, folder, name, shop.doc(card)["ref"])


def check(text: str, folder: Path, name: str, ref: str) -> None:
    measures, orders = tables(section(text, "Impact"))
    told = late_order.impact(folder, name)
    told[-1][1] += f" ({ref})"
    assert measures == told
    assert orders == [[ref, *late_order.order(folder, name)]]
    waits, usual, since = late_order.waits(folder, name)
    waited = section(text, "Where the work waited")
    assert tables(waited) == [waits]
    others = "1 other order that was done" if usual == 1 else f"{usual} other orders that were done"
    assert (f"{others} from {since}" in waited) == (usual > 0)
    (stages,) = tables(section(text, "Stages and delays"))
    assert [row[:4] for row in stages[:-1]] == late_order.stages(folder, name)
    assert section(text, "Summary").strip() == f"From facts: {late_order.summary(folder, name)}"
    (story,) = tables(section(text, "Timeline"))
    assert [[row[0], row[3]] for row in story if row[1] != "postmortem"] == late_order.story(folder, name)
    head = yaml.safe_load(text.split("---\n")[1])
    mine = late_order.orders(folder)[name]
    assert (head["kind"], head["cards"], head["orders_affected"], head["currency"]) == (
        "order_incident", [ref], 1, "BRL",
    )  # fmt: skip
    assert f"from {mine['steps'][0][1]:%Y-%m-%d %H:%M} to {mine['done']:%Y-%m-%d %H:%M}" in text
