"""Evidence: "prove it": what our books say of an account, sealed, for those who may bind it."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from sqlalchemy.orm import Session

from domain.accounts.model import Right
from domain.documents import opening
from domain.documents import queries as documents
from domain.evidence import queries
from domain.evidence.asking import ask_for
from domain.evidence.model import About, Audience
from domain.sessions.once import use_once
from domain.shared.db.session import Database
from domain.shared.errors import NotFound
from portal.access import actor_of, enter
from portal.given import AccountId, PublicId
from web.acting import carry_out
from web.downloads import download
from web.evidence import pack_view
from web.forms import Form, SentForm
from web.fragments import page, page_or_fragment
from web.given import GivenDatabase, GivenNudge, GivenStore
from web.rate_limits import Rate
from web.visit import AnyRequest, visit_of

PATH = "/accounts/{account_id:int}/evidence"
ONE = PATH + "/{pack_ref:str}"
ASKING = Rate(5, 24 * 3600)
"""So many packs may be asked for on one account: each of them is work for minutes, and kept."""
SHOWN = 20


@get(PATH, sync_to_thread=True)
def show_packs(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """What a pack is, those that were made, and the way to one more."""
    return _page(request, database, account_id, Form.starting(request))


@post(PATH, sync_to_thread=True)
def ask_for_pack(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm, nudge: GivenNudge
) -> Response[bytes]:
    """Have one made; pressed twice, it is one."""
    with database.reading() as session:
        account = enter(request, session, account_id, Right.BIND)
    visit = visit_of(request)
    visit.site.limiter.count("evidence", str(account_id), ASKING)

    def act(session: Session) -> str:
        use_once(session, form.value("once"))
        pack = ask_for(
            session,
            account_id,
            About.ACCOUNT,
            account_id,
            audience=Audience.CUSTOMER,
            language=visit.speaking.language,
            actor=actor_of(request),
        )
        return f"{account.path}/evidence/{pack.public_id}"

    def again(form: Form) -> Response[bytes]:
        return _page(request, database, account_id, form)

    answer = carry_out(request, database, form, act, there=f"{account.path}/evidence", again=again)
    nudge()
    return answer


@get(ONE, sync_to_thread=True)
def show_pack(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, pack_ref: PublicId
) -> Response[bytes]:
    """How far it is; asks again by itself, and once it is ready says how to take and to verify it."""
    with database.reading() as session:
        account = enter(request, session, account_id, Right.BIND)
        row = queries.pack(session, pack_ref, account_id=account_id, audience=Audience.CUSTOMER)
    context = {"account": account, "pack": pack_view(row, f"{account.path}/evidence")}
    return page_or_fragment(
        request, page="portal/evidence/show.html", fragment="ui/_evidence_pack.html", context=context
    )


@get(ONE + "/download", sync_to_thread=True)
def download_pack(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, pack_ref: PublicId, store: GivenStore
) -> Response[Any]:
    """The ZIP; each opening is written down."""
    with database.reading() as session:
        enter(request, session, account_id, Right.BIND)
        pack = queries.pack(session, pack_ref, account_id=account_id, audience=Audience.CUSTOMER)
        if pack.document_id is None:
            raise NotFound(queries.NO_SUCH_PACK)
        row = documents.document(session, account_id, pack.document_id)
    content = opening.open_document(database, store, row, actor=actor_of(request))
    return download(content, row.filename, row.media_type)


def _page(request: AnyRequest, database: Database, account_id: int, form: Form) -> Response[bytes]:
    with database.reading() as session:
        account = enter(request, session, account_id, Right.BIND)
        rows = queries.packs(session, account_id=account_id, audience=Audience.CUSTOMER, limit=SHOWN)
    packs = [pack_view(row, f"{account.path}/evidence") for row in rows]
    return page(request, "portal/evidence/list.html", {"account": account, "packs": packs, "form": form})
