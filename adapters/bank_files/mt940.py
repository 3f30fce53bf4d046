"""MT940: reads SWIFT's end-of-day statements, in the dialects of field 86 that banks write, through a library."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import mt940
from mt940.models import Balance, Transaction, Transactions

from adapters.bank_files import checking
from adapters.bank_files.checking import Findings, refuse, refuse_too_many
from adapters.bank_files.mt940_details import details_of
from domain.banking.files import BankFile, BankStatementPage, FileFormat, FileLine
from domain.importing.dates import plausible
from domain.importing.problems import Unfit
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

logging.getLogger("mt940").setLevel(logging.CRITICAL)
"""It logs what it cannot read, which is what people paid to whom."""

BEGINNING = re.compile(r"^:20:", re.MULTILINE)
ENTRY = re.compile(r"^:61:.*$", re.MULTILINE)
WELL_MADE = re.compile(r":61:\d{6}(?:\d{4}|\s{4})?R?[DC][A-Z]?[\n ]?\d{1,12},\d{0,3}[A-Z][A-Z0-9 ]{3}", re.IGNORECASE)
"""What the library is lenient about: an amount it reads in part, or an entry that it takes for the one before."""
END = re.compile(r"^:62[FM]?:.*$", re.MULTILINE)
"""Behind it stand available balances, words about the whole statement, and the envelope of the next one."""
FOLDED = re.compile(r"^:86:\d{3}\?.*?(?=^:[0-9]{2}[A-Z]?:|\Z)", re.MULTILINE | re.DOTALL)
"""A structured field 86, which is broken anywhere: the library would lose blanks at the ends of its lines."""
OPENING = ("final_opening_balance", "intermediate_opening_balance")
CLOSING = ("final_closing_balance", "intermediate_closing_balance")
LINE_LIMIT = 2_000
"""Characters of one line: SWIFT says 65, banks say more."""
RETURNED_TYPES = frozenset({"RTI", "RTN", "RET"})
"""Transaction types (field 61, subfield 6) that banks use for what came back."""

ON_LINE = N_("line {line}")
A_FIELD = N_("a field {tag} as MT940 has it")
A_STATEMENT = N_("a statement with the fields 20, 25, 60, 61 and 62")
BALANCES = N_("a statement with its opening (60F or 60M) and closing (62F or 62M) balance: the file may be cut off")
A_FIELD_61 = N_("a field 61 with day, mark (C, D, RC, RD), amount such as 1234,56 and a type such as NTRF")
AN_ACCOUNT = N_("the IBAN or number of the account in field 25")
SHORT_LINES = N_("lines of {limit} characters at most")


@dataclass(frozen=True, slots=True)
class Block:
    """One statement's text, and the number of its first line in the file."""

    text: str
    first_line: int

    def line_of(self, offset: int) -> int:
        """The number of the line at an offset of the text."""
        return self.first_line + self.text.count("\n", 0, offset)


