"""Mails: as they come in from people and from mail servers, in the bytes that travel."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

MAYA = "maya@harbour.example"
OURS = "accounts@example.com"


class Reader:
    """Takes mails out of a mailbox, all but those with certain words."""

    def __init__(self, refused: bytes = b"-") -> None:
        self.refused = refused
        self.got: list[bytes] = []

    def __call__(self, raw: bytes, /) -> bool:
        """Take one."""
        self.got.append(raw)
        return f"\n{self.refused.decode()}".encode() not in raw


def a_mail(
    text: str = "We paid this on Friday.",
    *,
    sender: str = MAYA,
    subject: str = "Your reminder",
    message_id: str = "<1@harbour.example>",
    **headers: str,
) -> bytes:
    """A mail that a person wrote; `headers` by their names with underscores."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = OURS
    message["Subject"] = subject
    message["Date"] = "Mon, 16 Mar 2026 11:00:00 +0100"
    message["Message-ID"] = message_id
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def a_bounce(
    original_id: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "550 5.1.1 User unknown",
    message_id: str = "<bounce-1@mx.harbour.example>",
    headers_only: bool = False,
) -> bytes:
    """A report on delivery as Postfix writes it (RFC 3464)."""
    original = f"From: {OURS}\nTo: {MAYA}\nSubject: A reminder\nMessage-ID: {original_id}\n"
    kind = "text/rfc822-headers" if headers_only else "message/rfc822"
    body = "" if headers_only else "\nPlease pay.\n"
    return f"""\
From: MAILER-DAEMON@mx.harbour.example (Mail Delivery System)
To: {OURS}
Subject: Undelivered Mail Returned to Sender
Date: Mon, 16 Mar 2026 12:00:00 +0000
Message-ID: {message_id}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.harbour.example.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.harbour.example
Arrival-Date: Mon, 16 Mar 2026 11:59:00 +0000

Final-Recipient: rfc822; {MAYA}
Original-Recipient: rfc822;{MAYA}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

--b1
Content-Type: {kind}

{original}{body}
--b1--
""".encode()


def a_complaint(original_id: str, *, kind: str = "abuse", message_id: str = "<arf-1@provider.example>") -> bytes:
    """A report on abuse as providers send it (RFC 5965)."""
    return f"""\
From: <abusedesk@provider.example>
To: <abuse@example.com>
Subject: FW: A reminder
Date: Mon, 16 Mar 2026 12:00:00 +0000
Message-ID: {message_id}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b2"

--b2
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report.

--b2
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Rcpt-To: <{MAYA}>

--b2
Content-Type: message/rfc822
Content-Disposition: inline

From: {OURS}
To: {MAYA}
Subject: A reminder
Message-ID: {original_id}

Please pay.
--b2--
""".encode()
