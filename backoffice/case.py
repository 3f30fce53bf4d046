"""Case: one legal case with its invoices, steps, costs and interest, and what can be done with it in its state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.case_views import case_history, case_invoice_views, case_view, cost_views, step_views
from backoffice.cases import LIST
from backoffice.policy_values import decimal
from backoffice.wording import with_doers
from domain.documents import listing
from domain.documents.listing import Wanted
from domain.legal_cases import judging, opening, queries, stepping
from domain.legal_cases.judging import Judgment
from domain.legal_cases.model import CASE_OUTCOMES, STEP_NAMES, CaseOutcome, CaseStatus, StepKind
from domain.legal_cases.opening import LONGEST_NUMBER, LONGEST_WHY
from domain.legal_cases.stepping import LONGEST_WORDS, Step
from domain.policies.problems import Bounds
from domain.sessions.once import use_once
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Invalid
from domain.shared.money import Money
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest

PATH = "/cases/{case_id:int}"
ACT = "act"
MOST_PAPERS = 200
NONE = ""
"""What the form sends where no paper goes with it."""
KINDS = {kind.value: kind for kind in StepKind}
OUTCOMES = {one.value: one for one in CaseOutcome if one is not CaseOutcome.PAID}
POSSIBLE = {
    CaseStatus.PREPARED: {"file", "close"},
    CaseStatus.FILED: {"judgment", "close"},
    CaseStatus.JUDGMENT: {"enforce", "interest", "close"},
    CaseStatus.ENFORCING: {"interest", "close"},
    CaseStatus.CLOSED: set[str](),
}
"""What can be done in each state."""
PERCENT = Bounds(Decimal(0), Decimal(100))
CaseId = FromPath[int]


@get(PATH, guards=admit(Permission.SEE_PLACEMENTS), sync_to_thread=True)
def show_case(request: AnyRequest, database: GivenDatabase, case_id: CaseId) -> Response[bytes]:
    """What is claimed, what became of it, what is due next, and what its judgment bears to date."""
    return _show(request, database, case_id, None)


@post(PATH, guards=admit(Permission.HANDLE_CASES), sync_to_thread=True)
def move_case(request: AnyRequest, database: GivenDatabase, case_id: CaseId, form: SentForm) -> Response[bytes]:
    """File it, record the judgment, enforce it, charge its interest, or close it."""

    def act(session: Session, row: AnyRow) -> None:
        account_id, actor = row.account_id, actor_of(request)
        match form.value(ACT):
            case "file":
                with form.reading():
                    filed_on = form.day("filed_on")
                    number = form.text(
                        "number", longest=LONGEST_NUMBER, missing=N_("Enter the court's number of the case.")
                    )
                opening.file(session, account_id, case_id, filed_on=filed_on, number=number, actor=actor)
            case "judgment":
                judging.record_judgment(session, account_id, case_id, _judgment(form, row.currency), actor=actor)
            case "enforce":
                with form.reading():
                    why = form.text("enforce_why", longest=LONGEST_WHY, required=False)
                judging.enforce(session, account_id, case_id, why=why, actor=actor)
            case "interest":
                with form.reading():
                    through = form.day("through")
                judging.charge_interest(session, account_id, case_id, through=through, actor=actor)
            case "close":
                with form.reading():
                    outcome = form.choice("outcome", OUTCOMES, missing=N_("Choose how it ended."))
                    why = form.text("close_why", longest=LONGEST_WHY, missing=N_("Say why."))
                opening.close(session, account_id, case_id, outcome, why=why, actor=actor)
            case _:
                raise Invalid(N_("Choose what is to be done."))

    return _done(request, database, case_id, form, act)


@post(f"{PATH}/steps", guards=admit(Permission.HANDLE_CASES), sync_to_thread=True)
def plan_case_step(request: AnyRequest, database: GivenDatabase, case_id: CaseId, form: SentForm) -> Response[bytes]:
    """Write down what is to be done, and by when."""

    def act(session: Session, row: AnyRow) -> None:
        with form.reading():
            kind = form.choice("kind", KINDS, missing=N_("Choose what sort of step it is."))
            what = form.text("what", longest=LONGEST_WORDS, missing=N_("Say what is to be done."))
            due_on = form.optional_day("due_on")
        stepping.plan_step(session, row.account_id, case_id, Step(kind, what, due_on), actor=actor_of(request))

    return _done(request, database, case_id, form, act)


@post(f"{PATH}/steps/{{step_id:int}}", guards=admit(Permission.HANDLE_CASES), sync_to_thread=True)
def finish_case_step(
    request: AnyRequest, database: GivenDatabase, case_id: CaseId, step_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Write down what came of a step, with its paper."""
    field, paper = f"came_of_it-{step_id}", f"document-{step_id}"

    def act(session: Session, row: AnyRow) -> None:
        with form.reading():
            words = form.text(field, longest=LONGEST_WORDS, missing=N_("Say what came of it."))
            papers = form.ids(paper) if form.value(paper) != NONE else ()
        stepping.finish_step(
            session,
            row.account_id,
            case_id,
            step_id,
            came_of_it=words,
            document_id=papers[0] if papers else None,
            actor=actor_of(request),
        )

    return _done(request, database, case_id, form, act)


