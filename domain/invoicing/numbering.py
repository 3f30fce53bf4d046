"""Numbering: the next number of a series, without gaps: a transaction that is rolled back gives its number back."""

from __future__ import annotations

from enum import Enum

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.invoicing.model import NumberSeries


class Series(Enum):
    """The series and their prefixes.

    Whoever takes numbers of several in one transaction takes those of credit notes last: two transactions that wait for
    each other's series would never end.
    """

    INVOICE = "INV-"
    DEBIT_NOTE = "DN-"
    CREDIT_NOTE = "CN-"
    RECEIPT = "RCT-"
    STATEMENT = "ST-"
    DISPUTE = "DSP-"


WIDTH = 6
"""Numbers are padded to this many digits, so that they sort as text."""


def take(session: Session, series: Series) -> str:
    """The next number, such as `INV-000042`; the row stays locked until the transaction ends."""
    return take_block(session, series, 1)[0]


def take_block(session: Session, series: Series, count: int) -> list[str]:
    """The next `count` numbers of a series in one step."""
    following = _advance(session, series, count)
    if following is None:
        try:
            with session.begin_nested():
                session.execute(insert(NumberSeries).values(name=series.name, prefix=series.value, following=1))
        except IntegrityError:
            pass
        following = _advance(session, series, count)
    assert following is not None
    return [f"{series.value}{number:0{WIDTH}}" for number in range(following - count, following)]


def _advance(session: Session, series: Series, count: int) -> int | None:
    return session.scalar(
        update(NumberSeries)
        .where(NumberSeries.name == series.name)
        .values(following=NumberSeries.following + count)
        .returning(NumberSeries.following)
        .execution_options(synchronize_session=False)
    )
