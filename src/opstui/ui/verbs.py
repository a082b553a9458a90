"""What a person can do to a card: moving it, the forms that change it, its checklist and its post-mortem."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from opstui.domain import commands as c
from opstui.domain.policy import check_export
from opstui.i18n import _
from opstui.ui.asking import Asking
from opstui.ui.moving import Moving
from opstui.ui.session import Plan

if TYPE_CHECKING:
    from opstui.ui.checks import CheckDeeds


class Verbs(Moving, Asking):
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
        """Draft its post-mortem, unless it has one, and write it out as Markdown."""
        ref = self._doc(card)["ref"]
        await self._session.submit(
            lambda: Plan((c.DraftPostmortem(card=card),), _("drafted the post-mortem of {ref}").format(ref=ref))
        )
        self._host.settled(card)
        path = await asyncio.get_running_loop().run_in_executor(None, self._export, card)
        self._host.say(_("post-mortem of {ref} written to {path}").format(ref=ref, path=path))

    def _export(self, card: int) -> str:
        from opstui.exports.postmortem import export_postmortem  # noqa: PLC0415 - not needed for the first picture

        found = next(doc for _id, doc in self._workspace.state.items("postmortems") if doc["card"] == card)
        check_export(self._session.actor, self._doc(card)["kind"])
        written = export_postmortem(self._workspace, found)
        path = written.path
        return str(path.relative_to(self._workspace.path) if path.is_relative_to(self._workspace.path) else path)
