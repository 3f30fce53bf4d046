"""Partner money statement: what happened between us and a partner in a period, as page, CSV and PDF."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import admit
from backoffice.partner_money_views import statement_rows
from backoffice.periods import Asked, asked_for
from domain.placements import queries
from domain.placements.model import Partner
from domain.remittances.statement import PartnerStatement, currencies, statement
from domain.shared.db.session import Database
from domain.shared.errors import N_, Invalid
from domain.staff.permissions import Permission
from domain.statements import export, papers
from domain.statements.partners import partner_statement_csv, print_partner_statement
from web.downloads import download
from web.fragments import page, see_other
from web.given import GivenDatabase, GivenRenderer
from web.links import with_query
from web.visit import AnyRequest, visit_of

PATH = "/partners/{partner_id:int}/statement"
PartnerId = FromPath[int]


@get(PATH, guards=admit(Permission.SEE_PLACEMENTS), sync_to_thread=True)
def show_partner_statement(request: AnyRequest, database: GivenDatabase, partner_id: PartnerId) -> Response[bytes]:
    """What stood at first, each thing that happened, and what stands at last: this month, unless another is asked."""
    with database.reading() as session:
        partner = queries.partner(session, partner_id)
        name, known = partner.name, currencies(session, partner_id) or [database.business.currency]
        asked = _asked(request, session, partner_id, known)
    found, path = asked.found, f"/partners/{partner_id}/statement"
    period = {"from": found.first, "to": found.last}
    context = {
        "partner_id": partner_id,
        "partner_name": name,
        "statement": found,
        "rows": statement_rows(found),
        "currencies": [(one, with_query(path, **period, currency=one), one == found.currency, None) for one in known],
        "path": path,
        "csv_href": with_query(f"{path}.csv", **period, currency=found.currency),
        "pdf_href": with_query(f"{path}.pdf", **period, currency=found.currency),
        "form": asked.form,
    }
    return page(request, "backoffice/partners/statement.html", context, status=asked.status)


@get(f"{PATH}.csv", guards=admit(Permission.SEE_PLACEMENTS), sync_to_thread=True)
def partner_statement_file(request: AnyRequest, database: GivenDatabase, partner_id: PartnerId) -> Response[Any]:
    """The same for a spreadsheet."""
    speaking = visit_of(request).speaking

    def made(_session: Session, partner: Partner, found: PartnerStatement) -> Response[Any]:
        rows = list(partner_statement_csv(found, speaking))
        return download(iter(rows), f"{_name(partner, found)}.csv", export.MEDIA_TYPE)

    return _file(request, database, partner_id, made)


@get(f"{PATH}.pdf", guards=admit(Permission.SEE_PLACEMENTS), sync_to_thread=True)
def partner_statement_paper(
    request: AnyRequest, database: GivenDatabase, partner_id: PartnerId, renderer: GivenRenderer
) -> Response[Any]:
    """The same as a paper, in the partner's language."""

    def made(session: Session, partner: Partner, found: PartnerStatement) -> Response[Any]:
        content = print_partner_statement(session, renderer, partner, found, language=partner.language)
        return download(content, f"{_name(partner, found)}.pdf", papers.MEDIA_TYPE)

    return _file(request, database, partner_id, made)


def _file(
    request: AnyRequest,
    database: Database,
    partner_id: int,
    made: Callable[[Session, Partner, PartnerStatement], Response[Any]],
) -> Response[Any]:
    """The statement as a file; where its period cannot be read, back to the page that says why."""
    with database.reading() as session:
        partner = queries.partner(session, partner_id)
        asked = _asked(request, session, partner_id, currencies(session, partner_id) or [database.business.currency])
        if asked.form.errors:
            return see_other(request, f"/partners/{partner_id}/statement?{request.url.query}")
        return made(session, partner, asked.found)


def _asked(request: AnyRequest, session: Session, partner_id: int, known: list[str]) -> Asked[PartnerStatement]:
    wanted = request.query_params.get("currency", known[0])
    currency = wanted if wanted in known else known[0]

    def find(session: Session, first: date, last: date) -> PartnerStatement:
        if last < first:
            raise Invalid(N_("The last day is before the first one."), field="to")
        return statement(session, partner_id, currency, first, last)

    return asked_for(request, session, lambda day: day.replace(day=1), find)


def _name(partner: Partner, found: PartnerStatement) -> str:
    return f"Statement {partner.name} {found.currency} {found.first} {found.last}"
