"""Bank file: lines of our bank account as the CAMT.053 statement that the bank would send."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from xml.sax.saxutils import escape

from domain.banking.files import FileLine
from domain.shared.money import Money

OUR_BANK_ACCOUNT = "GB33BUKB20201555555555"
"""The IBAN of examples: nobody's."""
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


def camt053(lines: Sequence[FileLine], opening: Money, last: date) -> bytes:
    """One statement over these lines that ends on `last`; its closing balance follows from them."""
    first = min((line.booked_on for line in lines), default=last)
    closing = Money.sum((line.amount for line in lines), opening.currency) + opening
    entries = "\n".join(_entry(line) for line in lines)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="{NAMESPACE}"><BkToCstmrStmt>
<GrpHdr><MsgId>NORTHGATE-{last}</MsgId><CreDtTm>{last}T22:00:00</CreDtTm></GrpHdr>
<Stmt><Id>STMT-{last}</Id>
<FrToDt><FrDtTm>{first}T00:00:00</FrDtTm><ToDtTm>{last}T23:59:59</ToDtTm></FrToDt>
<Acct><Id><IBAN>{OUR_BANK_ACCOUNT}</IBAN></Id><Ccy>{opening.currency}</Ccy></Acct>
{_balance("OPBD", opening, first)}
{_balance("CLBD", closing, last)}
{entries}
</Stmt></BkToCstmrStmt></Document>
""".encode()


def _balance(code: str, amount: Money, on: date) -> str:
    return f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_amount(amount)}<Dt><Dt>{on}</Dt></Dt></Bal>"


def _amount(amount: Money) -> str:
    side = "CRDT" if amount.minor >= 0 else "DBIT"
    return f'<Amt Ccy="{amount.currency}">{abs(amount.decimal)}</Amt><CdtDbtInd>{side}</CdtDbtInd>'


def _entry(line: FileLine) -> str:
    family, subfamily = ("RCDT", "ESCT") if line.amount.minor >= 0 else ("ICDT", "ESCT")
    party = "Dbtr" if line.amount.minor >= 0 else "Cdtr"
    back = f"<RtrInf><Rsn><Cd>{line.reason}</Cd></Rsn></RtrInf>" if line.reason else ""
    account = f"<{party}Acct><Id><IBAN>{line.counterparty_account}</IBAN></Id></{party}Acct>"
    return (
        f"<Ntry>{_amount(line.amount)}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{line.booked_on}</Dt></BookgDt>"
        f"<ValDt><Dt>{line.value_on}</Dt></ValDt><AcctSvcrRef>{line.bank_ref}</AcctSvcrRef>"
        f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>{family}</Cd><SubFmlyCd>{'RRTN' if line.returned else subfamily}"
        "</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls><TxDtls><Refs><AcctSvcrRef>{line.bank_ref}</AcctSvcrRef></Refs><RltdPties>"
        f"<{party}><Pty><Nm>{escape(line.counterparty_name)}</Nm></Pty></{party}>"
        f"{account if line.counterparty_account else ''}</RltdPties>"
        f"<RmtInf><Ustrd>{escape(line.text)}</Ustrd></RmtInf>{back}</TxDtls></NtryDtls></Ntry>"
    )
