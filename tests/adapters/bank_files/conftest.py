"""Fixtures: the one reader of bank files."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from adapters.bank_files.reader import BankFiles
from domain.banking.files import BadBankFile, BankFile
from tests.support.bank_files import COLUMNS


@pytest.fixture
def read() -> Callable[[bytes], BankFile]:
    """Reads a file from its bytes; tables by the columns of tests.support.bank_files."""
    return lambda content: BankFiles().read(io.BytesIO(content), "statement", columns=COLUMNS)


@pytest.fixture
def refusal(read: Callable[[bytes], BankFile]) -> Callable[[bytes], str]:
    """What is wrong with a file, as text."""

    def told(content: bytes) -> str:
        with pytest.raises(BadBankFile) as refused:
            read(content)
        return str(refused.value)

    return told
