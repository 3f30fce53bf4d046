"""Mailing: the emails that messages of the outbox ask for, composed in their reader's language and handed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from adapters.mail.composing import compose
from app.logo import LOGO, mail_pictures
from app.wired import Wired
from domain.accounts import queries as accounts
from domain.audit.queries import acts_on
from domain.audit.recording import record
from domain.collecting import queries as collecting
from domain.notices import pay_links
from domain.notices.reach import addresses
from domain.notices.reach.model import AddressKind
from domain.notices.reach.tracing import trace_if_lost
from domain.payments import queries as payments
from domain.payments.means import means_of
from domain.payments.model import Payment
from domain.policies.contacting import Channel
from domain.processing.messages import SendPaymentFailed, SendReceipt, SendReceiptVoid, TellRefund
from domain.refunds.model import Refund, RefundWay
from domain.shared.actor import WORKER
from domain.shared.db.rows import AnyRow
from domain.shared.mail import Attachment, Email
from domain.statements.papers import MEDIA_TYPE, print_receipt
from domain.statements.receipts import receipt
from web.localisation import SOURCE, supported


def send_receipt(wired: Wired, message: SendReceipt) -> None:
    """Mail the receipt to whoever paid, else to the account's address; nothing where there is neither.

    Where those bounced it goes to whoever else sees the account; where none works any more, a task follows.
    """
    with wired.database.reading() as session:
        payment = session.get_one(Payment, message.payment_id)
        account = accounts.account(session, payment.account_id)
        link_id = payments.pay_link_of(session, payment.id)
        if payment.voided_at is not None:
            return
        reader = _reader_of_money(session, account, payment, link_id)
        if reader is not None:
            to, language = reader
            paper = print_receipt(session, wired.renderer, account.id, payment.public_id, language=_tag(language))
            context = {
                "receipt": receipt(session, account.id, payment.public_id),
                "account_number": account.number,
                "link": own_page(wired, f"/accounts/{account.id}/payments/{payment.public_id}", link_id),
            }
    if reader is None:
        _trace_if_lost(wired, account.id)
        return
    attached = Attachment(paper.filename, paper.content, MEDIA_TYPE)
    mark = f"receipt.{payment.public_id}"
    send_letter(wired, "receipt", context, to=to, language=language, mark=mark, attachments=(attached,))
    with wired.database.transaction() as session:
        record(
            session,
            "receipt.sent",
            actor=WORKER,
            subject=("payment", payment.id),
            account_id=account.id,
            after={"number": payment.receipt_number, "to": to},
        )


def send_receipt_void(wired: Wired, message: SendReceiptVoid) -> None:
    """Tell whoever was mailed the receipt that it was booked by mistake; nothing where nobody was."""
    with wired.database.reading() as session:
        payment = session.get_one(Payment, message.payment_id)
        acts = acts_on(session, ("payment", payment.id))
        to = next((act.after["to"] for act in acts if act.act == "receipt.sent" and act.after), None)
        if to is None:
            return
        account = accounts.account(session, payment.account_id)
        link_id = payments.pay_link_of(session, payment.id)
        reader = _reader_of_money(session, account, payment, link_id)
        context = {
            "amount": payment.amount,
            "receipt": payment.receipt_number,
            "received_on": payment.effective_on,
            "account_number": account.number,
            "link": own_page(wired, f"/accounts/{account.id}", link_id),
        }
        language = reader[1] if reader is not None else account.language
    send_letter(wired, "receipt_void", context, to=to, language=language, mark=f"receipt-void.{payment.public_id}")
    with wired.database.transaction() as session:
        record(
            session,
            "receipt.withdrawal_told",
            actor=WORKER,
            subject=("payment", payment.id),
            account_id=account.id,
            after={"number": payment.receipt_number, "to": to},
        )


def send_payment_failed(wired: Wired, message: SendPaymentFailed) -> None:
    """Tell the payer, else the account's address, that money on its way did not come."""
    with wired.database.reading() as session:
        payment = session.get_one(Payment, message.payment_id)
        account = accounts.account(session, payment.account_id)
        link_id = payments.pay_link_of(session, payment.id)
        reader = _reader_of_money(session, account, payment, link_id)
        if reader is None:
            return
        to, language = reader
        context = {
            "amount": payment.amount,
            "why": payment.failure,
            "numbers": [line.number for line in payments.lines(session, payment.id)],
            "account_number": account.number,
            "link": own_page(wired, f"/accounts/{account.id}/payments/{payment.public_id}", link_id),
        }
    send_letter(wired, "payment_failed", context, to=to, language=language, mark=f"payment-failed.{payment.public_id}")
    with wired.database.transaction() as session:
        record(
            session,
            "payment.failure_told",
            actor=WORKER,
            subject=("payment", payment.id),
            account_id=account.id,
            after={"to": to},
        )


