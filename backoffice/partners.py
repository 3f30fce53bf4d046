"""Partners: the agencies and attorneys that debts are handed to: enrolled, changed, their cards, and let go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice import partner_forms
from backoffice.access import actor_of, admit
from backoffice.confirming import carry_out_when_sure
from backoffice.partner_performance import performance
from backoffice.partner_views import card_view, partner_line, partner_view
from backoffice.placement_views import placement_view
from backoffice.policy_rows import shown
from domain.placements import enrolling, queries
from domain.placements.cards import Card, card_of
from domain.placements.enrolling import Described
from domain.placements.model import PARTNER_KINDS, REMITS_NAMES
from domain.sessions.once import use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import N_
from domain.staff.permissions import Permission
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.localisation import LANGUAGES
from web.visit import AnyRequest, visit_of

LIST = "/partners"
NEW = "/partners/new"
PATH = "/partners/{partner_id:int}"
CHANGE = f"{PATH}/change"
CARD = f"{PATH}/card"
MORE = "more"
"""The button that adds rows to a card; it keeps nothing."""
LATEST = 20
"""So many placements are shown on a partner's page."""
PartnerId = FromPath[int]
Read = TypeVar("Read")
"""What a form says."""


@get(LIST, guards=admit(Permission.SEE_PLACEMENTS), sync_to_thread=True)
def list_partners(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """Every partner, with how much lies with it."""
    with database.reading() as session:
        partners = [partner_line(row) for row in queries.partners(session)]
    return page(request, "backoffice/partners/list.html", {"partners": partners})


@get(NEW, guards=admit(Permission.MANAGE_PARTNERS), sync_to_thread=True)
def partner_form(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """The form for a partner that is not here yet, with its first card."""
    start = Form.starting(request, kind="agency", remits="net", language="en", term_days="180", settle_percent="0")
    return _new_page(request, database, start)


@post(NEW, guards=admit(Permission.MANAGE_PARTNERS), sync_to_thread=True)
def enrol_partner(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Take a partner on."""

    def again(form: Form) -> Response[bytes]:
        return _new_page(request, database, form)

    def read() -> tuple[Described, Card]:
        with form.reading():
            return partner_forms.described(form), partner_forms.card_typed(form, database.business.currency)

    def act(session: Session, said: tuple[Described, Card]) -> str:
        use_once(session, form.value("once"))
        made = enrolling.enrol(session, *said, actor=actor_of(request))
        return f"{LIST}/{made.id}"

    if form.value("act") == MORE:
        return again(form)
    return carry_out_when_sure(request, database, form, read, act, there=LIST, again=again)


@get(PATH, guards=admit(Permission.SEE_PLACEMENTS), sync_to_thread=True)
def show_partner(request: AnyRequest, database: GivenDatabase, partner_id: PartnerId) -> Response[bytes]:
    """Who it is, what it takes, and what lies with it."""
    return _show(request, database, partner_id, Form.starting(request))


@post(PATH, guards=admit(Permission.MANAGE_PARTNERS), sync_to_thread=True)
def let_partner_go(
    request: AnyRequest, database: GivenDatabase, partner_id: PartnerId, form: SentForm
) -> Response[bytes]:
    """Hand nothing over to it any more, with a reason."""

    def read() -> str:
        with form.reading():
            return form.text("why", longest=500, missing=N_("Say why."))

    def act(session: Session, why: str) -> None:
        use_once(session, form.value("once"))
        enrolling.let_go(session, partner_id, why=why, actor=actor_of(request))

    return _when_sure(request, database, partner_id, form, read, act, _show)


@get(CHANGE, guards=admit(Permission.MANAGE_PARTNERS), sync_to_thread=True)
def change_partner_form(request: AnyRequest, database: GivenDatabase, partner_id: PartnerId) -> Response[bytes]:
    """What is said of it, to be changed."""
    with database.reading() as session:
        known = partner_forms.as_known(queries.partner(session, partner_id))
    return _change_page(request, database, partner_id, Form.starting(request, **known))


@post(CHANGE, guards=admit(Permission.MANAGE_PARTNERS), sync_to_thread=True)
def change_partner(
    request: AnyRequest, database: GivenDatabase, partner_id: PartnerId, form: SentForm
) -> Response[bytes]:
    """Change what is said of it."""

    def read() -> Described:
        with form.reading():
            return partner_forms.described(form)

    def act(session: Session, described: Described) -> None:
        enrolling.describe(session, partner_id, described, actor=actor_of(request))

    return _when_sure(request, database, partner_id, form, read, act, _change_page)


@get(CARD, guards=admit(Permission.MANAGE_PARTNERS), sync_to_thread=True)
def card_form(request: AnyRequest, database: GivenDatabase, partner_id: PartnerId) -> Response[bytes]:
    """A new commission card, which starts as the one before."""
    with database.reading() as session:
        queries.partner(session, partner_id)
        newest, day = queries.cards(session, partner_id)[0], today(session)
    known = partner_forms.card_as_known(card_of(newest.terms), visit_of(request).speaking)
    return _card_page(request, database, partner_id, Form.starting(request, **known, from_on=day.isoformat()))


@post(CARD, guards=admit(Permission.MANAGE_PARTNERS), sync_to_thread=True)
def put_card_in_force(
    request: AnyRequest, database: GivenDatabase, partner_id: PartnerId, form: SentForm
) -> Response[bytes]:
    """Let it hold for what is sent from a day on."""

    def read() -> tuple[Card, date]:
        with form.reading():
            card = partner_forms.card_typed(form, database.business.currency)
            return card, form.day("from_on", missing=N_("Enter the first day of the card."))

    def act(session: Session, said: tuple[Card, date]) -> None:
        use_once(session, form.value("once"))
        card, from_on = said
        enrolling.put_in_force(session, partner_id, card, from_on=from_on, actor=actor_of(request))

    if form.value("act") == MORE:
        return _card_page(request, database, partner_id, form)
    return _when_sure(request, database, partner_id, form, read, act, _card_page)


def _when_sure(
    request: AnyRequest,
    database: Database,
    partner_id: int,
    form: Form,
    read: Callable[[], Read],
    act: Callable[[Session, Read], None],
    show: Callable[[AnyRequest, Database, int, Form], Response[bytes]],
) -> Response[bytes]:
    """Act on a partner that there is and go to its page; `show` makes the page with the form, where it is refused."""
    with database.reading() as session:
        queries.partner(session, partner_id)
    there = f"{LIST}/{partner_id}"

    def again(form: Form) -> Response[bytes]:
        return show(request, database, partner_id, form)

    return carry_out_when_sure(request, database, form, read, act, there=there, again=again)


def _show(request: AnyRequest, database: Database, partner_id: int, form: Form) -> Response[bytes]:
    with database.reading() as session:
        partner = partner_view(queries.partner(session, partner_id))
        in_force = queries.card_in_force(session, partner_id, today(session)).id
        context = {
            "partner": partner,
            "cards": [card_view(row, in_force=in_force) for row in queries.cards(session, partner_id)],
            "placements": [placement_view(row) for row in queries.of_partner(session, partner_id, limit=LATEST)],
            "performance": performance(session, partner_id),
            "form": form,
        }
    return page(request, "backoffice/partners/show.html", context)


def _new_page(request: AnyRequest, database: Database, form: Form) -> Response[bytes]:
    context = {**_choices(), **_rows(database, form), "form": form}
    return page(request, "backoffice/partners/new.html", context)


def _change_page(request: AnyRequest, database: Database, partner_id: int, form: Form) -> Response[bytes]:
    with database.reading() as session:
        partner = partner_view(queries.partner(session, partner_id))
    context = {**_choices(), "partner": partner, "form": form}
    return page(request, "backoffice/partners/change.html", context)


def _card_page(request: AnyRequest, database: Database, partner_id: int, form: Form) -> Response[bytes]:
    with database.reading() as session:
        partner = partner_view(queries.partner(session, partner_id))
    context = {**_rows(database, form), "partner": partner, "form": form}
    return page(request, "backoffice/partners/card.html", context)


def _choices() -> dict[str, object]:
    return {"kinds": PARTNER_KINDS, "ways": REMITS_NAMES, "languages": LANGUAGES}


def _rows(database: Database, form: Form) -> dict[str, object]:
    rows = shown(form, partner_forms.ROW, partner_forms.SPARE_ROWS)
    return {"rows": rows, "currency": database.business.currency}
