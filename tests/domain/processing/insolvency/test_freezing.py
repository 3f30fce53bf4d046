"""The freeze: what runs, waits or was agreed on an account sleeps or ends in one act, and goes on once dismissed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.credit.standing import standing_of
from domain.dunning import calling_off
from domain.insolvencies import queries
from domain.insolvencies.model import InsolvencyOutcome
from domain.outbox.model import OUTBOX
from domain.placements.model import PlacementStatus
from domain.plans.model import PlanStatus
from domain.processing.insolvency import closing
from domain.promises.model import PromiseStatus
from domain.receivables.held import held_parts
from domain.settlements.model import OfferStatus
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid
from domain.stops import queries as stops
from domain.stops import writing
from domain.stops.model import StopKind
from tests.support.builders import an_account, an_invoice, money
from tests.support.insolvency import dismissed, insolvent
from tests.support.outside import MemoryStore
from tests.support.placing import handed_over
from tests.support.planning import a_running_plan, an_asked_plan
from tests.support.promising import a_promise
from tests.support.settling import an_accepted_offer, an_offer


def test_the_whole_account_is_held_from_the_first_day_and_no_new_credit_is_given(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "100")
        first = today(session) - timedelta(days=4)
        found = insolvent(session, account.id, first)

        [stop] = stops.live(session, account.id)
        assert (stop.kind, stop.source, stop.invoice_id) == (StopKind.INSOLVENCY, found.source, None)
        assert (stop.from_on, stop.until_on) == (first, None)
        assert held_parts(session, [account.id], {StopKind.INSOLVENCY}) == {invoice.id: money("100")}
        assert standing_of(session, account.id).holds
        with pytest.raises(Conflict):
            insolvent(session, account.id)
        with pytest.raises(Invalid):
            insolvent(session, an_account(session).id, today(session) + timedelta(days=1))


def test_a_hold_that_was_set_by_hand_before_goes_into_the_proceeding(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        writing.write(session, account.id, StopKind.INSOLVENCY, "staff:1", actor=OPERATOR)
        found = insolvent(session, account.id)

        assert [row.source for row in stops.live(session, account.id)] == [found.source]


def test_what_was_promised_offered_or_asked_for_ends_without_a_word_to_the_customer(db: Database) -> None:
    with db.transaction() as session:
        promising, promise = a_promise(session, "100")
        offered, _, offer = an_offer(session, "100", pays="70")
        accepting, _, _, accepted = an_accepted_offer(session, "100", pays="70")
        asking, _, _, plan = an_asked_plan(session, "100")
        before = len(session.execute(select(OUTBOX.c.id)).all())
        for account in (promising, offered, accepting, asking):
            insolvent(session, account.id)

        assert promise.status is PromiseStatus.WITHDRAWN
        assert offer.status is OfferStatus.WITHDRAWN
        assert accepted.status is OfferStatus.BROKEN
        assert plan.status is PlanStatus.WITHDRAWN
        for account in (promising, offered, accepting, asking):
            assert {row.kind for row in stops.live(session, account.id)} == {StopKind.INSOLVENCY}
        assert len(session.execute(select(OUTBOX.c.id)).all()) == before


def test_a_plan_that_runs_sleeps_and_goes_on_once_dismissed_or_ends_with_the_proceeding(db: Database) -> None:
    with db.transaction() as session:
        account, _, _, plan = a_running_plan(session, MemoryStore(), "100")
        other, _, _, ended = a_running_plan(session, MemoryStore(), "100")
        found, over = insolvent(session, account.id), insolvent(session, other.id)

        assert plan.status is PlanStatus.ACTIVE
        dismissed(session, found)
        closing.close(session, other.id, over.id, InsolvencyOutcome.NO_ASSETS, on=today(session), actor=OPERATOR)
        assert plan.status is PlanStatus.ACTIVE
        assert ended.status is PlanStatus.CANCELLED


def test_what_lies_with_a_partner_waits_at_once_and_goes_on_once_dismissed(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, country="GB")
        placement = handed_over(session, account, an_invoice(session, account, "100"))
        found = insolvent(session, account.id)

        held = placement.status
        dismissed(session, found)
        assert (held, placement.status) == (PlacementStatus.HELD, PlacementStatus.ACTIVE)


def test_after_the_end_old_debts_stay_held_and_new_ones_are_free(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        day = today(session)
        old = an_invoice(session, account, "100", issued_on=day - timedelta(days=40), due_on=day - timedelta(days=10))
        found = insolvent(session, account.id, day - timedelta(days=5))
        new = an_invoice(session, account, "50", issued_on=day, due_on=day)
        outcome = InsolvencyOutcome.DISCHARGED
        for wrong in (day + timedelta(days=1), found.started_on - timedelta(days=1)):
            with pytest.raises(Invalid):
                closing.close(session, account.id, found.id, outcome, on=wrong, actor=OPERATOR)
        closing.close(session, account.id, found.id, outcome, on=day, actor=OPERATOR)

        assert held_parts(session, [account.id], {StopKind.INSOLVENCY}) == {old.id: money("100")}
        assert not standing_of(session, account.id).holds
        assert queries.open_of(session, account.id) is None
        assert new.open == money("50")
        with pytest.raises(Conflict):
            dismissed(session, found)


def test_dismissed_nothing_is_held_and_another_proceeding_can_be_opened(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "100")
        dismissed(session, insolvent(session, account.id))

        assert stops.live(session, account.id) == []
        assert insolvent(session, account.id).closed_on is None
        assert len(queries.of_account(session, account.id)) == 2


def test_notices_that_wait_are_called_off(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(calling_off, "call_off_untrue", lambda session, account_id, *, actor: asked.append(account_id))
    with db.transaction() as session:
        account = an_account(session)
        insolvent(session, account.id)

        assert asked == [account.id]
