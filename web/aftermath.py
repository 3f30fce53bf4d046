"""Aftermath: what a payment that arrived is called once something of it has gone back, as both sites say it."""

from __future__ import annotations

from domain.processing.aftermath import Aftermath
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words


def aftermath_badge(amount: Money, aftermath: Aftermath) -> tuple[str, Words] | None:
    """The kind and the words of its badge, the gravest first; None where all of the payment is there."""
    taken, refunded = Money(aftermath.taken, amount.currency), Money(aftermath.refunded, amount.currency)
    if aftermath.returned:
        return "failed", Words.of(N_("Returned"))
    if aftermath.contested:
        return "disputed", Words.of(N_("Contested by the bank"))
    if taken >= amount:
        return "failed", Words.of(N_("Taken back by the bank"))
    if taken:
        return "failed", Words.of(N_("{amount} taken back by the bank"), amount=taken)
    if refunded >= amount:
        return "void", Words.of(N_("Refunded"))
    if aftermath.refunding:
        return "waiting", Words.of(N_("Refund on its way"))
    if refunded:
        return "void", Words.of(N_("Partly refunded, {amount}"), amount=refunded)
    return None
