"""Lists of notices: each stands in one, a page at a time, and the counts are those of the lists still to go."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.notices import changing, queries
from domain.notices.model import HeldBack, NoticeStatus
from domain.notices.queries import Narrowed, View
from domain.policies.contacting import Channel, Wording
from domain.shared.actor import WORKER
from domain.shared.db.session import Database
from domain.shared.errors import NotFound
from tests.support.builders import an_account, an_invoice
from tests.support.noticing import a_held_notice, a_notice

DAY = date(2026, 3, 16)


def owing(session: Session) -> Account:
    """An account that owes 120."""
    account = an_account(session)
    an_invoice(session, account, "120", issued_on=date(2026, 1, 2))
    return account


@pytest.fixture
def one_of_each(db: Database) -> Account:
    """A notice in every list, and a second one held back for another reason."""
    with db.transaction() as session:
        account = owing(session)
        a_notice(session, account, approve=True)
        a_notice(session, account, Channel.CALL)
        a_notice(session, account, Channel.LETTER, wording=Wording.DEMAND)
        changing.change(session, a_notice(session, account), NoticeStatus.SENT, actor=WORKER)
        changing.change(session, a_notice(session, account), NoticeStatus.FAILED, actor=WORKER)
        a_held_notice(session, account, HeldBack.DISPUTED)
        a_held_notice(session, account, HeldBack.PAID, wording=Wording.DEMAND)
        return account


def test_each_stands_in_one_list_and_what_is_to_go_is_counted_there(db: Database, one_of_each: Account) -> None:
    with db.reading() as session:
        listed = {view: len(queries.notices(session, view, limit=50)) for view in View}
        counts, calls = queries.counts(session), queries.counts(session, Narrowed(channel=Channel.CALL))
        waiting = session.scalars(queries.HOW_MANY_WAIT).one()

    assert listed == {view: 2 if view is View.HELD_BACK else 1 for view in View}
    assert counts == {View.TO_APPROVE: 1, View.CALLS: 1, View.READY: 1}
    assert calls == {View.TO_APPROVE: 0, View.CALLS: 1, View.READY: 0}
    assert waiting == 2


@pytest.mark.parametrize(
    ("wanted", "many"),
    [
        (Narrowed(), 2),
        (Narrowed(why=HeldBack.PAID), 1),
        (Narrowed(why=HeldBack.PROMISED), 0),
        (Narrowed(wording=Wording.DEMAND), 1),
        (Narrowed(channel=Channel.LETTER), 0),
        (Narrowed(first=DAY, last=DAY), 2),
        (Narrowed(last=date(2026, 3, 15)), 0),
    ],
)
def test_a_list_is_narrowed(db: Database, one_of_each: Account, wanted: Narrowed, many: int) -> None:
    with db.reading() as session:
        assert len(queries.notices(session, View.HELD_BACK, wanted, limit=50)) == many


def test_reasons_are_counted(db: Database, one_of_each: Account) -> None:
    with db.reading() as session:
        assert queries.held_back_by_reason(session) == {HeldBack.DISPUTED: 1, HeldBack.PAID: 1}


@pytest.mark.parametrize("view", [View.TO_APPROVE, View.HELD_BACK])
def test_pages_leave_nothing_out_and_repeat_nothing(db: Database, view: View) -> None:
    with db.transaction() as session:
        account = owing(session)
        for _ in range(5):
            a_notice(session, account, approve=True)
            a_held_notice(session, account)

    with db.reading() as session:
        whole = [row.id for row in queries.notices(session, view, limit=50)]
        paged: list[int] = []
        while page := queries.notices(session, view, place=paged[-1] if paged else None, limit=2):
            paged += [row.id for row in page]

    assert paged == whole
    assert len(whole) == 5


def test_an_account_sees_what_went_out_and_what_waits(db: Database, one_of_each: Account) -> None:
    with db.reading() as session:
        rows = queries.of_account(session, one_of_each.id, limit=50)

    assert len(rows) == 5
    assert NoticeStatus.SUPPRESSED not in {row.status for row in rows}


def test_somebody_elses_notice_is_not_found(db: Database, one_of_each: Account) -> None:
    with db.reading() as session:
        [row] = queries.notices(session, View.TO_APPROVE, limit=1)

        assert queries.notice(session, row.id, account_id=one_of_each.id).id == row.id
    with pytest.raises(NotFound), db.reading() as session:
        queries.notice(session, row.id, account_id=one_of_each.id + 1)
