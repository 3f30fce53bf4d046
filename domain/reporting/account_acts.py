"""Account acts: what changes of an account, its notes, tags, guarantors and relations are called on its timeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.accounts.changing import FIELD_NAMES
from domain.accounts.model import LEGAL_FORM_NAMES, LegalForm
from domain.reporting.act_words import ActWords, Topic
from domain.shared.errors import N_
from domain.shared.words import Words

ACCOUNT_ACT_WORDS = {
    "account.changed": ActWords(Topic.PEOPLE, "pencil", N_("Account changed: {changes}"), N_("Account changed")),
    "account.tagged": ActWords(Topic.NOTES, "check", N_("Tag added: {name}")),
    "account.untagged": ActWords(Topic.NOTES, "check", N_("Tag removed: {name}")),
    "note.written": ActWords(Topic.NOTES, "pencil", N_("Note: {about}"), N_("Note that was withdrawn")),
    "note.pinned": ActWords(Topic.NOTES, "pencil", N_("Note pinned on top: {about}"), N_("Note pinned on top")),
    "note.unpinned": ActWords(Topic.NOTES, "pencil", N_("Note no longer on top: {about}"), N_("Note no longer on top")),
    "note.withdrawn": ActWords(Topic.NOTES, "back", N_("Note withdrawn")),
    "guarantor.added": ActWords(Topic.PEOPLE, "people", N_("{name} answers for the debts")),
    "guarantor.released": ActWords(Topic.PEOPLE, "people", N_("{name} answers for the debts no more: {why}")),
    "relation.added": ActWords(Topic.PEOPLE, "people", N_("Belongs together with {name} ({number})")),
    "relation.ended": ActWords(Topic.PEOPLE, "people", N_("Belongs together with {name} ({number}) no more")),
}
"""Every act on an account itself and on what staff know of it."""


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Words, ...]:
    """Each field of an account that was changed, with what it was and what it is."""
    return tuple(
        Words.of(
            N_("{field} {was} → {now}"), field=Words.of(words), was=_shown(before.get(name)), now=_shown(after[name])
        )
        for name, words in FIELD_NAMES.items()
        if name in after
    )


def _shown(value: Any) -> object:
    if value in set(LegalForm):
        return Words.of(LEGAL_FORM_NAMES[LegalForm(value)])
    return "–" if value in (None, "") else " / ".join(str(value).split("\n"))
