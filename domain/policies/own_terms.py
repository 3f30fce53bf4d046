"""Own terms: what a version says to one account: with its own days, in its currency, at the base rate of today."""

from __future__ import annotations

from msgspec.structs import replace
from sqlalchemy.orm import Session

from domain.policies.comparing import Said, in_words
from domain.policies.examples import example
from domain.policies.paper import Told
from domain.policies.rates import RateMissing, rate_on, reference_day
from domain.policies.reference_rates import rate_table
from domain.policies.ruling import NOTHING, Version, sections_today
from domain.policies.sections import DueRule, LateInterest, Reference, Sections, Terms
from domain.policies.sentences import SECTION_NAMES
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business, today
from domain.shared.errors import N_
from domain.shared.words import Words


def told_to(session: Session, account: AnyRow, version: Version | None) -> list[Told]:
    """What a version says to this account; without one, its own payment terms alone.

    What leaves the due day to the account says its days. Examples are in the account's currency; those of interest, and
    a sentence besides, name the rate of today, where it is known.
    """
    return _all(session, account, version.sections if version else NOTHING)


def told_today(session: Session, account: AnyRow, governing: Version | None) -> list[Told]:
    """What holds for this account today: what the version that governs its invoices says, and when it hears from us.

    That, and which plans can be made, follows the version assigned today, whatever was accepted.
    """
    rules = sections_today(session, account.id)
    said = governing.sections if governing else NOTHING
    return _all(session, account, replace(said, dunning=rules.dunning, courtesies=rules.courtesies, plans=rules.plans))


def _all(session: Session, account: AnyRow, sections: Sections) -> list[Told]:
    said = in_words(sections, business(session).currency, for_customer=True)
    found = [_told(session, account, one, getattr(sections, one.key)) for one in said]
    return found if sections.terms is not None else [_own_days(account), *found]


def _told(session: Session, account: AnyRow, said: Said, section: object) -> Told:
    home = business(session).currency
    sentences, base = list(said.sentences), None
    match section:
        case Terms(rule=DueRule.ACCOUNT):
            sentences = [_due(account)]
        case LateInterest(reference=published) if published is not Reference.FIXED:
            table, day = rate_table(session), today(session)
            try:
                base = table.at(published, reference_day(published, day))
                rate = rate_on(section, day, started_on=day, table=table)
                text = N_(
                    "The base rate for interest that begins now is {base} per cent: that makes {rate} per cent a year."
                )
                sentences.insert(1, Words.of(text, base=base, rate=rate))
            except RateMissing:
                base = None
        case _:
            pass
    worked = example(section, account.currency, home=home, own_days=account.terms_days, base=base)
    return Told(said.name, sentences, worked)


def _own_days(account: AnyRow) -> Told:
    terms = Terms(rule=DueRule.ACCOUNT)
    return Told(SECTION_NAMES["terms"], [_due(account)], example(terms, account.currency, own_days=account.terms_days))


def _due(account: AnyRow) -> Words:
    if not account.terms_days:
        return Words.of(N_("Payment is due on the day of the invoice."))
    if account.terms_days == 1:
        return Words.of(N_("Payment is due on the day after the invoice."))
    return Words.of(N_("Payment is due within {n} days."), n=account.terms_days)
