"""Limitations in the back office: what ends soon, whose law it is, what moves it, and handing over all the same."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from domain.limitations import queries
from domain.limitations.clock import add_years
from domain.placements.model import Placement
from domain.shared.db.session import today
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import an_account, an_invoice
from tests.support.filed import file
from tests.support.placing import HANDOFF, a_late_debt, a_partner


def owed(office: Office, *, ends_in: int = 20, country: str = "GB") -> tuple[int, int]:
    """An account with one invoice that can be enforced for so many days more by English law; their ids."""
    with office.db.transaction() as session:
        account = an_account(session, country=country)
        due_on = add_years(today(session) + timedelta(days=ends_in), -6)
        return account.id, an_invoice(session, account, "120", number="INV-7", issued_on=due_on, due_on=due_on).id


def test_what_ends_soon_and_what_is_over_stand_in_lists_of_their_own(office: Office) -> None:
    owed(office)
    owed(office, ends_in=-1)
    owed(office, country="US")
    client = office.browser(Role.AUDITOR)

    soon, over = client.get("/limitations"), client.get("/limitations?show=over")

    assert [soon.words.count("INV-7"), over.words.count("INV-7")] == [1, 1]
    assert "England and Wales" in soon.words
    assert "Can no longer be enforced" in over.words


def test_an_invoice_says_until_when_by_which_law_and_since_when(office: Office) -> None:
    account_id, invoice_id = owed(office)
    client = office.browser(Role.COLLECTOR)

    known = client.get(f"/accounts/{account_id}/invoices/{invoice_id}").words
    account_id, invoice_id = owed(office, country="US")
    unknown = client.get(f"/accounts/{account_id}/invoices/{invoice_id}").words

    assert "How long it can be enforced" in known
    assert "the day on which it was due" in known
    assert "Limitation Act 1980" in known
    assert "US: how long it can be enforced there is not known here" in unknown


def test_the_law_is_set_with_a_reason_and_what_was_typed_stays_without_one(office: Office) -> None:
    account_id, invoice_id = owed(office)
    client = office.browser(Role.COLLECTOR)
    form = client.get(f"/accounts/{account_id}/limitations")

    refused = form.submit("Set it", {"jurisdiction": "GB-SCT"})
    done = client.follow(refused.submit("Set it", {"jurisdiction": "GB-SCT", "why": "The contract says so."}))

    assert refused.status == 422
    assert "Say why, for whoever reads this later." in refused.words
    assert "Scotland: The contract says so." in done.words
    assert "By this law the debt itself is gone." in done.words
    with office.db.reading() as session:
        assert queries.clock_of(session, invoice_id).jurisdiction == "GB-SCT"


def test_an_acknowledgement_wants_its_paper_and_then_starts_the_time_anew(office: Office) -> None:
    account_id, invoice_id = owed(office)
    paper = file(office.db, office.store.near, account_id).id
    with office.db.reading() as session:
        day = today(session)
    client = office.browser(Role.COLLECTOR)
    said = {"act": "acknowledged", "on": day.isoformat(), "note": "Their letter.", "invoice": str(invoice_id)}
    form = client.get(f"/accounts/{account_id}/limitations")

    refused = form.submit("Record it", said)
    done = client.follow(refused.submit("Record it", {**said, "document": str(paper)}))

    assert refused.status == 422
    assert "Choose the paper on which it stands; file it first." in refused.words
    assert "an acknowledgement in writing" in done.words
    with office.db.reading() as session:
        assert queries.last_days(session, [invoice_id]) == {invoice_id: add_years(day, 6)}
    assert "A debt was acknowledged in writing: Their letter." in client.get(f"/accounts/{account_id}/timeline").words


def test_what_can_no_longer_be_enforced_is_proposed_only_where_somebody_forces_it(office: Office) -> None:
    with office.db.transaction() as session:
        account, invoice = a_late_debt(session, late_days=7 * 366, section=HANDOFF)
        partner = a_partner(session)
        account_id = account.id
    client = office.browser(Role.MANAGER)
    form = client.get(f"/accounts/{account_id}/handoffs")
    values = {"partner": str(partner.id), "reason": "Nothing comes.", "invoice": str(invoice.id)}

    without = form.submit("Propose it", values)
    silent = without.submit("Propose it", {**values, "force": "yes"})
    done = silent.submit("Propose it", {**values, "force": "yes", "barred_why": "They want to pay."})

    assert [page.status for page in (without, silent)] == [422, 422]
    assert "This debt cannot be handed over now. Nothing of it can be enforced any more" in without.words
    assert "Say why it goes although it can no longer be enforced." in silent.words
    assert "They want to pay." in client.follow(done).words
    with office.db.reading() as session:
        assert session.scalars(select(Placement.barred_why)).all() == ["They want to pay."]
