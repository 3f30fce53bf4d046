"""Choosing: what becomes of a debt whose chargeback is lost: it stands and is chased again, or it is credited."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.audit.recording import record
from domain.chargebacks.answers import locked
from domain.chargebacks.model import Chargeback, ChargebackChoice, Choice
from domain.chargebacks.queries import changes, choice_of, still_open
from domain.chargebacks.states import LOST
from domain.invoicing import credit_notes
from domain.invoicing.credit_notes import Effect
from domain.late_charges.queries import is_late_charge
from domain.late_charges.waiving import waive
from domain.policies import authority
from domain.policies.acts import Act
from domain.receivables.model import Invoice, InvoiceKind
from domain.receivables.withdrawing import Uncovered
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money
from domain.staff.model import Role
from domain.tasks.model import TaskKind
from domain.tasks.working import settle


def let_stand(session: Session, chargeback_ref: str, *, why: str, actor: Actor) -> ChargebackChoice:
    """The debt stands, and is chased like any other; nothing is posted. Invalid without a reason.

    Conflict unless it is lost, and where it was chosen since the processor said so.
    """
    chargeback = _lost(session, chargeback_ref)
    chosen = choice_of(session, chargeback.id)
    if chosen is not None and chosen.at >= changes(session, chargeback.id)[-1].at:
        raise Conflict(N_("This has been decided already."))
    parts = still_open(session, chargeback.source, chargeback.currency)
    left = Money.sum((part.amount for part in parts), chargeback.currency)
    return _choose(session, chargeback, Choice.STANDS, left, why, actor)


def credit(session: Session, chargeback_ref: str, *, why: str, role: Role, actor: Actor) -> ChargebackChoice:
    """Credit all that is still open because of it: a credit note on each invoice, within the role's authority.

    What the terms charged for lateness is waived. Conflict unless it is lost and something is open, or where one of
    its invoices cannot be credited; NotAllowed beyond the authority, for all of it together; Invalid without a reason.
    """
    chargeback = _lost(session, chargeback_ref)
    parts = _parts(session, chargeback)
    total = check_credit(session, chargeback, role)
    account = session.get_one(Account, chargeback.account_id)
    for part in parts:
        invoice = session.get_one(Invoice, part.invoice_id, populate_existing=True)
        if is_late_charge(session, invoice.id):
            waive(session, account.id, invoice.id, part.amount, reason=why, role=role, actor=actor)
        else:
            credit_notes.issue_credit_note(session, account, invoice, part.amount, reason=why, actor=actor)
    return _choose(session, chargeback, Choice.CREDITED, total, why, actor)


def check_credit(session: Session, chargeback: Chargeback, role: Role) -> Money:
    """How much crediting takes off the debt; Conflict where it takes nothing, NotAllowed beyond the authority."""
    parts = _parts(session, chargeback)
    if not parts or chargeback.account_id is None:
        raise Conflict(N_("Nothing is open because of this chargeback any more."))
    total = Money.sum((part.amount for part in parts), chargeback.currency)
    authority.check(session, role, Act.CREDIT_NOTE, total, account_id=chargeback.account_id)
    return total


def preview(session: Session, chargeback: Chargeback) -> list[tuple[Uncovered, Effect]]:
    """What crediting would do to each invoice now; raises Conflict where one of them cannot be credited."""
    return [
        (part, credit_notes.effect(session, session.get_one(Invoice, part.invoice_id), part.amount, reason=part.number))
        for part in _parts(session, chargeback)
    ]


def _lost(session: Session, chargeback_ref: str) -> Chargeback:
    chargeback = locked(session, chargeback_ref)
    if chargeback.state not in LOST or chargeback.account_id is None:
        raise Conflict(N_("There is nothing to decide about this debt."))
    return chargeback


def _parts(session: Session, chargeback: Chargeback) -> list[Uncovered]:
    parts = still_open(session, chargeback.source, chargeback.currency)
    for part in parts:
        if session.get_one(Invoice, part.invoice_id).kind is InvoiceKind.OWED_AGAIN:
            raise Conflict(
                N_("{number} asks back what had been paid out before: it cannot be credited."), number=part.number
            )
    return parts


def _choose(
    session: Session, chargeback: Chargeback, choice: Choice, amount: Money, why: str, actor: Actor
) -> ChargebackChoice:
    words = why.strip()
    if not words:
        raise Invalid(N_("Say why."), field="why")
    chosen = ChargebackChoice(
        chargeback_id=chargeback.id,
        choice=choice,
        currency=chargeback.currency,
        amount_minor=amount.minor,
        why=words,
        at=now(session),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(chosen)
    session.flush()
    record(
        session,
        f"chargeback.debt_{choice.value}",
        actor=actor,
        subject=("chargeback", chargeback.id),
        account_id=chargeback.account_id,
        after={"amount": amount, "why": words},
    )
    settle(session, TaskKind.CHARGEBACK_LOST, subject=("chargeback", chargeback.chargeback_ref))
    return chosen
