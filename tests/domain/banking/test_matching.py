"""Matching: references, numbers, payers and amounts, and what is never sure."""

from __future__ import annotations

from datetime import date

import pytest

from domain.banking.candidates import (
    BeingSettled,
    Candidates,
    ExpectedPayout,
    ExpectedRefund,
    KnownAccount,
    OpenInvoice,
    Receipt,
)
from domain.banking.files import FileLine
from domain.banking.matching import Matcher
from domain.banking.suggestions import Confidence, Kind, Suggestion
from domain.receivables.references import printed, reference_of
from domain.shared.money import Money
from tests.support.bank_files import DAY, a_line

NORDWIND, ACME, MUELLER = 1, 2, 3
IBAN_OF_ACME = "GB29NWBK60161331926819"
ACCOUNTS = (
    KnownAccount(NORDWIND, "C-2001", "Nordwind GmbH"),
    KnownAccount(ACME, "C-2002", "Acme Trading Ltd", frozenset({IBAN_OF_ACME})),
    KnownAccount(MUELLER, "C-2003", "Müller & Söhne GmbH & Co. KG"),
)


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


def an_invoice(key: int, amount: str, account: int = NORDWIND, *, number: str = "", due: int = 1) -> OpenInvoice:
    return OpenInvoice(key, account, number or f"INV-2026-{key:04d}", euros(amount), date(2026, 3, due))


def a_stranger(amount: str, text: str = "", **told: str) -> FileLine:
    """A line whose payer nobody knows."""
    return a_line(amount, text, name=told.pop("name", "X"), account=told.pop("account", ""), **told)  # type: ignore[arg-type]


def best(line: FileLine, *invoices: OpenInvoice, **others: object) -> Suggestion | None:
    """The first suggestion, or None."""
    found = Matcher(Candidates(invoices=invoices, accounts=ACCOUNTS, **others)).suggest(line)  # type: ignore[arg-type]
    return found[0] if found else None


def told(suggestion: Suggestion | None) -> tuple[Kind, tuple[int, ...], Confidence] | None:
    return None if suggestion is None else (suggestion.kind, suggestion.targets, suggestion.confidence)


def paying(confidence: Confidence, *invoices: int) -> tuple[Kind, tuple[int, ...], Confidence]:
    return Kind.INVOICE_PAYMENT, invoices, confidence


@pytest.mark.parametrize("write", [str, printed, str.lower], ids=["compact", "in groups", "small letters"])
def test_a_payment_reference_with_exactly_the_open_amount_is_sure(write: type[str]) -> None:
    line = a_stranger("120.00", f"Thank you {write(reference_of(7))} regards")

    found = best(line, an_invoice(7, "120.00"), an_invoice(8, "120.00"))

    assert told(found) == paying(Confidence.SURE, 7)
    assert found is not None
    assert found.allocations == ((7, euros("120.00")),)
    assert found.account_id == NORDWIND
    assert all(str(reason) for reason in found.reasons)


@pytest.mark.parametrize(
    ("amount", "allocated", "word"), [("117.60", "117.60", "2.40"), ("130.00", "120.00", "10.00")], ids=["less", "more"]
)
def test_a_reference_with_another_amount_is_likely_and_says_the_difference(
    amount: str, allocated: str, word: str
) -> None:
    found = best(a_stranger(amount, reference_of(7)), an_invoice(7, "120.00"))

    assert told(found) == paying(Confidence.LIKELY, 7)
    assert found is not None
    assert found.allocations == ((7, euros(allocated)),)
    assert word in str(found.reasons[-1])


@pytest.mark.parametrize(
    "text",
    ["INV-2026-0007 and INV-2026-0008", "inv 2026 0007/INV20260008", "Rechnungen INV-2026-0007, INV-2026- 0008"],
)
def test_invoice_numbers_whose_open_amounts_add_up_are_sure(text: str) -> None:
    found = best(a_stranger("150.00", text), an_invoice(7, "120.00"), an_invoice(8, "30.00"), an_invoice(9, "150.00"))

    assert told(found) == paying(Confidence.SURE, 7, 8)


def test_some_of_the_invoices_mentioned_are_likely() -> None:
    invoices = an_invoice(7, "120.00"), an_invoice(8, "30.00"), an_invoice(9, "50.00")

    found = best(a_stranger("170.00", "INV-2026-0007 INV-2026-0008 INV-2026-0009"), *invoices)

    assert told(found) == paying(Confidence.LIKELY, 7, 9)


def test_a_number_that_two_customers_have_is_never_sure() -> None:
    invoices = an_invoice(7, "120.00", NORDWIND, number="10042"), an_invoice(8, "120.00", ACME, number="10042")

    found = Matcher(Candidates(invoices=invoices, accounts=ACCOUNTS)).suggest(a_stranger("120.00", "invoice 10042"))

    assert {told(each) for each in found} == {paying(Confidence.LIKELY, 7), paying(Confidence.LIKELY, 8)}


