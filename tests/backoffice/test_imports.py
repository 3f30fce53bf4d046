"""From an uploaded file to booked invoices, and back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from app.handlers import outbox
from app.wired import Wired
from domain.receivables.model import Invoice, InvoiceStatus
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import an_account
from tests.support.client import Client, Page
from tests.support.fakes import FakeProcessor
from tests.support.outside import MemoryMail, PlainRenderer

HEADERS = "customer id,invoice number,invoice date,due date,amount,email"
GOOD = f"{HEADERS}\nC-1,I-1,2026-01-05,2026-02-04,120.00,a@b.example\nC-1,I-2,2026-01-06,2026-02-05,30.50,a@b.example\n"
BAD = f"{HEADERS}\nC-1,I-1,2026-01-05,tomorrow,120.00,a@b.example\n"


def upload(client: Client, content: str = GOOD) -> Page:
    """The form to match the columns of an uploaded file."""
    sent = client.get("/imports").submit("Upload it", files={"file": ("march.csv", content.encode())})
    return client.follow(sent)


def work(office: Office) -> None:
    """What the worker does until nothing is left."""
    settings: Wired = Wired(
        settings=None,  # type: ignore[arg-type]
        database=office.db,
        processor=FakeProcessor(),
        mailer=MemoryMail(),
        store=office.store,
        renderer=PlainRenderer(),
        letters=None,  # type: ignore[arg-type]
    )
    while outbox.handle_due(replace(settings)):
        pass


def previewed(office: Office, client: Client, content: str = GOOD) -> Page:
    """The preview of a file that was uploaded and read."""
    waiting = client.follow(upload(client, content).submit("Read the file", date="iso"))
    work(office)
    return client.follow(client.get(waiting.path))


def booked(office: Office, client: Client) -> Page:
    """The result of a file that was booked."""
    waiting = client.follow(previewed(office, client).submit("Book all of it"))
    work(office)
    return client.follow(client.get(waiting.path))


def invoices(office: Office) -> int:
    """How many invoices are in force."""
    with office.db.reading() as session:
        wanted = select(func.count(Invoice.id)).where(Invoice.status == InvoiceStatus.ISSUED)
        return session.scalar(wanted) or 0


def test_the_columns_are_guessed_and_shown_with_what_stands_in_them(manager: Client) -> None:
    page = upload(manager)

    chosen = {
        str(select.get("name")): next(
            (option.get("value") for option in select.iter("option") if option.get("selected") is not None), None
        )
        for select in page.all("select")
    }

    assert chosen["column-account_number"] == "customer id"
    assert chosen["column-amount"] == "amount"
    assert chosen["date"] == "iso"
    assert "customer id (C-1)" in page.words


def test_while_the_worker_reads_the_page_waits_and_survives_a_reload(office: Office, manager: Client) -> None:
    waiting = manager.follow(upload(manager).submit("Read the file"))

    polled, reloaded = manager.fragment(waiting.path), manager.get(waiting.path)
    work(office)
    done = manager.fragment(waiting.path)

    assert "Reading the file" in polled.words
    assert "Reading the file" in reloaded.words
    assert done.headers["hx-redirect"] == "/imports/1"
    assert office.nudges


def test_the_preview_says_what_the_file_comes_to_and_nothing_is_booked_yet(office: Office, manager: Client) -> None:
    page = previewed(office, manager)

    assert "New invoices2" in page.words
    assert "£150.50" in page.words
    assert invoices(office) == 0


def test_the_file_is_booked_and_taken_back(office: Office, manager: Client) -> None:
    result = booked(office, manager)
    after_booking = invoices(office)

    undone = manager.follow(result.submit("Take the import back"))

    assert "The file is booked" in result.words
    assert after_booking == 2
    assert "This import was taken back" in undone.words
    assert invoices(office) == 0


def test_the_same_file_again_adds_nothing_and_says_so_and_its_columns_are_remembered(
    office: Office, manager: Client
) -> None:
    booked(office, manager)

    matched = upload(manager)
    again = previewed(office, manager)

    assert "Such a file was imported before" in matched.words
    assert "All of these rows are known already" in again.words
    assert not [button for button in again.all("button") if "Book" in (button.text or "")]


def test_errors_are_told_by_row_and_column_and_nothing_can_be_booked(office: Office, manager: Client) -> None:
    page = previewed(office, manager, BAD)

    assert "One error: nothing can be imported" in page.words
    assert "tomorrow" in page.words
    assert "Book all of it" not in page.words


def test_what_came_in_the_way_since_the_preview_is_told_instead_of_booked(office: Office, manager: Client) -> None:
    preview = previewed(office, manager)
    with office.db.transaction() as session:
        an_account(session, number="C-1", currency="EUR")

    waiting = manager.follow(preview.submit("Book all of it"))
    work(office)
    page = manager.follow(manager.get(waiting.path))

    assert "nothing can be imported" in page.words
    assert invoices(office) == 0


def test_a_preview_can_be_thrown_away(office: Office, manager: Client) -> None:
    page = previewed(office, manager)

    listed = manager.follow(page.submit("Discard"))

    assert "Nothing imported yet" in listed.words
    assert manager.get(page.path).status == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"column-amount": ""}, "column-amount"),
        ({"date": ""}, "date"),
        ({"currency": "XXZ"}, "currency"),
        ({"encoding": "klingon"}, "encoding"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_beside_its_field(
    manager: Client, wrong: dict[str, str], field: str
) -> None:
    refused = upload(manager).submit("Read the file", wrong)

    assert refused.status == 422
    assert refused.all("p", id=f"{field}-error")


def test_each_column_that_is_missing_is_named_as_the_form_names_it(manager: Client) -> None:
    refused = upload(manager).submit("Read the file", {"column-account_number": "", "column-invoice_number": ""})

    assert "2 things to put right" in refused.words
    assert refused.all("p", id="column-account_number-error")
    assert refused.all("p", id="column-invoice_number-error")
    assert "account_number" not in refused.words


def test_no_file_is_refused(manager: Client) -> None:
    refused = manager.get("/imports").submit("Upload it")

    assert refused.status == 422
    assert refused.all("p", id="file-error")


def test_an_empty_file_cannot_be_read_and_it_says_why(manager: Client) -> None:
    page = upload(manager, "")

    assert page.status == 422
    assert "a first row with the names of the columns" in page.words


def test_what_cannot_be_seen_is_made_visible(manager: Client) -> None:
    page = upload(manager, "a\x01b,c\n1,2\n")

    assert "a\\u0001b" in page.words


def test_a_document_of_another_sort_is_not_matched(office: Office, manager: Client) -> None:
    assert manager.get("/imports/files/99").status == 404
    assert manager.get("/imports/progress/99").status == 404
    assert manager.get("/imports/99").status == 404


def test_taking_back_wants_the_code_again_after_a_while(office: Office) -> None:
    result = booked(office, office.browser(Role.MANAGER))
    client = office.browser(Role.MANAGER, is_sure=False)

    asked = client.get(result.path).submit("Take the import back")
    undone = asked.submit("Confirm and go on", confirm_code=office.code())

    assert invoices(office) == 0
    assert undone.location == result.path


def test_a_collector_imports_but_does_not_take_back(office: Office) -> None:
    result = booked(office, office.browser(Role.COLLECTOR))

    assert "Take the import back" not in result.words
