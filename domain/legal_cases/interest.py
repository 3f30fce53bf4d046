"""Interest: what a judgment bears, simple and by days, on what is open of it; from values alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

DAYS_OF_A_YEAR = 365
WHOLE_BP = 10_000


def interest_through(
    judgment_minor: int, rate_bp: int, judgment_on: date, settled: Iterable[tuple[date, int]], through: date
) -> int:
    """The interest in minor units from the day after the judgment through a day, rounded once, halves up.

    `settled` is what was settled of the claim on which day (negative where it went back); what came by the day of the
    judgment the court has counted. A day bears interest on what is open at its end.
    """
    by_day: dict[date, int] = defaultdict(int)
    for on, minor in settled:
        if judgment_on < on <= through:
            by_day[on] += minor
    summed, paid, since = 0, 0, judgment_on
    for on in sorted(by_day):
        summed += _open(judgment_minor, paid) * ((on - since).days - 1) + _open(judgment_minor, paid + by_day[on])
        paid, since = paid + by_day[on], on
    summed += _open(judgment_minor, paid) * max(0, (through - since).days)
    return (2 * summed * rate_bp + WHOLE_BP * DAYS_OF_A_YEAR) // (2 * WHOLE_BP * DAYS_OF_A_YEAR)


def _open(judgment_minor: int, paid: int) -> int:
    return max(0, min(judgment_minor, judgment_minor - paid))
