"""Settlements in the background: the mails about an offer, its end, and the letter once the money is safe."""

from __future__ import annotations

from app.handlers import settling
from app.wired import Wired
from app.worker import Worker
from domain.accounts.model import Account
from domain.documents import queries as documents
from domain.documents.model import Category
from domain.dunning.turns import Did
from domain.payments.model import Payment
from domain.processing.receipts.returning import return_receipt
from domain.settlements import queries
from domain.settlements.model import OfferStatus
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import today
from domain.shared.mail import Email
from tests.support.builders import money
from tests.support.credit import a_cheque
from tests.support.outside import MemoryMail
from tests.support.settling import an_accepted_offer, an_offer


def mails(wired: Wired) -> list[Email]:
    """All that was sent about offers to settle, the first one first."""
    assert isinstance(wired.mailer, MemoryMail)
    return [mail for mail in wired.mailer.sent if "/settlements/" in mail.text]


def said(mail: Email) -> str:
    """What it says, on one line."""
    return " ".join(mail.text.replace("\xa0", " ").split())


def status_of(wired: Wired, offer_id: int) -> OfferStatus:
    """Its state."""
    with wired.database.reading() as session:
        return OfferStatus(queries.offer(session, offer_id).status)


def test_an_offer_is_mailed_with_what_it_saves_and_until_when(wired: Wired) -> None:
    with wired.database.transaction() as session:
        account, (invoice,), _ = an_offer(session, "100", pays="70")
        account.email = "office@harbour.example"
        number = invoice.number

    Worker(wired).drain()

    (mail,) = mails(wired)
    assert mail.to == "office@harbour.example"
    assert mail.subject == "Settle what you owe for £70.00"
    assert "If you pay £70.00 instead of £100.00" in said(mail)
    assert "you save £30.00. The offer stands until 30 Mar 2026." in said(mail)
    assert number in said(mail)


def test_the_letter_goes_once_the_cheque_has_been_here_for_three_days_and_again_after_it_was_made_good(
    wired: Wired, clock: MovableClock
) -> None:
    with wired.database.transaction() as session:
        account, _, (invoice,), made = an_accepted_offer(session, "100", pays="80", tax="10")
        account_id, invoice_id, offer_id = account.id, invoice.id, made.id
        cheque = a_cheque(session, account, "80", wanted={invoice_id: money("80")}).id
    clock.advance(days=2)
    early = settling.do_due(wired)
    clock.advance(days=1)
    did = settling.do_due(wired)
    again = settling.do_due(wired)
    Worker(wired).drain()

    with wired.database.reading() as session:
        letter = documents.newest(session, Category.DISCHARGE, ("offer", offer_id))
    assert (early, did, again) == (Did(), Did(1), Did())
    assert letter is not None
    assert mails(wired)[-1].subject == "Settled: nothing more is owed"
    assert mails(wired)[-1].attachments[0].content.startswith(b"%PDF")

    clock.advance(days=1)
    with wired.database.transaction() as session:
        found = session.get_one(Payment, cheque)
        return_receipt(session, found, today(session), reason="No funds", actor=OPERATOR)
    Worker(wired).drain()
    assert "A payment of your settlement went back" in mails(wired)[-1].subject
    with wired.database.transaction() as session:
        a_cheque(session, session.get_one(Account, account_id), "80", wanted={invoice_id: money("80")})
    clock.advance(days=3)
    Worker(wired).drain()
    with wired.database.reading() as session:
        second = documents.newest(session, Category.DISCHARGE, ("offer", offer_id))
    assert second is not None
    assert second.id != letter.id


def test_offers_lapse_and_break_by_themselves(wired: Wired, clock: MovableClock) -> None:
    with wired.database.transaction() as session:
        unanswered = an_offer(session, "100", pays="70")[2].id
        unpaid = an_accepted_offer(session, "100", pays="70")[3].id
    clock.advance(days=15)
    first = settling.do_due(wired)
    clock.advance(days=5)
    second = settling.do_due(wired)

    assert (first, status_of(wired, unanswered)) == (Did(1), OfferStatus.EXPIRED)
    assert (second, status_of(wired, unpaid)) == (Did(1), OfferStatus.BROKEN)
