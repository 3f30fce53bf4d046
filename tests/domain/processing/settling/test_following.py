"""Following: the rest is given up when the whole amount is here, and stands again when it goes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec import structs
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.invoicing.credit_notes import effect
from domain.ledger.balances import balance_of
from domain.ledger.chart import LedgerAccount
from domain.payments.model import Payment
from domain.policies.sections import Settlements
from domain.processing.applying import check_move, suggestion, use_credit
from domain.processing.checks import check_books
from domain.processing.money_left import would_uncover
from domain.processing.receipts.returning import return_receipt
from domain.receivables.model import Allocation, CreditItem, CreditKind, Invoice
from domain.settlements import queries, watching
from domain.settlements.model import Concession, OfferStatus
from domain.shared.actor import OPERATOR, WORKER, ActorKind
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict
from domain.shared.money import Money
from domain.tasks.model import Task, TaskKind
from tests.support.audited import doers
from tests.support.builders import a_receipt, an_invoice, money
from tests.support.credit import a_cheque, open_of, stands
from tests.support.settling import SETTLEMENTS, an_accepted_offer

NO_TAX = Settlements(brackets=SETTLEMENTS.brackets, corrects_tax=False)


def ledger(session: Session) -> tuple[Money, Money]:
    """What stands on debts forgiven and on tax payable."""
    forgiven = balance_of(session, LedgerAccount.DEBTS_FORGIVEN, "GBP")
    return forgiven, balance_of(session, LedgerAccount.TAX_PAYABLE, "GBP")


def status_of(session: Session, offer_id: int) -> OfferStatus:
    """Its state."""
    return OfferStatus(queries.offer(session, offer_id).status)


def test_the_rest_is_given_up_with_its_tax_when_the_last_money_is_here(db: Database) -> None:
    with db.transaction() as session:
        account, _, (invoice,), made = an_accepted_offer(session, "120", pays="90", parts=2, tax="20")
    with db.transaction() as session:
        a_cheque(session, account, "45", wanted={invoice.id: money("45")})
        halfway = status_of(session, made.id), open_of(session, invoice)
    with db.transaction() as session:
        a_cheque(session, account, "45", wanted={invoice.id: money("45")})

    with db.reading() as session:
        concession = session.scalars(select(Concession)).one()
        assert halfway == (OfferStatus.ACCEPTED, [money("75")])
        assert status_of(session, made.id) is OfferStatus.FULFILLED
        assert (concession.amount_minor, concession.tax_minor) == (30_00, 5_00)
        assert concession.number is not None
        assert ledger(session) == (money("25"), money("-15"))
        assert open_of(session, invoice) == [money("0")]
        assert check_books(session) == []


def test_where_the_terms_correct_no_tax_all_of_it_is_forgiven_and_no_note_is_numbered(db: Database) -> None:
    with db.transaction() as session:
        account, _, (invoice,), _ = an_accepted_offer(session, "120", pays="90", tax="20", settlements=NO_TAX)
    with db.transaction() as session:
        a_cheque(session, account, "90", wanted={invoice.id: money("90")})

    with db.reading() as session:
        assert session.scalars(select(Concession.number)).one() is None
        assert ledger(session) == (money("30"), money("-20"))


def test_over_several_invoices_each_is_forgiven_what_is_left_of_it(db: Database) -> None:
    with db.transaction() as session:
        account, _, (one, two), _ = an_accepted_offer(session, "60", "40", pays="75")
    with db.transaction() as session:
        a_cheque(session, account, "75", wanted={one.id: money("60"), two.id: money("15")})

    with db.reading() as session:
        assert [(row.invoice_id, row.amount_minor) for row in session.scalars(select(Concession))] == [(two.id, 25_00)]
        assert open_of(session, one, two) == [money("0"), money("0")]


def test_more_money_than_the_settlement_asks_for_stays_credit_and_the_rest_is_forgiven_all_the_same(
    db: Database,
) -> None:
    with db.transaction() as session:
        account, _, (invoice,), made = an_accepted_offer(session, "100", pays="70")
        later = an_invoice(session, account, "50")
    with db.transaction() as session:
        a_cheque(session, account, "130")

    with db.reading() as session:
        assert status_of(session, made.id) is OfferStatus.FULFILLED
        assert session.scalars(select(Concession.amount_minor)).all() == [30_00]
        assert open_of(session, invoice, later) == [money("0"), money("0")]
        assert stands(session, account) == (money("0"), money("10"))
        assert check_books(session) == []


def test_credit_is_suggested_for_no_more_than_the_settlement_asks_for(db: Database) -> None:
    with db.transaction() as session:
        account, _, (invoice,), _ = an_accepted_offer(session, "100", pays="70", parts=2)
        a_receipt(session, account, "90", today(session))

        [use] = suggestion(session, account.id, "GBP")

    assert (use.invoice_id, use.amount) == (invoice.id, money("70"))


def test_a_payment_that_goes_back_takes_the_concession_with_it_and_it_comes_again_with_the_money(db: Database) -> None:
    with db.transaction() as session:
        account, _, (invoice,), made = an_accepted_offer(session, "120", pays="90", tax="20")
    with db.transaction() as session:
        cheque = a_cheque(session, account, "90", wanted={invoice.id: money("90")})
    with db.transaction() as session:
        foreseen = [each.amount for each in would_uncover(session, session.get_one(Payment, cheque.id), cheque.amount)]
        return_receipt(session, session.get_one(Payment, cheque.id), today(session), reason="No funds", actor=OPERATOR)
        reopened = status_of(session, made.id), open_of(session, invoice), ledger(session), check_books(session)
    with db.transaction() as session:
        a_cheque(session, account, "90", wanted={invoice.id: money("90")}, reference="000124")

    with db.reading() as session:
        assert foreseen == [money("120")]
        assert doers(session, "concession.revoked") == [ActorKind.OPERATOR]
        assert reopened == (OfferStatus.REOPENED, [money("120")], (money("0"), money("-20")), [])
        assert status_of(session, made.id) is OfferStatus.FULFILLED
        assert ledger(session) == (money("25"), money("-15"))
        assert open_of(session, invoice) == [money("0")]
        assert check_books(session) == []


def test_money_from_before_the_offer_that_goes_back_is_owed_and_not_forgiven(db: Database) -> None:
    with db.transaction() as session:
        account, _, (invoice,), made = an_accepted_offer(session, "100", pays="80")
        other = an_invoice(session, account, "10")
    with db.transaction() as session:
        cheque = a_cheque(session, account, "10", wanted={other.id: money("10")})
        a_cheque(session, account, "80", wanted={invoice.id: money("80")}, reference="000124")
        return_receipt(session, session.get_one(Payment, cheque.id), today(session), reason="No funds", actor=OPERATOR)

    with db.reading() as session:
        assert status_of(session, made.id) is OfferStatus.FULFILLED
        assert open_of(session, invoice, other) == [money("0"), money("10")]


def test_credit_that_is_used_for_it_pays_it_too(db: Database) -> None:
    with db.transaction() as session:
        account, _, (invoice,), made = an_accepted_offer(session, "100", pays="80")
        a_receipt(session, account, "80", today(session))
    with db.transaction() as session:
        use_credit(session, account.id, {invoice.id: money("80")}, actor=OPERATOR)

    with db.reading() as session:
        assert status_of(session, made.id) is OfferStatus.FULFILLED
        assert open_of(session, invoice) == [money("0")]


def test_what_was_given_up_cannot_be_moved_or_credited(db: Database) -> None:
    with db.transaction() as session:
        account, _, (invoice,), _ = an_accepted_offer(session, "100", pays="80")
        other = an_invoice(session, account, "50")
    with db.transaction() as session:
        a_cheque(session, account, "80", wanted={invoice.id: money("80")})
        given_up = session.scalars(
            select(Allocation.id)
            .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
            .where(CreditItem.kind == CreditKind.CONCESSION)
        ).one()

    with pytest.raises(Conflict), db.transaction() as session:
        check_move(session, account.id, given_up, other.id)
    with pytest.raises(Conflict), db.transaction() as session:
        effect(session, session.get_one(Invoice, invoice.id), money("10"), reason="Late")


@pytest.mark.parametrize(("patience", "days", "broken"), [(5, 5, False), (5, 6, True), (0, 1, True), (9, 9, False)])
def test_a_part_that_is_missed_for_longer_than_the_terms_bear_ends_it_with_a_task(
    db: Database, clock: MovableClock, patience: int, days: int, broken: bool
) -> None:
    with db.transaction() as session:
        terms = structs.replace(SETTLEMENTS, patience_days=patience)
        account, _, _, made = an_accepted_offer(session, "100", pays="80", parts=2, settlements=terms)
    clock.advance(days=14 + days)

    with db.transaction() as session:
        waiting = watching.paying(session, limit=10)
        ended = watching.break_if_missed(session, account.id, made.id, actor=WORKER)
        tasks = session.scalars(select(Task.kind).where(Task.done_at.is_(None))).all()
        again = watching.break_if_missed(session, account.id, made.id, actor=WORKER)

    assert waiting == [(account.id, made.id)]
    assert (ended, again) == (broken, False)
    assert tasks == ([TaskKind.SETTLEMENT_BROKEN] if broken else [])


@pytest.mark.parametrize(("reopened", "days"), [(14, 19), (3, 8)])
def test_an_opened_one_has_the_days_of_its_terms_and_some_more_to_be_made_good(
    db: Database, clock: MovableClock, reopened: int, days: int
) -> None:
    with db.transaction() as session:
        terms = structs.replace(SETTLEMENTS, reopened_days=reopened)
        account, _, (invoice,), made = an_accepted_offer(session, "100", pays="80", settlements=terms)
        cheque = a_cheque(session, account, "80", wanted={invoice.id: money("80")})
    clock.advance(days=60)
    with db.transaction() as session:
        return_receipt(session, session.get_one(Payment, cheque.id), today(session), reason="No funds", actor=OPERATOR)
    clock.advance(days=days)
    with db.transaction() as session:
        early = watching.break_if_missed(session, account.id, made.id, actor=WORKER)
    clock.advance(days=1)

    with db.transaction() as session:
        assert (early, watching.break_if_missed(session, account.id, made.id, actor=WORKER)) == (False, True)
        assert open_of(session, invoice) == [money("100")]


def test_the_letter_waits_as_the_terms_say_for_how_the_money_came(db: Database) -> None:
    with db.transaction() as session:
        account, _, (invoice,), made = an_accepted_offer(session, "100", pays="80")
        before = watching.letter_day(session, made.id)
        a_cheque(session, account, "80", wanted={invoice.id: money("80")})

        assert before is None
        assert watching.letter_day(session, made.id) == today(session) + timedelta(days=3)
        assert watching.without_letter(session, limit=10) == [(account.id, made.id)]
