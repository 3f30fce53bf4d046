"""Terms: the credit terms in plain words, what is new in them, accepting them, and what was accepted by whom."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Right
from domain.credit.standing import standing_of
from domain.policies import acceptances, paper, proof
from domain.policies.accepting import Signer, accept, acceptance
from domain.policies.asked import needs_a_yes, reference
from domain.policies.own_terms import told_to, told_today
from domain.policies.ruling import Version
from domain.receivables import governed
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, NotFound, Refused
from portal.access import Entered, actor_of, customer_of, enter
from portal.given import AccountId
from web.downloads import download
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase, GivenRenderer, GivenStore
from web.visit import AnyRequest, visit_of

PATH = "/accounts/{account_id:int}/terms"
ONE = PATH + "/{version_id:int}"
VersionId = FromPath[int]
STEP = "step"
"""Which button was pressed: `check`, `accept`, `change`."""
LONGEST_NAME, LONGEST_TITLE = 200, 120


@get(PATH, sync_to_thread=True)
def show_terms(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """The terms that apply, those that wait to be accepted, and what was accepted."""
    with database.reading() as session:
        account = enter(request, session, account_id)
        standing = acceptances.standing(session, account_id)
        governing = standing.governing
        versions = acceptances.versions(session, [row.version_id for row in standing.accepted])
        context = {
            "account": account,
            "waiting": [
                (reference(each), each, needs_a_yes(each, has_accepted=bool(standing.accepted)))
                for each in standing.to_accept
            ],
            "governing": governing,
            "reference": reference(governing) if governing else "",
            "told": told_today(session, accounts.account(session, account_id), governing),
            "followed": _followed(session, account_id),
            "credit": standing_of(session, account_id),
            "accepted": [(reference(versions[row.version_id]), row) for row in standing.accepted],
        }
    return page(request, "portal/terms/show.html", context)


@get(ONE, sync_to_thread=True)
def read_terms(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, version_id: VersionId
) -> Response[bytes]:
    """One version in plain words, what it changes, and the way to accept it."""
    return _read_page(request, database, account_id, version_id, None)


@get(ONE + "/pdf", sync_to_thread=True)
def terms_pdf(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    version_id: VersionId,
    store: GivenStore,
    renderer: GivenRenderer,
) -> Response[Any]:
    """The paper of a version, in the reader's language."""
    with database.reading() as session:
        enter(request, session, account_id)
        version = _readable(session, account_id, version_id)
        content = paper.shown(session, store, renderer, version, _language(request))
    return download(content, paper.filename(version), paper.MEDIA_TYPE)


@get(ONE + "/acceptance/pdf", sync_to_thread=True)
def acceptance_pdf(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, version_id: VersionId, renderer: GivenRenderer
) -> Response[Any]:
    """Who accepted a version, when, and by which document, in the reader's language."""
    with database.reading() as session:
        enter(request, session, account_id)
        version = acceptances.readable(session, account_id, version_id)
        content = proof.proof(session, renderer, account_id, version, _language(request))
    return download(content, proof.filename(version), paper.MEDIA_TYPE)


@post(ONE, sync_to_thread=True)
def accept_terms(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    version_id: VersionId,
    form: SentForm,
    store: GivenStore,
    renderer: GivenRenderer,
) -> Response[bytes]:
    """Check who accepts and what, then accept; pressed twice, it is accepted once."""
    with database.reading() as session:
        account = enter(request, session, account_id, Right.BIND)
        version = acceptances.readable(session, account_id, version_id)
    here = f"{account.path}/terms/{version_id}"
    if form.value(STEP) not in ("check", "accept"):
        return _read_page(request, database, account_id, version_id, form)
    try:
        signer = _signer(request, form, account)
        if form.value(STEP) == "check":
            context = {"account": account, "version": version, "reference": reference(version), "signer": signer}
            return page(request, "portal/terms/check.html", context | {"here_path": here})
        with database.transaction() as session:
            kept = paper.kept(session, store, renderer, version, _language(request))
        with database.transaction() as session:
            accept(session, account_id, kept, signer, actor=actor_of(request))
    except NotFound:
        return see_other(request, f"{account.path}/terms")
    except Refused as refused:
        return _read_page(request, database, account_id, version_id, form.refused(refused), status=422)
    return see_other(request, here)


def _signer(request: AnyRequest, form: Form, account: Entered) -> Signer:
    """Who accepts, as they wrote it, with both ticks set."""
    with form.reading():
        name = form.text("name", missing=N_("Enter your name."), longest=LONGEST_NAME)
        title = form.text("job_title", missing=N_("Enter your job title, such as Director."), longest=LONGEST_TITLE)
        if not form.ticked("read"):
            form.refuse("read", N_("Read the terms, and tick this if you agree to them."))
        if not form.ticked("may"):
            form.refuse("may", N_("Tick this if you may accept terms for {account}."), account=account.name)
    return Signer(name, title, request.headers.get("user-agent"))


def _read_page(
    request: AnyRequest,
    database: Database,
    account_id: int,
    version_id: int,
    form: Form | None,
    *,
    status: int = 200,
) -> Response[bytes]:
    with database.reading() as session:
        account = enter(request, session, account_id)
        version = _readable(session, account_id, version_id)
        context = _reading(session, account, version)
    context["form"] = form or Form.starting(request, name=customer_of(request).name)
    return page(request, "portal/terms/read.html", context, status=status)


def _reading(session: Session, account: Entered, version: Version) -> dict[str, object]:
    news = acceptances.news(session, account.id, version)
    return {
        "account": account,
        "version": version,
        "today": today(session),
        "reference": reference(version),
        "told": told_to(session, accounts.account(session, account.id), version),
        "before": reference(news[0]) if news else "",
        "news": news[1] if news else [],
        "accepted": acceptance(session, account.id, version.id),
        "is_asked": version.id in {each.id for each in acceptances.is_asked(session, account.id)},
        "who_may": acceptances.who_may_accept(session, account.id),
    }


def _followed(session: Session, account_id: int) -> list[tuple[int | None, str, int]]:
    """The versions that the open invoices follow: the id (None for none), by what it is known, and of how many."""
    counted = governed.open_by_version(session, account_id)
    known = acceptances.versions(session, [version_id for version_id in counted if version_id is not None])
    return [
        (version_id, reference(known[version_id]) if version_id is not None else "", count)
        for version_id, count in counted.items()
    ]


def _readable(session: Session, account_id: int, version_id: int) -> Version:
    """A version that the account may read: one that an invoice of its follows, too; NotFound."""
    if governed.is_governed(session, account_id, version_id):
        return acceptances.versions(session, [version_id])[version_id]
    return acceptances.readable(session, account_id, version_id)


def _language(request: AnyRequest) -> str:
    return visit_of(request).speaking.tag
