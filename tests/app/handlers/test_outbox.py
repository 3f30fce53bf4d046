"""Outbox: mail goes out once its transaction has committed, and bad luck never costs more than time."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from adapters.stripe.simulator import Simulator
from app.handlers import outbox as handlers
from app.wired import Wired
from domain.accounts.model import Login
from domain.outbox import queries as outbox
from domain.outbox.model import OutboxMessage
from domain.outbox.sending import add
from domain.payments.messages import LookUp
from domain.payments.model import PaymentStatus
from domain.sessions import links
from domain.sessions.customers import CUSTOMERS
from domain.shared.clock import MovableClock
from domain.shared.db.session import now
from domain.shared.mail import MailRefused, MailUnavailable
from domain.tasks.model import TaskKind
from tests.support.outside import MemoryMail
from tests.support.paying import a_debt
from tests.support.simulated import open_page, payment
from tests.support.tasks import open_tasks


@pytest.fixture
def mail(wired: Wired) -> MemoryMail:
    assert isinstance(wired.mailer, MemoryMail)
    return wired.mailer


def handle_all(wired: Wired) -> None:
    while handlers.handle_due(wired):
        pass


def ask_to_sign_in(wired: Wired, *, email: str = "eva@example.com", language: str = "en") -> None:
    with wired.database.transaction() as session:
        session.add(Login(email="eva@example.com", name="Eva", language=language, created_at=now(session)))
        session.flush()
        links.ask(session, CUSTOMERS, email=email, browser_secret="a browser")


def test_a_sign_in_mail_has_a_link_and_a_code_that_work(wired: Wired, mail: MemoryMail) -> None:
    ask_to_sign_in(wired)

    handle_all(wired)

    [email] = mail.sent
    link = re.search(r"http://127\.0\.0\.1:8000/sign-in/link\?token=(\S+)", email.text)
    assert link is not None
    code = re.search(r"\b\d{6}\b", email.text)
    assert code is not None
    assert code.group() in email.subject
    assert email.to == "eva@example.com"
    with wired.database.transaction() as session:
        assert links.use_token(session, CUSTOMERS, token=link.group(1), browser_secret="a browser").subject_id


def test_mail_speaks_its_readers_language(wired: Wired, mail: MemoryMail) -> None:
    ask_to_sign_in(wired, language="es")

    handle_all(wired)

    assert '<html lang="es">' in mail.sent[0].html


def test_nobody_is_mailed_for_an_unknown_address(wired: Wired, mail: MemoryMail) -> None:
    ask_to_sign_in(wired, email="stranger@example.com")

    handle_all(wired)

    assert mail.sent == []
    with wired.database.reading() as session:
        assert session.scalars(select(OutboxMessage).where(OutboxMessage.done_at.is_(None))).all() == []


def test_a_link_that_came_too_late_is_not_sent(wired: Wired, mail: MemoryMail, clock: MovableClock) -> None:
    ask_to_sign_in(wired)

    clock.advance(minutes=11)
    handle_all(wired)

    assert mail.sent == []


def test_a_paid_payment_brings_its_receipt_with_the_paper(wired: Wired, mail: MemoryMail, simulator: Simulator) -> None:
    debt = a_debt(wired.database, "120.00")
    paid = open_page(wired, debt, "120.00")
    simulator.pay_session(paid.checkout_id or "")
    with wired.database.transaction() as session:
        add(session, LookUp(payment_id=paid.id))

    handle_all(wired)

    [email] = mail.sent
    receipt = payment(wired, paid.public_id).receipt_number
    assert email.to.startswith("ana.")
    assert email.message_id == f"<receipt.{paid.public_id}@127.0.0.1>"
    assert email.attachments[0].filename == f"{receipt}.pdf"
    assert f"/accounts/{debt.account_id}/payments/{paid.public_id}" in email.text
    assert "£120.00" in email.subject


def test_a_look_up_posts_a_payment_of_which_no_webhook_came(
    wired: Wired, mail: MemoryMail, simulator: Simulator
) -> None:
    debt = a_debt(wired.database, "120.00")
    paid = open_page(wired, debt, "120.00")
    simulator.pay_session(paid.checkout_id or "")
    with wired.database.transaction() as session:
        add(session, LookUp(payment_id=paid.id))
        add(session, LookUp(payment_id=paid.id))

    handle_all(wired)

    assert payment(wired, paid.public_id).status is PaymentStatus.SUCCEEDED
    assert len(mail.sent) == 1


def test_a_mail_server_that_is_down_costs_only_time(wired: Wired, mail: MemoryMail, clock: MovableClock) -> None:
    ask_to_sign_in(wired)
    mail.trouble = [MailUnavailable("no answer")]

    handle_all(wired)
    before = len(mail.sent)
    clock.advance(seconds=10)
    handle_all(wired)

    assert (before, len(mail.sent)) == (0, 1)


def test_mail_that_is_refused_for_good_is_given_up_and_becomes_a_task(wired: Wired, mail: MemoryMail) -> None:
    ask_to_sign_in(wired)
    mail.trouble = [MailRefused("nobody of that name")]

    handle_all(wired)

    with wired.database.reading() as session:
        [given_up] = outbox.given_up(session)
        assert given_up.last_error == "nobody of that name"
        assert [task.kind for task in open_tasks(session)] == [TaskKind.MAIL_UNDELIVERABLE]
