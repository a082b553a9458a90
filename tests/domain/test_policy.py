"""Every command has its letter; every role gets an answer for every command; unknown is no."""

from __future__ import annotations

from typing import get_args

import pytest

from domain.world import World
from opstui.domain.commands import AddMember, CardCommand, Command, CreateCard, EditCard, MoveCard, Undo
from opstui.domain.model import DETAILS, Actor, Refused
from opstui.domain.policy import GRANTS, LETTERS, ROLES, check, check_export


def commands() -> set[type[Command]]:
    return {*get_args(CardCommand), *(set(get_args(Command)) - {CardCommand})}


def test_every_command_needs_a_letter() -> None:
    assert set(LETTERS) == commands()


@pytest.mark.parametrize("role", [*ROLES, "", "king"])
@pytest.mark.parametrize("kind", [*DETAILS, ""])
def test_policy_answers_every_role(role: str, kind: str) -> None:
    command = EditCard(card=1, values={})
    granted = "U" in GRANTS.get(role, {}).get(kind, "")
    if granted:
        check(Actor("x", role), command, kind)
    else:
        with pytest.raises(Refused, match=f"x \\({role or 'no member'}\\) may not change"):
            check(Actor("x", role), command, kind)


def test_who_may_what_as_people_would_say_it() -> None:
    for role, board, may in [
        ("owner", "campaigns", True),
        ("cs", "orders", True),
        ("cs", "campaigns", False),
        ("content", "campaigns", True),
        ("content", "orders", False),
        ("finance", "orders", False),
        ("viewer", "orders", False),
        ("vendor", "actions", False),
    ]:
        world = World(role=role)
        if may:
            world.do(CreateCard(board=board, title="x"))
        else:
            with pytest.raises(Refused, match="may not create"):
                world.do(CreateCard(board=board, title="x"))


def test_undo_needs_the_right_to_change_that_kind() -> None:
    world = World()
    moved = world.do(MoveCard(card=world.card("campaigns"), stage="production"))
    world.role = "cs"
    assert moved.batch is not None
    with pytest.raises(Refused, match="may not change campaign"):
        world.do(Undo(batch=moved.batch))


def test_only_an_owner_lets_people_in() -> None:
    world = World(role="ops_lead")
    with pytest.raises(Refused, match="may not create members"):
        world.do(AddMember(name="x", role="owner"))


@pytest.mark.parametrize("role", [*ROLES, "", "king"])
@pytest.mark.parametrize("kind", [*DETAILS, ""])
def test_an_export_needs_some_right_on_that_kind(role: str, kind: str) -> None:
    if GRANTS.get(role, {}).get(kind, ""):
        check_export(Actor("x", role), kind)
    else:
        with pytest.raises(Refused, match=f"may not export {kind or 'this'}; ask an owner"):
            check_export(Actor("x", role), kind)
