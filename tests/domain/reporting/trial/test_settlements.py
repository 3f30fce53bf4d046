"""Settlements in a trial: which late debt falls in which bracket, and what settling it would give up."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from domain.policies.sections import Bracket, Sections, Settlements
from domain.reporting.trial.scope import ALL, accounts_of
from domain.reporting.trial.trying import Trial, try_out
from domain.shared.db.session import Database, today
from tests.domain.reporting.trial.test_trying import only, sums
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import a_cheque
from tests.support.settling import SETTLEMENTS, an_accepted_offer

DAY = timedelta(days=1)
YOUNG, OLD = Bracket(late_days=60, most_percent=10), Bracket(late_days=180, most_percent=40)
SMALL = Bracket(late_days=60, most_percent=50, below_minor=100_00)


def tried(db: Database, settlements: Settlements | None) -> Trial:
    """The trial of these brackets on all accounts, of the past month up to today."""
    with db.reading() as session:
        day = today(session)
        return try_out(session, Sections(settlements=settlements), accounts_of(session, 0, ALL), day - 30 * DAY, day)


def debtor(session: Session, **late: int) -> None:
    """An account with an invoice for each of these days late, over so many pounds."""
    account, day = an_account(session), today(session)
    for name, pounds in late.items():
        due = day - int(name.removeprefix("late")) * DAY
        an_invoice(session, account, str(pounds), issued_on=due, due_on=due)


def kinds(trial: Trial, key: str) -> list[tuple[str, int]]:
    """What is tried of each bracket."""
    ((found),) = trial.currencies
    return [(str(kind.name), number.would) for kind, number in found.kinds.get(key, ())]


def test_debt_falls_in_its_bracket_by_its_age(db: Database) -> None:
    with db.transaction() as session:
        debtor(session, late59=100)
        debtor(session, late60=200)
        debtor(session, late180=400)

    found = tried(db, Settlements(brackets=(YOUNG, OLD)))

    assert (sums(found, "settleable"), sums(found, "given_up")) == ((600_00, 0), (180_00, 0))
    assert [minor for _, minor in kinds(found, "settleable")] == [200_00, 400_00]
    assert [minor for _, minor in kinds(found, "given_up")] == [20_00, 160_00]
    assert kinds(found, "given_up")[0][0].startswith("Of a debt at least 60 days late, at most 10 per cent")


def test_of_one_account_those_debts_are_taken_of_which_most_may_be_given_up(db: Database) -> None:
    with db.transaction() as session:
        debtor(session, late70=1000, late200=500)

    found = tried(db, Settlements(brackets=(YOUNG, OLD)))

    (entry,) = only(found).entries["given_up"]
    assert (sums(found, "settleable"), entry.would) == ((500_00, 0), 200_00)
    assert str(entry.said[0]) == "Tried: 200 days late; of 500.00 GBP, at most 40 per cent may be given up."


def test_a_bracket_for_small_debts_goes_by_all_that_would_be_settled_at_once(db: Database) -> None:
    with db.transaction() as session:
        debtor(session, late70=60)
        debtor(session, late70=60, late80=60)

    found = tried(db, Settlements(brackets=(YOUNG, SMALL)))

    assert sums(found, "given_up") == (30_00 + 12_00, 0)


def test_what_was_offered_and_given_up_happened(db: Database) -> None:
    with db.transaction() as session:
        an_accepted_offer(session, "100", pays="80")
        account, _, (invoice,), _ = an_accepted_offer(session, "200", pays="150")
        a_cheque(session, account, "150", wanted={invoice.id: money("150")})

    off, same = tried(db, None), tried(db, SETTLEMENTS)

    assert (sums(off, "settleable"), sums(off, "given_up")) == ((0, 100_00), (0, 50_00))
    assert (sums(same, "settleable"), sums(same, "given_up")) == ((100_00, 100_00), (30_00, 50_00))
