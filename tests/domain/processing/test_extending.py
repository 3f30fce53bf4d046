"""Extending: once, within authority or the fence; past ageings and figures of delay stay what they were."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.invoicing.issuing import void
from domain.policies.sections import Extensions, Sections
from domain.processing.extending import extend, extend_alone, fence_of, is_extendable
from domain.receivables.ageing import Bucket, ageing_of
from domain.receivables.model import Invoice
from domain.reporting.figures import settled
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid, NotAllowed, NotFound
from domain.staff.model import Role
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import a_cheque
from tests.support.policies import a_policy


def late(session: Session, days: int = 10) -> tuple[Account, Invoice]:
    """An invoice of 120 that was due so many days ago."""
    account = an_account(session)
    day = today(session)
    return account, an_invoice(
        session, account, "120", issued_on=day - timedelta(days=days + 30), due_on=day - timedelta(days=days)
    )


def granted(session: Session, account: Account, invoice: Invoice, until: date, role: Role = Role.MANAGER) -> None:
    """Staff set it later."""
    extend(session, account.id, invoice.id, until, reason="Flooded", role=role, actor=OPERATOR)


def test_from_the_grant_on_it_is_due_later_and_before_it_was_late(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account, invoice = late(session)
    clock.advance(days=1)
    with db.transaction() as session:
        day = today(session)
        granted(session, account, invoice, day + timedelta(days=14))

        now_, before = (ageing_of(session, account.id, each) for each in (day, day - timedelta(days=1)))

        assert now_.buckets[Bucket.CURRENT].amount == money("120")
        assert before.late == money("120")


def test_delay_goes_by_the_original_day(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = late(session)
        due_on, day = invoice.due_on, today(session)
        granted(session, account, invoice, day + timedelta(days=14))

        a_cheque(session, account, "120", wanted={invoice.id: money("120")})

        assert [row.due_on for row in settled(session, day, day)["GBP"]] == [due_on]


def test_it_is_granted_once(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = late(session)
        granted(session, account, invoice, today(session) + timedelta(days=14))

        with pytest.raises(Conflict):
            granted(session, account, invoice, today(session) + timedelta(days=20))


@pytest.mark.parametrize("days", [-10, 0, 1])
def test_the_later_day_is_still_to_come(db: Database, days: int) -> None:
    with db.transaction() as session:
        account, invoice = late(session, days=5)
        until = today(session) + timedelta(days=days)
        if days > 0:
            granted(session, account, invoice, until)
            return

        with pytest.raises(Invalid) as refused:
            granted(session, account, invoice, until)

        assert refused.value.field == "due_on"


def test_a_collector_grants_no_more_days_than_they_may(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = late(session, days=0)

        with pytest.raises(NotAllowed):
            granted(session, account, invoice, today(session) + timedelta(days=300), role=Role.COLLECTOR)


def test_the_customer_sets_it_later_inside_the_fence_and_not_beyond(db: Database) -> None:
    with db.transaction() as session:
        a_policy(session, Sections(extensions=Extensions(most_days=14)))
        account = an_account(session)
        first, second = an_invoice(session, account, "120"), an_invoice(session, account, "120")
        latest = first.due_on + timedelta(days=14)

        fence = fence_of(session, account.id, first.id)
        extend_alone(session, account.id, first.id, latest, actor=OPERATOR)
        with pytest.raises(Invalid):
            extend_alone(session, account.id, second.id, latest + timedelta(days=1), actor=OPERATOR)

        assert fence is not None
        assert fence.latest == latest
        assert fence_of(session, account.id, first.id) is None
        assert first.due_on == latest


def test_what_is_late_for_longer_than_the_fence_is_wide_has_none(db: Database) -> None:
    with db.transaction() as session:
        a_policy(session, Sections(extensions=Extensions(most_days=14)))
        account, invoice = late(session, days=13)
        _, later = late(session, days=14)

        fences = fence_of(session, account.id, invoice.id), fence_of(session, later.account_id, later.id)

        assert fences[0] is not None
        assert fences[0].earliest == fences[0].latest == today(session) + timedelta(days=1)
        assert fences[1] is None


@pytest.mark.parametrize("section", [None, Extensions(most_days=14, most_minor=11999)])
def test_without_a_fence_or_above_its_amount_the_customer_has_to_write(
    db: Database, section: Extensions | None
) -> None:
    with db.transaction() as session:
        a_policy(session, Sections(extensions=section))
        account = an_account(session)
        invoice = an_invoice(session, account, "120")

        with pytest.raises(Conflict):
            extend_alone(session, account.id, invoice.id, invoice.due_on + timedelta(days=1), actor=OPERATOR)

        assert fence_of(session, account.id, invoice.id) is None


def test_an_amount_of_the_fence_says_nothing_about_another_currency(db: Database) -> None:
    with db.transaction() as session:
        a_policy(session, Sections(extensions=Extensions(most_days=30, most_minor=1_000_00)))
        account = an_account(session, currency="USD")
        invoice = an_invoice(session, account, "120")

        assert fence_of(session, account.id, invoice.id) is None


def test_a_withdrawn_invoice_is_there_and_cannot_be_set_later(db: Database) -> None:
    with db.transaction() as session:
        a_policy(session, Sections(extensions=Extensions(most_days=14)))
        account, invoice = late(session, days=0)
        void(session, invoice, why="wrong customer", actor=OPERATOR)

        assert fence_of(session, account.id, invoice.id) is None
        assert not is_extendable(session, account.id, invoice.id)


def test_an_invoice_of_another_account_is_not_there(db: Database) -> None:
    with db.transaction() as session:
        account, _ = late(session)
        _, other = late(session)

        with pytest.raises(NotFound):
            is_extendable(session, account.id, other.id)
