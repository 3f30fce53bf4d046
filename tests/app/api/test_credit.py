"""The questions that other systems ask: how much credit is left, and what is ordered and not yet billed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.api import keys
from app.api.problems import MEDIA_TYPE
from domain.accounts.queries import lock
from domain.api_keys.making import revoke
from domain.api_keys.model import KEYS, Scope
from domain.credit.holding import review
from domain.credit.limits import set_limit
from domain.credit.model import UNBILLED
from domain.policies.sections import Limits
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.staff.model import Role
from tests.app.api.conftest import OURS, Caller, KeyMaker
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.counting import counted
from tests.support.crediting import ruled
from tests.support.insolvency import dismissed, insolvent
from web.rate_limits import Rate

PATH = "/api/v1/accounts/C-7/credit"
ORDER = "/api/v1/accounts/C-7/unbilled/SO-1"


@pytest.fixture(autouse=True)
def account(committed_db: Database) -> int:
    """C-7 owes 80, has 5 of credit and may have 100."""
    ruled(committed_db, Limits(hold_overdue_days=30))
    with committed_db.transaction() as session:
        account = an_account(session, number="C-7")
        an_invoice(session, account, "80")
        a_receipt(session, account, "5", date(2026, 3, 16))
        set_limit(session, account.id, money("100"), why="New", role=Role.MANAGER, actor=OPERATOR)
        return account.id


def refused(answer: Any, status: int) -> dict[str, Any]:
    """What a refusal says, which is always a problem of the one kind."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE)
    said: dict[str, Any] = answer.json()
    assert said["status"] == status
    assert said["request_id"]
    return said


def test_the_answer_names_limit_exposure_and_its_parts(shop: Caller) -> None:
    answer = shop.get(PATH)

    assert answer.status_code == 200
    assert answer.json() == {
        "account": "C-7",
        "currency": "GBP",
        "limit": "100.00",
        "exposure": {"total": "75.00", "open": "80.00", "unbilled": "0.00", "unapplied_credit": "5.00"},
        "available": "25.00",
        "on_hold": False,
        "holds": [],
        "as_of": "2026-03-16T12:00:00Z",
    }


def test_an_order_counts_is_replaced_holds_and_is_taken_back(shop: Caller) -> None:
    first = shop.put(ORDER, json={"amount": "20", "currency": "GBP"}).json()
    second = shop.put(ORDER, json={"amount": "30.50", "currency": "GBP"}).json()
    gone = shop.delete(ORDER).json()

    assert (first["available"], first["on_hold"]) == ("5.00", False)
    assert (second["available"], second["on_hold"]) == ("0.00", True)
    assert second["holds"] == [{"reason": "above_limit", "since": "2026-03-16", "amount": "5.50", "lifted_until": None}]
    assert (gone["available"], gone["on_hold"]) == ("25.00", False)
    assert refused(shop.delete(ORDER), 404)["detail"] == "Nothing unbilled is known under this reference."


def test_insolvency_holds_new_credit_until_somebody_lets_go_of_it(
    shop: Caller, committed_db: Database, account: int
) -> None:
    with committed_db.transaction() as session:
        found = insolvent(session, account)
    held = shop.get(PATH).json()
    with committed_db.transaction() as session:
        dismissed(session, found)
    free = shop.get(PATH).json()

    assert held["on_hold"]
    assert held["holds"] == [{"reason": "stopped", "since": "2026-03-16", "amount": None, "lifted_until": None}]
    assert (free["on_hold"], free["holds"]) == (False, [])


@pytest.mark.parametrize(
    ("order", "status", "field"),
    [
        ({"amount": "0", "currency": "GBP"}, 422, "amount"),
        ({"amount": "1.234", "currency": "GBP"}, 422, "amount"),
        ({"amount": "1", "currency": "EUR"}, 422, "currency"),
        ({"amount": 1, "currency": "GBP"}, 400, "amount"),
        ({"amount": "-1", "currency": "GBP"}, 400, "amount"),
        ({"amount": "1"}, 400, None),
    ],
)
def test_an_order_that_cannot_be_is_refused_with_its_field(
    shop: Caller, committed_db: Database, order: dict[str, Any], status: int, field: str | None
) -> None:
    assert refused(shop.put(ORDER, json=order), status).get("field") == field
    with committed_db.reading() as session:
        assert session.execute(select(UNBILLED)).all() == []


