"""CAMT.053: versions, batches, returns, what is not booked yet, and what is no end-of-day statement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from domain.banking.files import BankFile
from domain.shared.money import Money
from tests.support.bank_files import a_camt053, a_line

Read = Callable[[bytes], BankFile]
Refusal = Callable[[bytes], str]

LINE = a_line("120.00", "Invoice INV-2026-0042", reference="E2E-1", bank_ref="B1")
BATCH = [a_line("70.00", "first", bank_ref="B2"), a_line("30.00", "second", bank_ref="B3")]


@pytest.mark.parametrize("version", [2, 3, 4, 6, 8, 10])
def test_every_version_is_read(read: Read, version: int) -> None:
    (page,) = read(a_camt053(LINE, version=version)).statements

    assert page.lines == (replace(LINE, code="PMNT/RCDT/ESCT"),)


def test_a_batch_becomes_its_transactions(read: Read) -> None:
    (page,) = read(a_camt053(LINE, BATCH)).statements

    assert [(line.amount.minor, line.text, line.bank_ref) for line in page.lines] == [
        (12000, "Invoice INV-2026-0042", "B1"),
        (7000, "first", "B2"),
        (3000, "second", "B3"),
    ]


def test_a_batch_whose_parts_do_not_add_up_is_refused_with_its_place(refusal: Refusal) -> None:
    told = refusal(a_camt053(LINE, BATCH).replace(b">70.00<", b">70.01<"))

    assert "statement 1, entry 2, TxDtls" in told
    assert "100.01 EUR" in told
    assert "100.00 EUR" in told


def test_a_batch_that_tells_no_amounts_stays_one_line(read: Read) -> None:
    content = a_camt053(BATCH)
    for amount in (b"70.00", b"30.00"):
        content = content.replace(b'<Amt Ccy="EUR">' + amount + b"</Amt><CdtDbtInd>CRDT</CdtDbtInd>", b"")

    (page,) = read(content).statements

    assert [line.amount for line in page.lines] == [Money.of("100.00", "EUR")]


def test_a_return_says_so_with_its_reason(read: Read) -> None:
    (page,) = read(a_camt053(a_line("-33.10", "back", returned=True, reason="AC04"), LINE)).statements

    assert [(line.returned, line.reason) for line in page.lines] == [(True, "AC04"), (False, "")]


def test_entries_that_are_not_booked_yet_are_left_out(read: Read) -> None:
    content = a_camt053(LINE, a_line("5.00"), closing="1120.00")
    first, second = content.rsplit(b"<Sts><Cd>BOOK</Cd></Sts>", 1)

    (page,) = read(first + b"<Sts><Cd>PDNG</Cd></Sts>" + second).statements

    assert [line.amount for line in page.lines] == [LINE.amount]


def test_a_statement_without_entries_is_a_statement(read: Read) -> None:
    (page,) = read(a_camt053()).statements

    assert page.lines == ()
    assert page.opening == page.closing == Money.of("1000.00", "EUR")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"<BkToCstmrStmt>", b"<BkToCstmrAcctRpt>", "camt.052"),
        (b"<BkToCstmrStmt>", b"<BkToCstmrDbtCdtNtfctn>", "camt.054"),
        (b"BkToCstmrStmt", b"CstmrCdtTrfInitn", "end-of-day statement"),
        (b"<IBAN>GB33BUKB20201555555555</IBAN>", b"", "statement 1, Acct/Id"),
        (b"<Ccy>EUR</Ccy>", b"<Ccy>QQQ</Ccy>", "currency"),
        (b">120.00<", b">1.234,56<", "statement 1, entry 1, Amt"),
        (b">120.00<", b">120.001<", "at most 2 decimals"),
        (b">120.00<", b">9e99<", "entry 1"),
        (b'"EUR">120.00', b'"USD">120.00', "account's currency, EUR"),
        (b"<Ntry><Amt", b"<Ntry><Bmt", "well-formed"),
        (b"<BookgDt><Dt>2026-03-13</Dt></BookgDt><ValDt><Dt>2026-03-13</Dt></ValDt>", b"", "entry 1, BookgDt"),
        (b"<BookgDt><Dt>2026-03-13", b"<BookgDt><Dt>2026-02-30", "2026-02-30"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(refusal: Refusal, old: bytes, new: bytes, said: str) -> None:
    content = a_camt053(LINE)
    assert old in content

    assert said in refusal(content.replace(old, new))


def test_everything_that_is_wrong_is_told_at_once(refusal: Refusal) -> None:
    content = a_camt053(*[LINE] * 5).replace(b'<Ntry><Amt Ccy="EUR">120.00', b'<Ntry><Amt Ccy="EUR">=cmd')

    assert refusal(content).count("=cmd") == 5


LAUGHS = b"".join(
    b'<!ENTITY l%d "%s">' % (number, b"&l%d;" % (number - 1) * 10 if number else b"ha" * 50) for number in range(10)
)


@pytest.mark.parametrize(
    "prologue",
    [
        b"<!DOCTYPE Document [" + LAUGHS + b"]>",
        b'<!DOCTYPE Document [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE Document SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
    ids=["billion laughs", "external entity", "external document type"],
)
def test_entities_are_refused_unread(refusal: Refusal, prologue: bytes) -> None:
    head, body = a_camt053(a_line("120.00", "LAUGH")).split(b"\n", 1)

    assert "document type" in refusal(head + prologue + body.replace(b"LAUGH", b"&l9;"))


@pytest.mark.parametrize("piece", [b"<a/>" * 60_000, b"<a>" * 60], ids=["endless", "bottomless"])
def test_no_file_is_endless_or_bottomless(refusal: Refusal, piece: bytes) -> None:
    assert "built like a bank statement" in refusal(a_camt053(LINE).replace(b"<Ntry>", b"<Ntry>" + piece, 1))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<Ntry>", b"<Batch><Ntry>"),
        (b"<Ntry>", b"<Ntry><Ntry/>"),
        (b"<Ntry>", b"<Stmt/><Ntry>"),
    ],
    ids=["an entry in something else", "an entry in an entry", "a statement in a statement"],
)
def test_what_stands_in_the_wrong_place_is_refused(refusal: Refusal, old: bytes, new: bytes) -> None:
    content = (
        a_camt053(LINE).replace(old, new).replace(b"</Ntry>", b"</Ntry></Batch>" if b"Batch" in new else b"</Ntry>")
    )

    told = refusal(content)

    assert "built like a bank statement" in told
