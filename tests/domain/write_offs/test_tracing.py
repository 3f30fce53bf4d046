"""Tracing: what came in is told from what was credited, and both from what was never written off."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.write_offs.tracing import Settled, trace


def steps(amount: int, *settled: Settled) -> list[tuple[int, int]]:
    """By how much each allocation brought it down, and what stood then."""
    return [(step.minor, step.left_minor) for step in trace(amount, settled)]


def paid(key: int, minor: int, reverses: int | None = None) -> Settled:
    """Money that came, or went again."""
    return Settled(key, minor, is_money=True, reverses_id=reverses)


def credited(key: int, minor: int, reverses: int | None = None) -> Settled:
    """What was credited, or taken back again."""
    return Settled(key, minor, is_money=False, reverses_id=reverses)


def test_money_brings_it_down_and_back_up_when_it_goes_again() -> None:
    assert steps(100, paid(1, 30), paid(2, 70), paid(3, -70, 2)) == [(30, 70), (70, 0), (-70, 70)]


def test_what_opens_because_money_from_before_went_back_was_never_written_off() -> None:
    assert steps(70, paid(2, -50, 1), paid(3, 50), paid(4, 20)) == [(20, 50)]


def test_what_was_credited_is_not_written_off_again_when_older_money_goes_back() -> None:
    assert steps(70, credited(2, 30), paid(3, -50, 1)) == [(30, 40)]


def test_a_credit_that_is_taken_back_is_written_off_again() -> None:
    assert steps(70, credited(2, 30), credited(3, -30, 2)) == [(30, 40), (-30, 70)]


def test_a_credit_takes_first_what_was_never_written_off() -> None:
    assert steps(70, paid(2, -50, 1), credited(3, 80)) == [(30, 40)]


def test_older_money_that_goes_back_after_all_came_in_is_written_off_again() -> None:
    assert steps(70, paid(2, 70), paid(3, -50, 1)) == [(70, 0), (-50, 50)]


@st.composite
def lives(draw: st.DrawFn) -> tuple[int, list[Settled]]:
    """A write-off, and allocations that an invoice could have: never more than is open, each taken back at most once.

    What was settled before it was written off can be taken back as well.
    """
    amount = draw(st.integers(1, 500))
    standing: dict[int, tuple[int, bool]] = {}
    for key in range(-draw(st.integers(0, 3)), 0):
        standing[key] = (draw(st.integers(1, 200)), draw(st.booleans()))
    still_open, settled = amount, []
    for key in range(1, draw(st.integers(1, 12)) + 1):
        if standing and (not still_open or draw(st.booleans())):
            taken = draw(st.sampled_from(sorted(standing)))
            minor, is_money = standing.pop(taken)
            settled.append(Settled(key, -minor, is_money, taken))
            still_open += minor
        elif still_open:
            minor, is_money = draw(st.integers(1, still_open)), draw(st.booleans())
            settled.append(Settled(key, minor, is_money))
            standing[key] = (minor, is_money)
            still_open -= minor
    return amount, settled


@given(lives())
def test_what_stands_is_never_more_than_is_open_or_was_written_off(life: tuple[int, list[Settled]]) -> None:
    amount, settled = life
    left = amount
    still_open = {
        each.allocation_id: amount - sum(one.minor for one in settled[: place + 1])
        for place, each in enumerate(settled)
    }

    for step in trace(amount, settled):
        left -= step.minor
        assert step.left_minor == left
        assert 0 <= left <= min(amount, still_open[step.allocation_id])

    assert left <= still_open[settled[-1].allocation_id]


@given(lives())
def test_money_alone_leaves_as_much_standing_as_is_open(life: tuple[int, list[Settled]]) -> None:
    amount, settled = life
    all_money = [
        Settled(each.allocation_id, each.minor, is_money=True, reverses_id=each.reverses_id) for each in settled
    ]
    still_open = amount - sum(each.minor for each in all_money)

    came = sum(step.minor for step in trace(amount, all_money))

    assert amount - came == min(amount, still_open)


@given(lives())
def test_following_in_two_goes_is_following_in_one(life: tuple[int, list[Settled]]) -> None:
    amount, settled = life
    half = len(settled) // 2

    assert trace(amount, settled)[: len(trace(amount, settled[:half]))] == trace(amount, settled[:half])
