"""How often somebody may try."""

import pytest

from web.rate_limits import Rate, RateLimiter, TooOften

THREE_A_MINUTE = Rate(3, 60)


class Seconds:
    """A clock that stands still until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    """The clock of the limiter."""
    return Seconds()


@pytest.fixture
def limiter(seconds: Seconds) -> RateLimiter:
    """A limiter that remembers four keys at most."""
    return RateLimiter(seconds, largest=4)


def exhaust(limiter: RateLimiter, who: str) -> int:
    """Try until it is too often; how many tries went through."""
    for tries in range(100):
        try:
            limiter.count("sign-in", who, THREE_A_MINUTE)
        except TooOften:
            return tries
    raise AssertionError("never too often")


def test_a_burst_goes_through_and_then_one_at_a_time(limiter: RateLimiter, seconds: Seconds) -> None:
    assert exhaust(limiter, "maya") == 3

    seconds.now += 20
    assert exhaust(limiter, "maya") == 1

    seconds.now += 60
    assert exhaust(limiter, "maya") == 3


def test_the_wait_that_is_told_is_long_enough(limiter: RateLimiter, seconds: Seconds) -> None:
    exhaust(limiter, "maya")
    with pytest.raises(TooOften) as refused:
        limiter.count("sign-in", "maya", THREE_A_MINUTE)

    seconds.now += refused.value.wait

    limiter.count("sign-in", "maya", THREE_A_MINUTE)


def test_refused_tries_do_not_prolong_the_wait(limiter: RateLimiter, seconds: Seconds) -> None:
    exhaust(limiter, "maya")
    for _ in range(50):
        with pytest.raises(TooOften):
            limiter.count("sign-in", "maya", THREE_A_MINUTE)

    seconds.now += 20

    assert exhaust(limiter, "maya") == 1


def test_people_and_acts_are_counted_apart(limiter: RateLimiter) -> None:
    exhaust(limiter, "maya")

    assert exhaust(limiter, "tom") == 3
    limiter.count("pay", "maya", THREE_A_MINUTE)


def test_what_no_longer_matters_is_forgotten_and_the_size_stays_bounded(limiter: RateLimiter, seconds: Seconds) -> None:
    for n in range(3):
        limiter.count("sign-in", f"old {n}", THREE_A_MINUTE)
    seconds.now += 50
    exhaust(limiter, "maya")
    limiter.count("sign-in", "new", THREE_A_MINUTE)

    assert exhaust(limiter, "maya") == 0
    assert len(limiter._free_at) == 2
