"""The days on which a figure left its usual range."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from opstui.domain.model import Doc, exponent
from opstui.i18n import _
from opstui.metrics.marketing import MONEY
from opstui.projections.anomaly import Alert, alerts, method
from opstui.projections.figures.campaigns.chosen import BASELINE, Chosen, name_of, no_rows
from opstui.projections.panels import Element, Panel, Value


def odd_days(chosen: Chosen) -> Panel:
    """What left its usual range, newest first, with two things to do about each."""
    source = chosen.source
    since = (source.first - timedelta(days=BASELINE)).isoformat()
    rows = [row for row in chosen.rows if row["day"] >= since]
    found = alerts(rows, source.first, source.today, chosen.currency)
    elements = tuple(_alert(chosen, rows, alert) for alert in found)
    return Panel(
        id="campaigns.alerts",
        title=_("Unlike the days before"),
        kind="table",
        unit="",
        elements=elements,
        heads=(_("What"), _("Value"), _("Expected"), _("Day")),
        units=("", ""),
        state="warn" if found else "plain",
        next_step=" ".join(found[0].actions) if found else "",
        method=_("Each day against up to 90 days before it; the cut depends on how many there are."),
        missing="" if found else _("nothing was out of its usual range") if chosen.within else no_rows(),
    )


def _alert(chosen: Chosen, rows: Sequence[Doc], alert: Alert) -> Element:
    finding, source = alert.finding, chosen.source
    of_day = [row for row in rows if row["day"] == finding.day.isoformat() and alert.channel in ("", row["channel"])]
    count, query = chosen.behind(of_day)
    scale = 10 ** exponent(chosen.currency) if alert.metric in MONEY else 1

    def worth(value: float | None) -> Value:
        return chosen.worth(alert.metric, None if value is None else value * scale)

    late = _("; late conversions may mend it") if alert.late else ""
    return Element(
        label=f"{name_of(alert.metric)} {alert.channel}".strip(),
        value=worth(finding.value),
        unit=alert.unit,
        at=finding.day,
        cards=count,
        query=query,
        state="warn",
        marked=True,
        note=method(finding, source.formats) + late,
        rest=(worth(finding.expected), finding.day.isoformat()),
    )
