"""Chargebacks: the ones that must be answered first on top, everything that is known of one, and giving in to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from backoffice.access import Officer, actor_of, admit, officer_of
from backoffice.chargeback_answer_views import answer_view
from backoffice.confirming import unsure
from backoffice.dispute_views import handler_choices, handlers
from backoffice.given import GivenNudge
from backoffice.wording import with_doers
from domain.chargebacks import accepting, answers, owning, patterns
from domain.chargebacks import queries as chargebacks
from domain.chargebacks.model import CHOICE_NAMES, Chargeback
from domain.chargebacks.queries import View
from domain.chargebacks.states import LOST, OPEN, OTHER_REASON, REASON_NAMES, STATE_BADGES, WAITING, ChargebackState
from domain.disputes.routes import NOT_A_HANDLER
from domain.ledger.chart import CHART
from domain.ledger.reading import entries_of
from domain.sessions.once import SentAlready, use_once
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database, business, today
from domain.shared.errors import N_, Refused
from domain.shared.money import Money
from domain.shared.words import Words
from domain.staff import queries as staff
from domain.staff.permissions import Permission, roles_with
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

PAGE = 50
PRESSING = 3
"""Days before the deadline from which it is pressing."""
VIEW_WORDS = {View.OPEN: N_("Open"), View.LOST: N_("Lost"), View.WON: N_("Won"), View.CLOSED: N_("Came to nothing")}
"""What the lists are called."""
ACCEPT_PATH = "/chargebacks/{chargeback_ref:str}/accept"


@dataclass(frozen=True, slots=True)
class ChargebackView:
    """A chargeback in a list or on its own page."""

    ref: str
    payer_id: int | None
    payer: str | None
    payment: str | None
    receipt: str | None
    means: str | None
    amount: Money
    reason: str
    badge: tuple[str, str]
    word: str | None
    deadline: tuple[str, Words] | None
    respond_by: datetime | None
    opened_at: datetime
    closed_at: datetime | None
    accepting_since: datetime | None
    can_accept: bool
    is_waiting: bool
    """Whether the bank waits, whether or not it takes an answer."""
    is_lost: bool
    is_ours: bool
    """Whether its money moves a customer's account."""
    owner: str | None = None
    """Who handles it, by name; None for nobody, and where nobody looked it up."""
    owner_id: int | None = None
    waits_for_us: bool = False
    """Whether something is to be done about it here."""

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"/chargebacks/{self.ref}"


@get("/chargebacks", guards=admit(Permission.SEE_CHARGEBACKS), sync_to_thread=True)
def list_chargebacks(
    request: AnyRequest,
    database: GivenDatabase,
    show: FromQuery[str] = View.OPEN,
    before: FromQuery[int | None] = None,
) -> Response[bytes]:
    """Chargebacks of all accounts."""
    view = View(show) if show in set(View) else View.OPEN
    with database.reading() as session:
        rows = chargebacks.chargebacks(session, view, before=before, limit=PAGE + 1)
        counts = chargebacks.counts(session)
        shown = rows if view is View.OPEN else rows[:PAGE]
        views = with_owners(session, [chargeback_view(session, row) for row in shown])
        warnings = patterns.warnings(session)
    context = {
        "chargebacks": views,
        "warnings": warnings,
        "views": [
            (words, with_query("/chargebacks", show=one.value), one is view, counts[one])
            for one, words in VIEW_WORDS.items()
        ],
        "older": with_query("/chargebacks", show=view.value, before=shown[-1].id) if len(rows) > len(shown) else None,
    }
    return page(request, "backoffice/chargebacks/list.html", context)


@get("/chargebacks/{chargeback_ref:str}", guards=admit(Permission.SEE_CHARGEBACKS), sync_to_thread=True)
def show_chargeback(request: AnyRequest, database: GivenDatabase, chargeback_ref: FromPath[str]) -> Response[bytes]:
    """One chargeback: what it opened again, what it moved, and how it went."""
    return chargeback_page(request, database, chargeback_ref, Form.starting(request))


def chargeback_page(
    request: AnyRequest, database: Database, chargeback_ref: str, form: Form, *, status: int = 200
) -> Response[bytes]:
    """The page of one chargeback, with what was refused of a form on it."""
    with database.reading() as session:
        row = chargebacks.by_ref(session, chargeback_ref)
        moved = chargebacks.movements(session, [row.id])
        changes = chargebacks.changes(session, row.id)
        answer = answers.answer_of(session, row.id)
        chosen = chargebacks.choice_of(session, row.id)
        [view] = with_owners(session, [chargeback_view(session, row)])
        context = {
            "chargeback": view,
            "answer": answer_view(session, row, answer) if answer is not None else None,
            "can_answer": answers.can_answer(session, session.get_one(Chargeback, row.id)),
            "chosen": (CHOICE_NAMES[chosen.choice], chosen) if chosen is not None else None,
            "warnings": patterns.warnings_about(session, row),
            "opened": chargebacks.still_open(session, f"chargeback:{chargeback_ref}", row.currency),
            "movements": [(one, Money(one.amount_minor, row.currency)) for one in moved],
            "entries": [
                (entry, [(CHART[leg.ledger_account].name, leg.amount) for leg in entry.legs])
                for entry in entries_of(session, [f"balance_transaction:{one.external_id}" for one in moved])
            ],
            "changes": [(change, STATE_BADGES[change.after], who) for change, who in with_doers(session, changes)],
            "handlers": handlers(session),
            "hand_in": who_hands_in(session, officer_of(request)),
            "me": officer_of(request).staff_id,
        }
    form.fill({"owner": str(view.owner_id or "")})
    return page(request, "backoffice/chargebacks/show.html", context | {"form": form}, status=status)


