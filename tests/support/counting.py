"""Counting: how many statements something sends to the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event


@contextmanager
def counted(bind: Engine | Connection) -> Iterator[list[str]]:
    """Collects every statement that is sent during the block."""
    sent: list[str] = []

    def note(_: Connection, __: Any, statement: str, *___: Any) -> None:
        sent.append(statement)

    event.listen(bind, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(bind, "before_cursor_execute", note)