@pytest.mark.parametrize("number", ["2026", "42"], ids=["a year", "too short"])
def test_a_number_that_may_be_anything_is_not_sure(number: str) -> None:
    found = best(a_stranger("120.00", f"March {number}"), an_invoice(7, "120.00", number=number))

    assert told(found) == paying(Confidence.LIKELY, 7)


def test_invoices_of_several_accounts_are_not_sure_and_name_no_account() -> None:
    invoices = an_invoice(7, "120.00", NORDWIND), an_invoice(8, "30.00", ACME)

    found = best(a_stranger("150.00", f"{reference_of(7)} {reference_of(8)}"), *invoices)

    assert told(found) == paying(Confidence.LIKELY, 7, 8)
    assert found is not None
    assert found.account_id is None


def test_a_reference_from_another_customers_bank_account_is_not_sure() -> None:
    line = a_stranger("120.00", reference_of(7), account=IBAN_OF_ACME)

    found = best(line, an_invoice(7, "120.00", NORDWIND))

    assert told(found) == paying(Confidence.LIKELY, 7)


@pytest.mark.parametrize(
    ("name", "account", "of"),
    [
        ("NORDWIND GESELLSCHAFT MBH", "", None),
        ("Nordwind", "", NORDWIND),
        ("MUELLER UND SOEHNE", "", None),
        ("MUELLER + SOEHNE GMBH", "", MUELLER),
        ("Soehne Mueller", "", MUELLER),
        ("Somebody else", IBAN_OF_ACME, ACME),
        ("ACME TRADING", "", ACME),
        ("Acme", "", None),
        ("", "", None),
    ],
)
def test_an_exact_amount_of_a_payer_whom_we_know_is_likely(name: str, account: str, of: int | None) -> None:
    invoices = [an_invoice(key, "120.00", key) for key in (NORDWIND, ACME, MUELLER)]

    found = best(a_stranger("120.00", name=name, account=account), *invoices)

    expected = paying(Confidence.LIKELY, of) if of else paying(Confidence.POSSIBLE, NORDWIND)
    assert told(found) == expected


def test_an_exact_amount_alone_is_possible() -> None:
    found = best(a_stranger("120.00"), an_invoice(7, "120.00"), an_invoice(8, "121.00"))

    assert told(found) == paying(Confidence.POSSIBLE, 7)


def test_equal_invoices_of_one_payer_are_all_only_possible() -> None:
    invoices = an_invoice(7, "120.00", due=9), an_invoice(8, "120.00", due=2)

    found = Matcher(Candidates(invoices=invoices, accounts=ACCOUNTS)).suggest(a_line("120.00"))

    assert [told(each) for each in found] == [paying(Confidence.POSSIBLE, 8), paying(Confidence.POSSIBLE, 7)]


def test_three_invoices_in_one_transfer_are_found_where_no_other_choice_adds_up() -> None:
    amounts = ("10.00", "20.01", "40.02", "80.04", "160.08")
    invoices = [an_invoice(key, amount) for key, amount in enumerate(amounts, start=1)]

    found = best(a_line("210.10"), *invoices)

    assert told(found) == paying(Confidence.LIKELY, 1, 3, 5)
    assert found is not None
    assert Money.sum((part for _, part in found.allocations), "EUR") == euros("210.10")


def test_a_sum_that_two_choices_have_is_left_to_a_person() -> None:
    invoices = [an_invoice(key, amount) for key, amount in enumerate(("10.00", "20.00", "30.00", "40.00"), start=1)]

    found = best(a_line("50.00"), *invoices)

    assert told(found) == (Kind.ACCOUNT, (NORDWIND,), Confidence.POSSIBLE)


def test_a_payer_known_by_the_bank_account_gets_the_money_even_if_no_invoice_fits() -> None:
    found = best(a_stranger("99.99", account=IBAN_OF_ACME), an_invoice(7, "120.00", ACME))

    assert told(found) == (Kind.ACCOUNT, (ACME,), Confidence.LIKELY)


def test_the_reference_of_a_settled_invoice_leads_to_its_account() -> None:
    found = best(a_stranger("120.00", reference_of(7)), settled={7: NORDWIND})

    assert told(found) == (Kind.ACCOUNT, (NORDWIND,), Confidence.LIKELY)


def test_invoices_in_another_currency_are_never_suggested() -> None:
    invoice = OpenInvoice(7, NORDWIND, "INV-2026-0007", Money.of("120.00", "GBP"), DAY)

    found = best(a_stranger("120.00", f"{reference_of(7)} INV-2026-0007"), invoice)

    assert found is None


def test_a_recorded_cheque_is_surely_the_line_that_tells_its_number() -> None:
    cheques = Receipt(5, NORDWIND, euros("120.00"), DAY, "700451"), Receipt(6, ACME, euros("120.00"), DAY, "700452")

    found = best(a_stranger("120.00", "CHEQUE 700452"), receipts=cheques)

    assert told(found) == (Kind.RECORDED_RECEIPT, (6,), Confidence.SURE)


