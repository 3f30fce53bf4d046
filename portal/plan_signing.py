"""Plan signing: the agreement to be read, and signing it by whoever may bind the account."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post

from domain.accounts.model import Right
from domain.documents import opening
from domain.documents import queries as documents
from domain.plans import listing, queries
from domain.plans.model import SIGNED
from domain.plans.signing import Paper
from domain.policies.accepting import Signer
from domain.processing.plans.agreement import agreement_paper, filename
from domain.processing.plans.signing import sign
from domain.shared.db.session import Database
from domain.shared.errors import N_, Conflict, NotFound, Refused
from domain.shared.words import Speak, Speaking
from portal.access import actor_of, enter
from portal.given import AccountId
from portal.plan import ONE, plan_page
from portal.plans import PlanId
from portal.terms import LONGEST_NAME, LONGEST_TITLE
from web.downloads import download
from web.forms import Form, SentForm
from web.fragments import see_other
from web.given import GivenDatabase, GivenNudge, GivenRenderer, GivenStore
from web.localisation import SOURCE, localisation, supported
from web.visit import AnyRequest, visit_of

MEDIA_TYPE = "application/pdf"


@get(ONE + "/agreement", sync_to_thread=True)
def plan_agreement(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    plan_id: PlanId,
    store: GivenStore,
    renderer: GivenRenderer,
) -> Response[Any]:
    """The agreement: as it was signed, else as it would be now, in the reader's language."""
    with database.reading() as session:
        enter(request, session, account_id)
        queries.entity(session, account_id, plan_id)
        signature = listing.signature(session, plan_id)
        if signature is None:
            language = visit_of(request).speaking.language
            paper = agreement_paper(session, renderer, account_id, plan_id, language=language)
            return download(paper.content, filename(plan_id), MEDIA_TYPE)
        row = documents.document(session, account_id, signature.document_id)
    content = opening.open_document(database, store, row, actor=actor_of(request))
    return download(content, row.filename, row.media_type)


@post(ONE + "/sign", sync_to_thread=True)
def sign_plan(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    plan_id: PlanId,
    form: SentForm,
    store: GivenStore,
    renderer: GivenRenderer,
    nudge: GivenNudge,
) -> Response[bytes]:
    """Sign what was shown; pressed twice, it is signed once."""
    with database.reading() as session:
        account = enter(request, session, account_id, Right.BIND)
        status = queries.entity(session, account_id, plan_id).status
    here = f"{account.path}/plans/{plan_id}"
    if status in SIGNED:
        return see_other(request, here)
    try:
        signer = _signer(request, form, account.name)
        paper = _paper(request, database, renderer, account_id, plan_id, form.value("digest"))
        with database.transaction() as session:
            sign(session, store, account_id, plan_id, paper, signer, speak=_speak(database), actor=actor_of(request))
    except NotFound:
        raise
    except Refused as refused:
        return plan_page(request, database, account_id, plan_id, form.refused(refused), status=422)
    nudge()
    return see_other(request, here)


def _paper(
    request: AnyRequest, database: Database, renderer: GivenRenderer, account_id: int, plan_id: int, shown: str
) -> Paper:
    """The agreement as the signer saw it; Conflict where it says something else by now."""
    with database.reading() as session:
        language = visit_of(request).speaking.language
        paper = agreement_paper(session, renderer, account_id, plan_id, language=language)
    if paper.digest != shown:
        raise Conflict(N_("Something has changed since this was shown, such as an amount or a day. Look at it again."))
    return paper


def _signer(request: AnyRequest, form: Form, account: str) -> Signer:
    """Who signs, as they wrote it, with both ticks set."""
    with form.reading():
        name = form.text("name", missing=N_("Enter your name."), longest=LONGEST_NAME)
        title = form.text("job_title", missing=N_("Enter your job title, such as Director."), longest=LONGEST_TITLE)
        if not form.ticked("read"):
            form.refuse("read", N_("Read the agreement, and tick this if you agree to it."))
        if not form.ticked("may"):
            form.refuse("may", N_("Tick this if you may agree to a plan for {account}."), account=account)
    return Signer(name, title, request.headers.get("user-agent"))


def _speak(database: Database) -> Speak:
    zone = database.business.time_zone

    def speak(language: str) -> Speaking:
        return localisation(supported(language) or SOURCE, zone)

    return speak
