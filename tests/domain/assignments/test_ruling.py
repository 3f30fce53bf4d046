"""Rules: the first that fits decides, as a dictionary would; what they would change is told before it is done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts.contacts import ContactDetails
from domain.accounts.contacts import add as add_contact
from domain.accounts.model import folded
from domain.accounts.searching import refresh
from domain.assignments import ruling
from domain.assignments.applying import ApplyRules, apply_after, apply_to_new, is_under_way
from domain.assignments.assigning import assign, give_back
from domain.assignments.fitting import Choice, Rule, working
from domain.assignments.model import RuleKind
from domain.assignments.ruling import Change, add, end, move, preview, rules, with_moved, with_new, without
from domain.audit.model import AUDIT_ENTRIES
from domain.ledger.checks import check_books
from domain.outbox.model import OUTBOX
from domain.shared.actor import OPERATOR, WORKER, Actor
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid, NotFound
from domain.shared.money import Money
from domain.staff.changing import disable
from domain.staff.model import Role
from tests.support.assigning import a_colleague, kept_by
from tests.support.audited import acts, last_payload
from tests.support.builders import an_account, an_invoice, money
from tests.support.counting import counted

EVERYTHING = Choice(RuleKind.EVERYTHING)
NAMES = ("Åkesson", "Ali & Sons", "Café Zürich", "de la Cruz", "Mc Donald", "McArthur", "Zé", "ßtein", "3M", "Łódź")
LETTERS = ("a", "al", "c", "d", "m", "mc", "mcd", "ss", "z", "ze", "ł", "3")
LARGEST = 2


def letters(low: str, high: str) -> Choice:
    """Names from these first letters to those."""
    return Choice(RuleKind.ALPHABET, low=low, high=high)


def at_least(amount: str, currency: str = "GBP") -> Choice:
    """Accounts on which so much is open."""
    return Choice(RuleKind.SIZE, least=money(amount, currency))


def in_country(code: str) -> Choice:
    """Accounts of a country."""
    return Choice(RuleKind.COUNTRY, value=code)


def speaks(tag: str) -> Choice:
    """Accounts that are written to in a language."""
    return Choice(RuleKind.LANGUAGE, value=tag)


def applied(session: Session, *, actor: Actor = WORKER, at_once: int = 3) -> int:
    """Go through all accounts, a few at a time; how many changed hands."""
    total, last = 0, 0
    while True:
        changed, following = apply_after(session, last, actor=actor, at_once=at_once)
        total += changed
        if following is None:
            return total
        last = following


@dataclass(frozen=True)
class Customer:
    """An account as the oracle knows it."""

    name: str
    country: str | None
    language: str
    currency: str
    open_minor: int


def says(choice: Choice, customer: Customer) -> bool:
    """Whether a rule chooses an account, in plain Python."""
    name = folded(customer.name)
    match choice.kind:
        case RuleKind.ALPHABET:
            low, high = choice.low or "", choice.high or ""
            return name[: len(low)] >= low and name[: len(high)] <= high
        case RuleKind.SIZE:
            least = choice.least or Money.zero("GBP")
            return customer.currency == least.currency and customer.open_minor >= least.minor
        case RuleKind.COUNTRY:
            return customer.country == choice.value
        case RuleKind.LANGUAGE:
            return customer.language.partition("-")[0] == choice.value or customer.language == choice.value
        case _:
            return True


CUSTOMERS = st.builds(
    Customer,
    name=st.sampled_from(NAMES),
    country=st.sampled_from([None, "GB", "ES"]),
    language=st.sampled_from(["en", "es", "en-US"]),
    currency=st.sampled_from(["GBP", "EUR"]),
    open_minor=st.sampled_from([0, 100, 500]),
)
CHOICES = st.one_of(
    st.tuples(st.sampled_from(LETTERS), st.sampled_from(LETTERS))
    .filter(lambda two: two[0][: len(two[1])] <= two[1])
    .map(lambda two: letters(*two)),
    st.tuples(st.sampled_from(["0.50", "1", "5", "6"]), st.sampled_from(["GBP", "EUR"])).map(
        lambda two: at_least(*two)
    ),
    st.sampled_from([in_country("GB"), in_country("ES"), speaks("en"), speaks("es"), speaks("en-US"), EVERYTHING]),
)


@given(
    customers=st.lists(CUSTOMERS, min_size=1, max_size=7),
    chosen=st.lists(st.tuples(CHOICES, st.integers(0, LARGEST)), max_size=5),
    by_hand=st.sets(st.integers(0, 6), max_size=2),
)
def test_rules_give_what_a_dictionary_would(
    db: Database, customers: list[Customer], chosen: list[tuple[Choice, int]], by_hand: set[int]
) -> None:
    with db.transaction() as session:
        people = [a_colleague(session, f"P{number}").id for number in range(LARGEST + 1)]
        ids = []
        for customer in customers:
            account = an_account(
                session,
                name=customer.name,
                country=customer.country,
                language=customer.language,
                currency=customer.currency,
            )
            if customer.open_minor:
                an_invoice(session, account, str(Money(customer.open_minor, customer.currency).decimal))
            ids.append(account.id)
        boss = a_colleague(session, "Boss", Role.MANAGER).id
        expected = {
            account_id: people[who]
            for account_id, customer in zip(ids, customers, strict=True)
            if (who := next((who for choice, who in chosen if says(choice, customer)), None)) is not None
        }
        for place in by_hand:
            if place < len(ids):
                assign(session, [ids[place]], boss, actor=OPERATOR)
                expected[ids[place]] = boss
        for choice, who in chosen:
            add(session, choice, people[who], actor=OPERATOR)
        foreseen = preview(session, working(session))

        changed = applied(session)

        kept = kept_by(session)
        assert kept == expected
        assert changed == sum(change.accounts for change in foreseen)
        assert Counter(kept[one] for one in kept if kept[one] != boss) == Counter(
            {change.after: 0 for change in foreseen}
        ) + Counter([change.after for change in foreseen for _ in range(change.accounts)])
        assert preview(session, working(session)) == []
        assert applied(session) == 0
        session.rollback()


def test_order_decides_and_a_move_changes_hands(db: Database) -> None:
    with db.transaction() as session:
        eva, tom, account = a_colleague(session), a_colleague(session, "Tom"), an_account(session, name="Abel")
        add(session, EVERYTHING, tom.id, actor=OPERATOR)
        first = add(session, letters("a", "f"), eva.id, place=0, actor=OPERATOR)
        applied(session)
        assert kept_by(session) == {account.id: eva.id}

        would_be = with_moved(session, first, 1)
        assert preview(session, would_be) == [Change(eva.id, tom.id, 1)]
        move(session, first, 1, actor=OPERATOR)

        assert [row.id for row in rules(session)][-1] == first
        assert applied(session) == 1
        assert kept_by(session) == {account.id: tom.id}
        assert last_payload(session, "account.assigned")["before"]["name"] == "Eva Lind"


def test_what_a_new_rule_would_change_is_told_and_not_done(db: Database) -> None:
    with db.transaction() as session:
        eva, tom = a_colleague(session), a_colleague(session, "Tom")
        for name in ("Abel", "Berg", "Zoe"):
            an_account(session, name=name)
        add(session, letters("a", "z"), eva.id, actor=OPERATOR)
        applied(session)

        found = preview(session, with_new(session, letters("B", "b"), tom.id, 0))
        behind = preview(session, with_new(session, letters("B", "b"), tom.id, None))

        assert found == [Change(eva.id, tom.id, 1)]
        assert behind == []
        assert set(kept_by(session).values()) == {eva.id}


def test_an_ended_rule_gives_its_accounts_to_the_others_or_to_nobody(db: Database) -> None:
    with db.transaction() as session:
        eva = a_colleague(session)
        account = an_account(session, name="Abel")
        rule = add(session, letters("a", "f"), eva.id, actor=OPERATOR)
        applied(session)

        assert preview(session, without(session, rule)) == [Change(eva.id, None, 1)]
        end(session, rule, actor=OPERATOR)
        assert applied(session) == 1

        assert kept_by(session) == {}
        assert acts(session)[-1] == "account.unassigned"
        with pytest.raises(NotFound):
            end(session, rule, actor=OPERATOR)
        assert account.id not in kept_by(session)


def test_rules_of_whoever_left_are_passed_over(db: Database) -> None:
    with db.transaction() as session:
        eva, tom, account = a_colleague(session), a_colleague(session, "Tom"), an_account(session)
        add(session, EVERYTHING, eva.id, actor=OPERATOR)
        add(session, EVERYTHING, tom.id, actor=OPERATOR)
        disable(session, eva.id, actor=OPERATOR)

        applied(session)

        assert kept_by(session) == {account.id: tom.id}


def test_without_a_rule_no_account_is_read_for_the_next_turn(db: Database) -> None:
    with db.transaction() as session:
        an_account(session)

    with counted(db.bind) as sent, db.transaction() as session:
        assert apply_to_new(session, actor=WORKER) == 0

    assert not [each for each in sent if "FROM account" in each]


def test_new_accounts_are_given_by_the_next_turn(db: Database) -> None:
    with db.transaction() as session:
        eva = a_colleague(session)
        add(session, letters("a", "m"), eva.id, actor=OPERATOR)
        applied(session)
        abel, zoe = an_account(session, name="Abel"), an_account(session, name="Zoe")

        assert apply_to_new(session, actor=WORKER) == 1
        assert apply_to_new(session, actor=WORKER) == 0

        assert kept_by(session) == {abel.id: eva.id}
        assert zoe.id not in kept_by(session)


def test_a_name_is_known_by_its_letters_also_once_contacts_are_found_with_it(db: Database) -> None:
    with db.transaction() as session:
        eva, account = a_colleague(session), an_account(session, name="Émile & Fils", number="A-0")
        add_contact(session, account, ContactDetails("Aaron"), actor=OPERATOR)
        refresh(session, account.id)
        add(session, letters("em", "em"), eva.id, actor=OPERATOR)

        applied(session)

        assert kept_by(session) == {account.id: eva.id}


def test_given_by_hand_stays_until_it_is_given_back(db: Database) -> None:
    with db.transaction() as session:
        eva, tom, account = a_colleague(session), a_colleague(session, "Tom"), an_account(session)
        add(session, EVERYTHING, eva.id, actor=OPERATOR)
        applied(session)

        assert assign(session, [account.id], tom.id, actor=OPERATOR) == [account.id]
        assert assign(session, [account.id], tom.id, actor=OPERATOR) == []
        assert applied(session) == 0
        assert kept_by(session) == {account.id: tom.id}

        give_back(session, account.id, actor=OPERATOR)
        assert kept_by(session) == {account.id: eva.id}
        with pytest.raises(NotFound):
            assign(session, [account.id, 10**9], tom.id, actor=OPERATOR)


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        (letters("", "b"), "low"),
        (letters("a", "de la"), "high"),
        (letters("f", "a"), "high"),
        (letters("x" * 21, "z"), "low"),
        (in_country("XX"), "value"),
        (speaks("klingonish"), "value"),
        (Choice(RuleKind.SIZE), "least"),
    ],
)
def test_what_cannot_be_used_is_refused_beside_its_field(db: Database, choice: Choice, field: str) -> None:
    with db.transaction() as session, pytest.raises(Invalid) as refused:
        add(session, choice, a_colleague(session).id, actor=OPERATOR)

    assert refused.value.field == field


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_only_somebody_here_who_looks_after_accounts_is_given_any(db: Database, role: Role) -> None:
    with db.transaction() as session:
        other, gone, account = a_colleague(session, "O", role), a_colleague(session, "G"), an_account(session)
        disable(session, gone.id, actor=OPERATOR)
        for staff_id in (other.id, gone.id, 10**9):
            with pytest.raises(Invalid):
                assign(session, [account.id], staff_id, actor=OPERATOR)
            with pytest.raises(Invalid):
                add(session, EVERYTHING, staff_id, actor=OPERATOR)
        assert kept_by(session) == {}


def test_there_are_only_so_many_rules(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruling, "MOST_RULES", 1)
    with db.transaction() as session:
        eva = a_colleague(session)
        add(session, EVERYTHING, eva.id, actor=OPERATOR)
        with pytest.raises(Conflict):
            add(session, EVERYTHING, eva.id, actor=OPERATOR)


def test_a_saved_rule_asks_for_all_accounts_to_be_gone_through(db: Database) -> None:
    with db.transaction() as session:
        assert not is_under_way(session)
        add(session, EVERYTHING, a_colleague(session).id, actor=OPERATOR)

        assert is_under_way(session)
        assert session.scalar(select(func.count()).where(OUTBOX.c.kind == ApplyRules.kind)) == 1


def test_many_accounts_cost_few_statements_and_each_has_its_row_of_audit(db: Database) -> None:
    with db.transaction() as session:
        eva = a_colleague(session)
        add(session, at_least("1"), eva.id, actor=OPERATOR)
        add(session, letters("a", "z"), eva.id, actor=OPERATOR)
        sent = {}
        for many in (5, 120):
            for number in range(many):
                an_account(session, name=f"Abel {number}")
            before = session.scalar(select(func.count()).where(AUDIT_ENTRIES.c.act == "account.assigned")) or 0
            session.flush()
            with counted(session.connection()) as statements:
                assert apply_after(session, 0, actor=WORKER, at_once=1000)[0] == many
            sent[many] = len(statements)
            after = session.scalar(select(func.count()).where(AUDIT_ENTRIES.c.act == "account.assigned")) or 0
            assert after - before == many

        assert sent[120] == sent[5] < 10
        assert check_books(session) == []


def test_a_rule_by_itself_names_nobody(db: Database) -> None:
    with db.transaction() as session:
        an_account(session, name="Abel")
        assert preview(session, [Rule(None, letters("b", "c"), 1)]) == []
