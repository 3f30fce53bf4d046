"""Mapping: what a TOML mapping may say, and what is said where it says something else."""

import pytest

from domain.importing.mapping import BookedAs, FileMapping, Ours
from domain.shared.errors import Invalid

FIVE = """
[columns]
account_number = "customerID"
invoice_number = "invoiceNumber"
issued_on = "InvoiceDate"
due_on = "DueDate"
amount = "InvoiceAmount"
"""


def test_five_columns_and_a_currency_are_enough() -> None:
    mapping = FileMapping.from_toml('[file]\ncurrency = "USD"\n' + FIVE)

    assert mapping.columns[Ours.AMOUNT] == "InvoiceAmount"
    assert (mapping.date, mapping.currency, mapping.decimal) == ("iso", "USD", None)
    assert (mapping.booked_as, mapping.invite) == (BookedAs.SALES, False)


def test_a_mapping_survives_being_stored() -> None:
    mapping = FileMapping.from_toml(
        '[file]\ndate = "%d.%m.%Y"\ncurrency = "EUR"\ndecimal = ","\nencoding = "cp1252"\nseparator = ";"\n'
        + 'sheet = "L"\n'
        + FIVE
        + 'paid_on = "Settled"\n[booking]\nas = "opening-balance"\ninvite = true\n'
    )

    assert FileMapping.from_values(mapping.as_values()) == mapping


def test_an_unknown_name_of_ours_is_an_error_that_lists_them_all() -> None:
    with pytest.raises(Invalid) as refusal:
        FileMapping.from_toml('[file]\ncurrency = "USD"\n' + FIVE + 'customer = "x"\n')

    assert "“customer”" in str(refusal.value)
    assert all(ours in str(refusal.value) for ours in Ours)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(Invalid) as refusal:
        FileMapping.from_toml('[file]\ncurrency = "USD"\n' + FIVE.replace("due_on", "paid_on"))

    assert refusal.value.field == "due_on"


def test_without_any_currency_it_says_how_to_declare_one() -> None:
    with pytest.raises(Invalid) as refusal:
        FileMapping.from_toml(FIVE)

    assert refusal.value.field == "currency"


@pytest.mark.parametrize(
    "line",
    [
        'date = "%d/%m"',
        'currency = "XX"',
        'decimal = "."\ncomma = ","',
        'decimal = ";"',
        "decimal = 3",
        'separator = "x"',
        'encoding = "no-such"',
        'encoding = "rot13"',
        'sheet = "a\\u0000b"',
        'sheet = ""',
    ],
)
def test_a_value_that_cannot_be_used_is_refused(line: str) -> None:
    with pytest.raises(Invalid) as refusal:
        FileMapping.from_toml(f"[file]\n{line}\n" + FIVE + 'currency = "Currency"\n')

    assert str(refusal.value)


@pytest.mark.parametrize("text", ["[file", "file = 3\n" + FIVE, "[files]\n" + FIVE, "[booking]\nas = 'gift'\n" + FIVE])
def test_what_is_no_mapping_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        FileMapping.from_toml(text + 'currency = "Currency"\n')

    assert str(refusal.value)
