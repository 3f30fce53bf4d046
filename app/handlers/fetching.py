"""Fetching: mail that has come in, out of the mailbox or from a provider's hook: read, matched, filed, drawn upon."""

from __future__ import annotations

import msgspec
import structlog
from sqlalchemy.orm import Session

from adapters.mail.hooks import Told, mail_of
from adapters.mail.reading import read_mail
from app.handlers.looks import Apply
from app.mail_hook import TOLD
from app.wired import Wired
from domain.dunning.turns import Did
from domain.notices.incoming.arriving import arrive, keep_raw
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRow

log = structlog.get_logger("mail")

BATCH = 50
"""Mails taken at once."""
BY_MAIL, BY_HOOK = "mail", "hook"
"""How we know what became of an address."""


def fetch_due(wired: Wired) -> Did:
    """Take in what waits in the mailbox, if any: how many mails, and how many wait on. Raises MailUnavailable."""
    if wired.mailbox is None:
        return Did()
    left: list[int] = []

    def keep(raw: bytes) -> bool:
        is_safe = take(wired, raw)
        if not is_safe:
            left.append(len(raw))
        return is_safe

    taken = wired.mailbox.each(keep, limit=BATCH)
    return Did(taken, len(left), f"a mail of {left[-1]} bytes cannot be taken in" if left else None)


def take(wired: Wired, raw: bytes) -> bool:
    """Take one mail in; whether it is safe with us. One that we cannot keep just now waits where it is."""
    mail = read_mail(raw)
    try:
        with wired.database.transaction() as session:
            message = arrive(session, mail, how=BY_MAIL, actor=Actor.visitor())
            if message is not None:
                keep_raw(session, wired.store, message, raw, actor=Actor.visitor())
    except Exception:
        log.exception("mail cannot be taken in", size=len(raw))
        return False
    log.info("mail taken in", new=message is not None, report=mail.report.outcome if mail.report else None)
    return True


def tell_of_mail(event: AnyRow) -> Apply:
    """What a provider told us, as it lies in the inbox."""
    told = msgspec.convert(event.payload, Told)

    def apply(session: Session) -> None:
        arrive(session, mail_of(told), how=BY_HOOK, actor=Actor.visitor())

    return apply


TELLS = {TOLD: tell_of_mail}
"""The kinds of event that bring all there is to know."""
