"""MT940 details: what field 86 says of a payment, in the German, the Dutch or no structure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.bank_files import checking

CODE_WORDS = re.compile(r"/([A-Z0-9]{2,4})/")
"""The code words of the Dutch structure: /EREF/…/ORDP//NAME/…/REMI/…"""
KNOWN = re.compile(
    "ADDR|BENM|BIC|BUSP|CNTP|CREF|CSID|EREF|IBAN|INIT|ISDT|MARF|MREF|NAME|NRTX|ORDP|PREF|PURP|REMI|RREF|RTRN|SWOC|TRCD"
    "|TRTP|ULTB|ULTD"
)
"""Those that Dutch and Belgian banks document; anything else between two strokes is the payer's."""
UNSTRUCTURED = re.compile(r"^USTD//|^STRD/(?:CUR|ISO)?/?")
GVC_RETURN = frozenset({"108", "109", "159", "184", "185"})
"""German business transaction codes (DK, GVC) of returned direct debits and transfers."""


@dataclass(frozen=True, slots=True)
class Details:
    """What field 86 tells; empty where it does not."""

    text: str
    references: tuple[str, ...] = ()
    name: str = ""
    account: str = ""
    code: str = ""
    reason: str = ""


def details_of(told: Mapping[str, Any]) -> Details:
    """The details of one entry as the library has taken it apart. Raises Unfit."""
    if told.get("transaction_code"):
        return _german(told)
    free = _unfolded(str(told.get("transaction_details") or ""))
    pieces = _pieces(free)
    return _dutch(pieces) if pieces else Details(text=checking.words(free or str(told.get("extra_details") or "")))


def _german(told: Mapping[str, Any]) -> Details:
    code = str(told["transaction_code"])
    returned = told.get("return_debit_notes") or ("" if code not in GVC_RETURN else told.get("posting_text") or code)
    return Details(
        text=checking.words(" ".join(filter(None, (told.get("purpose"), told.get("additional_purpose"))))),
        references=checking.distinct(
            checking.reference(told.get(key) or "")
            for key in ("end_to_end_reference", "additional_position_reference", "customer_reference")
        ),
        name=checking.name(told.get("deviate_applicant") or told.get("applicant_name") or ""),
        account=checking.account(told.get("gvc_applicant_iban") or told.get("applicant_iban") or ""),
        code=checking.code(code),
        reason=checking.reason(str(returned)),
    )


def _dutch(pieces: Mapping[str, str]) -> Details:
    party = next((pieces[each] for each in ("ORDP", "BENM", "CNTP") if each in pieces), "")
    fields = party.split("/") if "CNTP" in pieces else []
    remittance = UNSTRUCTURED.sub("", pieces.get("REMI", "")).strip("/")
    return Details(
        text=checking.words(remittance),
        references=checking.distinct(
            checking.reference(pieces.get(each, "").strip("/")) for each in ("EREF", "MARF", "MREF", "PREF")
        ),
        name=checking.name(fields[2] if len(fields) > 2 else pieces.get("NAME", "").strip("/")),
        account=checking.account(fields[0] if fields else pieces.get("IBAN", "").strip("/")),
        reason=checking.reason(pieces.get("RTRN", "").strip("/")),
    )


def _pieces(free: str) -> dict[str, str]:
    """The words behind each code word; none where the text has no such structure."""
    if not free.startswith("/"):
        return {}
    found = list(CODE_WORDS.finditer(free))
    known = [match for match in found if KNOWN.fullmatch(match[1])]
    ends = [match.start() for match in known[1:]] + [len(free)]
    return {match[1]: free[match.end() : end] for match, end in zip(known, ends, strict=True)}


def _unfolded(text: str) -> str:
    """Lines put together: a structured field is broken anywhere, free words between words."""
    lines = text.split("\n")
    return "".join(lines) if text.startswith("/") else " ".join(line.strip() for line in lines)
