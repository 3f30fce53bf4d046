"""Terms: whoever may accept new terms is sent them, and a copy of what they accepted; everybody is asked in time."""

from __future__ import annotations

from app.handlers.mailing import reader_of, send_letter
from app.wired import Wired
from domain.accounts import queries as accounts
from domain.audit.recording import record
from domain.policies import acceptances, paper, telling
from domain.policies.asked import needs_a_yes, reference
from domain.policies.messages import SendTerms, SendTermsCopy
from domain.policies.model import AskedHow, TermsAcceptance, TermsPaper, TermsRequest
from domain.policies.ruling import RuleBook, Version
from domain.shared.actor import WORKER
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.mail import Attachment
from web.localisation import SOURCE, supported

LETTERS = {AskedHow.MAIL: "terms_asked", AskedHow.STAFF: "terms_asked", AskedHow.REMINDER: "terms_reminder"}
TOLD = {AskedHow.MAIL: "terms.told", AskedHow.STAFF: "terms.told", AskedHow.REMINDER: "terms.reminded"}


def tell_due(database: Database) -> int:
    """Ask accounts that were not asked yet, a batch at a time; how many."""
    with database.reading() as session:
        if not any(session.scalar(telling.untold(asking).limit(1)) for asking in telling.askings(session)):
            return 0
    with database.transaction() as session:
        return telling.tell_due(session)


def remind_due(database: Database) -> int:
    """Remind accounts that have not accepted for so long, a batch at a time; how many."""
    with database.reading() as session:
        if not any(True for asking in telling.askings(session) for _ in telling.late(session, asking)):
            return 0
    with database.transaction() as session:
        return telling.remind_due(session)


def send_terms(wired: Wired, message: SendTerms) -> None:
    """Mail the terms with their paper; nothing where they are accepted meanwhile, or no longer asked for."""
    with wired.database.transaction() as session:
        request = session.get_one(TermsRequest, message.request_id)
        asked = acceptances.is_asked(session, request.account_id)
        version = next((each for each in asked if each.id == request.version_id), None)
        account = accounts.account(session, request.account_id)
        reader = reader_of(session, account, message.login_id)
        if version is None or reader is None:
            return
        to, language = reader
        kept = paper.kept(session, wired.store, wired.renderer, version, supported(language) or SOURCE)
        news = acceptances.news(session, account.id, version)
        context = _context(wired, account, version) | {"news": news and news[1]}
        context["needs_a_yes"] = needs_a_yes(version, has_accepted=news is not None)
        how = request.how
    mark = f"terms.{message.request_id}.{message.login_id or 0}"
    attached = (_attached(wired, version, kept),)
    send_letter(wired, LETTERS[how], context, to=to, language=language, mark=mark, attachments=attached)
    with wired.database.transaction() as session:
        record(
            session,
            TOLD[how],
            actor=WORKER,
            subject=("policy_version", version.id),
            account_id=account.id,
            after={"number": reference(version), "to": to},
        )


def send_terms_copy(wired: Wired, message: SendTermsCopy) -> None:
    """Mail whoever accepted the paper that they accepted."""
    with wired.database.reading() as session:
        accepted = session.get_one(TermsAcceptance, message.acceptance_id)
        version = RuleBook(session, ()).versions[accepted.version_id]
        account = accounts.account(session, accepted.account_id)
        reader = reader_of(session, account, accepted.login_id)
        if reader is None:
            return
        to, language = reader
        context = _context(wired, account, version) | {
            "name": accepted.name,
            "job_title": accepted.job_title,
            "accepted_at": accepted.accepted_at,
            "from_on": max(version.valid_from, accepted.accepted_on),
            "sha256": accepted.sha256,
        }
    with wired.store.open(accepted.sha256) as stored:
        content = stored.read()
    attached = (Attachment(paper.filename(version), content, paper.MEDIA_TYPE),)
    mark = f"terms-copy.{accepted.id}"
    send_letter(wired, "terms_accepted", context, to=to, language=language, mark=mark, attachments=attached)
    with wired.database.transaction() as session:
        record(
            session,
            "terms.copy_sent",
            actor=WORKER,
            subject=("terms_acceptance", accepted.id),
            account_id=account.id,
            after={"number": reference(version), "to": to},
        )


def _context(wired: Wired, account: AnyRow, version: Version) -> dict[str, object]:
    return {
        "account_number": account.number,
        "account_name": account.name,
        "valid_from": version.valid_from,
        "reference": reference(version),
        "link": f"{wired.settings.portal.public_url}/accounts/{account.id}/terms/{version.id}",
    }


def _attached(wired: Wired, version: Version, kept: TermsPaper) -> Attachment:
    return Attachment(paper.filename(version), paper.content(wired.store, kept), paper.MEDIA_TYPE)
