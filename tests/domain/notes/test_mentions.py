"""Whom an @name means, however it is typed."""

from __future__ import annotations

import pytest

from domain.notes.mentions import Colleague, Mentioned, labels, mentioned

ANA, BELL, BEN, OSCAR, INES = PEOPLE = (
    Colleague(1, "Ana Ruiz", "ana"),
    Colleague(2, "Anabel Stone", "a.stone"),
    Colleague(3, "Ben O'Hara", "ben"),
    Colleague(4, "Óscar Peña", "operez"),
    Colleague(5, "Inés de la Cruz", "ines"),
)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("@Ana please look", ANA),
        ("@ana ruiz please look", ANA),
        ("@anaruiz", ANA),
        ("@Ana.Ruiz, see this", ANA),
        ("@a.stone", BELL),
        ("@anabel", BELL),
        ("(@STONE)", BELL),
        ("@ohara", BEN),
        ("@O'Hara", BEN),
        ("@ben o'hara", BEN),
        ("@oscar", OSCAR),
        ("@pena.", OSCAR),
        ("@ocsar", OSCAR),
        ("@Inés de la Cruz calls", INES),
        ("@cruz", INES),
    ],
)
def test_a_name_is_understood_in_the_ways_people_type_it(text: str, who: Colleague) -> None:
    assert mentioned(text, PEOPLE) == Mentioned((who.id,), (), ())


def test_what_could_be_two_people_is_asked_for_and_the_surname_decides() -> None:
    twins = (Colleague(1, "Ana Ruiz"), Colleague(2, "Ana Bell"))

    assert mentioned("@ana look", twins) == Mentioned((), (("ana", ("Ana Ruiz", "Ana Bell")),), ())
    assert mentioned("@ana b look", twins).ids == (2,)
    assert mentioned("@ana Ruiz look", twins).ids == (1,)


def test_two_of_the_same_name_are_told_apart_by_their_whole_address() -> None:
    namesakes = (Colleague(1, "Ana Ruiz", "ana@north.example"), Colleague(2, "Ana Ruiz", "ana@south.example"), BEN)
    both = ("Ana Ruiz (ana@north.example)", "Ana Ruiz (ana@south.example)")

    assert mentioned("@Ana Ruiz look", namesakes) == Mentioned((), (("Ana", both),), ())
    assert mentioned("@ana look", namesakes).unclear == (("ana", both),)
    assert mentioned("@ana@south.example look", namesakes) == Mentioned((2,), (), ())
    assert mentioned("(@Ana@North.example, @ben).", namesakes).ids == (1, BEN.id)
    assert mentioned("@ana@west.example", namesakes).unknown == ("ana@west.example",)
    assert labels(namesakes) == {1: both[0], 2: both[1], BEN.id: BEN.name}


def test_nobody_is_nobody_and_an_address_mentions_no_one() -> None:
    assert mentioned("@zoe and @an", PEOPLE).unknown == ("zoe",)
    assert mentioned("write to pay@ana.example, 5 @ 3.20", PEOPLE) == Mentioned((), (), ())


def test_everybody_counts_once_in_the_order_of_the_text() -> None:
    assert mentioned("@ben, @ana and @Ben again", PEOPLE).ids == (BEN.id, ANA.id)
