"""Credit applications: what is asked for, what references say, the proposal with its working, and the verdict."""

from __future__ import annotations

from collections.abc import Callable

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit, officer_of
from backoffice.approvals_asking import alone, do_or_ask, pressed
from backoffice.frame import entered
from backoffice.given import GivenNudge
from domain.accounts.model import LEGAL_FORM_NAMES
from domain.approvals.wishes import ApproveApplication
from domain.credit.applications import deciding, queries
from domain.credit.applications.deciding import Verdict, decide, decisions, note_answer, second_look
from domain.credit.applications.model import ANSWER_WORDS, STATE_WORDS, Answer, ApplicationState, Outcome
from domain.credit.checks.recording import good_check
from domain.credit.standing import standing_of
from domain.policies.acts import Act
from domain.reporting.behaviour import behaviour_of
from domain.sessions.once import use_once
from domain.shared.db.session import Database
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.staff import queries as staff
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.amounts import typed_amount
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest, visit_of

PAGE = 50
ONE = "/credit-applications/{application_id:int}"
_S = ApplicationState
VIEWS = {
    "waiting": (N_("Waiting"), (_S.SUBMITTED, _S.REVIEW)),
    "approved": (N_("Approved"), (_S.APPROVED,)),
    "refused": (N_("Refused"), (_S.REFUSED, _S.WITHDRAWN)),
}
"""The lists: what each is called, and which states it shows."""
STATE_BADGES = {
    _S.SUBMITTED: "waiting",
    _S.REVIEW: "soon",
    _S.APPROVED: "paid",
    _S.REFUSED: "failed",
    _S.WITHDRAWN: "void",
}
STAFF_WORDS = STATE_WORDS | {_S.SUBMITTED: N_("To be decided on"), _S.REVIEW: N_("For a second look")}
"""What each state is called to staff: to customers it says that we look into it."""
OUTCOME_WORDS = {
    Outcome.APPROVE: N_("Approved"),
    Outcome.REFUSE: N_("Refused"),
    Outcome.LOOK_AGAIN: N_("To be looked into again"),
}
"""What each verdict is called."""
ANSWERS = {answer.value: answer for answer in Answer}


