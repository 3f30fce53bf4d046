"""The worked example of docs/plans.md is what coverage says."""

from __future__ import annotations

from datetime import date, timedelta

from domain.plans.coverage import Agreed, Settling, cover

AGREED = [Agreed(1, 1, date(2026, 4, 1), 100_00), Agreed(2, 2, date(2026, 5, 1), 100_00)]
AGREED.append(Agreed(3, 3, date(2026, 6, 1), 100_00))
TRANSFER = Settling(1, 150_00, date(2026, 3, 28))
CREDIT_NOTE = Settling(2, 20_00, date(2026, 4, 20), is_money=False)
CARD = Settling(3, 100_00, date(2026, 5, 1), part_id=2)
TAKEN_BACK = Settling(4, -150_00, date(2026, 5, 9), undoes=1)


def test_the_example_of_the_manual_holds() -> None:
    settlings = [TRANSFER, CREDIT_NOTE, CARD, TAKEN_BACK]

    lefts = [[part.left for part in cover(AGREED, settlings[:many])] for many in range(len(settlings) + 1)]

    assert lefts == [
        [100_00, 100_00, 100_00],
        [0, 100_00, 50_00],
        [0, 100_00, 30_00],
        [0, 0, 30_00],
        [100_00, 0, 80_00],
    ]
    first, _, last = cover(AGREED, settlings)
    assert first.due_on(14) == date(2026, 5, 9) + timedelta(days=14)
    assert last.due_on(14) == date(2026, 6, 1)
