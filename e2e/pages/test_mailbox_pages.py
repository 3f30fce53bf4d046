"""The demo's mailbox in a browser: accessible, and it shows new mail without being asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from adapters.mail.folder import FolderMailer
from app.demo.settings import Ports, demo_settings
from app.mailbox.application import application
from app.opening import opened_database
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.migrating import migrate
from domain.shared.mail import Attachment, Email
from domain.staff.adding import add
from domain.staff.model import Role
from tests.adapters.stripe.simulator.serving import bound_socket, served

RECEIPT = Email(
    to="ana@example.com",
    subject="Receipt for £12.00",
    text="Thank you.\n\nSee it at http://127.0.0.1:1/accounts/1/payments/x",
    html="<!DOCTYPE html><title>Receipt</title><p>Thank you.</p>",
    message_id="<receipt@example.com>",
    attachments=(Attachment("receipt.pdf", b"%PDF-", "application/pdf"),),
)


@pytest.fixture
def folder(tmp_path: Path) -> FolderMailer:
    """Where mail is written."""
    return FolderMailer(
        tmp_path / "mail", sender="us@example.com", clock=MovableClock(datetime(2026, 3, 2, tzinfo=UTC))
    )


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[str]:
    """The address of the mailbox, with one member of staff."""
    settings = demo_settings({"QUITTANCE_HOME": str(tmp_path)}, Ports(1, 2, 3, 4, 5))
    taken, url = bound_socket()
    with opened_database(settings) as database:
        migrate(database.bind.engine)
        with database.transaction() as session:
            add(
                session,
                email="o@example.com",
                name="O",
                role=Role.AUDITOR,
                password="four odd words hum",
                actor=OPERATOR,
            )
        with served(application(settings, database, url), taken):
            yield url


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible(page: Page, mailbox: str, folder: FolderMailer, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(mailbox)
    empty = Axe().run(page)
    folder.send(RECEIPT)
    page.reload()
    listed = Axe().run(page)
    page.get_by_role("link", name=RECEIPT.subject).click()
    opened = Axe().run(page)

    assert [found.generate_report() for found in (empty, listed, opened) if found.violations_count] == []


def test_new_mail_appears_by_itself(page: Page, mailbox: str, folder: FolderMailer) -> None:
    page.goto(mailbox)
    expect(page.get_by_text("No mail yet")).to_be_visible()

    folder.send(RECEIPT)

    expect(page.get_by_role("link", name=RECEIPT.subject)).to_be_visible(timeout=15_000)
    expect(page.get_by_text("No mail yet")).to_have_count(0)


def test_a_letter_is_shown_as_it_was_sent(page: Page, mailbox: str, folder: FolderMailer) -> None:
    folder.send(RECEIPT)
    page.goto(mailbox)

    page.get_by_role("link", name=RECEIPT.subject).click()
    page.get_by_role("link", name="As a mail program shows it").click()

    expect(page.locator("body")).to_have_text("Thank you.")
