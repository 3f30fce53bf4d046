"""EPC codes: the layout of EPC069-12 version 002 to the byte, and nothing where there cannot be one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
import segno
from segno.helpers import make_epc_qr

from domain.receivables.epc_codes import LONGEST_CODE, epc_code
from domain.receivables.references import reference_of
from domain.shared.business import BankDetails
from domain.shared.money import Money

BANK = BankDetails(holder="Northgate Supplies Ltd", iban="GB33BUKB20201555555555", bic="BUKBGB22")


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


def test_the_fields_stand_in_their_order_one_a_line() -> None:
    code = epc_code(BANK, euro(1230), reference_of(611))

    assert code is not None
    assert code.split(b"\n") == [
        b"BCD",
        b"002",
        b"1",
        b"SCT",
        b"BUKBGB22",
        b"Northgate Supplies Ltd",
        b"GB33BUKB20201555555555",
        b"EUR12.30",
        b"",
        b"RF55Q000611",
    ]


def test_it_is_utf_8_without_a_mark_of_its_byte_order() -> None:
    code = epc_code(replace(BANK, holder="Café Müller Łódź"), euro(1), "RF55Q000611")

    assert code is not None
    assert code.startswith(b"BCD\n")
    assert "Café Müller Łódź" in code.decode("utf-8")


@pytest.mark.parametrize(
    ("minor", "written"),
    [(1, "EUR0.01"), (10, "EUR0.10"), (100, "EUR1.00"), (123_456, "EUR1234.56"), (99_999_999_999, "EUR999999999.99")],
)
def test_an_amount_has_a_point_two_places_and_nothing_between_thousands(minor: int, written: str) -> None:
    code = epc_code(BANK, euro(minor), "RF55Q000611")

    assert code is not None
    assert code.decode().split("\n")[7] == written


def test_a_bank_without_a_bic_leaves_its_line_empty() -> None:
    code = epc_code(replace(BANK, bic=""), euro(1230), "RF55Q000611")

    assert code is not None
    assert code.split(b"\n")[4:6] == [b"", b"Northgate Supplies Ltd"]


@pytest.mark.parametrize(
    ("bank", "amount"),
    [
        (BANK, Money(1230, "GBP")),
        (BANK, euro(0)),
        (BANK, euro(-5)),
        (BANK, euro(100_000_000_000)),
        (replace(BANK, iban="", account="55555555"), euro(1230)),
        (replace(BANK, holder=""), euro(1230)),
        (replace(BANK, holder="N" * 71), euro(1230)),
        (replace(BANK, holder="𐍈" * 70), euro(1230)),
    ],
)
def test_there_is_none_for_what_a_banking_app_could_not_read(bank: BankDetails, amount: Money) -> None:
    assert epc_code(bank, amount, "RF55Q000611") is None


def test_the_longest_one_has_331_bytes() -> None:
    long = replace(BANK, holder="N" * 70, iban="MT84MALT011000012345MTLCAST001S", bic="BUKBGB22XXX")
    lengths = []

    for accents in range(71):
        code = epc_code(replace(long, holder="𐍈" * accents + "N" * (70 - accents)), euro(99_999_999_999), "RF55Q000611")
        lengths.append(len(code) if code else None)

    fitting = [length for length in lengths if length is not None]
    assert LONGEST_CODE - 3 < max(fitting) <= LONGEST_CODE == 331
    assert lengths == fitting + [None] * (71 - len(fitting))


@pytest.mark.parametrize("holder", ["Northgate Supplies Ltd", "Café Müller Łódź"])
def test_the_picture_is_the_one_that_the_library_draws_for_the_same_transfer(holder: str) -> None:
    bank = replace(BANK, holder=holder)
    code = epc_code(bank, euro(1234), "RF55Q000611")
    assert code is not None

    drawn = segno.make_qr(code, error="m", boost_error=False)
    theirs = make_epc_qr(holder, BANK.iban, Decimal("12.34"), reference="RF55Q000611", bic=BANK.bic, encoding="utf-8")

    assert drawn.matrix == theirs.matrix
    assert isinstance(drawn.version, int)
    assert drawn.version <= 13
