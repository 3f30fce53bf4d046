"""Hooks: what a mail provider tells us by webhook: is it signed, of now, and readable? Its form: docs/notices.md."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest, digest

import msgspec

from adapters.mail.contents import storable
from domain.notices.incoming.arriving import Mail
from domain.notices.incoming.reports import Outcome, Report

SIGNATURE = "x-quittance-signature"
"""`t=1742126400,v1=…`: when it was signed, and the HMAC-SHA256 of `t.body` in hexadecimal."""
TOLERANCE = timedelta(seconds=300)
"""How old, or how far in the future, a message may say that it is."""
LONGEST_ID = 100


class MailFault(StrEnum):
    """Why a message is turned away."""

    NOT_SIGNED = "mail_not_signed"
    FORGED = "mail_forged"
    NOT_NOW = "mail_not_now"
    UNREADABLE = "mail_unreadable"


class BadMailHook(Exception):
    """The message is turned away; the sender is told nothing."""

    def __init__(self, fault: MailFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class Kind(StrEnum):
    """What somebody can tell us."""

    DELIVERED = "delivered"
    DELAYED = "delayed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    INBOUND = "inbound"


OUTCOMES = {
    Kind.DELIVERED: Outcome.DELIVERED,
    Kind.DELAYED: Outcome.DELAYED,
    Kind.BOUNCED: Outcome.FAILED,
    Kind.COMPLAINED: Outcome.COMPLAINED,
    Kind.UNSUBSCRIBED: Outcome.OPTED_OUT,
}


class Told(msgspec.Struct, frozen=True, rename={"sender": "from"}):
    """One message of a provider.

    `message_id` is that of our mail which it is about, or, where mail came in, its own. `permanent` says of a bounce
    that nothing will ever arrive at that address.
    """

    id: str
    kind: Kind
    at: datetime
    message_id: str = ""
    address: str = ""
    permanent: bool = False
    detail: str = ""
    sender: str = ""
    subject: str = ""
    text: str = ""
    references: tuple[str, ...] = ()
    automatic: bool = False


WORDS = ("id", "message_id", "address", "detail", "sender", "subject", "text")
"""What strangers may have written."""


def read_hook(body: bytes, signature: str, *, secret: str, now: datetime) -> Told:
    """What was told; BadMailHook where it is not signed with our secret, not of now, or makes no sense."""
    if not signature:
        raise BadMailHook(MailFault.NOT_SIGNED)
    fields = dict(part.strip().partition("=")[::2] for part in signature.split(","))
    stamp, given = fields.get("t", ""), fields.get("v1", "")
    if not compare_digest(given.encode(), signed(body, stamp, secret).encode()):
        raise BadMailHook(MailFault.FORGED)
    if not stamp.isascii() or not stamp.isdigit() or abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        raise BadMailHook(MailFault.NOT_NOW)
    try:
        told = msgspec.json.decode(body, type=Told)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise BadMailHook(MailFault.UNREADABLE) from None
    if not 0 < len(told.id) <= LONGEST_ID:
        raise BadMailHook(MailFault.UNREADABLE)
    told_of = {name: getattr(told, name) for name in WORDS}
    return msgspec.structs.replace(told, **{name: storable(words) for name, words in told_of.items()})


def signed(body: bytes, stamp: str, secret: str) -> str:
    """The signature of a body at a moment (seconds since 1970)."""
    return digest(secret.encode(), stamp.encode() + b"." + body, sha256).hex()


def mail_of(told: Told) -> Mail:
    """The same as the mail that a mailbox would have had."""
    at = told.at if told.at.tzinfo else told.at.replace(tzinfo=UTC)
    if told.kind is Kind.INBOUND:
        return Mail(
            message_id=told.message_id or f"hook.{told.id}",
            sender=told.sender.strip().lower(),
            subject=told.subject,
            body=told.text,
            written_at=at,
            references=told.references,
            automatic=told.automatic,
        )
    return Mail(
        message_id=f"hook.{told.id}",
        sender=told.address,
        subject=told.kind.value,
        body=told.detail,
        written_at=at,
        automatic=True,
        report=Report(OUTCOMES[told.kind], (told.message_id,), told.permanent, told.detail),
    )
