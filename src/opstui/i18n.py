"""Every text that people read passes through `_` from the first line.

English is the source language; Bahasa Indonesia comes later as a catalogue, without touching a caller. Texts take
their values by `.format`, never by an f-string, so that a catalogue can move the words around.
"""

from gettext import NullTranslations

_catalogue = NullTranslations()


def _(message: str) -> str:
    """The message in the language of the session."""
    return _catalogue.gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """The message for `n` things, with `{n}` filled in."""
    return _catalogue.ngettext(one, many, n).format(n=n)
