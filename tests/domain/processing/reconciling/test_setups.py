"""Saved methods as the processor reports them: kept as agreed, refreshed, lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS, Login
from domain.accounts.queries import lock
from domain.collecting.queries import running
from domain.collecting.turning import turn_on
from domain.outbox.model import OutboxMessage
from domain.payments import queries as payments
from domain.payments import sending, starting
from domain.payments.setting_up import start_setup
from domain.payments.snapshots import CheckoutSnapshot, CheckoutState, MethodSnapshot, SetupSnapshot
from domain.payments.snapshots import SetupState as Reported
from domain.processing.reconciling.payments import reconcile_checkout, reconcile_intent
from domain.processing.reconciling.setups import (
    customer_lost,
    keep_from_payment,
    method_lost,
    reconcile_method,
    reconcile_setup,
)
from domain.saved_methods import queries
from domain.saved_methods.consenting import Agreement
from domain.saved_methods.model import MethodSetup, SavedMethod, SetupState
from domain.shared.actor import OPERATOR, Actor
from domain.shared.db.session import Database, now
from domain.tasks.model import Task, TaskKind
from tests.support.builders import money
from tests.support.fakes import FakeProcessor, a_success
from tests.support.paying import Debt, a_debt
from tests.support.saving import AGREED, a_method

METHOD = MethodSnapshot("pm_1", "cus_1", "card", "Visa •••• 4242", (2030, 4))


@pytest.fixture
def debt(db: Database) -> Debt:
    return a_debt(db, "120")


@pytest.fixture
def setup(db: Database, debt: Debt) -> SetupSnapshot:
    """A setup that has succeeded at the processor."""
    processor = FakeProcessor()
    sending.know_customer(db, processor, debt.account_id)
    with db.transaction() as session:
        ours = start_setup(
            session,
            processor,
            debt.account_id,
            login_id=debt.ana,
            agreement=AGREED,
            return_url="https://portal.example/{setup}",
            cancel_url="https://portal.example",
        )
        return SetupSnapshot("seti_1", ours.public_id, "quittance", Reported.SUCCEEDED, "pm_1", None)


def labels(db: Database, debt: Debt) -> list[tuple[str, bool]]:
    """What Ana has saved, and whether it is there."""
    with db.reading() as session:
        rows = queries.of_login(session, debt.account_id, debt.ana)
        return [(row.label, row.lost_at is None) for row in rows]


def state(db: Database) -> SetupState:
    """How the setup stands."""
    with db.reading() as session:
        return session.scalars(select(MethodSetup)).one().state


def paid(db: Database, debt: Debt, agreement: Agreement | None) -> int:
    """A payment on the processor's page that succeeded, with this agreement to keep the card; its id."""
    processor = FakeProcessor()
    sending.know_customer(db, processor, debt.account_id)
    with db.transaction() as session:
        started = starting.start(
            session,
            processor,
            debt.account_id,
            {debt.invoices[0]: money("120")},
            login_id=debt.ana,
            return_url="https://portal.example/{payment}",
            cancel_url="https://portal.example",
            language="en",
            actor=Actor.login(debt.ana),
            agreement=agreement,
        )
    with db.transaction() as session:
        success = replace(a_success(started.public_id, money("120"), now(session)), method_ref="pm_1")
        reconcile_intent(session, success)
        reconcile_intent(session, success)
    return started.payment_id


def waiting(db: Database, kind: str) -> int:
    """How many messages of a kind wait in the outbox."""
    with db.reading() as session:
        return len(session.scalars(select(OutboxMessage.id).where(OutboxMessage.kind == kind)).all())


def test_a_setup_that_succeeded_is_kept_once_however_often_it_is_told(
    db: Database, debt: Debt, setup: SetupSnapshot
) -> None:
    for _ in range(2):
        with db.transaction() as session:
            reconcile_setup(session, setup, METHOD)

    assert labels(db, debt) == [("Visa •••• 4242", True)]
    assert state(db) is SetupState.SAVED


def test_a_setup_that_is_not_ours_or_not_over_keeps_nothing(db: Database, debt: Debt, setup: SetupSnapshot) -> None:
    with db.transaction() as session:
        reconcile_setup(session, replace(setup, installation="another"), METHOD)
        reconcile_setup(session, replace(setup, setup_id=None), METHOD)
        reconcile_setup(session, replace(setup, state=Reported.WAITING, method_ref=None, failure="No."), None)

    assert labels(db, debt) == []
    assert state(db) is SetupState.PREPARED


