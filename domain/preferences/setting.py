"""Setting: a preference is changed, or given back to the installation; each change is a row, and on the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.outbox import sending as outbox
from domain.outbox.sending import Message
from domain.preferences.model import PREFERENCES
from domain.preferences.values import Bounds, Name, applied, checked, value_of
from domain.shared.actor import Actor
from domain.shared.business import Business
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import business, business_changed, installation, now
from domain.shared.errors import N_, Invalid

SHOWN = 20
"""So many changes are shown of a preference."""


class WarnOfBank(Message, frozen=True):
    """Mail every administrator that another bank account is on the papers now."""

    kind: ClassVar[str] = "warn_of_bank"
    preference_id: int


def change(session: Session, values: Mapping[Name, Any], bounds: Bounds, *, actor: Actor) -> list[Name]:
    """Set these preferences; those that are as they were stay. Which have changed.

    Invalid, beside its field, where a value cannot be used or no way to reach customers is left; then none is set.
    Papers that were made stay as they are.
    """
    ours = business(session)
    good = {name: checked(name, value, bounds) for name, value in values.items()}
    after = applied(installation(session), holding(session) | {name.value: value for name, value in good.items()})
    if not (after.emails or after.texts or after.letters or after.calls):
        raise Invalid(N_("Leave at least one way open."), field=Name.EMAILS.value)
    changed = [name for name, value in good.items() if value != value_of(ours, name)]
    for name in changed:
        _write(session, name, good[name], before=value_of(ours, name), actor=actor)
    return changed


def give_back(session: Session, name: Name, *, actor: Actor) -> bool:
    """Let the installation's own value hold again; False where it does already."""
    last = _newest(session, name)
    if last is None or last.value is None:
        return False
    _write(session, name, None, before=last.value, actor=actor)
    return True


def changes(session: Session) -> int:
    """How many changes of preferences there were; none is ever taken back.

    Not the number of the last: of two at once the one with the lower number may commit last.
    """
    return int(session.scalar(select(func.count()).select_from(PREFERENCES)) or 0)


def business_at(session: Session, instant: datetime) -> Business:
    """The business as it was described at an instant: a paper that is printed again says what it said."""
    return applied(installation(session), holding(session, by=instant))


def holding(session: Session, *, by: datetime | None = None) -> dict[str, Any]:
    """The value of each preference that was ever set (`by` an instant), by its name; None is the installation's own."""
    newest = select(func.max(PREFERENCES.c.id)).group_by(PREFERENCES.c.name)
    if by is not None:
        newest = newest.where(PREFERENCES.c.set_at <= by)
    rows = session.execute(select(PREFERENCES.c.name, PREFERENCES.c.value).where(PREFERENCES.c.id.in_(newest)))
    return {row.name: row.value for row in rows}


def history(session: Session, name: Name, limit: int = SHOWN) -> AnyRows:
    """The last changes of a preference, newest first: its value, by whom and when."""
    wanted = select(PREFERENCES).where(PREFERENCES.c.name == name).order_by(PREFERENCES.c.id.desc()).limit(limit)
    return session.execute(wanted).all()


def preference(session: Session, preference_id: int) -> AnyRow:
    """One change."""
    return session.execute(select(PREFERENCES).where(PREFERENCES.c.id == preference_id)).one()


def _newest(session: Session, name: Name) -> AnyRow | None:
    return next(iter(history(session, name, limit=1)), None)


def _write(session: Session, name: Name, value: Any, *, before: Any, actor: Actor) -> None:
    row = {"name": name, "value": value, "set_by": actor.id, "set_at": now(session)}
    preference_id = session.execute(insert(PREFERENCES).values(row).returning(PREFERENCES.c.id)).scalar_one()
    record(
        session,
        "setting.changed" if value is not None else "setting.given_back",
        actor=actor,
        subject=("setting", name.value),
        before={name.value: before},
        after={name.value: value},
    )
    business_changed(session)
    if name is Name.BANK:
        outbox.add(session, WarnOfBank(preference_id))
