"""Matching: what of ours each line of the bank probably is, by reference, amount and name, with the reasons; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.banking.candidates import Candidates
from domain.banking.files import FileLine
from domain.banking.money_in import InvoiceMatcher
from domain.banking.other_lines import OtherMatcher
from domain.banking.payers import Payers
from domain.banking.suggestions import Confidence, Kind, Suggestion, ordered
from domain.shared.errors import N_
from domain.shared.words import Words

ALREADY_RECORDED = N_("a receipt of this amount is recorded already, and may be this one")
CAME_BACK = N_("the bank calls it a return")
ANOTHER_LINE = N_("another line of the same file is surely that")


class Matcher:
    """Suggests for lines of one bank account, among candidates that are read once for a whole file."""

    def __init__(self, candidates: Candidates) -> None:
        payers = Payers(candidates.accounts)
        self._invoices = InvoiceMatcher(candidates, payers)
        self._others = OtherMatcher(candidates, payers)

    def suggest(self, line: FileLine) -> list[Suggestion]:
        """What the line may be, the surest first; at most one is sure, and none where nothing fits."""
        if not line.amount:
            return []
        others = self._others.suggest(line)
        if line.amount.minor < 0:
            return ordered(others)
        return ordered((*others, *_careful(self._invoices.suggest(line), others, line)))

    def suggest_all(self, lines: Iterable[FileLine]) -> list[list[Suggestion]]:
        """The same for all lines of a file: two lines are never surely the same thing, the first one is."""
        taken: set[tuple[Kind, int]] = set()
        suggested = []
        for line in lines:
            found = [_not_twice(each, taken) for each in self.suggest(line)]
            taken.update(key for each in found if each.confidence is Confidence.SURE for key in _keys(each))
            suggested.append(found)
        return suggested


def _careful(payments: Sequence[Suggestion], others: Sequence[Suggestion], line: FileLine) -> list[Suggestion]:
    """Payments of invoices, none of them sure where it would book twice what is recorded, or take a return for one."""
    recorded = {each.account_id for each in others if each.kind is Kind.RECORDED_RECEIPT}
    found = list(payments)
    if line.returned:
        found = [each.at_most(Confidence.LIKELY, Words(CAME_BACK)) for each in found]
    return [
        each.at_most(Confidence.LIKELY, Words(ALREADY_RECORDED)) if each.account_id in recorded else each
        for each in found
    ]


def _not_twice(suggestion: Suggestion, taken: set[tuple[Kind, int]]) -> Suggestion:
    if taken.isdisjoint(_keys(suggestion)):
        return suggestion
    return suggestion.at_most(Confidence.LIKELY, Words(ANOTHER_LINE))


def _keys(suggestion: Suggestion) -> list[tuple[Kind, int]]:
    return [(suggestion.kind, target) for target in suggestion.targets]
