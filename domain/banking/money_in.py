"""Money in: which open invoices a credit pays, by reference, number, payer and amount, and by what was told; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from domain.banking.candidates import Candidates, OpenInvoice
from domain.banking.files import FileLine
from domain.banking.numbers import Numbers
from domain.banking.payers import Payer, Payers, words_of
from domain.banking.suggestions import Confidence, Kind, Suggestion
from domain.banking.sums import only_choice
from domain.banking.told import ToldMatcher
from domain.receivables import references
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

MOST_ALIKE = 5
"""Invoices of one amount that are offered one by one."""

BY_REFERENCE = N_("the payment reference of invoice {number} is in the text")
BY_NUMBER = N_("the number of invoice {number} is in the text")
NOT_CLEAR = N_("the number {number} may mean something else")
EXACTLY = N_("the amount is exactly what is open")
LESS_DISCOUNT = N_("the amount is exactly what is open less the discount for paying early")
TOO_LITTLE = N_("{short} less than what is open: a part payment, or a discount taken")
TOO_MUCH = N_("{over} more than what is open, which becomes credit")
SOME_OF_THEM = N_("the amount is exactly what is open on some of the invoices mentioned")
ALL_OPEN = N_("the amount is exactly everything that is open")
ONLY_SUM = N_("no other choice of open invoices adds up to the amount")
ONE_OF_SEVERAL = N_("one of {count} open invoices of this amount")
ONLY_ONE = N_("the only open invoice of this amount")
SEVERAL_ACCOUNTS = N_("the invoices are of several accounts")
OTHER_PAYER = N_("the bank account is that of another customer")
BY_OFFER = N_("the payment reference is of an invoice that is being settled for less")
AS_ASKED = N_("the amount is exactly what the settlement asks for")
OF_OFFER = N_("a part of the {left} that the settlement still asks for")
SETTLED = N_("the payment reference is of an invoice that is settled already")


class InvoiceMatcher:
    """Finds the open invoices that credits pay."""

    def __init__(self, candidates: Candidates, payers: Payers) -> None:
        self._payers = payers
        self._told = ToldMatcher(candidates.told, candidates.invoices)
        self._settled = candidates.settled
        self._offers = candidates.being_settled
        self._whole = {account.id for account in candidates.accounts if account.whole}
        self._invoices = {invoice.id: invoice for invoice in candidates.invoices}
        self._numbers = Numbers(
            (invoice.id, number)
            for invoice in candidates.invoices
            for number in dict.fromkeys((invoice.number, invoice.purchase_order))
            if number
        )
        self._of_account: dict[int, list[OpenInvoice]] = defaultdict(list)
        self._of_amount: dict[Money, list[OpenInvoice]] = defaultdict(list)
        for invoice in sorted(candidates.invoices, key=lambda each: (each.due_on, each.id)):
            self._of_account[invoice.account_id].append(invoice)
            self._of_amount[invoice.open].append(invoice)

    def suggest(self, line: FileLine) -> list[Suggestion]:
        """What the credit may pay, in no order."""
        payers = self._payers.of(line)
        named = [*self._by_reference(line), *self._by_number(line)]
        may_have_paid = {payer.account_id for payer in payers}
        may_have_paid |= {each.account_id for each in named if each.account_id is not None}
        told = self._told.suggest(line.amount, may_have_paid)
        found = [_not_of_another(each, payers) for each in named]
        for payer in payers:
            found.extend(self._by_payer(line, payer))
        return [*(_not_of_another(each, payers) for each in told), *(found or self._by_amount(line))]

    def _by_reference(self, line: FileLine) -> Iterator[Suggestion]:
        mentioned = references.invoices_in(words_of(line))
        offer = next((each for each in self._offers if mentioned and set(mentioned) <= set(each.invoice_ids)), None)
        settled = self._same_currency(offer.invoice_ids, line) if offer else []
        if offer and settled and line.amount <= offer.left:
            surely = line.amount in offer.asked
            why = Words(AS_ASKED) if surely else Words.of(OF_OFFER, left=offer.left)
            yield _paying(line, settled, Confidence.SURE if surely else Confidence.LIKELY, (Words(BY_OFFER), why))
            return
        invoices = self._same_currency(mentioned, line)
        if invoices:
            reasons = [Words.of(BY_REFERENCE, number=invoice.number) for invoice in invoices]
            yield from _mentioned(line, invoices, reasons)
            return
        for account_id in dict.fromkeys(self._settled[each] for each in mentioned if each in self._settled):
            yield _for_account(account_id, Confidence.LIKELY, Words(SETTLED))

    def _by_number(self, line: FileLine) -> Iterator[Suggestion]:
        mentioned = self._numbers.mentioned(words_of(line))
        clear = self._same_currency(mentioned.clearly, line)
        if clear:
            yield from _mentioned(line, clear, [Words.of(BY_NUMBER, number=invoice.number) for invoice in clear])
        for invoice in self._same_currency(mentioned.perhaps, line):
            if invoice.open == line.amount:
                reasons = (Words.of(NOT_CLEAR, number=invoice.number), Words(EXACTLY))
                yield _paying(line, [invoice], Confidence.LIKELY, reasons)

    def _by_payer(self, line: FileLine, payer: Payer) -> Iterator[Suggestion]:
        """Invoices of one account by the amount; where none fits, the account itself."""
        invoices = [each for each in self._of_account[payer.account_id] if each.open.currency == line.amount.currency]
        whole = payer.account_id in self._whole
        surest = Confidence.LIKELY if payer.alone else Confidence.POSSIBLE
        equal = [invoice for invoice in invoices if invoice.open == line.amount]
        early = [each for invoice in invoices if (each := _early(invoice, line)).open == line.amount]
        if len(early) == 1 and not equal:
            yield _paying(line, early, surest, (payer.reason, Words(LESS_DISCOUNT)))
        elif len(equal) == 1:
            yield _paying(line, equal, surest, (payer.reason, Words(EXACTLY)))
        elif equal:
            reason = Words.of(ONE_OF_SEVERAL, count=len(equal))
            for invoice in equal[:MOST_ALIKE]:
                yield _paying(line, [invoice], Confidence.POSSIBLE, (payer.reason, reason))
        elif whole and invoices and _total(invoices) == line.amount:
            yield _paying(line, invoices, surest, (payer.reason, Words(ALL_OPEN)))
        elif whole and (chosen := only_choice([each.open.minor for each in invoices], line.amount.minor)) is not None:
            some = [invoices[place] for place in chosen]
            yield _paying(line, some, surest, (payer.reason, Words(ONLY_SUM)))
        else:
            known = payer.alone and payer.by_bank_account
            yield _for_account(payer.account_id, Confidence.LIKELY if known else Confidence.POSSIBLE, payer.reason)

    def _by_amount(self, line: FileLine) -> Iterator[Suggestion]:
        """The amount alone, where nothing else says anything."""
        equal = self._of_amount.get(line.amount, [])
        reason = Words(ONLY_ONE) if len(equal) == 1 else Words.of(ONE_OF_SEVERAL, count=len(equal))
        for invoice in equal[:MOST_ALIKE]:
            yield _paying(line, [invoice], Confidence.POSSIBLE, (reason,))

    def _same_currency(self, ids: Sequence[int], line: FileLine) -> list[OpenInvoice]:
        found = (self._invoices[each] for each in ids if each in self._invoices)
        return [invoice for invoice in found if invoice.open.currency == line.amount.currency]


def _mentioned(line: FileLine, invoices: list[OpenInvoice], reasons: Sequence[Words]) -> Iterator[Suggestion]:
    """Invoices that the payer names: surely all of them where the amount is just theirs, else probably."""
    total = _total(invoices)
    if total == line.amount:
        yield _paying(line, invoices, Confidence.SURE, (*reasons, Words(EXACTLY)))
        return
    early = [_early(invoice, line) for invoice in invoices]
    if _total(early) == line.amount:
        yield _paying(line, early, Confidence.SURE, (*reasons, Words(LESS_DISCOUNT)))
        return
    chosen = only_choice([invoice.open.minor for invoice in invoices], line.amount.minor)
    if chosen is not None:
        some = [invoices[place] for place in chosen]
        yield _paying(line, some, Confidence.LIKELY, (*(reasons[place] for place in chosen), Words(SOME_OF_THEM)))
        return
    difference = total - line.amount
    why = Words.of(TOO_LITTLE, short=difference) if difference.minor > 0 else Words.of(TOO_MUCH, over=-difference)
    yield _paying(line, invoices, Confidence.LIKELY, (*reasons, why))


def _paying(
    line: FileLine, invoices: Sequence[OpenInvoice], confidence: Confidence, reasons: Sequence[Words]
) -> Suggestion:
    """A payment of these invoices in their order, as far as the amount goes."""
    left, allocations = line.amount, []
    for invoice in invoices:
        part = min(left, invoice.open)
        if part:
            allocations.append((invoice.id, part))
        left -= part
    accounts = {invoice.account_id for invoice in invoices}
    suggestion = Suggestion(
        kind=Kind.INVOICE_PAYMENT,
        targets=tuple(invoice_id for invoice_id, _ in allocations),
        confidence=confidence,
        reasons=tuple(reasons),
        account_id=accounts.pop() if len(accounts) == 1 else None,
        allocations=tuple(allocations),
    )
    return suggestion if not accounts else suggestion.at_most(Confidence.LIKELY, Words(SEVERAL_ACCOUNTS))


def _early(invoice: OpenInvoice, line: FileLine) -> OpenInvoice:
    """The invoice as it would be paid on the line's value date."""
    return invoice.less_discount(line.value_on)


def _not_of_another(suggestion: Suggestion, payers: Sequence[Payer]) -> Suggestion:
    """A payment that comes from another customer's bank account is not sure: one of the two is mistaken."""
    others = {payer.account_id for payer in payers if payer.by_bank_account}
    if not others or suggestion.account_id in others:
        return suggestion
    return suggestion.at_most(Confidence.LIKELY, Words(OTHER_PAYER))


def _for_account(account_id: int, confidence: Confidence, reason: Words) -> Suggestion:
    return Suggestion(Kind.ACCOUNT, (account_id,), confidence, (reason,), account_id=account_id)


def _total(invoices: Sequence[OpenInvoice]) -> Money:
    return Money.sum((invoice.open for invoice in invoices), invoices[0].open.currency)
