"""Debts that can no longer be enforced: they stay with us, unless somebody who may forces it with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.limitations import recording
from domain.placements import candidates, following, proposing, sending
from domain.placements.criteria import Criterion
from domain.placements.model import PlacementStatus
from domain.placements.proposing import Force
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.shared.errors import BeyondAuthority, Conflict, Invalid
from domain.staff.model import Role
from tests.support.builders import an_invoice, money
from tests.support.placing import a_late_debt, a_partner, warn

OLD = 7 * 366


def a_barred_debt(session: Session) -> tuple[Account, Invoice]:
    """An account whose only debt a court would not help with any more."""
    return a_late_debt(session, "1200", late_days=OLD)


def forced(session: Session, account: Account, role: Role = Role.MANAGER, why: str = "They want to pay.") -> int:
    """It is proposed all the same; the id of its placement."""
    partner = a_partner(session)
    force = Force(why, role)
    return proposing.propose(session, account.id, partner.id, reason="Old.", force=force, actor=OPERATOR).id


def test_it_is_no_candidate_and_the_criterion_says_why(db: Database) -> None:
    with db.transaction() as session:
        account, _ = a_barred_debt(session)
        judged = candidates.look(session, account.id).judged

        assert [finding.criterion for finding in judged.missing()] == [Criterion.ENFORCEABLE, Criterion.AMOUNT]
        assert (judged.can_force, judged.forced, list(judged.ready)) == (True, False, [])
        assert candidates.candidates(session) == []


def test_what_can_still_be_enforced_goes_without_the_rest(db: Database) -> None:
    with db.transaction() as session:
        account, old = a_barred_debt(session)
        due_on = today(session) - timedelta(days=90)
        fresh = an_invoice(session, account, "300", issued_on=due_on, due_on=due_on)
        warn(session, account, fresh)
        alone, all_of_it = (candidates.look(session, account.id, force=force).judged for force in (False, True))

        assert ([late.invoice_id for late in alone.ready], alone.is_candidate) == ([fresh.id], True)
        assert [late.invoice_id for late in all_of_it.ready] == [old.id, fresh.id]
        assert all_of_it.total == money("1500")


def test_a_law_that_nobody_knows_keeps_nothing_back(db: Database) -> None:
    with db.transaction() as session:
        account, _ = a_barred_debt(session)
        recording.set_law(session, account.id, recording.OTHER, why="Swiss law.", actor=OPERATOR)

        assert candidates.look(session, account.id).judged.is_candidate


def test_forcing_it_wants_a_reason_and_the_authority_of_whoever_proposes_and_approves(db: Database) -> None:
    with db.transaction() as session:
        account, _ = a_barred_debt(session)
        for role, why, kind in (
            (Role.COLLECTOR, "They want to pay.", BeyondAuthority),
            (Role.MANAGER, " ", Invalid),
            (Role.MANAGER, "x" * 1_001, Invalid),
        ):
            with pytest.raises(kind):
                forced(session, account, role, why)
        made = forced(session, account)
        with pytest.raises(BeyondAuthority):
            proposing.approve(session, account.id, made, role=Role.COLLECTOR, actor=OPERATOR)
        proposing.approve(session, account.id, made, role=Role.MANAGER, actor=OPERATOR)
        following.follow_account(session, account.id, None, actor=OPERATOR)
        sent = sending.send(session, account.id, made, actor=OPERATOR)

        assert (sent.status, sent.barred_why) == (PlacementStatus.SENT, "They want to pay.")


def test_a_debt_that_is_gone_with_its_time_cannot_be_forced(db: Database) -> None:
    with db.transaction() as session:
        account, _ = a_barred_debt(session)
        recording.set_law(session, account.id, "GB-SCT", why="So agreed.", actor=OPERATOR)

        assert not candidates.look(session, account.id, force=True).judged.can_force
        with pytest.raises(Conflict):
            forced(session, account)


def test_what_lapses_after_it_was_proposed_is_dropped(db: Database) -> None:
    with db.transaction() as session:
        account, _ = a_late_debt(session, "1200", late_days=5 * 366)
        made = proposing.propose(session, account.id, a_partner(session).id, reason="Old.", actor=OPERATOR)
        recording.set_law(session, account.id, "AT", why="So agreed.", actor=OPERATOR)
        following.follow_account(session, account.id, None, actor=OPERATOR)

        assert (made.status, made.barred_why) == (PlacementStatus.DROPPED, None)


def test_a_reason_that_was_not_needed_is_not_kept(db: Database) -> None:
    with db.transaction() as session:
        account, _ = a_late_debt(session)
        partner = a_partner(session)
        force = Force("To be safe.", Role.MANAGER)
        made = proposing.propose(session, account.id, partner.id, reason="Late.", force=force, actor=OPERATOR)

        assert made.barred_why is None
