"""Trying texts: a text that somebody is writing is mailed to them, laid out as the customer would get it."""

from __future__ import annotations

from dataclasses import replace

from adapters.mail.composing import compose
from app.wired import Wired
from domain.notices.messages import TryText
from domain.notices.wording.composed import Composed
from domain.notices.wording.previewing import Draft, preview
from domain.policies.contacting import WORDING_NAMES, Channel
from domain.shared.errors import N_
from domain.shared.mail import Email
from domain.staff import queries as staff
from web.localisation import SOURCE, supported

LAYOUTS = {Channel.EMAIL: "notice", Channel.LETTER: "notice", Channel.SMS: "tried_text", Channel.CALL: "tried_text"}
"""How each is laid out: a letter like the email, what is short or spoken as plain lines."""


def try_text(wired: Wired, message: TryText) -> None:
    """Mail it to the member of staff; nothing where they have left meanwhile. Nothing is kept of it."""
    draft = Draft(message.wording, message.channel, message.language, message.subject, message.body)
    with wired.database.reading() as session:
        member = staff.active(session, message.staff_id)
        if member is None:
            return
        said = preview(session, message.account_number, draft)
    context = {
        "business": wired.database.business,
        "said": _laid_out(said),
        "words": said.labels,
        "account_number": message.account_number,
        "unsubscribe": None,
        "logo": None,
    }
    tag = supported(member.language) or SOURCE
    mail = compose(wired.letters.environment(tag), LAYOUTS[message.channel], context)
    speaking = wired.letters.speaking(tag)
    about = mail.subject or speaking.translate(WORDING_NAMES[message.wording])
    wired.mailer.send(
        Email(
            to=member.email,
            subject=speaking.translate(N_("Test: {about}"), about=about),
            text=mail.text,
            html=mail.html,
            message_id=f"<{message.mark}@{wired.settings.portal.host}>",
        )
    )


def _laid_out(said: Composed) -> Composed:
    return replace(said, channel=Channel.EMAIL) if said.channel is Channel.LETTER else said
