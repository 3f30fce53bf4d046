"""Insolvencies: proceedings about the debtor, what was claimed and admitted in them, and what they have paid."""

from __future__ import annotations

from sqlalchemy import select

from domain.documents.model import DOCUMENTS
from domain.evidence.sections.parts import OURS, by_owner, put_together
from domain.evidence.sources import MOST_ROWS, File, Section, Sources, Table, json_file
from domain.insolvencies.details import SUBJECT
from domain.insolvencies.model import (
    OUTCOME_NAMES,
    PROCEEDING_NAMES,
    ClaimDecision,
    Dividend,
    Insolvency,
    ProofOfClaim,
    ProvedInvoice,
)
from domain.shared.errors import N_
from domain.shared.words import Words

BETWEEN_US = (*OURS, "reason", "note", "computed_minor", "document_id")
"""What is ours, or between us and whoever runs the proceeding."""
PROCEEDING = (
    Insolvency.id,
    Insolvency.kind,
    Insolvency.court,
    Insolvency.number,
    Insolvency.practitioner,
    Insolvency.email,
    Insolvency.phone,
    Insolvency.address,
    Insolvency.started_on,
    Insolvency.proof_due_on,
    Insolvency.outcome,
    Insolvency.closed_on,
    Insolvency.recorded_at,
    Insolvency.ended_at,
)
PROOF = (
    ProofOfClaim.insolvency_id,
    ProofOfClaim.id,
    ProofOfClaim.number,
    ProofOfClaim.currency,
    ProofOfClaim.principal_minor,
    ProofOfClaim.interest_minor,
    ProofOfClaim.costs_minor,
    ProofOfClaim.computed_minor,
    ProofOfClaim.reason,
    ProofOfClaim.document_id,
    ProofOfClaim.filed_on,
    ProofOfClaim.recorded_at,
    ProofOfClaim.actor_kind,
    ProofOfClaim.actor_id,
)
PROVED = (
    ProvedInvoice.proof_id,
    ProvedInvoice.invoice_id,
    ProvedInvoice.principal_minor,
    ProvedInvoice.interest_minor,
    ProvedInvoice.costs_minor,
)
DECISION = (
    ClaimDecision.proof_id,
    ClaimDecision.admitted_minor,
    ClaimDecision.decided_on,
    ClaimDecision.note,
    ClaimDecision.recorded_at,
    ClaimDecision.actor_kind,
    ClaimDecision.actor_id,
)
DIVIDEND = (
    Dividend.insolvency_id,
    Dividend.currency,
    Dividend.amount_minor,
    Dividend.per_million,
    Dividend.declared_on,
    Dividend.payment_id,
    Dividend.withdrawn_at,
    Dividend.recorded_at,
)


def section(sources: Sources) -> Section:
    """Every proceeding of the account: they are about all that is owed, so that a narrower pack has them too."""
    where = [Insolvency.account_id == sources.account.id]
    rows = sources.rows(*PROCEEDING, where=where, order=Insolvency.id)
    if not rows:
        return Section(())
    ids = select(Insolvency.id).where(*where)
    proof_ids = select(ProofOfClaim.id).where(ProofOfClaim.insolvency_id.in_(ids))
    proofs = by_owner(sources, PROOF, ids, ours=BETWEEN_US)
    invoices = by_owner(sources, PROVED, proof_ids)
    decisions = by_owner(sources, DECISION, proof_ids, ours=BETWEEN_US)
    named = None if sources.invoice_ids is None else {sources.numbers.get(one) for one in sources.invoice_ids}
    for each in (proof for found in proofs.values() for proof in found):
        number = each.pop("id")
        assert isinstance(number, int)
        each["invoices"] = [one for one in invoices.get(number, []) if named is None or one["invoice"] in named]
        each["decisions"] = decisions.get(number, [])
    told = put_together(sources, rows, {"claims": proofs, "dividends": by_owner(sources, DIVIDEND, ids)})
    files: list[File] = [json_file("insolvencies/insolvencies.json", told)]
    about = DOCUMENTS.c.subject_kind == SUBJECT
    files += sources.documents("insolvencies/claims", about & DOCUMENTS.c.subject_id.in_(ids))
    shown = [
        [
            row.started_on,
            Words.of(PROCEEDING_NAMES[row.kind]),
            row.practitioner,
            Words.of(OUTCOME_NAMES[row.outcome]) if row.outcome else None,
        ]
        for row in rows[-MOST_ROWS:]
    ]
    head = (N_("First day"), N_("Kind"), N_("Who runs it"), N_("How it ended"))
    return Section(files, (Table(N_("Insolvency proceedings"), head, 4, shown, wide=2),))
