"""Sharing a dividend: all of it is given out where there is room, by what was proved, and never more than is open."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.insolvencies.sharing import Proved, share

AMOUNTS = st.integers(min_value=0, max_value=1_000_000)
DEBTS = st.lists(st.tuples(AMOUNTS, st.lists(AMOUNTS, min_size=1, max_size=3)), min_size=1, max_size=6)


def proved(found: list[tuple[int, list[int]]]) -> list[Proved]:
    """Debts whose invoices are numbered through."""
    return [
        Proved(minor, [(100 * place + part, open_minor) for part, open_minor in enumerate(parts)])
        for place, (minor, parts) in enumerate(found)
    ]


@given(amount=AMOUNTS, found=DEBTS)
def test_all_is_given_out_as_far_as_there_is_room_and_nothing_takes_more_than_is_open(
    amount: int, found: list[tuple[int, list[int]]]
) -> None:
    debts = proved(found)

    given_out = share(amount, debts)

    room = dict(part for debt in debts for part in debt.parts)
    assert sum(given_out.values()) == min(amount, sum(room.values()))
    assert all(0 < minor <= room[key] for key, minor in given_out.items())


@given(amount=AMOUNTS, minors=st.lists(st.integers(min_value=1, max_value=1_000_000), min_size=1, max_size=6))
def test_where_there_is_room_each_gets_its_share_to_one_unit(amount: int, minors: list[int]) -> None:
    debts = [Proved(minor, [(place, 10_000_000)]) for place, minor in enumerate(minors)]

    given_out = share(amount, debts)

    total = sum(minors)
    assert all(abs(given_out.get(place, 0) - amount * minor / total) < 1 for place, minor in enumerate(minors))


def test_within_a_debt_the_parts_are_settled_in_their_order() -> None:
    assert share(150, [Proved(200, [(1, 40), (2, 160)])]) == {1: 40, 2: 110}


def test_what_a_debt_cannot_take_falls_on_the_others() -> None:
    debts = [Proved(100, [(1, 10)]), Proved(100, [(2, 100)]), Proved(200, [(3, 200)])]

    assert share(120, debts) == {1: 10, 2: 37, 3: 73}
