"""The register of stops: what each kind holds, for how long, and of what."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.receivables.held import held_parts
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import NotFound
from domain.shared.money import Money
from domain.stops import holding, queries
from domain.stops.model import HOLDS, Held, StopKind
from domain.stops.writing import lift, write
from tests.support.builders import an_account, an_invoice, money
from tests.support.disputing import early
from tests.support.placing import handed_over
from tests.support.settling import an_offer
from tests.support.writing_off import written_off

FIRST, LAST, AFTER = date(2026, 3, 2), date(2026, 3, 12), date(2026, 3, 13)


def a_stop(session: Session, kind: StopKind) -> tuple[Account, Invoice, Money]:
    """An account with a stop of this kind on 70 of an invoice of 120; an offer, or a placement, is over all of it."""
    if kind is StopKind.OFFER:
        account, (held,), _ = an_offer(session, "120", pays="100")
        return account, held, money("120")
    account = an_account(session)
    held = an_invoice(session, account, "120")
    if kind is StopKind.PLACEMENT:
        handed_over(session, account, held)
        return account, held, money("120")
    if kind is StopKind.WRITE_OFF:
        written_off(session, account, held)
        return account, held, money("120")
    write(session, account.id, kind, "x:1", actor=OPERATOR, invoice_id=held.id, amount=money("70"))
    return account, held, money("70")


@pytest.mark.parametrize("kind", StopKind)
@pytest.mark.parametrize("what", Held)
def test_every_reader_of_the_register_sees_what_the_table_says(db: Database, kind: StopKind, what: Held) -> None:
    with db.transaction() as session:
        account, held, amount = a_stop(session, kind)
        other = an_invoice(session, account, "50")
        day, kinds = today(session), holding.kinds_that_hold(what)

        clause = queries.is_held(Invoice.account_id, Invoice.id, kinds, day)
        found = holding.holds_on(session, {held.id: account.id, other.id: account.id}, kinds)
        holds = what in HOLDS[kind]

        assert held_parts(session, [account.id], kinds) == ({held.id: amount} if holds else {})
        assert session.scalars(select(Invoice.id).where(clause)).all() == ([held.id] if holds else [])
        assert {one: holding.held(some, day, 12000) for one, some in found.items()} == (
            {held.id: amount.minor} if holds else {}
        )


def test_one_with_a_last_day_ends_by_itself(db: Database, clock: MovableClock) -> None:
    clock.move_to(early(FIRST))
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        write(session, account.id, StopKind.BREATHING_SPACE, "x:1", actor=OPERATOR, until_on=LAST, why="A letter")

    held = {}
    for day in (LAST, AFTER):
        clock.move_to(early(day))
        with db.reading() as session:
            held[day] = (
                held_parts(session, [account.id], holding.kinds_that_hold(Held.CHASING)),
                len(queries.past(session, account.id)),
            )

    assert held == {LAST: ({invoice.id: money("120")}, 0), AFTER: ({}, 1)}


def test_what_was_lifted_is_over_with_both_reasons(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        write(session, account.id, StopKind.CEASE, "x:1", actor=OPERATOR, why="By phone")
        lift(session, StopKind.CEASE, "x:1", actor=OPERATOR, why="They write again")

        [row] = queries.past(session, account.id)

        assert queries.live(session, account.id) == []
        assert (row.why, row.lifted_why, row.lifted_by_kind) == ("By phone", "They write again", OPERATOR.kind)


def test_a_stop_of_another_account_is_not_found(db: Database) -> None:
    with db.transaction() as session:
        stop = write(session, an_account(session).id, StopKind.MANUAL, "x:1", actor=OPERATOR)

        with pytest.raises(NotFound):
            queries.stop(session, an_account(session).id, stop.id)
