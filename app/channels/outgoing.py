"""Outgoing: a notice put into words, as every channel gets it, and what a channel answers."""

from __future__ import annotations

from dataclasses import dataclass

from domain.notices.wording.composed import Composed
from domain.policies.contacting import Channel, Wording
from domain.shared.mail import Attachment
from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One notice on its way: plain values, read while the account was locked, that need no session any more.

    `total` is what it asks for now, which may be less than what was decided on. `link` and `unsubscribe` are whole
    addresses with their secrets; `link` is None where the notice asks for no money, `unsubscribe` where nobody can
    leave the channel by a link. `mark` is the same for every try.
    """

    notice_id: int
    account_id: int
    account_number: str
    mark: str
    wording: Wording
    channel: Channel
    language: str
    name: str | None
    address: str
    sender: str | None
    total: Money
    said: Composed
    link: str | None
    unsubscribe: str | None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Handed:
    """What a channel made of it: what it said in plain text, the filed document that it is, and whether it is sent.

    A letter is not `sent` before it is printed. `detail` is what the carrier said of it.
    """

    body: str
    document_id: int | None = None
    sent: bool = True
    detail: str | None = None


class Undeliverable(Exception):
    """The channel will never take this notice; `dead_address` where that is because of the address itself."""

    def __init__(self, reason: str, *, dead_address: bool) -> None:
        super().__init__(reason)
        self.dead_address = dead_address


class NotNow(Exception):
    """The channel could not take it just now: try again. `perhaps_sent` where it may have gone all the same."""

    def __init__(self, reason: str, *, perhaps_sent: bool = False) -> None:
        super().__init__(reason)
        self.perhaps_sent = perhaps_sent
