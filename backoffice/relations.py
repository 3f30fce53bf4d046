"""Relations: who answers for an account's debts besides the customer, and which other accounts belong to it."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.frame import entered
from backoffice.given import AccountId
from backoffice.relation_views import guarantor_view
from domain.accounts.relations import guaranteeing, queries, relating
from domain.accounts.relations.guaranteeing import GuarantorDetails
from domain.accounts.relations.model import RELATION_NAMES, RelationKind
from domain.documents.listing import Wanted, listed
from domain.documents.model import Category
from domain.sessions.once import use_once
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, NotFound
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest, visit_of

NEW_GUARANTOR = "/accounts/{account_id:int}/guarantors/new"
GUARANTOR = "/accounts/{account_id:int}/guarantors/{guarantor_id:int}"
NEW_RELATED = "/accounts/{account_id:int}/related/new"
RELATED = "/accounts/{account_id:int}/related/{relation_id:int}"
KINDS = {kind.value: kind for kind in RelationKind}
PEOPLE = {"person": True, "company": False}
PAPERS = 50
"""So many papers are offered as the guarantee, the newest."""


@get(NEW_GUARANTOR, guards=admit(Permission.CHANGE_ACCOUNTS), sync_to_thread=True)
def new_guarantor(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """The form for somebody who answers for the debts."""
    return _guarantor_page(request, database, account_id, Form.starting(request, is_person="person"))


@post(NEW_GUARANTOR, guards=admit(Permission.CHANGE_ACCOUNTS), sync_to_thread=True)
def add_guarantor(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm
) -> Response[bytes]:
    """Write them down."""
    with database.reading() as session:
        currency = entered(session, account_id).currency

    def act(session: Session) -> None:
        papers = {"": None, **{str(row.id): row.id for row in _papers(session, account_id)}}
        with form.reading():
            details = GuarantorDetails(
                name=form.text("name", missing=N_("Enter their name.")),
                is_person=form.choice("is_person", PEOPLE),
                since_on=form.day("since_on", missing=N_("Enter the day on which they signed.")),
                email=form.text("email", required=False, longest=254),
                phone=form.text("phone", required=False, longest=40),
                address=form.text("address", required=False, longest=guaranteeing.LONGEST_ADDRESS),
                most=form.amount("most", currency) if form.value("most").strip() else None,
                document_id=form.choice("document", papers),
            )
        use_once(session, form.value("once"))
        guaranteeing.add(session, account_id, details, actor=actor_of(request))

    there = f"/accounts/{account_id}/people#guarantors"
    return carry_out(
        request,
        database,
        form,
        act,
        there=there,
        again=lambda form: _guarantor_page(request, database, account_id, form),
    )


@get(GUARANTOR, guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def show_guarantor(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, guarantor_id: FromPath[int]
) -> Response[bytes]:
    """What is known of them, and the way to let them go."""
    return _release_page(request, database, account_id, guarantor_id, Form.starting(request))


@post(GUARANTOR, guards=admit(Permission.CHANGE_ACCOUNTS), sync_to_thread=True)
def release_guarantor(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, guarantor_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Let them go, with the reason."""
    with database.reading() as session:
        _guarantor(session, account_id, guarantor_id)

    def act(session: Session) -> None:
        with form.reading():
            why = form.text("why", longest=guaranteeing.LONGEST_WHY, missing=N_("Say why they are let go."))
        guaranteeing.release(session, account_id, guarantor_id, why=why, actor=actor_of(request))

    return carry_out(
        request,
        database,
        form,
        act,
        there=f"/accounts/{account_id}/people#guarantors",
        again=lambda form: _release_page(request, database, account_id, guarantor_id, form),
    )


@get(NEW_RELATED, guards=admit(Permission.CHANGE_ACCOUNTS), sync_to_thread=True)
def new_related(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """The form to tie another account to this one."""
    return _related_page(request, database, account_id, Form.starting(request))


@post(NEW_RELATED, guards=admit(Permission.CHANGE_ACCOUNTS), sync_to_thread=True)
def add_related(request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm) -> Response[bytes]:
    """Tie them."""
    with database.reading() as session:
        entered(session, account_id)

    def act(session: Session) -> None:
        with form.reading():
            number = form.text("number", longest=64, missing=N_("Enter the number of the other account."))
            kind = form.choice("kind", KINDS, missing=N_("Choose what it is to this account."))
        relating.relate(session, account_id, number, kind, actor=actor_of(request))

    return carry_out(
        request,
        database,
        form,
        act,
        there=f"/accounts/{account_id}",
        again=lambda form: _related_page(request, database, account_id, form),
    )


@post(RELATED, guards=admit(Permission.CHANGE_ACCOUNTS), sync_to_thread=True)
def end_related(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, relation_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Part them again."""

    def act(session: Session) -> None:
        relating.end(session, account_id, relation_id, actor=actor_of(request))

    return carry_out(
        request,
        database,
        form,
        act,
        there=f"/accounts/{account_id}",
        again=lambda form: _related_page(request, database, account_id, form.only_at(())),
    )


def _guarantor(session: Session, account_id: int, guarantor_id: int) -> AnyRow:
    both = (*queries.guarantors(session, account_id), *queries.guarantors(session, account_id, released=True))
    found = next((row for row in both if row.id == guarantor_id), None)
    if found is None:
        raise NotFound(guaranteeing.NO_SUCH_GUARANTOR)
    return found


def _papers(session: Session, account_id: int) -> list[AnyRow]:
    """What may be the paper that they signed."""
    found = [
        row
        for category in (Category.GUARANTEE, Category.CONTRACT)
        for row in listed(session, Wanted(account_id, category), limit=PAPERS).rows
    ]
    return found[:PAPERS]


def _guarantor_page(request: AnyRequest, database: Database, account_id: int, form: Form) -> Response[bytes]:
    speaking = visit_of(request).speaking
    with database.reading() as session:
        papers = _papers(session, account_id)
        context = {
            "account": entered(session, account_id),
            "form": form,
            "day": today(session),
            "papers": [
                ("", speaking.translate(N_("None is filed here"))),
                *((str(row.id), row.filename) for row in papers),
            ],
        }
    return page(request, "backoffice/account/guarantor_new.html", context)


def _release_page(
    request: AnyRequest, database: Database, account_id: int, guarantor_id: int, form: Form
) -> Response[bytes]:
    with database.reading() as session:
        account = entered(session, account_id)
        row = _guarantor(session, account_id, guarantor_id)
    context = {
        "account": account,
        "guarantor": guarantor_view(row, account.currency),
        "released_at": row.released_at,
        "form": form,
    }
    return page(request, "backoffice/account/guarantor.html", context)


def _related_page(request: AnyRequest, database: Database, account_id: int, form: Form) -> Response[bytes]:
    speaking = visit_of(request).speaking
    with database.reading() as session:
        context = {
            "account": entered(session, account_id),
            "form": form,
            "kinds": [(kind.value, speaking.translate(words)) for kind, words in RELATION_NAMES.items()],
        }
    return page(request, "backoffice/account/related_new.html", context)
