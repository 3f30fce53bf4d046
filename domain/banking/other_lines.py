"""Other lines: receipts, payouts, remittances, returns and refunds that a line of the bank stands for; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Protocol, TypeVar

from domain.banking.candidates import Candidates, ExpectedPayout, ExpectedRemittance
from domain.banking.files import FileLine
from domain.banking.numbers import Numbers
from domain.banking.payers import Payer, Payers, words_of
from domain.banking.suggestions import Confidence, Kind, Suggestion
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

BEFORE, AFTER = timedelta(days=5), timedelta(days=45)
"""How long before and after we recorded something the bank may book it: cheques lie in drawers."""
RETURNS_WITHIN = timedelta(days=425)
"""A direct debit without a mandate comes back for thirteen months (SEPA rulebook), anything else much sooner."""
NEAR_PAYOUT = timedelta(days=5)
"""How far from the day that the processor names."""

RECORDED = N_("a receipt of this amount was recorded on {on}")
SENT = N_("a refund of this amount was sent on {on}")
BANKED = N_("a receipt of this amount came in on {on}")
ITS_REFERENCE = N_("its reference {reference} is in the text")
ARRIVES = N_("a payout of this amount arrives on {on}")
REMITTED = N_("{partner} says that it sent this amount on {on}")
ITS_NAME = N_("the line names {name}")
ONE_OF_SEVERAL = N_("one of {count} of this amount")
NO_RETURN = N_("the bank does not call it a return")
CALLED_RETURN = N_("the bank calls it a return")


class Known(Protocol):
    """What receipts and refunds have in common."""

    @property
    def id(self) -> int: ...
    @property
    def account_id(self) -> int: ...
    @property
    def amount(self) -> Money: ...
    @property
    def reference(self) -> str: ...


K = TypeVar("K", bound=Known)


class OtherMatcher:
    """Finds what is in our books already and only has to be seen at the bank, or comes back."""

    def __init__(self, candidates: Candidates, payers: Payers) -> None:
        self._payers = payers
        self._receipts = _by_amount(candidates.receipts)
        self._banked = _by_amount(candidates.banked)
        self._refunds = _by_amount(candidates.refunds)
        self._payouts: dict[Money, list[ExpectedPayout]] = defaultdict(list)
        for payout in candidates.payouts:
            self._payouts[payout.amount].append(payout)
        self._remittances: dict[Money, list[ExpectedRemittance]] = defaultdict(list)
        for remittance in candidates.remittances:
            self._remittances[remittance.amount].append(remittance)

    def suggest(self, line: FileLine) -> list[Suggestion]:
        """What the line may be, in no order."""
        payers = self._payers.of(line)
        if line.amount.minor > 0:
            return [*self._payout(line), *self._remitted(line), *self._recorded(line, payers)]
        return [*self._payout(line), *self._returned(line, payers), *self._refunded(line, payers)]

    def _payout(self, line: FileLine) -> Iterator[Suggestion]:
        near = [
            each for each in self._payouts.get(line.amount, []) if abs(each.arrives_on - line.booked_on) <= NEAR_PAYOUT
        ]
        words = f"{words_of(line)} {line.counterparty_name}".casefold()
        for payout in near:
            named = next(
                (each for each in (payout.external_id, *payout.names) if each and each.casefold() in words), ""
            )
            reasons = [Words.of(ARRIVES, on=payout.arrives_on)]
            reasons += [Words.of(ITS_NAME, name=named)] if named else []
            reasons += [Words.of(ONE_OF_SEVERAL, count=len(near))] if len(near) > 1 else []
            known = bool(named) and (len(near) == 1 or named == payout.external_id)
            unsure = Confidence.LIKELY if len(near) == 1 else Confidence.POSSIBLE
            yield Suggestion(Kind.PAYOUT, (payout.id,), Confidence.SURE if known else unsure, tuple(reasons))

    def _remitted(self, line: FileLine) -> Iterator[Suggestion]:
        of_amount = self._remittances.get(line.amount, [])
        near = [each for each in of_amount if -BEFORE <= line.booked_on - each.sent_on <= AFTER]
        mentioned = Numbers((each.id, each.reference) for each in near).mentioned(words_of(line)).clearly
        words = f"{words_of(line)} {line.counterparty_name}".casefold()
        for each in near:
            reasons = [Words.of(REMITTED, partner=each.partner, on=each.sent_on)]
            is_named = each.partner.casefold() in words
            reasons += [Words.of(ITS_NAME, name=each.partner)] if is_named else []
            reasons += [Words.of(ITS_REFERENCE, reference=each.reference)] if each.id in mentioned else []
            reasons += [Words.of(ONE_OF_SEVERAL, count=len(near))] if len(near) > 1 else []
            unsure = Confidence.LIKELY if is_named or len(near) == 1 else Confidence.POSSIBLE
            yield Suggestion(
                Kind.REMITTANCE, (each.id,), Confidence.SURE if each.id in mentioned else unsure, tuple(reasons)
            )

    def _recorded(self, line: FileLine, payers: Sequence[Payer]) -> Iterator[Suggestion]:
        near = [
            each
            for each in self._receipts.get(line.amount, [])
            if -BEFORE <= line.booked_on - each.received_on <= AFTER
        ]
        yield from _known(
            line, near, payers, Kind.RECORDED_RECEIPT, lambda each: Words.of(RECORDED, on=each.received_on)
        )

    def _returned(self, line: FileLine, payers: Sequence[Payer]) -> Iterator[Suggestion]:
        near = [each for each in self._banked.get(-line.amount, []) if _since(each.received_on, line) <= RETURNS_WITHIN]
        for each in _known(
            line, near, payers, Kind.RETURNED_RECEIPT, lambda receipt: Words.of(BANKED, on=receipt.received_on)
        ):
            yield each if line.returned else each.at_most(Confidence.POSSIBLE, Words(NO_RETURN))

    def _refunded(self, line: FileLine, payers: Sequence[Payer]) -> Iterator[Suggestion]:
        near = [each for each in self._refunds.get(-line.amount, []) if _since(each.sent_on, line) <= AFTER]
        found = _known(line, near, payers, Kind.REFUND, lambda refund: Words.of(SENT, on=refund.sent_on))
        yield from (each.at_most(Confidence.LIKELY, Words(CALLED_RETURN)) if line.returned else each for each in found)


def _known(
    line: FileLine, near: Sequence[K], payers: Sequence[Payer], kind: Kind, why: Callable[[K], Words]
) -> Iterator[Suggestion]:
    """Things of the line's amount: surely the one whose reference it tells, probably the only one of its payer."""
    mentioned = Numbers((each.id, each.reference) for each in near if each.reference).mentioned(words_of(line)).clearly
    of_payer = {payer.account_id: payer.reason for payer in payers}
    from_payer = [each for each in near if each.account_id in of_payer]
    for each in near:
        reasons = [why(each)]
        confidence = Confidence.POSSIBLE
        if len(near) == 1 or (each in from_payer and len(from_payer) == 1):
            confidence = Confidence.LIKELY
        if each.account_id in of_payer:
            reasons.append(of_payer[each.account_id])
        if each.id in mentioned:
            confidence = Confidence.SURE
            reasons.append(Words.of(ITS_REFERENCE, reference=each.reference))
        elif len(near) > 1:
            reasons.append(Words.of(ONE_OF_SEVERAL, count=len(near)))
        yield Suggestion(kind, (each.id,), confidence, tuple(reasons), account_id=each.account_id)


def _by_amount(things: Sequence[K]) -> dict[Money, list[K]]:
    found: dict[Money, list[K]] = defaultdict(list)
    for each in things:
        found[each.amount].append(each)
    return found


def _since(day: date, line: FileLine) -> timedelta:
    """How long after a day the bank booked the line; a little before it counts as none."""
    gone = line.booked_on - day
    return abs(gone) if gone >= -BEFORE else timedelta.max
