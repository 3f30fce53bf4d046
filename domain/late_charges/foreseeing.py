"""Foreseeing: what would be charged for lateness on any day, by what is known now; writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from domain.accounts.model import LegalForm
from domain.late_charges.charging import reckon_all
from domain.late_charges.facts import accounts_overdue, debts, overdue, rules
from domain.late_charges.reckoning import Debt, Reckoned, is_reached
from domain.policies.rates import RateMissing
from domain.policies.sections import Sections
from domain.shared.chunking import chunks

AT_ONCE = 200
"""Accounts that are reckoned at a time."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What that day would charge; the rates it lacks, once an invoice; and whom rules for businesses may wrongly miss.

    `of_unknown_form` counts the overdue invoices of customers whose legal form nobody has entered.
    """

    day: date
    reckoned: list[Reckoned]
    missing: list[RateMissing]
    of_unknown_form: int


def foresee(session: Session, day: date) -> Foreseen:
    """What would be charged, and taken back, on a day: by what is paid now, as if the rest stayed open."""
    ruling = rules(session)
    charged: list[Reckoned] = []
    missing: list[RateMissing] = []
    unknown = 0
    for some in chunks(accounts_overdue(session, ruling, day), AT_ONCE):
        found = debts(session, overdue(ruling, day), some)
        reckoned = reckon_all(found, ruling, day, before=day - timedelta(days=1))
        charged += reckoned.reckoned
        missing += reckoned.missing
        unknown += sum(_is_missed(debt, ruling.terms[debt.version_id]) for debt in found)
    return Foreseen(day, charged, missing, unknown)


def _is_missed(debt: Debt, terms: Sections) -> bool:
    rules_for_all = [rule for rule in (terms.late_interest, terms.recovery_cost) if rule is not None]
    return debt.legal_form is LegalForm.UNKNOWN and not all(is_reached(debt.legal_form, rule) for rule in rules_for_all)
