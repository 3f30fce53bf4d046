"""Statements: any period on the screen, as PDF and as CSV, and those that were issued."""

from __future__ import annotations

from datetime import date
from typing import Any

from litestar import Response, get
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.placements.acting import acting
from domain.shared.db.session import today
from domain.shared.errors import N_, Refused
from domain.statements import export, papers
from domain.statements.queries import issued_statements, statement
from domain.statements.view import Place, StatementView
from portal.access import Entered, enter
from portal.given import AccountId
from portal.views import move_views
from web.downloads import download
from web.forms import Form, query_form
from web.fragments import page_or_fragment
from web.given import GivenDatabase, GivenRenderer
from web.visit import AnyRequest, visit_of

PAGE = 50


@get("/accounts/{account_id:int}/statement", sync_to_thread=True)
def show_statement(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    after: FromQuery[date | None] = None,
    after_id: FromQuery[int] = 0,
) -> Response[bytes]:
    """The movements of a period with the balance after each, a page at a time."""
    form = query_form(request)
    with database.reading() as session:
        account = enter(request, session, account_id)
        first, last = _usual_period(today(session))
        status = 200
        try:
            with form.reading():
                first, last = form.optional_day("from") or first, form.optional_day("to") or last
                if last > today(session):
                    form.refuse("to", N_("Choose today, {today}, or an earlier day."), today=today(session))
            place = (after, after_id) if after is not None else None
            view = statement(session, account_id, first, last, after=place, limit=PAGE)
        except Refused as refused:
            form, status = form.refused(refused), 422
            first, last = _usual_period(today(session))
            view = statement(session, account_id, first, last, limit=PAGE)
        issued = issued_statements(session, account_id, limit=12)
        handed = acting(session, account_id)
    typed = form if form.errors else Form.starting(request, **{"from": first.isoformat(), "to": last.isoformat()})
    context = {
        "account": account,
        "statement": view,
        "acting": handed,
        "issued": issued,
        "form": typed,
        "is_first_page": after is None,
        "following": _following(account, view, view.following),
        "query": f"from={first}&to={last}",
        "movements": move_views(view.movements, account, visit_of(request).speaking),
    }
    return page_or_fragment(
        request,
        page="portal/statement/show.html",
        fragment="portal/statement/_movements.html",
        context=context,
        status=status,
    )


@get("/accounts/{account_id:int}/statement.csv", sync_to_thread=True)
def statement_csv(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[Any]:
    """The movements of a period, for a spreadsheet."""
    with database.reading() as session:
        account, view = _whole(request, session, account_id)
    name = f"Statement {account.number} {view.first} {view.last}.csv"
    return download(export.statement_csv(view, visit_of(request).speaking), name, export.MEDIA_TYPE)


@get("/accounts/{account_id:int}/statement.pdf", sync_to_thread=True)
def statement_pdf(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, renderer: GivenRenderer
) -> Response[Any]:
    """The statement as a paper."""
    with database.reading() as session:
        _, view = _whole(request, session, account_id)
        whose = session.get_one(Account, account_id)
        language = visit_of(request).speaking.language
        printed = papers.print_statement(session, renderer, whose, view, language=language)
    return download(printed.content, printed.filename, papers.MEDIA_TYPE)


def _whole(request: AnyRequest, session: Session, account_id: int) -> tuple[Entered, StatementView]:
    form = query_form(request)
    account = enter(request, session, account_id)
    first, last = _usual_period(today(session))
    with form.reading():
        first, last = form.optional_day("from") or first, form.optional_day("to") or last
    return account, statement(session, account_id, first, last)


def _usual_period(day: date) -> tuple[date, date]:
    """This month and the two before it."""
    months = day.year * 12 + day.month - 3
    return date(months // 12, months % 12 + 1, 1), day


def _following(account: Entered, view: StatementView, place: Place | None) -> str | None:
    if place is None:
        return None
    return f"{account.path}/statement?from={view.first}&to={view.last}&after={place[0]}&after_id={place[1]}"
