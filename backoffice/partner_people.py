"""Partner people: who signs in for a partner on the partners' site: invited, and taken away."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.confirming import carry_out_when_sure
from backoffice.given import GivenNudge
from backoffice.partner_views import partner_view
from domain.placements import queries
from domain.placements.people import inviting
from domain.placements.people import queries as people
from domain.sessions.once import use_once
from domain.shared.db.session import Database
from domain.shared.errors import N_
from domain.staff.permissions import Permission
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.localisation import LANGUAGES
from web.visit import AnyRequest

PATH = "/partners/{partner_id:int}/people"
PartnerId = FromPath[int]
PersonId = FromPath[int]
Said = tuple[str, str, str]
"""An email address, a name, a language."""


@get(PATH, guards=admit(Permission.SEE_PLACEMENTS), sync_to_thread=True)
def partner_people(request: AnyRequest, database: GivenDatabase, partner_id: PartnerId) -> Response[bytes]:
    """Everybody who signs in for it or did, and the form for somebody new."""
    with database.reading() as session:
        language = queries.partner(session, partner_id).language
    return _show(request, database, partner_id, Form.starting(request, language=language))


@post(PATH, guards=admit(Permission.MANAGE_PARTNERS), sync_to_thread=True)
def invite_partner_person(
    request: AnyRequest, database: GivenDatabase, partner_id: PartnerId, form: SentForm, nudge: GivenNudge
) -> Response[bytes]:
    """Let somebody sign in for it, and tell them by mail."""
    _there(database, partner_id)

    def again(form: Form) -> Response[bytes]:
        return _show(request, database, partner_id, form)

    def read() -> Said:
        with form.reading():
            return (
                form.text("email", longest=254, missing=N_("Enter their email address.")),
                form.text("name", missing=N_("Enter their name.")),
                form.choice("language", {tag: tag for tag in LANGUAGES}),
            )

    def act(session: Session, said: Said) -> None:
        use_once(session, form.value("once"))
        email, name, language = said
        inviting.invite(session, partner_id, email=email, name=name, language=language, actor=actor_of(request))

    there = f"/partners/{partner_id}/people"
    answer = carry_out_when_sure(request, database, form, read, act, there=there, again=again)
    nudge()
    return answer


@post(f"{PATH}/{{person_id:int}}/end", guards=admit(Permission.MANAGE_PARTNERS), sync_to_thread=True)
def end_partner_person(
    request: AnyRequest, database: GivenDatabase, partner_id: PartnerId, person_id: PersonId, form: SentForm
) -> Response[bytes]:
    """Take them away: they are signed out everywhere, at once."""
    _there(database, partner_id)

    def again(form: Form) -> Response[bytes]:
        return _show(request, database, partner_id, form)

    def act(session: Session, _: None) -> None:
        inviting.end(session, partner_id, person_id, actor=actor_of(request))

    there = f"/partners/{partner_id}/people"
    return carry_out_when_sure(request, database, form, lambda: None, act, there=there, again=again)


def _there(database: Database, partner_id: int) -> None:
    with database.reading() as session:
        queries.partner(session, partner_id)


def _show(request: AnyRequest, database: Database, partner_id: int, form: Form) -> Response[bytes]:
    with database.reading() as session:
        context = {
            "partner": partner_view(queries.partner(session, partner_id)),
            "people": people.of_partner(session, partner_id),
            "languages": LANGUAGES,
            "form": form,
        }
    return page(request, "backoffice/partners/people.html", context)
