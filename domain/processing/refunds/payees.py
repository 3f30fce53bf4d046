"""Payees: to whom a refund from our own bank is paid: as its money came, by the bank's line, or as staff write it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum import iban
from stdnum.exceptions import ValidationError

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.banking.model import BankLine, BookedAs, LineBooking
from domain.banking.queries import standing_booking
from domain.payments.model import Payment
from domain.policies import authority
from domain.policies.acts import Act
from domain.processing.refunds.drawing import let_go_alone
from domain.refunds.model import Refund, RefundPayee, RefundStatus, RefundWay
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, Invalid, NotAllowed
from domain.staff.model import Role

LONGEST_NAME = 120
LONGEST_NUMBER = 40
BY_LINE = (BookedAs.PAYMENT, BookedAs.RECORDED_RECEIPT)
NOT_PAID_YET = frozenset({RefundStatus.REQUESTED, RefundStatus.AWAITING_APPROVAL, RefundStatus.PENDING})
"""The states in which it is still open where a refund from the bank goes."""


@dataclass(frozen=True, slots=True)
class Payee:
    """Who is paid, and the number of their bank account, without spaces; `from_line` where the bank itself told."""

    name: str
    bank_account: str
    from_line: bool

    @property
    def printed(self) -> str:
        """The number in groups of four, as it is read out and typed."""
        return " ".join(self.bank_account[place : place + 4] for place in range(0, len(self.bank_account), 4))


def payee_of(session: Session, refund: Refund) -> Payee | None:
    """To whom the refund is paid: as staff wrote it last, else whose line brought the money; None where nobody knows.

    A line of several cheques, such as a paying-in slip, does not say whose they are and bears no number of theirs.
    """
    written = _written(session, refund)
    if written is not None:
        return Payee(written.name, written.bank_account, from_line=False)
    told = session.execute(
        select(BankLine.counterparty_name, BankLine.counterparty_account)
        .join(LineBooking, LineBooking.line_id == BankLine.id)
        .join(Payment, Payment.public_id == LineBooking.subject)
        .where(
            Payment.id == refund.payment_id,
            LineBooking.booked_as.in_(BY_LINE),
            BankLine.counterparty_account != "",
            standing_booking(),
        )
        .order_by(LineBooking.id.desc())
        .limit(1)
    ).one_or_none()
    return Payee(told.counterparty_name, told.counterparty_account, from_line=True) if told is not None else None


def write_payee(session: Session, refund: Refund, name: str, bank_account: str, *, role: Role, actor: Actor) -> None:
    """Keep to whom a refund from our bank is paid; the latest counts, and those before it are kept.

    Raises Invalid beside the field, also for an IBAN whose check digits are wrong; Conflict once it has been paid, or
    approved; NotAllowed where somebody else let it go and it is beyond the role's authority.
    """
    accounts.lock(session, refund.account_id)
    session.refresh(refund)
    if refund.way is not RefundWay.BANK or refund.status not in NOT_PAID_YET:
        raise Conflict(N_("Nobody is to pay this refund from the bank any more."))
    if refund.decided_by is not None:
        raise Conflict(N_("It was approved with this bank account. To pay another one, cancel it and ask anew."))
    if refund.status is RefundStatus.PENDING and refund.requested_by != actor.id:
        payment = session.get_one(Payment, refund.payment_id)
        let_go = let_go_alone(session, payment, actor)
        authority.check(session, role, Act.REFUND, let_go + refund.amount, account_id=refund.account_id)
    payee = _write(session, refund, _checked_name(name), _checked_number(bank_account), actor)
    audit.record(
        session,
        "refund.payee_written",
        actor=actor,
        subject=("refund", refund.id),
        account_id=refund.account_id,
        after={"amount": refund.amount, "name": payee.name, "number": payee.bank_account},
    )


def approve_payee(session: Session, refund: Refund, seen: str | None, *, actor: Actor) -> None:
    """Hold fast to whom a refund from our bank goes that is being approved: to the bank account that its approver saw.

    Raises Conflict where that is not known, or no longer what they saw, and NotAllowed for who wrote it themselves.
    """
    written, payee = _written(session, refund), payee_of(session, refund)
    if payee is None:
        raise Conflict(N_("Write down to which bank account it goes before it is approved."))
    if written is not None and written.actor_id == actor.id:
        raise NotAllowed(N_("Nobody decides on a refund whose bank account they wrote: a colleague has to."))
    if payee.bank_account != seen:
        raise Conflict(N_("The bank account has changed meanwhile. Look at it once more."))
    _write(session, refund, payee.name, payee.bank_account, actor)


def _written(session: Session, refund: Refund) -> RefundPayee | None:
    wanted = select(RefundPayee).where(RefundPayee.refund_id == refund.id).order_by(RefundPayee.id.desc())
    return session.scalars(wanted.limit(1)).one_or_none()


def _write(session: Session, refund: Refund, name: str, bank_account: str, actor: Actor) -> RefundPayee:
    payee = RefundPayee(
        refund_id=refund.id,
        name=name,
        bank_account=bank_account,
        written_at=now(session),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(payee)
    session.flush()
    return payee


def _checked_name(name: str) -> str:
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST_NAME:
        raise Invalid(N_("Enter whose bank account it is."), field="payee")
    return plain


def _checked_number(bank_account: str) -> str:
    """The number without spaces; what begins like an IBAN has to be one."""
    plain = "".join(bank_account.split()).upper()
    if not plain or len(plain) > LONGEST_NUMBER or not plain.isascii() or not plain.replace("-", "").isalnum():
        raise Invalid(N_("Enter the number of the bank account."), field="bank_account")
    if plain[:2].isalpha() and plain[2:4].isdigit():
        try:
            iban.validate(plain)
        except ValidationError:
            raise Invalid(N_("This IBAN has a mistake in it. Compare it once more."), field="bank_account") from None
    return plain
