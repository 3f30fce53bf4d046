"""Notices from the terminal: what would go and what would not, as JSON and in words, and deciding on it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from app.commands.common import books
from domain.dunning import pausing
from domain.policies.contacting import Channel, Wording
from domain.policies.sections import Courtesies, Dunning, DunningStep, Sections
from domain.shared.actor import Actor
from domain.shared.db.session import today
from tests.app.commands.test_import_ import printed, quittance
from tests.app.commands.test_late_charges import Command
from tests.support.builders import an_account, an_invoice
from tests.support.policies import a_policy

__all__ = ["quittance"]

WHOM = {"account": "H-1", "name": "Harbour Café Ltd", "channel": "letter", "to": "1 Quay Street"}


def owing(*, address: str | None = "1 Quay Street", approve: bool = False) -> None:
    """A customer who is reached by letter alone, at any hour, and owes 120 for a week and 80 since today."""
    step = DunningStep(day=7, channel=Channel.LETTER, wording=Wording.FIRST_REMINDER, approve=approve)
    with books() as database, database.transaction() as session:
        a_policy(session, Sections(dunning=Dunning(steps=(step,)), courtesies=Courtesies()))
        account = an_account(session, number="H-1", address=address)
        late = today(session) - timedelta(days=7)
        an_invoice(session, account, "120", issued_on=late - timedelta(days=30), due_on=late, number="F-1")
        an_invoice(session, account, "80", number="F-2")


def test_a_dry_run_says_who_would_get_what_and_decides_nothing(quittance: Command) -> None:
    owing()

    found = [printed(quittance("notices", "--dry-run", "--json")) for _ in range(2)]

    reminder, courtesy = found[0]["notices"]
    assert [each["paused"] for each in found] == [False, False]
    assert len(found[1]["notices"]) == 2
    told = {key: reminder[key] for key in (*WHOM, "wording", "step", "total", "held_back", "approval")}
    assert told == WHOM | {
        "wording": "first_reminder",
        "step": 7,
        "total": "120.00",
        "held_back": None,
        "approval": False,
    }
    assert [part["asked"] for part in reminder["invoices"]] == ["120.00"]
    assert {key: courtesy[key] for key in (*WHOM, "wording", "step", "total")} == WHOM | {
        "wording": "invoice",
        "step": None,
        "total": "80.00",
    }


def test_in_words_it_says_the_same_with_what_waits_for_approval(quittance: Command) -> None:
    owing(approve=True)

    words = quittance("notices", "--dry-run").stdout.split()

    assert {"First", "reminder", "once", "approved", "120.00"} <= set(words)


def test_what_would_be_held_back_is_counted_by_its_reason(quittance: Command) -> None:
    owing(address=None)

    found = printed(quittance("notices", "--dry-run", "--json"))
    said = quittance("notices", "--dry-run").stdout

    assert [(each["held_back"], each["at"]) for each in found["notices"]] == [("no_address", None)] * 2
    assert "2 held back: there is no address to send it to." in said


def test_under_a_pause_no_reminder_would_go(quittance: Command) -> None:
    owing()
    with books() as database, database.transaction() as session:
        _pause(session)

    found = printed(quittance("notices", "--dry-run", "--json"))
    said = quittance("notices", "--dry-run").stdout

    assert (found["paused"], [each["wording"] for each in found["notices"]]) == (True, ["invoice"])
    assert "Reminders are paused" in said


def test_without_a_dry_run_what_is_due_is_decided_once(quittance: Command) -> None:
    owing()

    found = [printed(quittance("notices", "--json")) for _ in range(2)]

    nothing = {"reminders": 0, "held_back": 0, "escalated": 0, "courtesies": 0, "failed": 0}
    assert found == [nothing | {"reminders": 1, "courtesies": 1}, nothing]
    assert "0 reminders" in quittance("notices").stdout
    assert "Nothing is due now." in quittance("notices", "--dry-run").stdout


def _pause(session: Session) -> None:
    pausing.pause(session, why="the bank's file is late", until_on=None, actor=Actor.staff(1))
