"""Agreed: promises, payment plans with their agreements, and settlements with their letters; each with its changes."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from domain.documents.model import DOCUMENTS
from domain.evidence.sections.parts import by_owner, put_together
from domain.evidence.sources import MOST_ROWS, File, Record, Section, Sources, Table, json_file
from domain.evidence.words import PROMISE_NAMES, in_words
from domain.plans.model import (
    PLAN_NAMES,
    Instalment,
    InstalmentMove,
    PaymentPlan,
    PlanChange,
    PlanGrace,
    PlanInvoice,
    PlanPause,
    PlanRound,
    PlanSignature,
)
from domain.promises.model import PromiseChange, PromisePart, PromiseToPay
from domain.settlements.model import (
    OFFER_NAMES,
    OfferChange,
    OfferInvoice,
    OfferPart,
    OfferStatus,
    SettlementOffer,
)
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

PROMISE = (
    PromiseToPay.id,
    PromiseToPay.currency,
    PromiseToPay.amount_minor,
    PromiseToPay.promised_on,
    PromiseToPay.status,
    PromiseToPay.words,
    PromiseToPay.made_at,
    PromiseToPay.ended_at,
)
PROMISE_PART = (PromisePart.promise_id, PromisePart.invoice_id, PromisePart.amount_minor)
PROMISE_CHANGE = (
    PromiseChange.promise_id,
    PromiseChange.before,
    PromiseChange.after,
    PromiseChange.at,
    PromiseChange.actor_kind,
    PromiseChange.actor_id,
    PromiseChange.why,
)
PLAN = (
    PaymentPlan.id,
    PaymentPlan.currency,
    PaymentPlan.status,
    PaymentPlan.made_at,
    PaymentPlan.expires_at,
    PaymentPlan.interest,
    PaymentPlan.signed_on,
    PaymentPlan.total_minor,
    PaymentPlan.ended_at,
)
PLAN_INVOICE = (PlanInvoice.plan_id, PlanInvoice.invoice_id, PlanInvoice.open_minor)
ROUND = (
    PlanRound.plan_id,
    PlanRound.side,
    PlanRound.shape,
    PlanRound.words,
    PlanRound.capacity,
    PlanRound.at,
    PlanRound.actor_kind,
    PlanRound.actor_id,
)
INSTALMENT = (
    Instalment.plan_id,
    Instalment.number,
    Instalment.due_on,
    Instalment.amount_minor,
    Instalment.interest_minor,
)
PAUSE = (
    PlanPause.plan_id,
    PlanPause.from_on,
    PlanPause.until_on,
    PlanPause.reason,
    PlanPause.granted_at,
    PlanPause.actor_kind,
    PlanPause.actor_id,
)
GRACE = (PlanGrace.plan_id, PlanGrace.offered_on, PlanGrace.until_on, PlanGrace.missing_minor)
SIGNATURE = (
    PlanSignature.plan_id,
    PlanSignature.how,
    PlanSignature.login_id,
    PlanSignature.name,
    PlanSignature.job_title,
    PlanSignature.text_version,
    PlanSignature.language,
    PlanSignature.sha256,
    PlanSignature.address,
    PlanSignature.user_agent,
    PlanSignature.signed_on,
    PlanSignature.signed_at,
)
PLAN_CHANGE = (
    PlanChange.plan_id,
    PlanChange.before,
    PlanChange.after,
    PlanChange.at,
    PlanChange.actor_kind,
    PlanChange.actor_id,
    PlanChange.why,
)
OFFER = (
    SettlementOffer.id,
    SettlementOffer.currency,
    SettlementOffer.status,
    SettlementOffer.open_minor,
    SettlementOffer.amount_minor,
    SettlementOffer.expires_on,
    SettlementOffer.reason,
    SettlementOffer.made_at,
    SettlementOffer.accepted_on,
    SettlementOffer.login_id,
    SettlementOffer.ended_at,
)
OFFER_INVOICE = (OfferInvoice.offer_id, OfferInvoice.invoice_id, OfferInvoice.open_minor)
OFFER_PART = (OfferPart.offer_id, OfferPart.number, OfferPart.due_on, OfferPart.amount_minor)
OFFER_CHANGE = (
    OfferChange.offer_id,
    OfferChange.before,
    OfferChange.after,
    OfferChange.at,
    OfferChange.actor_kind,
    OfferChange.actor_id,
    OfferChange.why,
)


def promises(sources: Sources) -> Section:
    """What was promised by when, and how each promise ended."""
    where: list[ColumnElement[bool]] = [PromiseToPay.account_id == sources.account.id]
    if sources.invoice_ids is not None:
        where.append(PromiseToPay.id.in_(select(PromisePart.promise_id).where(*sources.about(PromisePart.invoice_id))))
    ids = select(PromiseToPay.id).where(*where)
    rows = sources.rows(*PROMISE, where=where, order=PromiseToPay.id)
    if not rows:
        return Section(())
    told = put_together(
        sources,
        rows,
        {"about": by_owner(sources, PROMISE_PART, ids), "changes": by_owner(sources, PROMISE_CHANGE, ids)},
    )
    shown = [
        [
            row.made_at.date(),
            row.promised_on,
            in_words(PROMISE_NAMES, row.status),
            Money(row.amount_minor, row.currency),
        ]
        for row in rows[-MOST_ROWS:]
    ]
    table = Table(N_("Promises"), (N_("Made"), N_("Promised by"), N_("State"), N_("Amount")), 3, shown, wide=2)
    return Section([json_file("promises/promises.json", told)], (table,))


def plans(sources: Sources) -> Section:
    """Each plan from the first proposal on, what was signed by whom, its parts, and the agreement itself."""
    where: list[ColumnElement[bool]] = [PaymentPlan.account_id == sources.account.id]
    if sources.invoice_ids is not None:
        where.append(PaymentPlan.id.in_(select(PlanInvoice.plan_id).where(*sources.about(PlanInvoice.invoice_id))))
    ids = select(PaymentPlan.id).where(*where)
    rows = sources.rows(*PLAN, where=where, order=PaymentPlan.id)
    if not rows:
        return Section(())
    parts = {
        "invoices": by_owner(sources, PLAN_INVOICE, ids),
        "proposals": by_owner(sources, ROUND, ids),
        "instalments": by_owner(sources, INSTALMENT, ids),
        "later_instalments": _moves(sources, [row.id for row in rows]),
        "pauses": by_owner(sources, PAUSE, ids),
        "more_time": by_owner(sources, GRACE, ids),
        "signature": by_owner(sources, SIGNATURE, ids),
        "changes": by_owner(sources, PLAN_CHANGE, ids),
    }
    files: list[File] = [json_file("plans/plans.json", put_together(sources, rows, parts))]
    signed = sources.rows(
        PlanSignature.document_id, where=[PlanSignature.plan_id.in_(ids)], order=PlanSignature.plan_id
    )
    for row in signed:
        files += sources.document("plans", row.document_id)
    shown = [
        [
            row.made_at.date(),
            row.signed_on,
            Words.of(PLAN_NAMES[row.status]),
            None if row.total_minor is None else Money(row.total_minor, row.currency),
        ]
        for row in rows[-MOST_ROWS:]
    ]
    table = Table(N_("Payment plans"), (N_("Asked for"), N_("Signed"), N_("State"), N_("Amount")), 3, shown, wide=2)
    return Section(files, (table,))


def settlements(sources: Sources) -> Section:
    """Each offer to settle for less, what became of it, and the letter that says that nothing more is owed."""
    where: list[ColumnElement[bool]] = [SettlementOffer.account_id == sources.account.id]
    if sources.invoice_ids is not None:
        about = select(OfferInvoice.offer_id).where(*sources.about(OfferInvoice.invoice_id))
        where.append(SettlementOffer.id.in_(about))
    if not sources.for_staff:
        where.append(_was_made())
    ids = select(SettlementOffer.id).where(*where)
    rows = sources.rows(*OFFER, where=where, order=SettlementOffer.id)
    if not rows:
        return Section(())
    parts = {
        "invoices": by_owner(sources, OFFER_INVOICE, ids),
        "parts": by_owner(sources, OFFER_PART, ids),
        "changes": by_owner(sources, OFFER_CHANGE, ids),
    }
    files: list[File] = [json_file("settlements/settlements.json", put_together(sources, rows, parts))]
    letters = select(DOCUMENTS.c.id).where(DOCUMENTS.c.subject_kind == "offer", DOCUMENTS.c.subject_id.in_(ids))
    for document_id in sources.session.scalars(letters.order_by(DOCUMENTS.c.id)).all():
        files += sources.document("settlements", document_id)
    shown = [
        [
            row.made_at.date(),
            Words.of(OFFER_NAMES[row.status]),
            Money(row.open_minor, row.currency),
            Money(row.amount_minor, row.currency),
        ]
        for row in rows[-MOST_ROWS:]
    ]
    head = (N_("Made"), N_("State"), N_("Open then"), N_("To be paid"))
    return Section(files, (Table(N_("Settlements"), head, 2, shown, wide=1),))


def _was_made() -> ColumnElement[bool]:
    """Whether the customer was ever made this offer: what was not approved is nobody's but ours."""
    made = select(OfferChange.offer_id).where(OfferChange.after == OfferStatus.OFFERED)
    return SettlementOffer.id.in_(made)


def _moves(sources: Sources, plan_ids: list[int]) -> dict[int, list[Record]]:
    """The later days that instalments were given, by plan."""
    found: dict[int, list[Record]] = {}
    rows = sources.session.execute(
        select(Instalment.plan_id, Instalment.number, InstalmentMove.due_on, InstalmentMove.moved_at)
        .join(Instalment, Instalment.id == InstalmentMove.instalment_id)
        .where(Instalment.plan_id.in_(plan_ids))
        .order_by(InstalmentMove.id)
    )
    for row in rows:
        record = sources.record(row)
        record.pop("plan_id")
        found.setdefault(row.plan_id, []).append(record)
    return found
