"""Building: the file says what was handed over, as it was then, and of what we do not know nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from domain.accounts import contacts
from domain.accounts.contacts import ContactDetails
from domain.accounts.model import Account, LegalForm
from domain.accounts.relations import guaranteeing
from domain.accounts.relations.guaranteeing import GuarantorDetails
from domain.late_charges.model import ChargeAct, ChargeKind, LateCharge
from domain.limitations.recording import set_law
from domain.payments.model import PaymentMethod
from domain.placements.files.checking import check
from domain.placements.files.schema import Contact, Placed, Role
from domain.placements.naming import reference_of
from domain.policies.sections import LateInterest, Part, Sections
from domain.processing.placing.building import FileForm, made_file, placement_file
from domain.processing.receipts.recording import Slip, record_receipt
from domain.processing.receipts.returning import return_receipt
from domain.receivables.model import DebtPart, Invoice, InvoiceKind
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now, today
from domain.shared.errors import Conflict, NotFound
from tests.support.builders import a_receipt, an_invoice, money
from tests.support.placing import HANDOFF, a_late_debt, a_partner, placed, proposed
from tests.support.policies import a_policy


def the_one(session: Session, placement_id: int) -> Placed:
    """What a placement's file says."""
    [found] = placement_file(session, placement_id).placements
    return found


def on_top(session: Session, account: Account, parent: Invoice, amount: str, part: Part) -> Invoice:
    """A debit note on top of an invoice, due long ago."""
    note = an_invoice(session, account, amount, issued_on=parent.due_on, due_on=parent.due_on + timedelta(days=20))
    note.kind, note.parent_id = InvoiceKind.DEBIT_NOTE, parent.id
    session.flush()
    session.execute(insert(DebtPart).values(invoice_id=note.id, part=part))
    return note


