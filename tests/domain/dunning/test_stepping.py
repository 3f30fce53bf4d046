"""Stepping: the right notice, once a customer and day, and none that is not true; each reason has its own test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec import structs
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account, LegalForm
from domain.advices.telling import tell
from domain.invoicing.debit_notes import issue_debit_note
from domain.notices.messages import SendNotice
from domain.notices.model import HeldBack
from domain.notices.reach import addresses
from domain.notices.reach.model import AddressKind
from domain.outbox.model import OutboxMessage
from domain.policies.contacting import Channel, Wording
from domain.policies.ruling import sections_today
from domain.policies.sections import Bracket, DunningStep, Settlements
from domain.receivables.model import Invoice
from domain.settlements.offering import offer
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.staff.model import Role
from domain.stops import writing as stops
from domain.stops.model import StopKind
from domain.tasks.model import TaskKind
from tests.domain.promises.test_judging import waiting_tasks
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.disputing import contest
from tests.support.fakes import FakeProcessor
from tests.support.paying import a_debt, start
from tests.support.placing import handed_over
from tests.support.policies import a_policy
from tests.support.promising import promised
from tests.support.reminding import STEPS, a_sequence, days_pass, notices, parts, reminded, said
from tests.support.settling import wanted

EMAIL = "ap@harbour.example"
FIRST = ("first_reminder", "ready", None)


def owing(session: Session, *late_by: int, amount: str = "120", **more: object) -> tuple[Account, list[Invoice]]:
    """An account with an invoice for each number of days by which it is late (due later where negative)."""
    given: dict[str, Any] = {"email": EMAIL, "legal_form": LegalForm.COMPANY, "country": "GB"} | more
    account = an_account(session, **given)
    return account, [invoice(session, account, days, amount) for days in late_by]


def invoice(session: Session, account: Account, late_by: int, amount: str = "120") -> Invoice:
    """An invoice that is late by so many days."""
    due_on = today(session) - timedelta(days=late_by)
    issued_on = min(due_on, today(session))
    return an_invoice(session, account, amount, issued_on=issued_on, due_on=due_on)


def test_a_late_invoice_is_reminded_of_once(db: Database) -> None:
    with db.transaction() as session:
        a_sequence(session)
        account, _ = owing(session, 7)

    turns = [reminded(db), reminded(db)]

    assert [turn.notices for turn in turns] == [1, 0]
    with db.reading() as session:
        (notice,) = notices(session)
        assert said(session) == [FIRST]
        assert (notice.account_id, notice.channel, notice.address) == (account.id, Channel.EMAIL, EMAIL)
        assert notice.total == money("120")
        assert notice.act_by == today(session) + timedelta(days=7)
        waiting = session.execute(select(OutboxMessage.kind, OutboxMessage.payload)).all()
        assert (SendNotice.kind, {"notice_id": notice.id}) in [tuple(row) for row in waiting]


def test_nobody_is_reminded_without_a_sequence(db: Database) -> None:
    with db.transaction() as session:
        owing(session, 7)

    assert reminded(db).did.done == 0


def test_what_is_late_goes_into_one_notice_at_the_highest_stage_without_what_is_not_late_yet(
    db: Database, clock: MovableClock
) -> None:
    with db.transaction() as session:
        a_sequence(session)
        owing(session, 8, -3, 7)

    reminded(db)
    days_pass(db, clock, 1)

    with db.reading() as session:
        first, second = notices(session)
        assert said(session) == [FIRST, ("courtesy", "ready", None)]
        assert [len(parts(session, each)) for each in (first, second)] == [2, 1]


def test_the_steps_come_one_after_the_other(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_sequence(session, [structs.replace(step, approve=False) for step in STEPS])
        owing(session, -3, address="1 Quay\nLeith")
    reminded(db)

    days_pass(db, clock, 48)

    with db.reading() as session:
        assert [wording for wording, *_ in said(session)] == [step.wording for step in STEPS]
        days = [(each.decided_on - date(2026, 3, 19)).days for each in notices(session)]
        assert days == [step.day for step in STEPS]


def test_whoever_was_never_reminded_begins_with_the_first_reminder(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_sequence(session)
        owing(session, 200)
    reminded(db)

    days_pass(db, clock, 6)

    with db.reading() as session:
        assert [wording for wording, *_ in said(session)] == ["first_reminder", "second_reminder"]
        first, second = notices(session)
        assert second.decided_on - first.decided_on == timedelta(days=5)


def test_a_part_payment_neither_skips_nor_restarts(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_sequence(session)
        account, (late,) = owing(session, 7)
    reminded(db)

    with db.transaction() as session:
        a_receipt(session, account, "50", today(session), late)
    days_pass(db, clock, 7)

    with db.reading() as session:
        assert said(session) == [FIRST, ("second_reminder", "ready", None)]
        assert notices(session)[1].total == money("70")


def test_another_sequence_goes_on_from_the_stage_that_was_reached(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_sequence(session)
        account, _ = owing(session, 14)
    reminded(db)
    days_pass(db, clock, 5)

    with db.transaction() as session:
        others = (3, Wording.FIRST_REMINDER), (10, Wording.SECOND_REMINDER), (20, Wording.DEMAND)
        steps = [DunningStep(day=day, channel=Channel.EMAIL, wording=wording) for day, wording in others]
        a_sequence(session, steps, account_id=account.id)
    days_pass(db, clock, 1)

    with db.reading() as session:
        assert [wording for wording, *_ in said(session)] == ["first_reminder", "second_reminder", "demand"]


def disputed(session: Session, account: Account, late: Invoice) -> None:
    contest(session, account, late)


def promise(session: Session, account: Account, late: Invoice) -> None:
    promised(session, account, late)


def told(session: Session, account: Account, late: Invoice) -> None:
    lines = {late.id: late.open}
    tell(session, account.id, lines, expected_on=today(session), actor=OPERATOR)


def credited(session: Session, account: Account, late: Invoice) -> None:
    a_receipt(session, account, "120", today(session))


def offered(session: Session, account: Account, late: Invoice) -> None:
    """There is an offer to settle it for less."""
    brackets = Settlements(brackets=(Bracket(late_days=1, most_percent=30),))
    ruled = structs.replace(sections_today(session, account.id), settlements=brackets)
    a_policy(session, ruled, account_id=account.id)
    offer(session, account.id, wanted(session, "100", late), role=Role.MANAGER, actor=OPERATOR)


def stopped(kind: StopKind) -> Callable[[Session, Account, Invoice], None]:
    """Held by a stop of this kind, on the invoice."""

    def act(session: Session, account: Account, late: Invoice) -> None:
        stops.write(session, account.id, kind, "test", actor=OPERATOR, invoice_id=late.id)

    return act


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (disputed, HeldBack.DISPUTED),
        (promise, HeldBack.PROMISED),
        (told, HeldBack.TOLD),
        (credited, HeldBack.CREDIT),
        (stopped(StopKind.PLAN), HeldBack.PLAN),
        (stopped(StopKind.PLAN_BEARING), HeldBack.PLAN),
        (offered, HeldBack.OFFER),
        (handed_over, HeldBack.PLACED),
        (stopped(StopKind.JUDGMENT), HeldBack.BEFORE_COURT),
        (stopped(StopKind.BARRED), HeldBack.BARRED),
        (stopped(StopKind.CHARGEBACK), HeldBack.CHARGEBACK),
        (stopped(StopKind.INSOLVENCY), HeldBack.INSOLVENT),
        (stopped(StopKind.BREATHING_SPACE), HeldBack.BREATHING_SPACE),
        (stopped(StopKind.CEASE), HeldBack.CEASE),
        (stopped(StopKind.MANUAL), HeldBack.PAUSED),
    ],
    ids=lambda value: value.value if isinstance(value, HeldBack) else "",
)
def test_what_is_not_to_be_asked_for_is_not_and_it_is_said_why_once(
    db: Database, clock: MovableClock, act: Callable[[Session, Account, Invoice], None], why: HeldBack
) -> None:
    with db.transaction() as session:
        a_sequence(session)
        account, (late,) = owing(session, 7)
        act(session, account, late)

    reminded(db)
    days_pass(db, clock, 2)

    with db.reading() as session:
        assert said(session) == [("first_reminder", "suppressed", why.value)]
        assert parts(session, notices(session)[0]) == [(0, 12000, why.value)]


def test_a_payment_that_is_being_made_is_left_alone(db: Database, clock: MovableClock) -> None:
    debt = a_debt(db, "120")
    with db.transaction() as session:
        a_sequence(session)
    clock.advance(days=37)
    start(db, FakeProcessor(), debt, {debt.invoices[0]: money("120")})

    reminded(db)

    with db.reading() as session:
        assert said(session) == [("first_reminder", "suppressed", "paying")]


def test_a_transfer_that_did_not_come_is_waited_for_some_days(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_sequence(session)
        account, (late,) = owing(session, 7)
        tell(session, account.id, {late.id: money("100")}, expected_on=today(session), actor=OPERATOR)

    reminded(db)
    days_pass(db, clock, 7)

    with db.reading() as session:
        asked = [parts(session, each) for each in notices(session)]
        assert asked == [[(2000, 10000, "told")], [(12000, 0, None)]]


def test_once_the_stop_is_lifted_the_same_step_goes_out(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_sequence(session)
        account, _ = owing(session, 7)
        stops.write(session, account.id, StopKind.MANUAL, "test", actor=OPERATOR)
    reminded(db)

    with db.transaction() as session:
        stops.lift(session, StopKind.MANUAL, "test", actor=OPERATOR)
    days_pass(db, clock, 1)

    with db.reading() as session:
        assert said(session) == [("first_reminder", "suppressed", "paused"), FIRST]


def test_of_what_is_disputed_only_the_rest_is_asked_for(db: Database) -> None:
    with db.transaction() as session:
        a_sequence(session)
        account, (late, other) = owing(session, 7, 7)
        contest(session, account, late, "50")
        contest(session, account, other)

    reminded(db)

    with db.reading() as session:
        (notice,) = notices(session)
        assert said(session) == [FIRST]
        assert notice.total == money("70")
        assert parts(session, notice) == [(7000, 5000, "disputed"), (0, 12000, "disputed")]


def test_too_little_is_not_chased(db: Database) -> None:
    with db.transaction() as session:
        a_sequence(session, least_minor=500)
        owing(session, 7, amount="4.99")

    reminded(db)

    with db.reading() as session:
        assert said(session) == [("first_reminder", "suppressed", "trifle")]


def test_nobody_is_written_to_at_night(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_sequence(session)
        owing(session, 6, legal_form=LegalForm.NATURAL_PERSON, time_zone="America/Los_Angeles")
    clock.advance(hours=18)

    at_night = reminded(db)
    clock.advance(hours=10)
    by_day = reminded(db)

    assert (at_night.did.done, by_day.notices) == (0, 1)


def test_without_any_address_somebody_is_asked_to_find_one(db: Database) -> None:
    with db.transaction() as session:
        a_sequence(session)
        owing(session, 7, email=None)

    reminded(db)

    with db.reading() as session:
        assert said(session) == [("first_reminder", "suppressed", "no_address")]
        assert waiting_tasks(session) == [(TaskKind.TRACE, 12000)]


@pytest.mark.parametrize(
    ("late_by", "address", "expected"),
    [
        (7, None, ("first_reminder", "suppressed", "opted_out")),
        (7, "1 Quay\nLeith", FIRST),
    ],
)
def test_whoever_does_not_want_email_gets_none(
    db: Database, late_by: int, address: str | None, expected: tuple[str, str, str | None]
) -> None:
    with db.transaction() as session:
        a_sequence(session)
        owing(session, late_by, address=address)
        addresses.note(session, Channel.EMAIL, EMAIL, AddressKind.OPTED_OUT, how="link", actor=OPERATOR)

    reminded(db)

    with db.reading() as session:
        assert said(session) == [expected]
        assert address is None or notices(session)[0].channel is Channel.LETTER


def test_a_person_has_thirty_days_to_answer_a_final_notice(db: Database) -> None:
    with db.transaction() as session:
        final = DunningStep(day=45, channel=Channel.LETTER, wording=Wording.FINAL_NOTICE)
        a_sequence(session, [final])
        for form in (LegalForm.COMPANY, LegalForm.NATURAL_PERSON):
            owing(session, 45, legal_form=form, address="1 Quay\nLeith")

    reminded(db)

    with db.reading() as session:
        waits = [each.act_by - each.decided_on for each in notices(session) if each.act_by]
        assert waits == [timedelta(days=7), timedelta(days=30)]


def charged(session: Session, account: Account, late: Invoice) -> Invoice:
    """A late charge of 40 on an invoice, due today."""
    note = issue_debit_note(session, account, late, money("40"), reason="Fixed charge", actor=OPERATOR)
    note.due_on = today(session)
    return note


def test_late_charges_are_asked_for_along_with_what_is_late_and_never_alone(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_sequence(session)
        account, (late,) = owing(session, 7)
        charged(session, account, late)
    reminded(db)
    with db.transaction() as session:
        assert parts(session, notices(session)[0]) == [(12000, 0, None), (4000, 0, None)]
        a_receipt(session, account, "120", today(session), late)

    days_pass(db, clock, 40)

    with db.reading() as session:
        assert said(session) == [FIRST]


def test_a_late_charge_is_not_asked_for_by_a_note_ahead_of_the_due_day(db: Database) -> None:
    with db.transaction() as session:
        a_sequence(session)
        account, (late, _) = owing(session, 5, -3)
        charged(session, account, late).due_on = today(session) - timedelta(days=5)
        a_receipt(session, account, "120", today(session), late)

    reminded(db)

    with db.reading() as session:
        assert said(session) == [("courtesy", "ready", None)]
        assert parts(session, notices(session)[0]) == [(12000, 0, None)]
