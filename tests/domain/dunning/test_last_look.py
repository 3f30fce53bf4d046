"""Last look: what a notice still asks for right before it goes, and what keeps it from going after all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from domain.accounts.model import Account, LegalForm
from domain.dunning.last_look import Look, last_look
from domain.notices.deciding import Part, What, decide
from domain.notices.model import HeldBack, Notice
from domain.notices.reach import addresses
from domain.notices.reach.model import AddressKind
from domain.notices.reach.reaching import Reached
from domain.policies.contacting import Channel, Recipient, Wording
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR, WORKER
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.money import Money
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.disputing import contest

EMAIL = "ap@harbour.example"
AT_EMAIL = Reached(Channel.EMAIL, EMAIL, Recipient.CONTACT, None, "Harbour Café Ltd", "en")


def a_reminder(
    session: Session, *amounts: str, wording: Wording = Wording.FIRST_REMINDER, address: str | None = None
) -> tuple[Account, list[Invoice], Notice]:
    """A company in London that owes an invoice of each amount for a week, and a notice that asks for all of them."""
    account = an_account(session, email=EMAIL, legal_form=LegalForm.COMPANY, country="GB", address=address)
    due_on = today(session) - timedelta(days=7)
    invoices = [an_invoice(session, account, amount, issued_on=due_on, due_on=due_on) for amount in amounts]
    parts = [Part(each.id, each.due_on, each.open, Money.zero("GBP"), step_day=7) for each in invoices]
    return account, invoices, decide(session, account, What(wording, step_day=7), AT_EMAIL, parts, actor=WORKER)


def asked(look: Look) -> list[Money]:
    """How much of each invoice is asked for."""
    return [part.asked for part in look.parts]


def test_what_is_as_it_was_is_asked_for_as_it_was(db: Database) -> None:
    with db.transaction() as session:
        account, _, notice = a_reminder(session, "120", "80")

        look = last_look(session, account, notice)

    assert (asked(look), look.why, look.wait_until) == ([money("120"), money("80")], None, None)


def test_what_was_paid_meanwhile_is_not_asked_for(db: Database) -> None:
    with db.transaction() as session:
        account, [first, _], notice = a_reminder(session, "120", "80")
        a_receipt(session, account, "150", today(session), first)

        look = last_look(session, account, notice)

    assert asked(look) == [money("0"), money("50")]


def test_a_reminder_of_what_is_all_paid_is_held_back(db: Database) -> None:
    with db.transaction() as session:
        account, [invoice], notice = a_reminder(session, "120")
        a_receipt(session, account, "120", today(session), invoice)

        look = last_look(session, account, notice)

    assert look == Look(why=HeldBack.PAID)


def test_what_was_contested_meanwhile_is_not_asked_for(db: Database) -> None:
    with db.transaction() as session:
        account, [first, _], notice = a_reminder(session, "120", "80")
        contest(session, account, first)

        look = last_look(session, account, notice)

    assert asked(look) == [money("0"), money("80")]
    assert [part.why for part in look.parts] == [HeldBack.DISPUTED, None]


def test_more_than_was_decided_on_is_never_asked_for(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, email=EMAIL, legal_form=LegalForm.COMPANY, country="GB")
        due_on = today(session) - timedelta(days=7)
        invoice = an_invoice(session, account, "120", issued_on=due_on, due_on=due_on)
        part = Part(invoice.id, due_on, money("70"), money("50"), HeldBack.DISPUTED, step_day=7)
        what = What(Wording.FIRST_REMINDER, step_day=7)
        notice = decide(session, account, what, AT_EMAIL, [part], actor=WORKER)

        look = last_look(session, account, notice)

    assert asked(look) == [money("70")]


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (AddressKind.OPTED_OUT, HeldBack.OPTED_OUT),
        (AddressKind.COMPLAINED, HeldBack.OPTED_OUT),
        (AddressKind.BOUNCED, HeldBack.NO_ADDRESS),
    ],
)
def test_an_address_that_left_us_meanwhile_is_not_written_to(db: Database, kind: AddressKind, why: HeldBack) -> None:
    with db.transaction() as session:
        account, _, notice = a_reminder(session, "120")
        addresses.note(session, Channel.EMAIL, EMAIL, kind, how="link", actor=OPERATOR)

        look = last_look(session, account, notice)

    assert look == Look(why=why)


def test_what_somebody_has_to_rely_on_goes_by_letter_where_the_address_left_us_meanwhile(db: Database) -> None:
    with db.transaction() as session:
        account, _, notice = a_reminder(session, "120", wording=Wording.DEMAND, address="1 Quay Street\nFalmouth")
        addresses.note(session, Channel.EMAIL, EMAIL, AddressKind.OPTED_OUT, how="link", actor=OPERATOR)

        look = last_look(session, account, notice)

    assert asked(look) == [money("120")]
    assert (notice.channel, notice.address) == (Channel.LETTER, "1 Quay Street\nFalmouth")


@pytest.mark.parametrize("wording", [Wording.FIRST_REMINDER, Wording.INVOICE, Wording.STATEMENT])
def test_what_comes_to_go_at_night_waits_for_the_morning(db: Database, clock: MovableClock, wording: Wording) -> None:
    with db.transaction() as session:
        account, _, notice = a_reminder(session, "120", wording=wording)
        account_id, notice_id = account.id, notice.id
    clock.move_to(datetime(2026, 3, 16, 23, 30, tzinfo=UTC))

    with db.transaction() as session:
        look = last_look(session, session.get_one(Account, account_id), session.get_one(Notice, notice_id))

    assert look.wait_until == datetime(2026, 3, 17, 6, 0, tzinfo=UTC)


def test_a_new_invoice_goes_although_it_is_paid_and_asks_for_nothing(db: Database) -> None:
    with db.transaction() as session:
        account, [invoice], notice = a_reminder(session, "120", wording=Wording.INVOICE)
        a_receipt(session, account, "120", today(session), invoice)

        look = last_look(session, account, notice)

    assert (asked(look), look.why) == ([money("0")], None)


@pytest.mark.parametrize(("wording", "days"), [(Wording.COURTESY, -3), (Wording.DUE_TODAY, 0)])
def test_words_about_a_day_that_is_over_are_not_said(
    db: Database, clock: MovableClock, wording: Wording, days: int
) -> None:
    with db.transaction() as session:
        account = an_account(session, email=EMAIL, legal_form=LegalForm.COMPANY, country="GB")
        invoice = an_invoice(session, account, "120", due_on=today(session) - timedelta(days=days))
        part = Part(invoice.id, invoice.due_on, invoice.open, Money.zero("GBP"), step_day=days)
        notice_id = decide(session, account, What(wording, step_day=days), AT_EMAIL, [part], actor=WORKER).id
    whys = []

    for _ in range(5):
        with db.transaction() as session:
            notice = session.get_one(Notice, notice_id)
            whys.append(last_look(session, session.get_one(Account, notice.account_id), notice).why)
        clock.advance(days=1)

    said = 1 - days
    assert whys == [None] * said + [HeldBack.OVERTAKEN] * (5 - said)
