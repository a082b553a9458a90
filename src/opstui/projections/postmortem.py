"""The facts of a post-mortem, as frozen views: everything history can say, so that people only add judgement.

A campaign has its own layout; any other card the general one. What people write comes from the post-mortem's document;
the writer of the Markdown asks for what is not there yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from opstui.config import Settings
from opstui.domain.boards import Board
from opstui.domain.events import Batch
from opstui.domain.model import Campaign, Card, Check, Doc, Mark, card_from, utc
from opstui.domain.postmortems import REVIEW_DAYS, SURE, working_days, written
from opstui.domain.state import Reader
from opstui.formats import Formats
from opstui.i18n import _
from opstui.metrics.marketing import Totals
from opstui.metrics.track import Span, day_end, day_start, local_day
from opstui.projections import campaign as figures
from opstui.projections import learned
from opstui.projections.anomaly import Alert, alerts
from opstui.projections.around import Around, around
from opstui.projections.campaign import BriefRow, Run, Spend, TargetRow, Voice
from opstui.projections.evidence import Evidence, Fact, gather, rewind
from opstui.projections.experiments import Result, results, trial_of
from opstui.projections.learned import ActionRow, FactorRow, LessonRow
from opstui.projections.led_to import Credit, credit
from opstui.projections.recurrence import Earlier, History, Waiting, earlier, waiting
from opstui.projections.stays import StageTime, Stay, held_up, slowest, stage_times, stays, track_of
from opstui.projections.timeline import TimelineRow, relation, standing, timeline

JUDGED_DAYS = 31
"""The last days of a campaign's figures, of which each is held against those before it."""
PLANNED = ("brief", "scheduled", "live", "postmortem")
"""Stages of a campaign that last as long as the plan says, or come after the work."""


class LinkRow(Struct, frozen=True):
    """A linked card: how it is related (seen from this card), and where it stands."""

    card: Card
    relation: str
    stage: str


class Remark(Struct, frozen=True):
    """A comment."""

    at: datetime
    by: str
    text: str


class Deeds(Struct, frozen=True):
    """How many events one person caused, and between which times: a count, never a ranking."""

    by: str
    events: int
    first: datetime
    last: datetime


class Facts(Struct, frozen=True, kw_only=True):
    """What every post-mortem says. Times are aware UTC; `zone` is where readers are."""

    ref: str
    status: str
    """draft, published or skipped; `reason` says why it was skipped."""
    reason: str
    severity: str
    due: date | None
    """The day by which a required one is to be drafted."""
    review_due: date | None
    drafted_by: str
    drafted_at: datetime | None
    published: datetime | None
    reviewed_by: str
    card: Card
    board: Board
    zone: ZoneInfo
    as_of: datetime
    seq_last: int
    digest: str
    contributors: tuple[str, ...]
    path: tuple[Stay, ...]
    stages: tuple[StageTime, ...]
    slowest: tuple[StageTime, float] | None
    blocked: tuple[Span, ...]
    timeline: tuple[TimelineRow, ...]
    """Every row; the document tells those with a star and those that are more than a small change."""
    marks: tuple[Mark, ...]
    """What was said to have happened on the card, by time."""
    began: datetime
    """When what it is about began: a campaign with its run, anything else with its first mark, else with its card."""
    stars: frozenset[int]
    """Batches that belong into its story."""
    actions: tuple[ActionRow, ...]
    factors: tuple[FactorRow, ...]
    lessons: tuple[LessonRow, ...]
    earlier: tuple[Earlier, ...]
    """Earlier post-mortems that share something with it, the last one first."""
    waiting: tuple[Waiting, ...]
    """Open work that was tied to it before it began."""
    links: tuple[LinkRow, ...]
    comments: tuple[Remark, ...]
    deeds: tuple[Deeds, ...]
    written: Mapping[str, str]
    """Section -> what people wrote for it."""
    sure: frozenset[str]
    """Sections made from facts that people confirmed."""
    notes: tuple[str, ...]
    """What is missing or doubtful in the data."""

    @property
    def open_actions(self) -> int:
        """Actions that are neither done nor dropped."""
        return sum(row.status in ("open", "planned") for row in self.actions)


class GeneralFacts(Facts, frozen=True, kw_only=True):
    """The facts of an order, a feedback item or an action. `done` is when it was over, None while it is open."""

    done: datetime | None
    late: timedelta | None
    """How long after its due day it was done, or has been open; None when it has none or kept it."""


class CampaignFacts(Facts, frozen=True, kw_only=True):
    """The facts of a campaign. Money is in minor units of `currency`."""

    details: Campaign
    currency: str
    run: Run | None
    verdict: str
    targets: tuple[TargetRow, ...]
    brief: tuple[BriefRow, ...]
    approved: datetime | None
    totals: Totals
    has_rows: bool
    spend: Spend
    channels: tuple[tuple[str, Totals], ...]
    reaction: tuple[Voice, Voice, Voice] | None
    around: tuple[Around, Around, Around] | None
    """What the whole shop saw before, during and after the run."""
    experiments: tuple[Result, ...]
    credit: Credit | None
    alerts: tuple[Alert, ...]
    """Days on which a figure left its usual range, the first one first."""
    launched: tuple[Check, ...] | None
    """The checklist as it was when the campaign went live; None when it never did."""


