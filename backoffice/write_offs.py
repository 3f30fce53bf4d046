"""Write-offs: the lists of them, the tax to be claimed back as a file, and one with all that can be done with it."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit, officer_of
from backoffice.confirming import carry_out_when_sure
from backoffice.wording import with_doers
from backoffice.write_off_views import BY_ITSELF, STATUS_BADGES, recovery_views, write_off_view
from domain.policies import authority
from domain.policies.acts import Act
from domain.processing.write_offs import deciding
from domain.processing.write_offs.exporting import MEDIA_TYPE, relief_csv
from domain.sessions.once import use_once
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Invalid
from domain.shared.money import Money
from domain.staff.permissions import Permission
from domain.write_offs import queries, relief
from domain.write_offs.model import WriteOffStatus
from domain.write_offs.queries import View
from web.downloads import download
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest, visit_of

PAGE = 50
LIST = "/write-offs"
PATH = "/write-offs/{write_off_id:int}"
ACT = "act"
"""Which button was pressed; the reason for it is in a field of the same name and `_why`."""
WITH_REASON = frozenset({"decline", "release", "take_back"})
LONGEST_WHY = 500
POSSIBLE = {
    WriteOffStatus.PROPOSED: {"approve", "decline"},
    WriteOffStatus.STANDING: {"claim", "release", "take_back"},
    WriteOffStatus.RELEASED: {"claim", "take_back"},
}
"""What can be done in each state; in the others nothing."""
VIEW_WORDS = {
    View.TO_APPROVE: N_("To approve"),
    View.STANDING: N_("In the books"),
    View.RELIEF_DUE: N_("Tax to claim back"),
    View.RELEASED: N_("Given up for good"),
    View.ENDED: N_("Ended"),
}
"""What the lists are called."""
WriteOffId = FromPath[int]


@get(LIST, guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def list_write_offs(
    request: AnyRequest,
    database: GivenDatabase,
    show: FromQuery[str] = View.TO_APPROVE,
    place: FromQuery[int | None] = None,
) -> Response[bytes]:
    """Write-offs of one list, the newest first, with what they come to."""
    view = View(show) if show in set(View) else View.TO_APPROVE
    with database.reading() as session:
        rows = queries.write_offs(session, view, place=place, limit=PAGE + 1)
        counts = queries.counts(session)
        sums = queries.sums(session, view)
        context = {
            "write_offs": [write_off_view(session, row) for row in rows[:PAGE]],
            "sums": [Money(minor, currency) for currency, (_, minor) in sums.items()],
            "views": [
                (words, with_query(LIST, show=one.value), one is view, counts[one]) for one, words in VIEW_WORDS.items()
            ],
            "is_relief": view is View.RELIEF_DUE,
            "following": with_query(LIST, show=view.value, place=rows[PAGE - 1].id) if len(rows) > PAGE else None,
        }
    return page(request, "backoffice/write_offs/list.html", context)


@get(f"{LIST}/tax-to-claim.csv", guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def tax_to_claim_csv(request: AnyRequest, database: GivenDatabase) -> Response[Any]:
    """All tax that can be claimed back today, as a file for whoever does the tax return."""
    with database.reading() as session:
        content = b"".join(relief_csv(session, visit_of(request).speaking))
        name = f"tax to claim back {today(session)}.csv"
    return download(content, name, MEDIA_TYPE)


@get(PATH, guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def show_write_off(request: AnyRequest, database: GivenDatabase, write_off_id: WriteOffId) -> Response[bytes]:
    """What was given up and why, what came in for it, its tax, how it went, and what comes next."""
    return _show(request, database, write_off_id, Form.starting(request))


@post(PATH, guards=admit(Permission.WRITE_OFF), sync_to_thread=True)
def decide_write_off(
    request: AnyRequest, database: GivenDatabase, write_off_id: WriteOffId, form: SentForm
) -> Response[bytes]:
    """Approve it within one's authority, decline it, give it up for good, take it back, or claim its tax back."""
    with database.reading() as session:
        account_id: int = queries.write_off(session, write_off_id).account_id
    role, actor = officer_of(request).role, actor_of(request)

    def act(session: Session, why: str) -> None:
        use_once(session, form.value("once"))
        match form.value(ACT):
            case "approve":
                deciding.approve(session, account_id, write_off_id, role=role, actor=actor)
            case "decline":
                deciding.decline(session, account_id, write_off_id, why=why, actor=actor)
            case "release":
                deciding.release(session, account_id, write_off_id, why=why, role=role, actor=actor)
            case "take_back":
                deciding.take_back(session, account_id, write_off_id, why=why, actor=actor)
            case _:
                deciding.claim_tax(session, account_id, write_off_id, actor=actor)

    def again(form: Form) -> Response[bytes]:
        return _show(request, database, write_off_id, form)

    there = f"{LIST}/{write_off_id}"
    return carry_out_when_sure(request, database, form, lambda: _why(form), act, there=there, again=again)


def _why(form: Form) -> str:
    """The reason that was typed for what is to be done; empty where none is asked for. Invalid."""
    act = form.value(ACT)
    if act not in WITH_REASON | {"approve", "claim"}:
        raise Invalid(N_("Choose what is to be done."))
    if act not in WITH_REASON:
        return ""
    with form.reading():
        return form.text(f"{act}_why", longest=LONGEST_WHY, missing=N_("Say why."))


def _show(request: AnyRequest, database: Database, write_off_id: int, form: Form) -> Response[bytes]:
    with database.reading() as session:
        row = queries.write_off(session, write_off_id)
        written = write_off_view(session, row)
        role = officer_of(request).role
        rows = queries.recoveries(session, write_off_id)
        context = {
            "written": written,
            "recoveries": recovery_views(rows, row.currency),
            "has_repaid": any(each.relief_minor for each in rows),
            "changes": [
                (_change(change), STATUS_BADGES[change.after], who)
                for change, who in with_doers(session, queries.changes(session, write_off_id))
            ],
            "acts": _possible(session, row),
            "may_alone": authority.covers(session, role, Act.WRITE_OFF, written.left, account_id=row.account_id),
            "longest": LONGEST_WHY,
            "form": form,
        }
    return page(request, "backoffice/write_offs/show.html", context)


def _possible(session: Session, row: AnyRow) -> set[str]:
    """What can be done with it today."""
    acts = set(POSSIBLE.get(row.status, ()))
    if not relief.can_be_claimed(session, row.id):
        acts.discard("claim")
    return acts


def _change(row: AnyRow) -> dict[str, object]:
    return {"at": row.at, "why": row.why and BY_ITSELF.get(row.why, row.why)}
