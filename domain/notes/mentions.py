"""Mentions: whom the `@name`s in a text mean among the colleagues, however they are typed; no session."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from domain.accounts.model import folded

HANDLE = re.compile(
    r"(?<![\w.@])@(?:([\w.+\-]+@\w[\w\-]*(?:\.[\w\-]+)*)"
    r"|([^\W\d_][\w'’]*(?:[.\-_][\w'’]+)*)((?: [^\W\d_][\w'’\-]*){0,3}))"
)
"""An `@` that begins a word and a whole address, or what stands right behind it, and the next words, which may go on
with the name."""
LEAST = 2
"""So many letters say enough to mean somebody by the beginning of a name."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who can be mentioned; their address is nobody else's."""

    id: int
    name: str
    address: str = ""

    @property
    def nick(self) -> str:
        """What stands before the @ of their address."""
        return self.address.partition("@")[0]


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Whom a text means: ids in the order of the text, what may be several people, and what is nobody."""

    ids: tuple[int, ...]
    unclear: tuple[tuple[str, tuple[str, ...]], ...]
    unknown: tuple[str, ...]


def mentioned(text: str, colleagues: Sequence[Colleague]) -> Mentioned:
    """Who is meant by each `@name`: by the whole name, a first or last name, their nick, or the beginning of one.

    Case and accents do not matter, nor whether a name is written with spaces, dots or together; one wrong letter in a
    longer name is let pass. What two people could be is left to whoever wrote it: the whole address behind the `@`
    means one person, whoever else has their name.
    """
    ids: dict[int, None] = {}
    unclear: dict[str, tuple[str, ...]] = {}
    unknown: dict[str, None] = {}
    called = labels(colleagues)
    for handle, further in _handles(text):
        found = _meant(handle, further, colleagues)
        if len(found) == 1:
            ids[found[0].id] = None
        elif found:
            unclear[handle] = tuple(called[one.id] for one in found)
        else:
            unknown[handle] = None
    return Mentioned(tuple(ids), tuple(unclear.items()), tuple(unknown))


def labels(colleagues: Sequence[Colleague]) -> dict[int, str]:
    """What each is called where one has to be chosen: the name, with the address where others have the same name."""
    many = Counter(folded(one.name) for one in colleagues)
    return {one.id: one.name if many[folded(one.name)] == 1 else f"{one.name} ({one.address})" for one in colleagues}


def _handles(text: str) -> Iterator[tuple[str, Sequence[str]]]:
    for match in HANDLE.finditer(text):
        if match[1]:
            yield match[1].rstrip("-"), ()
        else:
            yield match[2].rstrip(".-_'’"), match[3].split()


def _meant(handle: str, further: Sequence[str], colleagues: Sequence[Colleague]) -> list[Colleague]:
    """Those whom a handle fits best: each way of fitting counts only where no better one does."""
    if "@" in handle:
        return [one for one in colleagues if one.address.lower() == handle.lower()]
    typed = _words(handle)
    behind = [word for one in further for word in _words(one)]
    fits: tuple[Callable[[Colleague], bool], ...] = (
        lambda one: _begins(_words(one.name), [*typed, *behind]) if len(_words(one.name)) > 1 else False,
        lambda one: "".join(typed) == "".join(_words(one.name)),
        lambda one: bool(behind) and _each_begins(_words(one.name), [*typed, behind[0]]),
        lambda one: typed == _words(one.nick) or all(word in _words(one.name) for word in typed),
        lambda one: _each_begins(_words(one.name), typed),
        lambda one: any(_nearly(word, "".join(typed)) for word in [*_words(one.name), "".join(_words(one.name))]),
    )
    for fit in fits:
        found = [one for one in colleagues if fit(one)]
        if found:
            return found
    return []


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", folded(name.replace("'", "").replace("’", "")))


def _begins(name: Sequence[str], typed: Sequence[str]) -> bool:
    """Whether what was typed begins with the whole name."""
    return list(typed[: len(name)]) == list(name)


def _each_begins(name: Sequence[str], typed: Sequence[str]) -> bool:
    """Whether each word that was typed begins another word of the name, in their order."""
    places = iter(name)
    return sum(map(len, typed)) >= LEAST and all(any(word.startswith(part) for word in places) for part in typed)


def _nearly(word: str, typed: str) -> bool:
    """Whether one letter more, less, other or swapped makes the one the other; only for names of some length."""
    if min(len(word), len(typed)) < 4 or abs(len(word) - len(typed)) > 1:
        return False
    start = next((at for at, (left, right) in enumerate(zip(word, typed, strict=False)) if left != right), None)
    if start is None:
        return True
    left, right = word[start:], typed[start:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return swapped or left[1:] == right[1:] or left[1:] == right or left == right[1:]
