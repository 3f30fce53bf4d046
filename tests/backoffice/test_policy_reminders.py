"""Which reminders rule an account, where each invoice stands, and what a draft's would have been."""

from __future__ import annotations

from datetime import timedelta

from domain.dunning import rules
from domain.dunning.stepping import step
from domain.policies import drafting
from domain.policies.sections import Sections
from domain.policies.usual_sequence import USUAL_SEQUENCE
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from tests.backoffice.conftest import Office
from tests.support.builders import an_account, an_invoice
from tests.support.client import Client
from tests.support.policies import a_policy

SEQUENCE = Sections(dunning=USUAL_SEQUENCE)


def test_an_account_says_what_it_hears_by_the_policy_assigned_today(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        account = an_account(session)
        a_policy(session, SEQUENCE)

    page = manager.get(f"/accounts/{account.id}/terms")

    assert "What it hears from us" in page.words
    assert "Second reminder: 14 days after the due day, by email" in page.words
    assert page.words.count("Second reminder: 14 days after the due day") == 1


def test_an_invoice_says_how_far_its_reminders_have_come_and_what_comes_next(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        account = an_account(session, email="ap@example.com")
        a_policy(session, SEQUENCE)
        day = today(session)
        late, long_ago = day - timedelta(days=8), day - timedelta(days=60)
        invoice = an_invoice(session, account, "120", issued_on=long_ago, due_on=late)
        path = f"/accounts/{account.id}/invoices/{invoice.id}"
    before = manager.get(path)

    with office.db.transaction() as session:
        step(session, account.id, rules.sequences(session, day), actor=OPERATOR)
    after = manager.get(path)

    assert "First reminder" in before.words
    assert "none yet" in before.words
    assert "Second reminder" in after.words
    assert "none yet" not in after.words


def test_an_invoice_without_a_sequence_says_nothing_of_reminders(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")

    page = manager.get(f"/accounts/{account.id}/invoices/{invoice.id}")

    assert "Reminders" not in page.words


def test_the_trial_of_a_draft_counts_notices_by_kind_and_opens_each(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        policy_id = a_policy(session, Sections()).policy_id
        drafting.begin(session, policy_id, actor=OPERATOR)
        drafting.write_section(session, policy_id, "dunning", USUAL_SEQUENCE, actor=OPERATOR)
        account = an_account(session, number="T-1", email="ap@example.com")
        due = today(session) - timedelta(days=31)
        invoice = an_invoice(session, account, "1000", number="F-1", issued_on=due, due_on=due)
        invoice.recorded_at -= timedelta(days=32)

    tried = manager.get(f"/policies/{policy_id}/trial")
    behind = manager.get(f"/policies/{policy_id}/trial/accounts/{account.id}")

    sums = [[cell.strip() for cell in row.itertext() if cell.strip()] for row in tried.all("tr")]
    assert ["Notices", "5", "1", "0", "0", "5", "0", "0"] in sums
    assert ["Second reminder (Email)", "1", "1", "0", "1", "0"] in sums
    assert ["Demand letter (Letter)", "1", "1", "0", "1", "0"] in sums
    assert "Second reminder (Call) F-1 Tried: £1,000.00 asked for, of F-1." in behind.words
