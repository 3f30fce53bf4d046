"""CAMT.053: reads the ISO 20022 end-of-day statement (BankToCustomerStatement), every version, entry by entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import BinaryIO
from xml.etree.ElementTree import Element

from adapters.bank_files import checking
from adapters.bank_files.camt053_details import Detail, detail_of
from adapters.bank_files.checking import Findings, refuse, refuse_too_many
from adapters.bank_files.xml_pieces import ORDINARY, find, find_all, text, walk
from domain.banking.files import BankFile, BankStatementPage, FileFormat, FileLine
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

ROOT = "BkToCstmrStmt"
OTHERS = {"BkToCstmrAcctRpt": "camt.052", "BkToCstmrDbtCdtNtfctn": "camt.054"}
TAKEN = frozenset({"TxDtls", "Ntry", "Stmt"})
BOOKED = "BOOK"
OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)
"""Codes of balances (ISO 20022 ExternalBalanceType1Code): opening, or closing of the day before; closing booked."""

IN_STATEMENT = N_("statement {statement}, {element}")
IN_ENTRY = N_("statement {statement}, entry {entry}, {element}")
THE_STATEMENT = N_("an end-of-day statement (camt.053), which tells every entry with the balances around them")
A_SIDE = N_("CRDT or DBIT")
ITS_CURRENCY = N_("an amount in the account's currency, {currency}")
BATCH = N_("details that add up to the entry, {amount}")
AN_ACCOUNT = N_("the IBAN or number of the account")


def read(stream: BinaryIO) -> BankFile:
    """The statements in a CAMT.053 file; BadBankFile for anything else, or anything wrong in it."""
    reader = _Reader()
    for event, name, element in walk(stream, TAKEN):
        reader.take(event, name, element)
    if not reader.seen:
        raise refuse(reader.root, THE_STATEMENT)
    reader.findings.finish()
    return BankFile(FileFormat.CAMT053, tuple(reader.pages))


class _Reader:
    """What is known of the file so far."""

    def __init__(self) -> None:
        self.findings = Findings()
        self.pages: list[BankStatementPage] = []
        self.root = ""
        self.seen = False
        self.statement: _Statement | None = None

    def take(self, event: str, name: str, element: Element) -> None:
        """One event of the walk."""
        if event == "start":
            self.root = self.root or name
            if name in OTHERS:
                raise refuse(OTHERS[name], THE_STATEMENT)
            self.seen = self.seen or name == ROOT
            if name == "Stmt" and self.seen:
                self._expect(self.statement is None, name)
                self.statement = _Statement(len(self.pages) + 1, element, self.findings)
        elif self.statement is not None:
            self._end(self.statement, name, element)

    def _end(self, statement: _Statement, name: str, element: Element) -> None:
        if name == "TxDtls":
            statement.take_detail(element)
            element.clear()
        elif name == "Ntry":
            self._expect(element in statement.element, name)
            statement.take_entry(element)
            statement.element.remove(element)
            refuse_too_many(statement.lines)
        elif name == "Stmt":
            self.pages.append(statement.page())
            element.clear()
            self.statement = None

    @staticmethod
    def _expect(in_its_place: bool, name: str) -> None:
        if not in_its_place:
            raise refuse(f"<{name}>", ORDINARY)


class _Statement:
    """One statement while it is read: balances stay on its element, entries come and go."""

    def __init__(self, number: int, element: Element, findings: Findings) -> None:
        self.number = number
        self.element = element
        self.findings = findings
        self.entries = 0
        self.details: list[Detail] = []
        self.lines: list[FileLine] = []

    @property
    def currency(self) -> str:
        """The account's currency, or that of the first balance; empty where neither says one."""
        balance = find(self.element, "Bal/Amt")
        return text(self.element, "Acct/Ccy") or (balance.get("Ccy", "") if balance is not None else "")

    def take_detail(self, element: Element) -> None:
        """Note one payment within the entry that is being read."""
        number = self.entries + 1
        self.details.append(detail_of(element, lambda path: self._in_entry(path, number), self.findings))

    def take_entry(self, entry: Element) -> None:
        """Turn an entry into its lines: one, or one for each transaction of a batch."""
        self.entries += 1
        details, self.details = self.details, []
        status = text(entry, "Sts/Cd", "Sts/Prtry", "Sts") or BOOKED
        if status != BOOKED:
            return
        before = len(self.findings.problems)
        amount = self._amount(entry, self._in_entry("Amt"))
        days = self._days(entry)
        whole = detail_of(entry, self._in_entry, self.findings, own_amounts=False)
        if len(self.findings.problems) == before and amount is not None and days is not None:
            self.lines.extend(self._lines(whole.line(amount, *days), details))

    def _lines(self, line: FileLine, details: list[Detail]) -> list[FileLine]:
        amounts = [detail.amount_in(line.amount.currency, credit=line.amount.minor >= 0) for detail in details]
        if len(details) < 2 or None in amounts:
            for detail in details:
                line = detail.added_to(line)
            return [line]
        total = Money.sum((amount for amount in amounts if amount is not None), line.amount.currency)
        if total != line.amount:
            self.findings.tell(self._in_entry("TxDtls"), total, BATCH, amount=line.amount)
        return [
            replace(detail.added_to(replace(line, amount=amount)), amount=amount)
            for detail, amount in zip(details, amounts, strict=True)
            if amount is not None
        ]

    def page(self) -> BankStatementPage:
        """The whole statement, its sum checked."""
        account = self._read("Acct/Id", checking.account, "Acct/Id/IBAN", "Acct/Id/Othr/Id")
        currency = self.findings.attempt(self._in("Acct/Ccy"), checking.currency, self.currency) or ""
        opening, closing = self._balance(OPENING), self._balance(CLOSING)
        if not account:
            self.findings.tell(self._in("Acct/Id"), "", AN_ACCOUNT)
        page = BankStatementPage(
            account=account,
            currency=currency,
            opening=opening,
            closing=closing,
            from_on=self._day("FrToDt/FrDtTm", "FrToDt/FrDt"),
            to_on=self._day("FrToDt/ToDtTm", "FrToDt/ToDt"),
            external_id=self._read("Id", checking.reference, "Id"),
            lines=tuple(self.lines),
        )
        if not self.findings.problems:
            self.findings.check_sum(page, self._in("Bal"))
        return page

    def _balance(self, codes: tuple[str, ...]) -> Money | None:
        balances = {text(each, "Tp/CdOrPrtry/Cd"): each for each in reversed(find_all(self.element, "Bal"))}
        chosen = next((balances[code] for code in codes if code in balances), None)
        return None if chosen is None else self._amount(chosen, self._in("Bal/Amt"))

    def _amount(self, holder: Element, place: Words) -> Money | None:
        """The signed amount of a balance or an entry."""
        element = find(holder, "Amt")
        currency = element.get("Ccy", "") if element is not None else ""
        side = text(holder, "CdtDbtInd")
        if side not in ("CRDT", "DBIT"):
            self.findings.tell(place, side, A_SIDE)
            return None
        if currency != self.currency:
            self.findings.tell(place, currency, ITS_CURRENCY, currency=self.currency)
            return None
        amount = self.findings.attempt(
            place,
            lambda found: checking.money(checking.number(found), checking.currency(currency)),
            text(holder, "Amt"),
        )
        return -amount if amount is not None and side == "DBIT" else amount

    def _days(self, entry: Element) -> tuple[date, date] | None:
        booked = text(entry, "BookgDt/Dt", "BookgDt/DtTm")
        value = text(entry, "ValDt/Dt", "ValDt/DtTm")
        booked_on = self.findings.attempt(self._in_entry("BookgDt"), checking.day, booked or value)
        value_on = self.findings.attempt(self._in_entry("ValDt"), checking.day, value or booked)
        return None if booked_on is None or value_on is None else (booked_on, value_on)

    def _day(self, *paths: str) -> date | None:
        found = text(self.element, *paths)
        return self.findings.attempt(self._in("FrToDt"), checking.day, found) if found else None

    def _read(self, element: str, read: Callable[[str], str], *paths: str) -> str:
        return self.findings.attempt(self._in(element), read, text(self.element, *paths)) or ""

    def _in(self, element: str) -> Words:
        return Words.of(IN_STATEMENT, statement=self.number, element=element)

    def _in_entry(self, element: str, entry: int | None = None) -> Words:
        return Words.of(IN_ENTRY, statement=self.number, entry=entry or self.entries, element=element)
