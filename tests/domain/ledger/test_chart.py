"""The chart: every line has its type, its name and its meaning."""

from __future__ import annotations

from domain.ledger.chart import CHART, AccountType, LedgerAccount


def test_every_ledger_account_is_described() -> None:
    assert set(CHART) == set(LedgerAccount)
    assert all(line.name and line.meaning.endswith(".") for line in CHART.values())
    assert len({line.name for line in CHART.values()}) == len(CHART)


def test_a_ledger_account_knows_its_line() -> None:
    assert LedgerAccount.RECEIVABLE.line.type is AccountType.ASSET
    assert LedgerAccount.SALES.line.type is AccountType.INCOME


def test_names_fit_the_column_that_holds_them() -> None:
    assert max(len(account.value) for account in LedgerAccount) <= 40
