"""Legal cases in evidence packs: what was claimed and decided; steps, costs and what was never filed are for staff."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy.orm import Session

from domain.accounts.queries import account as the_account
from domain.evidence.model import Audience
from domain.evidence.sections import legal_cases
from domain.evidence.sources import Sources
from domain.legal_cases.model import StepKind
from domain.legal_cases.stepping import Step, pay_cost, plan_step
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from tests.support.builders import an_invoice, money
from tests.support.litigating import a_case, filed, judged
from tests.support.outside import MemoryStore, PlainRenderer


def told(session: Session, account_id: int, audience: Audience, only: int | None = None) -> Any:
    """What the JSON of the section says; None where there is none."""
    account, wanted = the_account(session, account_id), None if only is None else frozenset({only})
    made = legal_cases.section(Sources(session, MemoryStore(), PlainRenderer(), account, audience, "en", wanted))
    return json.loads(b"".join(made.files[0].pieces())) if made.files else None


def test_a_pack_has_what_was_decided_and_what_it_took_is_for_staff_alone(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, case = a_case(session)
        other = an_invoice(session, account, "5")
        prepared = (told(session, account.id, Audience.STAFF), told(session, account.id, Audience.CUSTOMER))
        judged(session, filed(session, case), costs="70")
        plan_step(session, account.id, case.id, Step(StepKind.BAILIFF, "Send the officer"), actor=OPERATOR)
        pay_cost(session, account.id, case.id, money("455"), today(session), what="Issue fee", actor=OPERATOR)

        [staff], [theirs] = (told(session, account.id, each) for each in (Audience.STAFF, Audience.CUSTOMER))

        assert ([one["status"] for one in prepared[0]], prepared[1]) == (["prepared"], None)
        assert (staff["court"], staff["number"], staff["judgment_minor"]) == ("County Court", "K00AB123", 1_000_00)
        assert [one["what"] for one in staff["steps"] + staff["costs"]] == ["Send the officer", "Issue fee"]
        assert (len(theirs["invoices"]), len(theirs["brought"])) == (1, 1)
        assert {"steps", "costs", "changes", "note"}.isdisjoint(theirs)
        assert told(session, account.id, Audience.STAFF, other.id) is None
        assert told(session, account.id, Audience.STAFF, invoice.id) is not None
