"""Opening: what holds the data, by the settings; for commands that need nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from adapters.storage.disk import DiskStore
from adapters.storage.s3 import S3Store
from app.settings import Settings
from domain.documents.storage import Store
from domain.preferences.living import LiveBusiness
from domain.shared.clock import Clock, SystemClock
from domain.shared.db.engine import open_engine
from domain.shared.db.session import Database


@contextmanager
def opened_database(settings: Settings, clock: Clock | None = None) -> Iterator[Database]:
    """The database, with its connections closed at the end."""
    if settings.database_file is not None:
        settings.database_file.parent.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database_url)
    try:
        yield Database(engine, clock or SystemClock(), LiveBusiness(engine, settings.business))
    finally:
        engine.dispose()


def document_store(settings: Settings) -> Store:
    """Where the content of documents lies: in a bucket where one is named, else in a folder at home."""
    if settings.documents_url:
        return S3Store(settings.documents_url, key=settings.documents_key, secret=settings.documents_secret)
    return DiskStore(settings.home / "documents")
