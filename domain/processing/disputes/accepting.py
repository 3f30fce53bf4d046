"""Accepting: the customer is right, about all or a part of what is contested, and is credited that."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.disputes import thread
from domain.disputes.model import LIVE, Dispute, Outcome
from domain.disputes.raising import under_lock
from domain.disputes.reasons import RootCause
from domain.disputes.resolving import resolve
from domain.invoicing import credit_notes
from domain.invoicing.credit_notes import Effect
from domain.late_charges.queries import is_late_charge
from domain.late_charges.waiving import waive, waived
from domain.policies import authority
from domain.policies.acts import Act
from domain.receivables.model import Invoice
from domain.shared.actor import Actor
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money
from domain.staff.model import Role


def accept(
    session: Session,
    account_id: int,
    dispute_id: int,
    amount: Money,
    *,
    answer: str,
    role: Role,
    actor: Actor,
    line_id: int | None = None,
    cause: RootCause | None = None,
) -> Dispute:
    """Credit all that is contested, or `amount` of it, and end the dispute with `answer`; `cause` was behind it.

    `line_id` names the line of the invoice that it was about, whose tax is credited then. Where all of a dispute about
    named lines is accepted, each of them is credited with its own tax.

    A late charge that the terms made is waived, so that it is not made again; anything else gets a credit note. Raises
    Invalid beside its field, NotAllowed beyond the role's authority, Conflict once the dispute has ended.
    """
    dispute = under_lock(session, account_id, dispute_id)
    refuse_unreasonable(dispute, amount)
    check_authority(session, dispute_id, amount, role)
    outcome = Outcome.ACCEPTED if amount == dispute.amount else Outcome.PARTLY_ACCEPTED
    resolve(session, dispute, outcome, answer=answer, actor=actor, credited=amount, cause=cause)
    reason = f"{dispute.number}: {dispute.answer}"
    invoice = session.get_one(Invoice, dispute.invoice_id, populate_existing=True)
    if is_late_charge(session, invoice.id):
        waive(session, account_id, invoice.id, amount, reason=reason, role=role, actor=actor)
        return dispute
    account = session.get_one(Account, account_id)
    for part_of, part in _parts(session, dispute, amount, line_id):
        credit_notes.issue_credit_note(session, account, invoice, part, reason=reason, actor=actor, line_id=part_of)
    return dispute


def preview(session: Session, dispute_id: int, amount: Money, *, line_id: int | None = None) -> Effect:
    """What accepting so much would do now; raises what `accept` would raise, but for what the role may."""
    dispute = session.get_one(Dispute, dispute_id)
    refuse_unreasonable(dispute, amount)
    invoice, reason = session.get_one(Invoice, dispute.invoice_id), dispute.number
    parts = _parts(session, dispute, amount, line_id)
    if len(parts) == 1:
        return credit_notes.effect(session, invoice, amount, reason=reason, line_id=parts[0][0])
    taxes = [credit_notes.effect(session, invoice, part, reason=reason, line_id=of).tax for of, part in parts]
    whole = credit_notes.effect(session, invoice, amount, reason=reason)
    return replace(whole, tax=Money.sum(taxes, amount.currency))


def _parts(session: Session, dispute: Dispute, amount: Money, line_id: int | None) -> list[tuple[int | None, Money]]:
    """What is credited of which line: each contested one by itself where all is, and they make it up."""
    lines = [(row.id, Money(row.amount_minor, dispute.currency)) for row in thread.lines(session, dispute.id)]
    come_to = sum((part for _, part in lines), Money.zero(dispute.currency))
    if line_id is None and lines and come_to == amount == dispute.amount:
        return [*lines]
    return [(line_id, amount)]


def check_authority(session: Session, dispute_id: int, amount: Money, role: Role) -> None:
    """NotAllowed where the role may not credit, or waive, so much alone."""
    dispute = session.get_one(Dispute, dispute_id)
    invoice = session.get_one(Invoice, dispute.invoice_id)
    late = is_late_charge(session, invoice.id)
    act = Act.WAIVE_LATE_CHARGE if late else Act.CREDIT_NOTE
    so_much = waived(session, invoice) + amount if late else amount
    authority.check(session, role, act, so_much, account_id=dispute.account_id)


def refuse_unreasonable(dispute: Dispute, amount: Money) -> None:
    """Conflict once it has ended; Invalid where it is more than is contested."""
    if dispute.status not in LIVE:
        raise Conflict(N_("Dispute {number} has ended already."), number=dispute.number)
    if not 0 < amount.minor <= dispute.amount_minor:
        raise Invalid(N_("Enter an amount up to {most}."), field="amount", most=dispute.amount)
