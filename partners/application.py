"""The partners' site: what agencies and attorneys see, assembled from its handlers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from litestar import Litestar
from litestar.types import ControllerRouterHandler

from domain.documents.intake import Intake
from domain.documents.scanning import Scanner
from domain.documents.storage import Store
from domain.placements.people import inviting
from domain.placements.people.queries import PARTNERS
from domain.shared.db.session import Database
from domain.shared.errors import N_
from partners import (
    answering,
    correspondence,
    evidence,
    files,
    money,
    placement,
    placements,
    reporting,
    settling,
    signing_in,
    updates,
)
from partners.access import Agent
from web.kit import assemble
from web.link_doors import LINK_DOORS
from web.places import Place
from web.settings import SiteSettings
from web.visit import AnyRequest, visit_of

HANDLERS: Sequence[ControllerRouterHandler] = (
    *LINK_DOORS,
    placements.list_placements,
    placement.show_placement,
    answering.take_it,
    answering.refuse_form,
    answering.refuse_it,
    answering.give_back_form,
    answering.give_it_back,
    answering.close_form,
    answering.close_it,
    settling.settle_form,
    settling.offer_to_settle,
    settling.tell_of_settlement,
    reporting.payment_form,
    reporting.report_payment,
    reporting.bounce_form,
    reporting.report_it_went_back,
    reporting.cost_form,
    reporting.report_cost,
    money.list_payments,
    money.list_remittances,
    money.show_remittance,
    files.placement_file,
    correspondence.activity_form,
    correspondence.tell_activity,
    correspondence.question_form,
    correspondence.ask_question,
    updates.list_files,
    updates.bring_file,
    updates.foresee_file,
    updates.take_file_in,
    updates.show_file,
    evidence.show_packs,
    evidence.ask_for_pack,
    evidence.show_pack,
    evidence.download_pack,
)


def application(
    *,
    settings: SiteSettings,
    database: Database,
    store: Store,
    nudge: Callable[[], None],
    scanner: Scanner | None = None,
) -> Litestar:
    """The partners' site, ready to serve; `nudge` wakes the worker.

    `scanner` looks for viruses in files; nobody does where there is none.
    """

    def remember_language(request: AnyRequest, language: str) -> None:
        visitor = visit_of(request).visitor
        if isinstance(visitor, Agent):
            with database.transaction() as session:
                inviting.set_language(session, visitor.login_id, language)

    return assemble(
        name="partners",
        route_handlers=HANDLERS,
        settings=settings,
        database=database,
        authenticate=signing_in.authenticate(database),
        page_context=page_context,
        remember_language=remember_language,
        provides={"people": PARTNERS, "store": store, "intake": Intake(store, scanner), "nudge": nudge},
    )


def page_context(request: AnyRequest) -> Mapping[str, object]:
    """The navigation of somebody who is signed in."""
    visitor = visit_of(request).visitor
    if not isinstance(visitor, Agent):
        return {"nav": ()}
    return {
        "nav": (
            Place("placements", N_("Debts"), "handoff", "/"),
            Place("payments", N_("Payments"), "card", "/payments"),
            Place("remittances", N_("Remittances"), "statement", "/remittances"),
            Place("files", N_("Files"), "clip", "/files"),
        ),
        "home": "/",
        "account_name": visitor.partner_name,
    }
