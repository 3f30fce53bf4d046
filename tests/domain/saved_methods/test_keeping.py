"""Saved methods: who agreed, who may use them, and what becomes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from domain.outbox.model import OutboxMessage
from domain.saved_methods import queries
from domain.saved_methods.consenting import CONSENT_TEXTS, consent_for
from domain.saved_methods.keeping import keep, refresh, remove, share
from domain.saved_methods.model import MethodConsent, SavedMethod
from domain.shared.actor import WORKER, Actor
from domain.shared.db.session import Database
from domain.shared.errors import NotAllowed, NotFound
from tests.support.paying import Debt, a_debt
from tests.support.saving import VISA, a_method

DAY = date(2026, 3, 1)


@pytest.fixture
def debt(db: Database) -> Debt:
    return a_debt(db, "120")


def usable(db: Database, debt: Debt, login_id: int, day: date = DAY) -> list[str]:
    """What this login may pay with."""
    with db.reading() as session:
        return [row.label for row in queries.usable(session, debt.account_id, login_id, day)]


def test_what_is_kept_twice_is_one_method_and_belongs_to_whoever_agreed(db: Database, debt: Debt) -> None:
    first = a_method(db, debt.account_id, debt.ana)

    with db.transaction() as session:
        consent = consent_for(session, "setup:pm_1")
        assert consent is not None
        again = keep(session, consent, VISA, actor=WORKER).id

    assert again == first
    assert usable(db, debt, debt.ana) == ["Visa •••• 4242"]
    assert usable(db, debt, debt.ben) == []


def test_the_consent_says_to_which_words_when_and_from_where(db: Database, debt: Debt) -> None:
    a_method(db, debt.account_id, debt.ana)

    with db.reading() as session:
        consent = consent_for(session, "setup:pm_1")

    assert consent is not None
    assert consent.text_version in CONSENT_TEXTS
    assert (consent.login_id, consent.address, consent.user_agent) == (debt.ana, "203.0.113.7", "a browser")


@pytest.mark.tampers
def test_a_consent_cannot_be_changed_afterwards(db: Database, debt: Debt) -> None:
    a_method(db, debt.account_id, debt.ana)

    with pytest.raises(IntegrityError), db.transaction() as session:
        session.execute(update(MethodConsent).values(text_version="other"))


def test_only_the_owner_shares_and_removes(db: Database, debt: Debt) -> None:
    method = a_method(db, debt.account_id, debt.ana)
    with pytest.raises(NotFound), db.transaction() as session:
        share(session, debt.account_id, method, shared=True, login_id=debt.ben, actor=Actor.login(debt.ben))
    with db.transaction() as session:
        share(session, debt.account_id, method, shared=True, login_id=debt.ana, actor=Actor.login(debt.ana))

    with pytest.raises(NotAllowed) as refusal, db.transaction() as session:
        remove(session, debt.account_id, method, login_id=debt.ben, actor=Actor.login(debt.ben))

    assert refusal.value.who_can == ("Ana",)
    assert usable(db, debt, debt.ben) == ["Visa •••• 4242"]


def test_what_is_removed_is_gone_and_the_processor_is_told(db: Database, debt: Debt) -> None:
    method = a_method(db, debt.account_id, debt.ana)

    with db.transaction() as session:
        remove(session, debt.account_id, method, login_id=debt.ana, actor=Actor.login(debt.ana))

    assert usable(db, debt, debt.ana) == []
    with db.reading() as session:
        assert session.scalar(select(func.count()).where(OutboxMessage.kind == "forget_method")) == 1


def test_a_card_is_offered_through_its_last_month(db: Database, debt: Debt) -> None:
    a_method(db, debt.account_id, debt.ana)

    offered = [usable(db, debt, debt.ana, day) for day in (date(2030, 4, 30), date(2030, 5, 1))]

    assert offered == [["Visa •••• 4242"], []]


def test_a_renewed_card_has_its_new_last_month_and_the_same_news_is_no_news(db: Database, debt: Debt) -> None:
    method_id = a_method(db, debt.account_id, debt.ana)
    renewed = replace(VISA, label="Visa •••• 1111", expires=(2034, 9))

    with db.transaction() as session:
        method = session.get_one(SavedMethod, method_id)
        news = [refresh(session, method, renewed, actor=WORKER) for _ in range(2)]

    assert news == [True, False]
    assert usable(db, debt, debt.ana, date(2034, 1, 1)) == ["Visa •••• 1111"]


def test_ones_own_come_before_what_others_share(db: Database, debt: Debt) -> None:
    a_method(db, debt.account_id, debt.ana)
    a_method(db, debt.account_id, debt.ben, replace(VISA, method_ref="pm_2", label="Visa •••• 2222"), shared=True)

    assert usable(db, debt, debt.ana) == ["Visa •••• 4242", "Visa •••• 2222"]
    assert usable(db, debt, debt.ben) == ["Visa •••• 2222"]
