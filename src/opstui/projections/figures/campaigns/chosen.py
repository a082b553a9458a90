"""Which campaigns the page is about, and their daily rows of one currency.

Amounts of two currencies are never added: the page is in the one with most rows, and says what it leaves out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from msgspec import Struct

from opstui.domain.boards import Board
from opstui.domain.figures import rows_of
from opstui.domain.model import SHOP, Doc, Money
from opstui.i18n import _
from opstui.metrics.marketing import MONEY
from opstui.projections.figures.queries import named
from opstui.projections.figures.source import Source
from opstui.projections.panels import Value

BASELINE = 90
"""Days before the period whose figures tell what is usual."""
LIVE = "live"


class Chosen(Struct, frozen=True, kw_only=True, dict=True):
    """The campaigns that the page is about, with their daily rows of one currency; `others` rows are in another."""

    source: Source
    board: Board
    cards: tuple[int, ...]
    rows: Sequence[Doc]
    currency: str
    others: int
    every: Sequence[Doc] = ()
    """The rows of all campaigns."""
    sold: Sequence[Doc] = ()
    """What the shop itself sold."""

    @cached_property
    def within(self) -> list[Doc]:
        """The rows of the period."""
        first, after = (day.isoformat() for day in self.source.period)
        return [row for row in self.rows if first <= row["day"] < after]

    @property
    def single(self) -> int | None:
        """The campaign, where it is about one."""
        return self.cards[0] if len(self.cards) == 1 else None

    def behind(self, rows: Iterable[Doc]) -> tuple[int, str]:
        """How many campaigns these rows are of, and what finds them."""
        cards = {row["card"] for row in rows}
        query = named(self.source.reader, self.board, cards)
        return (len(cards), query) if query else (0, "")

    def worth(self, metric: str, value: float | None) -> Value:
        """A metric as it is shown; `value` is in minor units where it is money."""
        return Money(round(value), self.currency) if value is not None and metric in MONEY else value

    def money(self, amount: float) -> str:
        """An amount of minor units in a sentence."""
        return self.source.formats.money(Money(round(amount), self.currency))


def choose(source: Source, board: Board) -> Chosen:
    """The campaign under the cursor, else those that are live, else those with figures in the period."""
    doc = source.reader.get("cards", source.card) if source.card is not None else None
    first = source.first.isoformat()
    known = list(rows_of(source.reader))
    shop, every = [row for row in known if row["channel"] == SHOP], [row for row in known if row["channel"] != SHOP]
    of_board = {
        row["card"] for row in every if (source.reader.get("cards", row["card"]) or {}).get("board") == board.id
    }
    if doc is not None and doc["board"] == board.id:
        cards: tuple[int, ...] = (doc["id"],)
    else:
        live = tuple(n for n in source.reader.lane(board.id, LIVE) if n not in {row["card"] for row in shop})
        cards = live or tuple(sorted({row["card"] for row in every if row["day"] >= first} & of_board))
    rows = sorted((row for row in every if row["card"] in set(cards)), key=lambda row: (row["day"], row["channel"]))
    currency = _currency(rows, source.settings.currency)
    ours = [row for row in rows if row["currency"] == currency]
    sold = [row for row in shop if row["currency"] == currency]
    return Chosen(
        source=source,
        board=board,
        cards=cards,
        rows=ours,
        currency=currency,
        others=len(rows) - len(ours),
        every=[row for row in every if row["card"] in of_board],
        sold=sold,
    )


def _currency(rows: Sequence[Doc], usual: str) -> str:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["currency"]] = counts.get(row["currency"], 0) + 1
    return max(sorted(counts), key=lambda code: (counts[code], code == usual), default=usual)


def no_rows() -> str:
    """What stands where a period has no daily figures."""
    return _("no daily figures in this period; import a file from your ads, or look further back with ]")


SUMMED: tuple[tuple[str, Callable[[], str]], ...] = (
    ("spend", lambda: _("Spend")),
    ("revenue", lambda: _("Revenue")),
    ("roas", lambda: "ROAS"),
    ("cpa", lambda: "CPA"),
    ("ctr", lambda: "CTR"),
    ("cvr", lambda: "CVR"),
    ("cpc", lambda: "CPC"),
    ("cpm", lambda: "CPM"),
)
"""The figures of the summary, and what they are called."""


def name_of(metric: str) -> str:
    """What people call a metric."""
    return next((name() for known, name in SUMMED if known == metric), metric)
