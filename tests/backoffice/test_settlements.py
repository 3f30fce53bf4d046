"""Settlements in the back office: offered to one account or a segment, approved by whoever may, taken back, listed."""

from __future__ import annotations

from sqlalchemy import select

from domain.settlements import queries
from domain.settlements.model import OfferStatus, SettlementOffer
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import money
from tests.support.credit import a_cheque
from tests.support.settling import a_late_debtor, an_accepted_offer, an_offer


def offers(office: Office) -> list[tuple[OfferStatus, int, int]]:
    """Every offer: its state, what is to be paid, in how many parts."""
    with office.db.reading() as session:
        found = session.scalars(select(SettlementOffer).order_by(SettlementOffer.id))
        return [(one.status, one.amount_minor, one.most_parts) for one in found]


def a_debtor(office: Office, *amounts: str) -> int:
    """The id of an account with these invoices, 90 days late."""
    with office.db.transaction() as session:
        return a_late_debtor(session, *amounts)[0].id


def test_the_form_begins_with_what_the_terms_allow_and_offers_it_at_once(office: Office) -> None:
    account_id = a_debtor(office, "100")
    form = office.browser(Role.COLLECTOR).get(f"/accounts/{account_id}/settlements").follow("Offer to settle")

    looked = form.submit("See what it gives up", reason="They asked")
    page = looked.submit("Offer it")
    shown = office.browser(Role.COLLECTOR).get(page.location)

    assert "at least £70.00 of £100.00" in form.words
    assert "£30.00 is given up: 30 per cent" in looked.words
    assert "You can offer this by yourself." in looked.words
    assert offers(office) == [(OfferStatus.OFFERED, 70_00, 3)]
    assert "£70.00 instead of £100.00" in shown.words


def test_beyond_the_terms_a_collector_asks_and_a_manager_approves(office: Office) -> None:
    account_id = a_debtor(office, "100")
    collector = office.browser(Role.COLLECTOR)
    form = collector.get(f"/accounts/{account_id}/settlements/new")

    looked = form.submit("See what it gives up", amount="60", reason="They asked")
    made = looked.submit("Ask for approval").location
    refused = collector.get(made).submit("Approve it")
    before = offers(office)
    office.browser(Role.MANAGER).get(made).submit("Approve it")

    assert "Somebody with the authority has to approve it" in looked.words
    assert refused.status == 403
    assert "Manager" in refused.words
    assert before == [(OfferStatus.AWAITING_APPROVAL, 60_00, 3)]
    assert offers(office) == [(OfferStatus.OFFERED, 60_00, 3)]


def test_an_offer_is_taken_back_with_a_reason(office: Office) -> None:
    with office.db.transaction() as session:
        made = an_offer(session, "100", pays="70")[2].id
    collector = office.browser(Role.COLLECTOR)

    wrong = collector.get(f"/settlements/{made}").submit("Take it back", why="")
    collector.get(f"/settlements/{made}").submit("Take it back", why="A slip")

    assert wrong.status == 422
    assert offers(office)[0][0] is OfferStatus.WITHDRAWN
    assert "A slip" in collector.get(f"/settlements/{made}").words


def test_a_segment_is_shown_row_by_row_and_only_who_is_ticked_is_offered(office: Office) -> None:
    first, second = a_debtor(office, "100"), a_debtor(office, "500")
    a_debtor(office, "20")
    with office.db.transaction() as session:
        a_late_debtor(session, "300", settlements=None)
    manager = office.browser(Role.MANAGER)
    form = manager.get("/settlements/segment")

    preview = form.submit("See who it is", late_days="60", least="50", percent="20", parts="2", reason="Old debts")
    nothing_yet = offers(office)
    done = preview.submit("Offer it to those that are ticked", account=[str(first)])

    ticked = [box.get("value") for box in preview.all("input", name="account")]
    assert ticked == [str(second), str(first)]
    assert "the terms have no settlement for this debt" in preview.words
    assert nothing_yet == []
    assert offers(office) == [(OfferStatus.OFFERED, 80_00, 2)]
    assert "What became of each" in done.words
    assert "£80.00" in done.words


def test_a_day_that_no_offer_can_have_is_said_before_anybody_is_chosen_and_the_list_stays(office: Office) -> None:
    a_debtor(office, "100")
    form = office.browser(Role.MANAGER).get("/settlements/segment")
    said = {"late_days": "60", "percent": "20", "parts": "2", "reason": "Old debts"}

    wrong = form.submit("See who it is", said | {"expires_on": "2020-01-01"})
    preview = form.submit("See who it is", said)
    nobody = preview.submit("Offer it to those that are ticked", account=[])

    assert wrong.status == 422
    assert "Choose a last day within the next twelve months." in wrong.words
    assert nobody.status == 422
    assert "Tick at least one account." in nobody.words
    assert len(nobody.all("input", name="account")) == 1


def test_pressing_twice_offers_once(office: Office) -> None:
    a_debtor(office, "100")
    preview = office.browser(Role.MANAGER).get("/settlements/segment").submit("See who it is", reason="Old debts")

    preview.submit("Offer it to those that are ticked")
    again = preview.submit("Offer it to those that are ticked")

    assert len(offers(office)) == 1
    assert again.location.endswith("/settlements?show=offered")


def test_the_lists_show_how_each_stands(office: Office) -> None:
    with office.db.transaction() as session:
        an_offer(session, "100", pays="70")
        account, _, (invoice,), _ = an_accepted_offer(session, "200", pays="150", parts=2)
        a_cheque(session, account, "75", wanted={invoice.id: money("75")})
    auditor = office.browser(Role.AUDITOR)

    offered, paying = (auditor.get(f"/settlements?show={view}") for view in ("offered", "paying"))

    assert "£70.00" in offered.words
    assert "£200.00£150.00£75.00" in paying.words
    assert "Offer to a segment" not in paying.words
    with office.db.reading() as session:
        assert queries.counts(session)[queries.View.PAYING] == 1


def test_where_staff_look_at_the_debt_they_read_how_it_is_being_settled(office: Office) -> None:
    with office.db.transaction() as session:
        account, _, (invoice,), made = an_accepted_offer(session, "100", pays="70", parts=2)
        a_cheque(session, account, "35", wanted={invoice.id: money("35")})
    browser = office.browser(Role.COLLECTOR)

    opened = browser.get(f"/accounts/{account.id}")
    listed = browser.get(f"/accounts/{account.id}/invoices")
    shown = browser.get(f"/accounts/{account.id}/invoices/{invoice.id}")

    assert "£65.00 of it is being settled: £35.00 of £70.00 paid until 30 Apr 2026." in opened.words
    assert opened.link("See the settlement") == f"/settlements/{made.id}"
    assert "Being settled £35.00 of £70.00 until 30 Apr 2026" in listed.words
    assert "It is being settled: £35.00 of £70.00 until 30 Apr 2026" in shown.words
    assert "Next: £35.00 by 30 Apr 2026." in shown.words
