"""Account next: the one next step on an account and why it comes first, from what is known of it; pure, no session."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words
from domain.staff.permissions import Permission
from domain.stops.model import HOLDS, Held, StopKind
from domain.tasks.model import TASK_WORDS, TaskKind

PRESSING = (
    TaskKind.PROOF_DUE,
    TaskKind.LIMITATION_NEAR,
    TaskKind.LEGAL_DEADLINE,
    TaskKind.CHARGEBACK,
    TaskKind.FRAUD_WARNING,
    TaskKind.CHARGEBACK_NOT_ANSWERED,
    TaskKind.COMPLAINT,
    TaskKind.DISPUTE,
    TaskKind.MESSAGE_IN,
    TaskKind.APPROVAL_REQUESTED,
    TaskKind.PARTNER_QUESTION,
    TaskKind.PROMISE_BROKEN,
    TaskKind.SETTLEMENT_BROKEN,
    TaskKind.PLAN_DEFAULTED,
    TaskKind.PLAN_REQUEST,
    TaskKind.PLACEMENT_BACK,
    TaskKind.PLACEMENT_REFUSED,
    TaskKind.CALL_DUE,
    TaskKind.TRACE,
    TaskKind.ESCALATION,
    TaskKind.PLAN_UNSIGNED,
    TaskKind.APPROVAL_ANSWERED,
    TaskKind.MENTIONED,
)
"""The tasks that have a place in the order, the most pressing first; the others come behind them, the oldest first."""
ASKING = frozenset({TaskKind.CALL_DUE, TaskKind.PROMISE_BROKEN, TaskKind.ESCALATION, TaskKind.PLACEMENT_BACK})
"""The tasks that come to asking for money: while a promise runs they come behind waiting for it."""
MOST = 4
"""So many steps are shown: one that is recommended, the others small."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task that waits for somebody."""

    id: int
    kind: TaskKind


@dataclass(frozen=True, slots=True)
class Coming:
    """The next reminder: which (a message id), by what, when, and why it is held back, where it is."""

    words: str
    channel: str
    on: date
    is_call: bool = False
    held: str | None = None


@dataclass(frozen=True, slots=True)
class Agreed:
    """A plan or a settlement that stands, and for how many days its next payment is late."""

    path: str
    is_plan: bool
    late_days: int
    next_amount: Money | None
    next_on: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an account: what waits, what is late, what was agreed, what holds us, and what goes by itself.

    `promised` is the page of a promise that runs and its day; `is_with_partner` that somebody else asks for the money.
    """

    path: str
    open: Money
    late: Money
    late_days: int
    credit: Money
    tasks: Sequence[Waiting] = ()
    agreed: Sequence[Agreed] = ()
    stops: Collection[StopKind] = ()
    promised: tuple[str, date] | None = None
    coming: Coming | None = None
    can_be_reached: bool = True
    has_number: bool = True
    is_with_partner: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Something that can be done now: why, what its button says, where it leads, and who may."""

    why: Words
    button: str
    href: str
    permission: Permission


def steps(known: Known) -> list[Step]:
    """What to do on the account, the step that is recommended first; never none: to wait is a step, too."""
    later = [task for task in known.tasks if known.promised is not None and task.kind in ASKING]
    found = [*_tasks(task for task in known.tasks if task not in later), *_agreed(known), *_money(known)]
    return [*(found or [_nothing(known)]), *_tasks(later)][:MOST]


def _tasks(waiting: Iterable[Waiting]) -> Iterator[Step]:
    places = {kind: place for place, kind in enumerate(PRESSING)}
    for task in sorted(waiting, key=lambda one: (places.get(one.kind, len(places)), one.id)):
        yield Step(Words.of(TASK_WORDS[task.kind]), N_("Do it now"), f"/tasks/{task.id}", Permission.SEE_TASKS)


def _agreed(known: Known) -> Iterator[Step]:
    for one in known.agreed:
        if one.late_days:
            late = N_("A payment plan is {days} days late") if one.is_plan else N_("A settlement is {days} days late")
            words = N_("See the plan") if one.is_plan else N_("See the settlement")
            yield Step(Words.of(late, days=one.late_days), words, one.path, Permission.SEE_ACCOUNTS)


def _money(known: Known) -> Iterator[Step]:
    if known.credit.minor > 0 and known.open.minor > 0:
        why = Words.of(N_("They have {credit} of credit that can pay what is open"), credit=known.credit)
        yield Step(why, N_("Use the credit"), f"{known.path}/credit", Permission.APPLY_CREDIT)
    if known.late.minor <= 0 or _is_held(known):
        return
    late = {"late": known.late, "days": known.late_days}
    if not known.can_be_reached:
        why = Words.of(N_("{late} is late and no address of theirs is known"), late=known.late)
        yield Step(why, N_("Write an address down"), f"{known.path}/details?group=reach", Permission.CHANGE_ACCOUNTS)
        return
    coming = known.coming
    if coming is not None and coming.held is None and not coming.is_call:
        why = Words.of(
            N_("{late} is late; by itself “{reminder}” goes by {channel} on {day}. A call may bring it sooner"),
            late=known.late,
            reminder=Words.of(coming.words),
            channel=Words.of(coming.channel),
            day=coming.on,
        )
    else:
        why = Words.of(N_("{late} is late, the longest for {days} days, and nothing more goes by itself"), **late)
    if known.has_number:
        yield Step(why, N_("Call them"), f"{known.path}/calls/new", Permission.RECORD_CALL)
    if coming is None:
        yield Step(
            why if not known.has_number else Words.of(N_("The reminders are through")),
            N_("See which way brings most"),
            f"{known.path}/routes",
            Permission.SEE_PLACEMENTS,
        )
    elif not known.has_number:
        yield Step(why, N_("Promise to pay"), f"{known.path}/promises/new", Permission.RECORD_PROMISE)


def _is_held(known: Known) -> bool:
    """Whether somebody or something keeps us from asking for the money."""
    held = any(Held.CHASING in HOLDS[kind] for kind in known.stops)
    return known.is_with_partner or known.promised is not None or held


def _nothing(known: Known) -> Step:
    """Why nothing is to be done now."""
    timeline = f"{known.path}/timeline"
    if known.promised is not None:
        path, day = known.promised
        why = Words.of(N_("They have promised to pay by {day}: wait until then"), day=day)
        return Step(why, N_("See the promise"), path, Permission.SEE_ACCOUNTS)
    if known.is_with_partner and known.late.minor > 0:
        why = Words.of(N_("A partner asks for the money: wait for their report"))
        return Step(why, N_("See the handoff"), f"{known.path}/handoffs", Permission.SEE_PLACEMENTS)
    if known.late.minor > 0:
        why = Words.of(N_("Nothing is to be asked for while it is held: see why"))
        return Step(why, N_("See what is held"), f"{known.path}/stops", Permission.SEE_ACCOUNTS)
    if (agreed := next((one for one in known.agreed if one.next_on is not None), None)) is not None:
        given = {"amount": agreed.next_amount, "day": agreed.next_on}
        words = N_("{amount} is agreed for {day}, and nothing is late")
        button = N_("See the plan") if agreed.is_plan else N_("See the settlement")
        return Step(Words.of(words, **given), button, agreed.path, Permission.SEE_ACCOUNTS)
    if known.open.minor > 0:
        why = Words.of(N_("Nothing is late: nothing to do"))
        return Step(why, N_("See the timeline"), timeline, Permission.SEE_ACCOUNTS)
    return Step(
        Words.of(N_("Nothing is open: nothing to do")), N_("See the timeline"), timeline, Permission.SEE_ACCOUNTS
    )
