"""The clock: the last day by each kind of law, what moves it and what does not, and rules that hold for every debt."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts.model import LegalForm
from domain.limitations.clock import Clock, Event, Happened, Since, State, add_years, reckon, year_end
from domain.limitations.rules import JURISDICTION_NAMES, Rule, YearEnd, rule_for, rules, warn_days

PAID, ACKNOWLEDGED = Happened.PART_PAYMENT, Happened.ACKNOWLEDGED
DUE = date(2020, 3, 1)


def rule(jurisdiction: str, form: LegalForm = LegalForm.COMPANY) -> Rule:
    """The rule of a law; there has to be one."""
    found = rule_for(jurisdiction, form)
    assert found is not None
    return found


def clock(jurisdiction: str, *events: tuple[Happened, date], due: date = DUE, issued: date | None = None) -> Clock:
    """The clock of a company's debt."""
    happened = [Event(what, on) for what, on in events]
    return reckon(rule(jurisdiction), due_on=due, issued_on=issued or due, events=happened)


@pytest.mark.parametrize(
    ("jurisdiction", "company", "consumer"),
    [
        ("GB-EAW", date(2026, 3, 1), date(2026, 3, 1)),
        ("GB-SCT", date(2025, 3, 1), date(2025, 3, 1)),
        ("GB-NIR", date(2026, 3, 1), date(2026, 3, 1)),
        ("IE", date(2026, 3, 1), date(2026, 3, 1)),
        ("DE", date(2023, 12, 31), date(2023, 12, 31)),
        ("AT", date(2023, 3, 1), date(2023, 3, 1)),
        ("FR", date(2025, 3, 1), date(2022, 3, 1)),
        ("ES", date(2025, 3, 1), date(2025, 3, 1)),
        ("IT", date(2030, 3, 1), date(2030, 3, 1)),
        ("NL", date(2025, 3, 1), date(2022, 3, 1)),
        ("BE", date(2030, 3, 1), date(2021, 3, 1)),
        ("PT", date(2040, 3, 1), date(2022, 3, 1)),
        ("PL", date(2022, 12, 31), date(2022, 12, 31)),
        ("SE", date(2030, 1, 31), date(2023, 1, 31)),
        ("US-NY", date(2026, 3, 1), date(2023, 3, 1)),
        ("US-CA", date(2024, 3, 1), date(2024, 3, 1)),
        ("US-TX", date(2024, 3, 1), date(2024, 3, 1)),
        ("US-FL", date(2025, 3, 1), date(2025, 3, 1)),
        ("AU-NSW", date(2026, 3, 1), date(2026, 3, 1)),
        ("AU-VIC", date(2026, 3, 1), date(2026, 3, 1)),
        ("CA-ON", date(2022, 3, 1), date(2022, 3, 1)),
        ("CA-BC", date(2022, 3, 1), date(2022, 3, 1)),
    ],
)
def test_the_last_day_by_each_law(jurisdiction: str, company: date, consumer: date) -> None:
    issued = date(2020, 1, 31)
    found = [
        reckon(rule(jurisdiction, form), due_on=DUE, issued_on=issued).last_on
        for form in (LegalForm.COMPANY, LegalForm.NATURAL_PERSON)
    ]

    assert found == [company, consumer]


def test_every_law_has_a_name_a_source_and_no_shorter_time_for_a_judgment() -> None:
    known = rules()

    assert {jurisdiction for jurisdiction, _ in known} == set(JURISDICTION_NAMES)
    assert all(one.source and one.years > 0 for one in known.values())
    assert all(one.judgment_years is None or one.judgment_years >= one.years for one in known.values())
    assert warn_days() == (180, 30)


def test_who_is_not_known_counts_as_a_consumer_and_an_unknown_law_has_no_rule() -> None:
    assert rule("FR", LegalForm.UNKNOWN).years == 2
    assert rule("FR", LegalForm.SOLE_TRADER).years == 5
    assert rule_for("JP", LegalForm.COMPANY) is None


