"""Noticing: a notice is sent as it is true at that moment, what it said is kept, and bad luck has its consequences."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import html5lib
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.handlers import outbox
from app.handlers.noticing import send_notice
from app.wired import Wired
from domain.accounts.model import Account, LegalForm
from domain.notices import pay_links
from domain.notices.deciding import Part, What, decide
from domain.notices.messages import SendNotice
from domain.notices.model import HeldBack, Notice, NoticeChange, NoticeContent, NoticeStatus
from domain.notices.reach import addresses
from domain.notices.reach.model import AddressKind
from domain.notices.reach.reaching import Reached
from domain.policies.contacting import Channel, Recipient, Wording
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR, WORKER
from domain.shared.clock import MovableClock
from domain.shared.db.session import today
from domain.shared.mail import AddressRefused, Email, MailRefused, MailUnavailable, Picture
from domain.shared.money import Money
from domain.tasks.model import TaskKind
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.disputing import contest
from tests.support.outside import MemoryMail
from tests.support.tasks import open_tasks

EMAIL = "ap@harbour.example"
AT_EMAIL = Reached(Channel.EMAIL, EMAIL, Recipient.CONTACT, None, "Ana Reyes", "en")


def a_notice(
    wired: Wired,
    *amounts: str,
    wording: Wording = Wording.FIRST_REMINDER,
    language: str = "en",
    subject: tuple[str, int] | None = None,
) -> int:
    """A company that owes an invoice of each amount for a week, and a notice of them that is to be sent."""
    with wired.database.transaction() as session:
        account = an_account(session, email=EMAIL, legal_form=LegalForm.COMPANY, country="GB")
        due_on = today(session) - timedelta(days=7)
        invoices = [an_invoice(session, account, amount, issued_on=due_on, due_on=due_on) for amount in amounts]
        parts = [Part(each.id, each.due_on, each.open, Money.zero("GBP"), step_day=7) for each in invoices]
        what = What(wording, subject=subject)
        return decide(session, account, what, replace(AT_EMAIL, language=language), parts, actor=WORKER).id


def pay(session: Session, notice_id: int, amount: str) -> None:
    """Money comes in for the notice's account."""
    account = session.get_one(Account, session.get_one(Notice, notice_id).account_id)
    invoices = session.scalars(select(Invoice).where(Invoice.account_id == account.id).order_by(Invoice.id))
    a_receipt(session, account, amount, today(session), *invoices)


def mail_of(wired: Wired) -> MemoryMail:
    """The mail that was sent."""
    assert isinstance(wired.mailer, MemoryMail)
    return wired.mailer


def sent(wired: Wired, notice_id: int) -> Email:
    """Send it; the one mail that there is."""
    send_notice(wired, SendNotice(notice_id))
    [email] = mail_of(wired).sent
    return email


def status(wired: Wired, notice_id: int) -> NoticeStatus:
    """In which state it is."""
    with wired.database.reading() as session:
        return session.get_one(Notice, notice_id).status


def test_a_notice_that_was_decided_goes_by_the_outbox(wired: Wired) -> None:
    notice_id = a_notice(wired, "120")

    outbox.handle_due(wired)

    [email] = mail_of(wired).sent
    assert (email.to, status(wired, notice_id)) == (EMAIL, NoticeStatus.SENT)
    assert "£120.00" in email.subject


def test_what_it_said_is_kept_without_the_secrets_of_its_links(wired: Wired) -> None:
    email = sent(wired, notice_id := a_notice(wired, "120"))

    with wired.database.reading() as session:
        kept = session.get_one(NoticeContent, notice_id)
        [link] = pay_links.of_notice(session, notice_id)
    portal = wired.settings.portal.public_url
    secret = email.text.partition(f"{portal}/l/")[2].split()[0]
    with wired.database.reading() as session:
        entered = pay_links.entered(session, secret)
    assert entered is not None
    assert entered.id == link.id
    token = email.text.partition(f"{portal}/unsubscribe/")[2].split()[0]
    assert kept.body == email.text.replace(secret, "…").replace(token, "…")
    assert kept.body.count("…") == 2
    assert kept.sha256 == sha256(f"{kept.subject}\n\n{kept.body}".encode()).hexdigest()


