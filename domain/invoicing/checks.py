"""Checks: each early discount stands in the ledger with as much as stands of it, and with that much of its tax."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.invoicing.granted_discounts import gone, tax_within
from domain.invoicing.model import EarlyDiscount
from domain.ledger.chart import LedgerAccount
from domain.ledger.findings import Finding
from domain.ledger.model import ENTRIES, POSTINGS
from domain.ledger.posting import EntryKind
from domain.shared.money import Money

KINDS = (EntryKind.EARLY_DISCOUNT, EntryKind.DISCOUNT_REVOKED, EntryKind.DISCOUNT_RESTORED)
DISCOUNTS = select(EarlyDiscount).order_by(EarlyDiscount.id)
POSTED = (
    select(ENTRIES.c.source, POSTINGS.c.ledger_account, func.sum(POSTINGS.c.amount).label("minor"))
    .join(POSTINGS, POSTINGS.c.entry_id == ENTRIES.c.id)
    .where(ENTRIES.c.kind.in_(KINDS))
    .group_by(ENTRIES.c.source, POSTINGS.c.ledger_account)
)


def check_discounts(session: Session) -> Iterator[Finding]:
    """Every discount of which more or less stands than the ledger has taken off for it, or than it has of its tax."""
    discounts = session.scalars(DISCOUNTS).all()
    lost = gone(session, [discount.id for discount in discounts]) if discounts else {}
    posted = _posted(session)
    for discount in discounts:
        stands = discount.amount_minor - lost.get(discount.id, 0)
        tax = tax_within(discount, Money(stands, discount.currency)).minor
        found = posted[discount.id]
        if -found[LedgerAccount.RECEIVABLE] != stands:
            words = "the ledger has taken off something else for an early discount than stands of it"
            yield Finding("discount", str(discount.id), words, str(stands), str(-found[LedgerAccount.RECEIVABLE]))
        if found[LedgerAccount.TAX_PAYABLE] != tax:
            words = "the ledger has corrected another tax for an early discount than is within it"
            yield Finding("discount_tax", str(discount.id), words, str(tax), str(found[LedgerAccount.TAX_PAYABLE]))


def _posted(session: Session) -> dict[int, dict[str, int]]:
    """What the entries of each discount come to, by ledger account, in minor units."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in session.execute(POSTED):
        _, number, *_ = row.source.split(":")
        found[int(number)][row.ledger_account] += int(row.minor)
    return found
