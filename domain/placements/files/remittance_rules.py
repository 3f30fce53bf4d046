"""Remittance rules: what each line has to say, that the lines come to what is paid, and that nothing is paid twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from domain.placements.files.flaws import Flaws
from domain.placements.files.money_rules import fits
from domain.placements.files.plain import Plain, taken
from domain.placements.files.remittance_schema import ADDS, LINE_MUST, LineKind, Remitted, RemittedLine
from domain.placements.files.schema import Header
from domain.placements.model import Remits

ABOUT = ("placement", "partner_reference", "corrects")
"""The fields that say which payment, or which remittance, a line is about."""
OF_PAYMENTS = frozenset({LineKind.PAYMENT, LineKind.BOUNCED})
"""The lines that a commission belongs to."""
A_DAY = timedelta(days=1)
"""Somewhere on earth it is tomorrow already when a file is made."""


def remitted(plain: Plain, flaws: Flaws) -> Remitted | None:
    """A remittance with its lines; None where something is wrong with its form or with its sum."""
    before = len(flaws.found)
    itself = taken(Remitted, plain, flaws)
    lines = [values for each in plain.lines if (values := taken(RemittedLine, each, flaws))]
    if itself is None or not lines or len(flaws.found) > before:
        return None
    found = Remitted(**itself, lines=tuple(RemittedLine(**each) for each in lines))
    for line, at in zip(found.lines, plain.lines, strict=True):
        _check_line(line, at, found, flaws)
    if fits(found.paid, found.currency, plain.place, "paid", flaws) and len(flaws.found) == before:
        _check_sum(found, plain.place, flaws)
    return found if len(flaws.found) == before else None


def comes_to(line: RemittedLine) -> Decimal:
    """What a line brings to the bank; below zero where it is taken off."""
    rest = line.amount - (line.commission or 0) - (line.tax or 0)
    return rest if line.about in ADDS else -rest


def stand_once(remittances: Sequence[tuple[str, Remitted]], header: Header, flaws: Flaws) -> None:
    """Name what stands in a file twice, and what has not happened yet; given with their places."""
    references: dict[str, str] = {}
    paid: dict[tuple[str | None, ...], str] = {}
    for place, each in remittances:
        if each.remitted_on > header.made_at.date() + A_DAY:
            flaws.add(place, "remitted_on", "This is after the file was made.", "Tell what has been sent.")
        if each.reference in references:
            wrong = f"This reference is that of {references[each.reference]} too."
            flaws.add(place, "reference", wrong, "Give each remittance its own.")
        references.setdefault(each.reference, place)
        for line in each.lines:
            about = (
                ("corrects", line.corrects) if line.corrects else (line.about, line.placement, line.partner_reference)
            )
            if about in paid:
                wrong = f"A line of {paid[about]} is about the same."
                name = "corrects" if line.corrects else "partner_reference"
                flaws.add(place, name, wrong, "Pay over each payment once.")
            paid.setdefault(about, place)


def _check_line(line: RemittedLine, at: Plain, of: Remitted, flaws: Flaws) -> None:
    must = LINE_MUST[line.about]
    for name in ABOUT:
        given = getattr(line, name) is not None
        if name in must and not given:
            flaws.add(at.place, at.prefix + name, f"A line “{line.about}” needs this.", "Write the reference.")
        if given and name not in must:
            flaws.add(at.place, at.prefix + name, f"A line “{line.about}” does not have this.", "Leave it empty.")
    if fits(line.amount, of.currency, at.place, at.prefix + "amount", flaws) and not line.amount:
        flaws.add(at.place, at.prefix + "amount", "This is zero.", "Leave out a line that comes to nothing.")
    for name, kept in (("commission", line.commission), ("tax", line.tax)):
        if kept is None:
            continue
        if of.way is Remits.GROSS and kept:
            wrong = "Nothing is kept of a gross remittance."
            flaws.add(at.place, at.prefix + name, wrong, "Leave it empty; the commission is invoiced.")
        elif line.about not in OF_PAYMENTS:
            flaws.add(at.place, at.prefix + name, f"A line “{line.about}” does not have this.", "Leave it empty.")
        else:
            fits(kept, of.currency, at.place, at.prefix + name, flaws)


def _check_sum(found: Remitted, place: str, flaws: Flaws) -> None:
    total = sum((comes_to(line) for line in found.lines), Decimal(0))
    if total < 0:
        flaws.add(place, "paid", "The lines come to less than nothing.", "Wait until more was collected.")
    elif total != found.paid:
        flaws.add(place, "paid", f"This is {found.paid:f}, and the lines come to {total:f}.", "Make both the same.")
