"""What a partner is mailed: the debt with its commission, and every turn that it takes; in its own language, once."""

from __future__ import annotations

from app.wired import Wired
from app.worker import Worker
from domain.payments.model import PaymentMethod
from domain.placements.correspondence import writing
from domain.processing.receipts.recording import Slip, record_receipt
from domain.shared.actor import OPERATOR, Actor
from domain.shared.db.session import today
from domain.shared.mail import Email
from tests.support.builders import money
from tests.support.outside import MemoryMail
from tests.support.placing import a_late_debt, a_partner, placed


def mails(wired: Wired) -> list[Email]:
    """All that partners were sent, the first one first."""
    assert isinstance(wired.mailer, MemoryMail)
    return [mail for mail in wired.mailer.sent if "HO-" in mail.subject]


def said(mail: Email) -> str:
    """What it says, on one line."""
    return " ".join(mail.text.replace("\xa0", " ").split())


def test_a_partner_is_mailed_what_it_is_handed_and_when_nothing_more_is_owed(wired: Wired) -> None:
    with wired.database.transaction() as session:
        account, invoice = a_late_debt(session, "1200", late_days=90)
        placed(session, account, a_partner(session, email="files@fair.example"))
        account_id, invoice_id, number = account.id, invoice.id, invoice.number
    Worker(wired).drain()
    with wired.database.transaction() as session:
        slip = Slip(PaymentMethod.TRANSFER, money("1200"), today(session), wanted={invoice_id: money("1200")})
        record_receipt(session, account_id, slip, actor=OPERATOR)

    Worker(wired).drain()
    Worker(wired).drain()

    handed, closed = (mail for mail in mails(wired) if "hand you" in mail.subject or "closed" in mail.subject)
    assert (handed.to, closed.to) == ("files@fair.example", "files@fair.example")
    assert handed.subject.startswith("We hand you a debt of £1,200.00: HO-")
    assert "Your commission is 35 per cent of what you collect." in said(handed)
    assert number in said(handed)
    assert closed.subject.endswith("is closed: nothing more is owed")


def test_an_answer_is_mailed_with_what_was_asked(wired: Wired) -> None:
    with wired.database.transaction() as session:
        account, _ = a_late_debt(session, "1200")
        made = placed(session, account, a_partner(session, email="files@fair.example"))
        asked = writing.ask(
            session, account.id, made.id, "Did {it} come?", happened_on=today(session), actor=Actor.partner(1)
        )
        for words in ("Yes, signed.", "By Ana Ruiz."):
            writing.answer(session, account.id, made.id, asked.id, words, actor=OPERATOR)

    Worker(wired).drain()

    answers = [mail for mail in mails(wired) if mail.subject.startswith("Our answer about HO-")]
    assert [mail.to for mail in answers] == ["files@fair.example"] * 2
    assert "“Did {it} come?” Our answer: Yes, signed." in said(answers[0])
    assert "Our answer: By Ana Ruiz." in said(answers[1])
