"""Candidates: a debt that meets every criterion is found, and each criterion that is not met is named with its fact."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy.orm import Session

from domain.placements import candidates
from domain.placements.criteria import Criterion
from domain.placements.proposing import ready
from domain.policies.sections import Handoff
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict
from domain.stops import writing as stops
from domain.stops.holding import kinds_that_hold
from domain.stops.model import Held, StopKind
from tests.support.builders import an_account, an_invoice, money
from tests.support.counting import counted
from tests.support.placing import HANDOFF, a_late_debt, warn


def missing(session: Session, account_id: int) -> list[Criterion]:
    """The criteria that are not met."""
    return [finding.criterion for finding in candidates.look(session, account_id).judged.missing()]


def test_a_debt_that_meets_every_criterion_is_a_candidate(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = a_late_debt(session, "1200")

        [found] = candidates.candidates(session)

        assert (found.account_id, found.late_days, found.judged.total) == (account.id, 90, money("1200"))
        assert [late.invoice_id for late in found.judged.ready] == [invoice.id]
        assert missing(session, account.id) == []


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        (None, [Criterion.ALLOWED]),
        (
            replace(HANDOFF, late_days=91),
            [Criterion.AGE, Criterion.FREE, Criterion.NOT_PAYING, Criterion.FINAL_NOTICE, Criterion.AMOUNT],
        ),
        (replace(HANDOFF, least_minor=1_200_01), [Criterion.AMOUNT]),
        (replace(HANDOFF, least_notices=2), [Criterion.NOTICES]),
    ],
    ids=["no section", "not late enough", "too small", "not reminded often enough"],
)
def test_what_the_terms_ask_for_is_named(db: Database, section: Handoff | None, expected: list[Criterion]) -> None:
    with db.transaction() as session:
        account, _ = a_late_debt(session, "1200", section=section)

        assert missing(session, account.id) == expected
        assert candidates.candidates(session) == []


def test_a_refusal_says_what_stands_in_the_way_in_one_sentence(db: Database) -> None:
    with db.transaction() as session:
        account, held = a_late_debt(session, "1200")
        stops.write(session, account.id, StopKind.DISPUTE, "test:1", actor=OPERATOR, invoice_id=held.id)

        with pytest.raises(Conflict) as refused:
            ready(candidates.look(session, account.id))

        said = str(refused.value)
        assert said.startswith("This debt cannot be handed over now. Something holds all of it: ")
        assert "Disputed by the customer" in said


@pytest.mark.parametrize("kind", sorted(kinds_that_hold(Held.HANDOFF) - {StopKind.OFFER, StopKind.PLACEMENT}))
def test_what_a_stop_holds_stays_with_us_and_the_rest_may_go(db: Database, kind: StopKind) -> None:
    with db.transaction() as session:
        account, held = a_late_debt(session, "1200")
        due_on = today(session) - timedelta(days=70)
        other = an_invoice(session, account, "300", issued_on=due_on, due_on=due_on)
        warn(session, account, other)
        stops.write(session, account.id, kind, "test:1", actor=OPERATOR, invoice_id=held.id)

        looked = candidates.look(session, account.id)

        assert [late.invoice_id for late in looked.judged.ready] == [other.id]
        assert looked.judged.is_candidate


def test_a_final_notice_whose_day_is_not_over_is_waited_for(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = a_late_debt(session, "1200")
        due_on = today(session) - timedelta(days=70)
        other = an_invoice(session, account, "300", issued_on=due_on, due_on=due_on)
        warn(session, account, other, act_by=today(session))

        ready = candidates.look(session, account.id).judged.ready

        assert [late.invoice_id for late in ready] == [invoice.id]


def test_debts_abroad_stay_where_the_terms_say_so_and_in_another_currency_no_amount_is_asked(db: Database) -> None:
    with db.transaction() as session:
        account, _ = a_late_debt(session, "1200", section=replace(HANDOFF, abroad=False))
        account.country = "FR"
        session.flush()

        assert missing(session, account.id) == [Criterion.COUNTRY]


def test_many_accounts_are_looked_at_in_as_many_queries_as_one(db: Database) -> None:
    with db.transaction() as session:
        ids = [a_late_debt(session)[0].id for _ in range(3)]
        with counted(session.connection()) as one:
            candidates.cases(session, ids[:1])
        with counted(session.connection()) as three:
            candidates.cases(session, ids)

        assert len(one) == len(three)


def test_an_account_without_debts_is_none(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)

        assert missing(session, account.id) == [Criterion.ALLOWED]
