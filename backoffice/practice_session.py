"""Practice session: one conversation with a customer who does not exist, logged like any call, and looked back on."""

from __future__ import annotations

from dataclasses import replace

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import admit, officer_of
from backoffice.account_calls import log_start, wants
from backoffice.calls import HINTS, OUTCOMES
from backoffice.practice_views import (
    ChoiceView,
    PretendAccount,
    PretendInvoice,
    conversation,
    ended_badly,
    mark_views,
    saying,
    title_of,
)
from domain.notices.calling import LONGEST_WORDS
from domain.notices.model import OUTCOME_NAMES, CallOutcome
from domain.practice import practising, queries
from domain.practice.case import Case, case_of
from domain.practice.dialogue import MOST_TURNS, choices, play
from domain.practice.model import PracticeSession
from domain.practice.moves import MOVE_NAMES
from domain.practice.rubric import mark
from domain.practice.situation import Logged, Situation, Told, Way
from domain.practice.situations import ALL
from domain.processing.calling import CALLED_AGAIN, LONGEST_WAIT, WAITS
from domain.shared.db.session import Database, business, today
from domain.shared.errors import N_
from domain.staff.permissions import Permission, may
from web.acting import carry_out
from web.forms import Form, SentForm, query_form
from web.fragments import fragment, page
from web.given import GivenDatabase
from web.visit import AnyRequest, visit_of

PATH = "/practice/sessions/{practice_id:int}"
NOW = "now"
"""Where on the page the conversation is."""


@get(PATH, guards=admit(Permission.PRACTISE), sync_to_thread=True)
def show_practice(request: AnyRequest, database: GivenDatabase, practice_id: FromPath[int]) -> Response[bytes]:
    """The conversation so far and what can be said; once it is over the form to log it; then how it went."""
    return _page(request, database, practice_id, Form.starting(request))


