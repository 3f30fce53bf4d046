"""Mail about receipts: sent to whoever paid, and taken back where the receipt was booked by mistake."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.handlers import outbox
from app.wired import Wired
from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS
from domain.notices.reach import addresses
from domain.notices.reach.model import AddressKind
from domain.policies.contacting import Channel
from domain.policies.sections import EarlyDiscount, Sections
from domain.processing.bank import booking
from domain.processing.bank.booking import Part
from domain.processing.bank.undoing import undo
from domain.tasks.model import TaskKind
from tests.support.banking import CLERK, lines_of, paying
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import a_cheque
from tests.support.outside import MemoryMail
from tests.support.policies import a_policy
from tests.support.tasks import open_tasks


@pytest.mark.parametrize(
    ("sent_before", "subjects"),
    [
        (True, ["Receipt for £50.00 from ", "Receipt RCT-000001 from "]),
        (False, []),
    ],
)
def test_only_who_was_sent_the_receipt_hears_that_it_does_not_count(
    wired: Wired, sent_before: bool, subjects: list[str]
) -> None:
    with wired.database.transaction() as session:
        account = an_account(session, email="ana@harbour.example")
        an_invoice(session, account, "50")
    (line,) = lines_of(wired.database, paying("50"))
    with wired.database.transaction() as session:
        booking.book_payments(session, line, [Part(account.id, money("50"))], actor=CLERK)
    if sent_before:
        outbox.handle_due(wired)

    with wired.database.transaction() as session:
        undo(session, line, reason="Theirs", actor=CLERK)
    while outbox.handle_due(wired):
        pass

    assert isinstance(wired.mailer, MemoryMail)
    sent = [mail.subject for mail in wired.mailer.sent]
    assert [subject[: len(start)] for subject, start in zip(sent, subjects, strict=True)] == subjects


def test_a_receipt_names_the_discount_that_the_payment_earned(wired: Wired) -> None:
    with wired.database.transaction() as session:
        a_policy(session, Sections(early_discount=EarlyDiscount(percent=Decimal(2), days=10)))
        account = an_account(session, email="ana@harbour.example")
        invoice = an_invoice(session, account, "120", number="INV-1")
        a_cheque(session, account, "117.60", wanted={invoice.id: money("117.60")})

    while outbox.handle_due(wired):
        pass

    assert isinstance(wired.mailer, MemoryMail)
    (mail,) = [mail for mail in wired.mailer.sent if mail.subject.startswith("Receipt for ")]
    assert "- INV-1: £117.60" in mail.text
    for body in (mail.text, mail.html or ""):
        assert "Settled by the early-payment discount on INV-1" in body
        assert "£2.40" in body


@pytest.mark.parametrize(
    ("dead", "reader", "asked"),
    [
        (["payer@harbour.example"], "office@harbour.example", []),
        (["payer@harbour.example", "office@harbour.example"], "other@harbour.example", []),
        (["payer@harbour.example", "office@harbour.example", "other@harbour.example"], None, [TaskKind.TRACE]),
    ],
)
def test_a_receipt_goes_to_the_next_address_that_works_or_somebody_looks_for_one(
    wired: Wired, dead: list[str], reader: str | None, asked: list[TaskKind]
) -> None:
    with wired.database.transaction() as session:
        account = an_account(session, email="office@harbour.example")
        payer, _ = (
            grant(session, account, email=f"{name}@harbour.example", name=name, rights=ALL_RIGHTS, actor=CLERK)
            for name in ("payer", "other")
        )
        for address in dead:
            addresses.note(session, Channel.EMAIL, address, AddressKind.BOUNCED, how="test", actor=CLERK)
        an_invoice(session, account, "50")
        paid = a_cheque(session, account, "50")
        paid.login_id = payer.id

    while outbox.handle_due(wired):
        pass

    assert isinstance(wired.mailer, MemoryMail)
    assert [mail.to for mail in wired.mailer.sent] == ([reader] if reader else [])
    with wired.database.reading() as session:
        assert [task.kind for task in open_tasks(session)] == asked
