"""Placed rules: whether a placement's amounts add up, its days agree, and nothing stands in it twice."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from domain.placements.files.flaws import Flaws
from domain.placements.files.money_rules import fits
from domain.placements.files.plain import Plain, taken
from domain.placements.files.schema import Contact, Debt, Placed
from domain.policies.sections import Part


def placed(plain: Plain, flaws: Flaws) -> Placed | None:
    """A placement with its contacts and debts; None where something is wrong with its form or with its sums."""
    before = len(flaws.found)
    itself = taken(Placed, plain, flaws)
    contacts = [values for each in plain.contacts if (values := taken(Contact, each, flaws))]
    debts = [values for each in plain.debts if (values := taken(Debt, each, flaws))]
    if itself is None or not debts or len(flaws.found) > before:
        return None
    found = Placed(
        **itself, contacts=tuple(Contact(**each) for each in contacts), debts=tuple(Debt(**each) for each in debts)
    )
    _check_debts(found, plain, flaws)
    _check_sums(found, plain, flaws)
    return found if len(flaws.found) == before else None


def once(found: Iterator[tuple[str, str]], flaws: Flaws) -> None:
    """Name each reference that stands in a file twice; given are places with their references."""
    places: dict[str, str] = {}
    for place, reference in found:
        if reference in places:
            wrong = f"This reference is that of {places[reference]} too."
            flaws.add(place, "reference", wrong, "Give each placement its own.")
        places.setdefault(reference, place)


def _check_debts(found: Placed, plain: Plain, flaws: Flaws) -> None:
    seen: set[str] = set()
    for debt, at in zip(found.debts, plain.debts, strict=True):
        if debt.number in seen:
            flaws.add(at.place, at.prefix + "number", "This number stands in the placement twice.", "Name a debt once.")
        seen.add(debt.number)
        for name, amount in (("amount", debt.amount), ("open", debt.open)):
            if fits(amount, found.currency, at.place, at.prefix + name, flaws) and not amount:
                flaws.add(at.place, at.prefix + name, "This is zero.", "Leave out a debt of which nothing is owed.")
        if debt.open > debt.amount:
            wrong = f"More is open than it came to ({debt.amount:f})."
            flaws.add(at.place, at.prefix + "open", wrong, "Write what of the amount is still owed.")
        _check_interest(debt, at, flaws)


def _check_interest(debt: Debt, at: Plain, flaws: Flaws) -> None:
    if (debt.interest_from is None) != (debt.interest_rate is None):
        missing = "interest_from" if debt.interest_from is None else "interest_rate"
        flaws.add(at.place, at.prefix + missing, "Only one of day and rate is given.", "Write both, or neither.")
    elif debt.interest_from is not None and debt.part is not Part.PRINCIPAL:
        wrong = "Only principal bears interest."
        flaws.add(at.place, at.prefix + "interest_from", wrong, "Leave interest_from and interest_rate empty.")


def _check_sums(found: Placed, plain: Plain, flaws: Flaws) -> None:
    parts = {"principal": found.principal, "interest": found.interest, "costs": found.costs}
    whole = [fits(amount, found.currency, plain.place, name, flaws) for name, amount in parts.items()]
    if not all([*whole, fits(found.total, found.currency, plain.place, "total", flaws)]):
        return
    for name, amount in parts.items():
        owed = sum((debt.open for debt in found.debts if debt.part == name), Decimal(0))
        if amount != owed:
            wrong = f"This is {amount:f}, and what is open of its debts of part {name} comes to {owed:f}."
            flaws.add(plain.place, name, wrong, "Make both the same.")
    together = sum(parts.values(), Decimal(0))
    if found.total != together:
        wrong = f"This is {found.total:f}, and principal, interest and costs come to {together:f}."
        flaws.add(plain.place, "total", wrong, "Make both the same.")
    oldest = min(debt.due_on for debt in found.debts)
    if found.delinquent_on != oldest:
        wrong = f"This is {found.delinquent_on}, and the debt that was due first was due on {oldest}."
        flaws.add(plain.place, "delinquent_on", wrong, "Write the earliest due_on of the debts.")
