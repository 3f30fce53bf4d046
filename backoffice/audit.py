"""Audit: the whole trail, narrowed by whoever reads it; each act whole, with its proof; checks and exports of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.audit_asking import ALL_OF, FIELDS, Asked, asked_by, in_groups, place_of, position_of
from backoffice.audit_export import FORMATS
from backoffice.audit_views import views_of, words_of
from backoffice.given import GivenNudge
from domain.audit.model import AUDIT_ENTRIES
from domain.audit.queries import Act
from domain.audit.reading import Found, Wanted, acts_there, find, ground_of, hash_of, kinds_there, one
from domain.audit.recording import record
from domain.ledger.check_some import Checked, check_some, newest_seal, seal_over, unsealed
from domain.processing import checking
from domain.reporting.audit_kinds import GROUPS, kind_name
from domain.reporting.audit_words import name_of
from domain.reporting.timeline import WHO
from domain.shared.actor import ActorKind
from domain.shared.db.session import Database, now
from domain.shared.errors import N_, Refused
from domain.staff import queries as staff
from domain.staff.permissions import Permission
from web.acting import status_of
from web.downloads import download
from web.forms import Form, FormRefused, SentForm, query_form
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest, visit_of

PATH = "/audit"
KIND_WORDS = {
    **WHO,
    ActorKind.STAFF: N_("anybody of staff"),
    ActorKind.LOGIN: N_("any customer"),
    ActorKind.PARTNER: N_("anybody of a partner"),
}
"""What kinds of actors are called in the list to choose from."""
SHOWN, SINCE = "shown", "since"
"""What can be checked at once: the acts on the page, and those that no seal covers yet."""


@get(PATH, guards=admit(Permission.SEE_AUDIT), sync_to_thread=True)
def show_audit(
    request: AnyRequest, database: GivenDatabase, place: FromQuery[str] = "", verify: FromQuery[str] = ""
) -> Response[bytes]:
    """The acts that are asked for, newest first, and what a check of them found where one is asked for."""
    return _list(request, database, query_form(request), place=place, verify=verify)


@get(PATH + "/{audit_id:int}", guards=admit(Permission.SEE_AUDIT), sync_to_thread=True)
def show_act(request: AnyRequest, database: GivenDatabase, audit_id: FromPath[int]) -> Response[bytes]:
    """One act with everything that was written down of it, its hash, and the seal over it."""
    speaking = visit_of(request).speaking
    with database.reading() as session:
        act = one(session, audit_id)
        digests = hash_of(session, audit_id)
        (view,) = views_of(session, [act], speaking)
        seal = seal_over(session, AUDIT_ENTRIES.name, audit_id)
        checked = check_some(session, AUDIT_ENTRIES.name, [audit_id])
        ground = ground_of(session, audit_id)
    context = {
        "view": view,
        "further": words_of(act, speaking),
        "payload": json.dumps(_payload(act), indent=2, ensure_ascii=False, sort_keys=True),
        "hash": digests[0],
        "digest": digests[1],
        "seal": seal,
        "seal_hash": seal.hash.hex() if seal is not None else "",
        "checked": checked,
        "ground": ground,
        "on_object": with_query(PATH, kind=act.subject_kind, number=act.subject_id),
        "by_actor": with_query(PATH, who=view.who),
    }
    return page(request, "backoffice/audit/show.html", context)


@post(PATH + "/export", guards=admit(Permission.SEE_AUDIT), sync_to_thread=True)
def export_audit(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[Any]:
    """The acts that are asked for as a file; that they were taken out is itself on the trail."""
    try:
        with database.transaction() as session:
            asked = asked_by(session, form)
            with form.reading():
                made = form.choice("format", FORMATS)
            kind = form.value("format")
            number = record(
                session,
                "audit.exported",
                actor=actor_of(request),
                subject=("audit", kind),
                after={"format": kind, "asked_for": dict(asked.fields)},
            )
            behind = now(session), number
    except FormRefused:
        return _list(request, database, form.only_at(FIELDS))
    pieces, media_type = made
    content = pieces(database, asked.wanted, behind, visit_of(request).speaking)
    return download(content, f"audit trail.{kind}", media_type)


@get(PATH + "/checks", guards=admit(Permission.SEE_AUDIT), sync_to_thread=True)
def show_checks(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """The checks of everything: who asked for them, and what they found."""
    return _checks(request, database, Form.starting(request))


@post(PATH + "/checks", guards=admit(Permission.SEE_AUDIT), sync_to_thread=True)
def check_all(request: AnyRequest, database: GivenDatabase, form: SentForm, nudge: GivenNudge) -> Response[bytes]:
    """Have everything checked in the background."""
    try:
        with database.transaction() as session:
            checking.ask(session, actor=actor_of(request))
    except Refused as refused:
        return _checks(request, database, form.refused(refused), status=status_of(refused))
    nudge()
    return see_other(request, f"{PATH}/checks")


def _list(request: AnyRequest, database: Database, form: Form, *, place: str = "", verify: str = "") -> Response[bytes]:
    with database.reading() as session:
        try:
            asked = asked_by(session, form)
        except FormRefused:
            asked, found = Asked(Wanted(), {}), Found([], None)
        else:
            found = find(session, asked.wanted, after=position_of(place))
        views = views_of(session, found.acts, visit_of(request).speaking)
        context = {
            "form": form,
            "views": views,
            "looked_back_to": found.looked_back_to,
            "older": with_query(PATH, **asked.fields, place=place_of(found.following)) if found.following else None,
            "newest": with_query(PATH, **asked.fields) if place else None,
            "fields": asked.fields,
            "place": place,
            "verify": verify,
            "checked": _checked(session, verify, found),
            "seal": newest_seal(session),
            "last_check": next(iter(checking.checks(session, limit=1)), None),
            **_choices(session, form),
        }
    return page(request, "backoffice/audit/list.html", context, status=422 if form.errors else 200)


def _checked(session: Session, verify: str, found: Found) -> Checked | None:
    if verify == SHOWN:
        return check_some(session, AUDIT_ENTRIES.name, [act.id for act in found.acts])
    return check_some(session, AUDIT_ENTRIES.name, unsealed(session, AUDIT_ENTRIES.name)) if verify == SINCE else None


def _choices(session: Session, form: Form) -> Mapping[str, object]:
    """What can be chosen from: kinds of actors and staff, groups of acts and acts, kinds of objects."""
    people = [(f"{ActorKind.STAFF}:{one.id}", one.name) for one in staff.everybody(session)]
    kinds = [(kind.value, words) for kind, words in KIND_WORDS.items()]
    known = {value for value, _ in (*people, *kinds)}
    chosen = form.value("who")
    return {
        "kinds_of_actors": kinds,
        "people": people,
        "other_actor": chosen if chosen and chosen not in known else None,
        "acts": [
            (f"{ALL_OF}{group}", GROUPS.get(group, group), [(act, name_of(act)) for act in acts])
            for group, acts in in_groups(acts_there(session)).items()
        ],
        "kinds": [(kind, kind_name(kind)) for kind in kinds_there(session)],
    }


def _checks(request: AnyRequest, database: Database, form: Form, *, status: int = 200) -> Response[bytes]:
    with database.reading() as session:
        found = checking.checks(session)
        views = views_of(session, [each.asked for each in found], visit_of(request).speaking)
        seal = newest_seal(session)
    context = {"form": form, "checks": list(zip(found, views, strict=True)), "seal": seal}
    return page(request, "backoffice/audit/checks.html", context, status=status)


def _payload(act: Act) -> dict[str, Any]:
    given = {"address": act.address, "before": act.before, "after": act.after, "words": act.words}
    return {name: value for name, value in given.items() if value}


PAGES = (show_audit, show_act, export_audit, show_checks, check_all)
"""Its ways."""
