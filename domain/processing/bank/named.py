"""Named: the accounts that are called like the payers of bank lines, found by index and not by comparing with all.

First those are looked at that have every word of a name. Only where none of them bears that name, those that begin like
it, and those that have all its words but one, and a part of that one: a slip of somebody's pen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from domain.accounts.model import ACCOUNTS
from domain.banking.names import CUT_OFF, SHORTEST, KnownNames, folded, ways_to_write
from domain.shared.chunking import chunks
from domain.shared.db.trigrams import having
from domain.shared.spelling import inner_threes

LOOKED_AT = 100
"""Accounts that one question brings: those with the shortest names, which have least besides what is asked for."""
AT_ONCE = 100
"""Questions in one query."""
NEGLIGIBLE = 4
"""Letters of a word that may be missing altogether: "the", or the "A.B.C." that the bank writes in one."""
FOR_A_SLIP = 5
"""Letters among which one is wrong at most in a name that is still taken for the same."""


def alike(session: Session, names: Collection[str], currency: str) -> set[int]:
    """The accounts in this currency whose names are one of these, as banks write them: the closest of each."""
    found: set[int] = set()
    left = {name: plain for name in sorted(names) if len(plain := folded(name)) >= SHORTEST}
    for asking in (_as_written, _otherwise):
        known = _looked_up(session, {name: list(asking(plain)) for name, plain in left.items()}, currency)
        alike = {name: KnownNames(known[name]).alike(name) for name in left if name in known}
        found.update(account_id for ids in alike.values() for account_id in ids)
        left = {name: plain for name, plain in left.items() if not alike.get(name)}
    return found


def _as_written(plain: str) -> Iterator[list[str]]:
    """The threes of every word, of the last one as far as the bank has not cut it off."""
    return (_threes(written.split()) for written in ways_to_write(plain))


def _otherwise(plain: str) -> Iterator[list[str]]:
    """Where our books have less of it, the threes of its beginning; and for each word those of all others.

    With the others goes a part of that word, where it is long enough to have parts.
    """
    for written in ways_to_write(plain):
        words = written.split()
        if len(written) > CUT_OFF:
            yield _threes(written[:CUT_OFF].split())
        for place, word in enumerate(words):
            others = [*words[:place], *words[place + 1 :]]
            parts = _parts(word) if len(word) > NEGLIGIBLE else [""]
            yield from (_threes([*others, part]) for part in parts)


def _parts(word: str) -> list[str]:
    """The word in so many parts that one of them is as it should be, if the name can still be taken for the same."""
    padded, count = f" {word} ", len(word) // FOR_A_SLIP + 1
    ends = [len(padded) * number // count for number in range(count + 1)]
    return [padded[start:end] for start, end in pairwise(ends)]


def _threes(words: Sequence[str]) -> list[str]:
    """The threes of these words; of a name of initials only, those with the spaces around them."""
    found = [three for word in words for three in inner_threes(word)]
    return list(dict.fromkeys(found or [three for word in words if word for three in inner_threes(f" {word} ")]))


def _looked_up(
    session: Session, asked: Mapping[str, Sequence[Sequence[str]]], currency: str
) -> dict[str, dict[int, str]]:
    """The names of the accounts that have all threes of one question, by the name that it is for and their id."""
    questions = [(name, threes) for name, each in asked.items() for threes in each if threes]
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for some in chunks(questions, AT_ONCE):
        parts = []
        for number, (_, threes) in enumerate(some):
            holding = (
                select(literal(number).label("number"), ACCOUNTS.c.id, ACCOUNTS.c.name)
                .where(having(session, ACCOUNTS, threes), ACCOUNTS.c.currency == currency)
                .order_by(func.length(ACCOUNTS.c.name), ACCOUNTS.c.id)
                .limit(LOOKED_AT)
                .subquery()
            )
            parts.append(select(holding))
        for number, account_id, name in session.execute(union_all(*parts)):
            found[some[number][0]][account_id] = name
    return found
