"""Words: the index by which documents are found by the words in them, which each engine keeps in a way of its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Table,
    column,
    inspect,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.orm import Session

from domain.shared.plain_words import words_in

INDEX = "document_words"
"""The index on either engine; SQLite keeps it in tables whose names begin with this."""
MOST_ASKED = 12
"""Words of a question that are looked for."""

ON_SQLITE = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {INDEX} USING fts5("
    "words, content='document_text', content_rowid='document_id', "
    "tokenize='unicode61 remove_diacritics 0', detail=none)",
    "DROP TRIGGER IF EXISTS document_words_added",
    "DROP TRIGGER IF EXISTS document_words_gone",
    "DROP TRIGGER IF EXISTS document_words_changed",
    "CREATE TRIGGER document_words_added AFTER INSERT ON document_text BEGIN "
    f"INSERT INTO {INDEX}(rowid, words) VALUES (new.document_id, new.words); END",
    "CREATE TRIGGER document_words_gone AFTER DELETE ON document_text BEGIN "
    f"INSERT INTO {INDEX}({INDEX}, rowid, words) VALUES ('delete', old.document_id, old.words); END",
    "CREATE TRIGGER document_words_changed AFTER UPDATE ON document_text BEGIN "
    f"INSERT INTO {INDEX}({INDEX}, rowid, words) VALUES ('delete', old.document_id, old.words); "
    f"INSERT INTO {INDEX}(rowid, words) VALUES (new.document_id, new.words); END",
)
VECTOR = "array_to_tsvector(string_to_array(document_text.words, ' '))"
"""The words as PostgreSQL looks for them: as they are, with no dictionary of any language between."""
ON_POSTGRESQL = (f"CREATE INDEX IF NOT EXISTS {INDEX} ON document_text USING gin (({VECTOR}))",)


def install(connection: Connection) -> None:
    """Put the index in place where its table is, and take it away where that is gone; done after each migration."""
    sqlite = connection.dialect.name == "sqlite"
    if "document_text" not in inspect(connection).get_table_names():
        connection.execute(text(f"DROP {'TABLE' if sqlite else 'INDEX'} IF EXISTS {INDEX}"))
        return
    for statement in ON_SQLITE if sqlite else ON_POSTGRESQL:
        connection.execute(text(statement))


def is_ours(name: str | None) -> bool:
    """Whether a table or an index belongs to this module, and so to no model."""
    return name is not None and name.startswith(INDEX)


def with_words(session: Session, asked: str, texts: Table) -> Select[tuple[int]] | None:
    """The ids of documents with words that begin like all those asked for, by the index; None where none are asked."""
    words = words_in([asked])[:MOST_ASKED]
    if not words:
        return None
    if session.get_bind().dialect.name == "sqlite":
        index = table(INDEX, column("rowid", Integer), column("words"))
        question = " AND ".join(f'"{word}"*' for word in words)
        return select(index.c.rowid).where(literal_column(INDEX).op("MATCH")(question))
    query = " & ".join(f"'{word}':*" for word in words)
    vector: ColumnElement[Any] = literal_column(VECTOR)
    asks = text("CAST(:query AS tsquery)").bindparams(query=query)
    return select(texts.c.document_id).where(vector.op("@@")(asks))
