"""What a call came to sets the next step in the same transaction, or nothing of it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.dunning.calling_again import REST
from domain.notices.calling import Said
from domain.notices.model import Call, CallOutcome, Notice
from domain.outbox.model import OUTBOX
from domain.policies.contacting import Wording
from domain.processing.calling import Outcome, record_call
from domain.processing.stopping import Wish, set_stop
from domain.receivables.model import Invoice
from domain.shared.actor import Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid, NotFound
from domain.stops import queries as stops
from domain.stops.model import StopKind
from tests.support.builders import an_account, an_invoice

CALLER = Actor.staff(1)


@pytest.fixture
def account(db: Database) -> Account:
    """An account that owes two invoices and can be written to."""
    with db.transaction() as session:
        account = an_account(session, email="ap@harbour.example")
        for number in ("INV-1", "INV-2"):
            an_invoice(session, account, "120", number=number, issued_on=date(2026, 1, 2))
        return account


def owed(session: Session, account: Account) -> list[int]:
    """The account's invoices."""
    return list(session.scalars(select(Invoice.id).where(Invoice.account_id == account.id).order_by(Invoice.id)))


def went(
    session: Session, account: Account, outcome: CallOutcome, ids: Sequence[int] = (), *, days: int | None = None
) -> Call:
    """A call about these invoices."""
    until_on = today(session) + timedelta(days=days) if days is not None else None
    told = Outcome(Said(outcome, "Ana said so"), ids, until_on)
    return record_call(session, account.id, None, told, actor=CALLER)


def test_reminders_wait_for_each_invoice_that_was_named(db: Database, account: Account) -> None:
    with db.transaction() as session:
        ids = owed(session, account)
        went(session, account, CallOutcome.AWAITING_APPROVAL, ids, days=5)
        held = {stop.invoice_id: stop.until_on for stop in stops.live(session, account.id)}

        assert held == dict.fromkeys(ids, today(session) + timedelta(days=5))


def test_reminders_wait_for_the_account_where_none_was_named(db: Database, account: Account) -> None:
    with db.transaction() as session:
        went(session, account, CallOutcome.IN_PAYMENT_RUN, days=30)

        assert [stop.invoice_id for stop in stops.live(session, account.id)] == [None]


def test_what_staff_hold_already_is_left_as_it_is(db: Database, account: Account) -> None:
    with db.transaction() as session:
        first, second = owed(session, account)
        set_stop(session, account.id, Wish(StopKind.MANUAL, "x", invoice_id=first), actor=CALLER)
        went(session, account, CallOutcome.IN_PAYMENT_RUN, [first, second], days=3)

        assert [(stop.invoice_id, stop.why) for stop in stops.live(session, account.id)] == [
            (first, "x"),
            (second, "Ana said so"),
        ]


@pytest.mark.parametrize("days", [None, -1, 31])
def test_a_day_that_is_missing_over_or_too_far_keeps_nothing(db: Database, account: Account, days: int | None) -> None:
    with pytest.raises(Invalid) as refused, db.transaction() as session:
        went(session, account, CallOutcome.IN_PAYMENT_RUN, owed(session, account), days=days)

    assert refused.value.field == "until_on"
    with db.reading() as session:
        assert session.scalars(select(Call)).all() == []


def test_somebody_calls_again_in_two_days(db: Database, account: Account, clock: MovableClock) -> None:
    with db.transaction() as session:
        [_, second] = owed(session, account)
        went(session, account, CallOutcome.VOICEMAIL, [second])

        [again] = [row for row in session.execute(select(OUTBOX)).all() if row.kind == "call_again"]
        assert again.due_at == clock.now() + REST
        assert again.payload["invoice_ids"] == [second]


def test_the_invoice_is_sent_again(db: Database, account: Account) -> None:
    with db.transaction() as session:
        went(session, account, CallOutcome.INVOICE_NOT_RECEIVED, owed(session, account))

        assert [each.wording for each in session.scalars(select(Notice))] == [Wording.INVOICE, Wording.INVOICE]


def test_an_invoice_that_cannot_be_sent_again_keeps_nothing(db: Database) -> None:
    with db.transaction() as session:
        nowhere = an_account(session)
        an_invoice(session, nowhere, "120")

    with pytest.raises(Conflict), db.transaction() as session:
        went(session, nowhere, CallOutcome.INVOICE_NOT_RECEIVED, owed(session, nowhere))
    with pytest.raises(Invalid), db.transaction() as session:
        went(session, nowhere, CallOutcome.INVOICE_NOT_RECEIVED)
    with db.reading() as session:
        assert session.scalars(select(Call)).all() == []


def test_somebody_elses_invoice_is_not_found(db: Database, account: Account) -> None:
    with db.transaction() as session:
        other = an_account(session)

    with pytest.raises(NotFound), db.transaction() as session:
        went(session, other, CallOutcome.VOICEMAIL, owed(session, account))
