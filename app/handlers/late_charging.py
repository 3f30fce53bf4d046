"""Late charging: each day's charges for lateness, every account in a transaction of its own."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from domain.dunning.duties import Did
from domain.late_charges import days
from domain.late_charges.charging import Found, charge_account
from domain.late_charges.days import Turn
from domain.late_charges.facts import Rules, rules
from domain.shared.actor import WORKER
from domain.shared.db.session import Database, business
from domain.shared.errors import Refused
from web.localisation import SOURCE, localisation, supported

log = structlog.get_logger("late charging")


@dataclass(frozen=True, slots=True)
class Made:
    """How many papers were made, and for how many accounts it failed."""

    papers: int
    failed: int

    @property
    def did(self) -> Did:
        """The same, as the worker tells of it."""
        return Did(self.papers, self.failed)


def charge_due(database: Database) -> Made:
    """Make today's charges, unless that is done. Safe to repeat and to be killed.

    An account that fails keeps no other from its turn; it has its own again the next time, because the day is not done.
    """
    with database.reading() as session:
        ruling = rules(session)
        if not ruling.terms or days.is_done(session):
            return Made(0, 0)
    with database.transaction() as session:
        turn = days.begin(session)
    with database.reading() as session:
        waiting = days.accounts_in(session, ruling, turn)
    done = [_charged(database, account_id, ruling, turn) for account_id in waiting]
    with database.transaction() as session:
        days.ask_for_rates(session, [missing for found in done if found for missing in found.missing])
        if None not in done:
            days.end(session, turn)
    return Made(sum(len(found.reckoned) for found in done if found), done.count(None))


def _charged(database: Database, account_id: int, ruling: Rules, turn: Turn) -> Found | None:
    """What was done for an account; None where it failed."""
    try:
        with database.transaction() as session:
            zone = business(session).time_zone
            return charge_account(
                session,
                account_id,
                ruling,
                before=turn.before,
                since=turn.since,
                speak=lambda language: localisation(supported(language) or SOURCE, zone),
                actor=WORKER,
            )
    except Exception as problem:
        log.warning("late charges", account=account_id, reason=str(problem), exc_info=not isinstance(problem, Refused))
        return None
