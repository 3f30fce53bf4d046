"""Files of the bank in the back office: looked at before they are taken in, tables by their columns, nothing twice."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from domain.banking.model import BankAccount, BankLine
from domain.documents.model import Category, Document
from tests.backoffice.conftest import Office
from tests.support.bank_files import COLUMNS, DAY, IBAN, a_bank_csv, a_camt053, a_line, an_mt940
from tests.support.client import Client, Page

ONE = a_line("100.00", "first", bank_ref="B1", currency="GBP")
TWO = a_line("-20.00", "second", bank_ref="B2", currency="GBP")
THREE = a_line("7.00", "third", bank_ref="B3", currency="GBP")


def upload(client: Client, content: bytes, name: str = "march.xml") -> Page:
    """What the page says of an uploaded file."""
    sent = client.get("/bank/statements").submit("Upload it", files={"file": (name, content)})
    return client.follow(sent) if sent.status == 303 else sent


def line_count(office: Office) -> int:
    """How many lines are kept."""
    with office.db.reading() as session:
        return session.scalar(select(func.count(BankLine.id))) or 0


def filed(office: Office) -> list[str]:
    """What the files of the bank that are kept as documents are called."""
    with office.db.reading() as session:
        wanted = select(Document.filename).where(Document.category == Category.BANK_FILE)
        return list(session.scalars(wanted.order_by(Document.id)))


def test_a_file_is_looked_at_before_it_is_taken_in(office: Office, manager: Client) -> None:
    page = upload(manager, a_camt053(ONE, TWO))
    before = line_count(office)

    done = manager.follow(page.submit("Take it in", {"name-0": "Main account"}))
    listed = manager.get("/bank/statements")

    assert "New lines2" in page.words
    assert "Opening£1,000.00" in page.words
    assert "Closing£1,080.00" in page.words
    assert (before, line_count(office)) == (0, 2)
    assert done.path == "/bank"
    assert "march.xml CAMT.053Main account" in listed.words


def test_an_overlapping_file_adds_only_what_is_new_and_a_gap_is_said(office: Office, manager: Client) -> None:
    upload(manager, a_camt053(ONE, TWO)).submit("Take it in")

    overlapping = upload(manager, a_camt053(ONE, TWO, THREE))
    overlapping.submit("Take it in")
    again = upload(manager, a_camt053(ONE, TWO, THREE))
    done = manager.follow(again.submit("Take it in"))

    assert "New lines1" in overlapping.words
    assert "See the new line" in overlapping.words
    assert len(overlapping.all("td", data_label="Text")) == 1
    assert "Known already2" in overlapping.words
    assert "Nothing new" in again.words
    assert done.path == "/bank/statements"
    assert line_count(office) == 3


def test_days_that_are_missing_between_two_statements_are_told(office: Office, manager: Client) -> None:
    upload(manager, a_camt053(ONE)).submit("Take it in")

    later = a_line("5.00", "later", on=DAY + timedelta(days=3), currency="GBP")

    gap = upload(manager, a_camt053(later, opening="1500.00"))
    close = upload(manager, a_camt053(later, opening="1100.00"))

    assert "The statement before it closed with £1,100.00, this one opens with £1,500.00." in gap.words
    assert "Days are missing" not in close.words


def test_a_file_that_does_not_add_up_is_refused_with_its_place(office: Office, manager: Client) -> None:
    page = upload(manager, an_mt940(ONE, closing="999.00"), "march.sta")

    assert page.status == 422
    assert "This file cannot be used" in page.words
    assert line_count(office) == 0
    assert filed(office) == []


def test_a_file_is_a_document_once_it_is_taken_in_however_often_that_is_sent(office: Office, manager: Client) -> None:
    page = upload(manager, a_camt053(ONE, TWO))
    before = filed(office)

    page.submit("Take it in")
    page.submit("Take it in")

    assert before == []
    assert filed(office) == ["march.xml"]


def test_a_table_of_which_nothing_fits_is_no_document(office: Office, manager: Client) -> None:
    matching = upload(manager, a_bank_csv(ONE, TWO), "march.csv")

    wrong = matching.submit("See what is in it", account=IBAN, currency="GBP", date="%d/%m/%Y")

    assert wrong.status == 422
    assert filed(office) == []


def test_a_table_is_matched_once_and_remembered(office: Office, manager: Client) -> None:
    table = a_bank_csv(ONE, TWO)
    matching = upload(manager, table, "march.csv")
    wordless = matching.submit("See what is in it", account="")
    seen = matching.submit(
        "See what is in it",
        {f"column-{ours}": theirs for ours, theirs in COLUMNS.columns.items()},
        account=IBAN,
        currency="GBP",
        date="iso",
    )
    seen.submit("Take it in")

    again = upload(manager, a_bank_csv(ONE, TWO, THREE), "april.csv")
    more = again.submit("See what is in it")

    assert "Match the columns" in matching.words
    assert wordless.status == 422
    assert "New lines2" in seen.words
    assert "Such a table was read before" in again.words
    assert "New lines1" in more.words
    assert line_count(office) == 2
    with office.db.reading() as session:
        assert session.scalars(select(BankAccount.identifier)).all() == [IBAN]


def test_a_table_that_does_not_fit_its_columns_can_be_matched_again(office: Office, manager: Client) -> None:
    matching = upload(manager, a_bank_csv(ONE, TWO), "march.csv")

    wrong = matching.submit("See what is in it", account=IBAN, currency="GBP", date="%d/%m/%Y")

    assert wrong.status == 422
    assert "row" in wrong.words
    assert wrong.link("Match the columns again").startswith("/bank/files/")


def test_a_form_without_a_file_says_so(manager: Client) -> None:
    page = manager.get("/bank/statements").submit("Upload it")

    assert page.status == 422
    assert "Choose a file of the bank." in page.words
