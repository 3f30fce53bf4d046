"""Staff file papers, find them, look at pictures and put newer versions in the place of older ones."""

from __future__ import annotations

from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS, Account
from domain.documents.model import Category
from domain.documents.reading import Reader
from domain.shared.actor import OPERATOR
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import an_account, an_invoice
from tests.support.client import Client
from tests.support.files import a_photo


def a_debtor(office: Office) -> tuple[int, int, str]:
    """An account, and its open invoice."""
    with office.db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        return account.id, invoice.id, invoice.number


def test_several_papers_are_filed_about_an_invoice_from_its_page(office: Office, manager: Client) -> None:
    account_id, invoice_id, _ = a_debtor(office)
    here = f"/accounts/{account_id}/invoices/{invoice_id}"

    sent = manager.get(here).submit(
        "File",
        category=Category.PROOF_OF_DELIVERY.value,
        files=[("files", ("slip.txt", b"Forty pallets")), ("files", ("ramp.jpg", a_photo()))],
    )

    assert sent.headers["location"].partition("?")[0] == here
    after = manager.follow(sent)
    assert "2 papers filed" in after.words
    assert after.link("slip.txt") == "/documents/1/details"
    assert "slip.txt" in after.words
    assert "Proof of delivery · Picture" in after.words
    shown = after.follow("View ramp.jpg")
    assert (shown.headers["content-type"], shown.headers["content-disposition"]) == ("image/jpeg", "inline")
    assert "sandbox" in shown.headers["content-security-policy"]
    assert shown.headers["x-content-type-options"] == "nosniff"


def test_a_paper_that_is_filed_already_is_filed_once_and_the_number_may_be_typed_in_any_case(
    office: Office, manager: Client
) -> None:
    account_id, _, number = a_debtor(office)
    form = manager.get(f"/accounts/{account_id}/documents")
    one, two = ("files", ("one.txt", b"one")), ("files", ("two.txt", b"two"))

    first = manager.follow(form.submit("File", category="contract", number=number.lower(), files=[one, one]))
    again = manager.get(f"/accounts/{account_id}/documents")
    both = manager.follow(again.submit("File", category="contract", number=number, files=[one, two]))
    refused = manager.get(f"/accounts/{account_id}/documents").submit(
        "File", category="contract", number=number, files=[one]
    )

    assert "1 paper filed" in first.words
    assert "two.txt" in both.words
    assert "1 paper filed" in both.words
    assert refused.status == 422
    assert "These files are filed about this already." in refused.words


def test_papers_of_an_account_are_found_by_category_and_by_words(office: Office, manager: Client) -> None:
    account_id, *_ = a_debtor(office)
    here = f"/accounts/{account_id}/documents"
    for name, category in (("a.txt", Category.CONTRACT), ("b.txt", Category.CORRESPONDENCE)):
        manager.get(here).submit("File", category=category.value, files={"files": (name, b"Words of " + name.encode())})
    Reader(office.db, office.store).read_due()

    by_category = manager.get(f"{here}?category=contract").words
    by_words = manager.get("/documents?words=word+b.t").words

    assert ("a.txt" in by_category, "b.txt" in by_category) == (True, False)
    assert ("a.txt" in by_words, "b.txt" in by_words) == (False, True)
    assert "No document fits" in manager.get("/documents?words=nowhere").words


def test_what_cannot_be_filed_is_refused_beside_its_field(office: Office, manager: Client) -> None:
    account_id, *_ = a_debtor(office)
    form = manager.get(f"/accounts/{account_id}/documents")
    wrong = [
        ({"category": "contract"}, {}, "files-error"),
        ({"category": "contract", "number": "INV-NONE"}, {"files": ("a.txt", b"a")}, "number-error"),
        ({"category": "statement"}, {"files": ("a.txt", b"a")}, "category-error"),
        ({"category": "contract"}, {"files": ("a.exe", b"MZ\x00")}, "files-error"),
    ]

    for typed, files, where in wrong:
        refused = form.submit("File", typed, files=files)

        assert refused.status == 422
        assert refused.all("p", id=where), where
    assert office.store.contents == {} or "MZ" not in str(office.store.contents)


def test_a_newer_version_takes_the_place_and_the_older_one_stays(office: Office, manager: Client) -> None:
    account_id, *_ = a_debtor(office)
    here = f"/accounts/{account_id}/documents"
    manager.get(here).submit("File", category="contract", files={"files": ("one.txt", b"one")})
    details = manager.get(here).follow("Details one.txt")

    newer = manager.follow(details.submit("Replace", files={"file": ("two.txt", b"two")}))
    older = newer.follow("one.txt")

    assert "two.txt (this one)" in newer.words
    assert "Replaced" in older.words
    assert not older.all("form", action=older.path + "/versions")
    assert "one.txt" not in manager.get(here).words


def test_a_document_says_what_it_is_about_from_whom_it_came_and_who_sees_it(office: Office, manager: Client) -> None:
    account_id, invoice_id, number = a_debtor(office)
    with office.db.transaction() as session:
        account = session.get_one(Account, account_id)
        grant(session, account, email="a@b.example", name="Ana Diaz", rights=ALL_RIGHTS, actor=OPERATOR)
    here = f"/accounts/{account_id}/invoices/{invoice_id}"
    sent = {"files": ("slip.txt", b"Forty pallets")}
    manager.get(here).submit("File", category="proof_of_delivery", files=sent)
    manager.get(here).submit("File", {"category": "contract", "for_staff": "yes"}, files=sent)

    theirs, ours = (manager.get(f"/documents/{document}/details") for document in (1, 2))

    assert theirs.link(f"Invoice {number}") == here
    assert "Manager Jones, in the back office" in theirs.words
    assert "see invoices and statements: Ana Diaz" in theirs.words
    assert "Staff alone: it was filed for them." in ours.words


def test_erasing_is_looked_at_first_and_asks_for_the_code_however_lately_it_was_given(office: Office) -> None:
    account_id, invoice_id, number = a_debtor(office)
    manager, administrator = office.browser(Role.MANAGER), office.browser(Role.ADMINISTRATOR)
    for where in (f"/accounts/{account_id}/documents", f"/accounts/{account_id}/invoices/{invoice_id}"):
        category = "contract" if "invoices" in where else "correspondence"
        manager.get(where).submit("File", category=category, files={"files": ("a.txt", b"words")})

    look = administrator.get("/documents/1/details").follow("Look at erasing it")
    asked = look.submit("Erase it for good", why="Asked for")
    done = administrator.follow(asked.submit("Confirm and go on", confirm_code=office.code(Role.ADMINISTRATOR)))
    kept = administrator.get("/documents/2/erase")

    assert "the same content, filed again" in look.words
    assert "Confirm that it is you" in asked.words
    assert "Erased" in done.words
    assert "The law asks us to keep this until" in kept.words
    assert f"Invoice {number} is still open." in kept.words
    assert not kept.all("form", action="/documents/2/erase")
