"""Wiring: which adapter stands behind each port, by the settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from adapters.mail.folder import FolderMailer
from adapters.mail.imap import ImapMailbox
from adapters.mail.mailbox_file import MaildirFolder, MboxFile
from adapters.mail.smtp import SmtpMailer
from adapters.partner_folders.disk import DiskFolders
from adapters.pdf.typst import TypstRenderer
from adapters.scanning.clamd import Clamd
from adapters.sms.folder import FolderTexter
from adapters.sms.twilio import TwilioTexter
from adapters.stripe.gateway import StripeGateway
from app.logo import pictures
from app.opening import document_store, opened_database
from app.ours import OurMail
from app.settings import Settings
from app.text_hooks import TEXTS_PATH
from app.wired import Wired
from domain.notices.incoming.arriving import Mailbox
from domain.shared.clock import Clock
from domain.shared.mail import Mailer
from web.localisation import SOURCE, supported
from web.rendering import Renderer


@contextmanager
def wired(settings: Settings, clock: Clock | None = None) -> Iterator[Wired]:
    """The whole, with everything closed at the end."""
    letters = Renderer(settings.business.time_zone, {"business": settings.business})
    gateway = StripeGateway(settings.stripe_key, api_url=settings.stripe_api_url)
    texter = texter_for(settings)
    try:
        with opened_database(settings, clock) as database:
            store = document_store(settings)
            yield Wired(
                settings=settings,
                database=database,
                processor=gateway,
                mailer=OurMail(mailer_for(settings), database, settings.mail_from, settings.mail_from_named),
                store=store,
                renderer=TypstRenderer(
                    lambda language: letters.speaking(supported(language) or SOURCE),
                    logo=pictures(store, settings.business_logo),
                ),
                letters=letters,
                texter=texter,
                mailbox=mailbox_for(settings),
                scanner=Clamd(settings.clamd_url) if settings.clamd_url else None,
                folders=DiskFolders(Path(settings.partner_folders)) if settings.partner_folders else None,
            )
    finally:
        gateway.close()
        if isinstance(texter, TwilioTexter):
            texter.close()


def texter_for(settings: Settings) -> TwilioTexter | FolderTexter | None:
    """Whoever carries our text messages; None where nobody is set up."""
    if settings.texts_folder:
        return FolderTexter(Path(settings.texts_folder))
    if not settings.twilio_account:
        return None
    return TwilioTexter(
        settings.twilio_account,
        settings.twilio_token,
        sender=settings.twilio_from,
        told_at=f"{settings.portal.public_url}{TEXTS_PATH}",
        api_url=settings.twilio_api_url,
    )


def mailer_for(settings: Settings) -> Mailer:
    """Whoever carries our mail."""
    parts = urlsplit(settings.mail_url)
    if parts.scheme == "folder":
        return FolderMailer(Path(parts.path), sender=settings.mail_from)
    return SmtpMailer(settings.mail_url, sender=settings.mail_from)


def mailbox_for(settings: Settings) -> Mailbox | None:
    """Where answers arrive; None where nowhere is set up."""
    parts = urlsplit(settings.inbox_url)
    if parts.scheme == "mbox":
        return MboxFile(Path(parts.path))
    if parts.scheme == "maildir":
        return MaildirFolder(Path(parts.path))
    return ImapMailbox(settings.inbox_url) if settings.inbox_url else None
