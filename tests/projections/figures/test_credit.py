"""What led to the orders: the models add up to what was sold, and every row opens its orders."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from domain.world import World
from opstui.domain.commands import CreateCard, EditCard, MoveCard
from opstui.domain.model import Money, Refused
from opstui.projections.figures.campaign_page import page
from opstui.projections.panels import Element, Panel
from opstui.spreadsheet import read, unguarded, written
from opstui.typed import Here, touch_text, typed_touches
from projections.figures.law import broken


class Shop(World):
    """Orders that say what led to them."""

    def sold(self, total: int, *touches: tuple[str, int] | str, currency: str = "IDR") -> int:
        """An order; a touch is a channel, or a channel and how many days before."""
        rows = []
        for touch in touches:
            name, before = (touch, None) if isinstance(touch, str) else touch
            day = {} if before is None else {"day": str((self.at - timedelta(days=before)).date())}
            rows.append({"channel": name, **day})
        fields = {"total": total, "currency": currency, **({"touches": rows} if rows else {})}
        return self.events(CreateCard(board="orders", title="An order", fields=fields))[0].id

    def panel(self) -> Panel:
        found = page(self.workspace.histories.source(as_of=self.at, days=30))
        assert broken(found, self.workspace, self.at) == []
        return next(panel for panel in found.panels if panel.id == "campaigns.credit")


def rows(panel: Panel) -> dict[str, Element]:
    return {element.label: element for element in panel.elements}


def test_the_models_stand_side_by_side() -> None:
    shop = Shop()
    shop.sold(100_000, ("Meta", 9), ("google", 2), ("whatsapp", 0))
    shop.sold(50_000, "meta")
    shop.sold(30_000)
    shop.sold(9_000, ("meta", 400))
    shop.do(MoveCard(card=shop.sold(70_000, "google"), stage="cancelled"))
    shop.sold(70_000, "google", currency="USD")
    panel = shop.panel()
    found = rows(panel)
    assert list(found)[-1] == "nothing is written"
    total = 189_000
    assert found["meta"].rest[0] == pytest.approx(150_000 / total)
    assert found["meta"].rest[1] == pytest.approx(50_000 / total)
    assert found["whatsapp"].rest[1] == pytest.approx(100_000 / total)
    assert found["nothing is written"].value == Money(39_000, "IDR")
    assert (found["meta"].cards, found["google"].cards, found["nothing is written"].cards) == (3, 3, 1)
    assert isinstance(found["google"].value, str)
    assert "fewer than 100 orders" in panel.says
    for model in range(5):
        assert sum(element.rest[model] or 0 for element in found.values()) == pytest.approx(1)  # type: ignore[misc]
    assert {element.rest[5] for element in found.values()} == {None}, "too few for a chain"


def test_nothing_written_says_where_to_write_it() -> None:
    shop = Shop()
    shop.sold(30_000)
    assert "Led to it" in shop.panel().missing


@pytest.mark.parametrize("seed", range(4))
def test_any_paths(seed: int) -> None:
    dice, shop = random.Random(seed), Shop()
    for _order in range(130):
        names = dice.choices(("meta", "Google", 'quo"ted', "a, b", "none of it"), k=dice.randint(0, 4))
        touches = [(name, dice.choice((0, 3, 29, 31, 90))) for name in names]
        card = shop.sold(dice.choice((0, 1, 99_999)), *touches, currency=dice.choice(("IDR", "IDR", "USD")))
        if dice.random() < 0.2:
            shop.do(MoveCard(card=card, stage="cancelled"))
    assert shop.panel().elements


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ([{"channel": ""}], "1 to 40"),
        ([{"channel": "a; b"}], "1 to 40"),
        ([{"channel": "None"}], "1 to 40"),
        ([{"channel": "a", "day": "0001-01-01"}], "not between"),
        ([{"channel": "a"}] * 51, "at most 50"),
        ([{"channel": "a", "day": "soon"}], "touches"),
    ],
)
def test_what_cannot_be_is_refused(value: list[dict[str, Any]], why: str) -> None:
    shop = Shop()
    card = shop.sold(1)
    with pytest.raises(Refused, match=why):
        shop.do(EditCard(card=card, values={"touches": value}))


@pytest.mark.parametrize("text", ["meta", "meta 2026-09-01; whatsapp", "a b, c 2026-09-01"])
def test_what_is_typed_is_shown_and_exported_so_that_it_can_be_typed_again(text: str) -> None:
    from opstui.domain.fieldwork import known_field

    found = typed_touches(text)
    assert "; ".join(map(touch_text, found)) == text
    field, here = known_field("order", "touches"), Here(World().at, World().workspace.settings.zone, "IDR")
    assert read(field, unguarded(written(field, found, here)), here) == found


@pytest.mark.parametrize("text", ["meta 2026-13-01", "x" * 41])
def test_what_is_no_touch_says_how_one_reads(text: str) -> None:
    with pytest.raises(ValueError, match="what led to it reads"):
        typed_touches(text)
