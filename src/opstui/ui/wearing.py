"""Putting on another theme: chosen from the list of all of them, or by its name in the palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opstui.i18n import _
from opstui.ui.wardrobe import Wardrobe

if TYPE_CHECKING:
    from opstui.ui.screens.board import BoardScreen


def wardrobe(screen: BoardScreen) -> Wardrobe:
    """The application, as the one who has the themes."""
    assert isinstance(screen.app, Wardrobe)
    return screen.app


def why_not(screen: BoardScreen) -> str:
    """Why no other theme can be put on, if so."""
    app = wardrobe(screen)
    if app.no_color:
        return _("NO_COLOR is set, so no colour is shown; start without it to choose a theme")
    return _("this terminal has 16 colours, and they are its own: change them there") if app.few_colors else ""


def choose(screen: BoardScreen) -> None:
    """The list of themes; the one that is kept stays."""
    from opstui.ui.screens.theme import ThemeChooser  # noqa: PLC0415 - not needed for the first picture

    if why := why_not(screen):
        screen.say(why, "refused")
        return
    app = wardrobe(screen)

    async def ask() -> None:
        if name := await screen.ask(ThemeChooser(app.all_themes(), app.theme)):
            await _stays(screen, name)

    screen.run(ask())


def wear(screen: BoardScreen, name: str) -> None:
    """Put on the theme of this name, or tell what is wrong with it."""
    app = wardrobe(screen)
    loaded = app.all_themes()
    if name not in [theme.name for theme in loaded.themes]:
        wrong = "; ".join(loaded.warnings) or _("there is no theme {name} any more").format(name=name)
        screen.say(wrong, "refused")
        return
    app.theme = name
    screen.run(_stays(screen, name))


async def _stays(screen: BoardScreen, name: str) -> None:
    screen.say(_("the theme is {name} from now on").format(name=name))
    await screen.keep(theme=name)
