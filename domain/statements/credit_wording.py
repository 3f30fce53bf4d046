"""Credit wording: what each credit item of an account is called, from what it came of."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from domain.payments import queries as payments
from domain.receivables.model import CreditItem, CreditKind
from domain.shared.errors import N_
from domain.shared.words import Words


def say_credits(session: Session, items: Sequence[CreditItem]) -> list[Words]:
    """What each item is called, in one query at most."""
    receipts = payments.receipts(session, [item.source for item in items if item.kind is CreditKind.PAYMENT])
    return [_said(item, receipts.get(item.source)) for item in items]


def _said(item: CreditItem, receipt: str | None) -> Words:
    if item.kind is CreditKind.CREDIT_NOTE:
        return Words.of(N_("Credit note {number}"), number=item.source)
    if item.kind is CreditKind.MOVED:
        return Words.of(N_("Credit from another account"))
    if item.kind is CreditKind.DISCOUNT:
        return Words.of(N_("Early-payment discount"))
    if item.kind is CreditKind.CONCESSION:
        return Words.of(N_("Given up to settle a debt"))
    if item.kind is CreditKind.WRITE_OFF:
        return Words.of(N_("Given up by us"))
    if item.kind is CreditKind.REINSTATED:
        return Words.of(N_("Money that had been taken back came again"))
    return Words.of(N_("Payment, receipt {number}"), number=receipt) if receipt else Words.of(N_("Payment"))
