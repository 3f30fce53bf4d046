"""Webhooks: what Twilio tells us about a text or hands on from a customer, believed only with Twilio's signature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from twilio.request_validator import RequestValidator

from adapters.sms.errors import FAULTS
from domain.shared.texting import TextFault, TextState

SIGNATURE = "x-twilio-signature"
STATES: dict[str, TextState] = {
    "accepted": TextState.TAKEN,
    "scheduled": TextState.TAKEN,
    "queued": TextState.TAKEN,
    "sending": TextState.TAKEN,
    "sent": TextState.TAKEN,
    "delivered": TextState.DELIVERED,
    "read": TextState.DELIVERED,
    "undelivered": TextState.FAILED,
    "failed": TextState.FAILED,
    "canceled": TextState.FAILED,
}
"""Twilio's words for what becomes of a text."""


class BadTextWebhook(Exception):
    """What came is not signed by Twilio, or makes no sense; `fault` is one word for counting it."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class TextNews:
    """What became of the text with this mark."""

    mark: str
    state: TextState
    fault: TextFault
    detail: str


@dataclass(frozen=True, slots=True)
class TextIn:
    """A text message that somebody sent us; `wish` is STOP or START where Twilio took it for that, in any language."""

    message_id: str
    sender: str
    body: str
    wish: str | None


def read_form(url: str, body: bytes, signature: str, *, token: str) -> dict[str, str]:
    """The fields that Twilio posted to `url` (whole, with its query), without NUL, which no database keeps.

    BadTextWebhook where it was somebody else.
    """
    try:
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body)))
    except ValueError:
        raise BadTextWebhook("text_unreadable") from None
    if not signature:
        raise BadTextWebhook("text_not_signed")
    if not RequestValidator(token).validate(url, fields, signature):
        raise BadTextWebhook("text_forged")
    return {name: value.replace("\0", "") for name, value in fields.items()}


def is_news(fields: Mapping[str, Any]) -> bool:
    """Whether it is about a text of ours; otherwise it is one from somebody."""
    return "MessageStatus" in fields


def news_of(fields: Mapping[str, Any], mark: str) -> TextNews | None:
    """What became of the text; None for a word that we do not know."""
    state = STATES.get(fields["MessageStatus"])
    if state is None:
        return None
    code = fields.get("ErrorCode") or "0"
    fault = FAULTS.get(int(code), TextFault.OTHER) if code.isdecimal() else TextFault.OTHER
    said = fields.get("ErrorMessage") or ""
    detail = " ".join(part for part in (fields["MessageStatus"], code if code != "0" else "", said) if part)
    return TextNews(mark, state, fault, detail)


def text_of(fields: Mapping[str, Any]) -> TextIn:
    """The text that somebody sent."""
    return TextIn(fields["MessageSid"], fields["From"], fields.get("Body", ""), fields.get("OptOutType"))
