"""The email that says that an invoice is due later."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from app.handlers import outbox
from app.wired import Wired
from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS
from domain.policies.sections import EarlyDiscount, Extensions, Sections
from domain.processing.extending import extend, extend_alone
from domain.processing.shortening import shorten
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR, Actor
from domain.shared.mail import Email
from domain.staff.model import Role
from tests.support.builders import an_account, an_invoice
from tests.support.outside import MemoryMail
from tests.support.policies import a_policy

FENCE = Sections(extensions=Extensions(most_days=14))


def sent(wired: Wired) -> list[Email]:
    """What was mailed, once all messages are handled."""
    while outbox.handle_due(wired):
        pass
    assert isinstance(wired.mailer, MemoryMail)
    return wired.mailer.sent


def said(mail: Email) -> str:
    """Its words in one line."""
    return " ".join(mail.text.replace("\xa0", " ").split())


def granted(session: Session, invoice: Invoice) -> None:
    """Ten days more, by staff."""
    day = invoice.due_on + timedelta(days=10)
    extend(session, invoice.account_id, invoice.id, day, reason="Flooded", role=Role.MANAGER, actor=OPERATOR)


def test_the_customer_is_told_the_new_day_and_that_no_interest_is_added_up_to_it(wired: Wired) -> None:
    with wired.database.transaction() as session:
        invoice = an_invoice(session, an_account(session, email="ana@harbour.example"), "120")
        granted(session, invoice)
        number, due_on = invoice.number, invoice.due_on

    [mail] = sent(wired)

    assert mail.to == "ana@harbour.example"
    assert f"Invoice {number} is now due on {due_on:%-d %b %Y}" in said(mail)
    assert "up to that day no interest is added" in said(mail)
    assert "Flooded" not in said(mail)
    assert "discount" not in said(mail)


def test_an_early_discount_keeps_its_day_and_the_mail_says_so(wired: Wired) -> None:
    with wired.database.transaction() as session:
        version = Sections(early_discount=EarlyDiscount(percent=Decimal(2), days=10))
        a_policy(session, version)
        invoice = an_invoice(session, an_account(session, email="ana@harbour.example"), "120")
        granted(session, invoice)
        until = invoice.issued_on + timedelta(days=10)

    [mail] = sent(wired)

    assert f"pay by {until:%-d %b %Y} to save £2.40" in said(mail)


def test_who_set_it_later_alone_is_told(wired: Wired) -> None:
    with wired.database.transaction() as session:
        account = an_account(session, email="office@harbour.example")
        login = grant(session, account, email="ana@harbour.example", name="Ana", rights=ALL_RIGHTS, actor=OPERATOR)
        a_policy(session, FENCE)
        invoice = an_invoice(session, account, "120")
        extend_alone(session, account.id, invoice.id, invoice.due_on + timedelta(days=3), actor=Actor.login(login.id))

    mails = sent(wired)

    assert [mail.to for mail in mails] == ["ana@harbour.example"]


def test_an_account_without_an_address_is_not_told(wired: Wired) -> None:
    with wired.database.transaction() as session:
        granted(session, an_invoice(session, an_account(session), "120"))

    assert sent(wired) == []


def test_the_customer_is_told_when_it_is_taken_back(wired: Wired) -> None:
    with wired.database.transaction() as session:
        invoice = an_invoice(session, an_account(session, email="ana@harbour.example"), "120")
        granted(session, invoice)
        before, back = invoice.due_on, invoice.due_on - timedelta(days=10)
        shorten(session, invoice.account_id, invoice.id, back, reason="Slip", role=Role.MANAGER, actor=OPERATOR)

    _, mail = sent(wired)

    assert f"is now due on {back:%-d %b %Y}" in said(mail)
    assert f"We had told you {before:%-d %b %Y}" in said(mail)
    assert "Slip" not in said(mail)
