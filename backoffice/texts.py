"""Texts: what notices say, changed with the placeholders beside, tried on a real account, version by version."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit, officer_of
from backoffice.given import GivenNudge
from backoffice.text_views import TextView, Which, listed, text_view, which_of
from domain.accounts import queries as accounts
from domain.notices.messages import TryText
from domain.notices.wording import previewing, text_checks, texts
from domain.notices.wording.composed import Composed
from domain.outbox import sending as outbox
from domain.policies.contacting import CHANNEL_NAMES
from domain.shared.db.session import Database, now
from domain.shared.errors import N_, Invalid, NotFound, Refused
from domain.shared.ids import new_public_id
from domain.shared.languages import LANGUAGE_NAMES, SOURCE
from domain.staff.permissions import Permission
from web.acting import status_of
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest

PATH = "/texts/{wording:str}/{channel:str}/{language:str}"
MOST_VERSIONS = 100_000
FIELDS = ("subject", "body", "account")
"""What stands on the page to be typed into."""
DONE = {
    "saved": N_("Kept: from now on notices say this."),
    "back": N_("It is as it was then, as a new version."),
    "built_in": N_("It is as it came with the product again."),
}
"""What is said of what was just done."""


@get("/texts", guards=admit(Permission.SEE_NOTICES), sync_to_thread=True)
def list_texts(request: AnyRequest, database: GivenDatabase, language: FromQuery[str] = SOURCE) -> Response[bytes]:
    """Every text of one language, by what it is about and by which channel it travels, and which of them we changed."""
    chosen = language if language in LANGUAGE_NAMES else SOURCE
    with database.reading() as session:
        context = {"rows": listed(session, chosen), "chosen": chosen, "text_languages": LANGUAGE_NAMES.items()}
    return page(request, "backoffice/texts/list.html", {**context, "columns": list(CHANNEL_NAMES.values())})


@get(PATH, guards=admit(Permission.SEE_NOTICES), sync_to_thread=True)
def show_text(
    request: AnyRequest,
    database: GivenDatabase,
    wording: FromPath[str],
    channel: FromPath[str],
    language: FromPath[str],
    done: FromQuery[str] = "",
    account: FromQuery[str] = "",
) -> Response[bytes]:
    """One text as it is, what it may say, how it reads on an account, and how it was before."""
    which = which_of(wording, channel, language)
    with database.reading() as session:
        view = text_view(session, which)
    text = view.text
    starts = {"subject": text.subject, "body": text.body, "seen": str(text.number), "account": account}
    form = Form.starting(request, **starts)
    return _show(request, database, view, form, done=DONE.get(done, ""))


@post(PATH, guards=admit(Permission.WRITE_TEXTS), sync_to_thread=True)
def change_text(
    request: AnyRequest,
    database: GivenDatabase,
    nudge: GivenNudge,
    wording: FromPath[str],
    channel: FromPath[str],
    language: FromPath[str],
    form: SentForm,
) -> Response[bytes]:
    """Keep what was typed, look at it on an account, mail it to oneself, or go back to a version."""
    which, act = which_of(wording, channel, language), form.value("act")
    with database.reading() as session:
        view = text_view(session, which)
    try:
        if act == "preview":
            _check(which, form)
            return _show(request, database, view, form)
        if act == "try":
            to = _try(request, database, which, form)
            nudge()
            return _show(request, database, view, form, tried=to)
        done = _back(request, database, which, form) if act == "back" else _save(request, database, which, form)
    except Refused as refused:
        return _show(request, database, view, form.refused(refused), status=status_of(refused))
    return see_other(request, f"{which.path}?done={done}")


def _save(request: AnyRequest, database: Database, which: Which, form: Form) -> str:
    with form.reading():
        subject, body, seen = *_typed(form), form.number("seen", least=0, most=MOST_VERSIONS)
    with database.transaction() as session:
        texts.save_text(
            session,
            which.wording,
            which.channel,
            which.language,
            subject=subject,
            body=body,
            seen=seen,
            actor=actor_of(request),
        )
    return "saved" if body else "built_in"


def _back(request: AnyRequest, database: Database, which: Which, form: Form) -> str:
    with form.reading():
        to = form.number("version", least=0, most=MOST_VERSIONS)
        seen = form.number("seen", least=0, most=MOST_VERSIONS)
    with database.transaction() as session:
        texts.go_back(session, which.wording, which.channel, which.language, to=to, seen=seen, actor=actor_of(request))
    return "back" if to else "built_in"


def _check(which: Which, form: Form) -> tuple[str, str]:
    with form.reading():
        subject, body = _typed(form)
    text_checks.check_text(which.wording, which.channel, which.language, subject=subject, body=body)
    return subject, body


def _try(request: AnyRequest, database: Database, which: Which, form: Form) -> str:
    """Have what was typed mailed to whoever typed it; to which address."""
    officer, (subject, body) = officer_of(request), _check(which, form)
    account = form.value("account").strip()
    with database.transaction() as session:
        if account and accounts.id_of_number(session, account) is None:
            raise Invalid(N_("There is no account with this number."), field="account")
        message = TryText(
            mark=f"try-text.{new_public_id(now(session))}",
            staff_id=officer.staff_id,
            account_number=account,
            wording=which.wording,
            channel=which.channel,
            language=which.language,
            subject=subject,
            body=body,
        )
        outbox.add(session, message)
    return officer.email


def _typed(form: Form) -> tuple[str, str]:
    subject = form.text("subject", required=False, longest=text_checks.LONGEST_SUBJECT)
    return subject, form.text("body", required=False, longest=text_checks.LONGEST_BODY)


def _show(
    request: AnyRequest,
    database: Database,
    view: TextView,
    form: Form,
    *,
    done: str = "",
    tried: str = "",
    status: int = 200,
) -> Response[bytes]:
    with database.reading() as session:
        form.fill({"account": previewing.an_account(session)})
        said, status = _previewed(session, view, form, status)
    context = {"text": view, "form": form.only_at(FIELDS), "said": said, "done": done, "tried": tried}
    return page(request, "backoffice/texts/show.html", context, status=status)


def _previewed(session: Session, view: TextView, form: Form, status: int) -> tuple[Composed, int]:
    """What was typed on the account that was chosen, or on made-up invoices where there is no such account."""
    draft = _draft(view.which, form.value("subject"), form.value("body") or view.text.body)
    try:
        return previewing.preview(session, form.value("account"), draft), status
    except NotFound as refused:
        form.refuse("account", refused.text)
        return previewing.preview(session, "", draft), 422


def _draft(which: Which, subject: str, body: str) -> previewing.Draft:
    return previewing.Draft(which.wording, which.channel, which.language, subject, body.replace("\r\n", "\n"))
