"""Shortening: staff take a later due day back, or set it earlier than it was granted, with a reason and a mail."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.outbox import sending as outbox
from domain.payments import queries as payments
from domain.policies import authority
from domain.policies.acts import Act
from domain.processing.extending import plan_anew, said_why
from domain.processing.messages import TellExtension
from domain.receivables import queries as receivables
from domain.receivables.due_days import extension_of
from domain.receivables.model import Extension, ExtensionCut, Invoice, InvoiceStatus
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid
from domain.staff.model import Role


def shorten(
    session: Session, account_id: int, invoice_id: int, due_on: date, *, reason: str, role: Role, actor: Actor
) -> ExtensionCut:
    """Let an invoice be due earlier than was granted: at first, or on a day between.

    Raises NotFound, Conflict where there is nothing to take back, Invalid, and BeyondAuthority for who could not have
    granted all of it.
    """
    accounts.lock(session, account_id)
    invoice, extension = _extended(session, account_id, invoice_id)
    earliest = earliest_day(session, extension)
    if not earliest <= due_on < invoice.due_on:
        raise Invalid(
            N_("Choose a day from {earliest}, and before {due_on}."),
            field="due_on",
            earliest=earliest,
            due_on=invoice.due_on,
        )
    why = said_why(reason)
    days = (invoice.due_on - max(extension.was_due_on, extension.granted_on)).days
    authority.check(session, role, Act.EXTENSION, days, account_id=account_id)
    cut = ExtensionCut(
        extension_id=extension.id,
        invoice_id=invoice_id,
        was_due_on=invoice.due_on,
        due_on=due_on,
        cut_on=today(session),
        cut_at=now(session),
        reason=why,
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(cut)
    invoice.due_on = due_on
    session.flush()
    plan_anew(session, invoice, actor=actor)
    audit.record(
        session,
        "invoice.extension_cut",
        actor=actor,
        subject=("invoice", invoice_id),
        account_id=account_id,
        before={"due_on": cut.was_due_on},
        after={"number": invoice.number, "due_on": due_on, "why": why},
    )
    outbox.add(session, TellExtension(extension_id=extension.id, cut_id=cut.id), account_id=account_id)
    return cut


def earliest_day(session: Session, extension: Extension) -> date:
    """The earliest day that it can be due on again.

    A slip of the same day is as if it had never been. Later, the days that the customer was given stay given.
    """
    if extension.granted_on == today(session):
        return extension.was_due_on
    return max(extension.was_due_on, today(session))


def check_shortenable(session: Session, account_id: int, invoice_id: int) -> Extension:
    """What was granted, where it can be taken back or shortened; NotFound, or Conflict that says why not."""
    return _extended(session, account_id, invoice_id)[1]


def is_shortenable(session: Session, account_id: int, invoice_id: int) -> bool:
    """Whether anything that was granted for an invoice can be taken back; NotFound."""
    receivables.invoice(session, account_id, invoice_id)
    return _refusal(session, session.get_one(Invoice, invoice_id), extension_of(session, invoice_id)) is None


def _extended(session: Session, account_id: int, invoice_id: int) -> tuple[Invoice, Extension]:
    receivables.invoice(session, account_id, invoice_id)
    invoice = session.get_one(Invoice, invoice_id, populate_existing=True)
    extension = extension_of(session, invoice_id)
    refusal = _refusal(session, invoice, extension)
    if refusal is not None or extension is None:
        raise Conflict(refusal or "", number=invoice.number)
    return invoice, extension


def _refusal(session: Session, invoice: Invoice, extension: Extension | None) -> str | None:
    """Why a later due day cannot be taken back or shortened, if it cannot."""
    if invoice.status is not InvoiceStatus.ISSUED or not invoice.open_minor:
        return N_("The due date of {number} cannot be changed: it is no invoice that is open.")
    if extension is None or invoice.due_on <= earliest_day(session, extension):
        return N_("Invoice {number} has no later due date that could be taken back.")
    if payments.live_claims(session, [invoice.id]):
        return N_("Invoice {number} is being paid right now. Wait until that payment has ended.")
    return None