def test_the_mail_says_who_it_is_from_where_answers_go_and_how_to_stop_them(wired: Wired) -> None:
    email = sent(wired, notice_id := a_notice(wired, "120"))

    with wired.database.reading() as session:
        mark = session.get_one(Notice, notice_id).mark
    assert email.message_id == f"<{mark}@{wired.settings.portal.host}>"
    assert email.headers["Reply-To"] == wired.database.business.email
    assert email.headers["X-Notice"] == mark
    by_link, by_mail = email.headers["List-Unsubscribe"].split(", ")
    assert by_link.startswith(f"<{wired.settings.portal.public_url}/unsubscribe/")
    assert by_mail == f"<mailto:{wired.database.business.email}?subject=unsubscribe>"
    assert email.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert by_link.strip("<>") in email.text
    assert by_link.strip("<>") in email.html


def test_a_notice_that_has_gone_does_not_go_again(wired: Wired) -> None:
    notice_id = a_notice(wired, "120")

    send_notice(wired, SendNotice(notice_id))
    send_notice(wired, SendNotice(notice_id))

    assert len(mail_of(wired).sent) == 1


def test_what_was_paid_before_it_went_is_not_asked_for(wired: Wired) -> None:
    notice_id = a_notice(wired, "120", "80")
    with wired.database.transaction() as session:
        pay(session, notice_id, "150")

    email = sent(wired, notice_id)

    assert "£50.00" in email.subject
    assert "£80.00" not in email.text
    with wired.database.reading() as session:
        assert session.get_one(Notice, notice_id).total == money("50")


def test_a_reminder_of_what_was_all_paid_before_it_went_is_held_back(wired: Wired) -> None:
    notice_id = a_notice(wired, "120")
    with wired.database.transaction() as session:
        pay(session, notice_id, "120")

    send_notice(wired, SendNotice(notice_id))

    with wired.database.reading() as session:
        notice = session.get_one(Notice, notice_id)
    assert (notice.status, notice.why) == (NoticeStatus.SUPPRESSED, HeldBack.PAID)
    assert mail_of(wired).sent == []


def test_an_address_that_opted_out_before_it_went_is_left_alone(wired: Wired) -> None:
    notice_id = a_notice(wired, "120")
    with wired.database.transaction() as session:
        addresses.note(session, Channel.EMAIL, EMAIL, AddressKind.OPTED_OUT, how="link", actor=OPERATOR)

    send_notice(wired, SendNotice(notice_id))

    with wired.database.reading() as session:
        notice = session.get_one(Notice, notice_id)
    assert (notice.status, notice.why) == (NoticeStatus.SUPPRESSED, HeldBack.OPTED_OUT)


def test_a_reminder_that_comes_to_go_at_night_goes_in_the_morning_once(wired: Wired, clock: MovableClock) -> None:
    notice_id = a_notice(wired, "120")
    clock.advance(hours=11)

    outbox.handle_due(wired)
    send_notice(wired, SendNotice(notice_id))
    assert mail_of(wired).sent == []
    clock.advance(hours=7)
    while outbox.handle_due(wired):
        pass

    assert len(mail_of(wired).sent) == 1


def test_a_dead_address_fails_the_notice_and_has_the_customer_traced(wired: Wired) -> None:
    notice_id = a_notice(wired, "120")
    mail_of(wired).trouble.append(AddressRefused("550 nobody of that name"))

    outbox.handle_due(wired)

    with wired.database.reading() as session:
        assert session.get_one(Notice, notice_id).status is NoticeStatus.FAILED
        assert addresses.latest(session, Channel.EMAIL, [EMAIL]) == {EMAIL: AddressKind.BOUNCED}
        assert [task.kind for task in open_tasks(session)] == [TaskKind.TRACE]


