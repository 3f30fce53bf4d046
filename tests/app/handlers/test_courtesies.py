"""Courtesies as they arrive: in words of their own, with their papers, and a link to where something can be done."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.wired import Wired
from app.worker import Worker
from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS, Account, LegalForm
from domain.collecting import turning
from domain.dunning.courtesies import send_again
from domain.policies.sections import Courtesies, EarlyDiscount, Sections
from domain.saved_methods.keeping import Kept
from domain.saved_methods.model import MethodKind
from domain.shared.actor import OPERATOR, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import today
from domain.shared.mail import Email
from domain.statements.model import Statement
from tests.support.builders import a_receipt, an_account, an_invoice
from tests.support.lateness import DAILY, Overdue
from tests.support.outside import MemoryMail
from tests.support.policies import a_policy
from tests.support.saving import AGREED, a_method

EMAIL = "ap@harbour.example"
ALL = Courtesies(statements=True)


def a_customer(session: Session, **more: Any) -> Account:
    """A company that can be written to."""
    return an_account(session, email=EMAIL, legal_form=LegalForm.COMPANY, country="GB", **more)


def mails(wired: Wired) -> list[Email]:
    """All that was sent once the worker has done what is due."""
    Worker(wired).drain()
    assert isinstance(wired.mailer, MemoryMail)
    return wired.mailer.sent


def go_to(clock: MovableClock, day: date) -> None:
    """The morning of a day."""
    clock.move_to(datetime(day.year, day.month, day.day, 10, tzinfo=UTC))


def test_a_new_invoice_comes_with_its_paper_and_says_what_paying_early_saves(wired: Wired) -> None:
    with wired.database.transaction() as session:
        a_policy(session, Sections(courtesies=ALL, early_discount=EarlyDiscount(percent=Decimal(2), days=10)))
        invoice = an_invoice(session, a_customer(session), "500", number="INV-7")

    (mail,) = mails(wired)

    assert mail.to == EMAIL
    assert "INV-7" in mail.subject
    assert "£500.00" in mail.text
    assert "Pay £490.00 by " in mail.text
    assert "and you save £10.00" in mail.text
    assert "/l/" in mail.text
    assert [each.media_type for each in mail.attachments] == ["application/pdf"]
    assert invoice.number in mail.attachments[0].filename


def test_without_a_discount_nothing_is_said_of_one_and_it_comes_again_when_it_is_asked_for(wired: Wired) -> None:
    with wired.database.transaction() as session:
        a_policy(session, Sections(courtesies=ALL))
        account = a_customer(session)
        invoice = an_invoice(session, account, "500")
    mails(wired)
    with wired.database.transaction() as session:
        send_again(session, account.id, invoice.id, actor=OPERATOR)

    found = mails(wired)

    assert len(found) == 2
    assert all("take off" not in mail.text for mail in found)


def test_late_charges_name_the_invoice_that_was_late(wired: Wired, clock: MovableClock) -> None:
    late = Overdue(wired.database, clock, Sections(late_interest=DAILY, courtesies=ALL))
    with wired.database.transaction() as session:
        session.get_one(Account, late.account_id).email = EMAIL
    late.charge(date(2026, 3, 1))
    go_to(clock, date(2026, 3, 1))

    (mail,) = mails(wired)

    assert "Charges for late payment" in mail.subject
    assert "What was late: " in mail.text
    assert len(mail.attachments) == 1


def test_a_statement_is_issued_once_and_says_what_is_owed_and_what_of_it_is_late(
    wired: Wired, clock: MovableClock
) -> None:
    with wired.database.transaction() as session:
        a_policy(session, Sections(courtesies=Courtesies(invoices=False, statements=True)))
        account = a_customer(session)
        an_invoice(session, account, "120", issued_on=date(2026, 2, 1), due_on=date(2026, 3, 1))
        paid = an_invoice(session, account, "80")
        a_receipt(session, account, "80", today(session), paid)
    go_to(clock, date(2026, 4, 1))

    (mail,) = mails(wired)

    assert "from 1 Mar 2026 to 31 Mar 2026" in mail.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Your balance is £120.00" in mail.text
    assert "£120.00 is past its due day" in mail.text
    assert len(mail.attachments) == 1
    with wired.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Statement)) == 1


@pytest.mark.parametrize("again", [1, 2])
def test_the_owner_of_a_card_hears_that_it_expires_and_where_to_add_another(
    wired: Wired, clock: MovableClock, again: int
) -> None:
    with wired.database.transaction() as session:
        a_policy(session, Sections(courtesies=ALL))
        account = a_customer(session)
        ana = grant(session, account, email="ana@harbour.example", name="Ana", rights=ALL_RIGHTS, actor=OPERATOR).id
    kept = Kept("pm_card", MethodKind.CARD, "Visa •••• 4242", (2026, 3))
    method_id = a_method(wired.database, account.id, ana, kept)
    with wired.database.transaction() as session:
        turning.turn_on(session, account.id, method_id, AGREED, login_id=ana, actor=Actor.login(ana))

    for _ in range(again):
        found = [mail for mail in mails(wired) if "expires" in mail.subject]

    assert [mail.to for mail in found] == ["ana@harbour.example"]
    assert "Visa •••• 4242" in found[0].text
    assert "03/2026" in found[0].text
    assert f"/accounts/{account.id}/ways-to-pay" in found[0].text


def test_a_good_payer_is_thanked_and_asked_for_nothing(wired: Wired, clock: MovableClock) -> None:
    with wired.database.transaction() as session:
        a_policy(session, Sections(courtesies=Courtesies(invoices=False)))
        account = a_customer(session)
        for day in (date(2026, 1, 20), date(2026, 2, 20)):
            invoice = an_invoice(session, account, "100", issued_on=date(2026, 1, 2), due_on=day)
            a_receipt(session, account, "100", day, invoice)
    go_to(clock, date(2026, 4, 1))

    (mail,) = mails(wired)

    assert mail.subject == "Thank you for paying on time"
    assert "/l/" not in mail.text
    assert not mail.attachments
