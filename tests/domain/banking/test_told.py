"""Told: a credit of exactly what a payer told us of is that, as far as we can know who paid."""

from __future__ import annotations

from datetime import date

import pytest

from domain.banking.candidates import Candidates, KnownAccount, OpenInvoice, Receipt, ToldTransfer
from domain.banking.files import FileLine
from domain.banking.matching import Matcher
from domain.banking.suggestions import Confidence, Suggestion
from domain.receivables.references import reference_of
from domain.shared.money import Money
from tests.support.bank_files import DAY, a_line

NORDWIND, ACME = 1, 2
IBAN_OF_ACME = "GB29NWBK60161331926819"
ACCOUNTS = (
    KnownAccount(NORDWIND, "C-2001", "Nordwind GmbH"),
    KnownAccount(ACME, "C-2002", "Acme Trading Ltd", frozenset({IBAN_OF_ACME})),
)


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


def an_invoice(key: int, amount: str, account: int = NORDWIND) -> OpenInvoice:
    return OpenInvoice(key, account, f"INV-2026-{key:04d}", euros(amount), date(2026, 3, key))


INVOICES = (an_invoice(1, "80"), an_invoice(2, "50"), an_invoice(3, "50"), an_invoice(4, "100", ACME))
OF_NORDWIND = ToldTransfer(NORDWIND, euros("100"), ((1, euros("80")), (2, euros("20"))))
OF_ACME = ToldTransfer(ACME, euros("100"), ((4, euros("100")),))


def from_(name: str = "X", text: str = "", account: str = "", **more: object) -> FileLine:
    """A hundred euros of somebody."""
    return a_line("100.00", text, name=name, account=account, **more)  # type: ignore[arg-type]


def found(line: FileLine, *told: ToldTransfer, **others: object) -> list[Suggestion]:
    """What the line may be."""
    candidates = Candidates(invoices=INVOICES, accounts=ACCOUNTS, told=told, **others)  # type: ignore[arg-type]
    return Matcher(candidates).suggest(line)


@pytest.mark.parametrize(
    "line",
    [
        from_("Nordwind"),
        from_(text="your account C-2001"),
        from_(text=f"part of {reference_of(3)}"),
        from_(text="for INV-2026-0003"),
    ],
    ids=["name", "account number", "a payment reference", "an invoice number"],
)
def test_what_a_likely_payer_told_us_of_is_sure_and_settles_what_they_said(line: FileLine) -> None:
    first, *others = found(line, OF_NORDWIND, OF_ACME)

    assert (first.confidence, first.account_id) == (Confidence.SURE, NORDWIND)
    assert first.allocations == OF_NORDWIND.lines
    assert all(each.confidence is not Confidence.SURE for each in others)


def test_a_known_bank_account_tells_the_payer_too() -> None:
    first = found(from_(account=IBAN_OF_ACME), OF_NORDWIND, OF_ACME)[0]

    assert (first.confidence, first.allocations) == (Confidence.SURE, OF_ACME.lines)


def test_two_told_transfers_of_one_amount_are_only_likely() -> None:
    other = ToldTransfer(NORDWIND, euros("100"), ((2, euros("50")), (3, euros("50"))))

    first, second = found(from_("Nordwind"), OF_NORDWIND, other)[:2]

    assert {first.confidence, second.confidence} == {Confidence.LIKELY}
    assert {first.allocations, second.allocations} == {OF_NORDWIND.lines, other.lines}


def test_without_a_payer_what_was_told_is_only_possible() -> None:
    assert next(each.confidence for each in found(from_(), OF_NORDWIND)) is Confidence.POSSIBLE
    assert all(each.allocations != OF_NORDWIND.lines for each in found(from_(), OF_NORDWIND, OF_ACME))


def test_another_amount_or_another_payer_is_not_what_was_told() -> None:
    less = a_line("99.99", name="Nordwind", account="")

    assert all(each.allocations != OF_NORDWIND.lines for each in found(less, OF_NORDWIND))
    assert all(each.allocations != OF_NORDWIND.lines for each in found(from_("Acme Trading"), OF_NORDWIND))


def test_what_is_no_longer_open_is_not_what_was_told() -> None:
    too_much = ToldTransfer(NORDWIND, euros("100"), ((2, euros("60")), (3, euros("40"))))
    settled = ToldTransfer(NORDWIND, euros("100"), ((9, euros("100")),))

    assert all(each.confidence is not Confidence.SURE for each in found(from_("Nordwind"), too_much, settled))


def test_it_is_not_sure_from_anothers_bank_account_nor_where_a_receipt_is_recorded_nor_of_a_return() -> None:
    recorded = Receipt(7, NORDWIND, euros("100"), DAY, "12")

    anothers = found(from_(text=reference_of(3), account=IBAN_OF_ACME), OF_NORDWIND)
    twice = found(from_("Nordwind"), OF_NORDWIND, receipts=(recorded,))
    returned = found(from_("Nordwind", returned=True), OF_NORDWIND)

    for suggested in (anothers, twice, returned):
        told = next(each for each in suggested if each.allocations == OF_NORDWIND.lines)
        assert told.confidence is Confidence.LIKELY


def test_the_second_line_of_a_file_is_not_surely_the_same_transfer() -> None:
    candidates = Candidates(invoices=INVOICES, accounts=ACCOUNTS, told=(OF_NORDWIND,))

    first, second = Matcher(candidates).suggest_all([from_("Nordwind"), from_("Nordwind")])

    assert [first[0].confidence, second[0].confidence] == [Confidence.SURE, Confidence.LIKELY]
