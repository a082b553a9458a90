"""Olist's marketing funnel counted again from its two tables alone: csv only. It shares no code with opstui."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

Counts = Counter[tuple[str, str]]
"""(day, channel) -> people"""


def counts(folder: Path) -> tuple[Counts, Counts]:
    """Leads by the day they first wrote, deals by the day they were won, each by where the lead came from."""
    with (folder / "olist_marketing_qualified_leads_dataset.csv").open(newline="", encoding="utf-8-sig") as file:
        people = {row["mql_id"]: row for row in csv.DictReader(file)}
    with (folder / "olist_closed_deals_dataset.csv").open(newline="", encoding="utf-8-sig") as file:
        won = {row["mql_id"]: row["won_date"][:10] for row in csv.DictReader(file)}
    channel = {lead: row["origin"] or "unknown" for lead, row in people.items()}
    leads = Counter((row["first_contact_date"], channel[lead]) for lead, row in people.items())
    deals = Counter((day, channel.get(lead, "unknown")) for lead, day in won.items())
    return leads, deals
