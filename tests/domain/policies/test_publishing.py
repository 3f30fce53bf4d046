"""From a draft to a version that rules: written, checked, published for good, assigned."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from domain.policies import assigning, drafting, groups, publishing, queries
from domain.policies.assigning import EVERYBODY, Whom
from domain.policies.model import PolicyVersion
from domain.policies.profiles import profile
from domain.policies.ruling import RuleBook, sections_today
from domain.policies.sections import DueRule, EarlyDiscount, LateInterest, Sections, Terms, digest
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid, NotFound
from tests.support.builders import an_account

NET_30 = Terms(rule=DueRule.NET, days=30)
NET_14 = Terms(rule=DueRule.NET, days=14)
LONG_AGO = date(2020, 1, 1)


def a_draft(db: Database, sections: Sections, name: str = "Standard") -> int:
    """A policy that was never published."""
    with db.transaction() as session:
        return drafting.create(session, name, sections=sections, actor=OPERATOR).id


def published(db: Database, policy_id: int, valid_from: date = LONG_AGO) -> PolicyVersion:
    """Its draft, published as it stands."""
    with db.transaction() as session:
        seen = digest(drafting.draft(session, policy_id).sections)
        return publishing.publish(session, policy_id, valid_from, seen=seen, actor=OPERATOR)


def redrafted(db: Database, policy_id: int, terms: Terms) -> None:
    """Its next version, begun with other terms."""
    with db.transaction() as session:
        drafting.begin(session, policy_id, actor=OPERATOR)
        drafting.write_section(session, policy_id, "terms", terms, actor=OPERATOR)


def the_day(db: Database) -> date:
    """Today."""
    with db.reading() as session:
        return today(session)


def test_what_is_published_rules_whom_it_is_assigned_to(db: Database) -> None:
    policy_id = a_draft(db, Sections(terms=NET_30))
    published(db, policy_id)
    with db.transaction() as session:
        account = an_account(session)
        assigning.assign(session, policy_id, EVERYBODY, LONG_AGO, actor=OPERATOR)

    with db.reading() as session:
        rules = sections_today(session, account.id)
        (row,) = queries.policies(session)

    assert rules.terms == NET_30
    assert (row.number, row.is_drafted, row.accounts) == (1, False, 1)


def test_the_next_version_begins_with_the_last_and_rules_from_its_day_on(db: Database) -> None:
    policy_id = a_draft(db, Sections(terms=NET_30, early_discount=EarlyDiscount(percent=Decimal(2), days=10)))
    published(db, policy_id)
    redrafted(db, policy_id, NET_14)

    second = published(db, policy_id, the_day(db) + timedelta(days=1))

    assert (second.number, second.sections.terms) == (2, NET_14)
    assert second.sections.early_discount is not None
    with db.transaction() as session:
        account = an_account(session)
        assigning.assign(session, policy_id, EVERYBODY, LONG_AGO, actor=OPERATOR)
        assert sections_today(session, account.id).terms == NET_30


def test_a_published_version_never_changes(committed_db: Database) -> None:
    version = published(committed_db, a_draft(committed_db, Sections(terms=NET_30)))

    with pytest.raises(IntegrityError), committed_db.transaction() as session:
        session.execute(update(PolicyVersion).where(PolicyVersion.id == version.id).values(valid_from=LONG_AGO))


@pytest.mark.parametrize(("back", "field"), [(1, "valid_from"), (9_999, "valid_from")])
def test_only_the_first_version_may_begin_in_the_past(db: Database, back: int, field: str) -> None:
    policy_id = a_draft(db, Sections(terms=NET_30))
    published(db, policy_id)
    redrafted(db, policy_id, NET_14)

    with pytest.raises(Invalid) as refused:
        published(db, policy_id, the_day(db) - timedelta(days=back))

    assert refused.value.field == field


def test_the_next_version_does_not_begin_before_the_last(db: Database) -> None:
    policy_id, soon = a_draft(db, Sections(terms=NET_30)), the_day(db) + timedelta(days=30)
    published(db, policy_id, soon)
    redrafted(db, policy_id, NET_14)

    with pytest.raises(Invalid, match="cannot begin before"):
        published(db, policy_id, soon - timedelta(days=1))

    assert published(db, policy_id, soon).number == 2


@pytest.mark.parametrize(
    ("sections", "words"),
    [
        (Sections(), "Nothing is ruled"),
        (Sections(terms=NET_14, early_discount=EarlyDiscount(percent=Decimal(2), days=14)), "has to end before"),
        (Sections(late_interest=LateInterest(margin=Decimal(0))), "above zero"),
    ],
)
def test_what_cannot_stand_is_not_published(db: Database, sections: Sections, words: str) -> None:
    policy_id = a_draft(db, sections)

    with pytest.raises(Invalid, match=words):
        published(db, policy_id)


def test_a_draft_that_says_nothing_new_is_not_published(db: Database) -> None:
    policy_id = a_draft(db, Sections(terms=NET_30))
    published(db, policy_id)
    redrafted(db, policy_id, NET_30)

    with pytest.raises(Conflict, match="says the same"):
        published(db, policy_id, the_day(db))


def test_what_changed_since_it_was_read_is_read_again(db: Database) -> None:
    policy_id = a_draft(db, Sections(terms=NET_30))

    with db.transaction() as session:
        drafting.write_section(session, policy_id, "terms", NET_14, actor=OPERATOR)

    seen = digest(Sections(terms=NET_30))
    with pytest.raises(Conflict, match="read it again"), db.transaction() as session:
        publishing.publish(session, policy_id, LONG_AGO, seen=seen, actor=OPERATOR)


def test_publishing_twice_publishes_once(db: Database) -> None:
    policy_id = a_draft(db, Sections(terms=NET_30))
    published(db, policy_id)

    with pytest.raises(Conflict, match="begin a new version"):
        published(db, policy_id)


def test_a_draft_can_be_thrown_away_and_begun_again(db: Database) -> None:
    policy_id = a_draft(db, Sections(terms=NET_30))
    published(db, policy_id)
    redrafted(db, policy_id, NET_14)

    with db.transaction() as session:
        drafting.discard(session, policy_id, actor=OPERATOR)
        drafting.begin(session, policy_id, actor=OPERATOR)
        drafting.begin(session, policy_id, actor=OPERATOR)

        assert drafting.draft(session, policy_id).sections.terms == NET_30


def test_what_cannot_stand_in_a_section_is_refused_at_its_field(db: Database) -> None:
    policy_id = a_draft(db, Sections())

    with pytest.raises(Invalid) as refused, db.transaction() as session:
        drafting.write_section(session, policy_id, "terms", Terms(rule=DueRule.NET, days=400), actor=OPERATOR)

    assert refused.value.field == "days"


def test_a_profile_replaces_the_late_charges_and_leaves_the_rest(db: Database) -> None:
    policy_id = a_draft(db, Sections(terms=NET_30, late_interest=LateInterest(margin=Decimal(5))))

    with db.transaction() as session:
        british = profile("uk_statutory")
        drafting.take_over(session, policy_id, british.sections, source=british.source, actor=OPERATOR)
        written = drafting.draft(session, policy_id).sections
        none = profile("none")
        drafting.take_over(session, policy_id, none.sections, source=none.source, actor=OPERATOR)
        free = drafting.draft(session, policy_id).sections

    assert (written.terms, written.late_interest) == (NET_30, british.sections.late_interest)
    assert (free.terms, free.late_interest, free.recovery_cost) == (NET_30, None, None)


@pytest.mark.parametrize("name", ["", "x" * 121])
def test_a_policy_has_a_name(db: Database, name: str) -> None:
    with pytest.raises(Invalid):
        a_draft(db, Sections(), name)


def test_two_policies_have_two_names(db: Database) -> None:
    a_draft(db, Sections())

    with pytest.raises(Conflict):
        a_draft(db, Sections(), "Standard")


def test_the_account_goes_before_its_group_and_its_group_before_everybody(db: Database) -> None:
    ids = [a_draft(db, Sections(terms=Terms(rule=DueRule.NET, days=days)), str(days)) for days in (30, 14, 7)]
    for policy_id in ids:
        published(db, policy_id)
    with db.transaction() as session:
        mine, grouped, other = an_account(session), an_account(session), an_account(session)
        group = groups.make(session, "Builders", actor=OPERATOR)
        for account in (mine, grouped):
            groups.put_in(session, group.id, account.id, actor=OPERATOR)
        assigning.assign(session, ids[0], EVERYBODY, LONG_AGO, actor=OPERATOR)
        assigning.assign(session, ids[1], Whom(group_id=group.id), LONG_AGO, actor=OPERATOR)
        assigning.assign(session, ids[2], Whom(account_id=mine.id), LONG_AGO, actor=OPERATOR)

    def days(account_id: int) -> int | None:
        terms = sections_today(session, account_id).terms
        return terms.days if terms else None

    with db.transaction() as session:
        assert [days(each.id) for each in (mine, grouped, other)] == [7, 14, 30]
        assert queries.ruled(session, today(session)) == {ids[0]: 1, ids[1]: 1, ids[2]: 1}
        assigning.assign(session, None, Whom(account_id=mine.id), today(session), actor=OPERATOR)
        groups.take_out(session, group.id, grouped.id, actor=OPERATOR)
        ended, own = queries.assignments(session, account_id=mine.id)
        assert (ended.stands, own.stands) == (True, False)
        assert [each.stands for each in queries.assignments(session, policy_id=ids[1])] == [True]
        assert [days(each.id) for each in (mine, grouped, other)] == [14, 30, 30]


def test_what_was_assigned_stays_assigned_until_today(db: Database) -> None:
    policy_id = a_draft(db, Sections(terms=NET_30))
    published(db, policy_id)
    with db.transaction() as session:
        assigning.assign(session, policy_id, EVERYBODY, LONG_AGO, actor=OPERATOR)

    with pytest.raises(Conflict, match="so already"), db.transaction() as session:
        assigning.assign(session, policy_id, EVERYBODY, today(session), actor=OPERATOR)
    with pytest.raises(Invalid, match="today or later"), db.transaction() as session:
        assigning.assign(session, None, EVERYBODY, LONG_AGO, actor=OPERATOR)


def test_an_assignment_leaves_no_day_without_a_policy(db: Database) -> None:
    old, new = a_draft(db, Sections(terms=NET_30)), a_draft(db, Sections(terms=NET_14), "Shorter")
    published(db, old)
    published(db, new, the_day(db))
    with db.transaction() as session:
        account = an_account(session)
        assigning.assign(session, old, EVERYBODY, LONG_AGO, actor=OPERATOR)

    with pytest.raises(Invalid, match="Until then, what rules now goes on") as refused, db.transaction() as session:
        assigning.assign(session, new, Whom(account_id=account.id), LONG_AGO, actor=OPERATOR)
    with db.transaction() as session:
        assigning.assign(session, new, Whom(account_id=account.id), today(session), actor=OPERATOR)

    assert (refused.value.field, refused.value.params["day"]) == ("from_on", the_day(db))
    with db.reading() as session:
        book = RuleBook(session, [account.id])
        days = (the_day(db) - timedelta(days=1), the_day(db))
        ruling = [book.governing(account.id, day) for day in days]
    assert [each and each.policy_id for each in ruling] == [old, new]


def test_only_what_is_published_is_assigned_and_only_to_those_there_are(db: Database) -> None:
    policy_id = a_draft(db, Sections(terms=NET_30))

    with pytest.raises(Invalid, match="Publish"), db.transaction() as session:
        assigning.assign(session, policy_id, EVERYBODY, LONG_AGO, actor=OPERATOR)
    for whom in (Whom(account_id=999_999), Whom(group_id=999_999)):
        with pytest.raises(NotFound), db.transaction() as session:
            assigning.assign(session, policy_id, whom, LONG_AGO, actor=OPERATOR)


def test_an_account_is_in_one_group(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        first, second = (groups.make(session, name, actor=OPERATOR) for name in ("A", "B"))
        groups.put_in(session, first.id, account.id, actor=OPERATOR)
        groups.put_in(session, second.id, account.id, actor=OPERATOR)

    with db.reading() as session:
        assert [row.members for row in queries.groups(session)] == [0, 1]
        assert [row.id for row in queries.members(session, second.id)] == [account.id]
    with pytest.raises(Conflict), db.transaction() as session:
        groups.put_in(session, second.id, account.id, actor=OPERATOR)
    with pytest.raises(Conflict), db.transaction() as session:
        groups.take_out(session, first.id, account.id, actor=OPERATOR)
