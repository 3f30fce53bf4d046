"""A ZIP of papers named by invoice numbers: what can be filed is, once, and of the rest it is said why not."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select, update

from domain.accounts.model import Account
from domain.documents import packages
from domain.documents.intake import Intake
from domain.documents.model import DOCUMENTS, Category
from domain.documents.packages import number_in
from domain.processing.filing_packages import Fate, file_package
from domain.processing.filing_papers import invoice_called
from domain.processing.withdrawing_invoices import withdraw_invoice
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import Invalid
from domain.staff.model import Role
from tests.support.builders import an_account, an_invoice
from tests.support.filed import erased
from tests.support.files import a_broken_zip, a_zip
from tests.support.outside import MemoryStore


def test_each_paper_is_filed_about_its_invoice_once(db: Database) -> None:
    with db.transaction() as session:
        invoice = an_invoice(session, an_account(session), "120")
        number, account_id, invoice_id = invoice.number, invoice.account_id, invoice.id
    package = a_zip(
        (f"march/{number}.pdf", b"%PDF-1.7 one"),
        (f"{number} page 2.txt", b"two"),
        (f"../../{number}__x.exe", b"MZ\x00"),
        ("INV-NOBODY.pdf", b"%PDF-1.7"),
        ("__MACOSX/._a.pdf", b"clutter"),
    )
    intake = Intake(MemoryStore())

    first, second = (
        file_package(db, intake, BytesIO(package), category=Category.PROOF_OF_DELIVERY, actor=OPERATOR)
        for _ in range(2)
    )

    assert [(fate.filename, fate.invoice_id, fate.account_id) for fate in first] == [
        (f"{number}.pdf", invoice_id, account_id),
        (f"{number} page 2.txt", invoice_id, account_id),
        (f"{number}__x.exe", None, None),
        ("INV-NOBODY.pdf", None, None),
    ]
    assert [str(fate.why)[:24] for fate in first[2:]] == ["Send a PDF, a picture (P", "There is no invoice of t"]
    assert "already" in str(second[0].why)
    with db.reading() as session:
        filed = session.execute(select(DOCUMENTS.c.id, DOCUMENTS.c.filename).order_by(DOCUMENTS.c.id)).all()
    assert [row.filename for row in filed] == [f"{number}.pdf", f"{number} page 2.txt"]
    ids = [row.id for row in filed]
    assert [fate.document_id for fate in first[:2]] == [fate.document_id for fate in second[:2]] == ids


def test_the_number_is_found_in_any_case_and_just_so_where_two_differ_by_it(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice, other = an_invoice(session, account, "120"), an_invoice(session, an_account(session), "120")
        number, account_id, invoice_id = invoice.number, account.id, invoice.id
        session.execute(update(Invoice).where(Invoice.id == other.id).values(number=number.lower()))
    package = a_zip((f"{number.upper()}.pdf", b"%PDF-1.7 one"), (f"{number.title()}.pdf", b"%PDF-1.7 two"))

    fates = file_package(
        db, Intake(MemoryStore()), BytesIO(package), category=Category.PROOF_OF_DELIVERY, actor=OPERATOR
    )
    with db.reading() as session:
        typed = invoice_called(session, account_id, number.lower())

    assert fates[0].invoice_id == invoice_id
    assert "Several accounts" in str(fates[1].why)
    assert typed == ("invoice", invoice_id)


def test_a_damaged_file_is_said_to_be_left_and_the_others_are_filed(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        numbers = [an_invoice(session, account, "120").number for _ in range(2)]
    package = a_broken_zip(*((f"{number}.txt", number.encode() * 50) for number in numbers))

    fates = file_package(
        db, Intake(MemoryStore()), BytesIO(package), category=Category.PROOF_OF_DELIVERY, actor=OPERATOR
    )

    assert [fate.invoice_id is None for fate in fates] == [False, True]
    assert "damaged" in str(fates[1].why)


def test_what_was_erased_is_filed_when_it_comes_again(db: Database) -> None:
    with db.transaction() as session:
        number = an_invoice(session, an_account(session), "120").number
    intake, package = Intake(MemoryStore()), a_zip((f"{number}.pdf", b"%PDF-1.7 one"))

    def send() -> list[Fate]:
        return file_package(db, intake, BytesIO(package), category=Category.PROOF_OF_DELIVERY, actor=OPERATOR)

    send()
    with db.transaction() as session:
        erased(session, session.scalars(select(DOCUMENTS.c.id)).one())

    assert [fate.why for fate in send()] == [None]


def test_nothing_is_filed_about_a_void_invoice(db: Database) -> None:
    with db.transaction() as session:
        account_id = an_account(session).id
        void = an_invoice(session, session.get_one(Account, account_id), "120")
        withdraw_invoice(session, account_id, void.id, why="Wrong price", role=Role.MANAGER, actor=OPERATOR)
        number = void.number
    package = BytesIO(a_zip((f"{number}.txt", b"one")))

    [fate] = file_package(db, Intake(MemoryStore()), package, category=Category.PROOF_OF_DELIVERY, actor=OPERATOR)

    assert "no invoice of this number" in str(fate.why)
    with db.reading() as session, pytest.raises(Invalid) as refused:
        invoice_called(session, account_id, number, field="invoice")
    assert refused.value.field == "invoice"


@pytest.mark.parametrize(
    "content", [b"no archive", a_zip(), a_zip(("a", b"1"), ("b", b"2")), a_zip(("é", b"1")).replace(b"\xc3", b"\xff")]
)
def test_what_is_no_archive_or_has_nothing_or_too_much_in_it_is_refused(
    db: Database, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setattr(packages, "MOST_PAPERS", 1)

    with pytest.raises(Invalid):
        file_package(db, Intake(MemoryStore()), BytesIO(content), category=Category.CONTRACT, actor=OPERATOR)


def test_what_stands_before_a_space_or_two_underscores_is_the_number() -> None:
    assert [number_in(stem) for stem in ("INV-7", "INV-7 page 2", "INV_7__scan")] == ["INV-7", "INV-7", "INV_7"]
