"""Checks: what was given up to settle debts stands in the ledger, with its tax, and only where the offer was paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.ledger.chart import LedgerAccount
from domain.ledger.findings import Finding
from domain.ledger.model import ENTRIES, POSTINGS
from domain.ledger.posting import EntryKind
from domain.receivables.model import CreditItem, CreditKind, Withdrawal
from domain.settlements.model import STANDING, Concession, OfferInvoice, OfferStatus, SettlementOffer
from domain.stops.model import Stop, StopKind, StopLift

KINDS = (EntryKind.CONCESSION, EntryKind.CONCESSION_REVOKED)
CONCESSIONS = (
    select(Concession, SettlementOffer.status)
    .join(SettlementOffer, SettlementOffer.id == Concession.offer_id)
    .order_by(Concession.id)
)
POSTED = (
    select(ENTRIES.c.source, POSTINGS.c.ledger_account, func.sum(POSTINGS.c.amount).label("minor"))
    .join(POSTINGS, POSTINGS.c.entry_id == ENTRIES.c.id)
    .where(ENTRIES.c.kind.in_(KINDS))
    .group_by(ENTRIES.c.source, POSTINGS.c.ledger_account)
)
GONE = (
    select(CreditItem.source, func.sum(Withdrawal.amount_minor).label("minor"))
    .join(Withdrawal, Withdrawal.credit_item_id == CreditItem.id)
    .where(CreditItem.kind == CreditKind.CONCESSION)
    .group_by(CreditItem.source)
)
WANTED_STOPS = (
    select(SettlementOffer.id, func.count(OfferInvoice.id).label("many"))
    .join(OfferInvoice, OfferInvoice.offer_id == SettlementOffer.id)
    .where(SettlementOffer.status.in_(STANDING))
    .group_by(SettlementOffer.id)
)
STOPS = (
    select(Stop.source, func.count(Stop.id).label("many"))
    .outerjoin(StopLift, StopLift.stop_id == Stop.id)
    .where(Stop.kind == StopKind.OFFER, StopLift.id.is_(None))
    .group_by(Stop.source)
)


def check_settlements(session: Session) -> Iterator[Finding]:
    """Every concession that is not as the ledger has it, or not paid for; every offer that holds what it should not."""
    yield from _concessions(session)
    yield from _stops(session)


def _concessions(session: Session) -> Iterator[Finding]:
    posted, gone = _posted(session), _gone(session)
    for concession, status in session.execute(CONCESSIONS):
        stands = concession.amount_minor - gone.get(concession.source, 0)
        tax = concession.tax_minor if stands else 0
        found = posted[concession.source]
        if -found[LedgerAccount.RECEIVABLE] != stands:
            words = "the ledger has taken off something else for a concession than stands of it"
            yield Finding("concession", str(concession.id), words, str(stands), str(-found[LedgerAccount.RECEIVABLE]))
        if found[LedgerAccount.TAX_PAYABLE] != tax:
            words = "the ledger has corrected another tax for a concession than is within it"
            yield Finding("concession_tax", str(concession.id), words, str(tax), str(found[LedgerAccount.TAX_PAYABLE]))
        if stands and status is not OfferStatus.FULFILLED:
            words = "a concession stands though its offer to settle is not paid"
            yield Finding("concession_offer", str(concession.id), words, OfferStatus.FULFILLED, status)


def _stops(session: Session) -> Iterator[Finding]:
    should = {f"offer:{row.id}": row.many for row in session.execute(WANTED_STOPS)}
    does = {row.source: row.many for row in session.execute(STOPS)}
    for source in sorted(should.keys() | does.keys()):
        if should.get(source, 0) != does.get(source, 0):
            words = "an offer to settle holds other invoices than are its own, or none though it stands"
            yield Finding("offer_stops", source, words, str(should.get(source, 0)), str(does.get(source, 0)))


def _posted(session: Session) -> dict[str, dict[str, int]]:
    """What the entries of each concession come to, by its source and ledger account, in minor units."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in session.execute(POSTED):
        found[row.source][row.ledger_account] += int(row.minor)
    return found


def _gone(session: Session) -> dict[str, int]:
    return {row.source: int(row.minor) for row in session.execute(GONE)}
