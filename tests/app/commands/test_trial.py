"""A trial from the terminal: of a draft, on whom it is asked for, as JSON and in words."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from app.commands.common import books
from domain.accounts.model import LegalForm
from domain.policies import drafting
from domain.policies.model import CreditPolicy, PolicyDraft
from domain.policies.sections import LateInterest, RecoveryCost, Reference, Sections
from domain.shared.actor import OPERATOR
from tests.app.commands.test_import_ import printed, quittance
from tests.app.commands.test_late_charges import Command, overdue
from tests.support.lateness import FORTY

__all__ = ["quittance"]


def the_draft(**sections: LateInterest | RecoveryCost) -> str:
    """The name of the policy, of which nothing is in force, with the next version being written."""
    overdue(Sections(), legal_form=LegalForm.COMPANY)
    with books() as database, database.transaction() as session:
        policy = session.scalars(select(CreditPolicy)).one()
        drafting.begin(session, policy.id, actor=OPERATOR)
        session.get_one(PolicyDraft, policy.id).sections = Sections(**sections)  # type: ignore[arg-type]
        return policy.name


def test_the_draft_is_tried_on_whom_the_policy_rules(quittance: Command) -> None:
    name = the_draft(recovery_cost=FORTY)

    found = printed(quittance("trial", name, "--json"))

    assert found["accounts"] == 1
    totals = found["currencies"]["GBP"]["totals"]["recovery_cost"]
    assert totals == {
        "tried": "40.00",
        "in_force": "0.00",
        "happened": "0.00",
        "accounts_tried": 1,
        "accounts_in_force": 0,
        "accounts_happened": 0,
    }
    (account,) = found["currencies"]["GBP"]["accounts"]
    assert [(entry["invoice"], entry["tried"]) for entry in account["recovery_cost"]["entries"]] == [("F-1", "40.00")]


def test_in_words_it_names_what_was_tried_and_the_rates_that_are_missing(quittance: Command) -> None:
    name = the_draft(recovery_cost=FORTY, late_interest=LateInterest(margin=Decimal(8), reference=Reference.BOE))

    result = quittance("trial", name, "--all")

    assert result.exit_code == 0
    assert "Recovery costs" in result.stdout
    assert "40.00 GBP" in result.stdout
    assert "the interest of 1 invoices is left out" in result.stderr


def test_days_to_come_an_unknown_policy_and_two_choices_of_whom_are_refused(quittance: Command) -> None:
    name = the_draft(recovery_cost=FORTY)
    with books() as database:
        tomorrow = database.clock.now().date() + timedelta(days=2)

    asked = [
        quittance("trial", name, "--to", tomorrow),
        quittance("trial", "No such policy"),
        quittance("trial", name, "--group", "No such group"),
        quittance("trial", name, "--all", "--group", "Both"),
    ]

    assert [each.exit_code for each in asked] == [1, 1, 1, 2]
    assert "Choose days that are past." in asked[0].output
