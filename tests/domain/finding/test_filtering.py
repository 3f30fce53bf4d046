"""Filtering: the list of accounts by name and by amounts, narrowed by what is late and how much is open."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from domain.finding.filtering import Amount, Filter, listed
from domain.receivables import queries as receivables
from domain.shared.db.session import Database, today
from tests.support.builders import an_account, an_invoice

LATE, SOON = timedelta(days=-5), timedelta(days=20)
OWED = {
    "Anchor": [("100", LATE), ("50", SOON)],
    "Beacon": [("300", SOON)],
    "Cedar": [],
    "Dover": [("20", LATE)],
    "Elm": [("150", LATE)],
    "Falcon": [("40", SOON)],
    "Garnet": [],
}
"""What is open on each account, and when it was or is due."""
STANDING = {
    name: (
        sum(100 * int(amount) for amount, _ in each),
        sum(100 * int(amount) for amount, until in each if until < timedelta()),
    )
    for name, each in OWED.items()
}
"""What is open and what is late of it, in minor units."""


@pytest.fixture
def ids(db: Database) -> dict[int, str]:
    with db.transaction() as session:
        found = {}
        for name, invoices in reversed(OWED.items()):
            account = an_account(session, name=name)
            found[account.id] = name
            for amount, until in invoices:
                day = today(session)
                an_invoice(session, account, amount, issued_on=day - timedelta(days=40), due_on=day + until)
        return found


@pytest.mark.parametrize("by", [None, *Amount])
def test_the_list_has_those_that_it_should_in_their_order(db: Database, ids: dict[int, str], by: Amount | None) -> None:
    tried = 0
    for is_late, least, most in product((False, True), (None, 15_000), (None, 16_000, 5_000)):
        found = _names(db, ids, Filter(is_late=is_late, least=least, most=most), by)
        fitting = [
            name
            for name, (still, late) in STANDING.items()
            if (late or not is_late) and still >= (least or 0) and (most is None or still <= most)
        ]
        number = {name: account_id for account_id, name in ids.items()}
        assert found == sorted(
            fitting, key=lambda one: one if by is None else (-STANDING[one][by is Amount.LATE], number[one])
        )
        tried += bool(found)

    assert tried == 10


def _names(db: Database, ids: dict[int, str], narrowed: Filter, by: Amount | None) -> list[str]:
    """What the list shows, read two accounts at a time."""
    found: list[str] = []
    after: tuple[str | int, int] | None = None
    with db.reading() as session:
        while page := listed(session, narrowed, by=by, after=after, limit=2):
            found += [ids[one.id] for one in page]
            last = page[-1]
            amounts = receivables.owed_by_account(session, [last.id]).get(last.id, (0, 0))
            after = last.cursor if by is None else (amounts[by is Amount.LATE], last.id)
    return found
