"""A yes is kept with all that proves it, counts once, and governs the invoices that come after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from domain.documents.model import Category, Document
from domain.invoicing.issuing import NewLine, issue
from domain.policies.acceptances import is_asked, news, readable, standing
from domain.policies.accepting import Signed, file_signed
from domain.policies.messages import SendTermsCopy
from domain.policies.model import TermsAcceptance
from domain.policies.ruling import RuleBook
from domain.policies.sections import Grades, Sections
from domain.shared.actor import OPERATOR, Actor, ActorKind
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid, NotFound
from tests.support.builders import an_account, money
from tests.support.files import taken_in
from tests.support.outside import MemoryStore
from tests.support.policies import a_policy
from tests.support.terms import (
    MUST_SAY_YES,
    NET_14,
    OLIVIA,
    a_binder,
    asking,
    left_in_the_outbox,
    next_version,
    say_yes,
)

TODAY = date(2026, 3, 16)
CLERK = Actor(ActorKind.STAFF, 7)
SIGNED = b"%PDF-1.7 signed"
PAPER = Signed(taken_in(MemoryStore(), SIGNED), TODAY - timedelta(days=3))


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def test_a_yes_keeps_who_in_what_office_when_from_where_and_what_they_read(db: Database, store: MemoryStore) -> None:
    with db.transaction() as session:
        version = a_policy(session, asking())
        account = an_account(session)
        olivia = a_binder(session, account)

    with db.transaction() as session:
        say_yes(session, store, account.id, version.id, login_id=olivia, address="203.0.113.9")

    with db.reading() as session:
        kept = session.scalars(select(TermsAcceptance)).one()
        document = session.get_one(Document, kept.document_id)
        copies = left_in_the_outbox(session, SendTermsCopy.kind)
    assert (kept.name, kept.job_title, kept.login_id) == ("Olivia Hart", "Director", olivia)
    assert (kept.address, kept.user_agent, kept.accepted_on) == ("203.0.113.9", "Firefox", TODAY)
    assert (kept.sha256, document.account_id, document.category) == (document.sha256, account.id, Category.TERMS)
    assert store.contents[kept.sha256] == b"%PDF terms 1.1 en".replace(b"1.1", f"{version.policy_id}.1".encode())
    assert copies == [{"acceptance_id": kept.id}]


def test_pressing_twice_accepts_once(db: Database, store: MemoryStore) -> None:
    with db.transaction() as session:
        version = a_policy(session, asking())
        account = an_account(session)
        olivia = a_binder(session, account)

    accepted = []
    for _ in range(2):
        with db.transaction() as session:
            accepted.append(say_yes(session, store, account.id, version.id, login_id=olivia).id)

    with db.reading() as session:
        copies = left_in_the_outbox(session, SendTermsCopy.kind)
        papers = session.scalar(select(func.count()).where(Document.account_id == account.id))
    assert accepted[0] == accepted[1]
    assert (len(copies), papers) == (1, 1)


def test_nobody_accepts_what_is_not_asked_of_them(db: Database, store: MemoryStore) -> None:
    with db.transaction() as session:
        account = an_account(session)
        other = an_account(session)
        version = a_policy(session, asking(), account_id=other.id)
        olivia = a_binder(session, account)

    with pytest.raises(NotFound), db.transaction() as session:
        say_yes(session, store, account.id, version.id, login_id=olivia)


def test_a_version_that_was_superseded_cannot_be_accepted_any_more(db: Database, store: MemoryStore) -> None:
    with db.transaction() as session:
        first = a_policy(session, asking())
        account = an_account(session)
        olivia = a_binder(session, account)
        next_version(session, first.policy_id, asking(NET_14), TODAY)

    with pytest.raises(NotFound), db.transaction() as session:
        say_yes(session, store, account.id, first.id, login_id=olivia)


def test_an_acceptance_never_changes(db: Database, store: MemoryStore) -> None:
    with db.transaction() as session:
        version = a_policy(session, asking())
        account = an_account(session)
        say_yes(session, store, account.id, version.id, login_id=a_binder(session, account))

    with pytest.raises(IntegrityError), db.transaction() as session:
        session.execute(update(TermsAcceptance).values(name="Somebody else"))


def test_invoices_issued_after_the_yes_are_governed_by_it_and_earlier_ones_are_not(
    db: Database, store: MemoryStore, clock: MovableClock
) -> None:
    with db.transaction() as session:
        version = a_policy(session, asking(NET_14, MUST_SAY_YES))
        account = an_account(session)
        olivia = a_binder(session, account)
        line = NewLine("Goods as ordered", money("100"), money("0"))
        before = issue(session, account, [line], actor=OPERATOR)
    clock.advance(days=1)

    with db.transaction() as session:
        say_yes(session, store, account.id, version.id, login_id=olivia)
        after = issue(session, account, [line], actor=OPERATOR)

    assert (before.terms_version_id, before.due_on) == (None, TODAY + timedelta(days=30))
    assert (after.terms_version_id, after.due_on) == (version.id, TODAY + timedelta(days=15))


def test_a_new_version_waits_for_its_own_yes_while_the_old_one_governs_on(
    db: Database, store: MemoryStore, clock: MovableClock
) -> None:
    with db.transaction() as session:
        first = a_policy(session, asking(acceptance=MUST_SAY_YES))
        account = an_account(session)
        olivia = a_binder(session, account)
        say_yes(session, store, account.id, first.id, login_id=olivia)
        second = next_version(session, first.policy_id, asking(NET_14, MUST_SAY_YES), TODAY + timedelta(days=1))
    clock.advance(days=5)

    with db.reading() as session:
        waits = standing(session, account.id)
        told = news(session, account.id, RuleBook(session, ()).versions[second.id])
    with db.transaction() as session:
        say_yes(session, store, account.id, second.id, login_id=olivia)
        settled = standing(session, account.id)

    assert waits.governing is not None
    assert settled.governing is not None
    assert (waits.governing.id, [each.id for each in waits.to_accept]) == (first.id, [second.id])
    assert (settled.governing.id, settled.to_accept) == (second.id, [])
    assert told is not None
    assert (told[0].id, [str(words) for words in told[1][0].now]) == (
        first.id,
        ["Payment is due within 14 days instead of 30."],
    )


def test_a_version_that_says_the_same_needs_no_new_yes(db: Database, store: MemoryStore) -> None:
    with db.transaction() as session:
        first = a_policy(session, asking())
        account = an_account(session)
        say_yes(session, store, account.id, first.id, login_id=a_binder(session, account))
        says = asking()
        same = Sections(terms=says.terms, acceptance=says.acceptance, grades=Grades(best=3))
        next_version(session, first.policy_id, same, TODAY)

        assert is_asked(session, account.id) == []


def test_staff_file_a_paper_that_was_signed_by_hand(db: Database) -> None:
    with db.transaction() as session:
        version = a_policy(session, asking())
        account = an_account(session)

    with db.transaction() as session:
        file_signed(session, account.id, version.id, PAPER, OLIVIA, actor=CLERK)

    with db.reading() as session:
        kept = session.scalars(select(TermsAcceptance)).one()
        document = session.get_one(Document, kept.document_id)
        governing = RuleBook(session, [account.id]).governing(account.id, TODAY)
    assert (kept.login_id, kept.actor_kind, kept.actor_id) == (None, "staff", 7)
    assert (kept.accepted_on, document.filename) == (TODAY - timedelta(days=3), "signed.pdf")
    assert kept.sha256 == document.sha256 == sha256(SIGNED).hexdigest()
    assert governing is not None
    assert governing.id == version.id


def test_a_paper_of_a_day_to_come_is_refused_beside_its_field(db: Database) -> None:
    with db.transaction() as session:
        version = a_policy(session, asking())
        account = an_account(session)

    tomorrow = replace(PAPER, on=TODAY + timedelta(days=1))
    with pytest.raises(Invalid) as refused, db.transaction() as session:
        file_signed(session, account.id, version.id, tomorrow, OLIVIA, actor=CLERK)

    assert refused.value.field == "signed_on"


def test_a_version_is_accepted_once_on_paper_or_on_the_site(db: Database, store: MemoryStore) -> None:
    with db.transaction() as session:
        version = a_policy(session, asking())
        account = an_account(session)
        say_yes(session, store, account.id, version.id, login_id=a_binder(session, account))

    with pytest.raises(Conflict), db.transaction() as session:
        file_signed(session, account.id, version.id, PAPER, OLIVIA, actor=CLERK)


def test_an_account_reads_what_it_is_asked_accepted_or_governed_by_and_nothing_else(
    db: Database, store: MemoryStore
) -> None:
    with db.transaction() as session:
        account = an_account(session)
        other = an_account(session)
        accepted = a_policy(session, asking(), account_id=account.id)
        olivia = a_binder(session, account)
        say_yes(session, store, account.id, accepted.id, login_id=olivia)
        asked = next_version(session, accepted.policy_id, asking(NET_14), TODAY)
        theirs = a_policy(session, asking(), account_id=other.id)

        assert [readable(session, account.id, version.id).id for version in (accepted, asked)] == [
            accepted.id,
            asked.id,
        ]
        for version_id in (theirs.id, 999):
            with pytest.raises(NotFound):
                readable(session, account.id, version_id)
