"""Suggestions: what a line probably is, how sure that is, and why; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

MOST = 6
"""Suggestions for one line: more help nobody."""
SEVERAL = N_("other things fit just as well")


class Kind(StrEnum):
    """What a line can be."""

    INVOICE_PAYMENT = "invoice_payment"
    RECORDED_RECEIPT = "recorded_receipt"
    PAYOUT = "payout"
    RETURNED_RECEIPT = "returned_receipt"
    REFUND = "refund"
    REMITTANCE = "remittance"
    ACCOUNT = "account"


class Confidence(StrEnum):
    """How sure a suggestion is; only what is sure may be accepted together with others, unseen."""

    SURE = "sure"
    LIKELY = "likely"
    POSSIBLE = "possible"


ORDER = tuple(Confidence)
KINDS = (
    Kind.RECORDED_RECEIPT,
    Kind.PAYOUT,
    Kind.REMITTANCE,
    Kind.RETURNED_RECEIPT,
    Kind.REFUND,
    Kind.INVOICE_PAYMENT,
    Kind.ACCOUNT,
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing that a line may be; `reasons` are sentences for the person who decides.

    `targets` are ids of what `kind` names: invoices, a receipt, a payout, a refund, a remittance, an account.
    `allocations` say how much of the line settles which invoice; what is left of the line is credit. `account_id` is
    None for a payout or a remittance, and for invoices of several accounts, among which the line must be split.
    """

    kind: Kind
    targets: tuple[int, ...]
    confidence: Confidence
    reasons: tuple[Words, ...]
    account_id: int | None = None
    allocations: tuple[tuple[int, Money], ...] = ()

    def at_most(self, confidence: Confidence, reason: Words) -> Suggestion:
        """The same, no surer than that, with the reason why."""
        if ORDER.index(self.confidence) >= ORDER.index(confidence):
            return self
        return replace(self, confidence=confidence, reasons=(*self.reasons, reason))


def ordered(suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    """The best of each thing, the surest first; where two are sure, none is."""
    best: dict[tuple[Kind, tuple[int, ...]], Suggestion] = {}
    for each in suggestions:
        key = (each.kind, tuple(sorted(each.targets)))
        known = best.get(key)
        if known is None or ORDER.index(each.confidence) < ORDER.index(known.confidence):
            best[key] = each
    found = list(best.values())
    if sum(each.confidence is Confidence.SURE for each in found) > 1:
        found = [each.at_most(Confidence.LIKELY, Words(SEVERAL)) for each in found]
    return sorted(found, key=lambda each: (ORDER.index(each.confidence), KINDS.index(each.kind)))[:MOST]
