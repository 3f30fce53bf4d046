"""Malformed files: whatever comes, a bank file is read whole or refused with its places, and never anything else."""

from __future__ import annotations

import io
import tracemalloc
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from adapters.bank_files.reader import BankFiles
from domain.banking.files import BadBankFile, BankFile, FileFormat, FileLine, FileProblem
from tests.support.bank_files import COLUMNS, a_bank_csv, a_camt053, a_line, an_mt940, an_ofx
from tests.support.proving import Prove

ORDINARY, LONG = 150, 3_000
ALWAYS = (HealthCheck.too_slow, HealthCheck.data_too_large)
NASTY = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ufeff",
    "\u202egnp",
    "\ufffd",
    "1.234,56",
    "1,234",
    "=cmd|' /C calc'!A0",
    "@SUM(A1)",
    "-12.00",
    "1e999",
    "NaN",
    "9" * 40,
    '"',
    "a\nb",
    ":61:2603130313C1,00NTRF",
    "\n:61:2603130313C1,00NTRFNONREF",
    "\n:20:X",
    "-}{1:",
    "?20?21",
    "EREF+",
    "//",
    "<STMTTRN>",
    "</OFX>",
    "&amp;",
    "&x;",
    "]]>",
    "<!DOCTYPE x>",
    "2026-02-30",
    "9999-12-31",
    "x" * 5_000,
    "{amount}",
    "%s",
    "'; DROP TABLE bank_line; --",
    "é",
    "\N{GRINNING FACE}",
)
WORDS = some.sampled_from(NASTY) | some.text(max_size=20)
DAYS = some.dates(date(1969, 12, 30), date(2200, 1, 2))
AMOUNTS = some.integers(-(10**9), 10**9).map(lambda minor: f"{minor / 100:.2f}")
PLAIN_LINES = some.builds(
    a_line, AMOUNTS, some.sampled_from(["", "Invoice 1001"]), on=some.dates(date(2026, 1, 1), date(2026, 12, 31))
)
NASTY_LINES = some.builds(
    lambda line, text, name, ref, on: replace(line, text=text, counterparty_name=name, bank_ref=ref, booked_on=on),
    PLAIN_LINES,
    WORDS,
    WORDS,
    WORDS,
    DAYS,
)
PIECES = some.binary(max_size=6) | some.sampled_from(
    [
        b"\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\r",
        b'"',
        b"<",
        b"&x;",
        b"<!ENTITY x 'y'>",
        b"1.234,56",
        b"=cmd",
        b"\r\n:61:",
        b"\r\n:20:X\r\n",
        b"</STMTTRN>",
        b"," * 700,
        b"9" * 400,
        b"<a>" * 50,
        b"?20",
    ]
)
ENCODINGS = some.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252", "cp500"])


def _spoilt(content: bytes, place: int, piece: bytes, gone: int, cut: int | None, encoding: str) -> bytes:
    """The bytes with some of them replaced by a piece, cut off, or written in another encoding."""
    at = place % (len(content) + 1)
    changed = content[:at] + piece + content[at + gone :]
    whole = changed[: None if cut is None else cut % (len(changed) + 1)]
    return whole if encoding == "utf-8" else whole.decode("utf-8", "replace").encode(encoding, "replace")


def spoilt(write: Callable[..., bytes]) -> some.SearchStrategy[bytes]:
    """Files that are as they should be, of nasty words, with wrong bytes in them, or of nothing but bytes."""
    plain = some.lists(PLAIN_LINES, max_size=5)
    nasty = some.lists(PLAIN_LINES | NASTY_LINES, min_size=1, max_size=5)
    files = (plain | nasty).map(lambda lines: write(*map(_writable, lines)))
    place = some.integers(0, 10_000)
    wrong = some.builds(_spoilt, files, place, PIECES, some.integers(0, 8), some.none() | place, ENCODINGS)
    return files | wrong | wrong | some.binary(max_size=200)


def _writable(line: FileLine) -> FileLine:
    """The line without halves of letters, which no encoding has."""
    text, name, ref = (
        each.encode("utf-8", "replace").decode() for each in (line.text, line.counterparty_name, line.bank_ref)
    )
    return replace(line, text=text, counterparty_name=name, bank_ref=ref)


def read_it(content: bytes, told: Counter[str]) -> None:
    """Read a file: either all of it adds up, or every problem can be told with its place."""
    try:
        bank_file = BankFiles().read(io.BytesIO(content), "any", columns=COLUMNS)
    except BadBankFile as refused:
        told["refused"] += 1
        told["problems"] += len(refused.problems)
        expect_tellable(refused.problems)
    else:
        told["read"] += 1
        expect_whole(bank_file)


def expect_tellable(problems: Sequence[FileProblem]) -> None:
    """Every problem can be put into words, and shown."""
    assert problems
    for problem in problems:
        assert str(problem.place)
        assert str(problem.expected)
        assert "\x00" not in problem.found


def expect_whole(bank_file: BankFile) -> None:
    """Every statement can be stored, and adds up."""
    for page in bank_file.statements:
        assert page.account
        assert all(line.amount and line.amount.currency == page.currency for line in page.lines)
        assert not any("\x00" in each for line in page.lines for each in (line.text, line.bank_ref, *line.references))
        if page.opening is not None and page.closing is not None:
            assert page.opening + page.total == page.closing


@pytest.mark.parametrize("write", [a_camt053, an_mt940, an_ofx, a_bank_csv], ids=[found.value for found in FileFormat])
@pytest.mark.slow
@pytest.mark.parametrize("examples", [ORDINARY, pytest.param(LONG, marks=pytest.mark.faults)])
def test_a_malformed_file_is_refused_with_places_and_never_raises_anything_else(
    write: Callable[..., bytes], examples: int, request: pytest.FixtureRequest, prove: Prove
) -> None:
    told: Counter[str] = Counter()

    @settings(max_examples=examples, suppress_health_check=ALWAYS)
    @given(spoilt(write))
    def try_it(content: bytes) -> None:
        read_it(content, told)

    try_it()

    what = f"spoilt statements of the bank ({request.node.callspec.id.rpartition('-')[2]})"
    tried = told["refused"] + told["read"]
    figure = f"{tried:,} tried, {told['refused']:,} refused with {told['problems']:,} problems, 0 tracebacks"
    prove(12, what, figure)
    assert told["refused"] > 0
    assert told["read"] > 0


def test_a_large_statement_is_read_without_holding_it() -> None:
    padding = b"<AddtlNtryInf>" + b"word " * 700 + b"</AddtlNtryInf></Ntry>"
    content = a_camt053(*[a_line("1.00", "x")] * 300).replace(b"</Ntry>", padding)
    stream = io.BytesIO(content)

    tracemalloc.start()
    bank_file = BankFiles().read(stream, "large")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    print(f"\n{len(content) >> 10} kB of CAMT.053 read with a peak of {peak >> 10} kB")
    assert len(bank_file.statements[0].lines) == 300
    assert peak < len(content)
