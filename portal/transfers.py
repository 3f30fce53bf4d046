"""Transfers: where to, how much and with which reference, for those who pay from their own bank; and what was told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from domain.advices.queries import OpenAdvice
from domain.receivables.epc_codes import epc_code
from domain.receivables.references import printed, reference_of
from domain.shared.business import BankDetails
from domain.shared.money import Money
from domain.statements.agreements import Agreements, Kind
from web.qr import qr_code

USUAL = timedelta(days=4)
"""A transfer that is sent on a Thursday before two days on which banks are closed is here by then."""


@dataclass(frozen=True, slots=True)
class TransferView:
    """One transfer, or one for each of several invoices: number, reference and how much, which may be nothing.

    `code` is the picture that a banking app reads, None where it cannot be had.
    """

    amount: Money
    references: tuple[tuple[str, str, Money], ...]
    code: Markup | None


@dataclass(frozen=True, slots=True)
class ToldView:
    """A transfer that we were told of; `part` is what of it is for the invoice of the page, if that is not all."""

    id: int
    total: Money
    numbers: tuple[str, ...]
    expected_on: date
    is_overdue: bool
    part: Money | None
    transfer: TransferView


def transfer_of(bank: BankDetails, amount: Money, invoice_id: int, number: str) -> TransferView:
    """A transfer that bears the reference of one invoice; of a transfer for several that is the first of them."""
    reference = reference_of(invoice_id)
    code = epc_code(bank, amount, reference)
    return TransferView(amount, ((number, printed(reference), amount),), qr_code(code) if code else None)


def transfer_for(
    bank: BankDetails, invoices: Sequence[tuple[Money, int, str]], agreed: Agreements | None = None
) -> TransferView:
    """How to pay these amounts of these invoices; of several each bears its own reference.

    What one settlement is about is paid under one: the bank's lines are matched with the settlement by any of them.
    """
    if len(invoices) == 1:
        return transfer_of(bank, *invoices[0])
    paid_by = {agreed.of(invoice_id) for _, invoice_id, _ in invoices} if agreed else {None}
    only = paid_by.pop() if len(paid_by) == 1 else None
    if only is None or only.kind is not Kind.SETTLEMENT:
        return _transfer_of_any(invoices)
    amount = Money.sum((amount for amount, *_ in invoices), only.currency)
    _, first_id, number = invoices[0]
    return transfer_of(bank, amount, first_id, number)


def _transfer_of_any(invoices: Sequence[tuple[Money, int, str]]) -> TransferView:
    """The references of several invoices, of which each may be transferred by itself: no picture can say all that."""
    references = tuple((number, printed(reference_of(invoice_id)), amount) for amount, invoice_id, number in invoices)
    total = Money.sum((amount for amount, *_ in invoices), invoices[0][0].currency)
    return TransferView(total, references, None)


def told_views(
    bank: BankDetails, advices: Iterable[OpenAdvice], day: date, *, invoice_ids: Collection[int] | None = None
) -> list[ToldView]:
    """The transfers that are still waited for; with `invoice_ids` those that name one of them."""
    return [
        _told_view(bank, advice, day, invoice_ids)
        for advice in advices
        if not advice.is_settled
        and (invoice_ids is None or any(invoice_id in invoice_ids for invoice_id, _ in advice.lines))
    ]


def _told_view(bank: BankDetails, advice: OpenAdvice, day: date, invoice_ids: Collection[int] | None) -> ToldView:
    part = Money.sum(
        (amount for invoice_id, amount in advice.lines if invoice_ids is None or invoice_id in invoice_ids),
        advice.total.currency,
    )
    first_id, _ = advice.lines[0]
    return ToldView(
        id=advice.id,
        total=advice.total,
        numbers=advice.numbers,
        expected_on=advice.expected_on,
        is_overdue=day > advice.expected_on + USUAL,
        part=None if part == advice.total else part,
        transfer=transfer_of(bank, advice.total, first_id, advice.numbers[0]),
    )
