"""Mail about terms: sent with their paper to whoever may accept them, again in time, and a copy of the yes."""

from __future__ import annotations

import pytest

from app.handlers import terms
from app.wired import Wired
from app.worker import Worker
from domain.audit.queries import acts_on
from domain.policies import paper
from domain.policies.accepting import accept
from domain.policies.ruling import RuleBook
from domain.shared.actor import Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import today
from domain.shared.mail import Email
from tests.support.builders import an_account
from tests.support.outside import MemoryMail
from tests.support.policies import a_policy
from tests.support.terms import NET_14, OLIVIA, a_binder, asking, next_version


@pytest.fixture
def asked(wired: Wired) -> tuple[int, int, int]:
    """The ids of an account that is asked, of the version, and of Olivia, who may accept it."""
    with wired.database.transaction() as session:
        version = a_policy(session, asking())
        account = an_account(session)
        return account.id, version.id, a_binder(session, account)


def mails(wired: Wired) -> list[Email]:
    """All that was sent."""
    assert isinstance(wired.mailer, MemoryMail)
    return wired.mailer.sent


def say_yes(wired: Wired, account_id: int, version_id: int, login_id: int) -> None:
    """Olivia accepts."""
    with wired.database.transaction() as session:
        version = RuleBook(session, ()).versions[version_id]
        kept = paper.kept(session, wired.store, wired.renderer, version, "en")
        accept(session, account_id, kept, OLIVIA, actor=Actor.login(login_id))


def test_new_terms_reach_whoever_may_accept_them_with_their_paper_and_the_way_to_say_yes(
    wired: Wired, asked: tuple[int, int, int]
) -> None:
    account_id, version_id, _ = asked

    Worker(wired).drain()

    (mail,) = mails(wired)
    with wired.database.reading() as session:
        acts = acts_on(session, ("policy_version", version_id))
    assert (mail.to, mail.attachments[0].media_type) == ("olivia@harbour.example", "application/pdf")
    assert "Please read and accept the credit terms" in mail.subject
    assert f"/accounts/{account_id}/terms/{version_id}" in mail.text
    assert [(act.act, (act.after or {})["to"]) for act in acts] == [("terms.told", "olivia@harbour.example")]


def test_the_reminder_comes_and_the_copy_ends_it(
    wired: Wired, asked: tuple[int, int, int], clock: MovableClock
) -> None:
    account_id, version_id, olivia = asked
    worker = Worker(wired)
    worker.drain()
    clock.advance(days=7)
    worker.drain()

    say_yes(wired, account_id, version_id, olivia)
    worker.drain()
    clock.advance(days=30)
    worker.drain()

    subjects = [mail.subject.partition(" of ")[0] for mail in mails(wired)]
    assert subjects == [
        "Please read and accept the credit terms",
        "The credit terms",
        "You have accepted the credit terms",
    ]
    copy = mails(wired)[-1]
    assert "Olivia Hart, Director" in copy.text
    assert copy.attachments[0].content == mails(wired)[0].attachments[0].content


def test_a_request_that_was_answered_meanwhile_is_not_mailed(wired: Wired, asked: tuple[int, int, int]) -> None:
    account_id, version_id, olivia = asked
    assert terms.tell_due(wired.database) == 1

    say_yes(wired, account_id, version_id, olivia)
    Worker(wired).drain()

    assert [mail.subject.split(" of ")[0] for mail in mails(wired)] == ["You have accepted the credit terms"]


def test_the_next_version_says_what_is_new(wired: Wired, asked: tuple[int, int, int]) -> None:
    account_id, version_id, olivia = asked
    say_yes(wired, account_id, version_id, olivia)
    with wired.database.transaction() as session:
        first = RuleBook(session, ()).versions[version_id]
        next_version(session, first.policy_id, asking(NET_14), today(session))

    Worker(wired).drain()

    told = mails(wired)[-1]
    assert told.html is not None
    for text in (told.text, told.html):
        assert "Payment is due within 14 days instead of 30." in text
        assert "on follow them once they are accepted. Until then nothing changes." in " ".join(text.split())