def postmortem_facts(
    state: Reader,
    events_of: Callable[[Collection[int]], Iterable[Batch]],
    card_id: int,
    settings: Settings,
    as_of: datetime | None = None,
) -> CampaignFacts | GeneralFacts:
    """The facts of a card's post-mortem, up to `as_of` or to the last event that concerns it.

    `events_of` is a workspace's `events_of`. The card need not have a post-mortem yet (then `ref` is empty).

    Raises:
        KeyError: there is no such card.

    """
    evidence = gather(state, events_of, card_id, settings, as_of)
    make = campaign_facts if evidence.card["kind"] == "campaign" else general_facts
    return make(evidence, settings, History(state, events_of))


def campaign_facts(evidence: Evidence, settings: Settings, history: History) -> CampaignFacts:
    """The facts of a campaign."""
    common = shared(evidence, settings, history)
    details = common["card"].details
    zone, as_of = settings.zone, evidence.as_of
    currency = figures.currency_of(details, evidence.rows, settings.currency)
    rows = [row for row in evidence.rows if row["currency"] == currency]
    run = _run(details, common["path"], rows, zone)
    brief, approved = figures.brief(evidence.card, evidence.facts)
    targets = figures.target_rows(details.targets, rows, currency)
    feedback = [d for d in evidence.linked if d["kind"] == "feedback"]
    last = local_day(as_of, zone) - timedelta(days=1)
    common["notes"] = figures.quality(details, rows, len(evidence.rows) - len(rows), last) + common["notes"]
    return CampaignFacts(
        **common,
        details=details,
        currency=currency,
        run=run,
        verdict=figures.verdict(targets),
        targets=targets,
        brief=brief,
        approved=approved,
        totals=figures.row_totals(rows),
        has_rows=bool(rows),
        spend=figures.spend_of(details, rows, currency),
        channels=figures.channels(rows),
        reaction=figures.reaction(feedback, run),
        around=around(history.reader, run, as_of),
        experiments=_experiments(details, settings, as_of),
        credit=credit(history.reader, settings, run, currency, as_of),
        alerts=_alerts(rows, local_day(as_of, zone), currency),
        launched=_launched(evidence),
    )


def _alerts(rows: Sequence[Doc], today: date, currency: str) -> tuple[Alert, ...]:
    return _odd(tuple(tuple(sorted(row.items())) for row in rows), today, currency) if rows else ()


@lru_cache(maxsize=16)
def _odd(rows: tuple[tuple[tuple[str, Any], ...], ...], today: date, currency: str) -> tuple[Alert, ...]:
    """Judging a day takes a millisecond and whoever writes looks often, so the same rows are judged once."""
    docs = [dict(row) for row in rows]
    last = date.fromisoformat(docs[-1]["day"])
    first = max(date.fromisoformat(docs[0]["day"]), last - timedelta(days=JUDGED_DAYS - 1))
    return alerts(docs, first, today, currency)[::-1]


def _launched(evidence: Evidence) -> tuple[Check, ...] | None:
    """What was ticked when it went live for the first time."""
    moves = (fact for fact in standing(evidence.facts) if "stage" in fact.event.changed)
    live = next((fact for fact in moves if fact.event.changed["stage"][1] == "live"), None)
    if live is None:
        return None
    place = evidence.facts.index(live)
    later = [fact.event for fact in evidence.facts[place + 1 :]]
    return card_from(rewind(evidence.card, later)).checklist


def _experiments(details: Campaign, settings: Settings, as_of: datetime) -> tuple[Result, ...]:
    formats = Formats(settings.locale, settings.currency, settings.zone)
    return results([trial_of(one) for one in details.experiments], local_day(as_of, settings.zone), formats)


def general_facts(evidence: Evidence, settings: Settings, history: History) -> GeneralFacts:
    """The facts of any other card."""
    common = shared(evidence, settings, history)
    card, board = common["card"], common["board"]
    over = board.ends(card.stage)
    done = card.entered if over else None
    late = None
    if card.due is not None:
        late = max((done or evidence.as_of) - day_end(card.due, settings.zone), timedelta()) or None
    return GeneralFacts(**common, done=done, late=late)


