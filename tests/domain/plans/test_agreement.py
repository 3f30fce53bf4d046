"""What the agreement of a plan says: parties, invoices, every part, what follows, and how it is signed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from sqlalchemy.orm import Session

from domain.plans.agreed import as_agreed
from domain.plans.agreement import agreement_data
from domain.plans.model import PaymentPlan
from domain.policies.sections import PlanInterest, Plans
from domain.shared.db.session import Database
from tests.support.builders import money
from tests.support.planning import PLANS, an_asked_plan


def said(
    session: Session, plan: PaymentPlan, *, interest: str = "0", language: str = "en", by_hand: bool = False
) -> dict[str, Any]:
    """What its paper says."""
    agreed = as_agreed(session, plan, interest=money(interest))
    return dict(agreement_data(session, plan, agreed, language=language, by_hand=by_hand))


def text_of(data: dict[str, Any]) -> str:
    """All its sentences, one after another, with plain spaces."""
    told: Sequence[str] = [
        *data["parties"],
        *data["interest"],
        *(sentence for section in data["sections"] for sentence in section["sentences"]),
        *data["signing"],
    ]
    return " ".join(told).replace("\N{NO-BREAK SPACE}", " ")


def plain(value: object) -> str:
    """A value as text with plain spaces."""
    return str(value).replace("\N{NO-BREAK SPACE}", " ")


def test_the_agreement_names_its_parties_its_invoices_and_every_part(db: Database) -> None:
    with db.transaction() as session:
        account, _, invoices, plan = an_asked_plan(session, "100", "200", count=2, down_minor=60_00)

        data = said(session, plan)

    assert f"{account.name}, account {account.number} (“you”)" in text_of(data)
    assert [row["number"] for row in data["invoices"]["rows"]] == [invoice.number for invoice in invoices]
    assert [row["open"] for row in data["invoices"]["rows"]] == ["£100.00", "£200.00"]
    parts = [(row["name"], plain(row["day"]), row["amount"]) for row in data["parts"]["rows"]]
    assert parts == [
        ("Down payment", "16 Mar 2026", "£60.00"),
        ("Instalment 1", "15 Apr 2026", "£120.00"),
        ("Instalment 2", "15 May 2026", "£120.00"),
    ]
    assert (data["total"], plain(data["span"])) == ("£300.00", "in 3 parts, the last one by 15 May 2026")


@pytest.mark.parametrize(
    ("interest", "bears", "expected"),
    [
        (PlanInterest.STOPPED, "0", "these invoices bear no interest and no late fees"),
        (PlanInterest.CONTINUED, "0", "No interest is added."),
        (PlanInterest.CONTINUED, "9.99", "Interest of £9.99 is part of this plan."),
        (PlanInterest.CAPPED, "9.99", "It is at most £20.00, as long as the plan is kept."),
    ],
)
def test_the_agreement_says_what_becomes_of_interest(
    db: Database, interest: PlanInterest, bears: str, expected: str
) -> None:
    plans = msgspec.structs.replace(PLANS, interest=interest, interest_cap_minor=20_00)
    with db.transaction() as session:
        _, _, _, plan = an_asked_plan(session, "300", plans=plans)

        data = said(session, plan, interest=bears)

    assert expected in text_of(data)
    assert data["parts"]["interest"] == (None if bears == "0" else "£9.99")


def test_the_agreement_says_what_its_rules_are_when_a_part_is_missed_or_money_goes_back(db: Database) -> None:
    plans = msgspec.structs.replace(PLANS, missed_days=4, grace_days=9, reopened_days=12)
    with db.transaction() as session:
        _, _, _, plan = an_asked_plan(session, "300", plans=plans)

        text = text_of(said(session, plan))

    assert "still open 4 days after its day, we write to you once and give you 9 more days" in text
    assert "You have 12 days for it." in text
    assert "all that is left is due at once" in text
    assert "do not ask you for the full sum" in text
    assert "at any time and at no cost" in text
    assert "ask for a change on the page of the plan, or write to accounts@example.com" in text


@pytest.mark.parametrize(
    ("needs_method", "down", "starts"),
    [
        (False, 0, "when you have signed it."),
        (True, 0, "when you have signed it and saved the card or bank account"),
        (False, 60_00, "when you have signed it and the down payment has arrived."),
        (True, 60_00, "saved the card or bank account that it is paid from, and the down payment has arrived."),
    ],
)
def test_the_agreement_says_when_the_plan_starts_and_how_it_is_paid(
    db: Database, needs_method: bool, down: int, starts: str
) -> None:
    plans: Plans = msgspec.structs.replace(PLANS, needs_method=needs_method)
    with db.transaction() as session:
        account, _, _, plan = an_asked_plan(session, "300", plans=plans, down_minor=down)

        text = text_of(said(session, plan))

    assert starts in text
    assert ("We take each part on its day" in text) is needs_method
    assert (f"by bank transfer with your account number {account.number}" in text) is not needs_method


def test_a_paper_to_be_signed_by_hand_has_room_for_it(db: Database) -> None:
    with db.transaction() as session:
        plans = msgspec.structs.replace(PLANS, needs_method=True)
        _, _, _, plan = an_asked_plan(session, "300", plans=plans)

        online, on_paper = said(session, plan), said(session, plan, by_hand=True)

    assert "You sign on our website" in text_of(online)
    assert "Signed for" in text_of(on_paper)
    assert "You can sign it until 30 Mar 2026." in text_of(on_paper)
    assert "saved the card or bank account" in text_of(online)
    assert "saved the card or bank account" not in text_of(on_paper)
    assert on_paper["fingerprint"] == online["fingerprint"]


def test_an_agreement_that_replaces_a_plan_says_so(db: Database) -> None:
    with db.transaction() as session:
        _, _, _, before = an_asked_plan(session, "300")
        _, _, _, plan = an_asked_plan(session, "300")
        plan.supersedes_id = before.id

        text = text_of(said(session, plan))

    assert f"It takes the place of payment plan {before.id} as soon as it starts." in text


def test_the_agreement_speaks_the_language_of_its_reader(db: Database) -> None:
    with db.transaction() as session:
        _, _, _, plan = an_asked_plan(session, "300")

        data = {language: said(session, plan, language=language) for language in ("es", "fr", "de-AT")}

    titles = {language: each["title"] for language, each in data.items()}
    assert titles == {
        "es": f"Plan de pagos {plan.id}",
        "fr": f"Plan de paiement {plan.id}",
        "de-AT": f"Zahlungsplan {plan.id}",
    }
    assert plain(data["de-AT"]["total"]) == "300,00 £"
