"""CAMT.053 details: what an entry, or one transaction of a batch, says of the payment beyond its amount."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from adapters.bank_files import checking
from adapters.bank_files.checking import Findings
from adapters.bank_files.xml_pieces import find, text, texts
from domain.banking.files import FileLine
from domain.importing.problems import Unfit
from domain.shared.money import Money
from domain.shared.words import Words

RETURNS = frozenset(
    {"RRTN", "RPCR", "RRCT", "PRDD", "UPDD", "RCDD", "UPCT", "UPCQ", "RCHQ", "CQRV", "RRBR", "UPTC", "OPCC"}
)
"""Sub-families of bank transactions (ISO 20022 ExternalBankTransactionSubFamily1Code) that take a payment back."""
REFERENCES = (
    "Refs/EndToEndId",
    "Refs/MndtId",
    "Refs/ChqNb",
    "Refs/TxId",
    "Refs/InstrId",
    "Refs/PmtInfId",
    "Refs/UETR",
)
IN_REMITTANCE = ("RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Strd/RfrdDocInf/Nb")


@dataclass(frozen=True, slots=True)
class Detail:
    """What was told; empty where it was not. `amounts` are the candidates for its amount, by currency."""

    amounts: tuple[tuple[Decimal, str], ...]
    side: str
    references: tuple[str, ...]
    text: str
    additional: str
    debtor: tuple[str, str]
    creditor: tuple[str, str]
    bank_ref: str
    code: str
    returned: bool
    reason: str

    def amount_in(self, currency: str, *, credit: bool) -> Money | None:
        """Its signed amount in the account's currency, or None where it tells none; the side is the entry's own."""
        for number, code in self.amounts:
            if code == currency:
                amount = Money.of(number, code)
                return amount if self.side == "CRDT" or (not self.side and credit) else -amount
        return None

    def line(self, amount: Money, booked_on: date, value_on: date) -> FileLine:
        """The line of an entry that says no more than this."""
        return self.added_to(FileLine(booked_on, value_on, amount))

    def added_to(self, line: FileLine) -> FileLine:
        """The line with what this says, which comes before what was known."""
        name, account = self._counterparty(line.amount)
        return replace(
            line,
            references=checking.distinct((*self.references, *line.references)),
            text=self._joined(line.text),
            counterparty_name=name or line.counterparty_name,
            counterparty_account=account or line.counterparty_account,
            bank_ref=self.bank_ref or line.bank_ref,
            code=self.code or line.code,
            returned=self.returned or line.returned,
            reason=self.reason or line.reason,
        )

    def _joined(self, known: str) -> str:
        """The remittance words; the bank's additional words only where there are none."""
        return self.text or known or self.additional

    def _counterparty(self, amount: Money) -> tuple[str, str]:
        """Who paid what came in, and who got what went out; the other side where the bank names only that one."""
        first, second = (self.debtor, self.creditor) if amount.minor >= 0 else (self.creditor, self.debtor)
        return first if any(first) else second


def detail_of(element: Element, at: Callable[[str], Words], findings: Findings, *, own_amounts: bool = True) -> Detail:
    """What an entry, or a payment of it, says; what does not fit is noted `at` its path."""
    return _Read(element, at, findings).detail(own_amounts=own_amounts)


class _Read:
    """One element while it is read."""

    def __init__(self, element: Element, at: Callable[[str], Words], findings: Findings) -> None:
        self.element = element
        self._at = at
        self.findings = findings

    def detail(self, *, own_amounts: bool) -> Detail:
        """Everything it says."""
        family = text(self.element, "BkTxCd/Domn/Fmly/SubFmlyCd")
        reason = " ".join(
            filter(
                None, (text(self.element, "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry"), text(self.element, "RtrInf/AddtlInf"))
            )
        )
        return Detail(
            amounts=tuple(self._amounts()) if own_amounts else (),
            side=text(self.element, "CdtDbtInd"),
            references=self._references(),
            text=self._joined("RmtInf/Ustrd", "RmtInf/Strd/AddtlRmtInf"),
            additional=self._joined("AddtlTxInf", "AddtlNtryInf"),
            debtor=self._party("Dbtr"),
            creditor=self._party("Cdtr"),
            bank_ref=self._one(checking.reference, "Refs/AcctSvcrRef", "AcctSvcrRef"),
            code=self._code(),
            returned=bool(reason) or family in RETURNS or text(self.element, "RvslInd") in ("true", "1"),
            reason=self.findings.attempt(self._at("RtrInf"), checking.reason, reason) or "",
        )

    def _amounts(self) -> list[tuple[Decimal, str]]:
        found = []
        for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/CntrValAmt/Amt", "AmtDtls/InstdAmt/Amt"):
            amount = find(self.element, path)
            if amount is None:
                continue
            currency = amount.get("Ccy", "")
            try:
                money = checking.money(checking.number((amount.text or "").strip()), checking.currency(currency))
            except Unfit as problem:
                self.findings.tell(self._at(path), amount.text or currency, problem.expected, **problem.params)
                continue
            found.append((money.decimal, currency))
        return found

    def _references(self) -> tuple[str, ...]:
        single = (self._one(checking.reference, path) for path in REFERENCES)
        listed = (
            self.findings.attempt(self._at(path), checking.reference, each) or ""
            for path in IN_REMITTANCE
            for each in texts(self.element, path)
        )
        return checking.distinct((*listed, *single))

    def _party(self, role: str) -> tuple[str, str]:
        return (
            self._one(checking.name, f"RltdPties/{role}/Pty/Nm", f"RltdPties/{role}/Nm"),
            self._one(checking.account, f"RltdPties/{role}Acct/Id/IBAN", f"RltdPties/{role}Acct/Id/Othr/Id"),
        )

    def _code(self) -> str:
        parts = [text(self.element, f"BkTxCd/Domn/{path}") for path in ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd")]
        found = "/".join(filter(None, parts)) or text(self.element, "BkTxCd/Prtry/Cd")
        return self.findings.attempt(self._at("BkTxCd"), checking.code, found) or ""

    def _joined(self, *paths: str) -> str:
        return self._words(" ".join(each for path in paths for each in texts(self.element, path)), paths[0])

    def _words(self, found: str, path: str) -> str:
        return self.findings.attempt(self._at(path), checking.words, found) or ""

    def _one(self, read: Callable[[str], str], *paths: str) -> str:
        found = text(self.element, *paths)
        return self.findings.attempt(self._at(paths[0]), read, found) or ""
