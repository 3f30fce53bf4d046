"""Reaching: the ways to an account's people: whom notices are for, who agreed to texts, who wants to be left alone."""

from __future__ import annotations

from typing import NamedTuple

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.frame import entered
from backoffice.given import AccountId
from domain.notices.reach import duties, known, unsubscribing
from domain.notices.reach.addresses import UNWELCOME
from domain.notices.reach.known import Person, Way
from domain.notices.reach.model import AddressKind
from domain.policies.contacting import RECIPIENT_NAMES, Channel, Recipient
from domain.shared.db.session import Database
from domain.shared.errors import N_, NotFound
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.forms import Form, SentForm, query_form
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest

BY_STAFF = "staff"
KNOWN_BADGES = {
    AddressKind.OPTED_OUT: ("paused", N_("Does not want messages")),
    AddressKind.OPTED_IN: ("paid", N_("Wants messages")),
    AddressKind.BOUNCED: ("failed", N_("Nothing arrives")),
    AddressKind.COMPLAINED: ("late", N_("Reported us as unwanted")),
    AddressKind.WORKS: ("paid", N_("Works")),
}
"""How what is known of an address is shown."""
HOW_WORDS = {
    "link": N_("by the link in a message"),
    "header": N_("by their mail program's button"),
    "answer": N_("by an answer"),
    "text": N_("by a text message"),
    "staff": N_("written down by staff"),
    "call": N_("by a call"),
    "mail": N_("the mail server says so"),
    "hook": N_("the mail provider says so"),
    "carrier": N_("the carrier says so"),
    "refused": N_("it was refused on the way"),
}
"""By what we know it."""
NOBODY = "none"
DUTIES: dict[str, Recipient | None] = {NOBODY: None, **{one.value: one for one in Recipient}}
DUTY_WORDS = {
    NOBODY: N_("No notices"),
    Recipient.CONTACT.value: N_("Those for whoever pays the invoices"),
    Recipient.ABOVE.value: N_("Those for the person above them"),
    Recipient.GUARANTOR.value: N_("Those for whoever guarantees the debt"),
}
WISHES = {"stop": unsubscribing.opt_out, "start": unsubscribing.opt_in}
"""What the form of an address asks for, whatever somebody else has done about it meanwhile."""
WAY_PATH = "/accounts/{account_id:int}/ways"
DUTY_PATH = "/accounts/{account_id:int}/contacts/{contact_id:int}/notices"


class Shown(NamedTuple):
    """An address, its badge, by what we know it, and whether messages are not welcome there."""

    way: Way
    badge: tuple[str, str] | None
    how: str
    unwelcome: bool


@get(WAY_PATH, guards=admit(Permission.HANDLE_MESSAGES), sync_to_thread=True)
def way_form(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """Stop messages to an address, or let them go there again, with the reason."""
    return _way_page(request, database, account_id, query_form(request))


@post(WAY_PATH, guards=admit(Permission.HANDLE_MESSAGES), sync_to_thread=True)
def change_way(request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm) -> Response[bytes]:
    """Do it."""

    def act(session: Session) -> None:
        way = _way(session, account_id, form)
        if way is None:
            return
        with form.reading():
            change = form.choice("wish", WISHES)
            why = form.text("why", longest=500, missing=N_("Say who asked for it, and how."))
        change(session, way.channel, way.address, how=BY_STAFF, detail=why, actor=actor_of(request))

    return carry_out(
        request,
        database,
        form,
        act,
        there=f"/accounts/{account_id}/people",
        again=lambda refused: _way_page(request, database, account_id, refused),
    )


@get(DUTY_PATH, guards=admit(Permission.CHANGE_ACCOUNTS), sync_to_thread=True)
def duty_form(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, contact_id: FromPath[int]
) -> Response[bytes]:
    """Which notices a contact gets, and whether by text too."""
    with database.reading() as session:
        person = _contact(session, account_id, contact_id)
    starts = {"duty": person.duty.value if person.duty else NOBODY, "texts": "yes" if person.texts_agreed_at else ""}
    return _duty_page(request, database, account_id, contact_id, Form.starting(request, **starts))


@post(DUTY_PATH, guards=admit(Permission.CHANGE_ACCOUNTS), sync_to_thread=True)
def choose_duty(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, contact_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Choose them."""

    def act(session: Session) -> None:
        _contact(session, account_id, contact_id)
        with form.reading():
            duty = form.choice("duty", {name: name for name in DUTIES}, missing=N_("Choose what they get."))
            texts = form.ticked("texts")
        duties.choose(session, account_id, contact_id, DUTIES[duty], texts=texts, actor=actor_of(request))

    return carry_out(
        request,
        database,
        form,
        act,
        there=f"/accounts/{account_id}/people",
        again=lambda refused: _duty_page(request, database, account_id, contact_id, refused),
    )


def is_unwelcome(way: Way) -> bool:
    """Whether messages are not welcome there."""
    return way.known is not None and way.known.kind in UNWELCOME


def reachable(session: Session, account_id: int) -> list[tuple[Person, str, list[Shown]]]:
    """The people of an account, the words of their duty, and their addresses as they are shown."""
    return [
        (
            person,
            RECIPIENT_NAMES[person.duty] if person.duty else DUTY_WORDS[NOBODY],
            [
                Shown(
                    way,
                    KNOWN_BADGES[way.known.kind] if way.known else None,
                    HOW_WORDS.get(way.known.how, way.known.how) if way.known else "",
                    is_unwelcome(way),
                )
                for way in person.ways
            ],
        )
        for person in known.people(session, account_id)
    ]


def _way(session: Session, account_id: int, form: Form) -> Way | None:
    """The address that a form names, where it is one of this account's people."""
    named = (form.value("channel"), form.value("address"))
    ways = (way for person in known.people(session, account_id) for way in person.ways)
    return next((way for way in ways if (way.channel.value, way.address) == named), None)


def _contact(session: Session, account_id: int, contact_id: int) -> Person:
    found = next((one for one in known.people(session, account_id) if one.contact_id == contact_id), None)
    if found is None:
        raise NotFound
    return found


def _way_page(request: AnyRequest, database: Database, account_id: int, form: Form) -> Response[bytes]:
    """The form; where the address is not theirs (any more), back to those that are."""
    with database.reading() as session:
        account = entered(session, account_id)
        way = _way(session, account_id, form)
    if way is None:
        return see_other(request, f"{account.path}/people")
    context = {
        "form": form,
        "account": account,
        "way": way,
        "by_text": way.channel is Channel.SMS,
        "unwelcome": is_unwelcome(way),
    }
    return page(request, "backoffice/account/way.html", context)


def _duty_page(
    request: AnyRequest, database: Database, account_id: int, contact_id: int, form: Form
) -> Response[bytes]:
    with database.reading() as session:
        account = entered(session, account_id)
        person = _contact(session, account_id, contact_id)
    context = {"form": form, "account": account, "person": person, "duties": DUTY_WORDS}
    return page(request, "backoffice/account/duty.html", context)
