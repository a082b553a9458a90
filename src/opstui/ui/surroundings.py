"""What a computer knows of where its people are: a time zone and a currency to offer for a new workspace."""

from __future__ import annotations

import os
from collections.abc import Mapping
from zoneinfo import ZoneInfo

DEFAULT_ZONE, DEFAULT_CURRENCY = "Asia/Jakarta", "IDR"
_NOWHERE = ("UTC", "Etc/UTC", "Etc/UCT", "Etc/GMT", "GMT", "UCT", "Universal", "Zulu", "Factory")
"""Zones of servers: they say nothing about people."""
_MARK = "zoneinfo/"


def zone_here(environ: Mapping[str, str], link: str = "/etc/localtime") -> str:
    """The IANA zone that $TZ or the system names, or else the usual one."""
    leads_to = os.path.realpath(link)
    names = (environ.get("TZ", "").lstrip(":"), leads_to.partition(_MARK)[2])
    return next((name for name in names if name and name not in _NOWHERE and is_zone(name)), DEFAULT_ZONE)


def is_zone(name: str) -> bool:
    """Whether there is a zone of that name."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def currency_of(zone: str) -> str:
    """The currency of the country that a zone is the time of, or else the usual one."""
    from babel.core import get_global  # noqa: PLC0415 - only when a workspace is made
    from babel.numbers import get_territory_currencies  # noqa: PLC0415

    country = get_global("zone_territories").get(zone)
    known = get_territory_currencies(country) if country else ()
    return str(known[0]) if known else DEFAULT_CURRENCY
