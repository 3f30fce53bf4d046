"""Proposing: who may write off which invoices of an account, and what waits for somebody who may."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.payments import queries as payments
from domain.policies import authority
from domain.policies.acts import Act
from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.actor import Actor
from domain.shared.clock import start_of_day
from domain.shared.db.session import business, now, today
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money
from domain.staff.model import Role
from domain.stops import queries as stops
from domain.stops.model import STOP_NAMES, StopKind
from domain.tasks import opening as tasks
from domain.tasks.model import TaskKind
from domain.write_offs import changing
from domain.write_offs.model import WriteOff, WriteOffChange, WriteOffKind, WriteOffStatus
from domain.write_offs.written import tax_of

LONGEST_REASON = 1_000
MOST_AT_ONCE = 200
"""Invoices that can be written off in one go."""
UNDECIDED = frozenset(
    {
        StopKind.DISPUTE,
        StopKind.CHARGEBACK,
        StopKind.PROMISE,
        StopKind.PLAN,
        StopKind.PLAN_BEARING,
        StopKind.OFFER,
    }
)
HOLDING = {WriteOffKind.ACCOUNTING: UNDECIDED, WriteOffKind.RELEASE: UNDECIDED | {StopKind.PLACEMENT}}
"""What keeps an invoice from being written off so: it is contested, or something is agreed; a partner acts for us."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants written off: these invoices, so, and why."""

    kind: WriteOffKind
    invoice_ids: tuple[int, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Considered:
    """What a wish comes to: all that is open of its invoices, the tax within, and whether somebody has to approve."""

    invoices: Sequence[Invoice]
    total: Money
    tax: Money
    needs_approval: bool


def consider(session: Session, account: Account, wish: Wish, *, role: Role, actor: Actor) -> Considered:
    """Look at a wish without writing anything. Invalid beside the field, Conflict with what stands in the way."""
    if not wish.invoice_ids:
        raise Invalid(N_("Choose at least one invoice."), field="invoice")
    if len(wish.invoice_ids) > MOST_AT_ONCE:
        raise Invalid(N_("Choose at most {most} invoices at once."), field="invoice", most=MOST_AT_ONCE)
    if not wish.reason.strip():
        raise Invalid(N_("Say why."), field="reason")
    if len(wish.reason) > LONGEST_REASON:
        raise Invalid(N_("Say it in at most {most} characters."), field="reason", most=LONGEST_REASON)
    invoices = _open(session, account, wish.invoice_ids)
    refuse_held(session, account.id, invoices, wish.kind)
    total = Money.sum((invoice.open for invoice in invoices), account.currency)
    tax = Money.sum((tax_of(session, invoice) for invoice in invoices), account.currency)
    extent = total + alone_today(session, account, actor)
    covered = authority.covers(session, role, Act.WRITE_OFF, extent, account_id=account.id)
    return Considered(invoices, total, tax, not covered)


def write_down(
    session: Session, account: Account, wish: Wish, considered: Considered, *, actor: Actor
) -> list[WriteOff]:
    """Write the proposals of a wish down, one for each invoice; a task for each that waits for somebody."""
    made = []
    for invoice in considered.invoices:
        written = WriteOff(
            account_id=account.id,
            invoice_id=invoice.id,
            kind=wish.kind,
            status=WriteOffStatus.PROPOSED,
            currency=account.currency,
            amount_minor=invoice.open_minor,
            tax_minor=tax_of(session, invoice).minor,
            left_minor=invoice.open_minor,
            reason=wish.reason.strip(),
            proposed_at=now(session),
        )
        session.add(written)
        session.flush()
        changing.note(session, written, None, actor=actor, why=written.reason)
        if considered.needs_approval:
            tasks.open_task(
                session,
                TaskKind.WRITE_OFF_APPROVAL,
                subject=("write_off", written.id),
                account_id=account.id,
                worth=written.amount,
                roles=authority.who_covers(session, Act.WRITE_OFF, written.amount, account_id=account.id),
            )
        made.append(written)
    return made


def check_authority(session: Session, account: Account, written: WriteOff, *, role: Role, actor: Actor) -> None:
    """BeyondAuthority where it is more than the role covers, with what they let go on this account today."""
    extent = written.left + alone_today(session, account, actor, but=written.id)
    authority.check(session, role, Act.WRITE_OFF, extent, account_id=account.id)


def alone_today(session: Session, account: Account, actor: Actor, *, but: int | None = None) -> Money:
    """What the same person has written off on the account today: authority is for a sum, however it is cut.

    `but` is the one that is looked at.
    """
    since = start_of_day(today(session), business(session).time_zone)
    let_go = (
        select(WriteOffChange.write_off_id)
        .where(
            WriteOffChange.actor_kind == actor.kind.value,
            WriteOffChange.actor_id == actor.id,
            WriteOffChange.at >= since,
            WriteOffChange.after.in_((WriteOffStatus.STANDING, WriteOffStatus.RELEASED)),
        )
        .distinct()
    )
    total = select(func.sum(WriteOff.amount_minor)).where(
        WriteOff.account_id == account.id,
        WriteOff.id.in_(let_go),
        WriteOff.id != (but or 0),
        WriteOff.status.in_((WriteOffStatus.STANDING, WriteOffStatus.RELEASED)),
    )
    return Money(int(session.scalar(total) or 0), account.currency)


def refuse_held(session: Session, account_id: int, invoices: Collection[Invoice], kind: WriteOffKind) -> None:
    """Conflict where something holds one of these invoices, or one is being paid right now."""
    by_id = {invoice.id: invoice for invoice in invoices}
    for stop in stops.live(session, account_id):
        held = invoices if stop.invoice_id is None else filter(None, [by_id.get(stop.invoice_id)])
        for invoice in held:
            if stop.kind in HOLDING[kind]:
                raise Conflict(
                    N_("Invoice {number} cannot be written off now. {why}."),
                    number=invoice.number,
                    why=STOP_NAMES[stop.kind],
                )
    for claim in payments.live_claims(session, list(by_id)):
        number = by_id[claim.invoice_id].number
        raise Conflict(
            N_("Invoice {number} is being paid right now. Wait until that payment has ended."), number=number
        )


def _open(session: Session, account: Account, invoice_ids: Collection[int]) -> Sequence[Invoice]:
    """These invoices, read afresh; Invalid where one is not the account's, not open, or written off before."""
    live = select(WriteOff.invoice_id).where(
        WriteOff.invoice_id.in_(invoice_ids),
        WriteOff.status.in_((WriteOffStatus.PROPOSED, WriteOffStatus.STANDING)),
    )
    invoices = session.scalars(
        select(Invoice)
        .where(
            Invoice.account_id == account.id,
            Invoice.id.in_(invoice_ids),
            Invoice.id.not_in(live),
            Invoice.status == InvoiceStatus.ISSUED,
            Invoice.open_minor > 0,
        )
        .order_by(Invoice.due_on, Invoice.id)
        .execution_options(populate_existing=True)
    ).all()
    if len(invoices) < len(set(invoice_ids)):
        raise Invalid(N_("One of these can no longer be written off. Choose again."), field="invoice")
    return invoices
