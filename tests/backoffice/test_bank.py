"""Bank lines in the back office: looked at, accepted, split, linked, parked, ignored; all sure ones at once."""

from __future__ import annotations

from sqlalchemy import select

from domain.accounts.model import Account
from domain.banking.files import FileLine
from domain.banking.model import BankLine, LineState
from domain.payments.model import Payment
from domain.processing.checks import check_books
from domain.receivables.model import Invoice
from domain.shared.money import Money
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.bank_files import a_line
from tests.support.banking import booked_as, lines_of, paying, state_of
from tests.support.builders import an_account, an_invoice
from tests.support.client import Client
from tests.support.credit import a_cheque


def owing(office: Office, *amounts: str, name: str = "Harbour Café Ltd") -> tuple[int, list[int]]:
    """An account that owes an invoice of each amount."""
    with office.db.transaction() as session:
        account = an_account(session, name=name)
        return account.id, [an_invoice(session, account, amount).id for amount in amounts]


def nobodys(amount: str, text: str = "hello") -> FileLine:
    """A line of a stranger."""
    return a_line(amount, text, name="Zebra Rentals", account="", currency="GBP")


def payments(office: Office) -> list[tuple[int, Money]]:
    """Whose payments of how much there are."""
    with office.db.reading() as session:
        return [(one.account_id, one.amount) for one in session.scalars(select(Payment).order_by(Payment.id))]


def pounds(amount: str) -> Money:
    return Money.of(amount, "GBP")


def test_the_list_says_what_a_line_is_how_sure_and_why_and_one_press_books_it(office: Office, manager: Client) -> None:
    account, (invoice,) = owing(office, "120")
    (line,) = lines_of(office.db, paying("120", invoice))

    page = manager.get("/bank")
    after = manager.follow(page.submit("Accept"))

    assert "Sure" in page.words
    assert "Pays INV-" in page.words
    assert "the payment reference of invoice INV-" in page.words
    assert after.path == "/bank"
    assert "No lines here" in after.words
    assert payments(office) == [(account, pounds("120"))]
    assert state_of(office.db, line) is LineState.BOOKED


def test_a_booked_line_says_as_what_with_links_and_stands_on_the_timeline(office: Office, manager: Client) -> None:
    account, (invoice,) = owing(office, "120")
    (line,) = lines_of(office.db, paying("120", invoice))
    manager.get(f"/bank/lines/{line}").submit("Accept")

    page = manager.get(f"/bank/lines/{line}")
    listed = manager.get("/bank", params={"show": "booked"})
    timeline = manager.get(f"/accounts/{account}/timeline")

    assert page.link("Payment RCT-").startswith("/payments/")
    assert page.link("Harbour") == f"/accounts/{account}"
    assert "Harbour" in listed.words
    assert "Identified on bank statement" in timeline.words


def test_somebody_faster_is_told_and_nothing_is_paid_twice(office: Office, manager: Client) -> None:
    account, (invoice,) = owing(office, "120")
    (line,) = lines_of(office.db, paying("120", invoice))
    mine, theirs = manager.get(f"/bank/lines/{line}"), office.browser(Role.COLLECTOR).get(f"/bank/lines/{line}")
    theirs.submit("Accept")

    late = mine.submit("Accept")

    assert late.status == 422
    assert payments(office) == [(account, pounds("120"))]


def test_all_sure_ones_are_booked_at_once_and_what_changed_meanwhile_is_told(office: Office, manager: Client) -> None:
    first, (one, other, paid) = owing(office, "120", "80.50", "33")
    lines = lines_of(office.db, paying("120", one), paying("80.50", other), paying("33", paid), nobodys("5"))
    page = manager.get("/bank/sure")
    manager.get(f"/bank/lines/{lines[2]}").submit("Accept")

    done = page.submit("Book the ticked lines")

    assert "3 lines are sure" in page.words
    assert "£233.50" in page.words
    assert "2 lines booked" in done.words
    assert "£200.50" in done.words
    assert "Not possible any more" in done.words
    assert payments(office) == [(first, pounds("33")), (first, pounds("120")), (first, pounds("80.50"))]
    assert state_of(office.db, lines[3]) is LineState.OPEN


def test_an_account_is_found_and_its_invoices_ticked_with_a_total_before_it_is_booked(
    office: Office, manager: Client
) -> None:
    account, (old, meant) = owing(office, "50", "90")
    (line,) = lines_of(office.db, nobodys("60"))
    found = manager.get(f"/bank/lines/{line}").submit("Find", q="harbour")
    chosen = manager.get(found.link("Choose").partition("#")[0])
    ticks: dict[str, str | list[str]] = {f"invoice-{account}": [str(meant)], f"amount-{meant}": "40.00"}

    total = chosen.submit("See the total", ticks)
    before = payments(office)
    done = total.submit("Book it", ticks)

    assert "The ticked invoices come to £40.00 of £60.00." in total.words
    assert before == []
    assert done.status == 303
    with office.db.reading() as session:
        open_now = {row.id: row.open_minor for row in session.scalars(select(Invoice)).all()}
    assert open_now == {old: 5000, meant: 5000}
    assert payments(office) == [(account, pounds("60"))]


