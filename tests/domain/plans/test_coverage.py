"""Coverage: whatever settles and opens the invoices of a plan, its parts say what the ledger says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.plans.coverage import NEAR, Agreed, Extra, Part, Settling, cover
from tests.support.proving import Prove

DAY = date(2026, 3, 16)
EXTRAS = st.none() | st.sampled_from(Extra)
CERTAIN = [(True, Extra.TAIL), (True, Extra.NEXT), (False, None)]
"""Money whose payer chose, and what is no money: where it goes does not hang on what came before it."""


@st.composite
def plans(draw: st.DrawFn, *, least_gap: int = 0) -> list[Agreed]:
    """Parts of any amounts on days that do not go backwards, some with a later day that was given on the way."""
    start = draw(st.integers(0, 1))
    amounts = draw(st.lists(st.integers(0, 200), min_size=1, max_size=8).filter(any))
    day, found = DAY, []
    for number, minor in enumerate(amounts, start=start):
        day += timedelta(days=draw(st.integers(least_gap, 40)))
        moves = draw(st.just(()) | st.tuples(st.tuples(st.integers(1, 30), st.just(day + timedelta(days=30)))))
        found.append(Agreed(100 + number, number, day, minor, moves))
    return found


@dataclass
class Life:
    """What happens to the invoices of a plan, and what is open of them: so much, whatever the parts say."""

    agreed: Sequence[Agreed]
    open: int
    settlings: list[Settling] = field(default_factory=list)
    standing: dict[int, int] = field(default_factory=dict)
    numbers: count[int] = field(default_factory=lambda: count(1))
    before: int = 300
    """What was settled before the plan, and could be taken back."""

    def settle(self, minor: int, **how: object) -> None:
        """So much is settled by something."""
        number = next(self.numbers)
        self.settlings.append(Settling(number, minor, **how))  # type: ignore[arg-type]
        self.standing[number] = minor
        self.open -= minor

    def undo(self, number: int, on: date) -> None:
        """What had settled something is taken back."""
        minor = self.standing.pop(number)
        self.settlings.append(Settling(next(self.numbers), -minor, on, undoes=number))
        self.open += minor

    def undo_before(self, minor: int, on: date) -> None:
        """Something from before the plan is taken back."""
        self.settlings.append(Settling(next(self.numbers), -minor, on, undoes=-len(self.settlings)))
        self.open += minor
        self.before -= minor


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """A plan, and up to thirty things that happen to it in the order of its days."""
    agreed = draw(plans())
    life, on = Life(agreed, sum(part.minor for part in agreed)), DAY
    for _ in range(draw(st.integers(0, 30))):
        on += timedelta(days=draw(st.integers(0, 15)))
        act = draw(st.sampled_from(["settle", "settle", "settle", "undo", "undo before"]))
        if act == "settle" and life.open:
            part = draw(st.none() | st.sampled_from([each.id for each in agreed]))
            minor, extra, is_money = draw(st.integers(1, life.open)), draw(EXTRAS), draw(st.booleans())
            life.settle(minor, on=on, part_id=part, extra=extra, is_money=is_money)
        elif act == "undo" and life.standing:
            life.undo(draw(st.sampled_from(sorted(life.standing))), on)
        elif act == "undo before" and life.before:
            life.undo_before(draw(st.integers(1, life.before)), on)
    return life


def check(life: Life, parked: int) -> None:
    """All that must be so at every step of a life."""
    total = sum(part.minor for part in life.agreed)
    for step in range(len(life.settlings) + 1):
        so_far = life.settlings[:step]
        parts = cover(life.agreed, so_far, parked=parked)
        still_open = total - sum(each.minor for each in so_far)
        assert sum(part.rest for part in parts) == still_open
        assert all(0 <= part.covered <= part.agreed.minor + part.added for part in parts)
        assert all(part.added >= 0 and part.left >= 0 and part.parked >= 0 for part in parts)
        assert sum(part.carried for part in parts) == 0
        assert sum(part.parked for part in parts) == min(parked, still_open)
        _check_slight(parts)
        _check_parked_at_the_end(parts)
        if step and (last := so_far[-1]).minor < 0:
            _check_uncovers(cover(life.agreed, so_far[:-1]), parts, life.settlings, last)


def _check_parked_at_the_end(parts: Sequence[Part]) -> None:
    """What is contested leaves nothing to pay behind the first part that it reaches."""
    first = next((place for place, part in enumerate(parts) if part.parked), len(parts))
    assert all(part.left == 0 for part in parts[first + 1 :])


def _check_slight(parts: Sequence[Part]) -> None:
    """What is too little to be asked for alone is asked for with another part, as long as one is open."""
    assert not any(part.is_slight for part in parts) or sum(bool(part.rest) for part in parts) == 1


def _check_uncovers(before: list[Part], after: list[Part], settlings: Sequence[Settling], undo: Settling) -> None:
    """What is taken back uncovers just so much, where it is from before the plan as more of the last part."""
    fell = [old.covered - new.covered for old, new in zip(before, after, strict=True)]
    came = [new.added - old.added for old, new in zip(before, after, strict=True)]
    assert sum(fell) + sum(came) == -undo.minor
    if any(each.id == undo.undoes for each in settlings):
        assert came == [0] * len(came)
        assert all(part >= 0 for part in fell)
        reopened = [new.reopened_on == undo.on for new in after]
        assert all(again for again, part in zip(reopened, fell, strict=True) if part)
    else:
        assert came == [0] * (len(came) - 1) + [-undo.minor]


@given(life=lives(), parked=st.integers(0, 2_000))
def test_the_parts_of_a_plan_add_up_to_what_is_open(life: Life, parked: int) -> None:
    check(life, parked)


@pytest.mark.faults
def test_so_they_do_in_many_lives(prove: Prove) -> None:
    steps = 0

    @settings(max_examples=3_000, database=None)
    @given(life=lives(), parked=st.integers(0, 2_000))
    def many(life: Life, parked: int) -> None:
        nonlocal steps
        steps += len(life.settlings)
        check(life, parked)

    many()
    prove(8, f"3,000 plans, {steps} settlings and undoings", "0 in which the parts do not add up")


@given(life=lives(), data=st.data())
def test_what_is_undone_at_once_was_never_there(life: Life, data: st.DataObject) -> None:
    if not life.open:
        return
    before = [(part.covered, part.added) for part in cover(life.agreed, life.settlings)]

    how = {"on": DAY + timedelta(days=data.draw(st.integers(0, 400))), "extra": data.draw(EXTRAS)}
    life.settle(data.draw(st.integers(1, life.open)), **how)
    life.undo(max(life.standing), DAY + timedelta(days=500))

    assert [(part.covered, part.added) for part in cover(life.agreed, life.settlings)] == before


@st.composite
def shares(draw: st.DrawFn, whole: int) -> list[int]:
    """Some part of a whole, in pieces."""
    cuts = sorted(draw(st.lists(st.integers(0, whole), min_size=1, max_size=6)))
    return [after - before for before, after in zip([0, *cuts], cuts, strict=False) if after > before]


@given(agreed=plans(), data=st.data(), later=st.integers(0, 300), kind=st.sampled_from(CERTAIN))
def test_on_one_day_only_the_sum_counts_where_its_way_is_said(
    agreed: list[Agreed], data: st.DataObject, later: int, kind: tuple[bool, Extra | None]
) -> None:
    agreed = [replace(part, moves=()) for part in agreed]
    how = {"on": DAY + timedelta(days=later), "is_money": kind[0], "extra": kind[1]}

    _expect_only_the_sum(agreed, data, how)


@given(agreed=plans(least_gap=NEAR.days + 1), data=st.data(), later=st.integers(0, 300))
def test_so_it_is_where_nobody_has_said_it_and_only_one_part_is_near(
    agreed: list[Agreed], data: st.DataObject, later: int
) -> None:
    agreed = [replace(part, moves=()) for part in agreed]

    _expect_only_the_sum(agreed, data, {"on": DAY + timedelta(days=later)})


def _expect_only_the_sum(agreed: list[Agreed], data: st.DataObject, how: dict[str, object]) -> None:
    pieces = data.draw(shares(sum(part.minor for part in agreed)))
    orders = [pieces, data.draw(st.permutations(pieces)), [sum(pieces)] if pieces else []]

    ends = []
    for each in orders:
        life = Life(agreed, sum(part.minor for part in agreed))
        for piece in each:
            life.settle(piece, **how)
        ends.append([part.covered for part in cover(agreed, life.settlings)])

    assert ends[0] == ends[1] == ends[2]


@given(agreed=plans(), data=st.data())
def test_money_covers_what_is_due_before_anything_else(agreed: list[Agreed], data: st.DataObject) -> None:
    on = DAY + timedelta(days=data.draw(st.integers(0, 300)))
    minor = data.draw(st.integers(1, sum(part.minor for part in agreed)))

    parts = cover(agreed, [Settling(99, minor, on, extra=data.draw(EXTRAS))])

    due = [part for part in parts if part.agreed.day_at(99) <= on]
    later = [part for part in parts if part not in due]
    assert not any(part.rest for part in due) or not any(part.covered for part in later)
    first_open = next((place for place, part in enumerate(due) if part.rest), len(due))
    assert not any(part.covered for part in due[first_open + 1 :])


@pytest.mark.parametrize(
    ("paid", "amounts", "left"),
    [
        ([99_98], [99_98, 100_02, 100_00], [0, 100_02, 100_00]),
        ([99_01], [99_01, 100_99, 100_00], [0, 100_99, 100_00]),
        ([99_00], [100_00, 100_00, 100_00], [1_00, 100_00, 100_00]),
        ([100_00, 99_60, 99_70], [100_00, 99_60, 100_40], [0, 0, 0]),
        ([100_00, 100_00, 99_99], [100_00, 100_00, 100_00], [0, 0, 0]),
    ],
)
def test_what_a_bank_rounds_away_moves_into_the_next_part(paid: list[int], amounts: list[int], left: list[int]) -> None:
    agreed = [Agreed(number, number, DAY + timedelta(days=30 * number), 100_00) for number in (1, 2, 3)]

    parts = cover(
        agreed, [Settling(n, minor, agreed[n - 1].due_on, part_id=n) for n, minor in enumerate(paid, start=1)]
    )

    assert [part.minor for part in parts] == amounts
    assert [part.left for part in parts] == left


def test_a_credit_that_leaves_next_to_nothing_of_the_last_part_moves_it_forward() -> None:
    agreed = [Agreed(number, number, DAY + timedelta(days=30 * number), 100_00) for number in (1, 2, 3)]

    parts = cover(agreed, [Settling(1, 99_50, DAY, is_money=False)])

    assert [part.left for part in parts] == [100_00, 100_50, 0]
