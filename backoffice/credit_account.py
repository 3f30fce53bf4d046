"""Credit of an account: its limit, what uses it up, what holds new credit, and the checks; and what staff decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from litestar import Response, get, post
from litestar.di import NamedDependency
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit, officer_of
from backoffice.approvals_asking import alone, do_or_ask, pressed
from backoffice.approvals_views import awaiting
from backoffice.frame import frame
from backoffice.given import AccountId
from backoffice.wording import with_doers
from domain.accounts import queries as accounts
from domain.approvals import queries as approvals
from domain.approvals.model import ApprovalKind
from domain.approvals.wishes import EndLifting, EndLimit, LiftHold, SetLimit
from domain.credit import limits, unbilled
from domain.credit import queries as holds
from domain.credit.applications import queries as applications
from domain.credit.applications.model import STATE_WORDS
from domain.credit.checks.provider import CheckResult, CreditChecks
from domain.credit.checks.recording import ask, checks_of, record
from domain.credit.model import HOLD_WORDS, HoldReason
from domain.credit.standing import Standing, standing_of
from domain.policies import authority
from domain.policies.acts import Act
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, NotFound, Refused
from domain.shared.money import Money
from domain.staff import queries as staff
from domain.staff.model import ROLE_NAMES
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase, GivenStore
from web.uploads import MOST_SENT, GivenIntake
from web.visit import AnyRequest

PATH = "/accounts/{account_id:int}/credit-limit"
REASONS = {reason.value: reason for reason in HoldReason}
FIELDS = frozenset({"limit", "why", "provider", "score", "recommended", "rating", "as_of", "expires_on", "file"})
"""The fields of the page."""
LIFT_FIELDS = frozenset({"reason", "until_on", "lift_why"})
"""Those that are there while something holds new credit."""
END_FIELDS = frozenset({"lifted", "end_why"})
"""Those that are there while somebody lets new credit through in spite of a hold."""
OF_CREDIT = frozenset(
    {ApprovalKind.CREDIT_LIMIT, ApprovalKind.END_LIMIT, ApprovalKind.LIFT_HOLD, ApprovalKind.END_LIFTING}
)
"""What this page asks approval for."""
BY_HAND = N_("Entered by hand")


@dataclass(frozen=True, slots=True)
class CheckedBy:
    """Who can be asked about a customer; nobody, where no provider is set up."""

    checks: CreditChecks | None = None


GivenCheckedBy = NamedDependency[CheckedBy]


@get(PATH, guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def show_credit(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, checked_by: GivenCheckedBy
) -> Response[bytes]:
    """How the account's credit stands."""
    return _show(request, database, account_id, checked_by, Form.starting(request))


@post(f"{PATH}/set", guards=admit(Permission.DECIDE_CREDIT), sync_to_thread=True)
def set_credit_limit(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm, checked_by: GivenCheckedBy
) -> Response[bytes]:
    """Give the account a limit of its own, or end it; above one's authority, ask for it."""

    def act(session: Session) -> str | None:
        currency = accounts.account(session, account_id).currency
        with form.reading():
            why = form.text("why", longest=500, missing=N_("Say why, for whoever reads this later."))
            amount = form.amount("limit", currency, or_zero=True) if pressed(form) != "end" else None
        wish = EndLimit(why=why) if amount is None else SetLimit(limit_minor=amount.minor, why=why)
        return do_or_ask(request, session, form, account_id, wish)

    return _done(request, database, account_id, checked_by, form, act)


@post(f"{PATH}/lift", guards=admit(Permission.DECIDE_CREDIT), sync_to_thread=True)
def lift_hold(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm, checked_by: GivenCheckedBy
) -> Response[bytes]:
    """Let new credit through in spite of a hold, for a while, or ask for that."""

    def act(session: Session) -> str | None:
        with form.reading():
            reason = form.choice("reason", REASONS)
            until_on = form.day("until_on")
            why = form.text("lift_why", longest=500, missing=N_("Say why, for whoever reads this later."))
        wish = LiftHold(reason=reason, until_on=until_on, why=why)
        return do_or_ask(request, session, form, account_id, wish)

    return _done(request, database, account_id, checked_by, form, act)


@post(f"{PATH}/end-lifting", guards=admit(Permission.DECIDE_CREDIT), sync_to_thread=True)
def end_hold_lifting(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm, checked_by: GivenCheckedBy
) -> Response[bytes]:
    """Let a hold that was lifted hold new credit again, or ask for that."""

    def act(session: Session) -> str | None:
        with form.reading():
            reason = form.choice("lifted", REASONS)
            why = form.text("end_why", longest=500, missing=N_("Say why, for whoever reads this later."))
        return do_or_ask(request, session, form, account_id, EndLifting(reason=reason, why=why))

    return _done(request, database, account_id, checked_by, form, act)


