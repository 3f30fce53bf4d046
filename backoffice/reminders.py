"""Reminders: who would hear from us tonight, who would not and why; what each duty did on each day; pausing it all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from litestar import Response, get, post
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.notice_views import one_line
from domain.dunning import pausing, turns
from domain.dunning.foreseeing import Foreseen, due_ids, foresee
from domain.notices.model import HELD_BACK_NAMES
from domain.policies.contacting import CHANNEL_NAMES, WORDING_NAMES
from domain.receivables import queries as receivables
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database, now, today
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.staff import queries as staff
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

PAGE = 50
"""So many accounts are foreseen on a page: each is asked about by itself."""
DAYS = 7
"""So many days of the nightly run are shown, the last ones."""
DUTY_NAMES = {
    "reminders": N_("Reminders decided on"),
    "courtesies": N_("Courtesies decided on"),
    "promises": N_("Promises judged"),
    "late charges": N_("Charges for lateness"),
    "automatic payments": N_("Automatic payments"),
    "disputes": N_("Disputes watched"),
    "plans": N_("Payment plans watched"),
    "settlements": N_("Settlements watched"),
    "placements": N_("Debts with agencies and attorneys watched"),
    "partners' folders": N_("Files taken in from partners' folders"),
    "limitations": N_("How long debts can be enforced"),
    "legal cases": N_("Legal cases"),
    "write-offs": N_("Write-offs watched"),
    "reports": N_("Reports"),
    "reports by mail": N_("Reports by mail"),
    "cash forecast": N_("Learned how late accounts pay, and the week's cash forecast"),
    "assignments": N_("Accounts given to whoever looks after them"),
    "approvals": N_("Requests for approval that have expired"),
    "worklist": N_("Work gathered and put in order"),
    "day figures": N_("Key figures of the day kept"),
    "daily digests": N_("Mails in the morning to staff"),
    "messages": N_("Messages sent and other work done"),
    "notices": N_("Notices sent, and other work for many at once"),
    "events": N_("Messages from the processor"),
    "evidence packs": N_("Evidence packs made"),
    "checks of everything": N_("Books and audit trail checked on request"),
    "retention": N_("Papers that are due to be erased"),
    "words of documents": N_("Documents read, so that their words are found"),
    "incoming mail": N_("Mail from customers taken in"),
    "unknown outcomes": N_("Payments whose outcome was unknown"),
    "unknown refunds": N_("Refunds whose outcome was unknown"),
    "terms to accept": N_("Terms sent to be accepted"),
    "terms not accepted": N_("Reminders to accept terms"),
    "silent payments": N_("Payments that nobody heard of"),
    "backfill": N_("What the processor may not have told"),
    "unfinished": N_("Unfinished payments looked at"),
    "tie-out": N_("Checks that everything adds up"),
    "credit holds": N_("Holds on new credit"),
    "seal": N_("Seals of the books"),
    "forgetting": N_("Old sessions and keys forgotten"),
}
"""What the worker's duties are called; one that is not here goes by its own name."""


@dataclass(frozen=True, slots=True)
class ForeseenView:
    """What would be done for one account: a notice and when, or nothing and why."""

    account_id: int
    account_name: str
    wording: str
    channel: str
    name: str | None
    address: str | None
    total: Money
    numbers: str
    approve: bool
    at: datetime | None
    why: str | None
    left_out: Sequence[tuple[str, Money, str]]


@dataclass(frozen=True, slots=True)
class DutyView:
    """What one duty did on one day."""

    name: str
    day: date
    runs: int
    done: int
    failures: int
    last_at: datetime
    last_error: str | None


@get("/reminders/tonight", guards=admit(Permission.SEE_NOTICES), sync_to_thread=True)
def tonight(request: AnyRequest, database: GivenDatabase, after: FromQuery[int] = 0) -> Response[bytes]:
    """The dry run, a page at a time: nothing of it is written."""
    with database.reading() as session:
        due = due_ids(session)
        rest = [account_id for account_id in due if account_id > after]
        found = list(foresee(session, rest[:PAGE]))
        numbers = receivables.numbers(session, {part.invoice_id for each in found for part in each.plan.parts})
        context = {
            "gets": [_foreseen(each, numbers) for each in found if each.why is None],
            "does_not": [_foreseen(each, numbers) for each in found if each.why is not None],
            "reasons": [
                (HELD_BACK_NAMES[why], many)
                for why, many in Counter(each.why for each in found if each.why).most_common()
            ],
            "all": len(due),
            "shown": len(found),
            "following": with_query("/reminders/tonight", after=rest[PAGE - 1]) if len(rest) > PAGE else None,
            "pause": _pause(session),
            "now": now(session),
            "day": today(session),
        }
    return page(request, "backoffice/reminders/tonight.html", context)


