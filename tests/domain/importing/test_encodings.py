"""Encodings: marks, bytes, and a guess that is owned up to."""

import io

import pytest

from domain.importing.encodings import BLOCK, detect

WORDS = "name;city\r\nMüller & Söhne;Málaga\r\nFrançois – “Café”;Åre\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_known_for_certain(encoding: str) -> None:
    content = WORDS.encode(encoding)

    found, certain = detect(io.BytesIO(content))

    assert content.decode(found) == WORDS
    assert certain


@pytest.mark.parametrize("words", [WORDS, "x,y\r\nAcme,£ 12\r\n", "Caf\xe9\r\n"])
def test_a_few_accents_are_taken_as_western_and_told(words: str) -> None:
    assert detect(io.BytesIO(words.encode("cp1252"))) == ("cp1252", False)


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1251", "Клиент;Счёт\r\nООО Ромашка;Москва, улица Ленина, дом один\r\n" * 3),
        ("cp932", "顧客;請求書\r\n株式会社山田商店;東京都千代田区\r\n" * 3),
    ],
)
def test_a_text_full_of_other_letters_is_recognised_and_told(encoding: str, words: str) -> None:
    found, certain = detect(io.BytesIO(words.encode(encoding)))

    assert words.encode(encoding).decode(found) == words
    assert not certain


def test_an_accent_far_below_is_found_too() -> None:
    content = b"a,b\r\n" * BLOCK + "é,1\r\n".encode("cp1252")

    assert detect(io.BytesIO(content)) == ("cp1252", False)


def test_a_letter_across_two_blocks_is_no_broken_letter() -> None:
    content = b"x" * (BLOCK - 1) + "é".encode()

    assert detect(io.BytesIO(content)) == ("utf-8", True)
