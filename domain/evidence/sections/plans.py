"""Plans: each payment plan from the first proposal on, what was signed by whom, its parts, and the agreement itself."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from domain.evidence.sections.parts import by_owner, put_together
from domain.evidence.sources import MOST_ROWS, File, Record, Section, Sources, Table, json_file
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
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

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


def section(sources: Sources) -> Section:
    """Every plan over the pack's invoices."""
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