@get("/reminders/run", guards=admit(Permission.SEE_NOTICES), sync_to_thread=True)
def nightly_run(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """What every duty did today and on the last days, and whether reminders are paused."""
    return _run_page(request, database, Form.starting(request))


@post("/reminders/pause", guards=admit(Permission.PAUSE_DUNNING), sync_to_thread=True)
def pause_reminders(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """No reminder to anybody, from now on."""

    def act(session: Session) -> None:
        with form.reading():
            why = form.text("why", longest=pausing.LONGEST_WHY, missing=N_("Say why."))
            until_on = form.optional_day("until_on")
        pausing.pause(session, why=why, until_on=until_on, actor=actor_of(request))

    return _done(request, database, form, act)


@post("/reminders/resume", guards=admit(Permission.PAUSE_DUNNING), sync_to_thread=True)
def resume_reminders(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Reminders go out again; what is due is derived anew."""

    def act(session: Session) -> None:
        pausing.resume(session, actor=actor_of(request))

    return _done(request, database, form, act)


def _done(request: AnyRequest, database: Database, form: Form, act: Callable[[Session], None]) -> Response[bytes]:
    def again(form: Form) -> Response[bytes]:
        return _run_page(request, database, form)

    return carry_out(request, database, form, act, there="/reminders/run", again=again)


def _run_page(request: AnyRequest, database: Database, form: Form) -> Response[bytes]:
    with database.reading() as session:
        day = today(session)
        rows = turns.since(session, day - timedelta(days=DAYS - 1))
        context = {
            "today": sorted((_duty(row) for row in rows if row.day == day), key=_urgent_first),
            "days": _by_day([_duty(row) for row in rows if row.day != day]),
            "day": day,
            "pause": _pause(session),
            "longest": pausing.LONGEST_WHY,
            "form": form,
        }
    return page(request, "backoffice/reminders/run.html", context)


def _pause(session: Session) -> tuple[str, datetime, date | None, str] | None:
    """Why reminders are paused, since when, until when and by whom; None where they go out."""
    held = pausing.paused(session)
    if held is None:
        return None
    names = staff.names(session, {held.paused_by})
    return held.why, held.paused_at, held.until_on, names.get(held.paused_by, "–")


def _foreseen(each: Foreseen, numbers: Mapping[int, str]) -> ForeseenView:
    plan, reached = each.plan, each.plan.reached
    return ForeseenView(
        account_id=each.account_id,
        account_name=each.account_name,
        wording=WORDING_NAMES[plan.step.wording],
        channel=CHANNEL_NAMES[reached.channel if reached else plan.step.channel],
        name=reached.name if reached else None,
        address=one_line(reached.address) if reached else None,
        total=plan.total,
        numbers=", ".join(numbers[part.invoice_id] for part in plan.parts),
        approve=plan.step.approve,
        at=each.at,
        why=HELD_BACK_NAMES[each.why] if each.why else None,
        left_out=[
            (numbers[part.invoice_id], part.left_out, HELD_BACK_NAMES[part.why]) for part in plan.parts if part.why
        ],
    )


def _duty(row: AnyRow) -> DutyView:
    name = DUTY_NAMES.get(row.duty, row.duty)
    return DutyView(name, row.day, row.runs, row.done, row.failures, row.last_at, row.last_error)


def _urgent_first(did: DutyView) -> tuple[bool, bool]:
    """What failed first, then what did something."""
    return not did.failures, not did.done


def _by_day(found: Sequence[DutyView]) -> list[tuple[date, list[DutyView]]]:
    """The days before today, the last first, each with the duties that did something or failed."""
    days = sorted({each.day for each in found}, reverse=True)
    return [(day, [each for each in found if each.day == day and (each.done or each.failures)]) for day in days]
