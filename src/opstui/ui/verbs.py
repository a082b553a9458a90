"""What a person can do to a card: moving it, the forms that change it, its checklist and its post-mortem."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from opstui.domain import commands as c
from opstui.i18n import _
from opstui.ui.asking import Asking
from opstui.ui.moving import Moving
from opstui.ui.session import Plan
from opstui.ui.telling import Telling

if TYPE_CHECKING:
    from opstui.ui.checks import CheckDeeds


class Verbs(Moving, Asking, Telling):
    """The verbs of one session on one screen."""

    async def check(self, card: int) -> None:
        """Its checklist, to be worked on in place."""
        from opstui.ui.screens.checklist import Checklist  # noqa: PLC0415 - not needed for the first picture

        await self._host.ask(Checklist(self._checks(card)))

    async def tick(self, card: int, item: int) -> None:
        """Tick an item of its checklist, or untick it: what a click on it does."""
        if reason := await self._checks(card).toggle(item):
            self._host.say(reason, "refused")

    def _checks(self, card: int) -> CheckDeeds:
        from opstui.ui.checks import CheckDeeds  # noqa: PLC0415 - not needed for the first picture

        return CheckDeeds(lambda: self._doc(card), self.attempt, self.undo, self.redo)

    async def postmortem(self, card: int) -> None:
        """Its post-mortem, to be written; begun first where there is none."""
        from opstui.ui.drafts import Draft  # noqa: PLC0415 - none of it is needed for the first picture
        from opstui.ui.postmortems import PostmortemDeeds  # noqa: PLC0415
        from opstui.ui.screens.postmortem import PostmortemScreen  # noqa: PLC0415
        from opstui.ui.unsaved import Unsaved  # noqa: PLC0415

        if not await self._begun(card):
            return
        deeds = PostmortemDeeds(self._session, self._host, card)
        draft = Draft(self._workspace.path, self._session.actor.name, f"postmortem-{deeds.number}")
        await self._host.ask(PostmortemScreen(deeds, Unsaved(draft, deeds.written)))

    async def write_out(self, card: int) -> None:
        """Its post-mortem as a Markdown file; begun first where there is none."""
        from opstui.ui.postmortems import PostmortemDeeds  # noqa: PLC0415

        if not await self._begun(card):
            return
        deeds = PostmortemDeeds(self._session, self._host, card)
        path = await asyncio.get_running_loop().run_in_executor(None, deeds.export)
        self._host.say(_("{ref} written to {path}").format(ref=deeds.ref, path=path))

    async def _begun(self, card: int) -> bool:
        """Begin the post-mortem where there is none; of an order and of feedback it is asked how bad it was."""
        from opstui.domain.postmortems import of_card  # noqa: PLC0415

        if of_card(self._workspace.state, card) is not None:
            return True
        doc, severity = self._doc(card), ""
        if doc["kind"] in ("order", "feedback"):
            from opstui.ui.postmortems import severity_picker  # noqa: PLC0415

            severity = await self._host.ask(severity_picker(doc["ref"]))
            if not severity:
                return False
        asked = c.DraftPostmortem(card=card, severity=severity)
        said = _("began the post-mortem of {ref}").format(ref=doc["ref"])
        if reason := await self.attempt(lambda: Plan((asked,), said), card):
            self._host.say(reason, "refused")
        return not reason