def tell_refund(wired: Wired, message: TellRefund) -> None:
    """Tell the payer, else the account's address, that a refund is on its way, or that it came back and is credit."""
    with wired.database.reading() as session:
        refund = session.get_one(Refund, message.refund_id)
        payment = session.get_one(Payment, refund.payment_id)
        account = accounts.account(session, payment.account_id)
        link_id = payments.pay_link_of(session, payment.id)
        reader = _reader_of_money(session, account, payment, link_id)
        if reader is None:
            return
        to, language = reader
        context = {
            "amount": refund.amount,
            "by_bank": refund.way is RefundWay.BANK,
            "means": means_of(payment.method, payment.means),
            "receipt": payment.receipt_number,
            "why": refund.failure,
            "account_number": account.number,
            "link": own_page(wired, f"/accounts/{account.id}/payments/{payment.public_id}", link_id),
        }
    mark = f"refund.{refund.public_id}.{message.news}"
    send_letter(wired, f"refund_{message.news}", context, to=to, language=language, mark=mark)
    with wired.database.transaction() as session:
        record(
            session,
            "refund.told",
            actor=WORKER,
            subject=("refund", refund.id),
            account_id=account.id,
            after={"amount": refund.amount, "to": to},
        )


def send_letter(
    wired: Wired,
    name: str,
    context: Mapping[str, object],
    *,
    to: str,
    language: str,
    mark: str,
    attachments: tuple[Attachment, ...] = (),
) -> None:
    """Compose one letter in its reader's language and hand it over; `mark` makes its message id the same every time."""
    pictures = mail_pictures(wired)
    context = {"business": wired.database.business, "logo": f"cid:{LOGO}" if pictures else None, **context}
    said = compose(wired.letters.environment(_tag(language)), name, context)
    message_id = f"<{mark}@{wired.settings.portal.host}>"
    wired.mailer.send(
        Email(
            to=to,
            subject=said.subject,
            text=said.text,
            html=said.html,
            message_id=message_id,
            attachments=attachments,
            pictures=pictures,
        )
    )


def reader_of(
    session: Session, account: AnyRow, login_id: int | None, link_id: int | None = None
) -> tuple[str, str] | None:
    """The address and the language to write to: this login's while it is open, else the account's; None for neither.

    What was done with a pay link is confirmed to whom its notice was for. An address that bounced is passed over.
    """
    return _first_alive(session, _readers(session, account, login_id, link_id))


def _reader_of_money(
    session: Session, account: AnyRow, payment: Payment, link_id: int | None
) -> tuple[str, str] | None:
    """The same for what became of a payment; where all of those bounced, whoever else sees the account."""
    readers = _readers(session, account, _payer(session, payment), link_id)
    if not readers:
        return None
    others = [accounts.login(session, row.id) for row in accounts.logins_on(session, account.id)]
    return _first_alive(session, [*readers, *((login.email, login.language) for login in others if login is not None)])


def _readers(session: Session, account: AnyRow, login_id: int | None, link_id: int | None) -> list[tuple[str, str]]:
    """Who may be written to, whoever comes first before the others."""
    addressee = pay_links.mailbox_of(session, link_id) if link_id is not None else None
    login = accounts.login(session, login_id) if login_id is not None else None
    return [
        *([addressee] if addressee is not None else []),
        *([(login.email, login.language)] if login is not None else []),
        *([(account.email, account.language)] if account.email is not None else []),
    ]


def _first_alive(session: Session, readers: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    known = addresses.latest(session, Channel.EMAIL, [email for email, _ in readers])
    return next((each for each in readers if known.get(each[0]) is not AddressKind.BOUNCED), None)


def _trace_if_lost(wired: Wired, account_id: int) -> None:
    """Nobody can be told: where no address of theirs works any more, somebody has to find out where they are."""
    with wired.database.transaction() as session:
        trace_if_lost(session, accounts.lock(session, account_id))


def own_page(wired: Wired, path: str, link_id: int | None) -> str | None:
    """Where in the portal it stands; None for whoever was reached by a pay link, who perhaps cannot sign in."""
    return None if link_id is not None else f"{wired.settings.portal.public_url}{path}"


def _payer(session: Session, payment: Payment) -> int | None:
    """The login of whoever paid: who pressed the button, or whose card or bank account was taken from by itself."""
    return payment.login_id or collecting.owner_of(session, payment.id)


def _tag(language: str) -> str:
    return supported(language) or SOURCE
