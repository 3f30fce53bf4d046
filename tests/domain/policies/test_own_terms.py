"""Own terms: an account reads its own days, its currency, and the base rate of today where it is known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from domain.accounts import queries as accounts
from domain.policies.contacting import Channel, Wording
from domain.policies.own_terms import told_to, told_today
from domain.policies.reference_rates import NewRate, enter, vouch
from domain.policies.ruling import RuleBook
from domain.policies.sections import (
    Band,
    Dunning,
    DunningStep,
    EarlyDiscount,
    LateInterest,
    RecoveryCost,
    Reference,
    Sections,
    Terms,
)
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from tests.support.builders import an_account
from tests.support.policies import a_policy
from tests.support.terms import NET_30, TWO_TEN

SECTIONS = Sections(
    early_discount=EarlyDiscount(percent=Decimal(2), days=10),
    late_interest=LateInterest(reference=Reference.BOE, margin=Decimal(8), least_minor=10_00),
    recovery_cost=RecoveryCost(currency="GBP", bands=(Band(40_00),)),
)

FIRST = DunningStep(day=7, channel=Channel.EMAIL, wording=Wording.FIRST_REMINDER)


def read(db: Database, sections: Sections | None, **more: object) -> dict[str, list[str]]:
    """All that an account reads, section by section."""
    with db.transaction() as session:
        account = an_account(session, **more)  # type: ignore[arg-type]
        version_id = a_policy(session, sections).id if sections is not None else None
    with db.reading() as session:
        version = RuleBook(session, ()).versions[version_id] if version_id is not None else None
        told = told_to(session, accounts.account(session, account.id), version)
    return {one.name: [str(words) for words in (*one.sentences, one.example) if words] for one in told}


@pytest.mark.parametrize(
    ("days", "due"),
    [
        (0, ["Payment is due on the day of the invoice.", "An invoice of 2027-03-05 is due on 2027-03-05."]),
        (1, ["Payment is due on the day after the invoice.", "An invoice of 2027-03-05 is due on 2027-03-06."]),
        (21, ["Payment is due within 21 days.", "An invoice of 2027-03-05 is due on 2027-03-26."]),
    ],
)
@pytest.mark.parametrize(
    "sections", [None, Sections(terms=Terms()), Sections(early_discount=TWO_TEN)], ids=["none", "left to it", "unsaid"]
)
def test_the_days_of_the_account_are_named(db: Database, sections: Sections | None, days: int, due: list[str]) -> None:
    assert read(db, sections, terms_days=days)["Payment terms"] == due


def test_days_that_the_terms_name_stay_theirs(db: Database) -> None:
    assert read(db, Sections(terms=NET_30), terms_days=60)["Payment terms"][0] == "Payment is due within 30 days."


def test_examples_are_in_the_currency_of_the_account_and_say_what_such_an_invoice_costs(db: Database) -> None:
    told = read(db, SECTIONS, currency="EUR")

    assert "1000.00 EUR within 10 days, you save 20.00 EUR" in told["Early-payment discount"][-1]
    assert "1000.00 EUR 30 days late, the interest is 9.86 EUR." in told["Late interest"][-1]
    assert not any("If you pay" in words for words in told["Recovery costs"])


def test_the_base_rate_of_today_is_named_where_it_is_known(db: Database) -> None:
    before = read(db, SECTIONS)["Late interest"]
    with db.transaction() as session:
        enter(session, NewRate(Reference.BOE, date(2025, 12, 18), Decimal("3.75"), "its site"), actor=OPERATOR)
        vouch(session, Reference.BOE, date(2025, 12, 31), actor=OPERATOR)

    after = read(db, SECTIONS)["Late interest"]

    assert not any("begins now" in words for words in before)
    assert "is 3.75 per cent: that makes 11.75 per cent a year." in after[1]


def test_when_an_account_hears_from_us_follows_the_version_assigned_today(db: Database) -> None:
    early = Sections(dunning=Dunning(steps=(FIRST,)), terms=NET_30)
    late = Sections(dunning=Dunning(steps=(msgspec.structs.replace(FIRST, day=9),)))
    with db.transaction() as session:
        account = an_account(session)
        accepted = a_policy(session, early).id
        a_policy(session, late)
    with db.reading() as session:
        row, governing = accounts.account(session, account.id), RuleBook(session, ()).versions[accepted]

        told = {one.name: one.sentences for one in told_today(session, row, governing)}

    assert [words.params for words in told["When you hear from us"]] == [{"days": (9,)}]
    assert [str(words) for words in told["Payment terms"]] == ["Payment is due within 30 days."]
