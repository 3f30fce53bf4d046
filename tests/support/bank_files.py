"""Bank files: CAMT.053, MT940, OFX and CSV texts made of lines, as banks would write them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from textwrap import wrap
from typing import TypeAlias
from xml.sax.saxutils import escape

from domain.banking.columns import BankColumns, Column
from domain.banking.files import FileLine
from domain.shared.money import Money

IBAN = "GB33BUKB20201555555555"
DAY = date(2026, 3, 13)
Entry: TypeAlias = FileLine | Sequence[FileLine]
"""One line, or the lines that the bank booked as one batch."""
HEADERS = ("Date", "Value date", "Amount", "Balance", "Details", "Name", "IBAN", "Reference", "Transaction id")
COLUMNS = BankColumns(
    account=IBAN,
    currency="EUR",
    columns=dict(
        zip(
            (
                Column.BOOKED_ON,
                Column.VALUE_ON,
                Column.AMOUNT,
                Column.BALANCE,
                Column.TEXT,
                Column.NAME,
                Column.COUNTERPARTY,
                Column.REFERENCE,
                Column.BANK_REF,
            ),
            HEADERS,
            strict=True,
        )
    ),
    decimal=".",
)


def a_line(
    amount: str | Decimal,
    text: str = "",
    *,
    on: date = DAY,
    name: str = "Nordwind GmbH",
    account: str = "DE89370400440532013000",
    reference: str = "",
    bank_ref: str = "",
    returned: bool = False,
    reason: str = "",
    currency: str = "EUR",
) -> FileLine:
    """A line of this amount (credit positive), all of one day unless said otherwise."""
    return FileLine(
        booked_on=on,
        value_on=on,
        amount=Money.of(amount, currency),
        references=(reference,) if reference else (),
        text=text,
        counterparty_name=name,
        counterparty_account=account,
        bank_ref=bank_ref,
        returned=returned,
        reason=reason,
    )


def a_camt053(*entries: Entry, opening: str = "1000.00", closing: str | None = None, version: int = 8) -> bytes:
    """A CAMT.053 of one statement; its closing balance follows from the lines unless another is told."""
    lines = _flat(entries)
    currency = lines[0].amount.currency if lines else "EUR"
    begins = Money.of(opening, currency)
    ends = Money.of(closing, currency) if closing else Money.sum((line.amount for line in lines), currency) + begins
    first, last = _days(lines)
    body = "".join(_entry([entry] if isinstance(entry, FileLine) else entry, version) for entry in entries)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.'
        f'{version:02d}"><BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId><CreDtTm>{last}T22:00:00</CreDtTm></GrpHdr>\n'
        f"<Stmt><Id>STMT-{last}</Id><FrToDt><FrDtTm>{first}T00:00:00</FrDtTm><ToDtTm>{last}T23:59:59</ToDtTm></FrToDt>"
        f"<Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>{currency}</Ccy></Acct>\n"
        f"{_balance('OPBD', begins, first)}{_balance('CLBD', ends, last)}{body}</Stmt></BkToCstmrStmt></Document>\n"
    ).encode()


def an_mt940(*lines: FileLine, opening: str = "1000.00", closing: str | None = None) -> bytes:
    """An MT940 of one statement, its field 86 in the German structure."""
    currency = lines[0].amount.currency if lines else "EUR"
    begins = Money.of(opening, currency)
    ends = Money.of(closing, currency) if closing else Money.sum((line.amount for line in lines), currency) + begins
    first, last = _days(lines)
    entries = "".join(f"{_field_61(line)}\r\n{_field_86(line)}\r\n" for line in lines)
    return (
        f":20:STMT{last:%y%m%d}\r\n:25:{IBAN}\r\n:28C:{last:%j}/1\r\n:60F:{_swift_balance(begins, first)}\r\n"
        f"{entries}:62F:{_swift_balance(ends, last)}\r\n-\r\n"
    ).encode()


def an_ofx(*lines: FileLine, closing: str = "1000.00") -> bytes:
    """An OFX file of version 1 (SGML) with one bank statement."""
    currency = lines[0].amount.currency if lines else "EUR"
    first, last = _days(lines)
    entries = "".join(
        f"<STMTTRN><TRNTYPE>{'CREDIT' if line.amount.minor >= 0 else 'DEBIT'}<DTPOSTED>{line.booked_on:%Y%m%d}120000"
        f"<TRNAMT>{line.amount.decimal}<FITID>{line.bank_ref or f'F{number}'}"
        f"{f'<NAME>{escape(line.counterparty_name[:32])}' if line.counterparty_name else ''}"
        f"<MEMO>{escape(' '.join((line.text, *line.references)) or '-')}</STMTTRN>\r\n"
        for number, line in enumerate(lines, start=1)
    )
    return (
        "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nSECURITY:NONE\r\nENCODING:UTF-8\r\nCHARSET:NONE\r\n"
        "COMPRESSION:NONE\r\nOLDFILEUID:NONE\r\nNEWFILEUID:NONE\r\n\r\n"
        f"<OFX><BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STMTRS><CURDEF>{currency}<BANKACCTFROM><BANKID>20201555<ACCTID>{IBAN}"
        f"<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST><DTSTART>{first:%Y%m%d}<DTEND>{last:%Y%m%d}\r\n{entries}"
        f"</BANKTRANLIST><LEDGERBAL><BALAMT>{closing}<DTASOF>{last:%Y%m%d}</LEDGERBAL></STMTRS></STMTTRNRS>"
        "</BANKMSGSRSV1></OFX>\r\n"
    ).encode()


def a_bank_csv(*lines: FileLine, opening: str = "1000.00", separator: str = ",", encoding: str = "utf-8") -> bytes:
    """A CSV file with a running balance, to be read by COLUMNS."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(HEADERS)
    balance = Money.of(opening, lines[0].amount.currency if lines else "EUR")
    for line in lines:
        balance += line.amount
        told = (line.amount.decimal, balance.decimal, line.text, line.counterparty_name, line.counterparty_account)
        writer.writerow((line.booked_on, line.value_on, *told, " ".join(line.references), line.bank_ref))
    return out.getvalue().encode(encoding)


