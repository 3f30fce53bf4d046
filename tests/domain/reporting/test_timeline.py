"""The timeline tells everything of an account once, newest first, a page at a time."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest

import domain
from domain.accounts.changing import change
from domain.accounts.logins import grant
from domain.accounts.model import Account, Right
from domain.disputes.reopening import reopen
from domain.disputes.resolving import reject
from domain.disputes.talking import ask
from domain.invoicing.issuing import NewLine, issue
from domain.notes.writing import write
from domain.processing.disputes.accepting import accept
from domain.reporting.act_words import Topic
from domain.reporting.acts import ACT_WORDS
from domain.reporting.timeline import Happening, Narrowed, Place, people_on, timeline
from domain.shared.actor import OPERATOR, Actor, ActorKind
from domain.shared.clock import MovableClock, day_in
from domain.shared.db.session import Database
from domain.staff.adding import add
from domain.staff.model import Role
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.disputing import a_dispute
from tests.support.fakes import FakeProcessor
from tests.support.paying import a_debt, open_page, succeed
from web.localisation import localisation

PASSWORD = "correct horse battery staple"


@pytest.fixture
def account_id(db: Database, clock: MovableClock) -> int:
    """An account on which something happened each day: opened, let in, invoiced, paid."""
    with db.transaction() as session:
        account_id = an_account(session).id
    for step in range(3):
        clock.advance(days=1)
        with db.transaction() as session:
            account = session.get_one(Account, account_id)
            if step == 0:
                grant(session, account, email="a@b.example", name="Ana", rights={Right.VIEW}, actor=OPERATOR)
            elif step == 1:
                an_invoice(session, account, "120", number="I-1")
            else:
                a_receipt(session, account, "20", date(2026, 3, 18))
    return account_id


def told(happenings: list[Happening]) -> list[str]:
    """The sentences."""
    return [str(one.words).partition(",")[0] for one in happenings]


def test_entries_and_acts_stand_together_newest_first(db: Database, account_id: int) -> None:
    with db.reading() as session:
        found = timeline(session, account_id, Topic.ALL).happenings

    assert told(found) == ["Payment", "Invoice I-1", "Rights given to Ana", "Account opened"]
    assert found[0].amount == money("-20")
    assert (found[1].who, found[1].who_has_no_name) == ("the operator", True)


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        (Topic.MONEY, ["Payment", "Invoice I-1"]),
        (Topic.PEOPLE, ["Rights given to Ana", "Account opened"]),
        (Topic.VIEWS, []),
    ],
)
def test_a_topic_shows_only_its_own(db: Database, account_id: int, topic: Topic, expected: list[str]) -> None:
    with db.reading() as session:
        assert told(timeline(session, account_id, topic).happenings) == expected


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_leave_nothing_out_and_repeat_nothing(db: Database, account_id: int, limit: int) -> None:
    with db.reading() as session:
        whole = timeline(session, account_id, Topic.ALL).happenings
        pages, place = [], None
        while True:
            page = timeline(session, account_id, Topic.ALL, after=place, limit=limit)
            pages += page.happenings
            place = page.following
            if place is None:
                break

    assert pages == whole


def test_only_some_days_are_wanted(db: Database, account_id: int) -> None:
    with db.reading() as session:
        days = [day_in(one.at, "Europe/London") for one in timeline(session, account_id, Topic.ALL).happenings]

        def found(first: date | None, last: date | None) -> list[str]:
            return told(timeline(session, account_id, Topic.ALL, narrowed=Narrowed(first=first, last=last)).happenings)

        assert found(days[1], None) == ["Payment", "Invoice I-1"]
        assert found(days[2], days[1]) == ["Invoice I-1", "Rights given to Ana"]
        assert found(None, days[3]) == ["Account opened"]


def test_only_what_one_person_did_is_wanted(db: Database, account_id: int, clock: MovableClock) -> None:
    clock.advance(days=1)
    with db.transaction() as session:
        member, _ = add(
            session, email="e@b.example", name="Eva", role=Role.COLLECTOR, password=PASSWORD, actor=OPERATOR
        )
        eva = Actor.staff(member.id)
        write(session, account_id, "Call on Monday", actor=eva)
        issue(
            session,
            session.get_one(Account, account_id),
            [NewLine("Goods", money("1"), money("0"))],
            actor=eva,
            number="I-2",
        )

        by = (ActorKind.STAFF, member.id)
        found = timeline(session, account_id, Topic.ALL, narrowed=Narrowed(by=by)).happenings
        notes = timeline(session, account_id, Topic.NOTES, narrowed=Narrowed(by=by)).happenings

        assert sorted(told(found)) == ["Invoice I-2", "Note: Call on Monday"]
        assert told(notes) == ["Note: Call on Monday"]
        assert people_on(session, account_id) == [(ActorKind.STAFF, member.id, "Eva")]


def test_words_are_looked_for_in_what_is_read_and_pages_go_on_behind_them(
    db: Database, account_id: int, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("domain.reporting.timeline.LOOKED_THROUGH_AT_ONCE", 2)
    monkeypatch.setattr("domain.reporting.timeline.MOST_LOOKED_THROUGH", 4)
    for number in range(2, 7):
        clock.advance(days=1)
        with db.transaction() as session:
            an_invoice(session, session.get_one(Account, account_id), "1", number=f"I-{number}")
    narrowed = Narrowed(says=lambda one: any(word in str(one.words) for word in ("I-6", "I-2", "Ana")))

    with db.reading() as session:
        pages, place = [], Place()
        while True:
            page = timeline(session, account_id, Topic.ALL, narrowed=narrowed, after=place, limit=2)
            pages.append(told(page.happenings))
            if page.following is None:
                break
            place = page.following

    assert pages == [["Invoice I-6"], ["Invoice I-2", "Rights given to Ana"], []]


def test_an_account_that_was_changed_says_how(db: Database, account_id: int) -> None:
    with db.transaction() as session:
        change(session, account_id, {"email": "a@b.example", "terms_days": "14"}, {"terms_days": "30"}, actor=OPERATOR)

        said = timeline(session, account_id, Topic.PEOPLE).happenings[0].words

    assert localisation("en", "Europe/London").translate(said.text, **said.params) == (
        "Account changed: email – → a@b.example, days to pay 30 → 14"
    )


def test_a_payment_names_who_started_it_and_the_processor(db: Database) -> None:
    debt = a_debt(db, "120")
    started = open_page(db, FakeProcessor(), debt, {debt.invoices[0]: money("120")})
    succeed(db, started.public_id, money("120"))

    with db.reading() as session:
        found = timeline(session, debt.account_id, Topic.MONEY).happenings

    assert {(str(one.words).partition(",")[0], one.who) for one in found} >= {
        ("Payment started", "Ana"),
        ("Payment", "the payment processor"),
    }


def test_all_that_becomes_of_a_dispute_is_told(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, dispute = a_dispute(session, "50")
        ask(session, account.id, dispute.id, "Which boxes?", actor=OPERATOR)
        reject(session, account.id, dispute.id, answer="Signed for.", actor=OPERATOR)
        reopen(session, account.id, dispute.id, "Not by us.", actor=OPERATOR)
        accept(session, account.id, dispute.id, money("50"), answer="Right.", role=Role.MANAGER, actor=OPERATOR)

        found = [one for one in told(timeline(session, account.id, Topic.ALL).happenings) if "ispute DSP" in one]

    number = dispute.number
    assert sorted(found) == sorted(
        [
            f"Dispute {number} raised on {invoice.number}",
            f"Something was written about dispute {number}",
            f"Dispute {number} decided: Signed for.",
            f"Dispute {number} is looked at once more",
            f"Dispute {number} decided: Right.",
        ]
    )


def test_every_act_that_is_written_down_on_an_account_has_its_words() -> None:
    written = set()
    for path in Path(domain.__path__[0]).rglob("*.py"):
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            given = {keyword.arg for keyword in call.keywords}
            told_by_itself = "account_id" in given and "entry_id" not in given
            if name == "record" and told_by_itself and len(call.args) > 1 and isinstance(call.args[1], ast.Constant):
                written.add(call.args[1].value)

    assert len(written) > 10
    assert written - ACT_WORDS.keys() == set()
