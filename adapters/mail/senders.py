"""Senders: who a mail says that it is from, read as mail servers read it when they ask whether that is true."""

from __future__ import annotations

import re
from email.message import Message

from adapters.mail.headers import raw_headers
from adapters.mail.mime import ADDRESS

ASIDE = re.compile(r'"(?:[^"\\]|\\.)*"|\([^()]*\)')
"""A quoted name or a comment: no address stands in there."""
ANGLED = re.compile(r"<([^<>]*)>")


def sender_of(message: Message) -> str:
    """The one address that it is from, in small letters; empty where there is none, or more than one can be meant.

    Encoded words are left as they are: one that decodes to an address is still a name, and no server has checked it.
    """
    given = raw_headers(message, "From") or raw_headers(message, "Sender")
    return _address(given[0]) if len(given) == 1 else ""


def _address(line: str) -> str:
    bare = ASIDE.sub(" ", line)
    angled = ANGLED.findall(bare)
    name = ANGLED.sub(" ", bare).strip().lower()
    address = (angled[0] if angled else name).strip().lower()
    is_plain = len(angled) < 2 and ("@" not in name or name == address)
    return address if is_plain and ADDRESS.fullmatch(address) else ""
