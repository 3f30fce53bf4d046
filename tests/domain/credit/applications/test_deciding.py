"""Deciding on credit: the proposal, approval by authority, refusal with reasons, and a second person for people."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from domain.accounts.model import Account, LegalForm
from domain.credit.applications import queries
from domain.credit.applications.deciding import (
    Verdict,
    decide,
    decisions,
    note_answer,
    proposal,
    second_look,
)
from domain.credit.applications.model import Answer, ApplicationState, Outcome
from domain.credit.checks.recording import record
from domain.credit.standing import standing_of
from domain.outbox.model import OUTBOX
from domain.policies import sections
from domain.policies.sections import Scorecard, Step, Trait, Weighed
from domain.shared.actor import Actor
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid, NotAllowed, NotFound
from domain.staff.model import Role
from domain.tasks import queries as tasks
from domain.tasks.model import TaskKind
from tests.support.applying import RESULT, apply_for_credit
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.crediting import ruled

FIRST, SECOND = Actor.staff(11), Actor.staff(12)
YES = Verdict(money("2500"), 14, "Good references")
NO = Verdict(None, None, "The check is too weak")
CARD = Scorecard(
    weighed=(
        Weighed(Trait.CHECK_SCORE, (Step(Decimal(70), 40),)),
        Weighed(Trait.PAYMENT_DELAY, (Step(Decimal(0), 30), Step(Decimal(10), 5)), unknown=10),
        Weighed(Trait.YEARS_TRADING, (Step(Decimal(5), 20),)),
        Weighed(Trait.REFERENCES, (Step(Decimal(1), 10),)),
    ),
    outcomes=(sections.Outcome(50, 50, 5_000_00, 14), sections.Outcome(90, 100, 5_000_00, 30)),
)


@pytest.fixture
def account(db: Database) -> int:
    with db.transaction() as session:
        return an_account(session, legal_form=LegalForm.COMPANY).id


def told(db: Database) -> list[int]:
    """The decisions that customers are told of."""
    with db.reading() as session:
        rows = session.scalars(select(OUTBOX.c.payload).where(OUTBOX.c.kind == "tell_credit_decision"))
        return [row["decision_id"] for row in rows]


def test_the_proposal_weighs_check_delay_years_and_references(db: Database, account: int) -> None:
    ruled(db, scorecard=CARD)
    sent = apply_for_credit(db, account)
    with db.transaction() as session:
        before = proposal(session, queries.sent(session, sent.id))
        record(session, account, RESULT, provider="Agency", actor=FIRST)
        note_answer(session, sent.id, 1, Answer.GOOD, "Ten years", actor=FIRST)
        owner = session.get_one(Account, account)
        late = an_invoice(session, owner, "100", issued_on=date(2026, 1, 1), due_on=date(2026, 2, 1))
        a_receipt(session, owner, "100", date(2026, 2, 5), late)
        after = proposal(session, queries.sent(session, sent.id))

    assert before is not None
    assert after is not None
    assert [(row.value, row.points) for row in before.rows] == [(None, 0), (None, 10), (Decimal(12), 20), (None, 0)]
    assert before.limit is None
    assert [(row.value, row.points) for row in after.rows] == [
        (Decimal(72), 40),
        (Decimal("4.0"), 30),
        (Decimal(12), 20),
        (Decimal(1), 10),
    ]
    assert (after.limit, after.terms_days) == (money("3000"), 30)


def test_without_a_scorecard_nothing_is_proposed(db: Database, account: int) -> None:
    sent = apply_for_credit(db, account)

    with db.reading() as session:
        assert proposal(session, queries.sent(session, sent.id)) is None


def test_in_another_currency_than_ours_nothing_is_proposed(db: Database) -> None:
    ruled(db, scorecard=CARD)
    with db.transaction() as session:
        account_id = an_account(session, legal_form=LegalForm.COMPANY, currency="USD").id
    sent = apply_for_credit(db, account_id, wanted=money("3000", "USD"))

    with db.reading() as session:
        assert proposal(session, queries.sent(session, sent.id)) is None


def test_an_approval_gives_limit_and_terms_and_tells_the_customer(db: Database, account: int) -> None:
    sent = apply_for_credit(db, account)

    with db.transaction() as session:
        decision = decide(session, sent.id, YES, role=Role.COLLECTOR, actor=FIRST)

    with db.reading() as session:
        assert queries.sent(session, sent.id).state is ApplicationState.APPROVED
        assert standing_of(session, account).limit == money("2500")
        assert session.get_one(Account, account).terms_days == 14
        assert tasks.tasks_of(session, account) == []
    assert told(db) == [decision.id]


def test_more_than_the_role_may_decide_alone_is_left_to_others(db: Database, account: int) -> None:
    sent = apply_for_credit(db, account)

    with pytest.raises(NotAllowed) as refused, db.transaction() as session:
        decide(session, sent.id, Verdict(money("6000"), 30, "Big"), role=Role.COLLECTOR, actor=FIRST)

    assert refused.value.who_can == ("Manager",)
    assert told(db) == []


def test_a_company_is_refused_at_once_with_reasons(db: Database, account: int) -> None:
    sent = apply_for_credit(db, account)

    with db.transaction() as session:
        decision = decide(session, sent.id, NO, role=Role.COLLECTOR, actor=FIRST)

    with db.reading() as session:
        assert queries.sent(session, sent.id).state is ApplicationState.REFUSED
    assert told(db) == [decision.id]


@pytest.mark.parametrize("form", [LegalForm.NATURAL_PERSON, LegalForm.SOLE_TRADER, LegalForm.UNKNOWN])
def test_a_person_is_refused_once_somebody_else_agrees(db: Database, account: int, form: LegalForm) -> None:
    sent = apply_for_credit(db, account, legal_form=form)
    with db.transaction() as session:
        decide(session, sent.id, NO, role=Role.COLLECTOR, actor=FIRST)
    with db.reading() as session:
        waiting = queries.sent(session, sent.id).state
        asked = {task.kind for task in tasks.tasks_of(session, account)}
    unheard = told(db)

    with pytest.raises(NotAllowed), db.transaction() as session:
        second_look(session, sent.id, agrees=True, reasons="As I said", actor=FIRST)
    with db.transaction() as session:
        final = second_look(session, sent.id, agrees=True, reasons="The check is too weak", actor=SECOND)

    assert waiting is ApplicationState.REVIEW
    assert asked >= {TaskKind.CREDIT_REVIEW}
    assert (unheard, told(db)) == ([], [final.id])
    with db.reading() as session:
        assert queries.sent(session, sent.id).state is ApplicationState.REFUSED
        assert tasks.tasks_of(session, account) == []


def test_an_account_of_a_person_counts_as_one_whatever_the_form_says(db: Database) -> None:
    with db.transaction() as session:
        person = an_account(session, legal_form=LegalForm.SOLE_TRADER).id
    sent = apply_for_credit(db, person, legal_form=LegalForm.COMPANY)

    with db.transaction() as session:
        decision = decide(session, sent.id, NO, role=Role.MANAGER, actor=FIRST)

    assert not decision.counts


def test_a_second_person_who_does_not_agree_has_it_looked_into_again(db: Database, account: int) -> None:
    sent = apply_for_credit(db, account, legal_form=LegalForm.SOLE_TRADER)
    with db.transaction() as session:
        decide(session, sent.id, NO, role=Role.MANAGER, actor=FIRST)
        second_look(session, sent.id, agrees=False, reasons="Ask the references", actor=SECOND)
        decide(session, sent.id, YES, role=Role.MANAGER, actor=FIRST)

        made = [decision.outcome for decision in decisions(session, sent.id)]

    assert made == [Outcome.REFUSE, Outcome.LOOK_AGAIN, Outcome.APPROVE]


@pytest.mark.parametrize(
    ("verdict", "field"),
    [
        (Verdict(money("1"), 14, " "), "reasons"),
        (Verdict(money("0"), 14, "x"), "limit"),
        (Verdict(money("1"), None, "x"), "terms_days"),
        (Verdict(money("1"), 366, "x"), "terms_days"),
    ],
)
def test_a_verdict_that_cannot_be_is_refused_beside_its_field(
    db: Database, account: int, verdict: Verdict, field: str
) -> None:
    sent = apply_for_credit(db, account)

    with pytest.raises(Invalid) as refused, db.transaction() as session:
        decide(session, sent.id, verdict, role=Role.MANAGER, actor=FIRST)

    assert refused.value.field == field


def test_what_is_decided_is_not_decided_again(db: Database, account: int) -> None:
    sent = apply_for_credit(db, account)
    with db.transaction() as session:
        decide(session, sent.id, YES, role=Role.MANAGER, actor=FIRST)

    with pytest.raises(Conflict), db.transaction() as session:
        decide(session, sent.id, NO, role=Role.MANAGER, actor=FIRST)
    with pytest.raises(Conflict), db.transaction() as session:
        second_look(session, sent.id, agrees=True, reasons="x", actor=SECOND)
    with pytest.raises(NotFound), db.transaction() as session:
        decide(session, 999_999, NO, role=Role.MANAGER, actor=FIRST)


def test_a_bad_reference_takes_a_good_one_away(db: Database, account: int) -> None:
    ruled(db, scorecard=CARD)
    sent = apply_for_credit(db, account)
    with db.transaction() as session:
        note_answer(session, sent.id, 1, Answer.GOOD, "Ten years", actor=FIRST)
        note_answer(session, sent.id, 2, Answer.BAD, "Still owes us", actor=FIRST)
        found = proposal(session, queries.sent(session, sent.id))

    assert found is not None
    assert [(row.value, row.points) for row in found.rows if row.trait is Trait.REFERENCES] == [(Decimal(0), 0)]
