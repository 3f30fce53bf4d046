"""MT940: the dialects of field 86, pages of one statement, envelopes, and lines that are wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from domain.banking.files import BankFile
from domain.shared.money import Money
from tests.support.bank_files import a_line, an_mt940

Read = Callable[[bytes], BankFile]
Refusal = Callable[[bytes], str]

PAGE = """:20:START
:25:NL91ABNA0417164300
:28C:12/1
:60F:C260312EUR100,00
{lines}
:62F:C260313EUR{closing}
"""


def a_page(*lines: str, closing: str) -> bytes:
    return PAGE.format(lines="\n".join(lines), closing=closing).encode()


def test_the_dutch_structure_is_taken_apart(read: Read) -> None:
    content = a_page(
        ":61:2603130313C20,00NTRFEREF//26031399",
        ":86:/TRTP/SEPA OVERBOEKING/IBAN/DE89370400440532013000/BIC/COBADEFF/NAME/NORD",
        "WIND GMBH/REMI/USTD//INVOICE INV-2026-0042/EREF/E2E-77",
        closing="120,00",
    )

    ((line,),) = (page.lines for page in read(content).statements)

    assert (line.counterparty_name, line.counterparty_account) == ("NORDWIND GMBH", "DE89370400440532013000")
    assert line.text == "INVOICE INV-2026-0042"
    assert "E2E-77" in line.references
    assert line.bank_ref == "26031399"


def test_free_words_are_kept_as_words(read: Read) -> None:
    content = a_page(":61:260313C20,00NCHK700451", ":86:CHEQUE 700451", "PAID IN AT READING", closing="120,00")

    ((line,),) = (page.lines for page in read(content).statements)

    assert line.text == "CHEQUE 700451 PAID IN AT READING"
    assert line.references == ("700451",)
    assert line.booked_on == line.value_on == date(2026, 3, 13)
    assert line.code == "NCHK"


@pytest.mark.parametrize(("mark", "sign"), [("C", 1), ("D", -1), ("RC", -1), ("RD", 1)])
def test_marks_say_the_side_and_what_came_back(read: Read, mark: str, sign: int) -> None:
    content = a_page(f":61:2603130313{mark}20,00NTRFNONREF", ":86:x", closing=f"{100 + 20 * sign},00")

    ((line,),) = (page.lines for page in read(content).statements)

    assert line.amount == Money(2000 * sign, "EUR")
    assert line.returned == mark.startswith("R")


def test_the_day_of_booking_may_be_in_another_year_than_the_value(read: Read) -> None:
    content = a_page(":61:2512310102C20,00NTRFNONREF", ":86:x", closing="120,00")

    ((line,),) = (page.lines for page in read(content).statements)

    assert (line.value_on, line.booked_on) == (date(2025, 12, 31), date(2026, 1, 2))


def test_statements_and_their_pages_follow_each_other_and_envelopes_do_not_matter(read: Read) -> None:
    one = an_mt940(a_line("1.00", "first")).decode().replace("62F", "62M")
    two = an_mt940(a_line("2.00", "second"), opening="1001.00").decode().replace("60F", "60M")
    trailer = ":64:C260313EUR5,00\r\n:86:CLOSING WORDS OF THE BANK\r\n-}"
    content = (
        f"{{1:F01BANKBEBB}}{{4:\r\n{one.removesuffix(chr(13) + chr(10) + '-' + chr(13) + chr(10))}\r\n{trailer}\r\n"
    )

    pages = read((content + f"{{1:F01BANKBEBB}}{{4:\r\n{two}").encode()).statements

    assert [line.text for page in pages for line in page.lines] == ["first", "second"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"C120,00", b"C1.234,56", "line 8: "),
        (b"C120,00", b"C120.00", "line 8: "),
        (b"C120,00NTRFNONREF", b"C120,00", "line 8: "),
        (b"C120,00", b"C120,001", "at most 2 decimals"),
        (b":61:2603130313C1", b":61:2602300230C1", "line 1: "),
        (b":62F:", b":99F:", "cut off"),
        (b":60F:C260313EUR", b":60F:C260313QQQ", "currency"),
        (b":60F:C260313", b":60F:X260313", "line 4: "),
        (b":25:GB33BUKB20201555555555", b":25:", "field 25"),
        (b"Invoice", b"Inv\x00ice", "line 9: "),
        (b"Invoice", b"Inv" + b"x" * 3_000, "characters at most"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(refusal: Refusal, old: bytes, new: bytes, said: str) -> None:
    content = an_mt940(a_line("5.00", "before"), a_line("120.00", "Invoice"))
    assert old in content

    assert said in refusal(content.replace(old, new))
