"""What a payment is called once something of it has gone back: the gravest first."""

from __future__ import annotations

import pytest

from domain.processing.aftermath import NOTHING, Aftermath
from tests.support.builders import money
from web.aftermath import aftermath_badge


@pytest.mark.parametrize(
    ("became", "words"),
    [
        (NOTHING, None),
        (Aftermath(set_aside=12000), None),
        (Aftermath(refunded=12000), "Refunded"),
        (Aftermath(refunded=2000), "Partly refunded, {amount}"),
        (Aftermath(refunded=2000, refunding=3000), "Refund on its way"),
        (Aftermath(taken=12000), "Taken back by the bank"),
        (Aftermath(taken=5000, refunded=2000), "{amount} taken back by the bank"),
        (Aftermath(taken=12000, contested=True), "Contested by the bank"),
        (Aftermath(returned=True), "Returned"),
    ],
)
def test_the_gravest_is_said(became: Aftermath, words: str | None) -> None:
    badge = aftermath_badge(money("120"), became)

    assert (badge[1].text if badge else None) == words


def test_a_part_bears_its_amount() -> None:
    badge = aftermath_badge(money("120"), Aftermath(refunded=2000))

    assert badge is not None
    assert badge[1].params == {"amount": money("20")}
