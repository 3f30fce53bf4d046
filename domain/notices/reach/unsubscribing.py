"""Unsubscribing: the link in every message by which its address is left alone, and made welcome again.

The link names channel and address and is signed, so that nothing has to be kept for it and nobody can make one for an
address that they do not have. It does not expire: an old message must still be able to stop the next.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from hmac import compare_digest, digest

from sqlalchemy.orm import Session

from domain.notices.incoming import whose
from domain.notices.reach import addresses
from domain.notices.reach.model import AddressKind
from domain.policies.contacting import Channel
from domain.shared.actor import Actor

PURPOSE = b"unsubscribe"
"""So that a signature for something else, made with the same key, is none for this."""
SEAL_BYTES = 16
"""128 bits: nobody guesses that, and the link still fits into a text message."""
LETTERS = {Channel.EMAIL: "e", Channel.SMS: "s"}
"""The channels that somebody can leave; a letter and a call have no address to click on."""
CHANNELS = {letter: channel for channel, letter in LETTERS.items()}


def token_for(key: bytes, channel: Channel, address: str) -> str:
    """The token that names this address; the same each time. `key` is the installation's own secret.

    Raises KeyError for a channel that nobody can leave by a link.
    """
    named = f"{LETTERS[channel]}{address}".encode()
    return f"{_text(named)}.{_text(_seal(key, named))}"


def address_of(key: bytes, token: str) -> tuple[Channel, str] | None:
    """What a token names; None where it is none of ours."""
    name, _, seal = token.partition(".")
    if not token.isascii():
        return None
    try:
        named = urlsafe_b64decode(name + "=" * (-len(name) % 4))
    except ValueError:
        return None
    if not compare_digest(seal, _text(_seal(key, named))):
        return None
    words = named.decode()
    return CHANNELS[words[0]], words[1:]


def is_unwelcome(session: Session, channel: Channel, address: str) -> bool:
    """Whether messages are not wanted at this address, as far as we know."""
    return addresses.latest(session, channel, [address]).get(address) in addresses.UNWELCOME


def opt_out(
    session: Session,
    channel: Channel,
    address: str,
    *,
    how: str,
    actor: Actor,
    detail: str | None = None,
    notice_id: int | None = None,
) -> bool:
    """Leave this address alone from now on, for every account that has it; whether that was news. Safe to repeat."""
    return _note(session, channel, address, AddressKind.OPTED_OUT, how, actor, detail, notice_id)


def opt_in(
    session: Session, channel: Channel, address: str, *, how: str, actor: Actor, detail: str | None = None
) -> bool:
    """Messages are welcome at this address again; whether that was news. Safe to repeat."""
    return _note(session, channel, address, AddressKind.OPTED_IN, how, actor, detail, None)


def _note(
    session: Session,
    channel: Channel,
    address: str,
    kind: AddressKind,
    how: str,
    actor: Actor,
    detail: str | None,
    notice_id: int | None,
) -> bool:
    accounts = whose.accounts_at(session, channel, address)
    return addresses.note(
        session,
        channel,
        address,
        kind,
        how=how,
        actor=actor,
        account_id=accounts[0] if accounts else None,
        others=accounts[1:],
        notice_id=notice_id,
        detail=detail,
    )


def _seal(key: bytes, named: bytes) -> bytes:
    own = digest(key, PURPOSE, sha256)
    return digest(own, named, sha256)[:SEAL_BYTES]


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
