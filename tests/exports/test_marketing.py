"""Post-mortems of real campaigns: every number in them is what an independent script makes of the same file."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from domain.world import World
from independent import marketing
from opstui.domain.commands import DraftPostmortem, EditCard
from opstui.exports.postmortem import facts_of, render_of
from opstui.imports.interface import Context
from opstui.imports.load import carry_out
from opstui.imports.registry import FORMATS

pytestmark = pytest.mark.real_exports
BUDGET = 1_500_000
TARGETS = {
    "roas": (3, 2), "ctr": (1, 100), "cvr": (1, 400), "cpa": (5000, 1), "cpc": (20, 1), "cpm": (150, 1),
    "conversions": (100, 1), "leads": (1000, 1), "spend": (1_000_000, 1), "revenue": (2_000_000, 1),
}  # fmt: skip
_OF_THE_WORKSPACE = re.compile(
    r'schema: |id: "PM-|card: "CMP-|actions_|as_of: |event_seq_last: |source_digest: |subject: |# Campaign post-mortem'
    r"|> Draft\. Facts|\| Budget \| Rp 1,500,000 \| n/a|\| Targets \||  2 Post-mortem :|\| Post-mortem \|"
    r"|\|.*\| EV-\d+ \||Left out here: |\| rina \||\| Drafted \||- Imported events|- CSAT is the share|  y-axis "
)
"""Lines with a number that is not the file's: refs, when it was imported, the brief as it was typed."""

_ODD = re.compile(r"\| (\d{4}-\d\d-\d\d) \| (?:social|search|influencer|media) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|")


def _right(rows: list[marketing.Row], day: str, measure: str, value: str, usual: str) -> bool:
    """Whether a day that is called odd has that value in the file, and the usual one is the middle of those before."""
    was, known = marketing.odd_day(rows, date.fromisoformat(day), measure)
    return value == was and usual in known


class Shop(World):
    """The campaigns of the file in a workspace, and what their briefs might have said."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        reading = FORMATS["marketing-csv"].read(
            [path], Context(zone=self.workspace.settings.zone, currency="IDR", now=self.at)
        )
        carry_out(lambda commands: self.do(*commands, via="import"), reading)
        self.cards = {doc["title"]: number for number, doc in self.workspace.state.items("cards")}
        wanted = [{"metric": name, "target": over / under} for name, (over, under) in TARGETS.items()]
        for card in self.cards.values():
            self.do(EditCard(card=card, values={"budget": BUDGET, "targets": wanted}), DraftPostmortem(card=card))

    def text(self, name: str) -> str:
        """The post-mortem of a campaign."""
        found = (doc for _id, doc in self.workspace.state.items("postmortems") if doc["card"] == self.cards[name])
        return render_of(self.workspace, next(found))


def test_every_number_is_the_files(real_exports: Path) -> None:
    path = real_exports / "ads" / "Marketing.csv"
    shop, campaigns = Shop(path), marketing.campaigns(path)
    assert set(shop.cards) == set(campaigns)
    for name, rows in campaigns.items():
        lines = shop.text(name).split("\n")
        numbers = [line for line in lines if re.search(r"\d", line)]
        expected = list(marketing.expected(rows, name, BUDGET, TARGETS))
        assert [line for line in expected if line not in lines] == [], name
        odd = [line for line in numbers if (found := _ODD.fullmatch(line)) and _right(rows, *found.groups())]
        expected += odd
        assert [line for line in numbers if line not in expected and not _OF_THE_WORKSPACE.match(line)] == [], name


def test_a_file_that_says_other_things_is_noticed(real_exports: Path) -> None:
    """The check itself: a number that is off by one is in no line."""
    path = real_exports / "ads" / "Marketing.csv"
    shop, campaigns = Shop(path), marketing.campaigns(path)
    name, rows = next(iter(campaigns.items()))
    lines = shop.text(name).split("\n")
    wrong = [{**row, "mark_spent": row["mark_spent"] + 1000} for row in rows]
    missing = [line for line in marketing.expected(wrong, name, BUDGET, TARGETS) if line not in lines]
    assert len(missing) > len(rows)


def test_a_post_mortem_as_of_a_day_sums_the_rows_until_then(real_exports: Path) -> None:
    path = real_exports / "ads" / "Marketing.csv"
    shop, campaigns = Shop(path), marketing.campaigns(path)
    for name, rows in campaigns.items():
        end = datetime(2021, 2, 14, 10, tzinfo=UTC)
        facts = facts_of(shop.workspace, {"card": shop.cards[name]}, end)
        until = marketing.sums([row for row in rows if row["day"].isoformat() <= "2021-02-14"])
        totals = facts.totals  # type: ignore[union-attr]
        assert (totals.spend, totals.revenue, totals.clicks, totals.conversions) == (
            until["mark_spent"], until["revenue"], until["clicks"], until["orders"],
        )  # fmt: skip
