"""Wiring: which adapter stands behind each port, by the settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from adapters.mail.folder import FolderMailer
from adapters.mail.smtp import SmtpMailer
from adapters.pdf.typst import TypstRenderer
from adapters.stripe.gateway import StripeGateway
from app.opening import document_store, opened_database
from app.settings import Settings
from app.wired import Wired
from domain.shared.clock import Clock
from domain.shared.mail import Mailer
from web.localisation import SOURCE, supported
from web.rendering import Renderer


@contextmanager
def wired(settings: Settings, clock: Clock | None = None) -> Iterator[Wired]:
    """The whole, with everything closed at the end."""
    letters = Renderer(settings.business.time_zone, {"business": settings.business})
    gateway = StripeGateway(settings.stripe_key, api_url=settings.stripe_api_url)
    try:
        with opened_database(settings, clock) as database:
            yield Wired(
                settings=settings,
                database=database,
                processor=gateway,
                mailer=mailer_for(settings),
                store=document_store(settings),
                renderer=TypstRenderer(lambda language: letters.speaking(supported(language) or SOURCE)),
                letters=letters,
            )
    finally:
        gateway.close()


def mailer_for(settings: Settings) -> Mailer:
    """Whoever carries our mail."""
    parts = urlsplit(settings.mail_url)
    if parts.scheme == "folder":
        return FolderMailer(Path(parts.path), sender=settings.mail_from)
    return SmtpMailer(settings.mail_url, sender=settings.mail_from)
