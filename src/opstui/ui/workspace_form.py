"""The rows of the form that a new workspace is made with. What `init` would refuse is told at its field."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from opstui import config
from opstui.currencies import COMMON
from opstui.domain.model import clean_line
from opstui.i18n import _
from opstui.ui.offers import Source, among
from opstui.ui.paths import Reach
from opstui.ui.rows import Row
from opstui.ui.screens.start import short
from opstui.ui.surroundings import currency_of, is_zone, zone_here

if TYPE_CHECKING:
    from opstui.ui.start import Offer

USUAL = {"name": "x", "currency": "IDR", "timezone": "UTC", "locale": "en"}


def rows_of(offer: Offer) -> list[Row]:
    """Name, folder, currency, time zone, and how numbers are written."""
    zone = zone_here(os.environ)
    currency = currency_of(zone)
    reach = Reach((Path.cwd(),))
    return [
        Row(name="name", label=_("Name"), read=clean_line, hint=_("what people call it; else the folder's name")),
        Row(
            name="folder",
            label=_("Folder"),
            text=str(folder_for(offer.folder, named=offer.named)),
            required=True,
            read=partial(_folder, reach),
            complete=reach.complete,
            hint=_("a new or empty one"),
        ),
        Row(
            name="currency",
            label=_("Currency"),
            text=currency,
            required=True,
            source=Source(among(dict.fromkeys((currency, *COMMON)))),
            read=_judged("currency", str.upper),
            echo=_currency,
            hint=_("three letters, like IDR"),
        ),
        Row(
            name="timezone",
            label=_("Time zone"),
            text=zone,
            required=True,
            source=Source(among(sorted(available_timezones()))),
            read=_judged("timezone", str),
            echo=partial(_time_in, offer.now),
            hint="Asia/Jakarta",
        ),
        Row(
            name="locale",
            label=_("Numbers like"),
            text="id" if zone.startswith("Asia/") and currency == "IDR" else "en",
            choices=("en", "id"),
            required=True,
            read=_judged("locale", str),
        ),
    ]


def folder_for(looked: Path, *, named: bool) -> Path:
    """The folder to offer: the one that was named, or is empty; else a new one in it."""
    try:
        if named or not any(looked.iterdir()):
            return Path(short(looked))
    except OSError:
        return Path(short(looked))
    free = next(name for name in ("shop", *(f"shop-{n}" for n in range(2, 999))) if not (looked / name).exists())
    return Path(short(looked / free))


def _folder(reach: Reach, text: str) -> Path:
    path = reach.locate(text)
    if os.path.lexists(path) and not path.is_dir():
        raise ValueError(_("this is a file; name a new folder"))
    return path


def _judged(name: str, tidy: Callable[[str], str]) -> Callable[[str], str]:
    """Reads a setting by the rules that the settings file has for it."""

    def read(text: str) -> str:
        value = tidy(clean_line(text))
        try:
            config.written(**{**USUAL, name: value})
        except config.Malformed as wrong:
            raise ValueError(str(wrong)) from None
        return value

    return read


def _currency(text: str) -> str:
    from babel.numbers import get_currency_name, is_currency  # noqa: PLC0415 - only when a workspace is made

    code = clean_line(text).upper()
    return get_currency_name(code, locale="en") if is_currency(code) else ""


def _time_in(now: datetime, text: str) -> str:
    name = clean_line(text)
    return _("there it is {time} now").format(time=f"{now.astimezone(ZoneInfo(name)):%H:%M}") if is_zone(name) else ""
