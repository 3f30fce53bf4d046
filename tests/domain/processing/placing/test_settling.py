"""Settling by partners: within their authority it is offered at once, beyond it staff decide; paid, closed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.outbox.model import OUTBOX
from domain.placements import ending
from domain.placements.messages import PartnerNews, TellPartner
from domain.placements.model import Closing, Placement, PlacementStatus
from domain.processing.checks import check_books
from domain.processing.placing import settling
from domain.processing.placing.settling import Proposed
from domain.receivables.model import Invoice
from domain.settlements import accepting, queries
from domain.settlements.model import Concession, OfferStatus
from domain.shared.actor import OPERATOR, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import BeyondAuthority, Conflict, Invalid, NotFound
from domain.shared.money import Money
from domain.staff.model import Role
from domain.tasks.model import Task, TaskKind
from tests.support.builders import money
from tests.support.credit import a_cheque, open_of
from tests.support.placing import a_late_debt, a_partner, placed
from tests.support.planning import somebody_who_binds

AGENT = Actor.partner(1)


def lies_with_a_partner(session: Session, percent: int = 20) -> tuple[int, Invoice, Placement]:
    """A debt of 1,200 with a partner that may give up so much of it: its account, its invoice, its placement."""
    account, invoice = a_late_debt(session)
    placement = placed(session, account, a_partner(session, settle_percent=percent))
    return account.id, invoice, placement


def for_(session: Session, amount: str, *, parts: int = 1, days: int = 14, reason: str = "All she has.") -> Proposed:
    """To settle for so much, within two weeks unless said otherwise."""
    return Proposed(money(amount), parts, today(session) + timedelta(days=days), reason)


def state(session: Session, placement: Placement, offer_id: int) -> tuple[PlacementStatus, Closing | None, OfferStatus]:
    """Where the placement and the offer stand."""
    found = session.get_one(Placement, placement.id, populate_existing=True)
    return found.status, found.closing, OfferStatus(queries.offer(session, offer_id).status)


def told(session: Session) -> list[PartnerNews]:
    """What partners are told, the first one first."""
    bodies = session.scalars(select(OUTBOX.c.payload).where(OUTBOX.c.kind == TellPartner.kind).order_by(OUTBOX.c.id))
    return [PartnerNews(body["news"]) for body in bodies]


def _account(session: Session, placement: Placement) -> Account:
    return session.get_one(Account, placement.account_id)


def test_within_its_authority_the_customer_is_offered_it_at_once_and_it_stays_with_the_partner(db: Database) -> None:
    with db.transaction() as session:
        account_id, _, placement = lies_with_a_partner(session)
        made = settling.propose(session, account_id, placement.id, for_(session, "960"), actor=AGENT)

    with db.reading() as session:
        assert state(session, placement, made.id) == (PlacementStatus.ACTIVE, None, OfferStatus.OFFERED)
        assert session.scalars(select(Task.id).where(Task.kind == TaskKind.SETTLEMENT_APPROVAL)).all() == []
        assert check_books(session) == []


def test_the_customer_accepts_and_pays_us_and_the_debt_is_closed_as_settled(db: Database) -> None:
    with db.transaction() as session:
        account_id, invoice, placement = lies_with_a_partner(session)
        made = settling.propose(session, account_id, placement.id, for_(session, "960"), actor=AGENT)
        customer = somebody_who_binds(session, _account(session, placement))
        accepting.accept(session, account_id, made.id, parts=1, actor=customer)
    with db.transaction() as session:
        a_cheque(session, _account(session, placement), "960", wanted={invoice.id: money("960")})

    with db.reading() as session:
        assert state(session, placement, made.id) == (
            PlacementStatus.CLOSED,
            Closing.SETTLED,
            OfferStatus.FULFILLED,
        )
        assert [row.amount for row in session.scalars(select(Concession))] == [money("240")]
        assert open_of(session, invoice) == [money("0")]
        assert check_books(session) == []


def test_a_penny_beyond_waits_for_staff_and_is_offered_once_they_have_approved(db: Database) -> None:
    with db.transaction() as session:
        account_id, _, placement = lies_with_a_partner(session)
        made = settling.propose(session, account_id, placement.id, for_(session, "959.99"), actor=AGENT)
        before = state(session, placement, made.id), session.scalars(select(Task.kind).order_by(Task.id)).all()
    with db.transaction() as session:
        settling.approve(session, account_id, made.id, role=Role.MANAGER, actor=OPERATOR)

    with db.reading() as session:
        assert before[0] == (PlacementStatus.ACTIVE, None, OfferStatus.AWAITING_APPROVAL)
        assert TaskKind.SETTLEMENT_APPROVAL in before[1]
        assert state(session, placement, made.id) == (PlacementStatus.ACTIVE, None, OfferStatus.OFFERED)
        assert told(session)[-1] is PartnerNews.SETTLEMENT_APPROVED


def test_staff_without_the_authority_cannot_approve_and_whoever_may_can_decline(db: Database) -> None:
    with db.transaction() as session:
        account_id, _, placement = lies_with_a_partner(session)
        made = settling.propose(session, account_id, placement.id, for_(session, "300"), actor=AGENT)

    with pytest.raises(BeyondAuthority), db.transaction() as session:
        settling.approve(session, account_id, made.id, role=Role.COLLECTOR, actor=OPERATOR)
    with db.transaction() as session:
        settling.withdraw(session, account_id, made.id, why="Too little.", actor=OPERATOR)

    with db.reading() as session:
        assert state(session, placement, made.id) == (PlacementStatus.ACTIVE, None, OfferStatus.WITHDRAWN)
        assert told(session)[-1] is PartnerNews.SETTLEMENT_DECLINED


def test_parts_beyond_the_term_wait_for_staff_though_nothing_much_is_given_up(db: Database) -> None:
    with db.transaction() as session:
        account_id, _, placement = lies_with_a_partner(session)
        within = settling.consider(session, account_id, placement.id, for_(session, "1100", parts=5))
        beyond = settling.consider(session, account_id, placement.id, for_(session, "1100", parts=12))

    assert (within.percent, list(within.beyond)) == (9, [])
    assert [words.text for words in beyond.beyond] == [
        "The last part is due on {last}, and the debt comes back to us on {returns_on}."
    ]


def test_the_debtor_tells_the_partner_that_they_take_it_in_parts(db: Database) -> None:
    with db.transaction() as session:
        account_id, invoice, placement = lies_with_a_partner(session)
        made = settling.propose(session, account_id, placement.id, for_(session, "1000", parts=2), actor=AGENT)
        settling.debtor_accepts(session, account_id, placement.id, made.id, parts=2, actor=AGENT)
    for _ in range(2):
        with db.transaction() as session:
            a_cheque(session, _account(session, placement), "500", wanted={invoice.id: money("500")})

    with db.reading() as session:
        assert state(session, placement, made.id) == (
            PlacementStatus.CLOSED,
            Closing.SETTLED,
            OfferStatus.FULFILLED,
        )
        assert check_books(session) == []


def test_another_offer_while_one_is_open_is_refused_and_possible_once_the_debtor_has_declined(db: Database) -> None:
    with db.transaction() as session:
        account_id, _, placement = lies_with_a_partner(session)
        made = settling.propose(session, account_id, placement.id, for_(session, "1000"), actor=AGENT)

    with pytest.raises(Conflict), db.transaction() as session:
        settling.propose(session, account_id, placement.id, for_(session, "990"), actor=AGENT)
    with db.transaction() as session:
        settling.debtor_declines(session, account_id, placement.id, made.id, actor=AGENT)
        again = settling.propose(session, account_id, placement.id, for_(session, "990"), actor=AGENT)

        assert again.status is OfferStatus.OFFERED


def test_the_partner_takes_back_what_it_proposed(db: Database) -> None:
    with db.transaction() as session:
        account_id, _, placement = lies_with_a_partner(session)
        made = settling.propose(session, account_id, placement.id, for_(session, "1000"), actor=AGENT)
        settling.take_back(session, account_id, placement.id, made.id, why="Pays in full.", actor=AGENT)

        assert state(session, placement, made.id)[2] is OfferStatus.WITHDRAWN


def test_what_is_asked_for_no_other_placement_and_not_after_it_is_over(db: Database) -> None:
    with db.transaction() as session:
        account_id, _, placement = lies_with_a_partner(session)
        other_account, _, other = lies_with_a_partner(session)
        made = settling.propose(session, account_id, placement.id, for_(session, "1000"), actor=AGENT)

    with pytest.raises(NotFound), db.transaction() as session:
        settling.debtor_accepts(session, other_account, other.id, made.id, parts=1, actor=AGENT)
    with db.transaction() as session:
        ending.recall(session, account_id, placement.id, why="Ours again.", actor=OPERATOR)
    with pytest.raises(Conflict), db.transaction() as session:
        settling.debtor_accepts(session, account_id, placement.id, made.id, parts=1, actor=AGENT)
    with pytest.raises(Conflict), db.transaction() as session:
        settling.propose(session, account_id, placement.id, for_(session, "1000"), actor=AGENT)


def test_once_the_debt_is_ours_again_the_partner_ends_no_offer_of_it_and_is_told_nothing(db: Database) -> None:
    with db.transaction() as session:
        account_id, _, placement = lies_with_a_partner(session)
        offered = settling.propose(session, account_id, placement.id, for_(session, "1000"), actor=AGENT)
        ending.recall(session, account_id, placement.id, why="Ours again.", actor=OPERATOR)
        last = told(session)[-1]

    with pytest.raises(Conflict), db.transaction() as session:
        settling.debtor_declines(session, account_id, placement.id, offered.id, actor=AGENT)
    with pytest.raises(Conflict), db.transaction() as session:
        settling.take_back(session, account_id, placement.id, offered.id, why="Not ours.", actor=AGENT)
    with db.transaction() as session:
        before = state(session, placement, offered.id)[2]
        settling.withdraw(session, account_id, offered.id, why="It pays us.", actor=OPERATOR)

        assert (before, state(session, placement, offered.id)[2]) == (OfferStatus.OFFERED, OfferStatus.WITHDRAWN)
        assert (last, told(session)[-1]) == (PartnerNews.RECALLED, PartnerNews.RECALLED)


@pytest.mark.parametrize(
    ("amount", "parts", "days", "reason", "field"),
    [
        ("0", 1, 14, "Why", "amount"),
        ("1200", 1, 14, "Why", "amount"),
        ("1000", 0, 14, "Why", "parts"),
        ("1000", 1, 0, "Why", "expires_on"),
        ("1000", 1, 14, " ", "reason"),
    ],
)
def test_what_no_offer_can_be_is_refused_beside_its_field(
    db: Database, amount: str, parts: int, days: int, reason: str, field: str
) -> None:
    with db.transaction() as session:
        account_id, _, placement = lies_with_a_partner(session)
        proposed = for_(session, amount, parts=parts, days=days, reason=reason)

    with pytest.raises(Invalid) as refused, db.transaction() as session:
        settling.propose(session, account_id, placement.id, proposed, actor=AGENT)

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("amount", "after_days", "is_taken"),
    [("960", 0, True), ("961", 3, True), ("959.99", 3, False), ("960", -1, False), ("960", 15, False)],
)
def test_who_pays_the_partner_all_that_is_asked_in_time_has_accepted(
    db: Database, amount: str, after_days: int, is_taken: bool
) -> None:
    with db.transaction() as session:
        account_id, _, placement = lies_with_a_partner(session)
        made = settling.propose(session, account_id, placement.id, for_(session, "960"), actor=AGENT)
        paid_on = today(session) + timedelta(days=after_days)
        found = settling.accept_by_paying(session, placement, money(amount), paid_on, actor=AGENT)

        wanted = OfferStatus.ACCEPTED if is_taken else OfferStatus.OFFERED
        assert (found, state(session, placement, made.id)[2]) == (is_taken, wanted)


def test_the_day_on_which_an_agent_was_paid_counts_not_the_one_on_which_it_says_so(
    db: Database, clock: MovableClock
) -> None:
    with db.transaction() as session:
        account_id, _, placement = lies_with_a_partner(session)
        made = settling.propose(session, account_id, placement.id, for_(session, "960"), actor=AGENT)
        last_day: date = made.expires_on
    clock.advance(days=15)
    with db.transaction() as session:
        again = session.get_one(Placement, placement.id)

        assert settling.accept_by_paying(session, again, money("960"), last_day, actor=AGENT)
        assert state(session, placement, made.id)[2] is OfferStatus.ACCEPTED


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(percent=st.integers(0, 99), share=st.integers(1, 119_999), parts=st.integers(1, 12))
def test_nothing_more_than_the_authority_is_given_up_without_staff(
    db: Database, percent: int, share: int, parts: int
) -> None:
    with db.transaction() as session:
        account_id, invoice, placement = lies_with_a_partner(session, percent)
        amount = Money(share, "GBP")
        wanted = Proposed(amount, min(parts, share), today(session) + timedelta(days=14), "All she has.")
        scope = settling.scope_of(session, account_id, placement.id)
        made = settling.propose(session, account_id, placement.id, wanted, actor=AGENT)
        if made.status is OfferStatus.AWAITING_APPROVAL:
            assert amount < scope.least or made.most_parts > 1
            return
        settling.debtor_accepts(session, account_id, placement.id, made.id, parts=made.most_parts, actor=AGENT)
        a_cheque(session, _account(session, placement), str(amount.decimal), wanted={invoice.id: amount})

        given_up = [
            row.amount_minor for row in session.scalars(select(Concession).where(Concession.offer_id == made.id))
        ]
        assert amount >= scope.least
        assert sum(given_up) * 100 <= percent * 1200_00
        assert open_of(session, invoice) == [money("0")]
