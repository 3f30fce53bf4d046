"""What an invoice lacks before it is issued."""

from __future__ import annotations

from datetime import date

import pytest

from domain.accounts.contacts import ContactDetails, add
from domain.accounts.model import LegalForm
from domain.invoicing.details import Details, change_details, details_of
from domain.invoicing.readiness import Gap, check_ready, lacking
from domain.policies.sections import Sections, Terms
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import Invalid
from tests.support.builders import an_account
from tests.support.policies import a_policy

DAY = date(2026, 3, 2)
WHOLE = Details("1 Quay\nLeith", "GB980780684", wants_purchase_order=True)


def test_an_account_of_which_nothing_is_known_lacks_all_and_only_the_address_blocks(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, legal_form=LegalForm.COMPANY)

        found = lacking(session, account.id, DAY, has_tax=True, purchase_order=None)

    assert [(each.gap, each.blocks) for each in found] == [
        (Gap.ADDRESS, True),
        (Gap.TAX_NUMBER, False),
        (Gap.MAILBOX, False),
        (Gap.TERMS, False),
    ]


def test_where_all_is_known_nothing_is_lacking_but_the_order_that_they_want(db: Database) -> None:
    with db.transaction() as session:
        a_policy(session, Sections(terms=Terms()))
        account = an_account(session, legal_form=LegalForm.COMPANY)
        add(session, account, ContactDetails("Ana", email="ana@harbour.example"), actor=OPERATOR)
        change_details(session, account.id, WHOLE, actor=OPERATOR)

        without = lacking(session, account.id, DAY, has_tax=True, purchase_order=None)
        whole = lacking(session, account.id, DAY, has_tax=True, purchase_order="PO-1")

        assert details_of(session, account.id) == WHOLE
    assert [each.gap for each in without] == [Gap.PURCHASE_ORDER]
    assert whole == []


def test_without_tax_nothing_blocks_and_a_natural_person_needs_no_tax_number(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, legal_form=LegalForm.NATURAL_PERSON, email="ana@harbour.example")
        check_ready(session, account.id, DAY, has_tax=False, purchase_order=None)

        found = lacking(session, account.id, DAY, has_tax=True, purchase_order=None)

    assert [each.gap for each in found] == [Gap.ADDRESS, Gap.TERMS]


def test_an_invoice_with_tax_is_not_ready_without_the_address(db: Database) -> None:
    with db.transaction() as session:
        account_id = an_account(session).id

    with pytest.raises(Invalid) as refused, db.reading() as session:
        check_ready(session, account_id, DAY, has_tax=True, purchase_order=None)

    assert refused.value.field == "address"