def test_the_last_day_itself_is_still_in_time() -> None:
    found = clock("GB-EAW")

    assert [found.state(day) for day in (date(2026, 3, 1), date(2026, 3, 2))] == [State.RUNNING, State.BARRED]
    assert not found.is_extinguished(date(2026, 3, 2))
    assert clock("GB-SCT").is_extinguished(date(2025, 3, 2))


@pytest.mark.parametrize(
    ("due", "last"),
    [(date(2020, 2, 29), date(2026, 2, 28)), (date(2018, 2, 28), date(2024, 2, 28))],
    ids=["no 29th in the last year", "a 29th in the last year"],
)
def test_leap_days(due: date, last: date) -> None:
    assert clock("GB-EAW", due=due).last_on == last


def test_at_the_end_of_the_year_a_day_makes_a_year() -> None:
    assert clock("DE", due=date(2022, 12, 31)).last_on == date(2025, 12, 31)
    assert clock("DE", due=date(2023, 1, 1)).last_on == date(2026, 12, 31)
    assert clock("DE", due=date(2023, 1, 1)).since is Since.YEAR_END


@pytest.mark.parametrize(
    ("jurisdiction", "what", "last"),
    [
        ("GB-EAW", PAID, date(2028, 5, 10)),
        ("GB-EAW", ACKNOWLEDGED, date(2028, 5, 10)),
        ("DE", ACKNOWLEDGED, date(2025, 5, 10)),
        ("PL", PAID, date(2024, 12, 31)),
        ("US-CA", PAID, date(2024, 3, 1)),
        ("US-CA", ACKNOWLEDGED, date(2026, 5, 10)),
    ],
)
def test_what_starts_it_anew_by_which_law(jurisdiction: str, what: Happened, last: date) -> None:
    found = clock(jurisdiction, (what, date(2022, 5, 10)))

    assert found.last_on == last
    assert [event.moved for event in found.events] == [last != clock(jurisdiction).last_on]


def test_nothing_starts_consumer_credit_in_new_york_anew() -> None:
    consumer = rule("US-NY", LegalForm.NATURAL_PERSON)
    paid = [Event(PAID, date(2022, 1, 1)), Event(ACKNOWLEDGED, date(2022, 1, 2))]

    assert reckon(consumer, due_on=DUE, issued_on=DUE, events=paid).last_on == date(2023, 3, 1)


def test_what_comes_once_it_is_over_revives_nothing_but_where_the_law_says_so() -> None:
    after = date(2026, 3, 2)

    assert clock("GB-EAW", (PAID, after), (ACKNOWLEDGED, after)).last_on == date(2026, 3, 1)
    assert clock("GB-EAW", (PAID, date(2026, 3, 1))).last_on == date(2032, 3, 1)
    assert clock("US-NY", (ACKNOWLEDGED, after)).last_on == date(2032, 3, 2)
    assert clock("US-NY", (PAID, after)).last_on == date(2026, 3, 1)


def test_a_payment_before_the_time_runs_moves_nothing() -> None:
    assert clock("GB-EAW", (PAID, DUE - timedelta(days=5))).since is Since.DUE
    assert clock("DE", (ACKNOWLEDGED, date(2020, 6, 1))).last_on == date(2023, 12, 31)


def test_days_on_which_it_stood_still_are_added() -> None:
    stood = clock("DE", (Happened.SUSPENDED, date(2021, 6, 1)), (Happened.RESUMED, date(2021, 6, 11)))
    before_it_ran = clock("DE", (Happened.SUSPENDED, date(2020, 6, 1)), (Happened.RESUMED, date(2020, 6, 11)))
    across = clock("DE", (Happened.SUSPENDED, date(2020, 12, 1)), (Happened.RESUMED, date(2021, 1, 5)))

    assert stood.last_on == date(2024, 1, 10)
    assert before_it_ran.last_on == date(2023, 12, 31)
    assert across.last_on == date(2024, 1, 5)


