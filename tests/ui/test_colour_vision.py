"""The colour-blind safe theme, seen through three kinds of colour blindness: no two series or states look alike.

The matrices are those of Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB; the distance is that of
CIE 1976 in L*a*b*, where 2.3 is just noticeable.
"""

from __future__ import annotations

from itertools import combinations
from math import dist

import pytest

from opstui.ui.themes import colors_of, load_themes

Triple = tuple[float, float, float]

EYES: dict[str, tuple[Triple, Triple, Triple]] = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
WHITE = (0.95047, 1.0, 1.08883)
LEAST = 22.0
"""Ten times what is just noticeable, for marks as small as a letter."""
SERIES = [f"series-{n}" for n in range(1, 7)]
STATES = ["accent", "late", "blocked", "warn", "ok", "ink"]
COLORS = {theme.name: colors_of(theme) for theme in load_themes().themes}


def times(matrix: tuple[Triple, Triple, Triple], vector: Triple) -> Triple:
    """A matrix times a vector."""
    a, b, c = (sum(m * v for m, v in zip(line, vector, strict=True)) for line in matrix)
    return a, b, c


def linear(color: str) -> Triple:
    """#rrggbb as linear RGB."""
    red, green, blue = (
        v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4
        for v in (int(color[n : n + 2], 16) / 255 for n in (1, 3, 5))
    )
    return red, green, blue


def seen(color: str, eyes: str) -> Triple:
    """A colour as L*a*b*, as those eyes see it."""
    red, green, blue = (min(1.0, max(0.0, v)) for v in times(EYES[eyes], linear(color)))
    x, y, z = (
        v ** (1 / 3) if v > 216 / 24389 else (24389 / 27 * v + 16) / 116
        for v in (part / white for part, white in zip(times(XYZ, (red, green, blue)), WHITE, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def closest(colors: dict[str, str], tokens: list[str], eyes: str) -> tuple[float, str, str]:
    """(distance, token, token) of the two that look most alike."""
    return min(
        (dist(seen(colors[one], eyes), seen(colors[two], eyes)), one, two) for one, two in combinations(tokens, 2)
    )


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("tokens", [SERIES, STATES])
def test_no_two_look_alike(eyes: str, tokens: list[str]) -> None:
    distance, one, two = closest(COLORS["colour-blind"], tokens, eyes)
    assert distance >= LEAST, (one, two)


@pytest.mark.parametrize("eyes", ["protanopia", "deuteranopia"])
def test_the_simulation_finds_what_is_known_to_be_confused(eyes: str) -> None:
    """Red and green of one lightness, and the dark theme's series, which are meant for usual eyes."""
    alike = {"red": "#c06060", "green": "#7f7f5a"}
    assert closest(alike, ["red", "green"], "usual")[0] > closest(alike, ["red", "green"], eyes)[0]
    assert closest(COLORS["dark"], SERIES, eyes)[0] < LEAST


@pytest.mark.parametrize("name", [name for name in COLORS if name != "terminal"])
def test_in_every_theme_usual_eyes_tell_series_and_states_apart(name: str) -> None:
    assert closest(COLORS[name], SERIES, "usual")[0] >= LEAST
    assert closest(COLORS[name], ["accent", "late", "ok", "ink"], "usual")[0] >= LEAST
