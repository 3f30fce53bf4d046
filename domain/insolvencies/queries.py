"""Queries: proceedings for lists and pages, what was claimed, admitted and declared in one, and what of it came."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.insolvencies.model import ClaimDecision, Dividend, Insolvency, ProofOfClaim, ProvedInvoice
from domain.payments.model import Payment, PaymentReturn, ReceiptSlip
from domain.receivables.model import Invoice
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import N_, NotFound
from domain.shared.money import Money

NO_SUCH_PROCEEDING = N_("We could not find that proceeding.")
NO_SUCH_DIVIDEND = N_("We could not find that dividend.")


class View(StrEnum):
    """The lists of proceedings for staff."""

    OPEN = "open"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Came:
    """What a proceeding has paid so far, and what was declared and is still to come."""

    received: Money
    expected: Money


_SHOWN = (
    Insolvency.id,
    Insolvency.account_id,
    Account.name.label("account_name"),
    Account.number.label("account_number"),
    Account.currency,
    Insolvency.kind,
    Insolvency.number,
    Insolvency.court,
    Insolvency.practitioner,
    Insolvency.email,
    Insolvency.phone,
    Insolvency.address,
    Insolvency.started_on,
    Insolvency.proof_due_on,
    Insolvency.outcome,
    Insolvency.closed_on,
    Insolvency.recorded_at,
)


def _rows() -> Select[*tuple[object, ...]]:
    latest = (
        select(ProofOfClaim.insolvency_id, func.max(ProofOfClaim.number).label("number"))
        .group_by(ProofOfClaim.insolvency_id)
        .subquery()
    )
    claimed = ProofOfClaim.principal_minor + ProofOfClaim.interest_minor + ProofOfClaim.costs_minor
    return (
        select(*_SHOWN, claimed.label("claimed_minor"), ProofOfClaim.filed_on)
        .join(Account, Account.id == Insolvency.account_id)
        .outerjoin(latest, latest.c.insolvency_id == Insolvency.id)
        .outerjoin(
            ProofOfClaim,
            (ProofOfClaim.insolvency_id == Insolvency.id) & (ProofOfClaim.number == latest.c.number),
        )
    )


def proceedings(session: Session, view: View, *, limit: int, skip: int = 0) -> AnyRows:
    """Open ones, those without a claim first, by its last day; or ended ones, the newest first."""
    wanted = _rows()
    if view is View.OPEN:
        filed, unknown = ProofOfClaim.id.is_not(None), Insolvency.proof_due_on.is_(None)
        wanted = wanted.where(Insolvency.closed_on.is_(None)).order_by(
            filed, unknown, Insolvency.proof_due_on, Insolvency.id
        )
    else:
        wanted = wanted.where(Insolvency.closed_on.is_not(None)).order_by(
            Insolvency.closed_on.desc(), Insolvency.id.desc()
        )
    return session.execute(wanted.offset(skip).limit(limit)).all()


def counts(session: Session) -> dict[View, int]:
    """How many there are in each list."""
    ended = func.count(Insolvency.closed_on)
    all_of_them, over = session.execute(select(func.count(Insolvency.id), ended)).one()
    return {View.OPEN: all_of_them - over, View.ENDED: over}


def proceeding(session: Session, insolvency_id: int) -> AnyRow:
    """One proceeding as a list shows it; NotFound."""
    row = session.execute(_rows().where(Insolvency.id == insolvency_id)).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_PROCEEDING)
    return row


def of_account(session: Session, account_id: int) -> AnyRows:
    """The proceedings about an account's debtor, the newest first."""
    return session.execute(_rows().where(Insolvency.account_id == account_id).order_by(Insolvency.id.desc())).all()


def entity(session: Session, account_id: int, insolvency_id: int) -> Insolvency:
    """A proceeding about this account's debtor, read afresh; NotFound."""
    found = session.get(Insolvency, insolvency_id, populate_existing=True)
    if found is None or found.account_id != account_id:
        raise NotFound(NO_SUCH_PROCEEDING)
    return found


def open_of(session: Session, account_id: int) -> Insolvency | None:
    """The proceeding that is open about an account's debtor, or None."""
    return session.scalars(
        select(Insolvency).where(Insolvency.account_id == account_id, Insolvency.closed_on.is_(None))
    ).one_or_none()


def proofs(session: Session, insolvency_id: int) -> list[ProofOfClaim]:
    """The claims of a proceeding, the latest one first: that one counts."""
    wanted = select(ProofOfClaim).where(ProofOfClaim.insolvency_id == insolvency_id)
    return list(session.scalars(wanted.order_by(ProofOfClaim.number.desc())))


def latest_proof(session: Session, insolvency_id: int) -> ProofOfClaim | None:
    """The claim that counts, or None before any was filed."""
    return next(iter(proofs(session, insolvency_id)), None)


