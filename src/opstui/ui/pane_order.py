"""What the pane shows first: the groups by the member's role, or as they chose; and which pages its last line names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from opstui.i18n import _
from opstui.ui.widgets.kpi_pane import Page

if TYPE_CHECKING:
    from opstui.ui.commands import KeyCommand
    from opstui.ui.screens.board import BoardScreen

AS_USUAL = "usual"


def pages(commands: Mapping[str, KeyCommand]) -> tuple[Page, ...]:
    """The pages of numbers with the keys they have."""
    named = {
        "page_flow": _("flow"),
        "page_campaigns": _("campaigns"),
        "page_service": _("service"),
        "page_stock": _("stock"),
        "page_customers": _("customers"),
    }
    return tuple(Page(commands[command].show.partition(" ")[0], label, command) for command, label in named.items())


def show_figures(screen: BoardScreen) -> None:
    """The figures as the member wants them."""
    from opstui.projections.pane_groups import group_order, in_order  # noqa: PLC0415 - there when there are figures

    if (figures := screen.figures) is None:
        return
    role = screen.session.actor.role
    order = group_order(role, screen.session.kept.now.groups)
    tiles = in_order(figures.tiles, role, order)
    screen.pane.show(tiles, figures.flow, figures.campaigns, order)
    screen.strip.show(tiles)


async def choose(screen: BoardScreen) -> None:
    """Ask which group comes first; the others follow as they did."""
    from opstui.projections.pane_groups import group_order, put_first  # noqa: PLC0415
    from opstui.ui.screens.chooser import Chooser  # noqa: PLC0415 - not needed for the first picture
    from opstui.ui.widgets.option_list import Option  # noqa: PLC0415

    first = screen.session.kept.now.groups
    order = group_order(screen.session.actor.role, first)
    told = {
        "owner": (_("shop"), _("today's orders, stock")),
        "orders": (_("orders"), _("lead time, bottleneck")),
        "campaigns": (_("campaigns"), _("what the live ones bring")),
        "feedback": (_("feedback"), _("open tickets")),
    }
    options = [Option(group, *told[group], on=bool(first) and group == order[0]) for group in order]
    options.append(Option(AS_USUAL, _("as usual"), _("as your role has it"), on=not first))
    chosen = await screen.ask(Chooser(_("Which numbers come first"), options))
    if chosen is None:
        return
    name = chosen.ids[0]
    groups = put_first("" if name == AS_USUAL else name, first)
    screen.session.kept.choose(groups=groups)
    show_figures(screen)
    screen.say(_("numbers: {group} first").format(group=told[name][0]) if groups else _("numbers: as usual"))
    await screen.keep()