@post(
    f"{PATH}/check",
    guards=admit(Permission.DECIDE_CREDIT),
    sync_to_thread=True,
    request_max_body_size=MOST_SENT,
)
def enter_check(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    form: SentForm,
    intake: GivenIntake,
    checked_by: GivenCheckedBy,
) -> Response[bytes]:
    """Keep a check that somebody made by hand, with its file."""
    try:
        taken = intake.take_all(form.uploads("file"), field="file", most=1)
    except Refused as refused:
        return _show(request, database, account_id, checked_by, form.refused(refused), status=422)

    def act(session: Session) -> None:
        currency = accounts.account(session, account_id).currency
        with form.reading():
            score = form.number("score", least=0, most=100) if form.value("score").strip() else None
            recommended = form.value("recommended").strip()
            limit = form.amount("recommended", currency, or_zero=True) if recommended else None
            rating = form.text("rating", required=False)
            as_of, expires_on = form.day("as_of"), form.optional_day("expires_on")
        use_once(session, form.value("once"))
        record(
            session,
            account_id,
            CheckResult(score, limit, rating or None, as_of, expires_on),
            provider=form.text("provider", required=False, longest=60) or form.speaking.translate(BY_HAND),
            actor=actor_of(request),
            paper=taken[0] if taken else None,
        )

    return _done(request, database, account_id, checked_by, form, act)


@post(f"{PATH}/ask", guards=admit(Permission.DECIDE_CREDIT), sync_to_thread=True)
def ask_for_check(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    form: SentForm,
    store: GivenStore,
    checked_by: GivenCheckedBy,
) -> Response[bytes]:
    """Ask the provider that is set up; nothing waits in the database meanwhile."""
    if checked_by.checks is None:
        raise NotFound
    with database.reading() as session:
        accounts.account(session, account_id)
    try:
        with database.transaction() as session:
            use_once(session, form.value("once"))
        ask(database, account_id, checked_by.checks, actor=actor_of(request), store=store)
    except SentAlready:
        return see_other(request, f"/accounts/{account_id}/credit-limit")
    except Refused as refused:
        return _show(request, database, account_id, checked_by, form.refused(refused), status=422)
    return see_other(request, f"/accounts/{account_id}/credit-limit")


def _done(
    request: AnyRequest,
    database: Database,
    account_id: int,
    checked_by: CheckedBy,
    form: Form,
    act: Callable[[Session], str | None],
) -> Response[bytes]:
    def again(form: Form) -> Response[bytes]:
        return _show(request, database, account_id, checked_by, form, status=422)

    return carry_out(request, database, form, act, there=f"/accounts/{account_id}/credit-limit", again=again)


def _show(
    request: AnyRequest, database: Database, account_id: int, checked_by: CheckedBy, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        context = frame(session, account_id, "credit")
        standing = standing_of(session, account_id)
        decided = limits.decisions(session, account_id)
        past = holds.history(session, account_id)
        latest = applications.latest(session, account_id)
        context |= {
            "standing": standing,
            "decided": [(row, _limit(row), who) for row, who in with_doers(session, decided)],
            "unbilled": [
                (row.reference, Money(row.amount_minor, row.currency), row.set_at)
                for row in unbilled.of_account(session, account_id)
            ],
            "checks": [(row, _limit(row)) for row in checks_of(session, account_id)],
            "past": [(row, HOLD_WORDS[row.reason]) for row in past],
            "names": staff.names(session, _people(standing, past)),
            "may_lift": authority.covers(session, officer_of(request).role, Act.LIFT_HOLD, None, account_id=account_id),
            "alone": alone(request, session, account_id, Act.CREDIT_LIMIT),
            "lifters": _lifters(session, account_id),
            "application": latest if latest is not None and latest.submitted_at is not None else None,
            "state_words": STATE_WORDS,
            "awaiting": awaiting(
                session, [row for row in approvals.waiting_of(session, account_id) if row.kind in OF_CREDIT]
            ),
            "provider": checked_by.checks.name if checked_by.checks else None,
            "form": form.only_at(_fields(standing)),
            "today": today(session),
        }
    return page(request, "backoffice/credit_account/show.html", context, status=status)


def _fields(standing: Standing) -> frozenset[str]:
    """The fields that the page shows as the account stands."""
    is_lifted = any(hold.is_lifted for hold in standing.holds)
    return FIELDS | (LIFT_FIELDS if standing.on_hold else frozenset()) | (END_FIELDS if is_lifted else frozenset())


def _people(standing: Standing, past: AnyRows) -> set[int]:
    """Who has lifted a hold, or ended that."""
    ids = {row.actor_id for row in past} | {row.lift_ended_by for row in past}
    return {each for each in ids | {hold.lifted_by for hold in standing.holds} if each is not None}


def _lifters(session: Session, account_id: int) -> list[tuple[str, str]]:
    """Who can lift a hold of this account: their names and roles."""
    able = authority.who_covers(session, Act.LIFT_HOLD, None, account_id=account_id)
    return [(each.name, ROLE_NAMES[each.role]) for each in staff.in_roles(session, able)]


def _limit(row: AnyRow) -> Money | None:
    return None if row.limit_minor is None else Money(row.limit_minor, row.currency)
