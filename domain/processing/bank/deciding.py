"""Bank lines: book what a line of a bank statement turned out to be, once, whoever decided it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.banking.model import ARROWS, PAYER_BANK_ACCOUNTS, BankLine, BookedAs, LineBooking, LineState
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, credit, debit
from domain.payments import slips
from domain.payments.model import Payment, PaymentMethod
from domain.processing import receipts
from domain.processing.receipts import Slip, bank_stream
from domain.shared.actor import Actor
from domain.shared.db.inserting import insert_new
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid, NotFound
from domain.shared.money import Money
from domain.tasks import opening as tasks
from domain.tasks import working
from domain.tasks.model import TaskKind


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a line that is one account's; `wanted` says for which invoices, else the oldest due first."""

    account_id: int
    amount: Money
    wanted: Mapping[int, Money] | None = None


def book_payments(
    session: Session, line_id: int, parts: Sequence[Part], *, actor: Actor, confidence: str | None = None
) -> list[Payment]:
    """Book money that came in, open or parked, as a payment of each part's account; the parts add up to the line.

    The value date counts as the day of payment. Accounts learn from which bank account they were paid.
    """
    for account_id in sorted({part.account_id for part in parts}):
        accounts.lock(session, account_id)
    line, was = take_line(session, line_id, LineState.BOOKED)
    if line.amount_minor < 0:
        raise Conflict(N_("This line is money that went out."))
    _refuse_other_currency(line, (part.amount for part in parts))
    if not parts or Money.sum((part.amount for part in parts), line.currency) != line.amount:
        raise Invalid(N_("The parts must add up to {amount}."), field="amount", amount=line.amount)
    parked = was is LineState.PARKED
    paid = []
    for part in parts:
        payment = receipts.record_receipt(
            session,
            part.account_id,
            Slip(
                PaymentMethod.TRANSFER,
                part.amount,
                day_of(session, line),
                reference=line.text[:140] or line.bank_ref or None,
                wanted=part.wanted,
            ),
            actor=actor,
            debited=LedgerAccount.UNIDENTIFIED_RECEIPTS if parked else LedgerAccount.BANK,
            kind=EntryKind.RECEIPT_IDENTIFIED if parked else EntryKind.BANK_RECEIPT,
        )
        note(session, line, BookedAs.PAYMENT, payment.public_id, part.amount, actor, part.account_id, confidence)
        _learn(session, part.account_id, line.counterparty_account)
        paid.append(payment)
    _settle_task(session, line)
    return paid


def book_recorded(
    session: Session, line_id: int, payment_ids: Sequence[int], *, actor: Actor, confidence: str | None = None
) -> None:
    """The line is of receipts that staff had recorded before, one or a whole paying-in slip: nothing is paid twice.

    One that was banked on somebody's word stands in the books already: the line is linked to it, and posts nothing.
    """
    payments = _locked_payments(session, payment_ids)
    line, _ = take_line(session, line_id, LineState.BOOKED, LineState.OPEN)
    _refuse_other_currency(line, (payment.amount for payment in payments))
    if Money.sum((payment.amount for payment in payments), line.currency) != line.amount:
        raise Invalid(N_("The receipts must add up to {amount}."), field="amount", amount=line.amount)
    for payment in payments:
        if not _banked_on_word(session, payment):
            receipts.bank_receipt(session, payment, day_of(session, line), actor=actor)
        note(
            session,
            line,
            BookedAs.RECORDED_RECEIPT,
            payment.public_id,
            payment.amount,
            actor,
            payment.account_id,
            confidence,
        )


def book_return(
    session: Session, line_id: int, payment_id: int, *, actor: Actor, confidence: str | None = None
) -> None:
    """The line takes a cheque or transfer back, whether staff had recorded the return before or not."""
    (payment,) = _locked_payments(session, [payment_id])
    line, _ = take_line(session, line_id, LineState.BOOKED, LineState.OPEN)
    if -line.amount != payment.amount:
        raise Invalid(N_("The receipt was for {amount}."), field="amount", amount=payment.amount)
    if slips.return_of(session, payment.id) is not None:
        receipts.bank_return(session, payment, day_of(session, line), actor=actor)
    else:
        reason = line.reason or line.text or "returned by the bank"
        receipts.return_receipt(session, payment, day_of(session, line), reason=reason, actor=actor, at_bank=True)
    note(session, line, BookedAs.RETURN, payment.public_id, line.amount, actor, payment.account_id, confidence)


def park(session: Session, line_id: int, *, actor: Actor) -> None:
    """Keep money that came in and that nobody knows as unidentified, with a task, until it is known or sent back."""
    line, _ = take_line(session, line_id, LineState.PARKED)
    if line.amount_minor < 0:
        raise Conflict(N_("This line is money that went out."))
    ledger.post(
        session,
        kind=EntryKind.UNIDENTIFIED_RECEIPT,
        source=f"bank_line:{line.id}",
        effective_on=day_of(session, line),
        legs=[debit(LedgerAccount.BANK, line.amount), credit(LedgerAccount.UNIDENTIFIED_RECEIPTS, line.amount)],
        stream=bank_stream(line.currency),
    )
    note(session, line, BookedAs.UNIDENTIFIED, f"bank_line:{line.id}", line.amount, actor)
    tasks.open_task(
        session,
        TaskKind.UNIDENTIFIED_RECEIPT,
        subject=("bank_line", line.id),
        worth=line.amount,
        detail={"from": line.counterparty_name, "text": line.text[:200]},
    )


