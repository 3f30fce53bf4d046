"""What an assignment would change is told before it is made, and is what then happens."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.credit.foreseeing import Move, foresee
from domain.credit.model import HoldReason
from domain.credit.standing import standing_of
from domain.policies import assigning, groups
from domain.policies.assigning import EVERYBODY, Whom
from domain.policies.ruling import RuleBook
from domain.policies.sections import Limits, Sections
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict
from tests.support.builders import an_account, an_invoice
from tests.support.policies import a_policy

STRICT = Sections(limits=Limits(limit_minor=50_00))
LOOSE = Sections(limits=Limits(limit_minor=500_00))


def test_who_moves_and_which_holds_end_or_begin_is_known_before(db: Database) -> None:
    with db.transaction() as session:
        strict = a_policy(session, STRICT).policy_id
        held, free, own, grouped = (an_account(session) for _ in range(4))
        an_invoice(session, held, "80")
        group = groups.make(session, "Builders", actor=OPERATOR)
        groups.put_in(session, group.id, grouped.id, actor=OPERATOR)
        a_policy(session, STRICT, account_id=own.id)
        a_policy(session, STRICT, group_id=group.id)
        loose = a_policy(session, LOOSE, account_id=an_account(session).id).policy_id

    with db.reading() as session:
        everybody = foresee(session, loose, EVERYBODY, today(session))
        later = foresee(session, loose, EVERYBODY, today(session) + timedelta(days=9))
        one = foresee(session, loose, Whom(account_id=free.id), today(session))
        of_group = foresee(session, None, Whom(group_id=group.id), today(session))
        still_held = standing_of(session, held.id).on_hold
    with db.transaction() as session:
        assigning.assign(session, loose, EVERYBODY, today(session), actor=OPERATOR)
        back = foresee(session, strict, EVERYBODY, today(session))

    assert everybody.moves == later.moves == [Move(strict, loose, 2)]
    assert [(each.account_id, each.hold.reason) for each in everybody.ending] == [(held.id, HoldReason.ABOVE_LIMIT)]
    assert everybody.beginning == []
    assert (one.accounts, one.ending) == (1, [])
    assert [(move.after, move.accounts) for move in of_group.moves] == [(strict, 1)]
    assert still_held
    with db.reading() as session:
        book = RuleBook(session, None)
        ruling = [book.policy_of(each.id, today(session)) for each in (held, free, own)]
        assert not standing_of(session, held.id).on_hold
    assert ruling[:2] == [loose, loose]
    assert ruling[2] not in (strict, loose)
    assert [(each.account_id, each.hold.reason) for each in back.beginning] == [(held.id, HoldReason.ABOVE_LIMIT)]
    assert back.fingerprint != everybody.fingerprint


def test_what_would_be_refused_is_refused_before(db: Database) -> None:
    with db.transaction() as session:
        policy_id = a_policy(session, STRICT).policy_id

    with pytest.raises(Conflict, match="so already"), db.reading() as session:
        foresee(session, policy_id, EVERYBODY, today(session))
