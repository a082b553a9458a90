"""What an experiment on a campaign must satisfy before anyone reads a verdict from it, whichever way it came in.

The signs that part its words where it is typed may not be within them, so that what is shown can be typed again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import isfinite

from opstui.domain.model import Experiment, Refused, TestArm
from opstui.i18n import _

MOST_ARMS = 10
MOST_PEOPLE = 10**12
MOST_LIFT = 10
_NAME = re.compile(r"[^:;()\n]{1,60}")
_LABEL = re.compile(r"[^,:;=/\n]{1,40}")


def check_experiments(found: Sequence[Experiment]) -> None:
    """Refuse figures that cannot be, plans that decide nothing, and two experiments of one name.

    Raises:
        Refused: it names the experiment, what is wrong and what is expected.
    """
    names = [one.name.casefold() for one in found]
    for one in found:
        if not _NAME.fullmatch(one.name):
            raise Refused(_("experiments: a name has 1 to 60 signs, without : ; ( )"))
        if names.count(one.name.casefold()) > 1:
            raise Refused(_("experiments: two are called '{name}'; give each a name of its own").format(name=one.name))
        if one.metric and not _NAME.fullmatch(one.metric):
            raise _refused(one, _("what is measured has at most 60 signs, without : ; ( )"))
        _check_arms(one)
        _check_plan(one)


def _refused(one: Experiment, why: str) -> Refused:
    return Refused(_("experiments: {name}: {why}").format(name=one.name, why=why))


def _check_arms(one: Experiment) -> None:
    if not 2 <= len(one.arms) <= MOST_ARMS:  # noqa: PLR2004 - one arm is compared with nothing
        raise _refused(one, _("it takes 2 to {n} arms").format(n=MOST_ARMS))
    if len({arm.label.casefold() for arm in one.arms}) < len(one.arms):
        raise _refused(one, _("two arms have one name"))
    for arm in one.arms:
        if not _LABEL.fullmatch(arm.label):
            raise _refused(one, _("an arm's name has 1 to 40 signs, without , : ; = /"))
        if not _possible(arm):
            said = _("{arm} {hits}/{people} cannot be: hits come first and are not more than the people")
            raise _refused(one, said.format(arm=arm.label, hits=arm.hits, people=arm.people))


def _possible(arm: TestArm) -> bool:
    return 0 <= arm.hits <= arm.people <= MOST_PEOPLE


def _check_plan(one: Experiment) -> None:
    if one.planned is not None and not 0 < one.planned <= MOST_PEOPLE:
        raise _refused(one, _("the planned people of an arm are 1 or more"))
    if one.lift is not None and not (isfinite(one.lift) and 0 < one.lift <= MOST_LIFT):
        raise _refused(one, _("the least lift worth seeing lies above 0 and up to {n}, as in 0.1").format(n=MOST_LIFT))
    if one.starts and one.ends and one.ends < one.starts:
        raise _refused(
            one, _("it ends on {ends}, before its start on {starts}").format(ends=one.ends, starts=one.starts)
        )
