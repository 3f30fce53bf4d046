"""The scorecard: its working row by row, and that more is never worse."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.credit.scorecard import LESS_IS_BETTER, as_kept, propose
from domain.policies.sections import Outcome, Scorecard, Step, Trait, Weighed
from domain.shared.money import Money
from tests.support.builders import money

CARD = Scorecard(
    weighed=(
        Weighed(Trait.CHECK_SCORE, (Step(Decimal(40), 10), Step(Decimal(70), 40)), unknown=0),
        Weighed(Trait.PAYMENT_DELAY, (Step(Decimal(0), 30), Step(Decimal(15), 10), Step(Decimal(45), 0)), unknown=10),
        Weighed(Trait.YEARS_TRADING, (Step(Decimal(2), 10), Step(Decimal(5), 20))),
    ),
    outcomes=(Outcome(30, 50, 2_000_00, 14), Outcome(60, 100, 10_000_00, 30)),
)

STEPS = st.lists(
    st.builds(Step, st.decimals(0, 100, places=1), st.integers(-50, 50)), max_size=4, unique_by=lambda step: step.least
)
CARDS = st.builds(
    lambda steps, unknown, outcomes: Scorecard(
        weighed=tuple(Weighed(trait, tuple(steps[trait]), unknown) for trait in Trait), outcomes=tuple(outcomes)
    ),
    st.fixed_dictionaries(dict.fromkeys(Trait, STEPS)),
    st.integers(0, 20),
    st.lists(
        st.builds(Outcome, st.integers(-50, 100), st.integers(0, 150), st.integers(0, 10_000), st.integers(0, 90)),
        max_size=3,
    ),
)
FACTS = st.fixed_dictionaries({trait: st.decimals(0, 120, places=1) for trait in Trait})


def test_the_working_has_a_row_for_each_trait_and_adds_up() -> None:
    facts = {Trait.CHECK_SCORE: Decimal(72), Trait.PAYMENT_DELAY: Decimal("15.0"), Trait.YEARS_TRADING: Decimal(1)}

    found = propose(CARD, facts, money("3000"))

    assert [(row.trait, row.points) for row in found.rows] == [
        (Trait.CHECK_SCORE, 40),
        (Trait.PAYMENT_DELAY, 10),
        (Trait.YEARS_TRADING, 0),
    ]
    assert (found.points, found.limit, found.terms_days) == (50, money("1500"), 14)
    assert as_kept(found)["points"] == 50


def test_what_is_not_known_gets_the_points_for_it() -> None:
    found = propose(CARD, {}, money("3000"))

    assert [row.points for row in found.rows] == [0, 10, 0]
    assert (found.limit, found.terms_days) == (None, None)


def test_no_outcome_gives_more_than_its_most() -> None:
    facts = {Trait.CHECK_SCORE: Decimal(99), Trait.PAYMENT_DELAY: Decimal(0), Trait.YEARS_TRADING: Decimal(9)}

    assert propose(CARD, facts, money("25000")).limit == money("10000")


@given(card=CARDS, facts=FACTS, trait=st.sampled_from(Trait), more=st.decimals(0, 50, places=1))
def test_a_better_trait_never_leads_to_less(
    card: Scorecard, facts: dict[Trait, Decimal], trait: Trait, more: Decimal
) -> None:
    worse, better = facts[trait], facts[trait] + more
    if trait in LESS_IS_BETTER:
        worse, better = better, worse

    before = propose(card, {**facts, trait: worse}, Money(5_000, "GBP"))
    after = propose(card, {**facts, trait: better}, Money(5_000, "GBP"))

    assert after.points >= before.points
    assert (after.limit.minor if after.limit else -1) >= (before.limit.minor if before.limit else -1)
    assert (after.terms_days or 0) >= (before.terms_days or 0)


@given(card=CARDS, facts=FACTS, wanted=st.integers(1, 10_000), more=st.integers(0, 10_000))
def test_asking_for_more_never_gives_less(card: Scorecard, facts: dict[Trait, Decimal], wanted: int, more: int) -> None:
    before = propose(card, facts, Money(wanted, "GBP")).limit
    after = propose(card, facts, Money(wanted + more, "GBP")).limit

    assert (after.minor if after else -1) >= (before.minor if before else -1)
