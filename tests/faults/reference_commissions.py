"""Reference of commissions: what counts for an agency of the money that came, and what stands between it and us."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from tests.faults.reference_placements import Placements

TAX = Decimal("0.2")


def share(amount: int, rate: Decimal) -> int:
    """A share of an amount, halves away from zero."""
    return int((amount * rate).quantize(Decimal(1), ROUND_HALF_UP))


@dataclass
class Counted:
    """One row of what counts for a placement, what of it went back since, and what was done about its commission."""

    placement: int
    amount: int
    commission: int
    tax: int
    back: int = 0
    commission_back: int = 0


@dataclass
class Commissions(Placements):
    """The books as they should be, with an agency that keeps its commission of what it collects."""

    rates: dict[int, Decimal] = field(default_factory=dict)
    """The rate of each placement, once it was sent."""
    came_for: dict[str, list[int]] = field(default_factory=dict)
    """By payment to us: the placements that lay with the agency when it came."""
    direct: dict[tuple[int, str], list[Counted]] = field(default_factory=dict)
    to_remit: list[Counted] = field(default_factory=list)

    def comes(self, payment: str, account: int) -> None:
        """A payment to us comes; for these placements it may count."""
        self.came_for[payment] = [
            name for name, placed in self.placements.items() if placed.account == account and placed.is_placed
        ]

    def commissions_follow(self) -> None:
        """What stands on placed debts of each payment to us is what counts; the rest is added, or taken back."""
        for payment, names in self.came_for.items():
            for name in names:
                debts, rows = self.placements[name].debts, self.direct.setdefault((name, payment), [])
                stands = sum(amount for debt, amount in self.credits[payment].uses if debt in debts)
                differs = stands - sum(row.amount - row.back for row in rows)
                if differs > 0 and (self.placements[name].is_placed or rows):
                    self._accrue(self.count(name, differs, rows))
                elif differs < 0:
                    self._take_commission(name, rows, -differs)

    def count(self, name: int, amount: int, rows: list[Counted], bearing: int | None = None) -> Counted:
        """A row at the placement's rate; only what was needed of it bears commission."""
        commission = share(amount if bearing is None else bearing, self.rates[name])
        row = Counted(name, amount, commission, share(commission, TAX))
        rows.append(row)
        return row

    def collected(self, name: int, amount: int, needed: int) -> Counted:
        """The agency has money, which it owes us; so much of it was needed."""
        return self.count(name, amount, self.to_remit, needed)

    def bounced(self, row: Counted) -> None:
        """It has it no longer: exactly what was counted is taken back, now or with the next remittance."""
        self.to_remit.append(Counted(row.placement, -row.amount, -row.commission, -row.tax))

    def remit(self) -> None:
        """All that it has, less what it keeps, is at our bank."""
        amount = sum(row.amount for row in self.to_remit)
        commission, tax = sum(row.commission for row in self.to_remit), sum(row.tax for row in self.to_remit)
        self.move(amount - commission - tax, "bank", "due_from_agency")
        self.move(commission, "agency_commission", "due_from_agency")
        self.move(tax, "input_tax", "due_from_agency")
        self.to_remit.clear()

    def _accrue(self, row: Counted) -> None:
        self.move(row.commission, "agency_commission", "commission_accrued")

    def _take_commission(self, name: int, rows: list[Counted], amount: int) -> None:
        for row in reversed(rows):
            part = min(row.amount - row.back, amount)
            if part <= 0:
                continue
            rest = row.commission - row.commission_back
            commission = rest if part == row.amount - row.back else share(part, self.rates[name])
            self.move(commission, "commission_accrued", "agency_commission")
            row.back, row.commission_back = row.back + part, row.commission_back + commission
            amount -= part
