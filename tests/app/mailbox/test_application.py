"""The mailbox: mail is listed newest first and readable, its links work, and what came with it can be kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from adapters.mail.folder import FolderMailer
from adapters.sms.folder import FolderTexter
from app.demo.settings import Ports, demo_settings
from app.mailbox.application import application
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.mail import Attachment, Email
from domain.shared.texting import Text
from domain.staff.adding import add
from domain.staff.model import Role
from tests.support.html import parse

HERE = "http://127.0.0.1:4"


@pytest.fixture
def post_clock() -> MovableClock:
    """When letters are sent."""
    return MovableClock(datetime(2026, 3, 2, tzinfo=UTC))


@pytest.fixture
def folder(tmp_path: Path, post_clock: MovableClock) -> FolderMailer:
    """Where the demo writes its mail."""
    return FolderMailer(tmp_path / "mail", sender="us@example.com", clock=post_clock)


@pytest.fixture
def mailbox(folder: FolderMailer, committed_db: Database, tmp_path: Path) -> Iterator[TestClient[Litestar]]:
    """The site over that folder."""
    settings = demo_settings({"QUITTANCE_HOME": str(tmp_path)}, Ports(1, 2, 3, 4, 5))
    with TestClient(application(settings, committed_db, HERE), base_url=HERE) as client:
        yield client


def an_email(subject: str) -> Email:
    """A letter with a link and a file."""
    return Email(
        to="ana@example.com",
        subject=subject,
        text="Hello\n\nhttp://127.0.0.1:1/sign-in/link?token=abc&x=1\n\nBye",
        html="<!DOCTYPE html><p style='color:red'>Hello</p>",
        message_id="<1@example.com>",
        attachments=(Attachment("receipt.pdf", b"%PDF-", "application/pdf"),),
    )


def test_an_empty_mailbox_says_what_will_be_there(mailbox: TestClient[Litestar]) -> None:
    answer = mailbox.get("/")

    parse(answer.text)
    assert "No mail yet" in answer.text


def test_mail_is_listed_newest_first(
    mailbox: TestClient[Litestar], folder: FolderMailer, post_clock: MovableClock
) -> None:
    folder.send(an_email("First"))
    post_clock.advance(minutes=1)
    folder.send(an_email("Second"))

    answer = mailbox.get("/latest")

    assert answer.text.index("Second") < answer.text.index("First")


def test_texts_stand_beside_the_mail_with_links_to_follow(mailbox: TestClient[Litestar], tmp_path: Path) -> None:
    before = mailbox.get("/latest").text
    now = datetime(2026, 3, 2, tzinfo=UTC)
    link = "http://127.0.0.1:1/l/abc"
    FolderTexter(tmp_path / "texts").send(Text("+441632960123", f"£310.00 is due: {link}", "notice.1", now))

    answer = mailbox.get("/")

    parse(answer.text)
    assert "Text messages" not in before
    assert "+441632960123" in answer.text
    assert f'href="{link}"' in answer.text


def test_every_browser_is_shown_the_days_alike(mailbox: TestClient[Litestar], folder: FolderMailer) -> None:
    folder.send(an_email("First"))

    pages = [mailbox.get("/latest", headers={"accept-language": tag}).text for tag in ("en-US", "es", "en-GB")]

    assert pages[0] == pages[1] == pages[2]
    assert "2 Mar 2026" in pages[0].replace("\xa0", " ")


def test_a_letter_is_readable_and_its_link_can_be_followed(mailbox: TestClient[Litestar], folder: FolderMailer) -> None:
    folder.send(an_email("Your link"))
    name = folder.list_messages()[0].name

    answer = mailbox.get(f"/messages/{name}")

    parse(answer.text)
    assert 'href="http://127.0.0.1:1/sign-in/link?token=abc&amp;x=1"' in answer.text


def test_a_letter_as_sent_can_do_nothing(mailbox: TestClient[Litestar], folder: FolderMailer) -> None:
    folder.send(an_email("As sent"))
    name = folder.list_messages()[0].name

    answer = mailbox.get(f"/messages/{name}/letter")

    assert "<p style='color:red'>Hello</p>" in answer.text
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "script" not in answer.headers["content-security-policy"]


def test_a_file_that_came_with_it_can_be_kept(mailbox: TestClient[Litestar], folder: FolderMailer) -> None:
    folder.send(an_email("With a file"))
    name = folder.list_messages()[0].name

    answer = mailbox.get(f"/messages/{name}/files/0")

    assert answer.content == b"%PDF-"
    assert "receipt.pdf" in answer.headers["content-disposition"]
    assert mailbox.get(f"/messages/{name}/files/1").status_code == 404
    assert mailbox.get("/messages/nothing/letter").status_code == 404


def test_the_codes_of_the_staff_are_shown(mailbox: TestClient[Litestar], committed_db: Database) -> None:
    with committed_db.transaction() as session:
        add(
            session,
            email="o@example.com",
            name="Olivia",
            role=Role.MANAGER,
            password="four odd words hum",
            actor=OPERATOR,
        )

    answer = mailbox.get("/codes")

    assert "o@example.com" in answer.text
    parse(answer.text)


def test_another_host_name_is_refused(mailbox: TestClient[Litestar]) -> None:
    assert mailbox.get("/", headers={"host": "evil.example"}).status_code == 400
