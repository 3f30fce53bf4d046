"""Payers: which of our accounts a line comes from, by bank accounts that we have learned, by name, by number; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from domain.banking.candidates import KnownAccount
from domain.banking.files import FileLine
from domain.banking.names import KnownNames
from domain.banking.numbers import Numbers
from domain.shared.errors import N_
from domain.shared.words import Words

BY_BANK_ACCOUNT = N_("{name} has paid from this bank account before")
BY_NAME = N_("the payer's name is that of {name}")
BY_NUMBER = N_("the account number {number} is in the text")


@dataclass(frozen=True, slots=True)
class Payer:
    """An account that a line may come from; `alone` where nothing points to another."""

    account_id: int
    reason: Words
    by_bank_account: bool
    alone: bool


class Payers:
    """Finds the accounts of a line."""

    def __init__(self, accounts: Sequence[KnownAccount]) -> None:
        self._accounts = {account.id: account for account in accounts}
        self._names = KnownNames({account.id: account.name for account in accounts})
        self._numbers = Numbers((account.id, account.number) for account in accounts)
        self._named: dict[str, list[int]] = {}
        self._bank_accounts: dict[str, list[int]] = defaultdict(list)
        for account in accounts:
            for bank_account in account.bank_accounts:
                self._bank_accounts[bank_account].append(account.id)

    def of(self, line: FileLine) -> list[Payer]:
        """The accounts that the line may come from: by bank account, else by number, else by name."""
        known = self._bank_accounts.get(line.counterparty_account, []) if line.counterparty_account else []
        if known:
            return self._payers(known, BY_BANK_ACCOUNT)
        numbered = self._numbers.mentioned(words_of(line)).clearly
        if numbered:
            return self._payers(numbered, BY_NUMBER)
        return self._payers(self._alike(line.counterparty_name), BY_NAME)

    def _alike(self, name: str) -> list[int]:
        """The accounts of this name, looked up once a file: it is by far the dearest question."""
        if name not in self._named:
            self._named[name] = self._names.alike(name)
        return self._named[name]

    def _payers(self, found: Sequence[int], why: str) -> list[Payer]:
        return [
            Payer(
                account_id=account_id,
                reason=Words.of(why, name=self._accounts[account_id].name, number=self._accounts[account_id].number),
                by_bank_account=why is BY_BANK_ACCOUNT,
                alone=len(found) == 1,
            )
            for account_id in found
        ]


def words_of(line: FileLine) -> str:
    """All words of a line in which a reference or a number may stand."""
    return " ".join((*line.references, line.text))
