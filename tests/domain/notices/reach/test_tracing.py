"""Tracing: a notice that did not arrive says so, and the last address that dies asks for somebody to find another."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.contacts import ContactDetails, add
from domain.accounts.model import Account
from domain.notices.model import Notice, NoticeStatus
from domain.notices.reach import addresses
from domain.notices.reach.model import AddressKind
from domain.notices.reach.tracing import bounced, trace_if_lost
from domain.policies.contacting import Channel
from domain.shared.actor import OPERATOR, WORKER
from domain.shared.db.session import Database
from domain.shared.errors import Conflict
from domain.tasks.model import Task, TaskKind
from tests.support.audited import acts
from tests.support.builders import an_account, an_invoice, money
from tests.support.linking import a_notice

EMAIL = "ap@harbour.example"


def a_sent_notice(session: Session) -> tuple[Account, Notice]:
    """A customer who owes 120 and was written to at the only address there is."""
    account = an_account(session, email=EMAIL)
    return account, a_notice(session, account, an_invoice(session, account, "120"), address=EMAIL)


def traces(session: Session) -> list[Task]:
    """The tasks to find somebody."""
    return list(session.scalars(select(Task).where(Task.kind == TaskKind.TRACE)))


def test_a_notice_that_bounced_has_failed_and_its_address_is_used_no_more(db: Database) -> None:
    with db.transaction() as session:
        account, notice = a_sent_notice(session)

        bounced(session, account, notice, how="refused", detail="550 nobody here", actor=WORKER)

        assert notice.status is NoticeStatus.FAILED
        assert addresses.latest(session, Channel.EMAIL, [EMAIL]) == {EMAIL: AddressKind.BOUNCED}
        assert acts(session)[-2:] == ["notice.failed", "address.bounced"]


def test_the_last_address_that_bounces_asks_for_somebody_to_find_another_once(db: Database) -> None:
    with db.transaction() as session:
        account, notice = a_sent_notice(session)

        bounced(session, account, notice, how="refused", detail="550 nobody here", actor=WORKER)
        trace_if_lost(session, account)

        [task] = traces(session)
        assert (task.account_id, task.worth_minor) == (account.id, money("120").minor)


def test_another_address_that_may_work_needs_no_tracing(db: Database) -> None:
    with db.transaction() as session:
        account, notice = a_sent_notice(session)
        add(session, account, ContactDetails(name="Ana", email="ana@harbour.example"), actor=OPERATOR)

        bounced(session, account, notice, how="refused", detail="550 nobody here", actor=WORKER)

        assert traces(session) == []


def test_a_customer_who_wants_no_messages_is_not_lost(db: Database) -> None:
    with db.transaction() as session:
        account, _ = a_sent_notice(session)
        addresses.note(session, Channel.EMAIL, EMAIL, AddressKind.OPTED_OUT, how="link", actor=OPERATOR)

        trace_if_lost(session, account)

        assert traces(session) == []


def test_a_notice_that_was_rejected_cannot_bounce(db: Database) -> None:
    with db.transaction() as session:
        account, notice = a_sent_notice(session)
        notice.status = NoticeStatus.REJECTED

    with pytest.raises(Conflict), db.transaction() as session:
        bounced(session, account, session.get_one(Notice, notice.id), how="refused", detail="550", actor=WORKER)
