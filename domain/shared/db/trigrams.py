"""Trigrams: the indexes by which rows are found by any part of a name or number, and by names that are spelt wrong.

SQLite keeps them in tables of FTS5 that triggers fill, PostgreSQL in GIN indexes over a function of ours: no extension
is needed. Both have the threes of letters that `domain.shared.spelling` gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Table,
    Text,
    cast,
    column,
    func,
    inspect,
    literal_column,
    select,
    table,
    text,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from domain.shared.spelling import inner_threes

PREFIX = "trigrams_"
"""Begins the name of everything that belongs to this module, and so to no model."""
MOST_THREES = 40
"""Threes of a question that are looked for."""
FUNCTION = f"{PREFIX}of"
"""Its price is set so high that PostgreSQL asks the index rather than work a text's threes out for each row."""
MAKE_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}(words text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
SELECT array_agg(substr(' ' || lower(words) || ' ', place, 3)) FROM generate_series(1, length(words)) AS place
$$
"""


@dataclass(frozen=True, slots=True)
class Indexed:
    """The columns of one table that are indexed together, and the column by which its rows are known."""

    table: str
    columns: tuple[str, ...]
    key: str = "id"

    @property
    def name(self) -> str:
        """What its index is called on either engine."""
        return f"{PREFIX}{self.table}"

    def words(self, row: str) -> str:
        """SQL for the text of a row: its columns one after another."""
        parts = (f"coalesce(CAST({row}.\"{name}\" AS text), '')" for name in self.columns)
        return " || ' ' || ".join(parts)

    def triggers(self) -> dict[str, str]:
        """The triggers that keep the index on SQLite, by name."""
        gone = f"INSERT INTO {self.name}({self.name}, rowid, words) VALUES ('delete', old.{self.key}, {self._old}); "
        come = f"INSERT INTO {self.name}(rowid, words) VALUES (new.{self.key}, {self._new}); "
        changed = ", ".join(f'"{name}"' for name in self.columns)
        acts = {
            "added": ("INSERT", come),
            "gone": ("DELETE", gone),
            "changed": (f"UPDATE OF {changed}", gone + come),
        }
        return {
            f"{self.name}_{when}": f"CREATE TRIGGER {self.name}_{when} AFTER {act} ON {self.table} BEGIN {does}END"
            for when, (act, does) in acts.items()
        }

    @property
    def _old(self) -> str:
        return f"' ' || {self.words('old')} || ' '"

    @property
    def _new(self) -> str:
        return f"' ' || {self.words('new')} || ' '"


INDEXED = {
    one.table: one
    for one in (
        Indexed("account", ("search_text",)),
        Indexed("invoice", ("number", "purchase_order")),
        Indexed("credit_note", ("number",)),
        Indexed("payment", ("receipt_number",)),
        Indexed("receipt_slip", ("reference",), "payment_id"),
        Indexed("bank_line", ("counterparty_name", "counterparty_account", "bank_ref", "references", "text")),
        Indexed("dispute", ("number",)),
        Indexed("incoming_message", ("sender", "subject")),
        Indexed("legal_case", ("number", "court")),
    )
}
"""Everything that is found so, by its table."""


def install(connection: Connection) -> None:
    """Put each index in place where its table is, and take it away where that is gone; done after each migration.

    On SQLite an index whose triggers are not as they should be is filled anew: the table may have been made again.
    """
    seen = inspect(connection)
    tables = set(seen.get_table_names())
    here = {
        name
        for name, one in INDEXED.items()
        if name in tables and {each["name"] for each in seen.get_columns(name)} >= set(one.columns)
    }
    if connection.dialect.name == "sqlite":
        _install_on_sqlite(connection, here)
    else:
        _install_on_postgresql(connection, here)


def _install_on_sqlite(connection: Connection, here: set[str]) -> None:
    asked = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE :ours")
    found = {row.name: row.sql for row in connection.execute(asked, {"ours": f"{PREFIX}%"})}
    for name, one in INDEXED.items():
        if name not in here:
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {one.name}")
            continue
        wanted = one.triggers()
        if all(found.get(trigger) == words for trigger, words in wanted.items()):
            continue
        for trigger in wanted:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {trigger}")
        connection.exec_driver_sql(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {one.name} USING fts5("
            "words, content='', tokenize='trigram', detail=none)"
        )
        connection.exec_driver_sql(f"INSERT INTO {one.name}({one.name}) VALUES ('delete-all')")
        connection.exec_driver_sql(
            f"INSERT INTO {one.name}(rowid, words) SELECT {one.key}, ' ' || {one.words(name)} || ' ' FROM {name}"
        )
        for words in wanted.values():
            connection.exec_driver_sql(words)


def _install_on_postgresql(connection: Connection, here: set[str]) -> None:
    if not here:
        connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {FUNCTION}(text)")
        return
    connection.exec_driver_sql(MAKE_FUNCTION)
    for name in sorted(here):
        one = INDEXED[name]
        made = f"CREATE INDEX IF NOT EXISTS {one.name} ON {name} USING gin ({FUNCTION}({one.words(name)}))"
        connection.exec_driver_sql(made)


def is_ours(name: str | None) -> bool:
    """Whether a table or an index belongs to this module, and so to no model."""
    return name is not None and name.startswith(PREFIX)


def may_hold(session: Session, where: Table, words: Sequence[str]) -> ColumnElement[bool] | None:
    """A condition that all rows meet in whose text every one of `words` occurs, and few others, by the index.

    Words of one or two letters are left out of it; None where there are no others. What it lets through has all the
    threes of the words: whether they stand together, the caller still has to ask.
    """
    wanted = list(dict.fromkeys(three for word in words for three in inner_threes(word)))[:MOST_THREES]
    return having(session, where, wanted) if wanted else None


def sharing(session: Session, where: Table, wanted: Sequence[str], *, limit: int) -> list[int]:
    """The keys of the rows that have most of the threes `wanted`, the most first."""
    each = [_with_three(session, where, three) for three in wanted[:MOST_THREES]]
    if not each:
        return []
    found = union_all(*each).subquery()
    counted = select(found.c[0]).group_by(found.c[0]).order_by(func.count().desc(), found.c[0]).limit(limit)
    return [int(one) for one in session.scalars(counted)]


def having(session: Session, where: Table, wanted: Sequence[str]) -> ColumnElement[bool]:
    """The condition that a row's text has every one of these threes, of which at least one is wanted."""
    one = INDEXED[where.name]
    if _on_sqlite(session):
        return where.c[one.key].in_(_matching(where, wanted))
    has: ColumnElement[Any] = literal_column(f"{FUNCTION}({one.words(where.name)})")
    return has.op("@>", is_comparison=True)(cast(list(wanted), ARRAY(Text)))


def _with_three(session: Session, where: Table, three: str) -> Select[tuple[Any]]:
    if _on_sqlite(session):
        return _matching(where, [three])
    return select(where.c[INDEXED[where.name].key]).where(having(session, where, [three]))


def _matching(where: Table, wanted: Sequence[str]) -> Select[tuple[Any]]:
    name = INDEXED[where.name].name
    index = table(name, column("rowid", Integer), column("words"))
    question = " AND ".join('"{}"'.format(three.replace('"', '""')) for three in wanted)
    return select(index.c.rowid).where(literal_column(name).op("MATCH")(question))


def _on_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
