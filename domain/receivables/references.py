"""References: the payment reference that an invoice bears, by which a bank transfer is known; pure.

It is an ISO 11649 creditor reference (`RF`, two check digits, our own part), which banks carry through unchanged and
payers can copy without fear: a mistyped one does not check.
"""

from __future__ import annotations

import re

from stdnum import iso11649

LETTER = "Q"
"""Begins our own part, so that a reference is known for ours."""
DIGITS = 6
IN_TEXT = re.compile(r"(?=(RF\s?[0-9]\s?[0-9]\s?Q(?:\s?[0-9])+))")
"""Where a reference may stand among other words; whether it is one, its check digits say."""


def reference_of(invoice_id: int) -> str:
    """The payment reference of an invoice, without spaces, such as RF23Q000042."""
    ours = f"{LETTER}{invoice_id:0{DIGITS}d}"
    return f"RF{_check_digits(ours)}{ours}"


def printed(reference: str) -> str:
    """A reference as people read it: in groups of four."""
    return str(iso11649.format(reference))


def invoice_of(reference: str) -> int | None:
    """The id of the invoice that a reference is of; None for what is no reference of ours or does not check."""
    compact = iso11649.compact(reference)
    ours = compact[4:]
    if not iso11649.is_valid(compact) or not re.fullmatch(rf"{LETTER}[0-9]{{{DIGITS},}}", ours):
        return None
    return int(ours[1:])


def invoices_in(text: str) -> list[int]:
    """The invoices whose references stand in a text, in their order, each once."""
    found = (_longest(match.group(1)) for match in IN_TEXT.finditer(text.upper()))
    return list(dict.fromkeys(invoice for invoice in found if invoice is not None))


def _longest(words: str) -> int | None:
    """The invoice of the longest beginning of `words` that is a reference: what follows it may be anything."""
    compact = words.replace(" ", "")
    shortest = len(reference_of(0))
    for length in range(len(compact), shortest - 1, -1):
        invoice = invoice_of(compact[:length])
        if invoice is not None:
            return invoice
    return None


def _check_digits(ours: str) -> str:
    """ISO 7064 mod 97-10, as ISO 11649 has it: letters count from A = 10."""
    number = int("".join(str(int(letter, 36)) for letter in f"{ours}RF00"))
    return f"{98 - number % 97:02d}"
