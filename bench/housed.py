"""The bare page in our house: the driver and Jinja behind the site's own gate, admission and access check."""

from __future__ import annotations

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.types import ASGIApp

from bench.bare import StatementPage
from bench.filling import SECRET
from domain.shared.db.session import Database
from portal.access import customer_of, enter
from portal.application import page_context
from portal.given import AccountId
from portal.signing_in import authenticate
from web.fragments import HTML, VARY
from web.given import GivenDatabase
from web.kit import assemble
from web.settings import SiteSettings
from web.visit import AnyRequest, visit_of


def housed_portal(url: str, database: Database, public_url: str) -> ASGIApp:
    """A site of one page; who asks, and whether they may, is found out as on every page of the portal."""
    return assemble(
        name="portal",
        route_handlers=[show_statement],
        settings=SiteSettings(public_url=public_url, secret=SECRET),
        database=database,
        authenticate=authenticate(database),
        page_context=page_context,
        provides={"statement_page": StatementPage(url)},
    )


@get("/accounts/{account_id:int}/statement", sync_to_thread=True)
def show_statement(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    statement_page: NamedDependency[StatementPage],
) -> Response[bytes]:
    """The statement of an account that has been entered."""
    with database.reading() as session:
        account = enter(request, session, account_id)
    body = statement_page.show_to(customer_of(request), account, visit_of(request).cookies)
    return Response(body, media_type=HTML, headers=dict(VARY))