def read(text: str) -> BankFile:
    """The statements in an MT940 file; BadBankFile for anything wrong in it."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    _refuse_long_lines(plain)
    findings = Findings()
    pages = [_page(block, findings) for block in _blocks(plain)]
    findings.finish()
    if not pages:
        raise refuse("", A_STATEMENT)
    return BankFile(FileFormat.MT940, tuple(pages))


def _refuse_long_lines(text: str) -> None:
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LINE_LIMIT:
            raise refuse(line, SHORT_LINES, Words.of(ON_LINE, line=number), limit=LINE_LIMIT)


def _blocks(text: str) -> Iterator[Block]:
    """One block a statement; a SWIFT envelope around it does not matter."""
    starts = [match.start() for match in BEGINNING.finditer(text)]
    line, before = 1, 0
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        line += text.count("\n", before, start)
        before = start
        yield Block(text[start:end], line)


def _page(block: Block, findings: Findings) -> BankStatementPage:
    _refuse_odd_entries(block)
    parsed = _parsed(block)
    told: Mapping[str, Any] = parsed.data
    place = Words.of(ON_LINE, line=block.first_line)
    opening, closing = _balance(told, OPENING), _balance(told, CLOSING)
    if opening is None or closing is None:
        raise refuse(told.get("transaction_reference", ""), BALANCES, place)
    account = findings.attempt(place, checking.account, told.get("account_identification")) or ""
    if not account:
        findings.tell(place, "", AN_ACCOUNT)
    currency = findings.attempt(place, checking.currency, parsed.currency) or ""
    lines = _lines(block, parsed, currency, findings) if currency else []
    page = BankStatementPage(
        account=account,
        currency=currency,
        opening=findings.attempt(place, lambda _: _money(opening, currency), str(opening)),
        closing=findings.attempt(place, lambda _: _money(closing, currency), str(closing)),
        from_on=_day_of(opening),
        to_on=_day_of(closing),
        external_id=_id(told, place, findings),
        lines=tuple(lines),
    )
    if not findings.problems:
        findings.check_sum(page, place)
    return page


def _refuse_odd_entries(block: Block) -> None:
    """BadBankFile naming every entry that does not begin as field 61 must."""
    findings = Findings()
    for match in ENTRY.finditer(block.text):
        if not WELL_MADE.match(block.text, match.start()):
            findings.tell(Words.of(ON_LINE, line=block.line_of(match.start())), match[0], A_FIELD_61)
    findings.finish()


def _parsed(block: Block) -> Transactions:
    """The statement as the library reads it; BadBankFile for whatever it raises."""
    end = END.search(block.text)
    text = FOLDED.sub(lambda match: match[0].replace("\n", "") + "\n", block.text[: end and end.end()])
    try:
        parsed = mt940.parse(text, options=mt940.Options.all())
    except Exception as problem:  # a broken file makes the library raise of every kind
        raise _refused(block, problem) from problem
    if len(parsed) != len(ENTRY.findall(block.text)):
        raise refuse(len(parsed), A_STATEMENT, Words.of(ON_LINE, line=block.first_line))
    return parsed


def _refused(block: Block, problem: Exception) -> Exception:
    """The refusal, with the line of the field that the library could not read where it says which."""
    value = problem.args[2] if len(problem.args) == 3 and isinstance(problem.args[2], str) else ""
    first = value.split("\n", 1)[0]
    at = block.text.find(first) if first else 0
    tag = getattr(problem.args[1], "id", "") if len(problem.args) == 3 else ""
    place = Words.of(ON_LINE, line=block.line_of(max(at, 0)))
    if tag:
        return refuse(first, A_FIELD, place, tag=str(tag))
    return refuse(problem, A_STATEMENT, place)


def _balance(told: Mapping[str, Any], names: tuple[str, ...]) -> Balance | None:
    found = next((told[name] for name in names if name in told), None)
    return found if isinstance(found, Balance) and found.amount is not None else None


def _day_of(balance: Balance) -> date | None:
    return None if balance.date is None else date(balance.date.year, balance.date.month, balance.date.day)


def _money(balance: Balance, currency: str) -> Money:
    amount: Any = balance.amount
    return checking.money(amount.amount, checking.currency(currency if amount.currency == currency else ""))


def _id(told: Mapping[str, Any], place: Words, findings: Findings) -> str:
    """The statement's number where it has one, behind its reference."""
    parts = (told.get("transaction_reference"), told.get("statement_number"), told.get("sequence_number"))
    return findings.attempt(place, checking.reference, " ".join(part for part in parts if part)) or ""


def _lines(block: Block, parsed: Transactions, currency: str, findings: Findings) -> list[FileLine]:
    places = [Words.of(ON_LINE, line=block.line_of(match.start())) for match in ENTRY.finditer(block.text)]
    lines: list[FileLine] = []
    for entry, place in zip(parsed, places, strict=True):
        try:
            lines.append(_line(entry, currency))
        except Unfit as problem:
            findings.tell(place, entry.data.get("amount", ""), problem.expected, **problem.params)
        refuse_too_many(lines)
    return lines


def _line(entry: Transaction, currency: str) -> FileLine:
    told: Mapping[str, Any] = entry.data
    value_on = _day(told["date"])
    booked = told.get("entry_date")
    details = details_of(told)
    kind = str(told["id"]).strip()[1:]
    return FileLine(
        booked_on=_day(booked) if isinstance(booked, date) else value_on,
        value_on=value_on,
        amount=checking.money(told["amount"].amount, currency),
        references=checking.distinct((*details.references, checking.reference(told.get("customer_reference") or ""))),
        text=details.text,
        counterparty_name=details.name,
        counterparty_account=details.account,
        bank_ref=checking.reference(told.get("bank_reference") or ""),
        code=details.code or str(told["id"]).strip(),
        returned=str(told["status"]).upper().startswith("R") or bool(details.reason) or kind in RETURNED_TYPES,
        reason=details.reason,
    )


def _day(found: date) -> date:
    return plausible(date(found.year, found.month, found.day))
