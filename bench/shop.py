"""Workspaces to measure: orders of a made-up shop, all through the one door, the same ones every time."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from opstui.cli.session import login
from opstui.domain.commands import CreateCard
from opstui.domain.model import Actor
from opstui.workspace import create_workspace

if TYPE_CHECKING:
    from pathlib import Path

LANES = {"new": 15, "payment": 15, "stock": 10, "processing": 10, "shipping": 10, "closed": 40}
"""Stage -> per cent of the cards: every lane is long enough to scroll."""

_PEOPLE = ("Sari W.", "Toko Damai", "Bu Ratna", "Andi K.", "Kafe Senja", "Yudi P.", "Warung Pojok", "Ibu Lestari")
_GOODS = ("Gayo 250g", "House Blend 1kg", "Toraja 250g", "Sampler", "Mandailing 500g", "Drip Bag x10")
_BATCH = 500
OWNER = Actor(login(), "owner")
"""Whoever measures: the console asks who is there, and moves nothing for a stranger."""


def make_shop(folder: Path, cards: int) -> Path:
    """A workspace in `folder` with that many orders, and nothing left to fold into its snapshot."""
    dice = random.Random(cards)  # noqa: S311 - the same shop every time
    began = datetime(2026, 9, 1, 2, tzinfo=UTC)
    clock = began
    workspace = create_workspace(folder, lambda: clock, owner=OWNER.name, name=f"{cards} orders")
    stages = list(LANES)
    weights = list(LANES.values())
    made = 0
    while made < cards:
        clock += timedelta(minutes=20)
        size = min(_BATCH, cards - made)
        workspace.submit(OWNER, *(order(dice, stages, weights) for _ in range(size)))
        made += size
    workspace.checkpoint()
    workspace.close()
    return folder


def order(dice: random.Random, stages: list[str], weights: list[int]) -> CreateCard:
    """What somebody ordered."""
    quantity = dice.randint(1, 20)
    person = dice.choice(_PEOPLE)
    fields = {
        "customer": person,
        "channel": dice.choice(("shopee", "tokopedia", "whatsapp", "instagram")),
        "total": quantity * dice.randrange(45, 180) * 1000,
        "currency": "IDR",
        "owner": dice.choice(("rina", "budi", "dewi", "")),
        "due": f"2026-{dice.randint(10, 12)}-{dice.randint(1, 28):02}",
    }
    title = f"{person}: {quantity} x {dice.choice(_GOODS)}"
    return CreateCard(board="orders", title=title, fields=fields, stage=dice.choices(stages, weights)[0])
