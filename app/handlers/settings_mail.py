"""Settings mail: test messages of staff, and the warning that another bank account is on the papers now."""

from __future__ import annotations

from app.handlers.mailing import send_letter
from app.wired import Wired
from domain.preferences.setting import WarnOfBank, preference
from domain.preferences.trying import TestMessage, Way
from domain.shared.business import BankDetails
from domain.shared.db.session import now
from domain.shared.errors import N_
from domain.shared.texting import Text
from domain.staff import queries as staff
from domain.staff.model import Role
from web.localisation import SOURCE, supported


class NobodyCarriesTexts(Exception):
    """Text messages were turned off between the wish and the try."""


def send_test(wired: Wired, message: TestMessage) -> None:
    """Send it by the way that was chosen; nothing where who asked for it has left meanwhile."""
    with wired.database.reading() as session:
        member = staff.active(session, message.staff_id)
        at = now(session)
    if member is None:
        return
    mark = f"test.{message.mark}"
    if message.way is Way.EMAIL:
        send_letter(wired, "test", {"name": member.name}, to=message.to, language=member.language, mark=mark)
        return
    if wired.texter is None:
        raise NobodyCarriesTexts
    speaking = wired.letters.speaking(supported(member.language) or SOURCE)
    words = speaking.translate(N_("{business}: this is a test. It has arrived."), business=wired.database.business.name)
    wired.texter.send(Text(message.to, words, mark, at))


def warn_of_bank(wired: Wired, message: WarnOfBank) -> None:
    """Mail every administrator who set which bank account, so that nobody redirects money unseen."""
    with wired.database.reading() as session:
        row = preference(session, message.preference_id)
        names = staff.names(session, [row.set_by])
        people = staff.in_roles(session, [Role.ADMINISTRATOR])
    bank = BankDetails(**row.value) if row.value is not None else None
    context = {
        "name": names.get(row.set_by, str(row.set_by)),
        "at": row.set_at,
        "bank": bank,
        "link": f"{wired.settings.office.public_url}/settings/bank",
    }
    for person in people:
        mark = f"bank-set.{message.preference_id}.{person.id}"
        send_letter(wired, "bank_set", context, to=person.email, language=person.language, mark=mark)
