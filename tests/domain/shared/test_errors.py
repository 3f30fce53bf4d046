"""Refusals: what they carry, and how they read before anybody translates them."""

from __future__ import annotations

import pytest

from domain.shared.errors import N_, Conflict, Invalid, NotAllowed, NotFound, Refused
from domain.shared.money import Money


def test_a_refusal_fills_its_words_with_its_parameters() -> None:
    refusal = Invalid(N_("{amount} is more than is owed."), field="amount", amount=Money(500, "GBP"))

    assert str(refusal) == "5.00 GBP is more than is owed."
    assert (refusal.text, refusal.field) == ("{amount} is more than is owed.", "amount")
    assert refusal.params == {"amount": Money(500, "GBP")}


def test_who_may_not_is_told_who_can() -> None:
    refusal = NotAllowed(N_("You may not refund {amount}."), who_can=["manager"], amount=1)

    assert (refusal.who_can, str(refusal)) == (("manager",), "You may not refund 1.")


def test_what_is_not_found_says_nothing_more() -> None:
    assert str(NotFound()) == "We could not find that."


@pytest.mark.parametrize("kind", [NotFound, NotAllowed, Invalid, Conflict])
def test_every_refusal_is_caught_as_one(kind: type[Refused]) -> None:
    with pytest.raises(Refused):
        raise kind("No.")
