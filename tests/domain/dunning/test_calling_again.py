"""Nobody who was not reached is called again without a second look."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.dunning import pausing
from domain.dunning.calling_again import call_again
from domain.notices.calling import Said, write_down
from domain.notices.model import Call, CallOutcome, HeldBack, Notice, NoticeStatus
from domain.notices.reach import addresses
from domain.notices.reach.model import AddressKind
from domain.policies.contacting import Channel, Recipient, Wording
from domain.receivables.model import Invoice
from domain.shared.actor import WORKER, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.tasks import queries as tasks
from tests.support.builders import a_receipt, an_account, an_invoice
from tests.support.noticing import ADDRESSES, a_notice
from tests.support.promising import promised

CALLER = Actor.staff(1)


def called(session: Session, outcome: CallOutcome = CallOutcome.VOICEMAIL) -> Call:
    """A call about an invoice over 120 that the rules asked for."""
    account = an_account(session, phone="+44 1632 960001", country="GB")
    an_invoice(session, account, "120", issued_on=date(2026, 1, 2))
    notice = a_notice(session, account, Channel.CALL, wording=Wording.SECOND_REMINDER)
    return write_down(session, account.id, notice.id, Said(outcome, "x", ADDRESSES[Channel.CALL]), actor=CALLER)


def owed(session: Session, account_id: int) -> Invoice:
    """The account's one invoice."""
    return session.scalars(select(Invoice).where(Invoice.account_id == account_id)).one()


def again(session: Session, call: Call) -> Notice:
    """The next call."""
    notice = call_again(session, call.id, [owed(session, call.account_id).id], actor=WORKER)
    assert notice is not None
    return notice


def test_what_is_open_still_is_asked_for_by_the_same_words(db: Database) -> None:
    with db.transaction() as session:
        call = called(session)
        notice = again(session, call)
        waiting = tasks.tasks_of(session, call.account_id)

        assert (notice.status, notice.wording, notice.total_minor) == (
            NoticeStatus.READY,
            Wording.SECOND_REMINDER,
            12000,
        )
        assert (notice.recipient, notice.step_day) == (Recipient.CONTACT, None)
        assert len(waiting) == 1


def test_the_next_call_gives_as_many_days_to_pay_as_the_one_before(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        call = called(session)
        before = session.get_one(Notice, call.notice_id)
        before.act_by = today(session) + timedelta(days=5)
    clock.advance(days=2)

    with db.transaction() as session:
        notice = again(session, session.get_one(Call, call.id))

        assert notice.act_by == today(session) + timedelta(days=5)


def pay(session: Session, account: Account) -> None:
    """All that is open comes in."""
    a_receipt(session, account, "120", date(2026, 3, 1), owed(session, account.id))


def promise(session: Session, account: Account) -> None:
    """They promise all of it."""
    promised(session, account, owed(session, account.id))


def pause(session: Session, account: Account) -> None:
    """Everything is paused."""
    pausing.pause(session, why=account.name, until_on=today(session) + timedelta(days=9), actor=CALLER)


def lose_number(session: Session, account: Account) -> None:
    """The number turns out to be a stranger's."""
    number = ADDRESSES[Channel.CALL]
    addresses.note(session, Channel.CALL, number, AddressKind.BOUNCED, how="x", actor=CALLER, account_id=account.id)


def talk(session: Session, account: Account) -> None:
    """They have called us meanwhile."""
    write_down(session, account.id, None, Said(CallOutcome.REACHED, "They called"), actor=CALLER)


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (pay, HeldBack.PAID),
        (promise, HeldBack.PROMISED),
        (pause, HeldBack.PAUSED),
        (lose_number, HeldBack.NO_ADDRESS),
        (talk, HeldBack.TOO_OFTEN),
    ],
)
def test_what_is_no_longer_right_is_held_back_with_the_reason(db: Database, happens: object, why: HeldBack) -> None:
    with db.transaction() as session:
        call = called(session)
        happens(session, session.get_one(Account, call.account_id))  # type: ignore[operator]

        notice = again(session, call)

        assert (notice.status, notice.why) == (NoticeStatus.SUPPRESSED, why)
        assert tasks.tasks_of(session, call.account_id) == []


def test_it_is_decided_once(db: Database) -> None:
    with db.transaction() as session:
        call = called(session)
        again(session, call)

        assert call_again(session, call.id, [owed(session, call.account_id).id], actor=WORKER) is None
