"""Email: a notice as a mail that reads as well in plain text, with our logo and a way out that one click takes."""

from __future__ import annotations

from adapters.mail.composing import compose
from app.channels.outgoing import Handed, NotNow, Outgoing, Undeliverable
from app.logo import LOGO, mail_pictures
from app.wired import Wired
from domain.shared.mail import AddressRefused, Email, MailRefused, MailUnavailable
from web.localisation import SOURCE


def send(wired: Wired, outgoing: Outgoing) -> Handed:
    """Hand it to the mail server, under the same message id at every try. Raises Undeliverable, NotNow."""
    email = composed(wired, outgoing)
    try:
        wired.mailer.send(email)
    except MailRefused as problem:
        raise Undeliverable(str(problem), dead_address=isinstance(problem, AddressRefused)) from problem
    except MailUnavailable as problem:
        raise NotNow(str(problem), perhaps_sent=problem.perhaps_sent) from problem
    return Handed(email.text)


def composed(wired: Wired, outgoing: Outgoing) -> Email:
    """The mail as it is sent."""
    pictures = mail_pictures(wired)
    context = {
        "business": wired.database.business,
        "said": outgoing.said,
        "words": outgoing.said.labels,
        "account_number": outgoing.account_number,
        "unsubscribe": outgoing.unsubscribe,
        "logo": f"cid:{LOGO}" if pictures else None,
    }
    # The notice speaks its own language already, so the layout needs none.
    said = compose(wired.letters.environment(SOURCE), "notice", context)
    return Email(
        to=outgoing.address,
        subject=said.subject,
        text=said.text,
        html=said.html,
        message_id=f"<{outgoing.mark}@{wired.settings.portal.host}>",
        headers=_headers(wired, outgoing),
        attachments=outgoing.attachments,
        pictures=pictures,
    )


def _headers(wired: Wired, outgoing: Outgoing) -> dict[str, str]:
    """Where an answer goes, and two ways out that a mail program offers by itself (RFC 2369, RFC 8058)."""
    ours = wired.database.business.email
    headers = {"Reply-To": ours, "X-Notice": outgoing.mark}
    if outgoing.unsubscribe is not None:
        headers["List-Unsubscribe"] = f"<{outgoing.unsubscribe}>, <mailto:{ours}?subject=unsubscribe>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
