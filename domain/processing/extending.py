"""Extending: a later due day, once: by staff within their authority, by the customer inside the fence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.collecting import changing as collections
from domain.collecting.model import AHEAD, Collection, EndReason, SubjectKind
from domain.outbox import sending as outbox
from domain.payments import queries as payments
from domain.policies import authority
from domain.policies.acts import Act
from domain.policies.ruling import sections_today
from domain.processing.messages import TellExtension
from domain.receivables import queries as receivables
from domain.receivables.held import WITH_PARTNERS, held_parts
from domain.receivables.model import Extension, Invoice, InvoiceKind, InvoiceStatus
from domain.shared.actor import Actor
from domain.shared.db.session import business, now, today
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.words import Words
from domain.staff.model import Role
from domain.stops.model import StopKind

LEAST_LETTERS = 3
"""A reason with fewer says nothing."""
UNUSUAL_DAYS = 90
"""More days than these are hardly meant: a site asks again."""


@dataclass(frozen=True, slots=True)
class Fence:
    """Between which days a customer may set the due day of one invoice alone, both included."""

    invoice_id: int
    due_on: date
    earliest: date
    latest: date


def extend(
    session: Session, account_id: int, invoice_id: int, due_on: date, *, reason: str, role: Role, actor: Actor
) -> Extension:
    """Staff grant a later due day. Raises NotFound, Conflict, Invalid, NotAllowed for more days than the role may."""
    accounts.lock(session, account_id)
    invoice = _extendable(session, account_id, invoice_id)
    why = said_why(reason)
    days = _days_later(session, invoice, due_on)
    authority.check(session, role, Act.EXTENSION, days, account_id=account_id)
    return _grant(session, invoice, due_on, why, actor)


def extend_alone(session: Session, account_id: int, invoice_id: int, due_on: date, *, actor: Actor) -> Extension:
    """The customer sets a later due day inside the policy's fence. Raises NotFound, Conflict, Invalid."""
    accounts.lock(session, account_id)
    return _grant(session, check_alone(session, account_id, invoice_id, due_on), due_on, "", actor)


def check_alone(session: Session, account_id: int, invoice_id: int, due_on: date) -> Invoice:
    """The invoice, where the customer may set that day alone; writes nothing. Raises NotFound, Conflict, Invalid."""
    invoice = _extendable(session, account_id, invoice_id)
    fence = _fence(session, invoice)
    if fence is None:
        refusal = N_("The due date of invoice {number} cannot be set later here. Write to us.")
        raise Conflict(refusal, number=invoice.number)
    if not fence.earliest <= due_on <= fence.latest:
        between = {"earliest": fence.earliest, "latest": fence.latest}
        raise Invalid(N_("Choose a day from {earliest} to {latest}."), field="due_on", **between)
    return invoice


def fence_of(session: Session, account_id: int, invoice_id: int) -> Fence | None:
    """What the customer may choose for an invoice; None where it cannot be set later by themselves."""
    receivables.invoice(session, account_id, invoice_id)
    invoice = session.get_one(Invoice, invoice_id)
    if _refusal(session, invoice) is not None:
        return None
    return _fence(session, invoice)


def why_not(session: Session, account_id: int, invoice_id: int) -> Words | None:
    """Why the customer cannot set the due day of an invoice later, in words for them; None where they can."""
    receivables.invoice(session, account_id, invoice_id)
    invoice = session.get_one(Invoice, invoice_id)
    refusal = _refusal(session, invoice)
    if refusal is not None:
        return Words.of(refusal, number=invoice.number)
    if _fence(session, invoice) is not None:
        return None
    section = sections_today(session, account_id).extensions
    if section is None:
        return Words.of(N_("Your terms leave no due date to be set later on this site."))
    latest = invoice.due_on + timedelta(days=section.most_days)
    if latest <= today(session):
        text = N_("It could be set as far as {latest}, {days} days after the due date, and that day has come.")
        return Words.of(text, latest=latest, days=section.most_days)
    return Words.of(N_("{amount} is more than can be set later on this site."), amount=invoice.open)


def is_extendable(session: Session, account_id: int, invoice_id: int) -> bool:
    """Whether staff can grant a later due day for an invoice; NotFound."""
    receivables.invoice(session, account_id, invoice_id)
    return _refusal(session, session.get_one(Invoice, invoice_id)) is None