def test_a_refusal_that_is_not_the_addresss_fault_asks_for_a_person_and_leaves_the_address_alone(wired: Wired) -> None:
    notice_id = a_notice(wired, "120")
    mail_of(wired).trouble.append(MailRefused("554 looks like spam"))

    outbox.handle_due(wired)

    with wired.database.reading() as session:
        assert session.get_one(Notice, notice_id).status is NoticeStatus.READY
        assert addresses.latest(session, Channel.EMAIL, [EMAIL]) == {}
        assert [task.kind for task in open_tasks(session)] == [TaskKind.MAIL_UNDELIVERABLE]


def test_a_try_that_may_have_arrived_leaves_a_trace_and_the_next_bears_the_same_name(
    wired: Wired, clock: MovableClock
) -> None:
    notice_id = a_notice(wired, "120")
    mail_of(wired).trouble.append(MailUnavailable("the connection was lost", perhaps_sent=True))

    outbox.handle_due(wired)
    clock.advance(minutes=10)
    outbox.handle_due(wired)

    with wired.database.reading() as session:
        mark = session.get_one(Notice, notice_id).mark
        changes = session.scalars(
            select(NoticeChange).where(NoticeChange.notice_id == notice_id).order_by(NoticeChange.id)
        ).all()
        links = pay_links.of_notice(session, notice_id)
    assert [(change.after.value, change.detail) for change in changes] == [
        ("ready", None),
        ("ready", "the connection was lost"),
        ("sent", None),
    ]
    assert [email.message_id for email in mail_of(wired).sent] == [f"<{mark}@{wired.settings.portal.host}>"]
    assert len(links) == 2


def test_what_is_left_out_is_said_with_the_reason(wired: Wired) -> None:
    notice_id = a_notice(wired, "120", "80")
    with wired.database.transaction() as session:
        account = session.get_one(Account, session.get_one(Notice, notice_id).account_id)
        first = session.scalars(select(Invoice).where(Invoice.account_id == account.id).order_by(Invoice.id)).first()
        assert first is not None
        contest(session, account, first)

    email = sent(wired, notice_id)

    assert "£80.00" in email.subject
    assert "£120.00 is left out because it is disputed." in email.text
    assert "£120.00 is left out because it is disputed." in email.html.replace("\xa0", " ")


def test_a_notice_that_asks_for_nothing_has_no_way_to_pay(wired: Wired) -> None:
    notice_id = a_notice(wired, "120", wording=Wording.INVOICE)
    with wired.database.transaction() as session:
        pay(session, notice_id, "120")

    email = sent(wired, notice_id)

    assert "/l/" not in email.text
    assert "/l/" not in email.html
    assert email.attachments


def test_a_new_invoice_brings_its_paper(wired: Wired) -> None:
    email = sent(wired, a_notice(wired, "120", wording=Wording.INVOICE))

    [paper] = email.attachments
    assert (paper.filename[-4:], paper.media_type) == (".pdf", "application/pdf")
    assert paper.content.startswith(b"%PDF invoice")


def test_a_monthly_statement_brings_the_very_paper_that_is_kept(wired: Wired) -> None:
    notice_id = a_notice(wired, "120", wording=Wording.STATEMENT, subject=("month", 202602))

    email = sent(wired, notice_id)

    [paper] = email.attachments
    assert paper.content.startswith(b"%PDF statement")
    assert paper.content in wired.store.contents.values()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Pay now"), ("es", "Pagar ahora"), ("de", "Jetzt zahlen"), ("fr", "Payer")]
)
def test_a_notice_speaks_the_language_of_its_reader(wired: Wired, language: str, word: str) -> None:
    email = sent(wired, a_notice(wired, "120", language=language))

    html5lib.HTMLParser(strict=True).parse(email.html)
    assert word in email.html
    assert f'<html lang="{language}' in email.html


def test_the_logo_travels_with_the_mail_where_there_is_one(wired: Wired) -> None:
    settings = replace(wired.settings, business_logo=Picture("our.png", b"\x89PNG", "image/png"))
    notice_id = a_notice(wired, "120")

    email = sent(replace(wired, settings=settings), notice_id)

    assert email.pictures == (Picture("logo", b"\x89PNG", "image/png"),)
    assert 'src="cid:logo"' in email.html
