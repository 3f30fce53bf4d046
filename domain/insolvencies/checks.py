"""Checks: what is held by a proceeding is what its state says, and no dividend is more than was admitted."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.insolvencies.details import SUBJECT
from domain.insolvencies.model import ClaimDecision, Dividend, Insolvency, InsolvencyOutcome, ProofOfClaim
from domain.ledger.findings import Finding
from domain.payments.model import Payment
from domain.stops.model import Stop, StopKind, StopLift

PROCEEDINGS = select(Insolvency.id, Insolvency.account_id, Insolvency.closed_on, Insolvency.outcome)
STOPS = (
    select(
        Stop.source,
        func.count(Stop.id).filter(Stop.invoice_id.is_(None)).label("whole"),
        func.count(Stop.invoice_id).label("of_invoices"),
    )
    .outerjoin(StopLift, StopLift.stop_id == Stop.id)
    .where(Stop.kind == StopKind.INSOLVENCY, Stop.source.startswith(f"{SUBJECT}:"), StopLift.id.is_(None))
    .group_by(Stop.source)
)
DECLARED = (
    select(Dividend.insolvency_id, func.sum(Dividend.amount_minor).label("minor"))
    .where(Dividend.withdrawn_at.is_(None))
    .group_by(Dividend.insolvency_id)
)
ADMITTED = (
    select(ProofOfClaim.insolvency_id, ClaimDecision.admitted_minor)
    .join(ProofOfClaim, ProofOfClaim.id == ClaimDecision.proof_id)
    .order_by(ClaimDecision.id)
)
STRAY = (
    select(Dividend.id, Dividend.amount_minor, Payment.amount_minor.label("paid"))
    .join(Payment, Payment.id == Dividend.payment_id)
    .join(Insolvency, Insolvency.id == Dividend.insolvency_id)
    .where((Payment.amount_minor != Dividend.amount_minor) | (Payment.account_id != Insolvency.account_id))
)


def check_insolvencies(session: Session) -> Iterator[Finding]:
    """Every proceeding whose stops are not those of its state, and every dividend that cannot be."""
    holds = {row.source: row for row in session.execute(STOPS)}
    for row in session.execute(PROCEEDINGS):
        held = holds.pop(f"{SUBJECT}:{row.id}", None)
        whole, of_invoices = (held.whole, held.of_invoices) if held else (0, 0)
        if whole != int(row.closed_on is None):
            words = "a proceeding does not hold its account just as long as it is open"
            yield Finding("insolvency_stop", str(row.id), words, str(int(row.closed_on is None)), str(whole))
        if of_invoices and row.outcome in (None, InsolvencyOutcome.DISMISSED):
            words = "a proceeding holds single invoices though it is open or was dismissed"
            yield Finding("insolvency_stop", str(row.id), words, "0", str(of_invoices))
    for source in sorted(holds):
        yield Finding("insolvency_stop", source, "a stop belongs to a proceeding that is not there", "0", "1")
    admitted = {row.insolvency_id: row.admitted_minor for row in session.execute(ADMITTED)}
    for sum_ in session.execute(DECLARED):
        most = admitted.get(sum_.insolvency_id, 0)
        if int(sum_.minor) > most:
            words = "the dividends of a proceeding are more than was admitted of our claim"
            yield Finding("insolvency_dividends", str(sum_.insolvency_id), words, str(most), str(sum_.minor))
    for stray in session.execute(STRAY):
        words = "a dividend names money of another amount or account"
        yield Finding("insolvency_dividend", str(stray.id), words, str(stray.amount_minor), str(stray.paid))
