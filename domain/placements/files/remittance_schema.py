"""Remittance schema: what a remittance of a placement file says, and each of its lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from domain.placements.files import forms
from domain.placements.files.fields import Said
from domain.placements.model import Remits


class LineKind(StrEnum):
    """What a line of a remittance is about."""

    PAYMENT = "payment"
    BOUNCED = "bounced"
    MISSING = "missing"
    OVERPAID = "overpaid"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemittedLine:
    """One thing that a remittance pays over, or takes off."""

    about: Annotated[LineKind, Said(forms.one_of(LineKind), "What the line is about: see the table below.", "payment")]
    placement: Annotated[
        str | None,
        Said(forms.text(64), "The `reference` of the placement that the payment was for.", "HO-000017"),
    ] = None
    partner_reference: Annotated[
        str | None,
        Said(forms.text(64), "The partner's own reference of that payment, as it was told in an update.", "FR-88121"),
    ] = None
    corrects: Annotated[
        str | None,
        Said(forms.text(64), "The `reference` of the earlier remittance that is put right.", "FR-R-2026-11"),
    ] = None
    amount: Annotated[
        Decimal,
        Said(forms.AMOUNTS, "All of the payment; or what was missing, or too much. Above zero.", "250.00"),
    ]
    commission: Annotated[
        Decimal | None,
        Said(forms.AMOUNTS, "What the partner keeps of the payment as its commission, without tax.", "62.50"),
    ] = None
    tax: Annotated[Decimal | None, Said(forms.AMOUNTS, "What it keeps as the tax on that.", "12.50")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remitted:
    """Money that the partner pays over to the creditor in one sum; `lines` say what for."""

    reference: Annotated[
        str,
        Said(
            forms.text(64),
            "The partner's own reference of the remittance, never used twice; quote it in the transfer.",
            "FR-R-2026-12",
        ),
    ]
    way: Annotated[
        Remits,
        Said(
            forms.one_of(Remits),
            "`net`: the partner keeps its commission and the tax on it; `gross`: it keeps nothing, and invoices them.",
            "net",
        ),
    ]
    remitted_on: Annotated[
        date, Said(forms.DAYS, "The day on which it was sent. Not after the file was made.", "2026-12-31")
    ]
    currency: Annotated[str, Said(forms.CURRENCIES, "The currency of every amount of the remittance.", "GBP")]
    paid: Annotated[
        Decimal, Said(forms.AMOUNTS, "What comes to the creditor's bank: what the lines come to.", "175.00")
    ]
    lines: tuple[RemittedLine, ...]


LINE_MUST: dict[LineKind, tuple[str, ...]] = {
    LineKind.PAYMENT: ("placement", "partner_reference"),
    LineKind.BOUNCED: ("placement", "partner_reference"),
    LineKind.MISSING: ("corrects",),
    LineKind.OVERPAID: ("corrects",),
}
"""What each line of a remittance has beside `about` and `amount`; commission and tax stand with payments alone."""
LINE_SAYS: dict[LineKind, str] = {
    LineKind.PAYMENT: "A payment that the debtor made to the partner is paid over. It adds to the remittance.",
    LineKind.BOUNCED: "A payment that was told went back, and is taken off, with the commission that was kept of it.",
    LineKind.MISSING: "What was missing of an earlier remittance is paid now. It adds to the remittance.",
    LineKind.OVERPAID: "What an earlier remittance paid too much is taken off.",
}
"""What each line means."""
ADDS = frozenset({LineKind.PAYMENT, LineKind.MISSING})
"""The lines that add to a remittance; the others are taken off."""
