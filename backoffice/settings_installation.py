"""Settings of the installation: how everything outside is doing, each with whether it is well, and test messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from litestar import Response, get, post

from backoffice.access import actor_of, admit, officer_of
from backoffice.confirming import unsure
from backoffice.given import GivenNudge
from backoffice.installation import Installation
from backoffice.reminders import DUTY_NAMES
from backoffice.settings import GivenInstallation
from domain.preferences import trying
from domain.preferences.trying import Way
from domain.reporting.installed import Installed, installed
from domain.shared.db.session import Database, business, today
from domain.shared.errors import N_, Refused
from domain.shared.public_holidays import closed_days
from domain.shared.words import Words
from domain.staff.permissions import Permission
from web.acting import status_of
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest

PATH = "/installation"
TESTS = PATH + "/tests"
WORKER_LATE = timedelta(days=1)
"""The worker writes down each duty's first turn of a day at least."""
BACKUP_LATE = timedelta(days=2)
WAY_NAMES = {Way.EMAIL: N_("Email"), Way.SMS: N_("Text message")}
OK, LOOK = ("paid", N_("ok")), ("warning", N_("look here"))


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of the installation: its name, how it stands in words, and whether it is well."""

    name: str
    says: Words
    is_well: bool
    href: str | None = None

    @property
    def badge(self) -> tuple[str, str]:
        """The kind of its badge, and its words."""
        return OK if self.is_well else LOOK


@get(PATH, guards=admit(Permission.SEE_SETTINGS), sync_to_thread=True)
def show_installation(request: AnyRequest, database: GivenDatabase, installation: GivenInstallation) -> Response[bytes]:
    """How the installation stands, and what is decided outside the program."""
    with database.reading() as session:
        state, day, ours = installed(session), today(session), business(session)
    context = {
        "lines": [*_inside(installation, state), *_outside(installation, state, ours.country, day)],
        "outside": installation.outside,
        "at": state.at,
    }
    return page(request, "backoffice/settings/installation.html", context)


@get(TESTS, guards=admit(Permission.SEE_SETTINGS), sync_to_thread=True)
def show_tests(request: AnyRequest, database: GivenDatabase, installation: GivenInstallation) -> Response[bytes]:
    """Test messages to oneself, and what became of the last ones."""
    return _tests(request, database, installation, Form.starting(request, to=officer_of(request).email, way=Way.EMAIL))


@post(TESTS, guards=admit(Permission.CHANGE_SETTINGS), sync_to_thread=True)
def send_test_message(
    request: AnyRequest, database: GivenDatabase, installation: GivenInstallation, form: SentForm, nudge: GivenNudge
) -> Response[bytes]:
    """Send oneself a test message: an email to one's own address, or a text to the number that is typed."""
    if (asked := unsure(request, database, form)) is not None:
        return asked
    officer = officer_of(request)
    try:
        with form.reading():
            way = form.choice("way", {each.value: each for each in Way})
            to = (
                officer.email if way is Way.EMAIL else form.text("number", longest=20, missing=N_("Enter your number."))
            )
            if way is Way.SMS and not (to.startswith("+") and to[1:].isdigit()):
                form.refuse("number", N_("Enter the number with its country, such as +441632960999."))
        with database.transaction() as session:
            can_text = installation.bounds.can_text
            trying.try_out(session, way, to, can_text=can_text, actor=actor_of(request))
    except Refused as refused:
        answer = _tests(request, database, installation, form.refused(refused))
        answer.status_code = status_of(refused)
        return answer
    nudge()
    return see_other(request, TESTS)


def _tests(request: AnyRequest, database: Database, installation: Installation, form: Form) -> Response[bytes]:
    with database.reading() as session:
        found = [(act, row, _state(row)) for act, row in trying.tried(session)]
    context = {
        "form": form,
        "tried": found,
        "ways": [(way.value, WAY_NAMES[way]) for way in Way if way is Way.EMAIL or installation.bounds.can_text],
        "way_names": {way.value: words for way, words in WAY_NAMES.items()},
    }
    return page(request, "backoffice/settings/tests.html", context)