def test_what_staff_recorded_already_is_not_surely_paid_once_more() -> None:
    receipt = Receipt(5, NORDWIND, euros("120.00"), DAY)

    found = Matcher(Candidates([an_invoice(7, "120.00")], ACCOUNTS, [receipt])).suggest(
        a_line("120.00", reference_of(7))
    )

    assert [told(each) for each in found] == [
        (Kind.RECORDED_RECEIPT, (5,), Confidence.LIKELY),
        paying(Confidence.LIKELY, 7),
    ]


@pytest.mark.parametrize(
    ("text", "day", "confidence"),
    [("STRIPE PAYOUT", 13, Confidence.SURE), ("transfer", 12, Confidence.LIKELY), ("STRIPE", 1, None)],
    ids=["named", "the amount alone", "another week"],
)
def test_a_payout_is_known_by_amount_day_and_name(text: str, day: int, confidence: Confidence | None) -> None:
    payout = ExpectedPayout(3, euros("1234.56"), date(2026, 3, day), "po_1ABC", ("STRIPE",))

    found = best(a_stranger("1234.56", text), payouts=[payout])

    assert told(found) == (confidence and (Kind.PAYOUT, (3,), confidence))


def test_two_equal_payouts_are_told_apart_by_their_ids_only() -> None:
    payouts = [ExpectedPayout(key, euros("50.00"), DAY, f"po_{key}", ("STRIPE",)) for key in (3, 4)]

    unnamed = best(a_stranger("50.00", "STRIPE"), payouts=payouts)
    named = best(a_stranger("50.00", "STRIPE po_4"), payouts=payouts)

    assert unnamed is not None
    assert unnamed.confidence is Confidence.POSSIBLE
    assert told(named) == (Kind.PAYOUT, (4,), Confidence.SURE)


@pytest.mark.parametrize(
    ("returned", "text", "confidence"),
    [
        (True, "700451 unpaid", Confidence.SURE),
        (True, "unpaid", Confidence.LIKELY),
        (False, "700451", Confidence.POSSIBLE),
    ],
)
def test_a_receipt_that_comes_back_is_known_by_its_reference_and_amount(
    returned: bool, text: str, confidence: Confidence
) -> None:
    receipt = Receipt(5, NORDWIND, euros("120.00"), date(2026, 3, 2), "700451")

    found = best(a_line("-120.00", text, name="", account="", returned=returned), banked=[receipt])

    assert told(found) == (Kind.RETURNED_RECEIPT, (5,), confidence)


def test_a_refund_that_leaves_the_bank_is_known_by_its_reference() -> None:
    refund = ExpectedRefund(9, NORDWIND, euros("30.00"), DAY, "RE-9981")

    sure = best(a_stranger("-30.00", "refund RE 9981"), refunds=[refund])
    likely = best(a_stranger("-30.00", "refund"), refunds=[refund])

    assert told(sure) == (Kind.REFUND, (9,), Confidence.SURE)
    assert told(likely) == (Kind.REFUND, (9,), Confidence.LIKELY)


def test_two_lines_of_a_file_are_never_surely_the_same_invoice() -> None:
    line = a_stranger("120.00", reference_of(7))

    first, second = Matcher(Candidates([an_invoice(7, "120.00")])).suggest_all([line, line])

    assert first[0].confidence is Confidence.SURE
    assert second[0].confidence is Confidence.LIKELY


def test_what_the_bank_calls_a_return_is_not_surely_a_payment() -> None:
    found = best(a_line("120.00", reference_of(7), returned=True), an_invoice(7, "120.00"))

    assert told(found) == paying(Confidence.LIKELY, 7)


def test_nothing_is_suggested_where_nothing_fits() -> None:
    assert best(a_stranger("1.00", "hello"), an_invoice(7, "120.00")) is None
    assert best(a_stranger("-1.00", "hello"), an_invoice(7, "120.00")) is None
    assert best(a_stranger("0.00", reference_of(7)), an_invoice(7, "120.00")) is None


@pytest.mark.parametrize(
    ("amount", "named", "expected"),
    [
        ("80", 1, paying(Confidence.SURE, 1, 2)),
        ("80", 3, paying(Confidence.SURE, 1, 2)),
        ("160", 1, paying(Confidence.SURE, 1, 2)),
        ("70", 2, paying(Confidence.LIKELY, 1, 2)),
        ("170", 1, paying(Confidence.LIKELY, 1)),
        ("80", 4, paying(Confidence.SURE, 4)),
    ],
)
def test_the_reference_of_any_invoice_that_is_being_settled_is_for_its_settlement(
    amount: str, named: int, expected: tuple[Kind, tuple[int, ...], Confidence]
) -> None:
    offer = BeingSettled((3, 1, 2), euros("160"), frozenset({euros("80"), euros("160")}))
    invoices = an_invoice(1, "60"), an_invoice(2, "140"), an_invoice(4, "80")

    found = best(a_stranger(amount, reference_of(named)), *invoices, being_settled=[offer], settled={3: NORDWIND})

    assert told(found) == expected
