"""Reading the audit trail: newest first, page by page, one account's or one thing's."""

from __future__ import annotations

from domain.audit.erasing import erase_payload
from domain.audit.queries import acts_on, acts_on_account
from domain.audit.recording import record
from domain.shared.actor import OPERATOR, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database


def test_an_accounts_acts_come_newest_first_page_by_page(db: Database, clock: MovableClock) -> None:
    for n in range(5):
        with db.transaction() as session:
            record(session, f"invoice.act{n}", actor=OPERATOR, subject=("invoice", n), account_id=1, n=n)
            record(session, "invoice.other", actor=OPERATOR, subject=("invoice", n), account_id=2)
        clock.advance(minutes=n // 2)

    with db.reading() as session:
        first = acts_on_account(session, 1, limit=2)
        second = acts_on_account(session, 1, limit=2, after=first[-1].position)
        third = acts_on_account(session, 1, limit=2, after=second[-1].position)

    assert [act.act[-1] for act in (*first, *second, *third)] == ["4", "3", "2", "1", "0"]
    assert first[0].words == {"n": 4}


def test_a_things_acts_are_its_own(db: Database) -> None:
    with db.transaction() as session:
        record(session, "payment.started", actor=Actor.login(5, "192.0.2.9"), subject=("payment", "0abc"), account_id=1)
        record(session, "payment.started", actor=OPERATOR, subject=("payment", "0abd"), account_id=1)
        record(session, "refund.asked", actor=OPERATOR, subject=("refund", "0abc"), account_id=1)

        [act] = acts_on(session, ("payment", "0abc"))

    assert (act.actor_kind, act.actor_id, act.address) == ("login", 5, "192.0.2.9")


def test_an_erased_act_is_shown_without_its_payload(db: Database) -> None:
    with db.transaction() as session:
        audit_id = record(
            session, "login.added", actor=OPERATOR, subject=("login", 1), after={"email": "a@example.com"}
        )
        erase_payload(session, audit_id, ground="GDPR 17(1)(a)", actor=OPERATOR)

        [act] = acts_on(session, ("login", 1))
        [erasure] = acts_on(session, ("audit_entry", audit_id))

    assert act.erased_at is not None
    assert act.after == {}
    assert (erasure.act, erasure.words) == ("audit.erased", {"ground": "GDPR 17(1)(a)"})
