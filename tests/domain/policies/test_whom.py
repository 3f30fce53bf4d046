"""The statement for all accounts says of each what the rule book says of it."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from domain.policies.model import AccountGroup, CreditPolicy, GroupMember, PolicyAssignment
from domain.policies.ruling import RuleBook
from domain.policies.whom import ruled
from domain.shared.db.session import Database, now
from tests.support.builders import an_account
from tests.support.terms import asking, next_version

START = date(2026, 1, 1)
ASSIGNMENTS = st.lists(
    st.tuples(
        st.sampled_from(["everybody", "group", "account"]),
        st.integers(0, 2),
        st.none() | st.integers(0, 2),
        st.integers(0, 4),
    ),
    max_size=8,
)


@given(assignments=ASSIGNMENTS, groups=st.lists(st.none() | st.integers(0, 2), min_size=3, max_size=3))
def test_one_statement_and_the_rule_book_agree_on_every_day(
    db: Database, assignments: list[tuple[str, int, int | None, int]], groups: list[int | None]
) -> None:
    with db.transaction() as session:
        at = now(session)
        mark = f"{at.timestamp()} {id(assignments)}"
        policies = [CreditPolicy(name=f"Policy {mark} {place}", created_at=at) for place in range(3)]
        their_groups = [AccountGroup(name=f"Group {mark} {place}", created_at=at) for place in range(3)]
        session.add_all([*policies, *their_groups])
        accounts = [an_account(session) for _ in range(3)]
        session.flush()
        next_version(session, policies[0].id, asking(), START)
        session.add_all(
            GroupMember(account_id=account.id, group_id=their_groups[place].id)
            for account, place in zip(accounts, groups, strict=True)
            if place is not None
        )
        for whom, which, policy, day in assignments:
            session.add(
                PolicyAssignment(
                    policy_id=None if policy is None else policies[policy].id,
                    account_id=accounts[which].id if whom == "account" else None,
                    group_id=their_groups[which].id if whom == "group" else None,
                    from_on=START + timedelta(days=day),
                    assigned_at=at,
                    actor_kind="operator",
                    actor_id=None,
                )
            )
            session.flush()
        book = RuleBook(session, [account.id for account in accounts])
        for day in range(5):
            on = START + timedelta(days=day)
            rules = ruled(on)
            found = {row.account_id: row.policy_id for row in session.execute(select(rules))}
            assert {account.id: found[account.id] for account in accounts} == {
                account.id: book.policy_of(account.id, on) for account in accounts
            }
            first = accounts[0].id
            alone = session.execute(select(ruled(on, of=[first]))).all()
            assert [tuple(row) for row in alone] == [(first, found[first])]
        session.rollback()
