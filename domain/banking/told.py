"""Told: which transfer that a payer told us of beforehand a credit is; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from domain.banking.candidates import OpenInvoice, ToldTransfer
from domain.banking.suggestions import Confidence, Kind, Suggestion
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

AS_TOLD = N_("the payer told us of a transfer of exactly this amount")
ONE_TOLD = N_("nobody else who may have paid told us of this amount")
SEVERAL_TOLD = N_("we were told of {count} transfers of this amount")
NO_PAYER = N_("nothing in the line says who paid")


class ToldMatcher:
    """Finds the told transfers of an amount, as far as their invoices are still open for what was told."""

    def __init__(self, told: Sequence[ToldTransfer], invoices: Collection[OpenInvoice]) -> None:
        still_open = {invoice.id: invoice.open for invoice in invoices}
        self._of_amount: dict[Money, list[ToldTransfer]] = defaultdict(list)
        for each in told:
            if all(one in still_open and amount <= still_open[one] for one, amount in each.lines):
                self._of_amount[each.total].append(each)

    def suggest(self, amount: Money, payers: Collection[int]) -> list[Suggestion]:
        """What was told of this amount, by these likely payers: sure where there is one, and allocated as it says.

        Where nothing says who paid, what was told once is possible.
        """
        told = self._of_amount.get(amount, [])
        of_payers = [each for each in told if each.account_id in payers]
        if len(of_payers) == 1:
            return [_paying(of_payers[0], Confidence.SURE, Words(AS_TOLD), Words(ONE_TOLD))]
        if of_payers:
            several = Words.of(SEVERAL_TOLD, count=len(of_payers))
            return [_paying(each, Confidence.LIKELY, Words(AS_TOLD), several) for each in of_payers]
        if payers or len(told) != 1:
            return []
        return [_paying(told[0], Confidence.POSSIBLE, Words(AS_TOLD), Words(NO_PAYER))]


def _paying(told: ToldTransfer, confidence: Confidence, *reasons: Words) -> Suggestion:
    return Suggestion(
        kind=Kind.INVOICE_PAYMENT,
        targets=tuple(invoice_id for invoice_id, _ in told.lines),
        confidence=confidence,
        reasons=reasons,
        account_id=told.account_id,
        allocations=told.lines,
    )