def who_hands_in(session: Session, officer: Officer) -> list[str] | None:
    """The names of those who may hand an answer in, for somebody who may prepare one only; None for who may."""
    if officer.may(Permission.ANSWER_CHARGEBACK):
        return None
    return [one.name for one in staff.in_roles(session, roles_with(Permission.ANSWER_CHARGEBACK))]


@post("/chargebacks/{chargeback_ref:str}/owner", guards=admit(Permission.HANDLE_DISPUTES), sync_to_thread=True)
def own_chargeback(
    request: AnyRequest, database: GivenDatabase, chargeback_ref: FromPath[str], form: SentForm
) -> Response[bytes]:
    """Take it, give it to somebody, or to nobody."""

    def act(session: Session) -> None:
        chargebacks.by_ref(session, chargeback_ref)
        with form.reading():
            owner_id = form.choice("owner", handler_choices(session), missing=NOT_A_HANDLER)
        owning.assign(session, chargeback_ref, owner_id, actor=actor_of(request))

    again = partial(chargeback_page, request, database, chargeback_ref)
    return carry_out(request, database, form, act, there=f"/chargebacks/{chargeback_ref}", again=again)


@get(ACCEPT_PATH, guards=admit(Permission.ANSWER_CHARGEBACK), sync_to_thread=True)
def accept_form(request: AnyRequest, database: GivenDatabase, chargeback_ref: FromPath[str]) -> Response[bytes]:
    """What giving in means."""
    return _accept_page(request, database, chargeback_ref, Form.starting(request))


@post(ACCEPT_PATH, guards=admit(Permission.ANSWER_CHARGEBACK), sync_to_thread=True)
def accept_chargeback(
    request: AnyRequest, database: GivenDatabase, chargeback_ref: FromPath[str], form: SentForm, nudge: GivenNudge
) -> Response[bytes]:
    """Give in: the worker tells the processor."""
    with database.reading() as session:
        chargebacks.by_ref(session, chargeback_ref)
    try:
        if (asked := unsure(request, database, form)) is not None:
            return asked
        with database.transaction() as session:
            use_once(session, form.value("once"))
            accepting.accept(session, chargeback_ref, actor=actor_of(request))
    except SentAlready:
        return see_other(request, f"/chargebacks/{chargeback_ref}")
    except Refused as refused:
        return _accept_page(request, database, chargeback_ref, form.refused(refused), status=422)
    nudge()
    return see_other(request, f"/chargebacks/{chargeback_ref}")


def chargeback_view(session: Session, row: AnyRow) -> ChargebackView:
    """A row of `chargebacks.queries` as its template wants it."""
    waits = row.state in OPEN and row.can_answer and row.respond_by is not None and row.accepting_since is None
    last_day = day_in(row.respond_by, business(session).time_zone) if waits else None
    return ChargebackView(
        ref=row.chargeback_ref,
        payer_id=row.payer_id,
        payer=row.payer,
        payment=row.public_id,
        receipt=row.receipt_number,
        means=row.means,
        amount=Money(row.amount_minor, row.currency),
        reason=REASON_NAMES.get(row.reason, OTHER_REASON),
        badge=STATE_BADGES[row.state],
        word=row.processor_state if row.state is ChargebackState.UNKNOWN else None,
        deadline=deadline_badge(last_day, today(session)) if last_day else None,
        respond_by=row.respond_by,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        accepting_since=row.accepting_since if row.state in OPEN else None,
        is_waiting=row.state in WAITING,
        can_accept=row.state is ChargebackState.NEEDS_RESPONSE and row.accepting_since is None,
        is_lost=row.state in LOST,
        is_ours=row.account_id is not None,
    )


def with_owners(session: Session, views: Sequence[ChargebackView]) -> list[ChargebackView]:
    """The same, with who handles each."""
    found = owning.owners(session, [view.ref for view in views])
    names = staff.names(session, {one for one in found.values() if one is not None})
    return [
        replace(
            view,
            owner=names.get(found.get(view.ref) or 0),
            owner_id=found.get(view.ref),
            waits_for_us=view.ref in found,
        )
        for view in views
    ]


def deadline_badge(last_day: date, day: date) -> tuple[str, Words]:
    """How many days are left to answer: the kind of its badge, and the words."""
    left = (last_day - day).days
    if left < 0:
        return "late", Words.of(N_("Too late to answer"))
    if left == 0:
        return "late", Words.of(N_("Answer today"))
    kind = "late" if left <= PRESSING else "soon"
    return kind, Words.of(N_("{days} days left"), days=left) if left > 1 else Words.of(N_("1 day left"))


def _accept_page(
    request: AnyRequest, database: Database, chargeback_ref: str, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        row = chargebacks.by_ref(session, chargeback_ref)
        context = {
            "chargeback": chargeback_view(session, row),
            "opened": chargebacks.still_open(session, f"chargeback:{chargeback_ref}", row.currency),
            "form": form,
        }
    return page(request, "backoffice/chargebacks/accept.html", context, status=status)
