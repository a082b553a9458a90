"""What is being written in the sections of a post-mortem and is not saved yet; a console that is killed leaves it.

Each text goes with what stood there when it was begun: so what somebody else wrote meanwhile is noticed, and when what
was left behind is taken up again, it is saved only over what it was written over.
"""

from __future__ import annotations

from collections.abc import Callable

from opstui.domain.model import clean
from opstui.ui.drafts import Draft, Typed
from opstui.ui.readers import READERS


def tidy(text: str) -> str:
    """The text as it is saved."""
    return clean(text).strip()


class Unsaved:
    """Section -> its text that is not saved. `now` gives what is saved for a section at this moment."""

    def __init__(self, draft: Draft, now: Callable[[str], str]) -> None:
        """Begin with what was left behind."""
        self._draft, self._now = draft, now
        self.texts: dict[str, Typed] = {
            section: typed for section, typed in draft.texts.items() if tidy(typed.text) != now(section)
        }
        self._sent: dict[str, str] = {}
        """What is being saved: when it stands there it is one's own."""

    def typed(self, section: str, text: str, *, shown: str, base: str) -> None:
        """What stands in the box now; `shown` is what was put there, `base` what was saved then."""
        entry = self.texts.get(section)
        if tidy(text) == tidy(entry.before if entry else shown):
            self.texts.pop(section, None)
        else:
            self.texts[section] = Typed(entry.before if entry else base, text)

    def send(self, section: str) -> Typed | None:
        """What is to be saved now, and over what; None where there is nothing, or somebody else wrote meanwhile."""
        entry = self.texts.get(section)
        if entry is None or self.clash(section) is not None:
            return None
        self._sent[section] = tidy(entry.text)
        return entry

    def answered(self, section: str, *, saved: bool) -> str:
        """What was sent (it is given back) is saved, or was refused. What was typed meanwhile is still to be saved."""
        sent, entry = self._sent.pop(section, ""), self.texts.get(section)
        if saved and entry is not None and tidy(entry.text) == sent:
            del self.texts[section]
        elif saved and entry is not None:
            self.texts[section] = Typed(sent, entry.text)
        return sent

    def put(self, section: str, text: str) -> None:
        """This text is to stand over what is saved now."""
        self.texts[section] = Typed(self._now(section), text)

    def forget(self, section: str) -> None:
        """What is saved is to stand."""
        self.texts.pop(section, None)

    def clash(self, section: str) -> str | None:
        """What somebody else wrote where one has something unsaved; None when nobody did."""
        entry, now = self.texts.get(section), self._now(section)
        own = entry is None or now in (entry.before, tidy(entry.text), self._sent.get(section))
        return None if own else now

    def keep(self) -> None:
        """Have it left behind should the console be killed; no key waits for the disk."""
        READERS.submit(self._draft.keep, dict(self.texts), ended=False)

    def leave_behind(self) -> None:
        """The console ends."""
        if self.texts:
            self._draft.keep(self.texts)
        else:
            self._draft.drop()

    def drop(self) -> None:
        """It is all saved, or given up."""
        self._draft.drop()
