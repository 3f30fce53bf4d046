"""Evidence: what our books say of the invoices of a placement, sealed, for the partner that has it."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from domain.documents import opening
from domain.documents import queries as documents
from domain.evidence import queries
from domain.evidence.asking import ask_for
from domain.evidence.model import About, Audience
from domain.placements.model import PLACED
from domain.sessions.once import use_once
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import NotFound
from partners.access import actor_of, enter
from partners.given import PlacementId
from partners.placement import PATH
from partners.telling import path_of
from partners.views import placement_view
from web.acting import carry_out
from web.downloads import download
from web.evidence import pack_view
from web.forms import Form, SentForm
from web.fragments import page, page_or_fragment
from web.given import GivenDatabase, GivenNudge, GivenStore
from web.rate_limits import Rate
from web.visit import AnyRequest, visit_of

PACKS = f"{PATH}/evidence"
ONE = PACKS + "/{pack_ref:str}"
ASKING = Rate(5, 24 * 3600)
"""So many packs may be asked for on one placement: each of them is work for minutes, and kept."""
SHOWN = 20
PackRef = FromPath[str]


@get(PACKS, sync_to_thread=True)
def show_packs(request: AnyRequest, database: GivenDatabase, placement_id: PlacementId) -> Response[bytes]:
    """What a pack is, those that were made, and the way to one more."""
    return _page(request, database, placement_id, Form.starting(request))


@post(PACKS, sync_to_thread=True)
def ask_for_pack(
    request: AnyRequest, database: GivenDatabase, placement_id: PlacementId, form: SentForm, nudge: GivenNudge
) -> Response[bytes]:
    """Have one made; pressed twice, it is one."""
    with database.reading() as session:
        row = _here(request, session, placement_id)
    visit = visit_of(request)
    visit.site.limiter.count("evidence", str(placement_id), ASKING)

    def act(session: Session) -> str:
        use_once(session, form.value("once"))
        pack = ask_for(
            session,
            row.account_id,
            About.PLACEMENT,
            placement_id,
            audience=Audience.PARTNER,
            language=visit.speaking.language,
            actor=actor_of(request),
        )
        return f"{_packs_of(placement_id)}/{pack.public_id}"

    def again(form: Form) -> Response[bytes]:
        return _page(request, database, placement_id, form)

    answer = carry_out(request, database, form, act, there=_packs_of(placement_id), again=again)
    nudge()
    return answer


@get(ONE, sync_to_thread=True)
def show_pack(
    request: AnyRequest, database: GivenDatabase, placement_id: PlacementId, pack_ref: PackRef
) -> Response[bytes]:
    """How far it is; asks again by itself, and once it is ready says how to take and to verify it."""
    with database.reading() as session:
        placement = placement_view(_here(request, session, placement_id))
        pack = pack_view(_pack(session, placement_id, pack_ref), _packs_of(placement_id))
    return page_or_fragment(
        request,
        page="partners/evidence/show.html",
        fragment="ui/_evidence_pack.html",
        context={"placement": placement, "pack": pack},
    )


@get(ONE + "/download", sync_to_thread=True)
def download_pack(
    request: AnyRequest, database: GivenDatabase, placement_id: PlacementId, pack_ref: PackRef, store: GivenStore
) -> Response[Any]:
    """The ZIP; each opening is written down."""
    with database.reading() as session:
        row = _here(request, session, placement_id)
        pack = _pack(session, placement_id, pack_ref)
        if pack.document_id is None:
            raise NotFound(queries.NO_SUCH_PACK)
        document = documents.document(session, row.account_id, pack.document_id)
    content = opening.open_document(database, store, document, actor=actor_of(request))
    return download(content, document.filename, document.media_type)


def _page(request: AnyRequest, database: Database, placement_id: int, form: Form) -> Response[bytes]:
    with database.reading() as session:
        placement = placement_view(_here(request, session, placement_id))
        rows = queries.packs(session, placement_id=placement_id, audience=Audience.PARTNER, limit=SHOWN)
    packs = [pack_view(row, _packs_of(placement_id)) for row in rows]
    return page(request, "partners/evidence/list.html", {"placement": placement, "packs": packs, "form": form})


def _here(request: AnyRequest, session: Session, placement_id: int) -> AnyRow:
    """A placement of theirs that lies with them: afterwards its evidence is their business no more. NotFound."""
    row = enter(request, session, placement_id)
    if row.status not in PLACED:
        raise NotFound(queries.NO_SUCH_PACK)
    return row


def _pack(session: Session, placement_id: int, pack_ref: str) -> AnyRow:
    """A partner's pack about this placement; NotFound otherwise."""
    row = queries.pack(session, pack_ref, audience=Audience.PARTNER)
    if row.about is not About.PLACEMENT or row.subject_id != placement_id:
        raise NotFound(queries.NO_SUCH_PACK)
    return row


def _packs_of(placement_id: int) -> str:
    return f"{path_of(placement_id)}/evidence"
