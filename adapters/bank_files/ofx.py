"""OFX: reads the statements that banks offer for download (OFX and QFX, SGML or XML), through a library."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import BinaryIO
from xml.etree.ElementTree import Element
from xml.sax.saxutils import unescape

from adapters.bank_files import checking
from adapters.bank_files.checking import Findings, refuse, refuse_too_many
from domain.banking.files import BankFile, BankStatementPage, FileFormat, FileLine
from domain.importing.dates import plausible
from domain.importing.problems import Unfit
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

STATEMENTS = ("STMTRS", "CCSTMTRS")
DAY = re.compile(r"\d{8}")
END = re.compile(r"</OFX>\s*\Z", re.IGNORECASE)
NUMBER = re.compile(r"[+-]?\d{1,18}(?:[.,]\d{1,18})?")
ENTITIES = {"&nbsp;": " ", "&apos;": "'", "&quot;": '"'}
EMPTY = re.compile(r"<(MEMO|NAME|CHECKNUM|REFNUM|SRVRTID|PAYEEID|SIC)>\s*(?:</\1>)?(?=\s*<)", re.IGNORECASE)
"""Texts that a bank leaves empty, which the library would take for the beginning of something that holds others."""
RETURNED = ("RETURNED", "RETURN ITEM", "REVERSAL")
"""How names of returned payments begin: OFX has no type for them."""

IN_STATEMENT = N_("statement {statement}, {element}")
IN_ENTRY = N_("statement {statement}, entry {entry}, {element}")
AN_OFX_FILE = N_("an OFX or QFX file that is whole, as the bank gave it")
A_STATEMENT = N_("an OFX file with a bank statement in it")
A_DAY = N_("a day such as 20260331")
AN_AMOUNT = N_("an amount such as -1234.56")
AN_ACCOUNT = N_("the number of the account")


def read(stream: BinaryIO) -> BankFile:
    """The statements in an OFX file; BadBankFile for anything wrong in it.

    It tells no opening balance, so nothing proves that it is whole but its end.
    """
    findings = Findings()
    pages = [
        _Statement(number, element, findings).page()
        for number, element in enumerate(_statements(_tree(stream)), start=1)
    ]
    findings.finish()
    if not pages:
        raise refuse("", A_STATEMENT)
    return BankFile(FileFormat.OFX, tuple(pages))


def _tree(stream: BinaryIO) -> Element:
    from ofxtools.header import parse_header  # imported here: the library takes a second to load all of its models
    from ofxtools.Parser import TreeBuilder

    content = checking.held(stream)
    builder = TreeBuilder()
    try:
        _, body = parse_header(io.BytesIO(content))
        if not END.search(body):
            raise refuse(body[-20:], AN_OFX_FILE)
        builder.feed(EMPTY.sub("", body))
        root = builder.close()
    except (SyntaxError, ValueError, LookupError, AssertionError, IndexError, TypeError) as problem:
        raise refuse(str(problem), AN_OFX_FILE) from problem
    if _lost_entries(root, body):
        raise refuse("STMTTRN", AN_OFX_FILE)
    return root


def _lost_entries(root: Element, body: str) -> bool:
    """Whether the library, which passes over what it does not understand, has passed over an entry."""
    found = len(root.findall(".//BANKTRANLIST/STMTTRN"))
    return not found == body.count("<STMTTRN>") == body.count("</STMTTRN>")


def _statements(root: Element) -> Iterator[Element]:
    for name in STATEMENTS:
        yield from root.iter(name)


class _Statement:
    """One statement while it is read."""

    def __init__(self, number: int, element: Element, findings: Findings) -> None:
        self.number = number
        self.element = element
        self.findings = findings

    def page(self) -> BankStatementPage:
        """All of it."""
        holder = self._in("BANKACCTFROM")
        account = self.findings.attempt(holder, checking.account, _text(self.element, ".//ACCTID")) or ""
        currency = self.findings.attempt(self._in("CURDEF"), checking.currency, _text(self.element, "CURDEF")) or ""
        if not account:
            self.findings.tell(holder, "", AN_ACCOUNT)
        return BankStatementPage(
            account=account,
            currency=currency,
            opening=None,
            closing=self._closing(currency) if currency else None,
            from_on=self._day("BANKTRANLIST/DTSTART"),
            to_on=self._day("BANKTRANLIST/DTEND"),
            external_id="",
            lines=tuple(self._lines(currency)) if currency else (),
        )

    def _closing(self, currency: str) -> Money | None:
        found = _text(self.element, "LEDGERBAL/BALAMT")
        if not found:
            return None
        return self.findings.attempt(self._in("LEDGERBAL"), lambda text: _money(text, currency), found)

    def _day(self, path: str) -> date | None:
        found = _text(self.element, path)
        return self.findings.attempt(self._in(path), _day, found) if found else None

    def _lines(self, currency: str) -> list[FileLine]:
        lines: list[FileLine] = []
        for number, entry in enumerate(self.element.iterfind("BANKTRANLIST/STMTTRN"), start=1):
            line = _Entry(entry, number, self).line(currency)
            if line is not None:
                lines.append(line)
            refuse_too_many(lines)
        return lines

    def _in(self, element: str) -> Words:
        return Words.of(IN_STATEMENT, statement=self.number, element=element)


class _Entry:
    """One transaction while it is read."""

    def __init__(self, element: Element, number: int, statement: _Statement) -> None:
        self.element = element
        self.number = number
        self.statement = statement

    def line(self, currency: str) -> FileLine | None:
        """The line, or None, and notes, where something in it does not fit."""
        findings = self.statement.findings
        before = len(findings.problems)
        booked_on = findings.attempt(self._at("DTPOSTED"), _day, _text(self.element, "DTPOSTED"))
        amount = findings.attempt(
            self._at("TRNAMT"), lambda text: _money(text, currency), _text(self.element, "TRNAMT")
        )
        available = _text(self.element, "DTAVAIL")
        value_on = findings.attempt(self._at("DTAVAIL"), _day, available) if available else booked_on
        name = self._read("NAME", checking.name) or self._read("PAYEE/NAME", checking.name)
        memo = self._read("MEMO", checking.words)
        code = self._read("TRNTYPE", checking.code)
        references = checking.distinct(
            self._read(each, checking.reference) for each in ("CHECKNUM", "REFNUM", "SRVRTID")
        )
        counterparty = self._read("BANKACCTFROM/ACCTID", checking.account) or self._read(
            "BANKACCTTO/ACCTID", checking.account
        )
        bank_ref = self._read("FITID", checking.reference)
        if len(findings.problems) > before or booked_on is None or amount is None or value_on is None:
            return None
        returned = name.upper().startswith(RETURNED) or memo.upper().startswith(RETURNED)
        return FileLine(
            booked_on=booked_on,
            value_on=value_on,
            amount=amount,
            references=references,
            text=memo or name,
            counterparty_name=name,
            counterparty_account=counterparty,
            bank_ref=bank_ref,
            code=code,
            returned=returned,
            reason=checking.reason(memo) if returned else "",
        )

    def _read(self, path: str, read: Callable[[str], str]) -> str:
        found = _text(self.element, path)
        return self.statement.findings.attempt(self._at(path), read, found) or ""

    def _at(self, element: str) -> Words:
        return Words.of(IN_ENTRY, statement=self.statement.number, entry=self.number, element=element)


def _text(element: Element, path: str) -> str:
    return unescape((element.findtext(path) or "").strip(), ENTITIES)


def _day(text: str) -> date:
    """The day of an OFX moment such as 20260331120000[-5:EST], which is a day on the bank's own calendar."""
    found = DAY.match(text)
    try:
        return plausible(date.fromisoformat(found[0] if found else ""))
    except ValueError as problem:
        raise Unfit(A_DAY) from problem


def _money(text: str, currency: str) -> Money:
    """An amount with a sign; OFX takes a comma for the decimal sign too, and groups nothing."""
    if not NUMBER.fullmatch(text):
        raise Unfit(AN_AMOUNT)
    return checking.money(checking.number(text.removeprefix("+").replace(",", ".")), currency)
