"""MIME: an email as it travels: plain text and HTML beside each other, attachments behind."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from domain.shared.mail import Email, MailRefused


def as_message(email: Email, *, sender: str, at: datetime) -> EmailMessage:
    """The message with its headers; MailRefused when a header holds what no header may (a line break)."""
    message = EmailMessage(policy=SMTP)
    headers = {
        "From": sender,
        "To": email.to,
        "Subject": email.subject,
        "Date": format_datetime(at),
        "Message-ID": email.message_id,
        "Auto-Submitted": "auto-generated",
        **email.headers,
    }
    try:
        for name, value in headers.items():
            message[name] = value
    except ValueError as problem:
        raise MailRefused(f"the email has a header that cannot be sent: {problem}") from problem
    message.set_content(email.text)
    message.add_alternative(email.html, subtype="html")
    for attachment in email.attachments:
        main, _, sub = attachment.media_type.partition("/")
        message.add_attachment(attachment.content, maintype=main, subtype=sub, filename=attachment.filename)
    return message


def envelope_address(written: str) -> str:
    """The bare address of `Name <address>`, its domain in the ASCII form that mail servers exchange."""
    address = parseaddr(written)[1]
    local, at, host = address.rpartition("@")
    if not (local and at and host):
        raise MailRefused(f"{written!r} is not an email address")
    try:
        return f"{local}@{host.encode('idna').decode('ascii')}"
    except UnicodeError as problem:
        raise MailRefused(f"{written!r} has a domain that cannot exist") from problem
