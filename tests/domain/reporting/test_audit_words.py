"""Audit words: nothing that can be chosen on the trail, or stands on it, is shown as the code calls it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

import domain
from domain.reporting.act_names import SHORT_NAMES
from domain.reporting.acts import ACT_WORDS
from domain.reporting.audit_kinds import GROUPS, KINDS, kind_name
from domain.reporting.audit_words import OTHER_ACTS, group_of, name_of

ALL = {**ACT_WORDS, **OTHER_ACTS}
NOT_WRITTEN_DOWN = {"body", "subject"}
"""What looks like a kind in the code and is on no row of the trail: the fields of a text."""
SUBJECT = re.compile(r'(?:subject(?:: [^=]+)?|SUBJECT|about) ?= ?\(?"([a-z_]+)"')


@pytest.mark.parametrize("act", ALL)
def test_every_act_has_a_name_that_is_no_code(act: str) -> None:
    name = name_of(act)

    assert not re.search(r"[{}_]|^[a-z]+\.", name)
    assert name[0].isupper()
    assert group_of(act) in GROUPS


def test_no_two_acts_of_a_group_have_the_same_name() -> None:
    names = Counter((group_of(act), name_of(act)) for act in ALL)
    assert [pair for pair, count in names.items() if count > 1] == []


def test_only_acts_whose_sentence_names_something_have_a_name_beside_it() -> None:
    assert {act for act, said in ACT_WORDS.items() if act not in OTHER_ACTS and "{" in (said.short or said.text)} == (
        SHORT_NAMES.keys()
    )


def test_every_kind_of_thing_that_an_act_is_on_has_a_name() -> None:
    written = {
        kind for path in Path(domain.__path__[0]).rglob("*.py") for kind in SUBJECT.findall(path.read_text())
    } - NOT_WRITTEN_DOWN

    assert len(written) > 60
    assert written - KINDS.keys() == set()
    assert kind_name("unheard_of") == "unheard of"
