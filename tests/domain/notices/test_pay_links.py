"""Pay links: what a secret leads to, how long, and that looking is no use of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.notices import pay_links
from domain.notices.deciding import Part, What, decide
from domain.notices.model import HeldBack, PayLink
from domain.notices.reach.reaching import Reached
from domain.policies.contacting import Channel, Recipient, Wording
from domain.shared.actor import WORKER, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now
from domain.shared.errors import NotFound
from tests.support.audited import acts
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.linking import READER, a_link, a_notice

JO = Actor.staff(1)


def test_the_secret_leads_to_its_notice_and_is_nowhere_kept(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        notice = a_notice(session, account, an_invoice(session, account, "120"))

        token = pay_links.mint(session, notice)

        link = pay_links.entered(session, token)
        assert link is not None
        assert (link.notice_id, link.account_id) == (notice.id, account.id)
        assert token not in str([vars(each) for each in session.scalars(select(PayLink))])
        assert pay_links.entered(session, "something else") is None


def test_each_try_of_sending_has_a_link_of_its_own_and_all_of_them_work(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        notice = a_notice(session, account, an_invoice(session, account, "120"))

        first, second = pay_links.mint(session, notice), pay_links.mint(session, notice)

        links = [pay_links.entered(session, token) for token in (first, second)]
        assert [link.notice_id for link in links if link] == [notice.id, notice.id]
        assert first != second


def test_a_link_works_for_sixty_days(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account = an_account(session)
        token = a_link(session, account, an_invoice(session, account, "120"))

    clock.advance(days=60, seconds=-1)
    with db.reading() as session:
        assert pay_links.entered(session, token) is not None
    clock.advance(seconds=1)
    with db.reading() as session:
        assert pay_links.entered(session, token) is None


def test_a_link_that_was_revoked_works_no_more_and_it_is_written_down_once(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        notice = a_notice(session, account, an_invoice(session, account, "120"))
        token = pay_links.mint(session, notice)
        (link,) = pay_links.of_notice(session, notice.id)

        pay_links.revoke(session, link.id, actor=JO)
        pay_links.revoke(session, link.id, actor=JO)

        assert pay_links.entered(session, token) is None
        assert acts(session).count("pay_link.revoked") == 1


def test_there_is_no_revoking_what_is_not_there(db: Database) -> None:
    with pytest.raises(NotFound), db.transaction() as session:
        pay_links.revoke(session, 404, actor=JO)


def test_only_what_the_notice_asks_for_and_is_open_still_is_behind_it(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        late, later, paid, disputed, _ = (an_invoice(session, account, each) for each in ("120", "80", "50", "40", "9"))
        late.due_on -= timedelta(days=3)
        nothing = money("0")
        parts = [Part(each.id, each.due_on, each.open, nothing) for each in (later, late, paid)]
        parts.append(Part(disputed.id, disputed.due_on, nothing, disputed.open, HeldBack.DISPUTED))
        reached = Reached(Channel.EMAIL, READER, Recipient.CONTACT, None, "Ana", "en")
        notice = decide(session, account, What(Wording.FIRST_REMINDER), reached, parts, actor=WORKER)
        a_receipt(session, account, "50", now(session).date(), paid)
        link = pay_links.entered(session, pay_links.mint(session, notice))

        assert link is not None
        assert [row.id for row in pay_links.invoices_of(session, link)] == [late.id, later.id]


def test_the_first_use_counts(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account = an_account(session)
        link = pay_links.entered(session, a_link(session, account, an_invoice(session, account, "120")))
        assert link is not None
        assert link.first_used_at is None

        pay_links.used(session, link)
        first = link.first_used_at
        clock.advance(hours=1)
        pay_links.used(session, link)

        assert first is not None
        assert link.first_used_at == first
        assert pay_links.mailbox_of(session, link.id) == (READER, "en")