@post(f"{PATH}/costs", guards=admit(Permission.HANDLE_CASES), sync_to_thread=True)
def pay_case_cost(request: AnyRequest, database: GivenDatabase, case_id: CaseId, form: SentForm) -> Response[bytes]:
    """Write down what we paid for it from our bank."""

    def act(session: Session, row: AnyRow) -> None:
        with form.reading():
            amount = form.amount("cost", row.currency)
            paid_on = form.day("paid_on")
            what = form.text("cost_what", longest=LONGEST_WORDS, missing=N_("Say what it was for."))
        stepping.pay_cost(session, row.account_id, case_id, amount, paid_on, what=what, actor=actor_of(request))

    return _done(request, database, case_id, form, act)


def _judgment(form: Form, currency: str) -> Judgment:
    with form.reading():
        on = form.day("judgment_on")
        amount = form.amount("judgment", currency)
        costs = form.amount("costs", currency, or_zero=True)
        rate = decimal(form, "rate", PERCENT)
    return Judgment(on, amount, costs, round(rate * 100))


def _done(
    request: AnyRequest, database: Database, case_id: int, form: Form, act: Callable[[Session, AnyRow], None]
) -> Response[bytes]:
    with database.reading() as session:
        row = queries.case(session, case_id)

    def once(session: Session) -> None:
        use_once(session, form.value("once"))
        act(session, row)

    def again(form: Form) -> Response[bytes]:
        return _show(request, database, case_id, form)

    return carry_out(request, database, form, once, there=f"{LIST}/{case_id}", again=again)


def _show(request: AnyRequest, database: Database, case_id: int, form: Form | None) -> Response[bytes]:
    with database.reading() as session:
        row = queries.case(session, case_id)
        case = queries.entity(session, row.account_id, case_id)
        day = today(session)
        papers = listing.listed(session, Wanted(row.account_id), limit=MOST_PAPERS).rows
        borne, charged = judging.borne(session, case, day), judging.charged(session, case)
        context = {
            "case": case_view(row),
            "invoices": case_invoice_views(queries.invoices(session, case_id)),
            "steps": step_views(queries.steps(session, case_id), day),
            "costs": cost_views(queries.costs(session, case_id)),
            "borne": borne,
            "charged": charged,
            "to_charge": Money(max(0, borne.minor - charged.minor), row.currency),
            "changes": case_history(with_doers(session, queries.changes(session, case_id))),
            "acts": POSSIBLE[row.status],
            "kinds": [(kind.value, words) for kind, words in STEP_NAMES.items()],
            "outcomes": [(one.value, CASE_OUTCOMES[one]) for one in OUTCOMES.values()],
            "papers": [(paper.id, paper.filename) for paper in papers],
            "longest": LONGEST_WHY,
            "form": form or _starting(request, day),
        }
    return page(request, "backoffice/cases/show.html", context)


def _starting(request: AnyRequest, day: date) -> Form:
    """The forms as they begin: most of what is written down here happened today."""
    days = dict.fromkeys(("filed_on", "judgment_on", "through", "paid_on"), day.isoformat())
    return Form.starting(request, **days, costs="0")