def shared(evidence: Evidence, settings: Settings, history: History) -> dict[str, Any]:
    """The fields of `Facts`, for the facts of any kind."""
    card = card_from(evidence.card)
    board = settings.board(card.board) or Board(id=card.board, name=card.board, kind="order", prefix="", stages=())
    track = track_of(evidence.facts, settings.boards)
    path = stays(track, evidence.as_of)
    times = stage_times(path, board, evidence.as_of)
    began = _began(card, path)
    events = [f.event for f in evidence.facts]
    drafted = evidence.postmortem
    refs = {d["id"]: d["ref"] for d in (*evidence.linked, *evidence.actions)}
    said = {number: d["text"] for number, d in evidence.comments}
    return {
        **_record(drafted, settings.zone),
        "card": card,
        "board": board,
        "zone": settings.zone,
        "as_of": evidence.as_of,
        "seq_last": evidence.seq_last,
        "digest": evidence.digest,
        "contributors": tuple(sorted({e.by for e in events if e.by})),
        "path": path,
        "stages": times,
        "slowest": slowest(times, board, PLANNED),
        "blocked": track.blocked if track else (),
        "timeline": timeline(
            evidence.facts,
            board,
            comments=said.get,
            refs=lambda i: refs.get(i, f"#{i}"),
            undone=False,
            stars=card.stars,
        ),
        "marks": card.marks,
        "began": began,
        "stars": frozenset(card.stars),
        "actions": learned.actions(evidence.parts, evidence.actions, settings),
        "factors": learned.factors(evidence.parts),
        "lessons": learned.lessons(evidence.parts),
        "earlier": earlier(evidence, settings, history, slow=held_up(times, board, PLANNED), left_out=PLANNED),
        "waiting": waiting(evidence, settings, history, began),
        "links": tuple(_link(card, card_from(d), settings) for d in evidence.linked),
        "comments": tuple(Remark(utc(d["at"]), d["by"], d["text"]) for _number, d in evidence.comments),
        "deeds": _deeds(evidence),
        "written": written(drafted),
        "sure": frozenset(name.removeprefix(SURE) for name, on in drafted.items() if name.startswith(SURE) and on),
        "notes": _notes(evidence),
    }


def _began(card: Card, path: Sequence[Stay]) -> datetime:
    live = next((stay.entered for stay in path if stay.stage == "live"), None)
    return live or next((mark.at for mark in card.marks if mark.mark == "started"), card.created)


def _record(drafted: Doc, zone: ZoneInfo) -> dict[str, Any]:
    """Who wrote it and when, how far it is, and until when it is wanted."""
    at = utc(drafted["at"]) if "at" in drafted else None
    due = date.fromisoformat(drafted["due"]) if drafted.get("due") else None
    return {
        "ref": drafted.get("ref", ""),
        "status": drafted.get("status", "draft"),
        "reason": drafted.get("reason") or "",
        "severity": drafted.get("severity") or "",
        "due": due,
        "review_due": working_days(local_day(at, zone), REVIEW_DAYS) if due and at else None,
        "drafted_by": drafted.get("by", ""),
        "drafted_at": at,
        "published": utc(drafted["published"]) if drafted.get("published") else None,
        "reviewed_by": drafted.get("reviewed_by") or "",
    }


def _run(details: Campaign, path: Sequence[Stay], rows: Sequence[Mapping[str, Any]], zone: ZoneInfo) -> Run | None:
    """When it was live: as the board tells, else as the brief planned, else as the figures show."""
    live = [stay for stay in path if stay.stage == "live"]
    if live:
        return Run(live[0].entered, live[-1].left, "stages")
    first, last, basis = details.starts, details.ends, "brief"
    if first is None and rows:
        days = [datetime.fromisoformat(row["day"]).date() for row in rows]
        first, last, basis = min(days), max(days), "rows"
    if first is None:
        return None
    return Run(day_start(first, zone), day_end(last, zone) if last else None, "brief" if basis == "brief" else "rows")


def _link(card: Card, other: Card, settings: Settings) -> LinkRow:
    """`blocks` of the other card reads `blocks this card`."""
    words = [relation(link.relation) for link in card.links if link.card == other.id]
    back = [relation(link.relation) for link in other.links if link.card == card.id]
    words += [_("{relation} this card").format(relation=words_of_it) for words_of_it in back]
    board = settings.board(other.board)
    stage = board.stage(other.stage) if board else None
    return LinkRow(other, ", ".join(dict.fromkeys(words)), stage.name if stage else other.stage)


def _acted(fact: Fact) -> datetime:
    """When someone did it: who marks what happened in the morning may do so at noon, an import tells of years ago."""
    told = fact.event.kind == "marked" or (fact.event.via == "import" and fact.event.by == fact.writer)
    return fact.written if told else fact.event.at


def _deeds(evidence: Evidence) -> tuple[Deeds, ...]:
    events = [f.event for f in evidence.facts]
    counts = Counter(e.by for e in events)
    return tuple(
        Deeds(who, counts[who], min(times), max(times))
        for who in sorted(counts)
        if (times := [_acted(f) for f in evidence.facts if f.event.by == who])
    )


def _notes(evidence: Evidence) -> tuple[str, ...]:
    imported = sum(f.event.via == "import" for f in evidence.facts)
    if not imported:
        return ()
    return (_("Imported events, told by another system: {n} of {all}.").format(n=imported, all=len(evidence.facts)),)