@get("/credit-applications", guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def list_applications(
    request: AnyRequest, database: GivenDatabase, show: FromQuery[str] = "waiting", before: FromQuery[int | None] = None
) -> Response[bytes]:
    """Applications that were sent, the newest first."""
    chosen = show if show in VIEWS else "waiting"
    with database.reading() as session:
        rows = queries.of_state(session, VIEWS[chosen][1], before=before, limit=PAGE + 1)
    context = {
        "applications": [
            (row, Money(row.wanted_minor, row.currency), (STATE_BADGES[row.state], STAFF_WORDS[row.state]))
            for row in rows[:PAGE]
        ],
        "views": [
            (words, with_query("/credit-applications", show=name), name == chosen) for name, (words, _) in VIEWS.items()
        ],
        "older": with_query("/credit-applications", show=chosen, before=rows[PAGE - 1].id)
        if len(rows) > PAGE
        else None,
    }
    return page(request, "backoffice/credit_applications/list.html", context)


@get(ONE, guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def show_application(request: AnyRequest, database: GivenDatabase, application_id: FromPath[int]) -> Response[bytes]:
    """One application, with what is proposed and why."""
    return _show(request, database, application_id, None)


@post(f"{ONE}/reference", guards=admit(Permission.DECIDE_CREDIT), sync_to_thread=True)
def answer_reference(
    request: AnyRequest, database: GivenDatabase, application_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """What a trade reference said."""

    def act(session: Session) -> None:
        with form.reading():
            position = form.number("position", least=1, most=9)
            answer = form.choice("answer", ANSWERS, missing=N_("Choose what they said."))
            note = form.text("note", required=False, longest=500)
            if answer is not Answer.NONE and not note:
                form.refuse("note", N_("Write down what they said."))
        note_answer(session, application_id, position, answer, note, actor=actor_of(request))

    return _done(request, database, application_id, form, act)


@post(f"{ONE}/decide", guards=admit(Permission.DECIDE_CREDIT), sync_to_thread=True)
def decide_application(
    request: AnyRequest, database: GivenDatabase, application_id: FromPath[int], form: SentForm, nudge: GivenNudge
) -> Response[bytes]:
    """Approve it with a limit and terms or ask for that, or refuse it, with reasons that the customer reads."""

    def act(session: Session) -> str | None:
        application = queries.sent(session, application_id)
        approves = pressed(form) == "approve"
        with form.reading():
            limit = form.amount("limit", application.currency) if approves else None
            days = form.number("terms_days", least=0, most=365) if approves else None
            reasons = form.text("reasons", longest=1000, missing=N_("Say why; the customer reads it."))
        if limit is not None and days is not None:
            wish = ApproveApplication(
                application_id=application_id, limit_minor=limit.minor, terms_days=days, why=reasons
            )
            return do_or_ask(request, session, form, application.account_id, wish)
        use_once(session, form.value("once"))
        verdict = Verdict(None, None, reasons)
        decide(session, application_id, verdict, role=officer_of(request).role, actor=actor_of(request))
        return None

    answer = _done(request, database, application_id, form, act)
    nudge()
    return answer


@post(f"{ONE}/second-look", guards=admit(Permission.DECIDE_CREDIT), sync_to_thread=True)
def look_again(
    request: AnyRequest, database: GivenDatabase, application_id: FromPath[int], form: SentForm, nudge: GivenNudge
) -> Response[bytes]:
    """Agree to a person's refusal, or have it looked into again."""

    def act(session: Session) -> None:
        with form.reading():
            reasons = form.text("reasons", longest=1000, missing=N_("Say why; the customer reads it."))
        use_once(session, form.value("once"))
        agrees = form.value("act") == "agree"
        second_look(session, application_id, agrees=agrees, reasons=reasons, actor=actor_of(request))

    answer = _done(request, database, application_id, form, act)
    nudge()
    return answer


def _done(
    request: AnyRequest, database: Database, application_id: int, form: Form, act: Callable[[Session], str | None]
) -> Response[bytes]:
    def again(form: Form) -> Response[bytes]:
        return _show(request, database, application_id, form, status=422)

    return carry_out(request, database, form, act, there=f"/credit-applications/{application_id}", again=again)


def _show(
    request: AnyRequest, database: Database, application_id: int, form: Form | None, *, status: int = 200
) -> Response[bytes]:
    locale = visit_of(request).speaking.formats.locale
    with database.reading() as session:
        application = queries.sent(session, application_id)
        proposed = deciding.proposal(session, application)
        made = decisions(session, application.id)
        assert application.wanted_minor is not None
        assert application.legal_form is not None
        mine = bool(made) and made[-1].staff_id == officer_of(request).staff_id
        starting = {}
        if proposed is not None and proposed.limit is not None:
            starting = {"limit": typed_amount(proposed.limit, locale), "terms_days": str(proposed.terms_days)}
        context = {
            "application": application,
            "account": entered(session, application.account_id),
            "wanted": Money(application.wanted_minor, application.currency),
            "legal_form": LEGAL_FORM_NAMES[application.legal_form],
            "badge": (STATE_BADGES[application.state], STAFF_WORDS[application.state]),
            "references": queries.references(session, application.id),
            "answers": ANSWER_WORDS,
            "asked_by": staff.names(
                session,
                {one.asked_by for one in queries.references(session, application.id) if one.asked_by is not None},
            ),
            "files": queries.files(session, application.id),
            "proposed": proposed,
            "check": good_check(session, application.account_id),
            "behaviour": behaviour_of(session, application.account_id),
            "standing": standing_of(session, application.account_id),
            "decisions": [
                (
                    one,
                    OUTCOME_WORDS[one.outcome],
                    None if one.limit_minor is None else Money(one.limit_minor, application.currency),
                )
                for one in made
            ],
            "names": staff.names(session, {one.staff_id for one in made}),
            "mine": mine,
            "alone": alone(request, session, application.account_id, Act.CREDIT_LIMIT),
            "form": (form or Form.starting(request, **starting)).only_at(_fields(application.state, mine=mine)),
        }
        return page(request, "backoffice/credit_applications/show.html", context, status=status)


def _fields(state: ApplicationState, *, mine: bool) -> set[str]:
    """The fields to decide with that the page of an application in this state has."""
    if state is _S.SUBMITTED:
        return {"limit", "terms_days", "reasons"}
    return {"reasons"} if state is _S.REVIEW and not mine else set()
