"""Calling: a call with a customer is recorded, and what it came to sets the next step in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.dunning.calling_again import REST
from domain.dunning.courtesies import send_again
from domain.notices.calling import Said, write_down
from domain.notices.messages import CallAgain
from domain.notices.model import OUTCOME_NAMES, Call, CallOutcome
from domain.notices.reach import known
from domain.notices.reach.addresses import UNUSABLE
from domain.outbox import sending as outbox
from domain.processing.stopping import Wish, set_stop
from domain.receivables import queries as receivables
from domain.shared.actor import Actor
from domain.shared.clock import start_of_day
from domain.shared.db.session import business, now, today
from domain.shared.errors import N_, Invalid
from domain.stops import queries as stops
from domain.stops.model import StopKind
from domain.tasks import opening as tasks
from domain.tasks.model import TaskKind

LONGEST_WAIT = timedelta(days=30)
"""So long reminders may wait for a customer's approval or payment run; beyond it a promise says more."""
WAITS = frozenset({CallOutcome.AWAITING_APPROVAL, CallOutcome.IN_PAYMENT_RUN})
"""The outcomes after which reminders wait until a day."""
NOBODY = frozenset({CallOutcome.VOICEMAIL, CallOutcome.UNREACHABLE})
"""The outcomes after which somebody calls again by itself."""
CALLED_AGAIN = NOBODY | {CallOutcome.REACHED}
"""The outcomes after which a day to call again can be named."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call went, which invoices it was about, and until when reminders wait, where that is the outcome.

    `again_on` is the day on which somebody calls again, where nothing was agreed.
    """

    said: Said
    invoice_ids: Sequence[int] = ()
    until_on: date | None = None
    again_on: date | None = None


def record_call(session: Session, account_id: int, notice_id: int | None, outcome: Outcome, *, actor: Actor) -> Call:
    """Write a call down, and do what follows from how it went.

    Not reached: somebody calls again in two days or on the day given, about what is open then; on that day alone where
    they were reached and nothing was agreed. Invoice not received: it is sent again. Waiting for an approval or in a
    payment run: reminders of it wait until the day given. A wrong number is not called again, and where nothing else
    reaches them somebody has to find out what does. A promise and a dispute want more than a call says: they have forms
    of their own. Refuses what `notices.calling.write_down` refuses, somebody else's invoices (NotFound), and a day that
    is missing or too far.
    """
    accounts.lock(session, account_id)
    said, ids = outcome.said, list(outcome.invoice_ids)
    numbers = [row.number for row in receivables.invoices(session, account_id, ids)] if ids else []
    if said.outcome in WAITS:
        _check_wait(session, outcome.until_on)
    if said.outcome is CallOutcome.INVOICE_NOT_RECEIVED and not ids:
        raise Invalid(N_("Choose the invoices that they have not received."), field="invoice")
    if outcome.again_on is not None and said.outcome in CALLED_AGAIN:
        _check_again(session, outcome.again_on)
    call = write_down(session, account_id, notice_id, said, actor=actor)
    if said.outcome in WAITS:
        _wait(session, account_id, outcome, actor)
    elif said.outcome in CALLED_AGAIN and numbers:
        _call_again(session, account_id, call, outcome)
    elif said.outcome is CallOutcome.WRONG_NUMBER:
        _trace(session, account_id)
    elif said.outcome is CallOutcome.INVOICE_NOT_RECEIVED:
        for invoice_id in ids:
            send_again(session, account_id, invoice_id, actor=actor)
    return call


def _call_again(session: Session, account_id: int, call: Call, outcome: Outcome) -> None:
    """On the day that was named; two days after nobody was reached."""
    due_at = now(session) + REST
    if outcome.again_on is not None:
        due_at = max(now(session), start_of_day(outcome.again_on, business(session).time_zone))
    elif call.outcome not in NOBODY:
        return
    again = CallAgain(call_id=call.id, invoice_ids=tuple(outcome.invoice_ids))
    outbox.add(session, again, due_at=due_at, account_id=account_id)


def _trace(session: Session, account_id: int) -> None:
    """Ask somebody to find an address or a number, where none of theirs works any more."""
    people = [one for one in known.people(session, account_id) if one.guarantor_id is None]
    ways = [way for person in people for way in person.ways]
    if any(way.known is None or way.known.kind not in UNUSABLE for way in ways):
        return
    account = accounts.account(session, account_id)
    worth = receivables.totals(session, account_id, account.currency).open
    tasks.open_task(
        session, TaskKind.TRACE, subject=("account", account_id), account_id=account_id, worth=worth, detail={}
    )


def _check_again(session: Session, again_on: date) -> None:
    day = today(session)
    if not day < again_on <= day + LONGEST_WAIT:
        raise Invalid(
            N_("Choose a day after today, until {day} at the latest."), field="again_on", day=day + LONGEST_WAIT
        )


def _check_wait(session: Session, until_on: date | None) -> None:
    day = today(session)
    if until_on is None:
        raise Invalid(N_("Say until when reminders are to wait."), field="until_on")
    if until_on < day:
        raise Invalid(N_("Choose a day that is still to come."), field="until_on")
    if until_on > day + LONGEST_WAIT:
        raise Invalid(
            N_("Reminders wait until {day} at the latest; for longer, write a promise down."),
            field="until_on",
            day=day + LONGEST_WAIT,
        )


def _wait(session: Session, account_id: int, outcome: Outcome, actor: Actor) -> None:
    """Hold each of the invoices, or the account where none was named; what staff hold already is left as it is."""
    held = {row.invoice_id for row in stops.live(session, account_id) if row.kind is StopKind.MANUAL}
    why = outcome.said.words.strip() or OUTCOME_NAMES[outcome.said.outcome]
    for invoice_id in outcome.invoice_ids or (None,):
        if held & {None, invoice_id}:
            continue
        wish = Wish(StopKind.MANUAL, why[:500], invoice_id=invoice_id, until_on=outcome.until_on)
        set_stop(session, account_id, wish, actor=actor)
