"""Choosing over several accounts: each in its currency, what is due, what is not theirs, what somebody is paying."""

from __future__ import annotations

import pytest

from domain.accounts.queries import lock
from domain.policies.sections import Sections
from domain.receivables.model import Invoice
from domain.rounds.choosing import due, open_invoices, owing, plan
from domain.shared.db.session import Database
from domain.shared.errors import Invalid, NotFound
from domain.shared.money import Money
from tests.support.builders import an_account, an_invoice, money
from tests.support.disputing import contest
from tests.support.outside import MemoryStore
from tests.support.paying import Debt, open_page
from tests.support.planning import a_running_plan
from tests.support.policies import a_policy
from tests.support.rounds import Office, a_client, an_office
from tests.support.terms import TWO_TEN


@pytest.fixture
def office(db: Database) -> Office:
    return an_office(db)


def test_accounts_with_something_open_can_be_chosen_each_in_its_currency(office: Office) -> None:
    with office.db.transaction() as session:
        an_account(session, name="Another's")
    a_client(office.db, "Cedar (nothing open)", ())

    with office.db.reading() as session:
        found = [(each.account.name, each.open) for each in owing(session, office.ana)]
        shown = open_invoices(session, office.ana, [office.second.account_id])

    assert found == [("Alder Ltd", money("150")), ("Birch GmbH", Money.of("75", "EUR"))]
    assert [[row.id for row in rows] for rows in shown.values()] == [office.second.invoices]


def test_all_that_is_due_is_what_is_due_until_today(office: Office) -> None:
    with pytest.raises(Invalid), office.db.reading() as session:
        plan(session, office.ana, all_due_of=[office.first.account_id])
    with office.db.transaction() as session:
        account = lock(session, office.first.account_id)
        late = an_invoice(session, account, "9", issued_on=account.created_at.date().replace(year=2020)).id

    with office.db.reading() as session:
        [planned] = plan(session, office.ana, all_due_of=[office.first.account_id])
        told = due(session, [office.first.account_id, office.second.account_id])

    assert ([each.id for each in planned.invoices], planned.total) == ([late], money("9"))
    assert told == {office.first.account_id: (900, 1)}


def test_what_is_not_theirs_is_not_there(office: Office) -> None:
    with office.db.transaction() as session:
        other = an_account(session)
        invoice = an_invoice(session, other, "5").id

    with office.db.reading() as session:
        with pytest.raises(NotFound):
            plan(session, office.ana, invoice_ids=[invoice])
        with pytest.raises(NotFound):
            plan(session, office.ana, all_due_of=[other.id])
        with pytest.raises(NotFound):
            open_invoices(session, office.ana, [other.id])


def test_what_somebody_is_paying_is_told_and_left_out(office: Office) -> None:
    paying = Debt(office.first.account_id, office.first.invoices, office.first.ben, office.first.ben)
    open_page(office.db, office.processor, paying, {office.first.invoices[0]: money("120")})

    with office.db.reading() as session:
        [planned] = plan(session, office.ana, invoice_ids=office.first.invoices)

    assert [row.id for row in planned.claimed] == [office.first.invoices[0]]
    assert planned.total == money("30")


def test_what_is_disputed_is_left_out_and_told(office: Office) -> None:
    with office.db.transaction() as session:
        account = lock(session, office.first.account_id)
        long_ago = account.created_at.date().replace(year=2020)
        part, whole = (an_invoice(session, account, amount, issued_on=long_ago) for amount in ("100", "9"))
        contest(session, account, part, "40")
        contest(session, account, whole)

    with office.db.reading() as session:
        first = owing(session, office.ana)[0]
        told = due(session, [office.first.account_id])
        [planned] = plan(session, office.ana, all_due_of=[office.first.account_id])
        [named] = plan(session, office.ana, invoice_ids=[whole.id])

    assert (first.open, first.late, first.disputed) == (money("210"), money("60"), money("49"))
    assert told == {office.first.account_id: (6000, 1)}
    assert [(each.id, each.amount) for each in planned.invoices] == [(part.id, money("60"))]
    assert [(each.id, each.amount) for each in named.invoices] == [(whole.id, money("9"))]


def test_an_account_on_which_all_is_disputed_is_not_to_be_paid(office: Office) -> None:
    with office.db.transaction() as session:
        account = lock(session, office.second.account_id)
        contest(session, account, session.get_one(Invoice, office.second.invoices[0]))

    with office.db.reading() as session:
        found = [each.account.id for each in owing(session, office.ana)]

    assert found == [office.first.account_id]


def test_whoever_pays_early_is_asked_for_less(office: Office) -> None:
    with office.db.transaction() as session:
        a_policy(session, Sections(early_discount=TWO_TEN))
        clients = [lock(session, account_id) for account_id in (office.first.account_id, office.second.account_id)]
        new = [an_invoice(session, account, "100").id for account in clients]

    with office.db.reading() as session:
        planned = plan(session, office.ana, invoice_ids=[*new, office.first.invoices[0]])

    asked = {
        each.id: (each.amount.minor, each.offer and each.offer.saves.minor) for one in planned for each in one.invoices
    }
    assert asked == {**dict.fromkeys(new, (98_00, 2_00)), office.first.invoices[0]: (120_00, None)}


def test_what_a_plan_pays_is_not_asked_for(db: Database) -> None:
    with db.transaction() as session:
        account, actor, [invoice], _ = a_running_plan(session, MemoryStore(), "120.00")
        other = an_invoice(session, account, "30", issued_on=account.created_at.date().replace(year=2020)).id
        assert actor.id is not None

    with db.reading() as session:
        [found] = owing(session, actor.id)
        told = due(session, [account.id])
        [planned] = plan(session, actor.id, all_due_of=[account.id])

    assert (found.open, found.late, found.disputed) == (money("30"), money("30"), money("0"))
    assert told == {account.id: (3000, 1)}
    assert [each.id for each in planned.invoices] == [other]
    assert invoice.id != other
