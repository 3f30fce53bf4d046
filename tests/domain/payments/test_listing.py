"""Payments of all accounts, and all that is known of one."""

from __future__ import annotations

from domain.payments import listing
from domain.payments.model import AttemptState, PaymentStatus
from domain.payments.queries import by_public_id
from domain.shared.db.session import Database
from tests.support.builders import money
from tests.support.fakes import FakeProcessor
from tests.support.paying import a_debt, open_page, succeed


def test_payments_are_listed_newest_first_by_state_and_page(db: Database) -> None:
    names, processor = [], FakeProcessor()
    for _ in range(3):
        debt = a_debt(db, "10")
        names.append(open_page(db, processor, debt, {debt.invoices[0]: money("10")}).public_id)
    succeed(db, names[0], money("10"))

    with db.reading() as session:
        everything = listing.payments(session)
        waiting = listing.payments(session, status=PaymentStatus.PENDING, limit=1)
        rest = listing.payments(session, status=PaymentStatus.PENDING, before=waiting[0].id)

    assert [row.public_id for row in everything] == names[::-1]
    assert [row.public_id for row in (*waiting, *rest)] == [names[2], names[1]]


def test_attempts_and_changes_are_told_in_order(db: Database) -> None:
    debt = a_debt(db, "10")
    started = open_page(db, FakeProcessor(), debt, {debt.invoices[0]: money("10")})
    succeed(db, started.public_id, money("10"))

    with db.reading() as session:
        payment = by_public_id(session, started.public_id)
        attempts, changes = listing.attempts(session, payment.id), listing.changes(session, payment.id)

    assert [(row.number, row.state) for row in attempts] == [(1, AttemptState.ANSWERED)]
    assert [row.after for row in changes] == [PaymentStatus.PENDING, PaymentStatus.SUCCEEDED]
    assert [row.actor_kind for row in changes] == ["login", "processor"]
