"""Passwords: which are good enough, and how they are kept (argon2id)."""

from __future__ import annotations

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY
from zxcvbn import zxcvbn

from domain.shared.errors import N_, Invalid

SHORTEST, LONGEST = 12, 128
SAFE_SCORE = 3
"""On zxcvbn's scale of 0 to 4: from here on it takes 10⁸ guesses or more (Wheeler, USENIX Security 2016)."""
ESTIMATED = 72
"""How much of a long password is estimated; its time grows with the square of the length."""

COST = RFC_9106_LOW_MEMORY
"""64 MiB and three passes: more than OWASP asks for, and nobody signs in often."""
hasher = PasswordHasher.from_parameters(COST)


def check_new(password: str, *, words: tuple[str, ...] = ()) -> None:
    """Refuse a password that is short, or common, or easily guessed from `words` such as its owner's name.

    No rules about which characters it must have. Common ones and their usual disguises come from zxcvbn's lists.
    """
    length = len(_same(password))
    if length < SHORTEST:
        raise Invalid(N_("Choose a password of at least {shortest} characters."), field="password", shortest=SHORTEST)
    if length > LONGEST:
        raise Invalid(N_("Choose a password of at most {longest} characters."), field="password", longest=LONGEST)
    if zxcvbn(_same(password)[:ESTIMATED], user_inputs=[word.lower() for word in words])["score"] < SAFE_SCORE:
        raise Invalid(
            N_("That password is among the first that people try. Choose another, four random words for instance."),
            field="password",
        )


def hashed(password: str) -> str:
    """The password as it is kept, with its salt and the cost that it took."""
    return hasher.hash(_same(password))


def is_right(kept: str | None, password: str) -> bool:
    """Whether `password` is the one that was kept; None, for nobody, takes as long and is never right."""
    if len(password) > LONGEST:
        return False
    try:
        hasher.verify(kept or _nobodys(), _same(password))
    except VerificationError:
        return False
    return kept is not None


@cache
def _nobodys() -> str:
    return hasher.hash("nobody has this one")


def _same(password: str) -> str:
    """The same characters for the same password, however the keyboard composed them."""
    return unicodedata.normalize("NFKC", password)
