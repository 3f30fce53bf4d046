"""Disputes: all of an account, how one stands, what was said of it; writing, withdrawing, looking at it once more."""

from __future__ import annotations

from dataclasses import replace

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from domain.accounts.model import Right
from domain.disputes import queries, reopening, talking, thread
from domain.disputes.model import Dispute
from domain.disputes.raising import LONGEST_WORDS, withdraw
from domain.documents.intake import Intake, TakenIn
from domain.payments import queries as payments
from domain.sessions.once import use_once
from domain.shared.db.session import Database, now, today
from domain.shared.errors import N_
from domain.statements.agreements import agreements
from portal.access import actor_of, enter
from portal.contesting import taken_in
from portal.doors import Door, SignedIn, limited
from portal.given import AccountId
from portal.views import claim_views, invoice_view
from web.acting import carry_out, read_and_carry_out
from web.dispute_threads import FILED_WORDS, MessageView, ThreadView, thread_view
from web.disputes import DisputeView, dispute_view
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.links import with_query
from web.rate_limits import Rate
from web.uploads import MOST_SENT, GivenIntake
from web.visit import AnyRequest, visit_of

PAGE = 50
WRITING = Rate(30, 3600)
"""So often one login, or one link, may write about disputes."""
PATH = "/accounts/{account_id:int}/disputes/{dispute_id:int}"


@get("/accounts/{account_id:int}/disputes", sync_to_thread=True)
def list_disputes(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, before: FromQuery[int | None] = None
) -> Response[bytes]:
    """All disputes of the account, newest first."""
    with database.reading() as session:
        account = enter(request, session, account_id)
        rows = queries.of_account(session, account_id, before=before, limit=PAGE + 1)
    path = f"{account.path}/disputes"
    context = {
        "account": account,
        "disputes": [dispute_view(row) for row in rows[:PAGE]],
        "older": with_query(path, before=rows[PAGE - 1].id) if len(rows) > PAGE else None,
    }
    return page(request, "portal/disputes/list.html", context)


@get(PATH, sync_to_thread=True)
def show_dispute(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, dispute_id: FromPath[int]
) -> Response[bytes]:
    """One dispute: how it stands, what happens next, and what was said."""
    return show(request, database, SignedIn(request, account_id), dispute_id, Form.starting(request))


@post(f"{PATH}/withdraw", sync_to_thread=True)
def withdraw_dispute(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, dispute_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """No longer contest it."""
    with database.reading() as session:
        enter(request, session, account_id, Right.DISPUTE)

    def act(session: Session) -> None:
        withdraw(session, account_id, dispute_id, actor=actor_of(request))

    def again(form: Form) -> Response[bytes]:
        return show(request, database, SignedIn(request, account_id), dispute_id, form, status=422)

    there = f"/accounts/{account_id}/disputes/{dispute_id}"
    return carry_out(request, database, form, act, there=there, again=again)


@post(f"{PATH}/write", sync_to_thread=True, request_max_body_size=MOST_SENT)
def write_about_dispute(
    request: AnyRequest,
    database: GivenDatabase,
    intake: GivenIntake,
    account_id: AccountId,
    dispute_id: FromPath[int],
    form: SentForm,
) -> Response[bytes]:
    """Write to us about it; of one that has ended, say what to look at once more."""
    return write(request, database, intake, SignedIn(request, account_id), dispute_id, form)


def write(
    request: AnyRequest, database: Database, intake: Intake, door: Door, dispute_id: int, form: Form
) -> Response[bytes]:
    """Take in what was written with its files; whoever came by a link writes while it is not decided, and no more."""
    with database.reading() as session:
        account = door.enter(session, Right.DISPUTE)
        row = queries.dispute(session, dispute_id, account_id=account.id)
        door.check_maker(row.pay_link_id)
    visit_of(request).site.limiter.count("write about a dispute", limited(door), WRITING)

    def again(form: Form) -> Response[bytes]:
        return show(request, database, door, dispute_id, form, status=422)

    def read() -> tuple[str, tuple[TakenIn, ...]]:
        with form.reading():
            words = form.text("words", longest=LONGEST_WORDS, missing=N_("Write something first."))
        return words, taken_in(request, door, intake, form)

    def act(session: Session, written: tuple[str, tuple[TakenIn, ...]]) -> None:
        door.enter(session, Right.DISPUTE)
        use_once(session, form.value("once"))
        reopens = row.ended_at is not None and not account.by_link
        say, (words, files) = reopening.reopen if reopens else talking.write_to_us, written
        say(session, account.id, dispute_id, words, files=files, actor=door.actor)
        door.acted(session)

    there = f"{account.path}/disputes/{dispute_id}"
    return read_and_carry_out(request, database, form, read, act, there=there, again=again)


def show(
    request: AnyRequest, database: Database, door: Door, dispute_id: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    """One dispute, and how it stands; whoever came by a link reads what we wrote to them, and what they wrote."""
    with database.reading() as session:
        account = door.enter(session)
        row = queries.dispute(session, dispute_id, account_id=account.id)
        door.check_maker(row.pay_link_id)
        invoice = door.invoice(session, row.invoice_id)
        claims = claim_views(payments.live_claims(session, [row.invoice_id]), door.login_id, door.link_id)
        contested = queries.contested(session, [row.invoice_id])
        agreed = agreements(session, account.id, account.currency)
        view, spoken = dispute_view(row), thread_view(session, dispute_id, with_notes=False)
        can_reopen = not account.by_link and reopening.can_reopen(session, session.get_one(Dispute, dispute_id))
        context = {
            "account": account,
            "dispute": view,
            "invoice": invoice_view(invoice, today(session), claims, contested=contested, agreed=agreed),
            "lines": [] if account.by_link else thread.lines(session, dispute_id),
            "said": _said(spoken, view, door.link_id),
            "files": [] if account.by_link else spoken.files,
            "papers_behind": account.by_link and any(one.files for one in spoken.said if one.from_us),
            "can_reopen": can_reopen,
            "we_are_late": view.answer_by < now(session),
            "longest": LONGEST_WORDS,
            "form": form.only_at({"words", "files"} if view.is_live or can_reopen else ()),
        }
    return page(request, "portal/disputes/show.html", context, status=status)


def _said(spoken: ThreadView, view: DisputeView, link_id: int | None) -> list[MessageView]:
    """What stands in the thread: not the answer that the page begins with; by a link, what it is mailed, no files."""
    said = [one for one in spoken.said if not (view.is_decided and one.at == view.ended_at and one.is_decision)]
    if link_id is None:
        return said
    ours = [one for one in said if one.dispute_id == view.id and (one.from_us or one.is_of_link(link_id))]
    return [replace(one, files=[]) for one in ours if one.words or one.text != FILED_WORDS]
