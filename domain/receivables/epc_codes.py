"""EPC codes: what a payer's banking app reads from a picture to fill in a transfer in euro by itself; pure.

The layout is EPC069-12, version 002 (in Austria, Belgium, Finland, Germany and the Netherlands it is called Girocode or
"scan to pay"): lines parted by LF in a fixed order, in UTF-8, at most 331 bytes.
"""

from __future__ import annotations

from domain.shared.business import BankDetails
from domain.shared.money import Money

CURRENCY = "EUR"
LARGEST = Money(99_999_999_999, CURRENCY)
LONGEST_NAME = 70
"""Characters."""
LONGEST_CODE = 331
"""Bytes."""


def epc_code(bank: BankDetails, amount: Money, reference: str) -> bytes | None:
    """A transfer of `amount` to `bank` with this ISO 11649 reference, as a banking app reads it.

    None where there cannot be one: another currency, no IBAN, an amount or a name that the layout has no room for.
    """
    if amount.currency != CURRENCY or not bank.iban or not 0 < amount.minor <= LARGEST.minor:
        return None
    if not 0 < len(bank.holder) <= LONGEST_NAME:
        return None
    lines = (
        "BCD",
        "002",
        "1",  # UTF-8
        "SCT",
        bank.bic,
        bank.holder,
        bank.iban,
        f"{CURRENCY}{amount.decimal}",
        "",  # the purpose, which nobody needs
        reference,
    )
    code = "\n".join(lines).encode()
    return code if len(code) <= LONGEST_CODE else None
