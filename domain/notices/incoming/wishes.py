"""Wishes: a message that says nothing but "stop" or "start", in the words of people and carriers; no session."""

from __future__ import annotations

import re
from enum import StrEnum
from itertools import takewhile


class Wish(StrEnum):
    """What somebody wants of us."""

    STOP = "stop"
    START = "start"


STOP_WORDS = frozenset(
    {
        *("stop", "stop all", "stopall", "unsubscribe", "unsubscribe me", "opt out", "optout", "quit", "end", "cancel"),
        *("baja", "alto", "parar", "cancelar", "cancelar suscripción", "darse de baja", "dar de baja"),
        *("arret", "arrêt", "arrêter", "stopper", "désabonner", "désinscription", "se désabonner", "me désabonner"),
        *("stopp", "abmelden", "abbestellen", "abmeldung"),
    }
)
"""What carriers take for a stop (CTIA's list), and what mail programs and people write."""
START_WORDS = frozenset({"start", "unstop", "subscribe", "opt in", "optin", "alta", "anmelden", "abonner"})
QUOTED = re.compile(r"^\s*(?:>|-{3,}|_{5,}|(?:from|von|de|gesendet|enviado|envoyé)\s*:)|:\s*$", re.IGNORECASE)
"""Where what somebody wrote ends and what they answer to begins: a quote, a line, a header, or "… wrote:"."""
NO_WORD = re.compile(r"[^\w ]+")


def wish(subject: str, body: str) -> Wish | None:
    """What a message asks for where it asks for nothing else; an empty one is taken by its subject."""
    said = _bare(_own(body)) or _bare(subject)
    if said in STOP_WORDS:
        return Wish.STOP
    return Wish.START if said in START_WORDS else None


def _own(body: str) -> str:
    """What somebody wrote above what they answer to."""
    return " ".join(takewhile(lambda line: QUOTED.search(line) is None, body.splitlines()))


def _bare(words: str) -> str:
    return " ".join(NO_WORD.sub(" ", words.casefold()).split())
