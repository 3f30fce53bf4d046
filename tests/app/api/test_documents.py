"""Other systems file papers: looked at as every file is, about an account or one of its invoices."""

from __future__ import annotations

from typing import get_args

import pytest
from sqlalchemy import select

from app.api.documents import Filed
from domain.api_keys.model import Scope
from domain.audit.model import AUDIT_ENTRIES
from domain.documents.model import DOCUMENTS
from domain.documents.names import BY_HAND
from domain.shared.db.session import Database
from tests.app.api.conftest import Caller, KeyMaker
from tests.support.builders import an_account, an_invoice
from tests.support.files import a_photo

PROOF = {"category": "proof_of_delivery"}


@pytest.fixture
def owed(committed_db: Database) -> tuple[str, str, int]:
    """An account and an invoice of it: their numbers, and the invoice's id."""
    with committed_db.transaction() as session:
        account = an_account(session, number="C-7")
        invoice = an_invoice(session, account, "120")
        return account.number, invoice.number, invoice.id


def test_others_file_under_what_people_file_under() -> None:
    assert set(get_args(Filed)) == {category.value for category in BY_HAND}


def test_a_picture_about_an_invoice_is_filed_anew(
    shop: Caller, committed_db: Database, owed: tuple[str, str, int]
) -> None:
    account, invoice, invoice_id = owed

    answer = shop.post(
        f"/api/v1/accounts/{account}/documents",
        data={**PROOF, "invoice": invoice},
        files={"file": ("ramp.jpg", a_photo())},
    )

    assert answer.status_code == 201
    with committed_db.reading() as session:
        row = session.execute(select(DOCUMENTS)).one()
        who = session.scalars(select(AUDIT_ENTRIES.c.actor_kind).where(AUDIT_ENTRIES.c.act == "document.filed")).one()
    assert (row.subject_kind, row.subject_id, row.media_type, who) == ("invoice", invoice_id, "image/jpeg", "api_key")
    told = answer.json()
    assert (told["id"], told["sha256"], told["filename"]) == (row.id, row.sha256, "ramp.jpg")


@pytest.mark.parametrize(
    ("number", "form", "content", "status", "field"),
    [
        ("C-8", PROOF, b"a", 404, None),
        ("C-7", {**PROOF, "invoice": "NONE"}, b"a", 422, "invoice"),
        ("C-7", PROOF, b"MZ\x00", 422, "file"),
        ("C-7", {"category": "statement"}, b"a", 400, "category"),
    ],
)
def test_what_cannot_be_filed_is_refused(
    shop: Caller,
    owed: tuple[str, str, int],
    number: str,
    form: dict[str, str],
    content: bytes,
    status: int,
    field: str | None,
) -> None:
    answer = shop.post(f"/api/v1/accounts/{number}/documents", data=form, files={"file": ("a.txt", content)})

    assert (answer.status_code, answer.json().get("field")) == (status, field)


def test_without_the_scope_nothing_is_filed(shop: Caller, new_key: KeyMaker, owed: tuple[str, str, int]) -> None:
    shop.headers["authorization"] = f"Bearer {new_key([Scope.READ_CREDIT])}"

    answer = shop.post("/api/v1/accounts/C-7/documents", data=PROOF, files={"file": ("a.txt", b"a")})

    assert answer.status_code == 403
