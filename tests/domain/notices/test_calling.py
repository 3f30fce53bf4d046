"""A call is written down once for a task, with words where the code says too little."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.notices.calling import AFTER, Said, write_down
from domain.notices.model import TALKED, CallOutcome, Notice, NoticeStatus
from domain.policies.contacting import Channel
from domain.shared.actor import Actor
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid, NotFound
from domain.tasks import queries as tasks
from tests.support.builders import an_account, an_invoice
from tests.support.noticing import a_notice

CALLER = Actor.staff(1)


@pytest.fixture
def due(db: Database) -> Notice:
    """A call that is to be made."""
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "120", issued_on=date(2026, 1, 2))
        return a_notice(session, account, Channel.CALL)


def made(session: Session, notice: Notice, outcome: CallOutcome, words: str = "x") -> None:
    """The call is made."""
    write_down(session, notice.account_id, notice.id, Said(outcome, words), actor=CALLER)


@pytest.mark.parametrize("outcome", CallOutcome)
def test_each_outcome_ends_the_notice_and_its_task(db: Database, due: Notice, outcome: CallOutcome) -> None:
    with db.transaction() as session:
        made(session, due, outcome)

    with db.reading() as session:
        status = session.get_one(Notice, due.id).status
        assert status is AFTER[outcome]
        assert (status is NoticeStatus.DELIVERED) == (outcome in TALKED)
        assert tasks.tasks_of(session, due.account_id) == []


def test_a_call_is_made_once(db: Database, due: Notice) -> None:
    with db.transaction() as session:
        made(session, due, CallOutcome.VOICEMAIL)

    with pytest.raises(Conflict), db.transaction() as session:
        made(session, due, CallOutcome.REACHED)


@pytest.mark.parametrize("outcome", [CallOutcome.REACHED, CallOutcome.DISPUTE, CallOutcome.PROMISE])
def test_what_was_said_is_wanted_where_the_code_says_too_little(
    db: Database, due: Notice, outcome: CallOutcome
) -> None:
    with pytest.raises(Invalid, match="few words"), db.transaction() as session:
        made(session, due, outcome, "  ")

    with db.reading() as session:
        assert session.get_one(Notice, due.id).status is NoticeStatus.READY


def test_somebody_elses_notice_and_an_email_are_no_calls(db: Database, due: Notice) -> None:
    with db.transaction() as session:
        other = an_account(session)
        email = a_notice(session, session.get_one(Account, due.account_id))

    with pytest.raises(NotFound), db.transaction() as session:
        write_down(session, other.id, due.id, Said(CallOutcome.VOICEMAIL), actor=CALLER)
    with pytest.raises(NotFound), db.transaction() as session:
        made(session, email, CallOutcome.VOICEMAIL)