def test_a_page_that_closed_ends_the_setup_but_never_one_that_was_saved(
    db: Database, debt: Debt, setup: SetupSnapshot
) -> None:
    closed = CheckoutSnapshot(
        "cs_1", None, "quittance", CheckoutState.EXPIRED, None, None, "seti_1", setup_id=setup.setup_id
    )
    with db.transaction() as session:
        reconcile_checkout(session, closed)
    ended = state(db)
    with db.transaction() as session:
        reconcile_setup(session, setup, METHOD)
        reconcile_checkout(session, closed)
        reconcile_setup(session, replace(setup, state=Reported.CANCELED), None)

    assert ended is SetupState.ENDED
    assert state(db) is SetupState.SAVED


def test_a_payment_keeps_its_card_only_where_that_was_agreed(db: Database, debt: Debt) -> None:
    with_consent = paid(db, debt, AGREED)
    messages = waiting(db, "keep_method")
    with db.transaction() as session:
        keep_from_payment(session, with_consent, METHOD)

    assert messages > 0
    assert labels(db, debt) == [("Visa •••• 4242", True)]


def test_a_payment_without_an_agreement_keeps_nothing(db: Database, debt: Debt) -> None:
    without = paid(db, debt, None)
    with db.transaction() as session:
        keep_from_payment(session, without, METHOD)

    assert waiting(db, "keep_method") == 0
    assert labels(db, debt) == []


def test_a_card_that_its_bank_renewed_is_refreshed_and_one_that_was_detached_is_lost(db: Database, debt: Debt) -> None:
    a_method(db, debt.account_id, debt.ana)

    with db.transaction() as session:
        reconcile_method(session, replace(METHOD, label="Visa •••• 1111", expires=(2034, 9)))
    renewed = labels(db, debt)
    with db.transaction() as session:
        reconcile_method(session, replace(METHOD, customer_id=None))

    assert renewed == [("Visa •••• 1111", True)]
    assert labels(db, debt) == [("Visa •••• 1111", False)]


def test_a_method_that_is_not_ours_is_left_alone(db: Database, debt: Debt) -> None:
    with db.transaction() as session:
        found = (reconcile_method(session, METHOD), method_lost(session, "pm_1"), customer_lost(session, "cus_1"))
        methods = session.scalars(select(SavedMethod)).all()

    assert found == (None, None, [])
    assert methods == []


def test_a_mandate_that_is_over_loses_its_method(db: Database, debt: Debt) -> None:
    a_method(db, debt.account_id, debt.ana)

    with db.transaction() as session:
        method_lost(session, "pm_1")

    assert labels(db, debt) == [("Visa •••• 4242", False)]


def test_automatic_payment_stops_with_its_method_and_staff_are_told(db: Database, debt: Debt) -> None:
    with db.transaction() as session:
        login = session.get_one(Login, debt.ana)
        grant(session, lock(session, debt.account_id), email=login.email, name="Ana", rights=ALL_RIGHTS, actor=OPERATOR)
    method = a_method(db, debt.account_id, debt.ana)
    with db.transaction() as session:
        turn_on(session, debt.account_id, method, AGREED, login_id=debt.ana, actor=Actor.login(debt.ana))

    with db.transaction() as session:
        reconcile_method(session, replace(METHOD, customer_id=None))

    with db.reading() as session:
        assert running(session, debt.account_id) is None
        assert [task.kind for task in session.scalars(select(Task))] == [TaskKind.METHOD_LOST]


def test_with_the_customer_all_that_was_saved_is_lost_and_the_account_is_made_known_again(
    db: Database, debt: Debt
) -> None:
    processor = FakeProcessor()
    sending.know_customer(db, processor, debt.account_id)
    a_method(db, debt.account_id, debt.ana)
    with db.reading() as session:
        name = payments.customer_id(session, debt.account_id)
    assert name is not None

    with db.transaction() as session:
        lost = len(customer_lost(session, name))
        again = len(customer_lost(session, name))
    sending.know_customer(db, processor, debt.account_id)

    assert (lost, again) == (1, 0)
    assert labels(db, debt) == [("Visa •••• 4242", False)]
    assert processor.calls["create_customer"] == 2
