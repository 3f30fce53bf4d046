"""Wishes: what says nothing but "stop", and what only contains the word."""

from __future__ import annotations

import pytest

from domain.notices.incoming.wishes import Wish, wish


@pytest.mark.parametrize(
    ("subject", "body", "expected"),
    [
        ("", "STOP", Wish.STOP),
        ("Re: A reminder", "Stop.\n", Wish.STOP),
        ("Re: A reminder", "unsubscribe\n\nOn 16 March Harbour wrote:\n> Please pay", Wish.STOP),
        ("Re: A reminder", "Unsubscribe me!\n\n-----Original Message-----\nFrom: x", Wish.STOP),
        ("Unsubscribe", "", Wish.STOP),
        ("", "  baja ", Wish.STOP),
        ("", "Se désabonner", Wish.STOP),
        ("", "Abmelden", Wish.STOP),
        ("", "START", Wish.START),
        ("", "Stop the delivery of invoice 12, it is wrong.", None),
        ("Stop", "Please call me before you send anything more.", None),
        ("Re: A reminder", "We pay on Friday.\n> unsubscribe", None),
        ("Re: A reminder", "> stop", None),
        ("Stop", "stop" + " " * 300 + "the delivery, it is wrong.", None),
        ("Re: A reminder", "stop\n\nOn 16 March " + "Harbour Foods " * 20 + "wrote:\n> Please pay", Wish.STOP),
        ("", "", None),
    ],
)
def test_only_what_says_nothing_else(subject: str, body: str, expected: Wish | None) -> None:
    assert wish(subject, body) is expected
