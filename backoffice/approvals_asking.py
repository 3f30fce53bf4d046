"""Asking for approval: a form is done within one's authority, or kept as a request for a second person."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from backoffice.access import actor_of, officer_of
from domain.accounts import queries as accounts
from domain.approvals.asking import LONGEST_NOTE, NOTE, ask
from domain.approvals.performing import perform
from domain.approvals.wishes import Wish
from domain.policies import authority
from domain.policies.acts import UNITS, Act, Unit
from domain.sessions.once import use_once
from domain.shared.db.session import business
from domain.shared.money import Money
from web.forms import ASK, Form
from web.visit import AnyRequest

ACT = "act"


def pressed(form: Form, field: str = ACT) -> str:
    """Which button was pressed, where a form has several: by itself, or to ask for approval of just that."""
    return form.value(ASK) or form.value(field)


def asks(form: Form) -> bool:
    """Whether somebody asks for approval of what the form says."""
    return bool(form.value(ASK))


def do_or_ask(
    request: AnyRequest,
    session: Session,
    form: Form,
    account_id: int,
    wish: Wish,
    *,
    there: Callable[[int], str] | None = None,
) -> str | None:
    """Do what a form asks for, within one's authority; or keep it as a request, and say where that has its page.

    `there` is the page of what was made. Raises what the use case refuses; SentAlready.
    """
    use_once(session, form.value("once"))
    made_id, asked = done_or_asked(request, session, form, account_id, wish)
    return asked or (there(made_id) if there is not None and made_id is not None else None)


def done_or_asked(
    request: AnyRequest, session: Session, form: Form, account_id: int, wish: Wish
) -> tuple[int | None, str | None]:
    """The same as a part of what a form does that is used up already: what was made, or the page of the request."""
    role, actor = officer_of(request).role, actor_of(request)
    if asks(form):
        with form.reading():
            note = form.text(NOTE, required=False, longest=LONGEST_NOTE)
        made = ask(session, account_id, wish, note=note, role=role, actor=actor)
        return None, f"/approvals/{made.id}"
    return perform(session, account_id, wish, role=role, actor=actor), None


def alone(request: AnyRequest, session: Session, account_id: int, act: Act) -> Money | int | None:
    """How far somebody may go alone in an act on an account, as forms say before; None where there is no limit.

    In another currency than that of the business a limit covers nothing.
    """
    limit = authority.limits_on(session, account_id)[act][officer_of(request).role]
    if limit is None or UNITS[act] is not Unit.MONEY:
        return limit
    currency: str = accounts.account(session, account_id).currency
    return Money(limit if currency == business(session).currency else 0, currency)
