"""Due parts: what a collection is for, as it stands now: what is open of it, what may be taken, of which invoices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.collecting.model import Collection
from domain.receivables.held import held_parts
from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.money import Money
from domain.stops.holding import kinds_that_hold
from domain.stops.model import Held


@dataclass(frozen=True, slots=True)
class DuePart:
    """`open` is what is not settled of it; `free` what of that may be taken now, and `of` from which invoices it is.

    What a stop holds is not free, such as the part that is disputed.
    """

    open: Money
    free: Money
    of: Mapping[int, Money]

    def spread(self, amount: Money) -> dict[int, Money]:
        """How an amount up to `free` is spread over the invoices, in their order."""
        rest, found = amount, {}
        for invoice_id, most in self.of.items():
            part = min(rest, most)
            if part:
                found[invoice_id] = part
                rest -= part
        return found


PartOf = Callable[[Session, Collection], DuePart]
"""Finds what a collection is for, whatever that is."""


def part_of_invoice(session: Session, collection: Collection) -> DuePart:
    """The part that an invoice is: all that is open of it, less what stops hold."""
    invoice = session.get_one(Invoice, collection.subject_id, populate_existing=True)
    nothing = Money.zero(invoice.currency)
    still_open = invoice.open if invoice.status is InvoiceStatus.ISSUED else nothing
    held = held_parts(session, [collection.account_id], kinds_that_hold(Held.COLLECTION))
    free = still_open - held.get(invoice.id, nothing)
    return DuePart(still_open, free, {invoice.id: free})
