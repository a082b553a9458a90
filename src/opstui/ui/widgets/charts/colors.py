"""Which colour and which pattern a series or a state has, the same in every chart."""

from __future__ import annotations

from opstui.projections.panels import Element
from opstui.ui.glyphs import MARKS

SERIES = 6
"""How many series colours a theme has."""
PATTERNS = "█░▓·▒+=o"
"""What bands are filled with where there is no colour; neighbours differ most."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"
STATES = {"good": "ok", "warn": "warn", "bad": "late"}
GUIDES = ("ok", "warn", "late")
"""The colours of guides, from the lowest to the highest."""


def series_color(number: int) -> str:
    """The colour of the n-th series."""
    return f"series-{number % SERIES + 1}"


def pattern(number: int) -> str:
    """What stands for that colour where there is none."""
    return PATTERNS[number % len(PATTERNS)]


def letter(number: int) -> str:
    """What the points of that series are where there is no colour."""
    return LETTERS[number % len(LETTERS)]


def element_color(element: Element, number: int = 0) -> str:
    """By state; where that says nothing, by series."""
    return STATES.get(element.state, series_color(number))


def value_color(element: Element) -> str:
    """The colour of a written number."""
    return STATES.get(element.state, "ink")


def mark(element: Element) -> str:
    """What tells an element's state without colour: the same signs as everywhere."""
    return MARKS[element.state] if element.state in ("warn", "bad") else MARKS["down"] if element.marked else ""


def mark_color(element: Element) -> str:
    """The colour of that sign; one that is only marked warns."""
    return STATES.get(element.state, "warn")
