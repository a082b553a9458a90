"""Every KPI with its value and what it should be; enter changes a target, x takes it away, u takes that back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from opstui.domain.commands import SetTarget
from opstui.domain.model import Money, Refused, exponent
from opstui.domain.registry import KPIS, WITH_TARGET, Kpi
from opstui.domain.targets import targets_of
from opstui.i18n import _
from opstui.projections.kpis import major
from opstui.projections.panels import Value
from opstui.projections.tiles import State, status
from opstui.typed.targets import shown_target, typed_target
from opstui.ui.glyphs import MARKS
from opstui.ui.ink import cells
from opstui.ui.readers import READERS
from opstui.ui.rows import Row
from opstui.ui.screens.form import Form
from opstui.ui.screens.lists import ListScreen
from opstui.ui.session import Plan
from opstui.ui.widgets.charts.measure import written
from opstui.ui.widgets.entries import Column, Entry, Section, Span
from opstui.ui.widgets.kpi_lines import STATE_COLORS
from opstui.ui.widgets.listing import Listing

if TYPE_CHECKING:
    from opstui.projections.kpi_values import Known
    from opstui.ui.desk import Desk

Values = Callable[[], Mapping[str, "Known"]]
"""Works out what every KPI says; takes its time, so it is called in a thread."""
HINTS = {"fraction": _("95% or 0.95"), "hours": _("36, or 1.5 d"), "minutes": _("30, or 2 h"), "money": "2.500.000"}


class TargetsScreen(ListScreen[None]):
    """The KPIs that can have a target, group by group."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False),
        Binding("x,delete", "remove", show=False),
        Binding("u", "undo", show=False),
    ]
    keys = (
        _("enter change the target   x no target   u undo   esc back"),
        _("enter change  x none  u undo  esc back"),
    )

    def __init__(self, desk: Desk, values: Values) -> None:
        """`values` are asked for once the list is there."""
        super().__init__()
        self._desk, self._values = desk, values
        self._known: Mapping[str, Known] = {}
        self._set_here = 0
        """Targets that were set in this list and not taken back."""
        wide = max(cells(KPIS[name].name) for name in WITH_TARGET)
        columns = (
            Column(1),
            Column(wide, lead=True),
            Column(10, right=True),
            Column(12, right=True),
            Column(12, drop=1),
            Column(drop=2, least=24),
        )
        self.rows = Listing(self._entry, columns, id="targets")

    def on_mount(self) -> None:
        """The targets at once, the values as soon as they are worked out."""
        super().on_mount()
        self.run_worker(self._work_out())

    async def _work_out(self) -> None:
        self._known = await asyncio.get_running_loop().run_in_executor(READERS, self._values)
        self.fill()

    def fill(self) -> None:
        """The groups, in the order of the registry."""
        late = next((f" {MARKS['stale']} {known.stale}" for known in self._known.values() if known.stale), "")
        note = _("the values are of 30 days") + late if self._known else _("working out the values ...")
        self.head(_("Targets"), note)
        names = {"owner": _("Shop"), "orders": _("Orders"), "campaigns": _("Campaigns"), "feedback": _("Feedback")}
        names["actions"] = _("Actions")
        self.rows.forget()
        self.lay([Section(title, [k for k in WITH_TARGET if KPIS[k].group == name]) for name, title in names.items()])

    def _target(self, kpi: str) -> float | None:
        workspace = self._desk.workspace
        return targets_of(workspace.state, workspace.settings.targets).get(kpi)

    def _entry(self, key: Hashable) -> Entry:
        kpi, target, known = KPIS[str(key)], self._target(str(key)), self._known.get(str(key))
        value, stale = (known.value, known.stale) if known else (None, "")
        state = "stale" if stale else _judged(kpi, value, target)
        shown = written(value, kpi.unit, self._desk.formats) if self._known else "…"
        goal = Span(_("none"), "faint") if target is None else Span(self._goal(kpi, target))
        better = _("more is good") if kpi.better == "up" else _("less is good")
        return Entry(
            (
                (Span(MARKS[state], STATE_COLORS[state]),),
                (Span(kpi.name),),
                (Span(shown, "faint" if stale else STATE_COLORS[state]),),
                (goal,),
                (Span(better, "muted"),),
                (Span(stale, "warn") if stale else Span(kpi.formula, "faint"),),
            )
        )

    def _goal(self, kpi: Kpi, target: float) -> str:
        currency = self._desk.workspace.settings.currency
        worth = Money(round(target * 10 ** exponent(currency)), currency) if kpi.unit == "money" else target
        sign = "≥" if kpi.better == "up" else "≤"
        return f"{sign} {written(worth, kpi.unit, self._desk.formats)}"

    # ------------------------------------------------------------------ changing one

    def on_listing_chosen(self, event: Listing.Chosen) -> None:
        """Another target for this one."""
        kpi, currency = KPIS[str(event.key)], self._desk.workspace.settings.currency
        row = Row(
            name="target",
            label=_("Target"),
            text=shown_target(self._target(kpi.id), kpi.unit),
            read=lambda text: typed_target(text, kpi.unit, currency),
            hint=HINTS.get(kpi.unit, "") or _("a number; empty for none"),
        )

        async def save(values: dict[str, Any]) -> str:
            done = await self.attempt(self._set(kpi, values.get("target", self._target(kpi.id))))
            return "" if done else str(self.said)

        better = _("more is good") if kpi.better == "up" else _("less is good")
        note = f"{kpi.formula} · {better}"
        self.run_worker(self._ask(Form(_("Target: {kpi}").format(kpi=kpi.name), [row], save, note)))

    async def _ask(self, form: Form) -> None:
        """Show a form over the list, which has the keys again after it."""
        await self.app.push_screen_wait(form)
        await self.take_keys()

    async def _set(self, kpi: Kpi, value: float | None) -> str:
        if value is None:
            said = _("{kpi} has no target any more").format(kpi=kpi.name)
        else:
            said = _("{kpi}: the target is {value}").format(kpi=kpi.name, value=self._goal(kpi, value))
        plan = Plan((SetTarget(kpi=kpi.id, value=value),), said)
        receipt, said = await self._desk.session.submit(lambda: plan)
        if receipt.batch is None:
            return _("that is its target already")
        self._set_here += 1
        return said

    def action_remove(self) -> None:
        """No target for the one under the cursor."""
        if self.rows.key is not None:
            self.run_worker(self.attempt(self._set(KPIS[str(self.rows.key)], None)))

    def action_undo(self) -> None:
        """Take the last change back."""
        self.run_worker(self.attempt(self._take_back()))

    async def _take_back(self) -> str:
        if not self._set_here:
            raise Refused(_("no target was set here; esc, then u takes back what you did before"))
        _receipt, said = await self._desk.session.steps.undo()
        self._set_here -= 1
        return _("undone: {what}").format(what=said)

    def action_leave(self) -> None:
        """Back to the board."""
        self.dismiss(None)


def _judged(kpi: Kpi, value: Value, target: float | None) -> State:
    """What a value says of its target."""
    size = major(value.amount, value.currency) if isinstance(value, Money) else value
    if target is None or size is None or isinstance(size, str) or not kpi.better:
        return "plain"
    return status(size, target, kpi.better)
