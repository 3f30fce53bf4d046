"""Late charging: each day's charges for lateness, every account in a transaction of its own."""

from __future__ import annotations

from app.handlers.failing import failed
from domain.dunning.turns import Did
from domain.late_charges import days
from domain.late_charges.charging import Found, charge_account
from domain.late_charges.days import Turn
from domain.late_charges.facts import Rules, rules
from domain.shared.actor import WORKER
from domain.shared.db.session import Database, business
from web.localisation import SOURCE, localisation, supported


def charge_due(database: Database) -> Did:
    """Make today's charges, unless that is done: how many papers, and for how many accounts it failed.

    Safe to repeat and to be killed.

    An account that fails keeps no other from its turn; it has its own again the next time, because the day is not done.
    """
    with database.reading() as session:
        ruling = rules(session)
        if not ruling.terms or days.is_done(session):
            return Did()
    with database.transaction() as session:
        turn = days.begin(session)
    with database.reading() as session:
        waiting = days.accounts_in(session, ruling, turn)
    done = [_charged(database, account_id, ruling, turn) for account_id in waiting]
    did = sum((found if isinstance(found, Did) else Did(len(found.reckoned)) for found in done), Did())
    missing = [rate for found in done if isinstance(found, Found) for rate in found.missing]
    with database.transaction() as session:
        days.ask_for_rates(session, missing)
        if not did.failures:
            days.end(session, turn)
    return did


def _charged(database: Database, account_id: int, ruling: Rules, turn: Turn) -> Found | Did:
    """What was charged to an account, or how it failed."""
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
        return failed("late charges", f"account {account_id}", problem)
