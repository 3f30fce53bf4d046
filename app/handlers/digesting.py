"""Digesting: the mail of a working morning that tells somebody of staff what waits for them."""

from __future__ import annotations

from app.handlers.failing import each_in_turn
from app.handlers.mailing import send_letter
from app.wired import Wired
from domain.accounts import queries as accounts
from domain.audit.recording import record
from domain.digests import sending
from domain.digests.gathering import gather
from domain.digests.sending import SendDigest
from domain.dunning.turns import Did
from domain.shared.actor import WORKER
from domain.shared.db.session import Database, today
from domain.staff import queries as staff
from domain.tasks.model import TASK_WORDS


def tell_due(database: Database) -> Did:
    """Leave this morning's mails in the outbox, each once; how many, and how many failed."""
    return each_in_turn(database, "daily digests", "member of staff", sending.to_be_told, sending.tell)


def send_digest(wired: Wired, message: SendDigest) -> None:
    """Mail it; nothing where its day is over, they left meanwhile, or all of it has been done."""
    with wired.database.reading() as session:
        member = staff.active(session, message.staff_id)
        digest = gather(session, message.staff_id)
        if member is None or message.day != today(session) or not digest:
            return
        shown = [*digest.top, *digest.mentions]
        names = accounts.labels(session, {item.account_id for item in shown if item.account_id is not None})
    office = wired.settings.office.public_url
    links = {item.id: f"{office}/tasks/{item.id}" for item in shown}
    context = {
        "name": member.name,
        "day": message.day,
        "digest": digest,
        "kinds": [(TASK_WORDS[each.kind], each.many, each.worth) for each in digest.kinds],
        "top": [(item, names.get(item.account_id or 0), links[item.id]) for item in digest.top],
        "mentions": [(item, names.get(item.account_id or 0), links[item.id]) for item in digest.mentions],
        "promises": [(promise, f"{office}/promises/{promise.id}") for promise in digest.promises],
        "work": f"{office}/worklist",
        "settings": f"{office}/absences",
    }
    mark = f"digest.{message.staff_id}.{message.day}"
    send_letter(wired, "digest", context, to=member.email, language=member.language, mark=mark)
    with wired.database.transaction() as session:
        record(
            session,
            "staff.digest_sent",
            actor=WORKER,
            subject=("staff", message.staff_id),
            after={"to": member.email, "day": message.day, "waiting": digest.many},
        )