def check_extendable(session: Session, account_id: int, invoice_id: int) -> None:
    """Do nothing where staff can grant a later due day; raise NotFound, or Conflict that says why not."""
    _extendable(session, account_id, invoice_id)


def _fence(session: Session, invoice: Invoice) -> Fence | None:
    """None without the section, above its amount (which covers no other currency), and where its latest day is past."""
    section = sections_today(session, invoice.account_id).extensions
    if section is None:
        return None
    if not authority.reaches(section.most_minor, invoice.open, currency=business(session).currency):
        return None
    earliest = max(invoice.due_on, today(session)) + timedelta(days=1)
    latest = invoice.due_on + timedelta(days=section.most_days)
    return Fence(invoice.id, invoice.due_on, earliest, latest) if earliest <= latest else None


def _extendable(session: Session, account_id: int, invoice_id: int) -> Invoice:
    receivables.invoice(session, account_id, invoice_id)
    invoice = session.get_one(Invoice, invoice_id, populate_existing=True)
    refusal = _refusal(session, invoice)
    if refusal is not None:
        raise Conflict(refusal, number=invoice.number)
    return invoice


def _refusal(session: Session, invoice: Invoice) -> str | None:
    """Why the due day of an invoice cannot be set later, if it cannot."""
    if invoice.status is not InvoiceStatus.ISSUED or not invoice.open_minor or invoice.kind is not InvoiceKind.INVOICE:
        return N_("The due date of {number} cannot be set later: it is no invoice that is open.")
    if session.scalar(select(Extension.id).where(Extension.invoice_id == invoice.id)) is not None:
        return N_("The due date of invoice {number} has been set later once already.")
    if payments.live_claims(session, [invoice.id]):
        return N_("Invoice {number} is being paid right now. Wait until that payment has ended.")
    if invoice.id in held_parts(session, [invoice.account_id], WITH_PARTNERS):
        return N_("Invoice {number} is with somebody who acts for us: a later day is agreed with them.")
    if invoice.id in held_parts(session, [invoice.account_id], {StopKind.INSOLVENCY}):
        return N_("Invoice {number} falls into insolvency proceedings: no later day is set for it.")
    return None


def _days_later(session: Session, invoice: Invoice, due_on: date) -> int:
    """The days that are granted: after the due day, or after today where that is past already."""
    if due_on <= invoice.due_on:
        raise Invalid(N_("Choose a day after {due_on}."), field="due_on", due_on=invoice.due_on)
    return max(0, (due_on - max(invoice.due_on, today(session))).days)


def _grant(session: Session, invoice: Invoice, due_on: date, reason: str, actor: Actor) -> Extension:
    if due_on <= today(session):
        raise Invalid(N_("Choose a day that is still to come."), field="due_on")
    extension = Extension(
        account_id=invoice.account_id,
        invoice_id=invoice.id,
        was_due_on=invoice.due_on,
        due_on=due_on,
        granted_on=today(session),
        granted_at=now(session),
        reason=reason,
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(extension)
    invoice.due_on = due_on
    session.flush()
    plan_anew(session, invoice, actor=actor)
    audit.record(
        session,
        "invoice.extended",
        actor=actor,
        subject=("invoice", invoice.id),
        account_id=invoice.account_id,
        before={"due_on": extension.was_due_on},
        after={"number": invoice.number, "due_on": due_on, "why": reason},
    )
    outbox.add(session, TellExtension(extension_id=extension.id), account_id=invoice.account_id)
    return extension


def said_why(typed: str) -> str:
    """A reason that somebody else can read something in; Invalid beside its field."""
    why = typed.strip()
    if sum(letter.isalpha() for letter in why) < LEAST_LETTERS:
        raise Invalid(N_("Say why, in words that somebody else understands later."), field="reason")
    return why


def plan_anew(session: Session, invoice: Invoice, *, actor: Actor) -> None:
    """End the collections of an invoice that have not begun, because its due day has changed."""
    for collection in _planned(session, invoice):
        collections.end(session, collection, EndReason.EXTENDED, actor=actor)


def _planned(session: Session, invoice: Invoice) -> list[Collection]:
    """Collections of the invoice that have not begun: they are planned anew for the day that holds now."""
    return list(
        session.scalars(
            select(Collection).where(
                Collection.subject_kind == SubjectKind.INVOICE,
                Collection.subject_id == invoice.id,
                Collection.state.in_(AHEAD),
            )
        )
    )
