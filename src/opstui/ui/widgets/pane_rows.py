"""The pane's rows put together: a section for each group, with as much air and as many headings as there is room."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from opstui.formats import Formats
from opstui.i18n import _
from opstui.projections.pane_groups import group_of
from opstui.ui.ink import cells, clip
from opstui.ui.widgets.kpi_lines import Row, campaign_rows, flow_rows, tile_rows

if TYPE_CHECKING:
    from opstui.domain.registry import Group
    from opstui.projections.pane import CampaignLine, FlowLines
    from opstui.projections.tiles import Tile

RULE, EDGE = "─", 2
"""What a heading goes on with, and the cells it leaves before it and at the edge."""


class Section(Struct, frozen=True):
    """A group: its heading, and its rows with air between the tiles and without."""

    title: str
    roomy: tuple[Row, ...]
    close: tuple[Row, ...]


class Shown(Struct, frozen=True):
    """What the pane shows, and its groups in their order."""

    tiles: Sequence[Tile] = ()
    flow: FlowLines | None = None
    campaigns: Sequence[CampaignLine] = ()
    order: Sequence[Group] = ()


def sections(shown: Shown, formats: Formats, width: int) -> Iterator[Section]:
    """The groups that have something to say, in their order."""
    if not shown.tiles:
        return
    for group in shown.order:
        below = tuple(_below(shown, group, formats, width))
        tiles = [tile for tile in shown.tiles if group_of(tile) == group]
        roomy, close = (tuple(tile_rows(tiles, formats, spaced=air, width=width)) for air in (True, False))
        if tiles or below:
            yield Section(title_of(group, shown.flow), (*roomy, *below), (*close, *below))


def title_of(group: Group, flow: FlowLines | None = None) -> str:
    """The heading of a group."""
    match group:
        case "owner":
            return _("Today")
        case "orders":
            return _("{board}, 30 days").format(board=flow.name) if flow else _("Orders")
        case "campaigns":
            return _("Campaigns live")
        case _:
            return _("Feedback")


def _below(shown: Shown, group: Group, formats: Formats, width: int) -> Iterable[Row]:
    """What a group has besides tiles."""
    if group == "orders" and shown.flow:
        return flow_rows(shown.flow, formats, width)
    if group == "campaigns" and shown.campaigns:
        return campaign_rows(shown.campaigns, formats, width)
    if group == "campaigns" and shown.flow:
        return (Row(((_("none just now"), "faint"),)),)
    return ()


def arranged(shown: Shown, formats: Formats, width: int, height: int) -> list[Row]:
    """The rows in the roomiest way that goes into so many lines; headings are the last to go before it is scrolled."""
    found = list(sections(shown, formats, width))
    after = _silence(shown)
    for way in (_roomy, _parted, _headed):
        rows = [*way(found, width), *after]
        if len(rows) <= height:
            return rows
    return [*(row for section in found for row in section.close), *after]


def _roomy(found: Sequence[Section], width: int) -> Iterator[Row]:
    yield Row()
    yield from _spread(found, width, lambda section: section.roomy)


def _parted(found: Sequence[Section], width: int) -> Iterator[Row]:
    yield from _spread(found, width, lambda section: section.close)


def _spread(found: Sequence[Section], width: int, rows_of: Callable[[Section], tuple[Row, ...]]) -> Iterator[Row]:
    last = Row()
    for section in found:
        if not last.is_blank:
            yield Row()
        yield heading(section.title, width)
        rows = rows_of(section)
        yield from rows
        last = rows[-1]


def _headed(found: Sequence[Section], width: int) -> Iterator[Row]:
    for section in found:
        yield heading(section.title, width)
        yield from section.close


def heading(title: str, width: int) -> Row:
    """A word in a rule."""
    title = clip(title, width)
    rest = width - cells(title) - EDGE
    return Row(((title, "ink"), (" " + RULE * rest if rest > 0 else "", "thumb")), title=True)


def _silence(shown: Shown) -> Sequence[Row]:
    """What stands where nothing has happened yet."""
    if not shown.tiles:
        return (Row(), Row(((_("counting the cards ..."), "faint"),)))
    if any(tile.value for tile in shown.tiles) or (shown.flow and shown.flow.lead_p50 is not None):
        return ()
    return (Row(), Row(((_("Figures come with the first cards."), "faint"),)))