def _flat(entries: Sequence[Entry]) -> list[FileLine]:
    return [line for entry in entries for line in ([entry] if isinstance(entry, FileLine) else entry)]


def _days(lines: Sequence[FileLine]) -> tuple[date, date]:
    days = [line.booked_on for line in lines] or [DAY]
    return min(days), max(days)


def _balance(code: str, amount: Money, on: date) -> str:
    return f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_amount(amount)}<Dt><Dt>{on}</Dt></Dt></Bal>\n"


def _amount(amount: Money) -> str:
    side = "CRDT" if amount.minor >= 0 else "DBIT"
    return f'<Amt Ccy="{amount.currency}">{abs(amount.decimal)}</Amt><CdtDbtInd>{side}</CdtDbtInd>'


def _entry(lines: Sequence[FileLine], version: int) -> str:
    whole = Money.sum((line.amount for line in lines), lines[0].amount.currency)
    status = "<Sts>BOOK</Sts>" if version < 4 else "<Sts><Cd>BOOK</Cd></Sts>"
    family = "RRTN" if lines[0].returned else "ESCT"
    return (
        f"<Ntry>{_amount(whole)}{status}<BookgDt><Dt>{lines[0].booked_on}</Dt></BookgDt>"
        f"<ValDt><Dt>{lines[0].value_on}</Dt></ValDt><AcctSvcrRef>{escape(lines[0].bank_ref or 'NONREF')}</AcctSvcrRef>"
        f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>{family}</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls>{''.join(_details(line, version, alone=len(lines) == 1) for line in lines)}</NtryDtls></Ntry>\n"
    )


def _details(line: FileLine, version: int, *, alone: bool) -> str:
    role = "Dbtr" if line.amount.minor >= 0 else "Cdtr"
    name = f"<Nm>{escape(line.counterparty_name)}</Nm>"
    references = "".join(f"<EndToEndId>{escape(each)}</EndToEndId>" for each in line.references[:1])
    own = f"<AcctSvcrRef>{escape(line.bank_ref)}</AcctSvcrRef>" if line.bank_ref else ""
    returned = f"<RtrInf><Rsn><Cd>{escape(line.reason)}</Cd></Rsn></RtrInf>" if line.reason else ""
    words = "".join(f"<Ustrd>{escape(part)}</Ustrd>" for part in wrap(line.text, 140))
    account = f"<{role}Acct><Id><IBAN>{line.counterparty_account}</IBAN></Id></{role}Acct>"
    return (
        f"<TxDtls><Refs>{own}{references}</Refs>{'' if alone else _amount(line.amount)}<RltdPties><{role}>"
        f"{name if version < 4 else f'<Pty>{name}</Pty>'}</{role}>"
        f"{account if line.counterparty_account else ''}</RltdPties><RmtInf>{words}</RmtInf>{returned}</TxDtls>"
    )


def _swift_balance(amount: Money, on: date) -> str:
    return f"{'C' if amount.minor >= 0 else 'D'}{on:%y%m%d}{amount.currency}{_swift(amount)}"


def _swift(amount: Money) -> str:
    return f"{abs(amount.decimal):.2f}".replace(".", ",")


def _field_61(line: FileLine) -> str:
    mark = ("RD" if line.returned else "C") if line.amount.minor >= 0 else ("RC" if line.returned else "D")
    bank_ref = f"//{line.bank_ref}" if line.bank_ref else ""
    return f":61:{line.value_on:%y%m%d}{line.booked_on:%m%d}{mark}{_swift(line.amount)}NTRFNONREF{bank_ref}"


def _field_86(line: FileLine) -> str:
    """`?20` to `?29` hold 27 characters each, which is why words are broken anywhere."""
    reference = f"EREF+{line.references[0]}" if line.references else ""
    words = f"{reference}SVWZ+{line.text}"
    parts = [words[at : at + 27] for at in range(0, min(len(words), 270), 27)]
    purpose = "".join(f"?{number}{part}" for number, part in enumerate(parts, start=20))
    kind = "159" if line.returned else "166"
    back = f"?34{line.reason}" if line.reason else ""
    text = f"{kind}?00UEBERWEISUNG{purpose}?31{line.counterparty_account}?32{line.counterparty_name[:27]}{back}"
    return ":86:" + "\r\n".join(text[at : at + 65] for at in range(0, len(text), 65))


def consecutive(lines: Sequence[FileLine], first: date) -> list[FileLine]:
    """The lines over days that follow each other, ten a day, as a busy account has them."""
    return [
        replace(line, booked_on=day, value_on=day)
        for number, line in enumerate(lines)
        for day in [first + timedelta(days=number // 10)]
    ]
