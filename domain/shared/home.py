"""Home: the currency of the business comes first, wherever several stand beneath each other."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, case
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.shared.db.session import business


def home_first(session: Session, currencies: Iterable[str]) -> list[str]:
    """These currencies, each once: that of the business, then the others by their names."""
    ours = business(session).currency
    return sorted(set(currencies), key=lambda each: (each != ours, each))


def home_place(session: Session, column: InstrumentedAttribute[str]) -> ColumnElement[int]:
    """The same as something to order rows by, before the column itself."""
    return case((column == business(session).currency, 0), else_=1)
