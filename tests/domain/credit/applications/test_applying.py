"""Applying for credit: nothing typed is lost, what cannot be right is refused, and what was sent stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.accounts.model import LegalForm
from domain.credit.applications import queries
from domain.credit.applications.applying import Reference, Sent, save, submit, under_way, withdraw
from domain.credit.applications.model import ApplicationState
from domain.shared.actor import Actor
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid, NotFound
from domain.tasks import queries as tasks
from domain.tasks.model import TaskKind
from tests.support.applying import SENT, apply_for_credit, somebody
from tests.support.builders import an_account, money

MAYA = Actor.login(1)


@pytest.fixture
def account(db: Database) -> int:
    with db.transaction() as session:
        return an_account(session).id


def test_a_draft_keeps_all_that_was_typed_however_wrong(db: Database, account: int) -> None:
    login = somebody(db, account)
    with db.transaction() as session:
        first = save(session, account, {"wanted": "lots", "country": "GB"}, login_id=login, actor=MAYA)
        second = save(session, account, {"wanted": "5,00x"}, login_id=login, actor=MAYA)
        kept = under_way(session, account)

    assert first.id == second.id
    assert kept is not None
    assert (kept.typed, kept.state) == ({"wanted": "5,00x"}, ApplicationState.DRAFT)


def test_what_is_sent_has_its_numbers_in_one_form_and_asks_staff_to_look(db: Database, account: int) -> None:
    sent = apply_for_credit(db, account)

    assert (sent.company_number, sent.company_number_checked) == ("00445790", True)
    assert (sent.tax_number, sent.wanted_minor, sent.state) == ("980780684", 3_000_00, ApplicationState.SUBMITTED)
    with db.reading() as session:
        assert [row.name for row in queries.references(session, sent.id)] == ["Bean Importers", "Cup Makers"]
        assert [task.kind for task in tasks.tasks_of(session, account)] == [TaskKind.CREDIT_APPLICATION]


def test_a_country_whose_numbers_nobody_knows_is_taken_and_said_to_be_unchecked(db: Database, account: int) -> None:
    sent = apply_for_credit(db, account, country="FJ", company_number="12", tax_number="34")

    assert (sent.company_number_checked, sent.tax_number_checked) == (False, False)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"company_number": "ABC"}, "company_number"),
        ({"company_number": ""}, "company_number"),
        ({"tax_number": "GB 980 7806 85"}, "tax_number"),
        ({"country": "XX"}, "country"),
        ({"trading_since": 2027}, "trading_since"),
        ({"trading_since": 0}, "trading_since"),
        ({"references": (Reference("a", "b"),) * 4}, "reference-1-name"),
    ],
)
def test_what_cannot_be_right_is_refused_beside_its_field(
    db: Database, account: int, changes: dict[str, object], field: str
) -> None:
    login = somebody(db, account)
    wrong: Sent = replace(SENT, **changes)  # type: ignore[arg-type]

    with pytest.raises(Invalid) as refused, db.transaction() as session:
        submit(session, account, {}, wrong, login_id=login, actor=MAYA)

    assert refused.value.field == field
    with db.reading() as session:
        assert under_way(session, account) is None


def test_a_person_needs_no_companys_number(db: Database, account: int) -> None:
    sent = apply_for_credit(db, account, legal_form=LegalForm.SOLE_TRADER, company_number="", tax_number="")

    assert (sent.company_number, sent.tax_number) == (None, None)


def test_what_was_sent_is_not_changed_nor_sent_again(db: Database, account: int) -> None:
    sent = apply_for_credit(db, account)

    with pytest.raises(Conflict), db.transaction() as session:
        save(session, account, {"wanted": "9"}, login_id=1, actor=MAYA)
    with pytest.raises(Conflict):
        apply_for_credit(db, account, wanted=money("9"))
    with db.reading() as session:
        assert queries.sent(session, sent.id).wanted_minor == 3_000_00


def test_who_thinks_better_of_it_may_begin_anew(db: Database, account: int) -> None:
    sent = apply_for_credit(db, account)

    with db.transaction() as session:
        withdraw(session, account, sent.id, actor=MAYA)

    with db.reading() as session:
        assert tasks.tasks_of(session, account) == []
    with pytest.raises(Conflict), db.transaction() as session:
        withdraw(session, account, sent.id, actor=MAYA)
    assert apply_for_credit(db, account).id != sent.id


def test_another_accounts_application_is_not_there(db: Database, account: int) -> None:
    sent = apply_for_credit(db, account)
    with db.transaction() as session:
        other = an_account(session).id

    with pytest.raises(NotFound), db.transaction() as session:
        withdraw(session, other, sent.id, actor=MAYA)


def test_staff_do_not_see_drafts(db: Database, account: int) -> None:
    login = somebody(db, account)
    with db.transaction() as session:
        draft = save(session, account, {}, login_id=login, actor=MAYA)

    with pytest.raises(NotFound), db.reading() as session:
        queries.sent(session, draft.id)
