"""Comparing: what a version says in plain words, and what it says otherwise than the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.policies.customer_sentences import all_to_customer, to_customer
from domain.policies.phrases import Phrase
from domain.policies.sections import Authority, Section, Sections
from domain.policies.sentences import OFF, PHRASES, SECTION_NAMES, TOLD
from domain.shared.words import Words

OFF_IS: Mapping[str, Section] = {"authority": Authority(limits={})}
"""Sections that say something while they are off, and the section that says the same: they are compared with it."""


@dataclass(frozen=True, slots=True)
class Said:
    """One section in plain words: its key, what it is called, and its sentences."""

    key: str
    name: str
    sentences: Sequence[Words]
    is_on: bool = True


@dataclass(frozen=True, slots=True)
class Difference:
    """What a section says now, and what it said until now and says no more.

    `before` is empty where the sentences of `now` name the old value themselves, or nothing was ruled before.
    """

    key: str
    name: str
    now: Sequence[Words]
    before: Sequence[Words]


def in_words(sections: Sections, currency: str, *, for_customer: bool = False) -> list[Said]:
    """Every section in plain words, those that are off too, in a business that counts in `currency`.

    `for_customer`: only what customers are told, in words for them, and only sections that are on.
    """
    said = []
    for key, name in SECTION_NAMES.items():
        section = getattr(sections, key)
        if for_customer and (section is None or key not in TOLD):
            continue
        sentences = [Words.of(OFF[key])] if section is None else _sentences(key, section, currency, for_customer)
        if for_customer:
            name, sentences = to_customer(name), all_to_customer(sentences)
        said.append(Said(key, name, sentences, section is not None))
    return said


def difference(before: Sections, after: Sections, currency: str, *, for_customer: bool = False) -> list[Difference]:
    """What `after` says otherwise than `before`, section by section; empty where it says the same.

    `for_customer`: only what customers are told, in words for them.
    """
    found = []
    for key, name in SECTION_NAMES.items():
        if for_customer and key not in TOLD:
            continue
        old, new = getattr(before, key), getattr(after, key)
        now, until_now = _difference(key, old, new, currency, for_customer)
        if for_customer:
            name, now, until_now = to_customer(name), all_to_customer(now), all_to_customer(until_now)
        if now or until_now:
            found.append(Difference(key, name, now, until_now))
    return found


def _difference(
    key: str, old: Section | None, new: Section | None, currency: str, for_customer: bool
) -> tuple[list[Words], list[Words]]:
    if old == new:
        return [], []
    if key in OFF_IS and None in (old, new):
        now, until_now = _difference(key, old or OFF_IS[key], new or OFF_IS[key], currency, for_customer)
        return [Words.of(OFF[key]), *now] if new is None else now, until_now
    if new is None:
        return [Words.of(OFF[key])], []
    if old is None:
        return _sentences(key, new, currency, for_customer), []
    now, until_now = [], []
    for phrase in _phrases(key, for_customer):
        if all(getattr(old, field) == getattr(new, field) for field in phrase.fields):
            continue
        if changed := phrase.changes(old, new, currency):
            now += changed
            continue
        was, says = phrase.says(old, currency), phrase.says(new, currency)
        now += [words for words in says if words not in was]
        until_now += [words for words in was if words not in says]
    return now, until_now


def _sentences(key: str, section: Section, currency: str, for_customer: bool) -> list[Words]:
    return [words for phrase in _phrases(key, for_customer) for words in phrase.says(section, currency)]


def _phrases(key: str, for_customer: bool) -> list[Phrase]:
    return [phrase for phrase in PHRASES[key] if not (for_customer and phrase.inside)]