def test_an_unreadable_order_is_refused(shop: Caller) -> None:
    refused(shop.put(ORDER, content=b"{", headers={"content-type": "application/json"}), 400)


def test_a_reference_is_short_and_printable(shop: Caller) -> None:
    long = f"/api/v1/accounts/C-7/unbilled/{'x' * 81}"

    assert refused(shop.put(long, json={"amount": "1", "currency": "GBP"}), 422)["field"] == "reference"


def test_an_account_that_is_not_there_is_not_found(shop: Caller) -> None:
    refused(shop.get("/api/v1/accounts/C-8/credit"), 404)
    refused(shop.put("/api/v1/accounts/C-8/unbilled/1", json={"amount": "1", "currency": "GBP"}), 404)
    refused(shop.get("/api/v1/nothing/here"), 404)


@pytest.mark.parametrize("number", ["%00", "C-7%00", "%0a", "%ff", "C-7%20"])
def test_what_no_number_looks_like_is_not_found_either(shop: Caller, number: str) -> None:
    refused(shop.get(f"/api/v1/accounts/{number}/credit"), 404)
    refused(shop.delete(f"/api/v1/accounts/{number}/unbilled/1"), 404)


@pytest.mark.parametrize("reference", ["%00", "%0a", "%20"])
def test_what_no_reference_looks_like_is_refused(shop: Caller, reference: str) -> None:
    refused(shop.delete(f"/api/v1/accounts/C-7/unbilled/{reference}"), 422)


def test_without_a_key_that_is_in_use_nothing_is_said(
    stranger: Caller, new_key: KeyMaker, committed_db: Database
) -> None:
    token = new_key(OURS)
    with committed_db.transaction() as session:
        revoke(session, session.scalars(select(KEYS.c.id)).one(), actor=OPERATOR)

    for said in (
        {},
        {"authorization": "Bearer qk_wrong"},
        {"authorization": token},
        {"authorization": f"Bearer {token}"},
    ):
        answer = stranger.get(PATH, headers=said)
        refused(answer, 401)
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_key_does_what_its_scopes_say_and_no_more(stranger: Caller, new_key: KeyMaker) -> None:
    reads = {"authorization": f"Bearer {new_key([Scope.READ_CREDIT])}"}
    writes = {"authorization": f"Bearer {new_key([Scope.WRITE_UNBILLED])}"}
    order = {"amount": "1", "currency": "GBP"}

    assert stranger.get(PATH, headers=reads).status_code == 200
    assert stranger.put(ORDER, headers=writes, json=order).status_code == 200
    refused(stranger.put(ORDER, headers=reads, json=order), 403)
    refused(stranger.delete(ORDER, headers=reads), 403)
    refused(stranger.get(PATH, headers=writes), 403)


def test_who_asks_too_often_is_told_when_to_come_back(shop: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "ASKING", Rate(3, 3600))

    answers = [shop.get(PATH) for _ in range(4)]

    assert [answer.status_code for answer in answers[:3]] == [200] * 3
    refused(answers[3], 429)
    assert int(answers[3].headers["retry-after"]) > 1000


def test_who_guesses_keys_is_slowed_down(stranger: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "GUESSING", Rate(3, 3600))

    assert [stranger.get(PATH).status_code for _ in range(4)] == [401, 401, 401, 429]


def test_the_use_of_a_key_is_written_down_at_most_once_a_minute(
    shop: Caller, committed_db: Database, clock: MovableClock
) -> None:
    def used() -> Any:
        with committed_db.reading() as session:
            return session.scalars(select(KEYS.c.last_used_at)).one()

    shop.get(PATH)
    first = used()
    clock.advance(seconds=30)
    shop.get(PATH)
    same = used()
    clock.advance(seconds=40)
    shop.get(PATH)

    assert first == same < used()


def test_the_question_costs_five_queries_at_most_however_much_is_open_and_held(
    shop: Caller, committed_db: Database, account: int
) -> None:
    shop.get(PATH)
    with counted(committed_db.bind) as calm:
        shop.get(PATH)
    with committed_db.transaction() as session:
        for _ in range(10):
            an_invoice(session, lock(session, account), "10", issued_on=date(2026, 1, 1), due_on=date(2026, 1, 31))
        review(session, account)
    with counted(committed_db.bind) as held:
        answer = shop.get(PATH).json()

    assert [hold["reason"] for hold in answer["holds"]] == ["above_limit", "overdue"]
    assert [sum(statement.startswith("SELECT") for statement in sent) for sent in (calm, held)] == [4, 5]
