"""MIME: an email as it travels: plain text and HTML beside each other, attachments behind."""

from __future__ import annotations

import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from domain.shared.mail import AddressRefused, Email, MailRefused, Picture

ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"]{1,255}")


def as_message(email: Email, *, sender: str, at: datetime) -> EmailMessage:
    """The message with its headers; MailRefused when a header holds what no header may (a line break)."""
    message = EmailMessage(policy=SMTP)
    headers = {
        "From": email.sender or sender,
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
    for picture in email.pictures:
        _show(message, picture)
    for attachment in email.attachments:
        main, _, sub = attachment.media_type.partition("/")
        message.add_attachment(attachment.content, maintype=main, subtype=sub, filename=attachment.filename)
    return message


def envelope_address(address: str) -> str:
    """A bare address as mail servers exchange it, its domain in ASCII; AddressRefused for what is no address.

    Checked before the standard library parses it, which fails in many ways on what is none.
    """
    if not ADDRESS.fullmatch(address) or not address.isprintable():
        raise AddressRefused(f"{address!r} is not an email address")
    local, _, host = address.rpartition("@")
    try:
        return f"{local}@{host.encode('idna').decode('ascii')}"
    except UnicodeError as problem:
        raise AddressRefused(f"{address!r} has a domain that cannot exist") from problem


def _show(message: EmailMessage, picture: Picture) -> None:
    """Put an image beside the HTML that shows it."""
    main, _, sub = picture.media_type.partition("/")
    html = message.get_body(("html",))
    assert isinstance(html, EmailMessage)
    html.add_related(picture.content, maintype=main, subtype=sub, cid=f"<{picture.name}>", disposition="inline")
