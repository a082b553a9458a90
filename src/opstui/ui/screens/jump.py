"""Jump mode: a letter stands on every card in sight, every lane and every tab, and typing it goes there.

The board draws the letters over the first cells of what they name, so that nothing moves and few bytes are sent. A
number (42) or a capital (ORD-0042) begins a card's own number instead. Everything is decided as the key comes, not
by a message later: the next key may be meant for the card one has jumped to.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from opstui.i18n import _
from opstui.ui.letters import letters
from opstui.ui.screens.destinations import card_of, go_to_card

if TYPE_CHECKING:
    from textual.events import Key

    from opstui.ui.screens.board import BoardScreen

LONGEST = 20
"""Characters of a number."""


class Jump:
    """One jump on a board screen, from the letters' coming to their going."""

    def __init__(self, screen: BoardScreen) -> None:
        """Put the letters on; cards get the shortest."""
        self._screen = screen
        cards, stages = screen.board.in_sight()
        tabs = range(len(screen.session.workspace.settings.boards))
        self._typed, self._number = "", ""
        words = letters(len(cards) + len(stages) + len(tabs))
        self._cards = dict(zip(words, cards, strict=False))
        self._stages = dict(zip(words[len(cards) :], stages, strict=False))
        self._tabs = dict(zip(words[len(cards) + len(stages) :], tabs, strict=False))
        screen.board.grab = self.key
        self._show()

    def end(self) -> None:
        """Take the letters off."""
        screen = self._screen
        screen.board.grab = None
        screen.board.put_letters({}, {})
        screen.header.put_letters(())
        screen.set_jump(None)

    def _show(self) -> None:
        """The letters that can still be meant, without those typed; the hint line says what goes on."""
        board, begun = self._screen.board, len(self._typed)
        left = {word: word[begun:] for word in self._words() if word.startswith(self._typed) and not self._number}
        board.put_letters(
            {self._cards[word]: rest for word, rest in left.items() if word in self._cards},
            {self._stages[word]: rest for word, rest in left.items() if word in self._stages},
        )
        self._screen.header.put_letters([left.get(word, "") for word in self._tabs])
        self._screen.set_jump(self)

    @property
    def hints(self) -> list[tuple[str, str]]:
        """(key, label) for the hint line."""
        if not self._number:
            return [("a-z", _("jump there")), ("0-9", _("a card's number")), ("esc", _("back"))]
        found = self._screen.desk.card(card_of(self._screen, self._number))
        what = found.title if found else _("no card has this number yet")
        return [("enter", _("to {n}").format(n=self._number)), ("esc", _("back")), ("", what)]

    def _words(self) -> tuple[str, ...]:
        return (*self._cards, *self._stages, *self._tabs)

    def key(self, event: Key) -> bool:
        """A key while the letters are on; whether it was meant for them. Another ends the jump, and acts."""
        letter = event.character if event.is_printable and event.character else ""
        if event.key == "escape":
            self.end()
        elif self._number or (letter and (letter.isdecimal() or letter.isupper())):
            return self._spell(event.key, letter)
        elif letter:
            self._type(letter)
        else:
            self.end()
            return False
        return True

    def _type(self, letter: str) -> None:
        """A letter of a word; one that begins none is left out."""
        typed = self._typed + letter
        if not any(word.startswith(typed) for word in self._words()):
            return
        self._typed = typed
        if (go := self._target(typed)) is not None:
            self.end()
            go()
        else:
            self._show()

    def _target(self, word: str) -> Callable[[], object] | None:
        screen = self._screen
        if word in self._cards:
            return partial(screen.board.goto_card, self._cards[word])
        if word in self._stages:
            return partial(screen.board.goto_lane, self._stages[word])
        return partial(screen.turning.to, self._tabs[word]) if word in self._tabs else None

    def _spell(self, key: str, letter: str) -> bool:
        """A character of a card's number, or the end of it."""
        if key == "enter":
            card = card_of(self._screen, self._number)
            if card is None:
                self._screen.say(_("{n}: no card has this number").format(n=self._number), "refused")
                return True
            self.end()
            go_to_card(self._screen, card)
        elif key == "backspace":
            self._number = self._number[:-1]
        elif not letter:
            self.end()
            return False
        else:
            self._number = (self._number + letter)[:LONGEST]
        if self._screen.jump is self:
            self._screen.hint.hush()
            self._show()
        return True
