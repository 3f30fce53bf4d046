"""The catalogues of words: nothing in them can break a sentence that the code fills in."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

CATALOGUES = sorted((Path(__file__).parents[2] / "web" / "locale").glob("*/LC_MESSAGES/quittance.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_translation_fills_in_the_same_things_as_the_original(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file)

    different = [
        (message.id, said)
        for message in catalogue
        if message.id
        for original, said in _pairs(message.id, message.string)
        if said and set(PLACEHOLDER.findall(original)) != set(PLACEHOLDER.findall(said))
    ]

    assert different == []
    assert len(catalogue) > 100


def _pairs(original: object, said: object) -> list[tuple[str, str]]:
    """What is said in place of what; the plural of a sentence is the one that carries its number."""
    if isinstance(original, tuple) and isinstance(said, tuple):
        return [(str(original[-1]), str(said[-1]))]
    return [(str(original), str(said))]