def test_the_parts_of_a_debt_stand_apart_and_add_up(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = a_late_debt(session, "1200")
        on_top(session, account, invoice, "14.20", Part.INTEREST)
        on_top(session, account, invoice, "70", Part.COSTS)
        made = placed(session, account, a_partner(session, name="Fair Recovery Ltd"))

        file = placement_file(session, made.id)

        [found] = file.placements
        assert (found.reference, found.account_number, found.name) == (
            reference_of(made.id),
            account.number,
            account.name,
        )
        assert (found.principal, found.interest, found.costs, found.total) == tuple(
            map(Decimal, ("1200", "14.20", "70", "1284.20"))
        )
        assert next((debt.part, debt.open) for debt in found.debts) == (Part.PRINCIPAL, Decimal(1200))
        assert found.delinquent_on == invoice.due_on
        assert (file.header.partner, file.header.made_at) == ("Fair Recovery Ltd", now(session).replace(microsecond=0))


@pytest.mark.parametrize("form", FileForm)
def test_either_form_of_it_is_valid_and_says_the_same(db: Database, form: FileForm) -> None:
    with db.transaction() as session:
        account, _ = a_late_debt(session)
        account.address, account.name = "1 Quay Street\r\n\tBristol\x07", "=Harbour Café"
        contacts.add(session, account, ContactDetails("Ana Ruiz", phone="+44 20 7946 0018"), actor=OPERATOR)
        made = placed(session, account, a_partner(session))

        file = made_file(session, made.id, form)
        found = check(BytesIO(file.content))

        assert (found.flaws, found.file) == ([], placement_file(session, made.id))
        assert file.name == f"{reference_of(made.id)}.{form}"
        assert the_one(session, made.id).contacts == (
            Contact(role=Role.CONTACT, name="Ana Ruiz", phone="+44 20 7946 0018"),
        )


def test_whoever_answers_for_the_debts_comes_first_among_the_contacts(db: Database) -> None:
    with db.transaction() as session:
        account, _ = a_late_debt(session)
        contacts.add(session, account, ContactDetails("Ana Ruiz"), actor=OPERATOR)
        tom = GuarantorDetails("Tom Ruiz", True, today(session), email="tom@b.example", address="4 Hill Road")
        gone = guaranteeing.add(session, account.id, replace(tom, name="Gone"), actor=OPERATOR)
        guaranteeing.release(session, account.id, gone.id, why="Sold", actor=OPERATOR)
        guaranteeing.add(session, account.id, tom, actor=OPERATOR)
        made = placed(session, account, a_partner(session))

        assert the_one(session, made.id).contacts == (
            Contact(role=Role.GUARANTOR, name="Tom Ruiz", email="tom@b.example", address="4 Hill Road"),
            Contact(role=Role.CONTACT, name="Ana Ruiz"),
        )


def test_money_that_came_since_changes_nothing_of_what_was_handed_over(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account, invoice = a_late_debt(session, "1200")
        made = placed(session, account, a_partner(session))
        before = the_one(session, made.id)
    clock.advance(days=1)
    with db.transaction() as session:
        a_receipt(session, session.get_one(Account, account.id), "200", today(session), invoice)

        assert (before.total, before.last_payment_on) == (Decimal(1200), None)
        assert the_one(session, made.id) == before


def test_the_last_payment_is_the_last_that_did_not_go_back(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = a_late_debt(session, "1200")
        for days, comes_back in ((50, False), (20, True)):
            received_on = today(session) - timedelta(days=days)
            slip = Slip(PaymentMethod.TRANSFER, money("100"), received_on, wanted={invoice.id: money("100")})
            payment = record_receipt(session, account.id, slip, actor=OPERATOR)
            if comes_back:
                return_receipt(session, payment, today(session), reason="bounced", actor=OPERATOR)
        made = placed(session, account, a_partner(session))

        found = the_one(session, made.id)

        assert (found.last_payment_on, found.principal) == (today(session) - timedelta(days=50), Decimal(1100))


@pytest.mark.parametrize(
    ("legal_form", "charged", "expected"),
    [
        (LegalForm.COMPANY, False, ("due", Decimal("8.5"))),
        (LegalForm.COMPANY, True, ("charged", Decimal("8.5"))),
        (LegalForm.NATURAL_PERSON, False, None),
    ],
)
def test_interest_runs_from_what_was_charged_last_and_not_where_the_terms_charge_none(
    db: Database, legal_form: LegalForm, charged: bool, expected: tuple[str, Decimal] | None
) -> None:
    with db.transaction() as session:
        interest = LateInterest(margin=Decimal("8.5"), businesses_only=True)
        account, invoice = a_late_debt(session, section=None)
        account.legal_form = legal_form
        version = a_policy(session, Sections(handoff=HANDOFF, late_interest=interest), account_id=account.id)
        invoice.terms_version_id = version.id
        through = invoice.due_on + timedelta(days=30)
        if charged:
            note = on_top(session, account, invoice, "8.38", Part.INTEREST)
            row = {"first": str(invoice.due_on + timedelta(days=1)), "last": str(through), "principal": 1_200_00}
            session.execute(
                insert(LateCharge).values(
                    account_id=account.id,
                    invoice_id=invoice.id,
                    debit_note_id=note.id,
                    kind=ChargeKind.INTEREST,
                    act=ChargeAct.CHARGED,
                    version_id=version.id,
                    through_on=through,
                    currency="GBP",
                    amount_minor=8_38,
                    accrued_minor=8_38,
                    working=[{**row, "rate": "8.5", "year_days": 365}],
                    recorded_at=now(session),
                )
            )
        made = placed(session, account, a_partner(session))

        principal = the_one(session, made.id).debts[0]

        days: dict[str, date] = {"due": invoice.due_on, "charged": through}
        wanted = expected and (days[expected[0]] + timedelta(days=1), expected[1])
        assert (principal.interest_from, principal.interest_rate) == (wanted or (None, None))


def test_there_is_no_file_before_it_was_sent_and_none_of_what_there_is_not(db: Database) -> None:
    with db.transaction() as session:
        account, _ = a_late_debt(session)
        made = proposed(session, account, a_partner(session))

    with pytest.raises(Conflict, match="once it has been sent"), db.reading() as session:
        made_file(session, made.id, FileForm.CSV)
    with pytest.raises(NotFound), db.reading() as session:
        made_file(session, made.id + 1, FileForm.CSV)


@pytest.mark.parametrize(("law", "told"), [("GB-SCT", "GB-SCT"), ("ZZ", None)])
def test_the_law_is_told_where_staff_have_said_which_it_is(db: Database, law: str, told: str | None) -> None:
    with db.transaction() as session:
        account, _ = a_late_debt(session)
        made = placed(session, account, a_partner(session))
        before = the_one(session, made.id).jurisdiction

        set_law(session, account.id, law, why="By contract.", actor=OPERATOR)

        assert (before, the_one(session, made.id).jurisdiction) == (None, told)