def proved_invoices(session: Session, proof_id: int) -> AnyRows:
    """What a claim is about, by due day: id, number, days, and the three parts by the books of the first day."""
    return session.execute(
        select(
            Invoice.id,
            Invoice.number,
            Invoice.issued_on,
            Invoice.due_on,
            Invoice.open_minor,
            ProvedInvoice.principal_minor,
            ProvedInvoice.interest_minor,
            ProvedInvoice.costs_minor,
        )
        .join(ProvedInvoice, ProvedInvoice.invoice_id == Invoice.id)
        .where(ProvedInvoice.proof_id == proof_id)
        .order_by(Invoice.due_on, Invoice.id)
    ).all()


def decisions(session: Session, insolvency_id: int) -> AnyRows:
    """What was decided about our claims, the latest first, with the number of the claim that each is about."""
    return session.execute(
        select(
            ClaimDecision.id,
            ClaimDecision.admitted_minor,
            ClaimDecision.decided_on,
            ClaimDecision.note,
            ClaimDecision.proof_id,
            ProofOfClaim.number,
            ProofOfClaim.currency,
        )
        .join(ProofOfClaim, ProofOfClaim.id == ClaimDecision.proof_id)
        .where(ProofOfClaim.insolvency_id == insolvency_id)
        .order_by(ClaimDecision.id.desc())
    ).all()


def admitted(session: Session, insolvency_id: int) -> Money | None:
    """What of our claim is admitted by the latest decision; None while there is none."""
    last = next(iter(decisions(session, insolvency_id)), None)
    return None if last is None else Money(last.admitted_minor, last.currency)


def dividends(session: Session, insolvency_id: int) -> AnyRows:
    """The dividends of a proceeding, the first declared first; `received_on` is empty where its money is not here.

    Money that went back counts as not here: `returned_on` says since when. `banked_on` is when the bank had it.
    """
    gone = PaymentReturn.payment_id.is_not(None) | Payment.voided_at.is_not(None)
    return session.execute(
        select(
            Dividend.id,
            Dividend.currency,
            Dividend.amount_minor,
            Dividend.per_million,
            Dividend.declared_on,
            Dividend.withdrawn_at,
            Payment.public_id,
            Payment.receipt_number,
            Payment.effective_on,
            ReceiptSlip.banked_on,
            PaymentReturn.returned_on,
            (Payment.id.is_not(None) & ~gone).label("is_here"),
        )
        .outerjoin(Payment, Payment.id == Dividend.payment_id)
        .outerjoin(ReceiptSlip, ReceiptSlip.payment_id == Payment.id)
        .outerjoin(PaymentReturn, PaymentReturn.payment_id == Payment.id)
        .where(Dividend.insolvency_id == insolvency_id)
        .order_by(Dividend.declared_on, Dividend.id)
    ).all()


def came(session: Session, insolvency_ids: Collection[int], currency_of: dict[int, str]) -> dict[int, Came]:
    """What each of these proceedings has paid, and what is to come, in one query."""
    gone = PaymentReturn.payment_id.is_not(None) | Payment.voided_at.is_not(None)
    here = Payment.id.is_not(None) & ~gone
    rows = session.execute(
        select(
            Dividend.insolvency_id,
            func.coalesce(func.sum(Dividend.amount_minor).filter(here), 0).label("received"),
            func.coalesce(func.sum(Dividend.amount_minor).filter(~here), 0).label("expected"),
        )
        .outerjoin(Payment, Payment.id == Dividend.payment_id)
        .outerjoin(PaymentReturn, PaymentReturn.payment_id == Payment.id)
        .where(Dividend.insolvency_id.in_(insolvency_ids), Dividend.withdrawn_at.is_(None))
        .group_by(Dividend.insolvency_id)
    )
    found = {row.insolvency_id: (int(row.received), int(row.expected)) for row in rows}
    nothing = (0, 0)
    return {one: Came(*(Money(minor, currency_of[one]) for minor in found.get(one, nothing))) for one in insolvency_ids}


def dividend(session: Session, insolvency_id: int, dividend_id: int) -> Dividend:
    """A dividend of this proceeding, read afresh; NotFound."""
    found = session.get(Dividend, dividend_id, populate_existing=True)
    if found is None or found.insolvency_id != insolvency_id:
        raise NotFound(NO_SUCH_DIVIDEND)
    return found


def declared(session: Session, insolvency_id: int, currency: str) -> Money:
    """All that was declared on our claim and not taken back."""
    wanted = select(func.coalesce(func.sum(Dividend.amount_minor), 0))
    minor = session.scalar(wanted.where(Dividend.insolvency_id == insolvency_id, Dividend.withdrawn_at.is_(None)))
    return Money(int(minor or 0), currency)


def is_here(session: Session, dividend_id: int) -> bool:
    """Whether the money of a dividend has come and has not gone back."""
    back = select(PaymentReturn.payment_id)
    wanted = (
        select(Dividend.id)
        .join(Payment, Payment.id == Dividend.payment_id)
        .where(Dividend.id == dividend_id, Payment.voided_at.is_(None), Payment.id.not_in(back))
    )
    return session.execute(wanted).first() is not None