@post(PATH, guards=admit(Permission.PRACTISE), sync_to_thread=True)
def say_in_practice(
    request: AnyRequest, database: GivenDatabase, practice_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Say something, and hear what they answer."""

    def act(session: Session) -> None:
        with form.reading():
            move = form.choice("move", practising.ALL_MOVES, missing=N_("Choose what you say."))
            words = form.text("words", longest=LONGEST_WORDS, required=False)
            turn = form.number("turn", least=1, most=MOST_TURNS)
        practising.say(session, officer_of(request).staff_id, practice_id, turn, Told(move, words))

    return carry_out(
        request,
        database,
        form,
        act,
        there=f"/practice/sessions/{practice_id}#{NOW}",
        again=lambda form: _page(request, database, practice_id, form),
    )


@get(f"{PATH}/log", guards=admit(Permission.PRACTISE), sync_to_thread=True)
def practice_log_form(request: AnyRequest, database: GivenDatabase, practice_id: FromPath[int]) -> Response[bytes]:
    """What an outcome asks for besides the words; what was chosen already stays."""
    form = query_form(request)
    if visit_of(request).from_htmx:
        with database.reading() as session:
            practised, _ = _read(session, request, practice_id)
            context = _log_context(session, practised, form.value("outcome"))
        form = form if "number" in form.names() else log_start(request, context, form.value("outcome"))
        return fragment(request, "backoffice/account/_log_more.html", {**context, "log": form})
    return _page(request, database, practice_id, form)


@post(f"{PATH}/log", guards=admit(Permission.PRACTISE), sync_to_thread=True)
def log_practice(
    request: AnyRequest, database: GivenDatabase, practice_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Log the call as on an account, and look back on it; nobody is called again, and nothing is held."""

    def act(session: Session) -> None:
        practised, _ = _read(session, request, practice_id)
        with form.reading():
            logged = _logged(form, _case(practised))
        practising.log(session, officer_of(request).staff_id, practice_id, logged)

    return carry_out(
        request,
        database,
        form,
        act,
        there=f"/practice/sessions/{practice_id}",
        again=lambda form: _log_again(request, database, practice_id, form),
    )


@post(f"{PATH}/share", guards=admit(Permission.PRACTISE), sync_to_thread=True)
def share_practice(
    request: AnyRequest, database: GivenDatabase, practice_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Let managers read a session, or no longer."""

    def act(session: Session) -> None:
        practising.share(session, officer_of(request).staff_id, practice_id, shared=form.ticked("shared"))

    return carry_out(
        request,
        database,
        form,
        act,
        there=f"/practice/sessions/{practice_id}",
        again=lambda form: _page(request, database, practice_id, form),
    )


def _logged(form: Form, case: Case) -> Logged:
    """What the form says, asked for as on an account."""
    outcome = form.choice("outcome", OUTCOMES, missing=N_("Choose how it went."))
    words = form.text("words", longest=LONGEST_WORDS, required=False)
    logged = Logged(outcome, words)
    if outcome is CallOutcome.PROMISE:
        typed = form.amount("amount", case.amount.currency) if form.value("amount").strip() else case.amount
        promised_on = form.day("promised_on", missing=N_("Enter the day by which they will pay."))
        return replace(logged, follows_on=promised_on, amount=typed)
    if outcome in WAITS:
        return replace(logged, follows_on=form.day("until_on", missing=N_("Say until when reminders are to wait.")))
    return replace(logged, follows_on=form.optional_day("again_on")) if outcome in CALLED_AGAIN else logged


def _read(session: Session, request: AnyRequest, practice_id: int) -> tuple[PracticeSession, Situation]:
    officer = officer_of(request)
    is_boss = may(officer.role, Permission.COACH)
    practised = queries.session_of(session, practice_id, officer.staff_id, is_boss=is_boss)
    return practised, ALL[practised.situation]


def _case(practised: PracticeSession) -> Case:
    return case_of(practised.situation, practised.seed, practised.day, practised.currency)


def _log_context(session: Session, practised: PracticeSession, outcome: str) -> dict[str, object]:
    """What the form of a call shows, about the customer who does not exist."""
    case, day, chosen = _case(practised), today(session), OUTCOMES.get(outcome)
    path = f"/practice/sessions/{practised.id}"
    return {
        "account": PretendAccount(path, practised.currency),
        "log_script": None,
        "outcomes": [(one.value, words) for one, words in OUTCOME_NAMES.items()],
        "wants": wants(chosen),
        "follows": HINTS.get(chosen) if chosen and wants(chosen) is None else None,
        "log_numbers": [(case.phone, f"{case.phone}, {case.company}")],
        "log_invoices": [(PretendInvoice(1, case.number, case.due_on, case.amount), True)],
        "latest_wait": day + LONGEST_WAIT,
        "day": day,
        "longest_call": LONGEST_WORDS,
    }


def _log_again(request: AnyRequest, database: Database, practice_id: int, form: Form) -> Response[bytes]:
    """The form with what is wrong: by itself where htmx puts it in its place, else on its page."""
    if not visit_of(request).from_htmx:
        return _page(request, database, practice_id, form)
    with database.reading() as session:
        practised, _ = _read(session, request, practice_id)
        context = _log_context(session, practised, form.value("outcome"))
    return fragment(request, "backoffice/account/_log.html", {**context, "log": form})


def _page(request: AnyRequest, database: Database, practice_id: int, form: Form) -> Response[bytes]:
    officer, speaking = officer_of(request), visit_of(request).speaking
    with database.reading() as session:
        practised, situation = _read(session, request, practice_id)
        told, us = queries.told(session, practice_id), business(session).name
        log = _log_context(session, practised, form.value("outcome"))
        moves = [one.move for one in told]
        talk = play(situation, practised.seed, moves)
        case = _case(practised)
        is_marked = practised.marked_at is not None
        context: dict[str, object] = {
            "path": f"/practice/sessions/{practice_id}",
            "title": title_of(situation, practised.is_surprise and not is_marked),
            "is_hidden": practised.is_surprise and not is_marked,
            "situation": situation,
            "is_call": situation.way is Way.CALL,
            "is_own": practised.staff_id == officer.staff_id,
            "is_shared": practised.shared_at is not None,
            "is_over": talk.is_over,
            "is_marked": is_marked,
            "case": case,
            "late_days": (practised.day - case.due_on).days,
            "said": conversation(situation, case, told, talk, us, speaking.language),
            "gone": ended_badly(situation, talk),
            "turn": len(told) + 1,
            "choices": [
                ChoiceView(one.value, MOVE_NAMES[one], saying(situation, one, moves, case, us))
                for one in choices(situation, practised.seed, moves)
            ],
            "longest": LONGEST_WORDS,
            "now": NOW,
            "form": form,
        }
        if is_marked:
            context |= _looked_back(practised, situation, told, us)
    starting = form if "number" in form.names() else log_start(request, log, form.value("outcome"))
    return page(request, "backoffice/practice/session.html", {**log, **context, "log": starting})


def _looked_back(practised: PracticeSession, situation: Situation, told: list[Told], us: str) -> dict[str, object]:
    """How it went: the marks, how it was logged, and one good way through it."""
    logged = queries.logged(practised)
    marks = mark(situation, practising.looked_back(practised, told, logged))
    case = _case(practised)
    return {
        "marks": mark_views(marks),
        "points": marks.points,
        "most": marks.most,
        "logged": logged,
        "outcome": OUTCOME_NAMES[logged.outcome] if logged else None,
        "best_outcome": OUTCOME_NAMES[situation.outcome] if situation.outcome else None,
        "model": [
            ChoiceView(one.value, MOVE_NAMES[one], saying(situation, one, situation.model[:number], case, us))
            for number, one in enumerate(situation.model)
        ],
    }


PAGES = (show_practice, say_in_practice, practice_log_form, log_practice, share_practice)
"""Its ways."""