def test_a_line_is_split_over_two_accounts_and_parts_must_add_up(office: Office, manager: Client) -> None:
    one, _ = owing(office, "50")
    other, _ = owing(office, "90", name="Old Mill Ltd")
    (line,) = lines_of(office.db, nobodys("60"))
    page = manager.get(f"/bank/lines/{line}?account={one}&account={other}")

    wrong = page.submit("Book it", {f"part-{one}": "20", f"part-{other}": "39.99"})
    done = page.submit("Book it", {f"part-{one}": "20", f"part-{other}": "40"})

    assert wrong.status == 422
    assert wrong.words.count("The parts must add up to £60.00.") == 2
    assert done.status == 303
    assert payments(office) == [(one, pounds("20")), (other, pounds("40"))]


def test_an_empty_part_is_what_is_ticked_and_the_accounts_keep_their_order(office: Office, manager: Client) -> None:
    late, (theirs,) = owing(office, "50")
    first, _ = owing(office, "90", name="Old Mill Ltd")
    (line,) = lines_of(office.db, nobodys("60"))
    page = manager.get(f"/bank/lines/{line}?account={first}&account={late}")
    ticks = {f"invoice-{late}": str(theirs), f"amount-{theirs}": "45.00"}

    total = page.submit("See the total", ticks)
    short = total.submit("Book it", {f"part-{first}": "14.99"})
    done = short.submit("Book it", {f"part-{first}": "15"})

    assert "The parts come to £45.00 of £60.00. Still to place: £15.00." in total.words
    assert short.status == 422
    for answer in (total, short):
        assert [one.get("value") for one in answer.all("input", name="account", type="hidden")][-2:] == [
            str(first),
            str(late),
        ]
        assert [one.get("value") for one in answer.all("input", name=f"part-{late}")] == ["45.00"]
    assert done.status == 303
    assert payments(office) == [(first, pounds("15")), (late, pounds("45"))]


def test_parts_beyond_the_line_are_said_to_be(office: Office, manager: Client) -> None:
    one, _ = owing(office, "50")
    other, _ = owing(office, "90", name="Old Mill Ltd")
    (line,) = lines_of(office.db, nobodys("60"))

    page = manager.get(f"/bank/lines/{line}?account={one}&account={other}")
    total = page.submit("See the total", {f"part-{one}": "70"})

    assert "The parts come to £70.00, which is more than £60.00." in total.words
    assert payments(office) == []


def test_cheques_on_one_slip_are_linked_and_a_recorded_one_comes_before_its_invoice(
    office: Office, manager: Client
) -> None:
    account, _ = owing(office, "120")
    with office.db.transaction() as session:
        mine = session.get_one(Account, account)
        cheques = [
            a_cheque(session, mine, amount, reference=ref).id for amount, ref in (("70", "70001"), ("50", "70002"))
        ]
    slip, single = lines_of(
        office.db,
        a_line("120", "CHEQUES", name="", account="", currency="GBP"),
        a_line("70", "CHEQUE 70001", name="", account="", currency="GBP"),
    )

    suggested = manager.get(f"/bank/lines/{single}")
    done = manager.get(f"/bank/lines/{slip}").submit(
        "Link the ticked receipts", receipt=[str(each) for each in cheques]
    )

    assert "Recorded receipt RCT-" in suggested.words
    assert done.status == 303
    assert booked_as(office.db, slip) == [("recorded_receipt", "70.00"), ("recorded_receipt", "50.00")]
    assert len(payments(office)) == 2


def test_unidentified_money_is_parked_with_a_task_and_sent_back(office: Office, manager: Client) -> None:
    came, went = lines_of(office.db, nobodys("60"), nobodys("-60", "back"))

    manager.get(f"/bank/lines/{came}").submit("Park as unidentified")
    task = manager.follow(manager.get("/worklist").follow("Money at the bank that nobody has identified"))
    done = manager.get(f"/bank/lines/{went}").submit("It was sent back", parked=str(came))

    assert task.link("Go to the bank line") == f"/bank/lines/{came}"
    assert done.status == 303
    assert [state_of(office.db, each) for each in (came, went)] == [LineState.BOOKED, LineState.BOOKED]
    with office.db.reading() as session:
        assert check_books(session) == []


def test_rent_is_ignored_with_a_reason_and_can_be_looked_at_again(office: Office, manager: Client) -> None:
    (line,) = lines_of(office.db, nobodys("-950", "RENT"))

    wordless = manager.get(f"/bank/lines/{line}").submit("Not ours")
    manager.get(f"/bank/lines/{line}").submit("Not ours", why="Rent")
    ignored = manager.get("/bank", params={"show": "ignored"})
    manager.get(f"/bank/lines/{line}").submit("Look at it again")

    assert (wordless.status, "Say what it is." in wordless.words) == (422, True)
    assert "Rent" in ignored.words
    assert state_of(office.db, line) is LineState.OPEN


def test_fifty_lines_a_page_and_the_rest_one_press_away(office: Office, manager: Client) -> None:
    lines_of(office.db, *(nobodys(f"{number}.00", f"line {number}") for number in range(1, 53)))

    first = manager.get("/bank")
    second = first.follow("Older")

    assert [len(page.all("tr")) - 1 for page in (first, second)] == [50, 2]
    with office.db.reading() as session:
        assert len(session.scalars(select(BankLine.id)).all()) == 52


def test_those_who_may_only_look_see_no_buttons(office: Office) -> None:
    _, (invoice,) = owing(office, "120")
    (line,) = lines_of(office.db, paying("120", invoice))
    auditor = office.browser(Role.AUDITOR)

    listed, page = auditor.get("/bank"), auditor.get(f"/bank/lines/{line}")

    assert "Sure" in listed.words
    assert [
        button for each in (listed, page) for button in each.all("button") if "Accept" in "".join(button.itertext())
    ] == []
