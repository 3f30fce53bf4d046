"""Agreements: what a plan or an accepted offer pays is told with what is due of it, and not asked for as late."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

import pytest

from adapters.pdf.typst import TypstRenderer
from domain.documents.rendering import Paper
from domain.rounds import choosing
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.statements import papers
from domain.statements.agreements import Kind, agreements
from domain.statements.queries import statement
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import a_cheque
from tests.support.disputing import contest, early
from tests.support.outside import MemoryStore
from tests.support.planning import a_running_plan, an_asked_plan, signed
from tests.support.renderers import MemoryRenderer
from tests.support.settling import an_accepted_offer
from web.localisation import localisation


def test_a_plan_says_what_is_paid_of_it_and_what_is_next(db: Database) -> None:
    with db.transaction() as session:
        account, _, [invoice], plan = a_running_plan(session, MemoryStore(), "300")
        a_cheque(session, account, "100", wanted={invoice.id: money("100")})

        found = agreements(session, account.id, "GBP")

        [one] = found.each
        assert (one.kind, one.id, one.total, one.paid) == (Kind.PLAN, plan.id, money("300"), money("100"))
        assert (one.due_now, one.next_amount) == (money("0"), money("100"))
        assert (found.open(), found.late(today(session))) == (money("200"), money("200"))
        assert found.of(invoice.id) is one


def test_a_plan_that_waits_for_its_start_asks_for_nothing_yet(db: Database) -> None:
    with db.transaction() as session:
        account, actor, [invoice], asked = an_asked_plan(session, "300", down_minor=6000)
        signed(session, MemoryStore(), asked, actor)

        found = agreements(session, account.id, "GBP")

    assert str(found.each[0].words) == "Payment plan over 300.00 GBP: signed, not started yet"
    assert (found.each[0].due_now, found.each[0].next_on, found.each[0].late_days) == (money("0"), None, 0)
    assert (found.not_started, found.invoice_ids) == (money("300"), frozenset({invoice.id}))


def test_a_settlement_over_two_invoices_says_what_its_next_part_pays_of_each(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account, _, [first, second], _ = an_accepted_offer(session, "60", "140", pays="160", parts=2)
    clock.advance(days=14)

    with db.reading() as session:
        [one] = agreements(session, account.id, "GBP").each

    assert [(row.id, row.part) for row in one.invoices] == [(first.id, money("60")), (second.id, money("20"))]
    assert (one.total, one.paid, one.due_now, one.left) == (money("160"), money("0"), money("80"), money("160"))


def test_a_statement_takes_what_is_agreed_out_of_what_is_late_and_tells_it_apart(db: Database) -> None:
    renderer = MemoryRenderer()
    with db.transaction() as session:
        account, _, _, _ = an_accepted_offer(session, "100", pays="70")
        due_on = today(session) - timedelta(days=40)
        an_invoice(session, account, "25", issued_on=due_on, due_on=due_on)
        view = statement(session, account.id, today(session) - timedelta(days=100), today(session))

        papers.print_statement(session, renderer, account, view)

    assert (view.ageing.late, view.agreed.amount, view.agreed.count) == (money("25"), money("100"), 1)
    assert view.ageing.total + view.agreed.amount == view.closing
    headline, said = cast(Paper, renderer.last["headline"]), cast(list[Paper], renderer.last["agreements"])
    assert (headline["late"], headline["agreed"]) == (money("25"), money("100"))
    assert [each["next_amount"] for each in said] == [money("70")]


def test_a_statement_takes_what_is_in_dispute_out_of_what_is_late_and_tells_it_apart(
    db: Database, clock: MovableClock
) -> None:
    renderer = MemoryRenderer()
    clock.move_to(early(clock.now().date()))
    with db.transaction() as session:
        account, late_on = an_account(session), today(session) - timedelta(days=40)
        invoice = an_invoice(session, account, "100", issued_on=late_on, due_on=late_on)
        contest(session, account, invoice, "30")
        view = statement(session, account.id, today(session) - timedelta(days=100), today(session))

        papers.print_statement(session, renderer, account, view)

    assert (view.ageing.late, view.disputed) == (money("70"), money("30"))
    headline, aged = cast(Paper, renderer.last["headline"]), cast(Paper, renderer.last["ageing"])
    assert (headline["late"], headline["disputed"]) == (money("70"), money("30"))
    assert (aged["disputed"], aged["total"]) == (money("30"), view.closing)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_paper_has_a_line_for_each_agreement(db: Database, language: str) -> None:
    typst = TypstRenderer(lambda language: localisation(language, "Europe/London"))
    with db.transaction() as session:
        account, _, _, _ = an_accepted_offer(session, "100", pays="70", parts=3)
        view = statement(session, account.id, today(session) - timedelta(days=100), today(session))

        printed = papers.print_statement(session, typst, account, view, language=language)

    assert printed.content.startswith(b"%PDF")


def test_what_is_being_settled_is_no_part_of_everything_that_is_due(db: Database) -> None:
    with db.transaction() as session:
        account, actor, _, _ = an_accepted_offer(session, "100", pays="70")
        due_on = today(session)
        an_invoice(session, account, "25", issued_on=due_on, due_on=due_on)
        assert actor.id is not None

        [owing] = choosing.owing(session, actor.id)

        assert (owing.open, owing.late) == (money("25"), money("0"))
        assert choosing.due(session, [account.id]) == {account.id: (25_00, 1)}
