"""Ways: which file sends what, by the channel of a notice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from app.channels import email, letter, sms
from app.channels.outgoing import Handed, Outgoing
from app.wired import Wired
from domain.policies.contacting import Channel

Way: TypeAlias = Callable[[Wired, Outgoing], Handed]
"""Hands a notice to its carrier. Raises Undeliverable, NotNow."""

WAYS: dict[Channel, Way] = {Channel.EMAIL: email.send, Channel.SMS: sms.send, Channel.LETTER: letter.send}


def way(channel: Channel) -> Way:
    """How a notice of this channel is sent; KeyError for a call, which a person makes."""
    return WAYS[channel]
