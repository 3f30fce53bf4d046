"""Reader: the same lines come out of every format, told apart by content, and sums are checked."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from adapters.bank_files import checking
from adapters.bank_files.reader import BankFiles
from domain.banking.files import BadBankFile, BankFile, BankFileReader, FileFormat, FileLine
from domain.shared.money import Money
from tests.support.bank_files import IBAN, a_bank_csv, a_camt053, a_line, an_mt940, an_ofx

Read = Callable[[bytes], BankFile]
Refusal = Callable[[bytes], str]

LINES = [
    a_line("120.00", "Invoice INV-2026-0042", reference="E2E-1", bank_ref="B1", on=date(2026, 3, 12)),
    a_line("-33.10", "Your cheque 700451", bank_ref="B2", on=date(2026, 3, 12)),
    a_line("5.50", "Rent", name="Müller GmbH", account="GB29NWBK60161331926819", bank_ref="B3"),
]
WRITTEN: dict[FileFormat, Callable[..., bytes]] = {
    FileFormat.CAMT053: a_camt053,
    FileFormat.MT940: an_mt940,
    FileFormat.OFX: an_ofx,
    FileFormat.TABLE: a_bank_csv,
}
ALL = pytest.mark.parametrize("found", FileFormat)


def test_it_is_the_port() -> None:
    assert isinstance(BankFiles(), BankFileReader)


@ALL
def test_lines_come_out_as_they_went_in(read: Read, found: FileFormat) -> None:
    bank_file = read(WRITTEN[found](*LINES))

    (page,) = bank_file.statements
    assert bank_file.format is found
    assert (page.account, page.currency) == (IBAN, "EUR")
    assert (page.from_on, page.to_on) == (date(2026, 3, 12), date(2026, 3, 13))
    assert [_essence(line) for line in page.lines] == [_essence(line) for line in LINES]
    for line, written in zip(page.lines, LINES, strict=True):
        assert written.text in line.text
        assert all(each in (*line.references, *line.text.split()) for each in written.references)


def _essence(line: FileLine) -> tuple[object, ...]:
    return line.booked_on, line.value_on, line.amount, line.counterparty_name, line.bank_ref


@pytest.mark.parametrize("found", [FileFormat.CAMT053, FileFormat.MT940, FileFormat.TABLE])
def test_opening_and_closing_balance_stand_around_the_lines(read: Read, found: FileFormat) -> None:
    (page,) = read(WRITTEN[found](*LINES)).statements

    assert page.opening == Money.of("1000.00", "EUR")
    assert page.closing == Money.of("1092.40", "EUR")
    assert page.total == Money.of("92.40", "EUR")


@pytest.mark.parametrize("write", [a_camt053, an_mt940])
def test_lines_that_do_not_lead_to_the_closing_balance_are_refused_naming_both(
    refusal: Refusal, write: Callable[..., bytes]
) -> None:
    told = refusal(write(*LINES, closing="1092.41"))

    assert "1092.41 EUR" in told
    assert "1092.40 EUR" in told


@ALL
def test_entries_of_nothing_are_passed_over(read: Read, found: FileFormat) -> None:
    (page,) = read(WRITTEN[found](LINES[0], a_line("0.00", "News of your bank"))).statements

    assert [line.amount for line in page.lines] == [LINES[0].amount]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("found", [FileFormat.MT940, FileFormat.TABLE])
def test_text_is_read_in_the_encoding_it_is_written_in(read: Read, found: FileFormat, encoding: str) -> None:
    content = WRITTEN[found](*LINES).decode().encode(encoding)

    assert read(content).statements[0].lines[2].counterparty_name == "Müller GmbH"


def test_xml_in_utf_16_is_read(read: Read) -> None:
    content = a_camt053(*LINES).decode().replace("UTF-8", "UTF-16").encode("utf-16")

    assert len(read(content).statements[0].lines) == 3


def test_a_table_needs_its_columns() -> None:
    with pytest.raises(BadBankFile) as refused:
        BankFiles().read(io.BytesIO(a_bank_csv(*LINES)), "march.csv")

    assert "march.csv" in str(refused.value)


@pytest.mark.parametrize("content", [b"", b" ", b"hello", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", b"PK\x03\x04"])
def test_what_is_no_statement_is_refused(refusal: Refusal, content: bytes) -> None:
    assert refusal(content)


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(
    refusal: Refusal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.bank_files.reader.LARGEST_FILE", 100)

    assert "MB at most" in refusal(a_camt053(*LINES))


@pytest.mark.parametrize("write", [an_mt940, an_ofx])
def test_a_file_that_must_be_held_at_once_has_its_own_limit(
    refusal: Refusal, write: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "LARGEST_HELD", 100)

    assert "MB at most" in refusal(write(*LINES))


@ALL
def test_too_many_lines_are_refused(refusal: Refusal, found: FileFormat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "MOST_LINES", 2)

    assert "2 lines at most" in refusal(WRITTEN[found](*LINES))


@pytest.mark.parametrize("found", [FileFormat.CAMT053, FileFormat.OFX, FileFormat.TABLE])
def test_words_without_end_are_refused_with_their_place(refusal: Refusal, found: FileFormat) -> None:
    told = refusal(WRITTEN[found](LINES[0], replace(LINES[1], text="x" * 5_000)))

    assert "entry 2" in told or "row 3" in told
    assert "4000 characters at most" in told


@pytest.mark.parametrize("empty", ["<MEMO>", "<MEMO></MEMO>", "<NAME>\r\n<MEMO>", "<CHECKNUM><REFNUM> <MEMO>"])
def test_an_ofx_entry_whose_texts_are_empty_is_read(read: Read, empty: str) -> None:
    content = an_ofx(a_line("12.50", "words", bank_ref="F1"), a_line("7.00", "more", bank_ref="F2")).decode()
    started, _, rest = content.partition("<NAME>")
    _, _, rest = rest.partition("</STMTTRN>")

    (page,) = read(f"{started}{empty}</STMTTRN>{rest}".encode()).statements

    assert [(line.bank_ref, line.text) for line in page.lines] == [("F1", ""), ("F2", "more")]
