"""What a chargeback is called: on the invoice, on the statement, on the timeline and to staff."""

from __future__ import annotations

import inspect
from datetime import date

import stripe

from domain.chargebacks.states import (
    ARROWS,
    PROCESSOR_WORDS,
    REASON_NAMES,
    STATE_BADGES,
    WARNING_NAMES,
    ChargebackState,
)
from domain.payments.queries import by_public_id
from domain.receivables import queries as receivables
from domain.reporting.act_words import Topic
from domain.reporting.acts import ACT_WORDS
from domain.reporting.timeline import timeline
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.statements.queries import statement
from domain.statements.story import StepKind, story_of
from tests.support.builders import money
from tests.support.contesting import a_paid_debt, contest

TAKEN, BACK = "Taken back by the bank (chargeback)", "Came back: chargeback won"


def test_the_invoice_tells_that_the_money_went_and_came_back(db: Database, clock: MovableClock) -> None:
    debt, public_id = a_paid_debt(db, "120")
    clock.advance(days=1)
    contest(db, "needs_response", "120")
    clock.advance(days=1)
    contest(db, "won", "120")

    with db.reading() as session:
        steps = story_of(session, receivables.invoice(session, debt.account_id, debt.invoices[0]))

    assert [(step.kind, str(step.words)) for step in steps[2:]] == [(StepKind.TAKEN_BACK, TAKEN), (StepKind.PAID, BACK)]
    assert {step.payment for step in steps[2:]} == {public_id}


def test_the_statement_names_both_movements_and_leads_to_the_payment(db: Database) -> None:
    debt, public_id = a_paid_debt(db, "120")
    contest(db, "needs_response", "120")
    contest(db, "won", "120")

    with db.reading() as session:
        view = statement(session, debt.account_id, date(2026, 3, 1), date(2026, 3, 31))
        receipt = by_public_id(session, public_id).receipt_number

    said = [(str(move.words), move.amount, move.subject.number) for move in view.movements if move.subject]
    assert said[2:] == [(TAKEN, money("120"), receipt), (BACK, money("-120"), receipt)]


def test_the_timeline_tells_each_state_and_each_movement(db: Database) -> None:
    debt, _ = a_paid_debt(db, "120")
    contest(db, "needs_response", "120")
    contest(db, "won", "120")

    with db.reading() as session:
        told = [str(one.words) for one in timeline(session, debt.account_id, Topic.MONEY).happenings]

    assert {TAKEN, BACK, "Chargeback won", "Chargeback: the bank waits for our answer"} <= set(told)


def test_every_state_has_its_words_its_arrows_and_its_act() -> None:
    assert set(STATE_BADGES) == set(ARROWS) == set(ChargebackState)
    assert {f"chargeback.{state}" for state in ChargebackState} <= ACT_WORDS.keys()


def test_every_word_and_reason_of_the_processor_is_known() -> None:
    documented = inspect.getsource(stripe.Dispute)

    assert set(PROCESSOR_WORDS) == set(_named(documented, "Possible values include:", ".\n"))
    assert set(REASON_NAMES) == set(_named(documented, "by cardholder for dispute. Possible values are", ". Learn"))
    warned = inspect.getsource(stripe.radar.EarlyFraudWarning)
    assert set(WARNING_NAMES) == set(_named(warned, "The type of fraud labelled by the issuer. One of", ".\n"))


def _named(text: str, beginning: str, end: str) -> list[str]:
    """The words in back quotes that a sentence of the SDK's documentation lists."""
    return text.partition(beginning)[2].partition(end)[0].split("`")[1::2]
