"""Charging: each charge once, on its day, with its working; and put right when more is known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from domain.accounts import queries as accounts
from domain.accounts.model import LegalForm
from domain.invoicing.credit_notes import issue_credit_note
from domain.invoicing.issuing import void
from domain.invoicing.model import CreditNote
from domain.late_charges.model import ChargeAct, ChargeKind, LateCharge
from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.policies.reference_rates import NewRate, enter
from domain.policies.sections import LateInterest, Reference, Sections
from domain.receivables.allocating import standing
from domain.receivables.model import Allocation, CreditItem, Extension, Invoice, InvoiceKind
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.money import Money
from domain.stops.model import StopKind
from domain.stops.writing import lift, write
from tests.support.builders import an_invoice, money, take_back
from tests.support.lateness import DAILY, DAY, DUE, FORTY, TERMS, Overdue

CHARGED = (ChargeKind.INTEREST, ChargeAct.CHARGED)
CORRECTED = (ChargeKind.INTEREST, ChargeAct.CORRECTED)
COST = (ChargeKind.RECOVERY_COST, ChargeAct.CHARGED)


def ruled(**changes: object) -> Sections:
    return Sections(late_interest=msgspec.structs.replace(DAILY, **changes))


def test_interest_is_charged_on_the_charge_day_and_not_before(db: Database, clock: MovableClock) -> None:
    debt = Overdue(db, clock)

    debt.charge_daily(date(2026, 2, 2), date(2026, 3, 2))

    assert debt.papers == [(*CHARGED, money("29"))]
    with db.reading() as session:
        note = session.scalars(select(Invoice).where(Invoice.kind == InvoiceKind.DEBIT_NOTE)).one()
        assert (note.parent_id, note.issued_on, note.open) == (debt.invoice_id, date(2026, 3, 1), money("29"))
        assert balances.balance_of(session, LedgerAccount.LATE_CHARGE_INCOME, "GBP") == money("-29")


def test_interest_is_charged_when_the_principal_is_settled(db: Database, clock: MovableClock) -> None:
    debt = Overdue(db, clock)
    debt.go_to(date(2026, 2, 10))
    debt.pay("1000", date(2026, 2, 10))

    debt.charge_daily(date(2026, 2, 11), date(2026, 3, 1))

    assert debt.papers == [(*CHARGED, money("10"))]


def test_what_was_charged_is_not_charged_again_and_the_rest_follows(db: Database, clock: MovableClock) -> None:
    debt = Overdue(db, clock)
    debt.charge(date(2026, 3, 1))
    debt.go_to(date(2026, 3, 11))
    debt.pay("1000", date(2026, 3, 11))

    debt.charge_daily(date(2026, 3, 12), date(2026, 4, 2))

    assert debt.amounts == [money("29"), money("10")]


def test_the_same_day_charges_nothing_a_second_time(db: Database, clock: MovableClock) -> None:
    debt = Overdue(db, clock, Sections(late_interest=DAILY, recovery_cost=FORTY))

    debt.charge(date(2026, 3, 1))
    again = debt.charge(date(2026, 3, 1))

    assert again.reckoned == []
    assert debt.papers == [(*COST, money("40")), (*CHARGED, money("29"))]


@pytest.mark.parametrize("kind", ChargeKind)
def test_the_database_itself_refuses_a_second_charge_for_a_day_and_a_second_cost(
    db: Database, clock: MovableClock, kind: ChargeKind
) -> None:
    debt = Overdue(db, clock, Sections(late_interest=DAILY, recovery_cost=FORTY))
    debt.charge(date(2026, 3, 1))
    of_it = next(row for row in debt.charges if row.kind is kind)
    copied = {name: getattr(of_it, name) for name in LateCharge.__table__.columns.keys() if name != "id"}  # noqa: SIM118

    with pytest.raises(IntegrityError), db.transaction() as session:
        session.execute(insert(LateCharge).values(**copied))


def test_a_missed_charge_day_is_made_up_for_with_the_days_since(db: Database, clock: MovableClock) -> None:
    debt = Overdue(db, clock)

    debt.charge(date(2026, 3, 4), before=date(2026, 2, 27))
    debt.charge(date(2026, 3, 5))

    assert debt.amounts == [money("32")]


def test_what_is_below_the_least_amount_waits(db: Database, clock: MovableClock) -> None:
    debt = Overdue(db, clock, ruled(least_minor=30_00))

    debt.charge(date(2026, 3, 1))
    nothing = debt.amounts
    debt.charge_daily(date(2026, 3, 2), date(2026, 4, 1))

    assert (nothing, debt.amounts) == ([], [money("60")])


def test_paid_within_the_days_of_grace_it_bears_nothing_and_after_them_from_the_due_day_on(
    db: Database, clock: MovableClock
) -> None:
    terms = Sections(
        late_interest=msgspec.structs.replace(DAILY, grace_days=5),
        recovery_cost=msgspec.structs.replace(FORTY, grace_days=5),
    )
    in_time, late = Overdue(db, clock, terms), Overdue(db, clock, terms)
    for debt, day in ((in_time, DUE + 5 * DAY), (late, DUE + 6 * DAY)):
        debt.go_to(day)
        debt.pay("1000", day)
        debt.charge(day + DAY)

    assert in_time.amounts == [money("40"), money("6")]
    assert {row.account_id for row in in_time.charges} == {late.account_id}


def test_a_payment_entered_late_takes_back_what_was_charged_too_much(db: Database, clock: MovableClock) -> None:
    debt = Overdue(db, clock)
    debt.charge(date(2026, 3, 1))
    debt.charge(date(2026, 4, 1))

    debt.pay("1000", date(2026, 2, 20))
    debt.charge(date(2026, 4, 2))

    assert debt.papers == [
        (*CHARGED, money("29")),
        (*CHARGED, money("31")),
        (*CORRECTED, money("-31")),
        (*CORRECTED, money("-9")),
    ]
    with db.reading() as session:
        assert balances.receivable(session, debt.account_id) == money("20")


def test_an_account_is_charged_before_anything_is_taken_back(db: Database, clock: MovableClock) -> None:
    debt = Overdue(db, clock)
    debt.charge(date(2026, 3, 1))
    with db.transaction() as session:
        account = accounts.lock(session, debt.account_id)
        an_invoice(session, account, "1000", issued_on=DUE, due_on=date(2026, 3, 2))

    debt.pay("1000", DUE)
    debt.charge(date(2026, 4, 1))

    assert debt.papers[1:] == [(*CHARGED, money("30")), (*CORRECTED, money("-29"))]


def test_a_cost_whose_invoice_had_been_paid_in_time_is_taken_back(db: Database, clock: MovableClock) -> None:
    debt = Overdue(db, clock, Sections(recovery_cost=FORTY))
    debt.charge(date(2026, 2, 2))

    debt.pay("1000", DUE)
    debt.charge(date(2026, 2, 3))
    debt.charge(date(2026, 2, 4))

    assert debt.amounts == [money("40"), money("-40")]


def test_interest_of_a_paid_debit_note_that_is_taken_back_becomes_credit(db: Database, clock: MovableClock) -> None:
    debt = Overdue(db, clock)
    debt.charge(date(2026, 3, 1))
    with db.transaction() as session:
        account = accounts.lock(session, debt.account_id)
        note = session.scalars(select(Invoice).where(Invoice.kind == InvoiceKind.DEBIT_NOTE)).one()
        issue_credit_note(session, account, note, money("9"), reason="half of it by hand", actor=OPERATOR)

    debt.pay("1000", DUE)
    debt.charge(date(2026, 3, 2))
    debt.charge(date(2026, 3, 3))

    assert debt.amounts == [money("29"), money("-20")]


def test_a_payment_that_bounced_bears_interest_again(db: Database, clock: MovableClock) -> None:
    debt = Overdue(db, clock)
    debt.go_to(date(2026, 2, 10))
    debt.pay("1000", date(2026, 2, 10))
    debt.charge(date(2026, 2, 11))
    debt.go_to(date(2026, 2, 20))
    with db.transaction() as session:
        item = session.scalars(select(CreditItem)).one()
        (allocation,) = standing(session, item)
        take_back(session, session.get_one(Allocation, allocation.id), effective_on=date(2026, 2, 20))

    debt.charge(date(2026, 3, 1))

    assert debt.amounts == [money("10"), money("9")]


def test_a_withdrawn_debit_note_stays_withdrawn(db: Database, clock: MovableClock) -> None:
    debt = Overdue(db, clock)
    debt.charge(date(2026, 3, 1))
    with db.transaction() as session:
        note = session.scalars(select(Invoice).where(Invoice.kind == InvoiceKind.DEBIT_NOTE)).one()
        void(session, note, why="agreed on the telephone", actor=OPERATOR)

    debt.charge(date(2026, 4, 1))

    assert debt.amounts == [money("29"), money("31")]


@pytest.mark.parametrize(
    ("legal_form", "amounts"),
    [
        (LegalForm.COMPANY, ["40", "29"]),
        (LegalForm.SOLE_TRADER, ["40", "29"]),
        (LegalForm.NATURAL_PERSON, []),
        (LegalForm.UNKNOWN, []),
    ],
)
def test_rules_for_businesses_reach_nobody_else(
    db: Database, clock: MovableClock, legal_form: LegalForm, amounts: list[str]
) -> None:
    terms = Sections(late_interest=msgspec.structs.replace(DAILY, businesses_only=True), recovery_cost=FORTY)
    debt = Overdue(db, clock, terms, legal_form=legal_form)

    debt.charge(date(2026, 3, 1))

    assert debt.amounts == [money(amount) for amount in amounts]


def test_a_fixed_cost_in_another_currency_is_not_charged(db: Database, clock: MovableClock) -> None:
    debt = Overdue(db, clock, Sections(late_interest=DAILY, recovery_cost=FORTY), currency="USD")

    debt.charge(date(2026, 3, 1))

    assert debt.amounts == [money("29", "USD")]


@pytest.mark.parametrize(("currency", "amounts"), [("GBP", []), ("USD", [money("29", "USD")])])
def test_the_least_amount_is_in_our_currency_and_holds_nothing_back_in_another(
    db: Database, clock: MovableClock, currency: str, amounts: list[Money]
) -> None:
    terms = Sections(late_interest=msgspec.structs.replace(DAILY, least_minor=29_01))
    debt = Overdue(db, clock, terms, currency=currency)

    debt.charge(date(2026, 3, 1))

    assert debt.amounts == amounts


def test_papers_are_in_the_language_of_the_account(db: Database, clock: MovableClock) -> None:
    debt = Overdue(db, clock, Sections(late_interest=DAILY, recovery_cost=FORTY))
    with db.transaction() as session:
        accounts.lock(session, debt.account_id).language = "es"

    debt.charge(date(2026, 3, 1))
    debt.pay("1000", date(2026, 1, 31))
    debt.charge(date(2026, 3, 2))

    with db.reading() as session:
        number = session.get_one(Invoice, debt.invoice_id).number
        notes = session.scalars(select(Invoice.description).where(Invoice.parent_id.is_not(None)).order_by(Invoice.id))
        assert notes.all() == [
            f"es: Fixed charge for the late payment of {number}",
            f"es: Interest for late payment of {number}, through 2026-03-01",
        ]
        assert set(session.scalars(select(CreditNote.reason))) == {
            f"es: More is known of {number} than when this was charged"
        }


def test_an_invoice_without_terms_and_a_debit_note_bear_nothing(db: Database, clock: MovableClock) -> None:
    free, debt = Overdue(db, clock, Sections()), Overdue(db, clock, TERMS)
    debt.charge(date(2026, 3, 1))

    free.charge(date(2026, 12, 1))
    debt.go_to(date(2026, 3, 1))
    debt.pay("1000", date(2026, 3, 1))
    debt.charge(date(2026, 12, 1))

    assert debt.amounts == [money("29")]


@pytest.mark.parametrize(("on_disputed", "interest"), [(False, "13.00"), (True, "29.00")])
def test_the_disputed_part_bears_nothing_from_the_day_of_the_dispute_until_it_is_over(
    db: Database, clock: MovableClock, on_disputed: bool, interest: str
) -> None:
    debt = Overdue(db, clock, ruled(on_disputed=on_disputed))
    debt.go_to(date(2026, 2, 6))
    with db.transaction() as session:
        write(
            session,
            debt.account_id,
            StopKind.DISPUTE,
            "dispute:1",
            invoice_id=debt.invoice_id,
            amount=money("800"),
            actor=OPERATOR,
        )
    debt.go_to(date(2026, 2, 26))
    with db.transaction() as session:
        lift(session, StopKind.DISPUTE, "dispute:1", actor=OPERATOR)

    debt.charge(date(2026, 3, 1))

    assert debt.amounts == [money(interest)]


def test_insolvency_holds_all_interest_whatever_is_said_of_disputes(db: Database, clock: MovableClock) -> None:
    debt = Overdue(db, clock, ruled(on_disputed=True))
    debt.go_to(date(2026, 2, 6))
    with db.transaction() as session:
        write(session, debt.account_id, StopKind.INSOLVENCY, "staff:1", actor=OPERATOR)

    debt.charge(date(2026, 3, 1))

    assert debt.amounts == [money("5")]


def test_without_its_rate_nothing_is_charged_but_the_cost_and_the_rate_is_asked_for(
    db: Database, clock: MovableClock
) -> None:
    following = LateInterest(reference=Reference.DE_BASE, margin=Decimal("36.5"))
    debt = Overdue(db, clock, Sections(late_interest=following, recovery_cost=FORTY))

    missing = debt.charge(date(2026, 3, 1)).missing
    with db.transaction() as session:
        rate = NewRate(Reference.DE_BASE, date(2026, 1, 1), Decimal("0"), "Deutsche Bundesbank")
        enter(session, rate, actor=OPERATOR)
    debt.charge(date(2026, 3, 2), before=date(2026, 2, 28))

    assert [(each.reference, each.day) for each in missing] == [(Reference.DE_BASE, date(2026, 1, 1))]
    assert debt.papers == [(*COST, money("40")), (*CHARGED, money("30"))]


@pytest.mark.parametrize(
    ("granted_on", "amounts"),
    [(date(2026, 1, 20), ["10"]), (DUE, ["10"]), (date(2026, 2, 6), ["15"]), (date(2026, 2, 19), ["28"])],
)
def test_a_later_due_day_holds_interest_from_when_it_was_granted(
    db: Database, clock: MovableClock, granted_on: date, amounts: list[str]
) -> None:
    debt = Overdue(db, clock)
    debt.go_to(granted_on)
    later = date(2026, 2, 19)
    with db.transaction() as session:
        invoice = session.get_one(Invoice, debt.invoice_id)
        invoice.due_on = later
        session.add(
            Extension(
                account_id=debt.account_id,
                invoice_id=invoice.id,
                was_due_on=DUE,
                due_on=later,
                granted_on=granted_on,
                granted_at=clock.now(),
                reason="Asked in time",
                actor_kind="operator",
                actor_id=None,
            )
        )

    debt.charge_daily(date(2026, 2, 20), date(2026, 3, 1))

    assert debt.amounts == [money(amount) for amount in amounts]
