"""Stops by staff: set on an account or an invoice, with a reason, let go of, and over."""

from __future__ import annotations

from domain.shared.db.rows import AnyRows
from domain.staff.model import Role
from domain.stops import queries
from tests.backoffice.conftest import Office
from tests.support.builders import an_account, an_invoice
from tests.support.client import Client, Page


def owed(office: Office) -> int:
    """An account that owes one invoice."""
    with office.db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "120", number="INV-7")
        return account.id


def live(office: Office, account_id: int) -> AnyRows:
    """What holds there now."""
    with office.db.reading() as session:
        return queries.live(session, account_id)


def held(client: Client, account_id: int, **values: str) -> Page:
    """The page after an attempt to hold the account."""
    form = client.get(f"/accounts/{account_id}/stops")
    wish = {"kind": "breathing_space", "why": "A letter of 3 March"}
    return form.submit("Hold it", {**wish, **values})


def test_the_whole_account_is_held_with_a_reason_and_a_last_day(office: Office) -> None:
    account_id = owed(office)
    client = office.browser(Role.COLLECTOR)

    client.follow(held(client, account_id, until_on="2030-01-31"))
    account = client.get(f"/accounts/{account_id}")

    [stop] = live(office, account_id)
    assert (stop.kind, stop.invoice_id, stop.until_on.isoformat()) == ("breathing_space", None, "2030-01-31")
    assert "A letter of 3 March" in account.words
    assert "Set by Collector Jones" in client.get(f"/accounts/{account_id}/stops").words
    assert "until 31 Jan 2030" in account.words
    assert "Breathing space: a moratorium for people in debt: A letter of 3 March" in account.words


def test_one_invoice_is_held_and_let_go_of(office: Office) -> None:
    account_id = owed(office)
    client = office.browser(Role.MANAGER)
    form = client.get(f"/accounts/{account_id}/stops")
    [option] = [one for one in form.all("option") if "INV-7" in "".join(one.itertext())]

    page = client.follow(held(client, account_id, kind="manual", invoice=str(option.get("value"))))
    silent = page.submit("Let go of it")
    [stop] = live(office, account_id)
    over = client.follow(page.submit("Let go of it", {f"lift-{stop.id}": "It is sorted out"}))

    assert "INV-7" in page.words
    assert silent.status == 422
    assert silent.link("Say why") == f"#lift-{stop.id}"
    assert live(office, account_id) == []
    assert "It is sorted out" in over.words


def test_nothing_is_held_twice_for_the_same_reason(office: Office) -> None:
    account_id = owed(office)
    client = office.browser(Role.MANAGER)
    held(client, account_id)

    again = held(client, account_id)

    assert again.status == 422
    assert "held already" in again.words


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(office: Office) -> None:
    account_id = owed(office)

    page = held(office.browser(Role.MANAGER), account_id, why="", until_on="2001-01-01")

    assert page.status == 422
    assert [field.get("value") for field in page.all("input", name="until_on")] == ["2001-01-01"]
    assert live(office, account_id) == []


def test_an_auditor_sees_stops_and_sets_none(office: Office) -> None:
    account_id = owed(office)
    held(office.browser(Role.MANAGER), account_id)

    page = office.browser(Role.AUDITOR).get(f"/accounts/{account_id}/stops")

    assert "A letter of 3 March" in page.words
    assert "Let go of it" not in page.words
