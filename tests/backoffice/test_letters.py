"""Letters as staff print them: the queue, a batch with its files, and the word that it is in the post."""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfReader

from domain.accounts.queries import lock
from domain.notices.model import Notice, NoticeStatus
from domain.shared.db.session import today
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import a_receipt, an_account, an_invoice
from tests.support.lettering import a_letter


def a_made_letter(office: Office, name: str = "Harbour") -> int:
    """A letter that waits."""
    with office.db.transaction() as session:
        account = an_account(session, name=name)
        an_invoice(session, account, "120")
        return a_letter(session, office.store, account, lines=[f"Letter to {name}"]).id


def pay(office: Office, notice_id: int, amount: str) -> None:
    """Money comes in for what a letter asks for."""
    with office.db.transaction() as session:
        account = lock(session, session.get_one(Notice, notice_id).account_id)
        a_receipt(session, account, amount, today(session))


def status(office: Office, notice_id: int) -> NoticeStatus:
    """How it stands."""
    with office.db.reading() as session:
        return session.get_one(Notice, notice_id).status


def test_letters_are_printed_as_one_file_and_sent_once_they_are_posted(office: Office) -> None:
    first, second = a_made_letter(office), a_made_letter(office, "Quay")
    client = office.browser(Role.COLLECTOR)

    batch = client.follow(client.get("/letters").submit("Make one file of the ticked ones"))
    whole = client.get(batch.link("All letters as one PDF"))
    before = status(office, first)
    posted = client.follow(batch.submit("They are in the post"))

    pages = [page.extract_text().strip() for page in PdfReader(BytesIO(whole.response.content)).pages]
    assert pages == ["Letter to Harbour", "", "Letter to Quay"]
    assert "Not posted yet" in batch.words
    assert before is NoticeStatus.READY
    assert {status(office, first), status(office, second)} == {NoticeStatus.SENT}
    assert "In the post" in posted.words
    assert "No letter waits" in client.get("/letters").words


def test_each_letter_can_be_looked_at_before(office: Office) -> None:
    a_made_letter(office)
    client = office.browser(Role.AUDITOR)

    queue = client.get("/letters")
    letter = client.get(queue.link("Look at it"))

    assert letter.response.content.startswith(b"%PDF")
    assert letter.is_download
    assert "Make one file" not in queue.words


def test_the_list_for_franking_is_a_table(office: Office) -> None:
    a_made_letter(office)
    client = office.browser(Role.MANAGER)
    batch = client.follow(client.get("/letters").submit("Make one file of the ticked ones"))

    franking = client.get(batch.link("List for franking"))

    head, row = franking.response.content.decode("utf-8-sig").splitlines()
    assert head.startswith("Notice,Account,Country,Pages,Sheets,Grams,Up to grams,Address line 1")
    assert "Harbour,Ana Lima,1 Quay Street,Bristol" in row


def test_a_letter_that_was_paid_meanwhile_is_not_printed_and_the_page_says_so(office: Office) -> None:
    paid, stands = a_made_letter(office), a_made_letter(office, "Quay")
    client = office.browser()
    queue = client.get("/letters")
    pay(office, paid, "120")

    batch = client.follow(queue.submit("Make one file of the ticked ones"))

    assert "1 letter was called off" in batch.words
    assert "Quay" in batch.words
    assert (status(office, paid), status(office, stands)) == (NoticeStatus.SUPPRESSED, NoticeStatus.READY)


def test_where_nothing_is_left_to_print_there_is_no_batch(office: Office) -> None:
    less = a_made_letter(office)
    client = office.browser()
    queue = client.get("/letters")
    pay(office, less, "20")

    after = client.follow(queue.submit("Make one file of the ticked ones"))

    assert "1 letter is written anew" in after.words
    assert "Batches of letters" not in after.words
    assert status(office, less) is NoticeStatus.SUPPRESSED


def test_a_second_press_prints_nothing_twice(office: Office) -> None:
    a_made_letter(office)
    client = office.browser()
    queue = client.get("/letters")

    first = queue.submit("Make one file of the ticked ones")
    again = queue.submit("Make one file of the ticked ones")

    assert (first.status, again.status) == (303, 303)
    assert client.get("/letters").words.count("Not posted yet") == 1


def test_somebody_who_comes_second_is_told(office: Office) -> None:
    a_made_letter(office)
    jo, sam = office.browser(Role.MANAGER), office.browser(Role.COLLECTOR)
    queues = [each.get("/letters") for each in (jo, sam)]

    first, second = (queue.submit("Make one file of the ticked ones") for queue in queues)
    pages = [each.get("/letters/batches/1") for each in (jo, sam)]
    posted, late = (page.submit("They are in the post") for page in pages)

    assert (first.status, second.status, posted.status, late.status) == (303, 422, 303, 422)
    assert "do not wait any more" in second.words
    assert "in the post already" in late.words


def test_nothing_ticked_is_said(office: Office) -> None:
    a_made_letter(office)

    refused = office.browser().get("/letters").submit("Make one file of the ticked ones", letter=[])

    assert refused.status == 422
    assert "Tick at least one letter." in refused.words
