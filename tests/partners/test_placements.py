"""What a partner sees of its debts, and how it answers, gives back and closes."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from sqlalchemy import select

from domain.accounts.queries import lock
from domain.disputes.raising import Complaint, raise_dispute
from domain.disputes.reasons import Reason
from domain.placements import ending, queries
from domain.placements.files.checking import check
from domain.placements.following import follow_account
from domain.placements.model import Closing, PlacementInvoice, PlacementStatus
from domain.shared.actor import OPERATOR
from tests.partners.conftest import Partners
from tests.support.audited import acts
from tests.support.builders import money
from tests.support.client import Client
from tests.support.credit import a_cheque


def status(site: Partners, placement_id: int) -> PlacementStatus:
    with site.db.reading() as session:
        found: PlacementStatus = queries.placement(session, placement_id).status
    return found


def invoice_of(site: Partners, placement_id: int) -> int:
    with site.db.reading() as session:
        statement = select(PlacementInvoice.invoice_id).where(PlacementInvoice.placement_id == placement_id)
        return session.scalars(statement).one()


def test_new_debts_come_first_and_say_what_is_agreed(site: Partners, gus: Client) -> None:
    _, placement_id = site.sent()

    page = gus.get("/").follow("Harbour Café")

    assert page.path == f"/placements/{placement_id}"
    assert "£1,200.00 of" in page.words
    assert "Your commission is 35%" in page.words
    assert "Do you take it on?" in page.words


def test_it_is_taken_on_once(site: Partners, gus: Client) -> None:
    _, placement_id = site.sent()
    page = gus.get(f"/placements/{placement_id}")

    first, second = page.submit("Take it on"), page.submit("Take it on")

    assert (first.status, second.status) == (303, 303)
    assert status(site, placement_id) is PlacementStatus.ACTIVE
    with site.db.reading() as session:
        assert acts(session).count("placement.active") == 1
        assert queries.changes(session, placement_id)[-1].actor_kind == "partner"


def test_it_is_refused_with_a_reason_and_its_people_are_shown_no_more(site: Partners, gus: Client) -> None:
    _, placement_id = site.sent()
    form = gus.get(f"/placements/{placement_id}").follow("Refuse it")

    without = form.submit("Refuse it")
    done = form.submit("Refuse it", why="They are a client of ours.")

    assert without.status == 422
    assert without.all("p", id="why-error")
    assert status(site, placement_id) is PlacementStatus.REFUSED
    page = gus.follow(done)
    assert "They are a client of ours." in page.words
    assert "ap@harbour.example" not in page.words
    assert gus.get(f"/placements/{placement_id}/file/json").status == 404


def test_who_owes_it_what_and_what_is_open_is_shown_while_it_is_there(site: Partners, gus: Client) -> None:
    account_id, placement_id = site.sent(taken=True)
    with site.db.transaction() as session:
        a_cheque(session, lock(session, account_id), "200", wanted={invoice_of(site, placement_id): money("200")})

    words = gus.get(f"/placements/{placement_id}").words

    assert "ap@harbour.example" in words
    assert "£1,000.00" in words
    assert "If all that is open is collected: £350.00 and £70.00 tax." in words
    assert "Nothing comes." not in words  # our reason for handing it over


def test_its_file_comes_in_both_forms_and_is_valid(site: Partners, gus: Client) -> None:
    _, placement_id = site.sent()

    made = {kind: gus.get(f"/placements/{placement_id}/file/{kind}") for kind in ("json", "csv")}

    assert json.loads(made["json"].response.content)["placements"][0]["reference"] == f"HO-{placement_id:06}"
    assert all(not check(BytesIO(page.response.content)).flaws for page in made.values())
    assert gus.get(f"/placements/{placement_id}/file/xml").status == 404
    with site.db.reading() as session:
        assert acts(session).count("placement.fetched") == 2


def test_it_is_given_back_with_a_reason(site: Partners, gus: Client) -> None:
    _, placement_id = site.sent(taken=True)

    form = gus.get(f"/placements/{placement_id}").follow("give it back")
    assert form.submit("Give it back").status == 422
    page = gus.follow(form.submit("Give it back", why="They moved abroad."))

    assert status(site, placement_id) is PlacementStatus.RETURNED
    assert "They moved abroad." in page.words


def test_it_cannot_be_closed_as_paid_while_our_books_say_otherwise(site: Partners, gus: Client) -> None:
    _, placement_id = site.sent(taken=True)
    form = gus.get(f"/placements/{placement_id}").follow("The work has ended")

    for code in ("paid", "settled", "withdrawn"):
        refused = form.submit("Close it", code=code, why="x")
        assert refused.status == 422
        assert "£1,200.00 is still open" in refused.words
        assert "x" in str(refused.all("textarea", name="why")[0].text)
    assert form.submit("Close it").status == 422
    assert status(site, placement_id) is PlacementStatus.ACTIVE


def test_what_cannot_be_collected_is_closed_with_what_was_found_out(site: Partners, gus: Client) -> None:
    _, placement_id = site.sent(taken=True)
    form = gus.get(f"/placements/{placement_id}").follow("The work has ended")

    without = form.submit("Close it", code="uncollectable")
    form.submit("Close it", code="uncollectable", why="No assets.")

    assert without.all("p", id="why-error")
    with site.db.reading() as session:
        row = queries.placement(session, placement_id)
        assert (row.status, row.closing) == (PlacementStatus.CLOSED, Closing.UNCOLLECTABLE)


def test_what_closed_by_itself_may_be_closed_as_paid_again(site: Partners, gus: Client) -> None:
    account_id, placement_id = site.sent(taken=True)
    form = gus.get(f"/placements/{placement_id}/close")
    with site.db.transaction() as session:
        a_cheque(session, lock(session, account_id), "1200", wanted={invoice_of(site, placement_id): money("1200")})

    assert form.submit("Close it", code="paid").status == 303
    assert status(site, placement_id) is PlacementStatus.CLOSED


def test_while_it_is_contested_the_partner_is_told_to_wait(site: Partners, gus: Client) -> None:
    account_id, placement_id = site.sent(taken=True)
    with site.db.transaction() as session:
        complaint = Complaint(Reason.OTHER, "Broken.", money("1200"))
        raise_dispute(session, account_id, invoice_of(site, placement_id), complaint, login_id=None, actor=OPERATOR)
        follow_account(session, account_id, None, actor=OPERATOR)

    assert "Please wait" in gus.get(f"/placements/{placement_id}").words
    assert "On hold" in gus.get("/?show=held").words


def test_why_we_took_it_back_stays_with_us(site: Partners, gus: Client) -> None:
    account_id, placement_id = site.sent(taken=True)
    with site.db.transaction() as session:
        ending.recall(session, account_id, placement_id, why="They are slow.", actor=OPERATOR)

    words = gus.get(f"/placements/{placement_id}").words

    assert "Taken back by us" in words
    assert "They are slow." not in words


def test_a_long_list_goes_on_by_key(site: Partners, gus: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("partners.placements.PAGE", 2)
    made = [site.sent()[1] for _ in range(3)]

    first = gus.get("/?show=new")
    second = first.follow("Older")

    assert [f"HO-{one:06}" in first.words for one in made] == [False, True, True]
    assert [f"HO-{one:06}" in second.words for one in made] == [True, False, False]
