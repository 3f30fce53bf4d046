"""What is done with a pay link is confirmed to whom its notice was for, who perhaps cannot sign in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.handlers import outbox
from app.wired import Wired
from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS, Account
from domain.disputes.raising import Complaint, raise_dispute
from domain.disputes.reasons import Reason
from domain.notices import pay_links
from domain.notices.model import NoticeStatus
from domain.payments import sending
from domain.payments.starting import start
from domain.policies.contacting import Channel
from domain.policies.sections import Extensions, Promises, Sections
from domain.processing.extending import extend_alone
from domain.promises.making import Word, promise_alone
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR, Actor
from domain.shared.db.session import today
from domain.shared.mail import Email
from tests.support.builders import an_account, an_invoice, money
from tests.support.fakes import FakeProcessor
from tests.support.linking import READER, a_notice
from tests.support.outside import MemoryMail
from tests.support.paying import succeed
from tests.support.policies import a_policy

OFFICE = "office@harbour.example"
IF_NOT_YOU = "This was done with the link in our message to you."


def told(wired: Wired) -> list[Email]:
    """What was mailed, but for notices."""
    while outbox.handle_due(wired):
        pass
    assert isinstance(wired.mailer, MemoryMail)
    return [mail for mail in wired.mailer.sent if "notice." not in mail.message_id]


def linked(wired: Wired) -> tuple[int, int, Actor]:
    """An account with a login, its invoice, and who holds a link to it; the notice has gone out."""
    with wired.database.transaction() as session:
        a_policy(session, Sections(promises=Promises(most_days=14), extensions=Extensions(most_days=14)))
        account = an_account(session, email=OFFICE)
        grant(session, account, email="maya@harbour.example", name="Maya", rights=ALL_RIGHTS, actor=OPERATOR)
        invoice = an_invoice(session, account, "120", number="R-7")
        notice = a_notice(session, account, invoice)
        assert notice.status is NoticeStatus.SENT
        link = pay_links.entered(session, pay_links.mint(session, notice))
        assert link is not None
        return account.id, invoice.id, Actor.pay_link(link.id)


@pytest.mark.parametrize("act", ["promise", "dispute", "extension"])
def test_the_addressee_of_the_notice_is_told_and_is_led_to_no_page_that_wants_a_login(wired: Wired, act: str) -> None:
    account_id, invoice_id, bearer = linked(wired)

    with wired.database.transaction() as session:
        if act == "promise":
            word = Word(today(session) + timedelta(days=7), (invoice_id,))
            promise_alone(session, account_id, word, login_id=None, actor=bearer)
        elif act == "dispute":
            raise_dispute(
                session, account_id, invoice_id, Complaint(Reason.DAMAGED, "It leaks"), login_id=None, actor=bearer
            )
        else:
            due_on = session.get_one(Invoice, invoice_id).due_on
            extend_alone(session, account_id, invoice_id, due_on + timedelta(days=7), actor=bearer)

    [mail] = told(wired)
    said = " ".join(mail.text.split())
    assert mail.to == READER
    assert IF_NOT_YOU in said
    assert IF_NOT_YOU in " ".join((mail.html or "").split())
    assert "/accounts/" not in mail.text + (mail.html or "")


def test_the_receipt_goes_to_the_addressee(wired: Wired) -> None:
    account_id, invoice_id, bearer = linked(wired)
    processor = FakeProcessor()
    sending.know_customer(wired.database, processor, account_id)
    with wired.database.transaction() as session:
        started = start(
            session,
            processor,
            account_id,
            {invoice_id: money("120")},
            login_id=None,
            return_url="https://portal.example/l/payments/{payment}/returned",
            cancel_url="https://portal.example/l",
            language="en",
            actor=bearer,
        )

    succeed(wired.database, started.public_id, money("120"))

    [mail] = told(wired)
    assert mail.to == READER
    assert mail.subject.startswith("Receipt for £120.00")
    assert len(mail.attachments) == 1
    assert "/accounts/" not in mail.text


def test_without_an_address_of_the_addressee_the_account_is_told(wired: Wired) -> None:
    account_id, invoice_id, _ = linked(wired)
    with wired.database.transaction() as session:
        account, invoice = session.get_one(Account, account_id), session.get_one(Invoice, invoice_id)
        letter = a_notice(session, account, invoice, address="1 Quay, Leith", channel=Channel.LETTER)
        link = pay_links.entered(session, pay_links.mint(session, letter))
        assert link is not None

        complaint = Complaint(Reason.DAMAGED, "It leaks")
        raise_dispute(session, account_id, invoice_id, complaint, login_id=None, actor=Actor.pay_link(link.id))

    [mail] = told(wired)
    assert mail.to == OFFICE
    assert IF_NOT_YOU in " ".join(mail.text.split())
