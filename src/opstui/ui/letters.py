"""Letters to put on things, so that typing them chooses one: short, and under the fingers first."""

from __future__ import annotations

HOME_ROW_FIRST = "asdfghjklqwertyuiopzxcvbnm"


def letters(count: int) -> list[str]:
    """So many different words of one letter, or of two where one will not do; none begins another.

    The first ones are the shortest: as many single letters as leave enough pairs for the rest. More things than there
    are pairs get none.
    """
    size = len(HOME_ROW_FIRST)
    first = next((n for n in range(size + 1) if (size - n) + n * size >= count), size)
    single = HOME_ROW_FIRST[: size - first]
    pairs = (one + two for one in HOME_ROW_FIRST[size - first :] for two in HOME_ROW_FIRST)
    return [*single, *pairs][:count]
