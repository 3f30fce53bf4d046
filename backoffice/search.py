"""Search: one box for everything, on a page of its own and as suggestions while somebody types."""

from __future__ import annotations

import re
from collections.abc import Sequence

from litestar import Response, get
from litestar.params import FromQuery
from litestar.types import ControllerRouterHandler

from backoffice.access import ANY_STAFF, Officer, officer_of
from backoffice.search_views import GroupView, group_views, pages_found
from domain.finding.asking import Group, Question
from domain.finding.everything import Sight, find
from domain.shared.db.session import Database
from domain.staff.permissions import Permission
from web.amounts import possible_amounts
from web.fragments import fragment, page
from web.given import GivenDatabase
from web.visit import AnyRequest, visit_of

LONGEST = 120
A_NUMBER = re.compile(r"0[0-9]+")
SHORTEST = 2
"""Letters from which on something is suggested."""
ON_PAGE, SUGGESTED = 8, 4
"""Of each group."""
QUICK = (Group.ACCOUNTS, Group.PEOPLE, Group.INVOICES, Group.MONEY, Group.DISPUTES)
"""What is looked through while somebody types."""
SEEN_WITH: dict[Group, tuple[Permission, ...]] = {
    Group.ACCOUNTS: (Permission.SEE_ACCOUNTS,),
    Group.PEOPLE: (Permission.SEE_ACCOUNTS,),
    Group.INVOICES: (Permission.SEE_ACCOUNTS,),
    Group.MONEY: (Permission.SEE_PAYMENTS, Permission.SEE_BANK),
    Group.DISPUTES: (Permission.SEE_DISPUTES,),
    Group.PLANS: (Permission.SEE_PLANS,),
    Group.PROMISES: (Permission.SEE_ACCOUNTS,),
    Group.PLACEMENTS: (Permission.SEE_PLACEMENTS,),
    Group.MESSAGES: (Permission.SEE_NOTICES, Permission.SEE_MESSAGES),
    Group.DOCUMENTS: (Permission.SEE_DOCUMENTS,),
}
"""With which permission each group is seen; with either, where it has two parts."""


@get("/search", guards=ANY_STAFF, sync_to_thread=True)
def search_everything(request: AnyRequest, database: GivenDatabase, q: FromQuery[str] = "") -> Response[bytes]:
    """Everything that fits, in groups, as far as the role may see it."""
    asked = _asked(request, q)
    context = {
        "asked": asked.text,
        "searched": asked.text,
        "groups": _found(request, database, asked, tuple(Group), ON_PAGE),
        "pages": pages_found(request, asked),
    }
    return page(request, "backoffice/search/show.html", context)


@get("/search/suggestions", guards=ANY_STAFF, sync_to_thread=True)
def suggest(request: AnyRequest, database: GivenDatabase, q: FromQuery[str] = "") -> Response[bytes]:
    """The best of what is found most, for the list under the box."""
    asked = _asked(request, q)
    is_enough = len(asked.text) >= SHORTEST
    context = {
        "asked": asked.text,
        "groups": _found(request, database, asked, QUICK, SUGGESTED) if is_enough else (),
        "pages": pages_found(request, asked)[:SUGGESTED] if is_enough else (),
        "is_enough": is_enough,
    }
    return fragment(request, "backoffice/search/_suggestions.html", context)


def _asked(request: AnyRequest, q: str) -> Question:
    """What was typed; with zeros before it, it is a number and no amount."""
    typed = q[:LONGEST].replace("\x00", "")
    said = typed[:40].strip()
    is_number = A_NUMBER.fullmatch(said) is not None
    return Question(
        typed, frozenset() if is_number else possible_amounts(said, visit_of(request).speaking.formats.locale)
    )


def _found(
    request: AnyRequest, database: Database, asked: Question, groups: Sequence[Group], limit: int
) -> Sequence[GroupView]:
    with database.reading() as session:
        answer = find(session, asked, _sight(officer_of(request), groups), limit=limit)
    return group_views(visit_of(request).speaking, asked, answer)


def _sight(officer: Officer, groups: Sequence[Group]) -> Sight:
    """What this role may see of these groups."""
    seen = tuple(group for group in groups if any(officer.may(one) for one in SEEN_WITH[group]))
    return Sight(
        seen,
        payments=officer.may(Permission.SEE_PAYMENTS),
        bank=officer.may(Permission.SEE_BANK),
        notices=officer.may(Permission.SEE_NOTICES),
        messages=officer.may(Permission.SEE_MESSAGES),
    )


PAGES: Sequence[ControllerRouterHandler] = (search_everything, suggest)
"""Every handler of the search."""
