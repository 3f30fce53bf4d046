"""Ours: mail as the business sends it now: whom it comes from by name, and where answers to it go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from email.utils import formataddr, parseaddr

from domain.shared.db.session import Database
from domain.shared.mail import Email, Mailer


@dataclass(frozen=True, slots=True)
class OurMail:
    """Hands mail on to whoever carries it, with the sender's name and the address for answers that hold now.

    `installed` is the sender of the installation; its address stays, because mail servers know it as ours, and its name
    too where `is_named`, until another is set on the screen.
    """

    carrier: Mailer
    database: Database
    installed: str
    is_named: bool

    def send(self, email: Email) -> None:
        """Hand the email over, as the carrier does. Raises MailRefused, MailUnavailable."""
        ours = self.database.business
        name, address = parseaddr(self.installed)
        called = ours.sender or (name if self.is_named else ours.name)
        headers = {**email.headers, **({"Reply-To": ours.reply_to} if ours.reply_to else {})}
        self.carrier.send(replace(email, sender=formataddr((called, address)), headers=headers))
