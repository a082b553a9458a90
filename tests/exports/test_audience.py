"""What leaves for readers outside names nobody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from domain.world import World
from exports.flash_sale import FlashSale
from opstui.domain.commands import (
    AddComment,
    AddMember,
    AddPart,
    DraftPostmortem,
    MarkCard,
    WriteSection,
)
from opstui.exports.audience import without_names
from opstui.exports.postmortem import export_postmortem, render_of

NAMES = ("rina", "ani", "dewi", "budi")


@pytest.fixture(scope="module")
def sale() -> FlashSale:
    told = FlashSale("en")
    told.do(AddMember(name="rina", role="owner"), AddMember(name="ani", role="content"))
    return told


def test_people_are_roles_and_what_was_said_inside_stays_there(sale: FlashSale) -> None:
    doc = sale.postmortem
    inside, outside = render_of(sale.workspace, doc), render_of(sale.workspace, doc, "public")
    head = yaml.safe_load(outside.split("\n---\n")[0][4:])
    assert (head["visibility"], head["owner"]) == ("public", "content")
    assert list(head) == list(yaml.safe_load(inside.split("\n---\n")[0][4:]))
    words = set(re.findall(r"\w+", outside.casefold()))
    assert words & {*NAMES, "siti", "rahmawati"} == set()
    assert "The link is dead" in inside
    assert "The link is dead" not in outside
    assert "## Comments" not in outside
    assert "## Who did what" not in outside
    assert outside == render_of(sale.workspace, doc, "public")


def test_without_diagrams_the_tables_stay(sale: FlashSale) -> None:
    doc = sale.postmortem
    assert "```mermaid" in render_of(sale.workspace, doc)
    plain = render_of(sale.workspace, doc, diagrams=False)
    assert "```" not in plain
    assert "## Stages and delays\n\n| Stage" in plain


def test_the_file_for_outside_is_one_of_its_own(tmp_path: Path) -> None:
    sale = FlashSale("en")
    sale.workspace.path = tmp_path
    doc = sale.postmortem
    own = export_postmortem(sale.workspace, doc)
    other = export_postmortem(sale.workspace, doc, audience="public")
    assert other.path.name == f"{own.path.stem}-public.md"
    assert not export_postmortem(sale.workspace, doc, audience="public").changed
    other.path.write_text("mine")
    beside = export_postmortem(sale.workspace, doc, audience="public")
    assert (beside.kept, other.path.read_text()) == (other.path, "mine")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rina told ani", "the owner told marketing"),
        ("marina, anita and rina_2", "marina, anita and rina_2"),
        ("rina.a+b", "someone"),
        ("", ""),
    ],
)
def test_whole_names_only(text: str, expected: str) -> None:
    people = {"rina": "the owner", "ani": "marketing", "rina.a+b": "someone"}
    assert without_names(text, people) == expected


def test_an_order_s_customer_leaves_no_trace() -> None:
    world = World()
    world.do(AddMember(name="rina", role="owner"))
    order = world.card(
        title="Siti Rahmawati, 2 x Gayo",
        description="Call SITI RAHMAWATI, says Rina",
        customer="Siti Rahmawati",
        phone="0812-3456-7890",
        email="siti@example.com",
        owner="rina",
        tags=["rina"],
    )
    world.do(DraftPostmortem(card=order), AddComment(card=order, text="Siti Rahmawati is angry"))
    doc = next(doc for _id, doc in world.workspace.state.items("postmortems"))
    text = render_of(world.workspace, doc, "public")
    words = set(re.findall(r"\w+", text.casefold()))
    assert words & {"siti", "rahmawati", "rina", "7890", "angry"} == set()
    assert "a customer, 2 x Gayo" in text


def test_what_people_wrote_names_nobody_outside() -> None:
    world = World()
    world.do(AddMember(name="rina", role="owner"), AddMember(name="budi_s", role="cs"))
    order = world.card(title="An order", customer="Siti Rahmawati", owner="rina")
    world.do(DraftPostmortem(card=order))
    number, doc = next(iter(world.workspace.state.items("postmortems")))
    said = "budi_s called Siti Rahmawati, and rina paid"
    world.do(
        WriteSection(postmortem=number, section="summary", text=said),
        WriteSection(postmortem=number, section="whys", text=f"{said}\n{said}"),
        AddPart(postmortem=number, sort="factor", values={"text": said}),
        AddPart(postmortem=number, sort="lesson", values={"text": said}),
        AddPart(postmortem=number, sort="action", values={"text": said, "owner": "budi_s"}),
        MarkCard(card=order, mark="detected", note=said),
    )
    text = render_of(world.workspace, doc, "public")
    words = set(re.findall(r"\w+", text.casefold().replace("\\", "")))
    assert words & {"siti", "rahmawati", "rina", "budi_s"} == set()
    assert text.startswith("---\nschema:")
    assert "## Comments" not in text
