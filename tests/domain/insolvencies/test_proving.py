"""Claims: what can be claimed is checked beside its field, versions take each other's place, decisions are kept."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.audit.model import AUDIT_ENTRIES
from domain.documents.model import DOCUMENTS, ForStaff
from domain.documents.storage import Store
from domain.insolvencies import details, dividends, proving, queries
from domain.insolvencies.details import Details
from domain.insolvencies.dividends import Declared
from domain.insolvencies.model import Insolvency, ProceedingKind
from domain.insolvencies.queries import View
from domain.outbox.model import OUTBOX
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid, NotFound
from domain.tasks import queries as tasks
from domain.tasks.model import TaskKind
from tests.support.builders import an_account, an_invoice, money
from tests.support.insolvency import admitted, an_insolvent_debtor, claimed, declared, dismissed


def a_proceeding(session: Session, *amounts: str) -> Insolvency:
    """A debtor who owed these amounts when the proceeding began ten days ago."""
    account = an_account(session)
    for amount in amounts:
        day = today(session) - timedelta(days=60)
        an_invoice(session, account, amount, issued_on=day, due_on=day + timedelta(days=30))
    return an_insolvent_debtor(session, account, proof_due_on=today(session) + timedelta(days=20))


def asked_for(session: Session, found: Insolvency) -> list[object]:
    """The last days in the open tasks that ask for a claim."""
    waiting = tasks.tasks_of(session, found.account_id)
    return [task.detail.get("due_on") for task in waiting if task.kind is TaskKind.PROOF_DUE]


def test_a_claim_is_asked_for_and_filed_for_staff_and_a_corrected_one_takes_its_place(
    db: Database, store: Store
) -> None:
    with db.transaction() as session:
        found = a_proceeding(session, "100", "50")
        before = asked_for(session, found)
        first = claimed(session, store, found)
        second = claimed(session, store, found, principal=money("120"), reason="Of one we have no proof of delivery")

        assert before == [(today(session) + timedelta(days=20)).isoformat()]
        assert asked_for(session, found) == []
        assert (first.number, first.total, first.reason) == (1, money("150"), None)
        assert (second.number, second.total, second.computed_minor) == (2, money("120"), 150_00)
        assert queries.latest_proof(session, found.id) is second
        lines = queries.proved_invoices(session, second.id)
        assert [row.principal_minor for row in lines] == [100_00, 50_00]
        papers = session.execute(
            select(DOCUMENTS.c.filename, ForStaff.document_id)
            .outerjoin(ForStaff, ForStaff.document_id == DOCUMENTS.c.id)
            .where(DOCUMENTS.c.subject_kind == "insolvency", DOCUMENTS.c.subject_id == found.id)
            .order_by(DOCUMENTS.c.id)
        ).all()
        assert [row.filename for row in papers] == [f"claim-{found.id}-1.pdf", f"claim-{found.id}-2.pdf"]
        assert all(row.document_id for row in papers)


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"principal": money("99")}, "reason"),
        ({"principal": money("99"), "reason": "x" * 1_001}, "reason"),
        ({"principal": money("0")}, "principal"),
        ({"interest": money("-1"), "reason": "x"}, "interest"),
    ],
)
def test_what_cannot_be_claimed_is_told_beside_its_field(
    db: Database, store: Store, other: dict[str, object], field: str
) -> None:
    with db.transaction() as session:
        found = a_proceeding(session, "100")

        with pytest.raises(Invalid) as refused:
            claimed(session, store, found, **other)

        assert refused.value.field == field


def test_a_claim_is_filed_between_the_first_day_and_today_while_the_proceeding_is_open(
    db: Database, store: Store
) -> None:
    with db.transaction() as session:
        found = a_proceeding(session, "100")
        for day in (found.started_on - timedelta(days=1), today(session) + timedelta(days=1)):
            with pytest.raises(Invalid):
                claimed(session, store, found, filed_on=day)
        dismissed(session, found)

        with pytest.raises(Conflict):
            claimed(session, store, found)


def test_a_claim_is_mailed_only_once_it_was_filed_and_to_an_address(db: Database, store: Store) -> None:
    with db.transaction() as session:
        found = a_proceeding(session, "100")
        with pytest.raises(Conflict):
            proving.send_proof(session, found.account_id, found.id, "claims@mair.example")
        proof = claimed(session, store, found)
        with pytest.raises(Invalid):
            proving.send_proof(session, found.account_id, found.id, "mair")
        proving.send_proof(session, found.account_id, found.id, " claims@mair.example ")

        [message] = session.execute(select(OUTBOX.c.payload).where(OUTBOX.c.kind == "send_proof")).scalars()
        assert message == {"proof_id": proof.id, "to": "claims@mair.example"}


def test_what_was_admitted_is_kept_with_why_the_rest_was_not(db: Database, store: Store) -> None:
    with db.transaction() as session:
        found = a_proceeding(session, "100")
        with pytest.raises(Conflict):
            admitted(session, found, "100")
        claimed(session, store, found)
        for amount, note in (("101", "x"), ("-1", "x"), ("90", " ")):
            with pytest.raises(Invalid):
                admitted(session, found, amount, note)
        admitted(session, found, "90", "No proof of delivery")
        admitted(session, found, "100", "")

        assert queries.admitted(session, found.id) == money("100")
        assert [row.note for row in queries.decisions(session, found.id)] == [None, "No proof of delivery"]


def test_a_dividend_agrees_with_its_rate_and_all_of_them_stay_within_what_was_admitted(
    db: Database, store: Store
) -> None:
    with db.transaction() as session:
        found = a_proceeding(session, "1000")
        day, actor = today(session), OPERATOR

        def declare(rate: str | None, amount: str | None) -> int:
            wish = Declared(day, Decimal(rate) if rate else None, money(amount) if amount else None)
            return dividends.declare(session, found.account_id, found.id, wish, actor=actor).amount_minor

        with pytest.raises(Conflict):
            declare("10", None)
        claimed(session, store, found)
        admitted(session, found, "900")

        assert declare("12.5", None) == 112_50
        assert declare("10", "90.01") == 90_01
        for rate, amount, field in [
            ("10", "80", "amount"),
            (None, None, "rate"),
            ("101", None, "rate"),
            ("0.00001", None, "rate"),
            (None, "0", "amount"),
            (None, "700", "amount"),
        ]:
            with pytest.raises(Invalid) as refused:
                declare(rate, amount)
            assert refused.value.field == field
        with pytest.raises(Invalid):
            admitted(session, found, "200")


def test_a_dividend_that_was_a_mistake_is_taken_back_once(db: Database, store: Store) -> None:
    with db.transaction() as session:
        found = a_proceeding(session, "1000")
        claimed(session, store, found)
        admitted(session, found, "1000", "")
        made = declared(session, found, "1000")
        dividends.withdraw(session, found.account_id, found.id, made.id, actor=OPERATOR)

        with pytest.raises(Conflict):
            dividends.withdraw(session, found.account_id, found.id, made.id, actor=OPERATOR)
        assert declared(session, found, "1000").amount == money("1000")


def test_the_details_can_be_put_right_and_the_account_is_held_from_the_right_day(db: Database) -> None:
    with db.transaction() as session:
        found = a_proceeding(session, "100")
        earlier = found.started_on - timedelta(days=5)
        known = Details(ProceedingKind.BANKRUPTCY, earlier, None, practitioner="The Official Receiver")
        details.amend(session, found.account_id, found.id, known, actor=OPERATOR)

        assert details.details_of(found) == known
        assert asked_for(session, found) == [None]
        acts = session.scalars(select(AUDIT_ENTRIES.c.act).where(AUDIT_ENTRIES.c.subject_kind == "insolvency")).all()
        assert acts == ["insolvency.opened", "insolvency.amended"]
        for wrong in (
            Details(ProceedingKind.OTHER, today(session) + timedelta(days=1)),
            Details(ProceedingKind.OTHER, earlier, earlier - timedelta(days=1)),
            Details(ProceedingKind.OTHER, earlier, court="x" * 201),
        ):
            with pytest.raises(Invalid):
                details.amend(session, found.account_id, found.id, wrong, actor=OPERATOR)
        dismissed(session, found)
        with pytest.raises(Conflict):
            details.amend(session, found.account_id, found.id, known, actor=OPERATOR)


def test_the_desk_shows_first_what_is_to_be_claimed_soonest(db: Database, store: Store) -> None:
    with db.transaction() as session:
        day = today(session)
        no_day, late, soon, filed, over = (a_proceeding(session, "10") for _ in range(5))
        for found, due_on in ((no_day, None), (late, day + timedelta(days=9)), (soon, day + timedelta(days=1))):
            found.proof_due_on = due_on
        claimed(session, store, filed)
        dismissed(session, over)

        opened = [row.id for row in queries.proceedings(session, View.OPEN, limit=9)]
        assert opened == [soon.id, late.id, no_day.id, filed.id]
        assert [row.id for row in queries.proceedings(session, View.ENDED, limit=9)] == [over.id]
        assert queries.counts(session) == {View.OPEN: 4, View.ENDED: 1}
        assert queries.proceeding(session, filed.id).claimed_minor == 10_00
        with pytest.raises(NotFound):
            queries.entity(session, over.account_id, soon.id)
