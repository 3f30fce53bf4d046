"""Tax rates: which rate a tax that was given as an amount must have been, for papers that have to name it; pure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from domain.shared.money import Money

HIGHEST = 30
"""Per cent; no value-added tax is higher (the EU's highest is 27)."""
HALF = Fraction(1, 2)


def rate_of(net: Money, tax: Money) -> Decimal | None:
    """The one rate in per cent, whole or else to a tenth, by which `net` bears `tax` to the nearest minor unit.

    None where no rate or several do, as of a line of a few pence. Directive 2006/112/EC, article 226 (9), and the UK's
    VAT Regulations 1995, 14 (1), want the rate on an invoice.
    """
    if not tax:
        return Decimal(0)
    for steps in (1, 10):
        found = [
            Decimal(tenths) / steps
            for tenths in range(1, HIGHEST * steps + 1)
            if abs(Fraction(net.minor * tenths, 100 * steps) - tax.minor) <= HALF
        ]
        if found:
            return found[0] if len(found) == 1 else None
    return None
