"""Evidence: packs that prove an account, an invoice or a dispute to a third party: ask for one, follow it, take it."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.frame import frame
from backoffice.given import AccountId, GivenNudge, PublicId
from backoffice.wording import with_doers
from domain.accounts import queries as accounts
from domain.documents import opening
from domain.documents import queries as documents
from domain.evidence import queries
from domain.evidence.asking import ask_for, subject_number
from domain.evidence.index import ABOUT_WORDS
from domain.evidence.model import About, Audience
from domain.sessions.once import use_once
from domain.shared.db.session import Database
from domain.shared.errors import NotFound
from domain.shared.words import Words
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.downloads import download
from web.evidence import pack_view
from web.forms import Form, SentForm
from web.fragments import page, page_or_fragment
from web.given import GivenDatabase, GivenStore
from web.links import with_query
from web.visit import AnyRequest

HERE = "/evidence"
ONE = HERE + "/{pack_ref:str}"
OF_ACCOUNT = "/accounts/{account_id:int}/evidence"
PAGE = 50


@get(HERE, guards=admit(Permission.SEE_DOCUMENTS), sync_to_thread=True)
def list_packs(request: AnyRequest, database: GivenDatabase, place: FromQuery[int | None] = None) -> Response[bytes]:
    """The packs of all accounts, the newest first."""
    with database.reading() as session:
        rows = queries.packs(session, place=place, limit=PAGE + 1)
        shown = with_doers(session, rows[:PAGE])
    context = {
        "packs": [(pack_view(row, HERE), doer) for row, doer in shown],
        "following": with_query(HERE, place=rows[PAGE - 1].id) if len(rows) > PAGE else None,
    }
    return page(request, "backoffice/evidence/list.html", context)


@get(OF_ACCOUNT, guards=admit(Permission.SEE_DOCUMENTS), sync_to_thread=True)
def account_packs(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    about: FromQuery[str] = About.ACCOUNT,
    subject: FromQuery[int | None] = None,
) -> Response[bytes]:
    """The packs of an account, and the way to one more: about all of it, or about one invoice or dispute."""
    form = Form.starting(request, about=about, subject="" if subject is None else str(subject))
    return _account_page(request, database, account_id, form)


@post(OF_ACCOUNT, guards=admit(Permission.MAKE_EVIDENCE), sync_to_thread=True)
def ask_for_pack(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm, nudge: GivenNudge
) -> Response[bytes]:
    """Have one made; pressed twice, it is one."""

    def act(session: Session) -> str:
        use_once(session, form.value("once"))
        about, subject = _wanted(form, account_id)
        language = accounts.account(session, account_id).language
        pack = ask_for(
            session,
            account_id,
            about,
            subject,
            audience=Audience.STAFF,
            language=language,
            actor=actor_of(request),
        )
        return f"{HERE}/{pack.public_id}"

    def again(form: Form) -> Response[bytes]:
        return _account_page(request, database, account_id, form)

    there = f"/accounts/{account_id}/evidence"
    answer = carry_out(request, database, form, act, there=there, again=again)
    nudge()
    return answer


@get(ONE, guards=admit(Permission.SEE_DOCUMENTS), sync_to_thread=True)
def show_pack(request: AnyRequest, database: GivenDatabase, pack_ref: PublicId) -> Response[bytes]:
    """How far it is; asks again by itself, and once it is ready says how to take and to verify it."""
    with database.reading() as session:
        row = queries.pack(session, pack_ref)
        [(_, doer)] = with_doers(session, [row])
    context = {"pack": pack_view(row, HERE), "doer": doer, "audience": row.audience.value}
    return page_or_fragment(
        request, page="backoffice/evidence/show.html", fragment="ui/_evidence_pack.html", context=context
    )


@get(ONE + "/download", guards=admit(Permission.SEE_DOCUMENTS), sync_to_thread=True)
def download_pack(request: AnyRequest, database: GivenDatabase, pack_ref: PublicId, store: GivenStore) -> Response[Any]:
    """The ZIP; each opening is written down."""
    with database.reading() as session:
        pack = queries.pack(session, pack_ref)
        if pack.document_id is None:
            raise NotFound(queries.NO_SUCH_PACK)
        row = documents.any_document(session, pack.document_id)
    content = opening.open_document(database, store, row, actor=actor_of(request))
    return download(content, row.filename, row.media_type)


def _wanted(form: Form, account_id: int) -> tuple[About, int]:
    """What the pack is to be about, the whole account unless it is said; NotFound for what no page of ours asks for."""
    about, subject = form.value("about") or About.ACCOUNT, form.value("subject")
    if about not in set(About) or (about != About.ACCOUNT and not subject.isdecimal()):
        raise NotFound
    return About(about), account_id if about == About.ACCOUNT else int(subject)


def _account_page(request: AnyRequest, database: Database, account_id: int, form: Form) -> Response[bytes]:
    with database.reading() as session:
        context = frame(session, account_id, "evidence")
        about, subject = _wanted(form, account_id)
        number = subject_number(session, account_id, about, subject)
        rows = queries.packs(session, account_id=account_id, limit=PAGE)
        shown = with_doers(session, rows)
    context |= {
        "packs": [(pack_view(row, HERE), doer) for row, doer in shown],
        "wanted": Words.of(ABOUT_WORDS[about], **({} if about is About.ACCOUNT else {"number": number})),
        "about": about.value,
        "subject": subject,
        "form": form,
    }
    return page(request, "backoffice/evidence/account.html", context)
