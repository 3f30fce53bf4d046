"""The back office: what staff see, assembled from its handlers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from litestar import Litestar

from backoffice import signing_in
from backoffice.access import Officer
from backoffice.credit_account import CheckedBy
from backoffice.elsewhere import Elsewhere
from backoffice.handlers import HANDLERS
from backoffice.installation import Installation
from backoffice.navigation import navigation
from backoffice.practice_pages import PAGES as PRACTICE
from domain.banking.files import BankFileReader
from domain.credit.checks.provider import CreditChecks
from domain.documents.intake import Intake
from domain.documents.rendering import Renderer
from domain.documents.scanning import Scanner
from domain.documents.storage import Store
from domain.shared.db.session import Database
from domain.staff import changing
from domain.staff.credentials.identity import IdentityProvider
from web.kit import assemble
from web.settings import SiteSettings
from web.visit import AnyRequest, visit_of


def application(
    *,
    settings: SiteSettings,
    database: Database,
    store: Store,
    renderer: Renderer,
    bank_reader: BankFileReader,
    nudge: Callable[[], None],
    webhook_counts: Callable[[], Mapping[str, int]],
    portal_url: str,
    checks: CreditChecks | None = None,
    installation: Installation | None = None,
    scanner: Scanner | None = None,
    identity_provider: IdentityProvider | None = None,
) -> Litestar:
    """The back office, ready to serve; `nudge` wakes the worker, `checks` is whoever can be asked about a customer.

    `scanner` looks for viruses in files, and staff may sign in by the `identity_provider`; where there is none, nobody
    does. Only where the `installation` is one to practise in, the pages for it are there at all.
    """
    installed = installation or Installation()

    def remember_language(request: AnyRequest, language: str) -> None:
        visitor = visit_of(request).visitor
        if isinstance(visitor, Officer):
            with database.transaction() as session:
                changing.set_language(session, visitor.staff_id, language)

    return assemble(
        name="office",
        route_handlers=(*HANDLERS, *(PRACTICE if installed.is_practice else ())),
        settings=settings,
        database=database,
        authenticate=signing_in.authenticate(database),
        page_context=navigation(database, has_practice=installed.is_practice),
        refusal_shell="backoffice/_refusal.html",
        remember_language=remember_language,
        provides={
            "store": store,
            "intake": Intake(store, scanner),
            "renderer": renderer,
            "bank_reader": bank_reader,
            "nudge": nudge,
            "webhook_counts": webhook_counts,
            "checked_by": CheckedBy(checks),
            "installation": installed,
            "elsewhere": Elsewhere(identity_provider),
            "portal_url": portal_url,
        },
    )
