"""What the processor told us, as staff see it, and trying a failed event again."""

from __future__ import annotations

from sqlalchemy import update

from adapters.mail.hooks import MailFault
from adapters.stripe.webhooks import Fault
from backoffice.inbox import COUNT_WORDS
from domain.inbox.model import EVENTS
from domain.inbox.receiving import receive
from domain.shared.db.session import now
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.client import Client


def an_event(office: Office, name: str = "evt_1", *, failed: bool = False) -> None:
    """An event that waits, or has failed for good."""
    with office.db.transaction() as session:
        receive(
            session,
            source="stripe",
            external_id=name,
            kind="charge.updated",
            object_ref=f"ch_{name}",
            payload={"id": name},
            occurred_at=now(session),
        )
        if failed:
            broken = {"failed_at": now(session), "attempts": 8, "last_error": "Traceback: RuntimeError"}
            session.execute(update(EVENTS).where(EVENTS.c.external_id == name).values(broken))


def test_failed_events_come_first_and_webhooks_are_counted(office: Office, manager: Client) -> None:
    an_event(office, "evt_1", failed=True)
    an_event(office, "evt_2")

    page = manager.get("/inbox")

    assert "ch_evt_1" in page.words
    assert "ch_evt_2" not in page.words
    assert "Refused: signed by somebody else2" in page.words


def test_every_list_can_be_looked_at(office: Office, manager: Client) -> None:
    an_event(office)

    words = {view: manager.get("/inbox", params={"show": view}).words for view in ("waiting", "failed", "handled")}

    assert {view for view, text in words.items() if "ch_evt_1" in text} == {"waiting"}


def test_a_failed_event_shows_its_traceback_and_is_tried_again(office: Office, manager: Client) -> None:
    an_event(office, failed=True)

    shown = manager.get("/inbox").follow("charge.updated")
    after = manager.follow(shown.submit("Try again"))

    assert "Traceback: RuntimeError" in shown.words
    assert "Waiting" in after.words
    assert office.nudges


def test_an_auditor_looks_but_does_not_try_again(office: Office) -> None:
    an_event(office, failed=True)

    page = office.browser(Role.AUDITOR).get("/inbox/1")

    assert page.status == 200
    assert "Try again" not in page.words


def test_what_has_not_failed_cannot_be_tried_again(office: Office, manager: Client) -> None:
    an_event(office, failed=True)
    page = manager.get("/inbox/1")
    page.submit("Try again")

    assert page.submit("Try again").status == 422


def test_every_count_of_webhooks_has_words() -> None:
    faults = {fault.value for kind in (Fault, MailFault) for fault in kind}
    texts = {f"text_{what}" for what in ("received", "repeated", "not_signed", "forged", "unreadable")}

    assert {"received", "repeated", "mail_received", "mail_repeated", *faults, *texts} == COUNT_WORDS.keys()
