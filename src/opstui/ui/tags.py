"""Tags of many cards at once, as people type them: set anew, or some added and some taken away."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from opstui.domain.model import clean_line
from opstui.i18n import _
from opstui.typed import typed_tags

NOTHING = "-"
"""Typed alone: no value. An empty field of many cards is more often a slip than a wish."""


class TagChange(Struct, frozen=True):
    """What is to become of a card's tags. `relative` when it depends on those it has."""

    add: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    relative: bool = True

    def __call__(self, tags: Iterable[str]) -> list[str]:
        """The tags afterwards, in their order, the new ones behind."""
        kept = [tag for tag in tags if tag not in self.drop] if self.relative else []
        return list(dict.fromkeys([*kept, *self.add]))


def read_tags(text: str) -> TagChange:
    """`+vip -old`, commas or blanks between; or `wholesale, repeat`, which sets them; or `-`: none.

    Raises:
        ValueError: there are signs on some of them only, or on nothing.
    """
    words = clean_line(text).replace(",", " ").split()
    signed = [word for word in words if word[0] in "+-"]
    if not signed or words == [NOTHING]:
        return TagChange(tuple(typed_tags(text)) if not signed else (), relative=False)
    if len(signed) < len(words) or not all(word[1:].strip("#") for word in words):
        raise ValueError(_("put + or - before each tag, or before none"))
    add, drop = ([w[1:].strip("#") for w in words if w[0] == sign] for sign in "+-")
    return TagChange(tuple(add), tuple(drop))