def test_while_it_stands_still_no_last_day_can_be_named_and_it_is_never_over() -> None:
    found = clock("GB-EAW", (Happened.SUSPENDED, date(2025, 1, 1)))

    assert (found.last_on, found.state(date(2040, 1, 1))) == (None, State.STANDS_STILL)
    assert clock("GB-EAW", (Happened.SUSPENDED, date(2027, 1, 1))).last_on == date(2026, 3, 1)


def test_an_acknowledgement_while_it_stands_still_counts_from_when_it_goes_on() -> None:
    found = clock(
        "GB-EAW",
        (Happened.SUSPENDED, date(2025, 1, 1)),
        (ACKNOWLEDGED, date(2025, 1, 11)),
        (Happened.RESUMED, date(2025, 1, 21)),
    )

    assert (found.since, found.last_on) == (Since.ACKNOWLEDGED, date(2031, 1, 21))


def test_a_claim_that_is_pending_keeps_it_and_one_withdrawn_only_where_the_law_says_so() -> None:
    filed, gone = (Happened.FILED, date(2023, 12, 1)), (Happened.WITHDRAWN, date(2024, 1, 31))

    assert clock("GB-EAW", filed).state(date(2040, 1, 1)) is State.PENDING
    assert clock("GB-EAW", filed, gone).last_on == date(2026, 3, 1)
    assert clock("DE", filed, gone).last_on == date(2023, 12, 31) + timedelta(days=61)
    assert clock("DE", (Happened.FILED, date(2024, 1, 1))).state(date(2024, 1, 2)) is State.BARRED


def test_a_judgment_has_a_time_of_its_own_and_nothing_else_moves_it() -> None:
    judgment = (Happened.JUDGMENT, date(2024, 6, 3))

    assert clock("GB-EAW", judgment, (PAID, date(2025, 1, 1))).last_on == date(2030, 6, 3)
    assert clock("DE", judgment).last_on == date(2054, 6, 3)
    assert clock("CA-ON", judgment).state(date(2090, 1, 1)) is State.ENDLESS
    assert not clock("GB-SCT", judgment).is_extinguished(date(2044, 6, 4))


days = st.dates(date(2010, 1, 1), date(2030, 12, 31))
restarts = st.lists(st.tuples(st.sampled_from([PAID, ACKNOWLEDGED]), days), max_size=6)
laws = st.sampled_from(list(rules().values()))


@given(laws, days, restarts)
def test_no_part_payment_ever_brings_the_last_day_forward(
    one: Rule, due: date, events: list[tuple[Happened, date]]
) -> None:
    happened = [Event(what, on) for what, on in events]
    alone = reckon(one, due_on=due, issued_on=due).last_on
    moved = reckon(one, due_on=due, issued_on=due, events=happened).last_on

    assert alone is not None
    assert moved is not None
    if one.year_end is not YearEnd.FROM:
        assert moved >= alone
    assert alone >= add_years(due, one.years)
    assert moved <= year_end(add_years(max([due, *(on for _, on in events)]), one.years))


@given(laws, days, restarts, st.randoms())
def test_the_order_in_which_things_are_told_changes_nothing(
    one: Rule, due: date, events: list[tuple[Happened, date]], random: object
) -> None:
    happened = [Event(what, on) for what, on in events]
    shuffled = list(happened)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert reckon(one, due_on=due, issued_on=due, events=shuffled) == reckon(
        one, due_on=due, issued_on=due, events=happened
    )


@given(laws, days, days, st.integers(0, 400))
def test_standing_still_adds_just_its_days_where_the_time_ran(one: Rule, due: date, begun: date, length: int) -> None:
    alone = reckon(one, due_on=due, issued_on=due)
    stood = [Event(Happened.SUSPENDED, begun), Event(Happened.RESUMED, begun + timedelta(days=length))]
    found = reckon(one, due_on=due, issued_on=due, events=stood)

    assert alone.last_on is not None
    assert found.last_on is not None
    if begun > alone.last_on:
        assert found.last_on == alone.last_on
    elif begun >= alone.started_on and one.year_end is not YearEnd.TO:
        assert found.last_on == alone.last_on + timedelta(days=length)
    else:
        assert alone.last_on <= found.last_on <= alone.last_on + timedelta(days=length + 366)
