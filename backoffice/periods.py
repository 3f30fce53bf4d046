"""Periods: the days that a report is asked for, and what was found in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from domain.shared.db.session import today
from domain.shared.errors import Refused
from web.forms import Form, query_form
from web.visit import AnyRequest

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Asked(Generic[Found]):
    """What a report is asked for; where that cannot be read, the usual days with a form that says why."""

    form: Form
    first: date
    last: date
    found: Found

    @property
    def status(self) -> int:
        """How its page is answered."""
        return 422 if self.form.errors else 200


def asked_for(
    request: AnyRequest,
    session: Session,
    usual: Callable[[date], date],
    find: Callable[[Session, date, date], Found],
) -> Asked[Found]:
    """What is found in the days of the address; usually from the day that `usual` says of today, through today."""
    form, day = query_form(request), today(session)
    begin = usual(day)
    try:
        with form.reading():
            first, last = form.optional_day("from") or begin, form.optional_day("to") or day
        found = find(session, first, last)
    except Refused as refused:
        return Asked(form.refused(refused), begin, day, find(session, begin, day))
    form.fill({"from": first.isoformat(), "to": last.isoformat()})
    return Asked(form, first, last, found)
