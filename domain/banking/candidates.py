"""Candidates: what of ours a line of the bank could be, as plain values that the matching looks at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """An issued invoice with something left to pay; less is enough where it is paid by `discount_until`."""

    id: int
    account_id: int
    number: str
    open: Money
    due_on: date
    purchase_order: str = ""
    discounted: Money | None = None
    discount_until: date | None = None

    def less_discount(self, day: date) -> OpenInvoice:
        """The invoice with what is enough on a day in place of what is open."""
        if self.discounted is None or self.discount_until is None or day > self.discount_until:
            return self
        return replace(self, open=self.discounted)


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """An account that may pay; `bank_accounts` are those that earlier lines taught us, without spaces.

    `whole` says that all of its open invoices are among the candidates, so that sums of them mean something.
    """

    id: int
    number: str
    name: str
    bank_accounts: frozenset[str] = frozenset()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Receipt:
    """A cheque, cash or transfer that staff recorded; `reference` is the cheque's number or what the payer wrote."""

    id: int
    account_id: int
    amount: Money
    received_on: date
    reference: str = ""


@dataclass(frozen=True, slots=True)
class ExpectedPayout:
    """A payout of the processor, signed as the bank will book it; `names` are what its lines say, such as STRIPE."""

    id: int
    amount: Money
    arrives_on: date
    external_id: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpectedRefund:
    """Money that we sent back to a payer through the bank; the amount is positive."""

    id: int
    account_id: int
    amount: Money
    sent_on: date
    reference: str = ""


@dataclass(frozen=True, slots=True)
class ExpectedRemittance:
    """What a partner says it has sent us of what it collected, under its own reference."""

    id: int
    amount: Money
    sent_on: date
    reference: str
    partner: str


@dataclass(frozen=True, slots=True)
class ToldTransfer:
    """A transfer that a payer told us of before it came; `lines` are (invoice id, how much of it is for that)."""

    account_id: int
    total: Money
    lines: tuple[tuple[int, Money], ...]


@dataclass(frozen=True, slots=True)
class BeingSettled:
    """An accepted offer to settle invoices for less: the reference of any of them, settled ones too, is for it.

    `left` is still to be paid by it, and `asked` are the amounts that it asks for: the next part, what is due, and all.
    """

    invoice_ids: tuple[int, ...]
    left: Money
    asked: frozenset[Money]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Everything that a line could be; `settled` tells the account of invoices that are issued and paid already.

    `told` are transfers that payers have told us of, `receipts` are recorded and not yet seen at the bank, `banked`
    have been seen and may come back. `being_settled` are the offers whose invoices the lines name.
    """

    invoices: Sequence[OpenInvoice] = ()
    accounts: Sequence[KnownAccount] = ()
    receipts: Sequence[Receipt] = ()
    banked: Sequence[Receipt] = ()
    payouts: Sequence[ExpectedPayout] = ()
    refunds: Sequence[ExpectedRefund] = ()
    remittances: Sequence[ExpectedRemittance] = ()
    told: Sequence[ToldTransfer] = ()
    being_settled: Sequence[BeingSettled] = ()
    settled: Mapping[int, int] = field(default_factory=dict)
