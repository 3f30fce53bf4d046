"""Sealing: what was added since the last seal, once, in one chain, and the balances as of that moment."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.ledger import sealing
from domain.ledger.checks import check_books
from domain.ledger.model import CHECKPOINTS, LEAVES, SEALS
from domain.ledger.sealing import Leaf, export_heads, seal
from domain.shared.actor import OPERATOR
from domain.shared.business import Business
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.conftest import Workshop
from tests.support.entries import open_accounts, post_sale, post_settlement


def test_there_is_nothing_to_seal_in_empty_books(db: Database) -> None:
    with db.transaction() as session:
        open_accounts(session, 1)

        assert seal(session) is None


def test_a_seal_covers_the_heads_of_the_streams_that_have_grown(db: Database) -> None:
    with db.transaction() as session:
        open_accounts(session, 1, 2, 3)
        post_sale(session, 1, 100, "I-1")
        post_sale(session, 1, 100, "I-2")
        post_sale(session, 2, 100, "I-3")
        first = seal(session)
        post_sale(session, 2, 100, "I-4")
        post_settlement(session, 100, 3, "txn_1")
        second = seal(session)

        leaves = session.execute(select(LEAVES.c.seal_number, LEAVES.c.stream, LEAVES.c.seq)).all()

        assert first is not None
        assert second is not None
        assert sorted(leaves) == [
            (1, "account:1", 2),
            (1, "account:2", 1),
            (2, "account:2", 2),
            (2, "processor:gbp", 1),
        ]
        assert (first.leaf_count, second.leaf_count, second.prev_hash) == (2, 2, first.hash)
        assert seal(session) is None


def test_a_seal_covers_each_audit_row_once(db: Database) -> None:
    with db.transaction() as session:
        acts = [record(session, "x.done", actor=OPERATOR, subject=("x", n)) for n in range(3)]
        seal(session)
        acts.append(record(session, "x.done", actor=OPERATOR, subject=("x", 3)))
        seal(session)

        leaves = session.execute(select(LEAVES.c.seq, LEAVES.c.seal_number).where(LEAVES.c.stream == "audit_entry"))

        assert dict(leaves.all()) == dict(zip(acts, [1, 1, 1, 2], strict=True))
        assert seal(session) is None


def test_a_checkpoint_is_written_only_for_what_was_touched(db: Database) -> None:
    with db.transaction() as session:
        open_accounts(session, 1)
        post_sale(session, 1, 100, "I-1")
        seal(session)
        post_settlement(session, 100, 3, "txn_1")
        seal(session)

        written = session.execute(
            select(CHECKPOINTS.c.seal_number, CHECKPOINTS.c.ledger_account, CHECKPOINTS.c.balance)
        ).all()

        assert sorted(written) == [
            (1, "receivable", 100),
            (1, "sales", -100),
            (2, "card_clearing", 97),
            (2, "processor_fees", 3),
            (2, "receipts_awaiting_settlement", -100),
        ]


def test_heads_are_exported_in_order(db: Database) -> None:
    with db.transaction() as session:
        open_accounts(session, 1)
        made = []
        for n in range(3):
            post_sale(session, 1, 100, f"I-{n}")
            made.append(seal(session))

        heads = export_heads(session)

        assert list(heads.items()) == [(one.number, one.hash.hex()) for one in made if one is not None]


def test_seals_are_never_changed(db: Database) -> None:
    with db.transaction() as session:
        open_accounts(session, 1)
        post_sale(session, 1, 100, "I-1")
        seal(session)

        for table in (SEALS, LEAVES, CHECKPOINTS):
            with pytest.raises(IntegrityError, match="never changed or deleted"), session.begin_nested():
                session.execute(table.delete())


@pytest.mark.postgresql
def test_a_seal_that_another_worker_makes_in_between_is_left_to_stand(
    workshop: Workshop, clock: MovableClock, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsealed_rows = sealing._unsealed_rows

    with workshop.lent("postgresql") as engine:
        db = Database(engine, clock, business)
        with db.transaction() as session:
            open_accounts(session, 1)
            post_sale(session, 1, 100, "I-1")

        def another_comes_first(session: Session) -> Iterator[Leaf]:
            yield from unsealed_rows(session)
            monkeypatch.undo()
            with db.transaction() as other:
                assert seal(other) is not None

        monkeypatch.setattr(sealing, "_unsealed_rows", another_comes_first)
        with db.transaction() as session:
            assert seal(session) is None

        with db.reading() as session:
            assert check_books(session) == []
            assert session.execute(select(SEALS.c.number)).all() == [(1,)]


def test_workers_that_seal_while_others_post_leave_whole_books(committed_db: Database) -> None:
    with committed_db.transaction() as session:
        open_accounts(session, 1, 2)
    barrier = Barrier(5)

    def post_some(thread: int) -> None:
        barrier.wait()
        for n in range(10):
            with committed_db.transaction() as session:
                post_sale(session, thread % 2 + 1, 100, f"I-{thread}-{n}")
                record(session, "invoice.issued", actor=OPERATOR, subject=("invoice", n))

    def seal_some() -> None:
        barrier.wait()
        for _ in range(8):
            with committed_db.transaction() as session:
                seal(session)

    threads = [Thread(target=post_some, args=[n]) for n in range(3)] + [Thread(target=seal_some) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with committed_db.transaction() as session:
        seal(session)

    with committed_db.reading() as session:
        assert check_books(session) == []
        assert session.scalar(select(func.count()).where(LEAVES.c.stream == "audit_entry")) == 30
        assert session.scalar(select(func.max(LEAVES.c.seq)).where(LEAVES.c.stream == "account:1")) == 20
        assert seal(session) is None
