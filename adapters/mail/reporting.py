"""Reporting: what a mail server or provider reports in a mail of its own (RFC 3464 and RFC 5965)."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message

from adapters.mail.contents import content_of, parts_in
from adapters.mail.headers import BOUNDED, header
from domain.notices.incoming.reports import Outcome, Report

STATUS, FEEDBACK = "message/delivery-status", "message/feedback-report"
ORIGINAL = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global-headers")
ACTIONS = {
    "failed": Outcome.FAILED,
    "delayed": Outcome.DELAYED,
    "delivered": Outcome.DELIVERED,
}
"""What an action means (RFC 3464, 2.3.3); "relayed" and "expanded" say that nobody will tell us more."""
COMPLAINTS = {
    "abuse": Outcome.COMPLAINED,
    "fraud": Outcome.COMPLAINED,
    "opt-out": Outcome.OPTED_OUT,
    "opt-out-list": Outcome.OPTED_OUT,
}
"""The types of feedback that say something about us (RFC 5965, 7.3)."""
NOT_THE_ADDRESS = ("5.2.2", "5.2.3", "5.3.", "5.6.", "5.7.")
"""Failures for good that are not the address's (RFC 3463): a full box, the server itself, our mail, a policy."""
LONGEST_DETAIL = 500
OURS = ("Message-ID", "X-Notice")
"""The headers of our mail that name what it is about: some providers put a message id of their own in place of ours."""
MOST_BLOCKS = 50
MOST_SUBPARTS = 20


def report_in(message: Message) -> Report | None:
    """What a mail reports about one of ours, where it is a report."""
    if message.get_content_type() != "multipart/report":
        return None
    parts = parts_in(message)[:MOST_SUBPARTS]
    references = tuple(_references(message, parts))
    for part in parts:
        if part.get_content_type() == STATUS:
            return _delivery(part, references)
        if part.get_content_type() == FEEDBACK:
            return _feedback(part, references)
    return None


def is_address_at_fault(status: str) -> bool:
    """Whether an enhanced status code (RFC 3463) says that nothing will ever arrive at that address."""
    return status.startswith("5.") and not status.startswith(NOT_THE_ADDRESS)


def _delivery(part: Message, references: tuple[str, ...]) -> Report | None:
    """The worst that a report on delivery tells: one mail of ours goes to one address, but it may have been sent on."""
    told: dict[Outcome, Report] = {}
    for block in _blocks(part):
        outcome = ACTIONS.get(_field(block, "Action").lower())
        if outcome is not None:
            status = _field(block, "Status").partition(" ")[0]
            detail = " ".join(words for words in (status, _field(block, "Diagnostic-Code")) if words)
            dead = outcome is Outcome.FAILED and is_address_at_fault(status)
            told.setdefault(outcome, Report(outcome, references, dead, detail))
    return next((told[outcome] for outcome in ACTIONS.values() if outcome in told), None)


def _feedback(part: Message, references: tuple[str, ...]) -> Report | None:
    for block in _blocks(part):
        outcome = COMPLAINTS.get(_field(block, "Feedback-Type").lower())
        if outcome is not None:
            detail = " ".join(words for words in (_field(block, "Feedback-Type"), _field(block, "User-Agent")) if words)
            return Report(outcome, references, detail=detail)
    return None


def _blocks(part: Message) -> Iterator[Message]:
    """The blocks of fields of a report: the standard library reads each as a message without a body."""
    yield from parts_in(part)[:MOST_BLOCKS]


def _references(report: Message, parts: list[Message]) -> Iterator[str]:
    """The ids of the mail that a report is about: of the original that it brings, else of what it answers to."""
    for part in parts:
        if part.get_content_type() in ORIGINAL:
            original = _original(part)
            yield from (_field(original, name) for name in OURS)
    for name in ("In-Reply-To", "References"):
        yield _field(report, name)


def _original(part: Message) -> Message:
    if inside := parts_in(part):
        return inside[0]
    return message_from_bytes(content_of(part), policy=BOUNDED)


def _field(block: Message, name: str) -> str:
    """A field's value without the type before it (`rfc822;`, `smtp;`), bounded."""
    value = header(block, name)[:LONGEST_DETAIL]
    kind, parted, rest = value.partition(";")
    return rest.strip() if parted and name == "Diagnostic-Code" and kind.isalnum() else value
