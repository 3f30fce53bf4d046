"""Printing letters: what was paid or partly paid since a letter was made is not printed as it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.notices import printing
from domain.notices.messages import SendNotice
from domain.notices.model import HeldBack, Notice, NoticeStatus
from domain.outbox.model import OUTBOX
from domain.policies.contacting import Wording
from domain.processing.printing_letters import Printed, post_letters, print_letters
from domain.shared.actor import Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid, NotFound
from tests.support.builders import a_receipt, an_account, an_invoice
from tests.support.lettering import a_letter
from tests.support.outside import MemoryStore
from tests.support.reminding import notices

JO = Actor.staff(1)


@pytest.fixture
def store() -> MemoryStore:
    """Where the documents lie."""
    return MemoryStore()


def test_what_is_still_true_is_printed_and_sent_once_it_is_posted(db: Database, store: MemoryStore) -> None:
    with db.transaction() as session:
        account, other = an_account(session), an_account(session)
        for each in (other, account):
            an_invoice(session, each, "120")
        letters = [a_letter(session, store, each).id for each in (other, account)]

        made = print_letters(session, store, letters, actor=JO)

        assert made.batch_id is not None
        assert made == Printed(made.batch_id, called_off=0, written_anew=0)
        assert post_letters(session, made.batch_id, actor=JO) == 2
        assert {session.get_one(Notice, each).status for each in letters} == {NoticeStatus.SENT}


def test_a_letter_about_what_was_paid_meanwhile_is_called_off(db: Database, store: MemoryStore) -> None:
    with db.transaction() as session:
        account, other = an_account(session), an_account(session)
        invoice = an_invoice(session, account, "120")
        an_invoice(session, other, "50")
        paid, stands = a_letter(session, store, account), a_letter(session, store, other)
        a_receipt(session, account, "120", today(session), invoice)

        made = print_letters(session, store, [paid.id, stands.id], actor=JO)

        assert (made.called_off, made.written_anew) == (1, 0)
        assert (paid.status, paid.why) == (NoticeStatus.SUPPRESSED, HeldBack.PAID)
        assert made.batch_id is not None
        assert [row.id for row in printing.printed(session, made.batch_id)] == [stands.id]


def test_a_letter_about_what_was_partly_paid_is_written_anew(db: Database, store: MemoryStore) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        letter = a_letter(session, store, account, wording=Wording.FINAL_NOTICE)
        a_receipt(session, account, "20", today(session), invoice)

        made = print_letters(session, store, [letter.id], actor=JO)

        old, new = notices(session, account.id)
        sent = session.scalars(select(OUTBOX.c.payload).where(OUTBOX.c.kind == SendNotice.kind)).all()
        assert made == Printed(None, called_off=0, written_anew=1)
        assert (old.status, new.status) == (NoticeStatus.SUPPRESSED, NoticeStatus.READY)
        assert (new.total_minor, new.wording, new.step_day) == (100_00, old.wording, old.step_day)
        assert (new.address, new.name, new.channel) == (old.address, old.name, old.channel)
        assert sent[-1] == {"notice_id": new.id}


@pytest.mark.parametrize(("approved", "days", "anew"), [(0, 3, 0), (0, 4, 1), (10, 13, 0), (10, 14, 1)])
def test_a_letter_that_lay_too_long_is_written_anew_with_its_days_to_pay(
    db: Database, store: MemoryStore, clock: MovableClock, approved: int, days: int, anew: int
) -> None:
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "120")
        letter = a_letter(session, store, account, wording=Wording.FINAL_NOTICE)
        letter.due_at += timedelta(days=approved)
        letter.act_by = today(session) + timedelta(days=approved + 7)
    clock.advance(days=days)

    with db.transaction() as session:
        made = print_letters(session, store, [letter.id], actor=JO)

        first, *others = notices(session, account.id)
        assert made.written_anew == len(others) == anew
        assert first.act_by == first.decided_on + timedelta(days=approved + 7)
        assert [(each.act_by, each.total_minor, first.why) for each in others] == [
            (today(session) + timedelta(days=7), 120_00, HeldBack.OVERTAKEN)
        ] * anew


def test_a_letter_that_tells_of_something_else_says_what_it_said(db: Database, store: MemoryStore) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        letter = a_letter(session, store, account, wording=Wording.STATEMENT)
        a_receipt(session, account, "20", today(session), invoice)

        made = print_letters(session, store, [letter.id], actor=JO)

        assert made.batch_id is not None


def test_what_does_not_wait_any_more_is_refused(db: Database, store: MemoryStore) -> None:
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "120")
        letter_id = a_letter(session, store, account).id
        print_letters(session, store, [letter_id], actor=JO)

    with pytest.raises(Conflict), db.transaction() as session:
        print_letters(session, store, [letter_id], actor=JO)
    with pytest.raises(Invalid), db.transaction() as session:
        print_letters(session, store, range(printing.MOST + 1), actor=JO)
    with pytest.raises(NotFound), db.transaction() as session:
        post_letters(session, 99, actor=JO)