def book_sent_back(session: Session, line_id: int, parked_id: int, *, actor: Actor) -> None:
    """The line sends parked money back to where it came from; both lines are over the same amount."""
    first, second = sorted((line_id, parked_id))
    lines = {each: take_line(session, each, LineState.BOOKED) for each in (first, second)}
    (line, was), (parked, state) = lines[line_id], lines[parked_id]
    if was is not LineState.OPEN or state is not LineState.PARKED or line.amount != -parked.amount:
        raise Conflict(N_("Only money that was parked can be sent back, all of it."))
    ledger.post(
        session,
        kind=EntryKind.RECEIPT_SENT_BACK,
        source=f"bank_line:{parked.id}",
        effective_on=day_of(session, line),
        legs=[debit(LedgerAccount.UNIDENTIFIED_RECEIPTS, parked.amount), credit(LedgerAccount.BANK, parked.amount)],
        stream=bank_stream(line.currency),
    )
    note(session, line, BookedAs.SENT_BACK, f"bank_line:{parked.id}", line.amount, actor)
    _settle_task(session, parked)


def ignore(session: Session, line_id: int, *, why: str, actor: Actor) -> None:
    """The line is none of ours (wages, rent, a transfer between our own accounts): nothing is posted."""
    if not why.strip():
        raise Invalid(N_("Say what it is."), field="why")
    line, _ = take_line(session, line_id, LineState.IGNORED)
    line.why = why.strip()
    _record(session, line, "bank_line.ignored", actor, {"why": line.why})


def reopen(session: Session, line_id: int, *, actor: Actor) -> None:
    """A line that was ignored is looked at again."""
    line, _ = take_line(session, line_id, LineState.OPEN)
    line.why = None
    _record(session, line, "bank_line.reopened", actor, {})


def take_line(session: Session, line_id: int, to: LineState, *only_from: LineState) -> tuple[BankLine, LineState]:
    """Lock a line, move it along an arrow, and say where it stood; Conflict when somebody was faster."""
    line = session.get(BankLine, line_id, with_for_update=True, populate_existing=True)
    if line is None:
        raise NotFound
    was = line.state
    if to not in ARROWS[was] or (only_from and was not in only_from):
        raise Conflict(N_("This line has been dealt with already."))
    line.state = to
    return line, was


def note(
    session: Session,
    line: BankLine,
    booked_as: BookedAs,
    subject: str,
    amount: Money,
    actor: Actor,
    account_id: int | None = None,
    confidence: str | None = None,
) -> None:
    """Write down what (a part of) a line was booked as; `confidence` where a suggestion was accepted."""
    session.add(
        LineBooking(
            line_id=line.id,
            booked_as=booked_as,
            subject=subject,
            account_id=account_id,
            amount_minor=amount.minor,
            confidence=confidence,
            booked_at=now(session),
            actor_kind=actor.kind.value,
            actor_id=actor.id,
        )
    )
    session.flush()
    after = {"as": booked_as.value, "subject": subject, "amount": amount}
    _record(session, line, "bank_line.booked", actor, after, account_id=account_id)


def day_of(session: Session, line: BankLine) -> date:
    """The day for which a line is booked: its value date, which banks also set days ahead, or today before that."""
    return min(line.value_on, today(session))


def _refuse_other_currency(line: BankLine, amounts: Iterable[Money]) -> None:
    if any(amount.currency != line.currency for amount in amounts):
        raise Invalid(N_("This line is in {currency}."), field="amount", currency=line.currency)


def shown_by_line() -> ColumnElement[bool]:
    """For a query of payments: that a line of the bank was booked as the receipt."""
    as_receipt = LineBooking.booked_as.in_((BookedAs.RECORDED_RECEIPT, BookedAs.PAYMENT))
    return exists().where(LineBooking.subject == Payment.public_id, as_receipt)


def _banked_on_word(session: Session, payment: Payment) -> bool:
    """Whether the bank has the receipt without a line that says so. The account is locked."""
    slip = slips.slip_of(session, payment.id)
    lineless = select(Payment.id).where(Payment.id == payment.id, ~shown_by_line())
    return slip is not None and slip.banked_on is not None and session.scalar(lineless) is not None


def _locked_payments(session: Session, payment_ids: Sequence[int]) -> list[Payment]:
    payments = [session.get(Payment, payment_id) for payment_id in sorted(set(payment_ids))]
    if not payments or None in payments:
        raise NotFound
    found = [payment for payment in payments if payment is not None]
    for account_id in sorted({payment.account_id for payment in found}):
        accounts.lock(session, account_id)
    for payment in found:
        session.refresh(payment)
    return found


def _learn(session: Session, account_id: int, bank_account: str) -> None:
    if bank_account:
        row = {"account_id": account_id, "bank_account": bank_account, "learned_at": now(session)}
        unique = ("account_id", "bank_account")
        insert_new(session, PAYER_BANK_ACCOUNTS, unique, [row], returning=unique)


def _settle_task(session: Session, line: BankLine) -> None:
    working.settle(session, TaskKind.UNIDENTIFIED_RECEIPT, subject=("bank_line", line.id))


def _record(
    session: Session,
    line: BankLine,
    act: str,
    actor: Actor,
    after: Mapping[str, object],
    *,
    account_id: int | None = None,
) -> None:
    audit.record(session, act, actor=actor, subject=("bank_line", line.id), account_id=account_id, after=after)
