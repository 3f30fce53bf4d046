"""How an invoice came to its balance."""

from datetime import date, timedelta

from domain.invoicing.credit_notes import issue_credit_note
from domain.invoicing.issuing import void
from domain.processing.extending import extend
from domain.receivables import queries
from domain.receivables.model import Allocation
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, now, today
from domain.staff.model import Role
from domain.statements.story import StepKind, story_of
from tests.support.builders import a_receipt, an_account, an_invoice, live_allocations, money, take_back
from tests.support.credit import a_cheque, item_of


def test_each_step_changes_what_is_open_and_the_last_is_what_is_open_today(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120", issued_on=date(2026, 3, 1))
        payment = a_receipt(session, account, "50", date(2026, 3, 5), invoice)
        take_back(session, live_allocations(session, invoice)[0], effective_on=date(2026, 3, 9))
        issue_credit_note(session, account, invoice, money("20"), reason="late", actor=OPERATOR)

        steps = story_of(session, queries.invoice(session, account.id, invoice.id))

    assert [(step.kind, step.change, step.balance) for step in steps] == [
        (StepKind.ISSUED, money("120"), money("120")),
        (StepKind.PAID, money("-50"), money("70")),
        (StepKind.TAKEN_BACK, money("50"), money("120")),
        (StepKind.CREDITED, money("-20"), money("100")),
    ]
    assert [step.payment for step in steps] == [None, payment.public_id, payment.public_id, None]
    assert invoice.open == money("100")


def test_what_is_put_back_in_the_act_that_took_it_off_is_not_told_twice(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        payment = a_cheque(session, account, "120")
        take_back(session, live_allocations(session, invoice)[0], effective_on=today(session))
        item = item_of(session, payment)
        item.unapplied_minor, invoice.open_minor = 1_500, 1_500
        session.add(
            Allocation(
                account_id=account.id,
                credit_item_id=item.id,
                invoice_id=invoice.id,
                amount_minor=10_500,
                effective_on=today(session),
                recorded_at=now(session),
            )
        )
        session.flush()

        steps = story_of(session, queries.invoice(session, account.id, invoice.id))

    assert [(step.kind, step.change, step.balance) for step in steps[1:]] == [
        (StepKind.PAID, money("-120"), money("0")),
        (StepKind.TAKEN_BACK, money("15"), money("15")),
    ]


def test_a_withdrawn_invoice_ends_at_nothing(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        void(session, invoice, why="wrong customer", actor=OPERATOR)

        last = story_of(session, queries.invoice(session, account.id, invoice.id))[-1]

    assert (last.kind, last.change, last.balance) == (StepKind.WITHDRAWN, money("-120"), money("0"))


def test_a_later_due_day_stands_where_it_was_granted_and_changes_no_balance(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        day = today(session)
        invoice = an_invoice(session, account, "120", issued_on=day - timedelta(days=20), due_on=day)
        a_receipt(session, account, "50", day - timedelta(days=5), invoice)
        later = day + timedelta(days=10)
        extend(session, account.id, invoice.id, later, reason="Flooded", role=Role.MANAGER, actor=OPERATOR)

        last = story_of(session, queries.invoice(session, account.id, invoice.id))[-1]

    assert (last.kind, last.on, last.change, last.balance) == (StepKind.EXTENDED, day, money("0"), money("70"))
    assert last.words.params == {"day": later, "before": day}


def test_what_of_a_credit_note_the_invoice_could_not_take_is_told_as_credit_of_the_account(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120", issued_on=date(2026, 3, 1))
        a_receipt(session, account, "100", date(2026, 3, 5), invoice)
        note = issue_credit_note(session, account, invoice, money("50"), reason="Torn", actor=OPERATOR)

        steps = story_of(session, queries.invoice(session, account.id, invoice.id))

    assert [(str(step.words), step.change) for step in steps[2:]] == [
        (f"Credit note {note.number}", money("-20")),
        (f"30.00 GBP of credit note {note.number} became credit of the account", money("0")),
    ]
    assert steps[-1].balance == money("0")
