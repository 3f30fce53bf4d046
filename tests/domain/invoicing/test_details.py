"""What invoices to an account have to bear: its tax number can be right by the rules of its country."""

from __future__ import annotations

import pytest

from domain.invoicing.details import Details, change_details, details_of
from domain.invoicing.model import InvoicingDetails
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import Invalid
from tests.support.builders import an_account


@pytest.mark.parametrize(
    ("country", "number"), [("GB", "GB 980 7806 84"), ("GB", None), ("FJ", "99"), (None, "whatever it is")]
)
def test_a_tax_number_that_can_be_right_is_kept_as_it_was_written(
    db: Database, country: str | None, number: str | None
) -> None:
    with db.transaction() as session:
        account = an_account(session, country=country)
        change_details(session, account.id, Details(address="1 Quay", tax_number=number), actor=OPERATOR)

        assert details_of(session, account.id) == Details(address="1 Quay", tax_number=number)


def test_a_tax_number_that_cannot_be_right_is_refused_beside_its_field(db: Database) -> None:
    with db.transaction() as session:
        account_id = an_account(session, country="GB").id

    with pytest.raises(Invalid) as refused, db.transaction() as session:
        change_details(session, account_id, Details(tax_number="GB 802311781"), actor=OPERATOR)

    assert refused.value.field == "tax_number"


def test_a_wrong_number_that_stands_there_already_keeps_nobody_from_changing_the_rest(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, country="GB")
        session.add(InvoicingDetails(account_id=account.id, tax_number="GB 802311781", wants_purchase_order=False))
        session.flush()

        change_details(session, account.id, Details("1 Quay", "GB 802311781"), actor=OPERATOR)

        assert details_of(session, account.id).address == "1 Quay"


def test_an_address_that_is_too_long_is_refused(db: Database) -> None:
    with pytest.raises(Invalid), db.transaction() as session:
        change_details(session, an_account(session).id, Details(address="x" * 501), actor=OPERATOR)
