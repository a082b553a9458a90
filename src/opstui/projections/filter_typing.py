"""A filter while it is being typed: a last word that is only begun is waited for, so that no board empties on the way.

`owner:` says nothing yet, `owner:ri` is on the way to somebody, and `owne` may be a word of a card or the beginning of
a key. Once the person is done typing everything counts as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from opstui.i18n import _
from opstui.projections.filter_keys import KEYS
from opstui.projections.filter_offers import LEAST

_TERM = re.compile(r'(?:^|(?<=\s))-?([a-zA-Z_]+):([^\s"]*,)?(?:[<>]=?|=)?([^\s",]*)$')
_WORD = re.compile(r"(?:^|(?<=\s))([a-zA-Z_]+)$")
EXAMPLES = {"total": "total:>500000", "budget": "budget:>500000", "age": "age:>3d", "score": "score:<=2"}


class SoFar(Struct, frozen=True):
    """What can be filtered by (`ready`), and what the last word still `needs`, "" where it is whole.

    `spare` is what to filter by where `ready` finds nothing, because its last word may become a key; then `unless`
    says so.
    """

    ready: str
    needs: str = ""
    spare: str | None = None
    unless: str = ""


def so_far(query: str, options: Sequence[str]) -> SoFar:
    """How to take a query that is being typed; `options` is what may stand in the place of its last word or value."""
    if (term := _TERM.search(query)) and term[1].lower() in KEYS:
        key, others, value = term[1].lower(), term[2], term[3].casefold()
        if value and (not options or value in {option.casefold() for option in options}):
            return SoFar(query)
        return SoFar(query[: term.start(3) if others else term.start()], "  ".join(options) or _wanted(key))
    if (word := _WORD.search(query)) and len(word[1]) >= LEAST:
        keys = [f"{key}:" for key in KEYS if key.startswith(word[1].lower())]
        told = _('no card says "{word}"; go on for {keys}').format(word=word[1], keys="  ".join(keys))
        return SoFar(query, "", query[: word.start()], told) if keys else SoFar(query)
    return SoFar(query)


def _wanted(key: str) -> str:
    """What has to follow a key whose values nobody can list."""
    if example := EXAMPLES.get(key):
        return _("go on, like {example}").format(example=example)
    return _("{key}: needs a value").format(key=key)
