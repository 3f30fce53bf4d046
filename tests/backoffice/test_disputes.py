"""Disputes as staff see them: written down, looked into, accepted with a credit note, rejected, withdrawn."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.disputes import queries
from domain.invoicing.issuing import NewLine, issue
from domain.invoicing.model import CreditNote
from domain.receivables import queries as receivables
from domain.shared.actor import OPERATOR
from domain.shared.db.rows import AnyRow
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import an_account, an_invoice, money
from tests.support.client import Client, Page


def owed(office: Office, amount: str = "120") -> str:
    """The path of an invoice of so much."""
    with office.db.transaction() as session:
        account = an_account(session, name="Harbour")
        return f"/accounts/{account.id}/invoices/{an_invoice(session, account, amount).id}"


def raised(client: Client, path: str, amount: str = "40") -> Page:
    """The page of a dispute that staff have written down."""
    form = client.get(path).follow("Raise a dispute")
    said = {"reason": "damaged", "amount": amount, "words": "Came wet, says Maya."}
    return client.follow(form.submit("Raise the dispute", said))


def newest(office: Office, path: str) -> AnyRow:
    """The dispute of this invoice."""
    with office.db.reading() as session:
        return queries.of_invoice(session, int(path.rpartition("/")[2]))[0]


def open_of(office: Office, path: str) -> int:
    """What is open of the invoice."""
    account, invoice = int(path.split("/")[2]), int(path.split("/")[4])
    with office.db.reading() as session:
        return int(receivables.invoice(session, account, invoice).open_minor)


def test_staff_write_it_down_and_it_stands_everywhere_it_matters(office: Office) -> None:
    path = owed(office)
    client = office.browser(Role.COLLECTOR)

    page = raised(client, path)
    account = client.get(path.rpartition("/invoices")[0])
    listed = client.get("/disputes")
    task = client.get("/worklist").follow("A customer disputes an invoice").follow("Go to the dispute")

    assert "Came wet, says Maya." in page.words
    assert "Disputed by the customer" in account.words
    assert "of which £40.00 disputed" in account.words
    assert "raised on" in account.words
    assert "New 1" in listed.words
    assert "Harbour" in listed.words
    assert task.path == page.path


def test_accepting_shows_what_it_does_and_then_credits(office: Office) -> None:
    path = owed(office)
    client = office.browser(Role.DISPUTE_HANDLER)
    page = client.follow(raised(client, path).submit("Look into it"))

    shown = page.submit("See what accepting will do", answer="You are right.", amount="40")
    before = open_of(office, path)
    done = client.follow(shown.submit("Accept and credit it"))

    assert "Being looked into" in page.words
    assert "Settles of this invoice£40.00" in shown.words
    assert (before, open_of(office, path)) == (12000, 8000)
    assert "Accepted" in done.words
    assert "Credited£40.00" in done.words
    assert "You are right." in client.get(path).words


def test_what_was_previewed_is_changed_with_nothing_typed_lost(office: Office) -> None:
    shown = raised(office.browser(Role.MANAGER), owed(office)).submit(
        "See what accepting will do", answer="Half of it.", amount="10"
    )

    again = shown.submit("Change it").submit("See what accepting will do", amount="12")

    assert "Half of it." in again.words
    assert "£12.00" in again.words


def test_a_button_pressed_twice_credits_once(office: Office) -> None:
    path = owed(office)
    client = office.browser(Role.MANAGER)
    shown = raised(client, path).submit("See what accepting will do", answer="Yes.", amount="10")

    answers = [shown.submit("Accept and credit it").status for _ in range(2)]

    assert answers == [303, 303]
    assert open_of(office, path) == 11000


def test_rejecting_needs_an_answer(office: Office) -> None:
    path = owed(office)
    client = office.browser(Role.MANAGER)
    page = raised(client, path)

    silent = page.submit("Reject it")
    done = client.follow(page.submit("Reject it", answer="Signed for as dry."))

    assert silent.status == 422
    assert "Not accepted" in done.words
    assert open_of(office, path) == 12000


def test_it_is_withdrawn_on_the_customers_word(office: Office) -> None:
    client = office.browser(Role.MANAGER)
    path = owed(office)
    page = raised(client, path)

    silent = page.submit("Withdraw it")
    done = client.follow(page.submit("Withdraw it", why="Maya, by phone today"))

    assert silent.status == 422
    assert "Dispute withdrawn" in done.words
    assert "Maya, by phone today" in done.words


def test_more_than_ones_authority_is_not_credited(office: Office) -> None:
    path = owed(office, "900")
    page = raised(office.browser(Role.COLLECTOR), path, "900")

    refused = page.submit("See what accepting will do", answer="Yes.", amount="900")

    assert refused.status == 403
    assert newest(office, path).outcome is None


def test_a_large_one_asks_for_the_code_again(office: Office) -> None:
    path = owed(office, "900")
    raised(office.browser(Role.MANAGER), path, "900")
    client = office.browser(Role.MANAGER, is_sure=False)

    shown = client.get(f"/disputes/{newest(office, path).id}").submit(
        "See what accepting will do", answer="Yes.", amount="900"
    )
    asked = shown.submit("Accept and credit it")

    assert "Confirm that it is you" in asked.words
    assert open_of(office, path) == 90000


def test_an_auditor_reads_and_decides_nothing(office: Office) -> None:
    path = owed(office)
    page = raised(office.browser(Role.MANAGER), path)

    seen = office.browser(Role.AUDITOR).get(page.path)

    assert "Came wet" in seen.words
    assert "Reject it" not in seen.words


def test_a_withdrawn_invoice_ends_its_disputes(office: Office) -> None:
    path = owed(office)
    client = office.browser(Role.MANAGER)
    raised(client, path)

    client.get(path).follow("Withdraw").submit("Withdraw", why="Meant for another customer")

    row = newest(office, path)
    assert row.outcome == "accepted"
    assert row.answer == "Meant for another customer"


@pytest.mark.parametrize("amount", ["40.01", "0", "much"])
def test_an_amount_that_cannot_be_credited_is_told_beside_its_field(office: Office, amount: str) -> None:
    page = raised(office.browser(Role.MANAGER), owed(office))

    refused = page.submit("See what accepting will do", answer="Yes.", amount=amount)

    assert refused.status == 422
    assert [field.get("value") for field in refused.all("input", name="amount")] == [amount]


def test_what_is_accepted_can_name_the_line_whose_tax_it_is(office: Office) -> None:
    with office.db.transaction() as session:
        account = an_account(session)
        lines = [NewLine("Bread", money("200"), money("0")), NewLine("Cups", money("100"), money("20"))]
        invoice = issue(session, account, lines, actor=OPERATOR)
        path = f"/accounts/{account.id}/invoices/{invoice.id}"
        cups = receivables.lines(session, invoice.id)[1].id
    client = office.browser(Role.DISPUTE_HANDLER)

    shown = raised(client, path, "30").submit(
        "See what accepting will do", answer="You are right.", amount="30", line=str(cups)
    )
    client.follow(shown.submit("Accept and credit it"))

    assert "£5.00" in shown.words
    with office.db.reading() as session:
        assert session.scalars(select(CreditNote.tax_minor)).one() == 500


def test_both_sides_read_the_thread_and_a_note_says_that_only_staff_do(office: Office) -> None:
    client = office.browser(Role.DISPUTE_HANDLER)
    page = raised(client, owed(office))

    silent = page.submit("Answer", words="  ")
    page.submit("Answer", words="We look into it.", files={"files": ("photo.txt", b"two wet boxes")})
    page.submit("Keep the note", note="The driver is new.")
    client.get(page.path).submit("Write down what they said", words="And the third box.")
    read = client.get(page.path)

    assert silent.status == 422
    assert "Write something first." in silent.words
    assert "We look into it." in read.words
    assert "photo.txt" in read.words
    assert "Note for staff only" in read.words
    assert "And the third box." in read.words
    assert "Being looked into" in read.words


def test_what_was_typed_stays_where_a_file_is_refused(office: Office) -> None:
    page = raised(office.browser(Role.MANAGER), owed(office))

    refused = page.submit("Keep the note", note="Keep me.", files={"note_files": ("a.exe", b"MZ\x00\x00")})

    assert refused.status == 422
    assert "Keep me." in refused.words


def test_filing_the_missing_paper_answers_the_dispute(office: Office) -> None:
    client = office.browser(Role.DISPUTE_HANDLER)
    form = client.get(owed(office)).follow("Raise a dispute")
    said = {"reason": "missing_proof", "words": "Who signed for it?"}
    page = client.follow(form.submit("Raise the dispute", said))

    nothing = page.submit("File it")
    done = client.follow(page.submit("File it", files={"papers": ("signed.txt", b"Signed: Maya")}))

    assert nothing.status == 422
    assert "Waits for an answer" in done.words
    assert "The paper is there" in done.words
    assert "signed.txt" in done.words


def test_lines_are_disputed_and_some_of_them_split_off(office: Office) -> None:
    with office.db.transaction() as session:
        account = an_account(session, name="Harbour")
        lines = [
            NewLine(what, money(net), money("0")) for what, net in (("Rope", "50"), ("Buoy", "30"), ("Paint", "40"))
        ]
        invoice = issue(session, account, lines, actor=OPERATOR)
        path = f"/accounts/{account.id}/invoices/{invoice.id}"
        rope, buoy, _ = [str(row.id) for row in receivables.lines(session, invoice.id)]
    client = office.browser(Role.MANAGER)
    form = client.get(path).follow("Raise a dispute")
    page = client.follow(form.submit("Raise the dispute", {"reason": "quality", "words": "x", "line": [rope, buoy]}))
    split = page.follow("Split a part off")

    too_much = split.submit("Split it off", reason="tax", words="The tax.", amount="80")
    part = client.follow(split.submit("Split it off", reason="tax", words="The tax.", line=buoy))
    rest = client.get(page.path)

    assert "Contested£80.00" in page.words
    assert too_much.status == 422
    assert "Contested£30.00" in part.words
    assert "Was a part of" in part.words
    assert "Contested£50.00" in rest.words
    assert "Was split off" in rest.words

    one = client.follow(part.submit("Make them one"))

    assert one.path == page.path
    assert "Contested£80.00" in one.words
    assert "Has gone up in this one" in one.words


def test_it_is_given_to_a_colleague_and_to_nobody(office: Office) -> None:
    handler = office.person(Role.DISPUTE_HANDLER)
    client = office.browser(Role.MANAGER)
    page = raised(client, owed(office))

    given = client.follow(page.submit("Give", owner=str(handler)))
    owned = newest(office, owed_path(page)).owner_id
    page.submit("Give", owner="")
    refused = page.submit("Give", owner="999999")

    assert owned == handler
    assert given.status == 200
    assert newest(office, owed_path(page)).owner_id is None
    assert refused.status == 422


def test_it_is_opened_again_once(office: Office) -> None:
    client = office.browser(Role.MANAGER)
    page = raised(client, owed(office))
    rejected = client.follow(page.submit("Reject it", answer="Signed for as dry.", cause="customer"))
    form = rejected.follow("Open it again")

    silent = form.submit("Open it again")
    again = client.follow(form.submit("Open it again", words="Look at the photographs."))
    again.submit("Reject it", answer="They show another box.")

    assert "Nothing on our side" in rejected.words
    assert silent.status == 422
    assert "Look at the photographs." in again.words
    assert "In dispute" in again.words
    assert "It cannot be opened again" in client.get(f"{page.path}/reopen").words


def test_several_invoices_become_a_dispute_each(office: Office) -> None:
    with office.db.transaction() as session:
        account = an_account(session)
        chosen = [str(an_invoice(session, account, amount).id) for amount in ("120", "80")]
        left_out = an_invoice(session, account, "60")
        path = f"/accounts/{account.id}/disputes"
    client = office.browser(Role.COLLECTOR)
    form = client.get(path).follow("Raise disputes")

    refused = form.submit("Raise the disputes", words="All late.")
    done = client.follow(
        form.submit(
            "Raise the disputes",
            {"invoice": chosen, "reason": "short_delivery", "words": "All short."},
            files={"files": ("list.txt", b"missing: 3")},
        )
    )

    assert refused.status == 422
    assert "All late." in refused.words
    assert "£120.00" in done.words
    assert "£80.00" in done.words
    with office.db.reading() as session:
        assert queries.live_of_account(session, account.id) == 2
        assert queries.of_invoice(session, left_out.id) == []


def owed_path(page: Page) -> str:
    """The path of the invoice that a dispute's page is about."""
    return next(str(a.get("href")) for a in page.all("a") if "/invoices/" in str(a.get("href")))
