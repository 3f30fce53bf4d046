"""What comes with the product is whole in every language."""

from __future__ import annotations

import re

import pytest

from domain.notices.model import HeldBack
from domain.notices.wording.wordbook import wordbook
from domain.policies.contacting import CHASING, CONTRACTUAL, Channel, Wording
from domain.shared.languages import LANGUAGE_NAMES

OTHERS = [language for language in LANGUAGE_NAMES if language != "en"]
OPEN = re.compile(r"\{\w+\}")


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_every_wording_has_its_texts(language: str) -> None:
    texts = wordbook(language).texts

    wanted = {(wording, channel) for wording in Wording for channel in (Channel.EMAIL, Channel.SMS)}
    wanted |= {(wording, Channel.CALL) for wording in CHASING} | {(wording, Channel.LETTER) for wording in CONTRACTUAL}
    assert set(texts) == wanted


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_every_reason_for_leaving_something_out_has_words(language: str) -> None:
    assert set(wordbook(language).reasons) == set(HeldBack)


@pytest.mark.parametrize("language", OTHERS)
def test_every_label_says_as_much_as_the_english_one(language: str) -> None:
    english, labels = wordbook("en").labels, wordbook(language).labels

    def left_open(words: dict[str, str]) -> dict[str, set[str]]:
        return {name: set(OPEN.findall(label)) for name, label in words.items()}

    assert left_open(dict(labels)) == left_open(dict(english))


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_leaves_open_what_the_english_one_does(language: str) -> None:
    english, texts = wordbook("en").texts, wordbook(language).texts

    different = {
        key
        for key, text in texts.items()
        if set(OPEN.findall(text.body)) != set(OPEN.findall(english[key].body)) and key[1] is not Channel.CALL
    }

    assert different == set()


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_a_call_comes_with_answers_to_what_is_often_said(language: str) -> None:
    bodies = [text.body for (_, channel), text in wordbook(language).texts.items() if channel is Channel.CALL]

    assert [body.count("\n# ") for body in bodies] == [6] * len(CHASING)


def test_who_reads_a_language_that_we_do_not_write_gets_english() -> None:
    assert wordbook("pl").language == "en"
