"""Acceptances: who has accepted which terms and who has not, asking again, and papers that were signed by hand."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from backoffice.access import actor_of, admit
from backoffice.frame import entered, frame
from backoffice.given import AccountId
from domain.policies import acceptances, accepting, progress, telling
from domain.policies.acceptances import HOW_WORDS
from domain.policies.accepting import Signed, Signer
from domain.policies.asked import reference
from domain.policies.progress import ANSWER_NAMES, Answer
from domain.shared.db.session import Database
from domain.shared.errors import N_, Conflict, Refused
from domain.staff.permissions import Permission
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.links import with_query
from web.uploads import MOST_SENT, GivenIntake
from web.visit import AnyRequest

PAGE = 50
LIST = "/policies/acceptances"
OF_ACCOUNT = "/accounts/{account_id:int}/acceptances"
VersionId = FromPath[int]


@get(LIST, guards=admit(Permission.SEE_POLICIES), sync_to_thread=True)
def overview(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """How far each version that is asked for has come."""
    with database.reading() as session:
        context = {"rows": progress.progress(session)}
    return page(request, "backoffice/acceptances/list.html", context)


@get(LIST + "/{version_id:int}", guards=admit(Permission.SEE_POLICIES), sync_to_thread=True)
def of_version(
    request: AnyRequest,
    database: GivenDatabase,
    version_id: VersionId,
    show: FromQuery[str] = Answer.WAITING,
    after: FromQuery[int | None] = None,
) -> Response[bytes]:
    """The accounts that have not accepted a version (or have), since when they are asked, and how often."""
    answer = Answer(show) if show in set(Answer) else Answer.WAITING
    return _version_page(request, database, version_id, Form.starting(request), answer, after)


@post(LIST + "/{version_id:int}", guards=admit(Permission.CHANGE_ACCOUNTS), sync_to_thread=True)
def ask_again(request: AnyRequest, database: GivenDatabase, version_id: VersionId, form: SentForm) -> Response[bytes]:
    """Ask the ticked accounts once more; whoever was asked today, or cannot be written to, is left out."""
    with database.reading() as session:
        progress.of_version(session, version_id)
    try:
        with form.reading():
            ids = form.ids("account", missing=N_("Tick whom to ask."))
        refusals = [refused for one in ids if (refused := _asked(request, database, one, version_id))]
        if len(refusals) == len(ids):
            raise refusals[0]
    except Refused as refused:
        return _version_page(
            request, database, version_id, form.refused(refused).only_at(()), Answer.WAITING, None, status=422
        )
    return see_other(request, f"{LIST}/{version_id}")


@get(OF_ACCOUNT, guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def of_account(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """What the account has accepted, what it is asked for, and the form for a signed paper."""
    return _account_page(request, database, account_id, Form.starting(request))


@post(
    OF_ACCOUNT,
    guards=admit(Permission.CHANGE_ACCOUNTS),
    sync_to_thread=True,
    request_max_body_size=MOST_SENT,
)
def file_paper(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm, intake: GivenIntake
) -> Response[bytes]:
    """File a paper that the customer has signed by hand."""
    with database.reading() as session:
        entered(session, account_id)
        waiting = {str(each.id): each.id for each in acceptances.is_asked(session, account_id)}
    try:
        if not waiting:
            raise Conflict(N_("Nothing waits to be accepted."))
        with form.reading():
            version_id = form.choice("version", waiting, missing=N_("Choose the version that was signed."))
            name = form.text("name", missing=N_("Enter who signed it."))
            title = form.text("job_title", longest=120, missing=N_("Enter their job title, such as Director."))
            signed_on = form.day("signed_on", missing=N_("Enter the day beside the signature."))
            sent = form.upload("file", missing=N_("Choose the file of the signed paper."))
        assert sent is not None
        signed = Signed(intake.take_in(sent), signed_on)
        signer, actor = Signer(name, title), actor_of(request)
        with database.transaction() as session:
            accepting.file_signed(session, account_id, version_id, signed, signer, actor=actor)
    except Refused as refused:
        return _account_page(request, database, account_id, form.refused(refused), status=422)
    return see_other(request, f"/accounts/{account_id}/acceptances")


def _asked(request: AnyRequest, database: Database, account_id: int, version_id: int) -> Refused | None:
    """Ask one account; what speaks against it, if something does."""
    try:
        with database.transaction() as session:
            telling.ask_again(session, account_id, version_id, actor=actor_of(request))
    except Refused as refused:
        return refused
    return None


def _version_page(
    request: AnyRequest,
    database: Database,
    version_id: int,
    form: Form,
    answer: Answer,
    after: int | None,
    *,
    status: int = 200,
) -> Response[bytes]:
    here = f"{LIST}/{version_id}"
    with database.reading() as session:
        row = progress.of_version(session, version_id)
        found = progress.answers(session, version_id, answer, after=after, limit=PAGE + 1)
    counts = {Answer.WAITING: row.waiting, Answer.NOT_ASKED: row.not_asked, Answer.ACCEPTED: row.accepted}
    context = {
        "form": form,
        "row": row,
        "accounts": found[:PAGE],
        "is_accepted": answer is Answer.ACCEPTED,
        "older": with_query(here, show=answer.value, after=found[PAGE - 1].id) if len(found) > PAGE else None,
        "filters": [
            (words, with_query(here, show=one.value), one is answer, counts[one]) for one, words in ANSWER_NAMES.items()
        ],
    }
    return page(request, "backoffice/acceptances/version.html", context, status=status)


def _account_page(
    request: AnyRequest, database: Database, account_id: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        context = frame(session, account_id, "terms")
        standing = acceptances.standing(session, account_id)
        asked = acceptances.requests(session, account_id)
        known = {row.version_id for row in (*standing.accepted, *asked)}
        versions = acceptances.versions(session, known)
    context |= {
        "form": form,
        "asked_for": [(reference(each), each) for each in standing.to_accept],
        "versions": [(str(each.id), reference(each)) for each in standing.to_accept],
        "accepted": [(reference(versions[row.version_id]), row) for row in standing.accepted],
        "requests": [(reference(versions[row.version_id]), HOW_WORDS[row.how], row.asked_on) for row in asked],
    }
    return page(request, "backoffice/acceptances/account.html", context, status=status)