def _state(row: object) -> tuple[str, str]:
    """How a test message stands: the kind of its badge, and its words."""
    if row is None or getattr(row, "done_at", None) is not None:
        return "paid", N_("handed over")
    if getattr(row, "given_up_at", None) is not None:
        return "failed", N_("given up")
    return ("warning", N_("will be tried again")) if getattr(row, "last_error", None) else ("waiting", N_("waiting"))


def _inside(installation: Installation, state: Installed) -> list[Line]:
    """What our own processes and the database say."""
    at = state.at
    worker = state.worker_at
    queue = N_("{waiting} due, {failed} given up")
    return [
        Line(N_("Version"), Words.of("{version}", version=installation.version or "–"), is_well=True),
        Line(N_("Database"), Words.of("{name}", name=installation.database or "–"), is_well=True),
        Line(
            N_("Schema"),
            Words.of(
                N_("{there}; the program's is {newest}"), there=state.schema or "–", newest=installation.head or "–"
            ),
            is_well=state.schema == installation.head,
        ),
        Line(
            N_("Worker"),
            Words.of(N_("last turn {moment}"), moment=worker) if worker else Words.of(N_("it has not worked yet")),
            is_well=worker is not None and at - worker < WORKER_LATE and not state.outbox.is_late(at),
            href="/reminders/run",
        ),
        Line(
            N_("Duties that failed"),
            Words.of(
                "{names}", names=tuple(Words.of(DUTY_NAMES.get(name, name)) for name in state.failed_duties) or "–"
            ),
            is_well=not state.failed_duties,
            href="/reminders/run",
        ),
        Line(
            N_("Messages to send"),
            Words.of(queue, waiting=state.outbox.waiting, failed=state.outbox.failed),
            is_well=not state.outbox.failed and not state.outbox.is_late(at),
            href="/tasks",
        ),
        Line(
            N_("Events of Stripe"),
            Words.of(queue, waiting=state.inbox.waiting, failed=state.inbox.failed),
            is_well=not state.inbox.failed and not state.inbox.is_late(at),
            href="/inbox",
        ),
        Line(
            N_("Seal"),
            Words.of(N_("last one {moment}"), moment=state.sealed_at) if state.sealed_at else Words.of(N_("none yet")),
            is_well=state.sealed_at is not None,
            href="/audit",
        ),
    ]


def _outside(installation: Installation, state: Installed, country: str, day: date) -> list[Line]:
    """What is set up around us."""
    if installation.is_live:
        stripe = Words.of(N_("live: real money moves"))
    else:
        stripe = Words.of(
            N_("simulated on this machine") if installation.is_simulated else N_("test mode: no money moves")
        )
    ahead = [day + timedelta(days=number) for number in range(366)]
    closed = closed_days(country)
    following = next((each for each in ahead if each in closed), None)
    backup = _backup(installation)
    holidays = Words.of(N_("{country}; the next one is {day}"), country=country, day=following) if following else None
    return [
        Line(N_("Stripe"), stripe if installation.has_stripe else Words.of(N_("no key")), is_well=installation.is_live),
        Line(
            N_("Mail"),
            Words.of("{where}", where=installation.mail or "–"),
            is_well=installation.mail_is_sent,
            href=TESTS,
        ),
        Line(N_("Text messages"), Words.of("{where}", where=installation.texts or "–"), is_well=True, href=TESTS),
        Line(
            N_("Documents"), Words.of("{where}", where=installation.storage or "–"), is_well=bool(installation.storage)
        ),
        Line(
            N_("Virus scanner"),
            Words.of(N_("looks at every file") if installation.scanner else N_("nobody looks at files")),
            is_well=installation.scanner,
        ),
        Line(
            N_("Last backup"),
            Words.of("{moment}", moment=backup) if backup else Words.of(N_("not known")),
            is_well=backup is not None and state.at - backup < BACKUP_LATE,
        ),
        Line(
            N_("Public holidays"),
            holidays or Words.of(N_("nobody keeps those of {country}"), country=country),
            is_well=following is not None,
            href="/settings/hours",
        ),
    ]


def _backup(installation: Installation) -> datetime | None:
    """When whoever makes backups touched the file that tells of it."""
    try:
        return (
            datetime.fromtimestamp(Path(installation.backup_file).stat().st_mtime, UTC)
            if installation.backup_file
            else None
        )
    except OSError:
        return None


PAGES = (show_installation, show_tests, send_test_message)
"""Its ways."""
