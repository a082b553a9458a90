"""The open card of a campaign says what earlier ones taught."""

from __future__ import annotations

from exports.test_lessons import TODAY, Shop
from opstui.domain.model import Card
from opstui.formats import Formats
from opstui.projections.detail import DetailView, detail_view
from opstui.ui.widgets.card_view import _taught


def view(shop: Shop, card: Card) -> DetailView:
    workspace = shop.workspace
    board = workspace.settings.board(card.board)
    assert board is not None
    formats = Formats(workspace.settings.locale, workspace.settings.currency, workspace.settings.zone)
    return detail_view(card, board=board, reader=workspace.state, today=TODAY, now=workspace.now(), formats=formats)


def test_lessons_keep_to_the_width_and_are_no_markup() -> None:
    shop = Shop()
    card = shop.card("campaigns", title="10.10", tags=["ramadan"])
    lines = [line.plain for line in _taught(view(shop, shop.workspace.card(card)), 30)]
    assert "What earlier ones taught" in lines[1] or "What earlier ones taught" in lines[0]
    assert "PB-0001  Test links first" in lines
    assert max(map(len, lines)) <= 30
    assert any("<img" in line for line in lines)
    assert list(_taught(view(shop, shop.workspace.card(shop.order)), 30)) == []
