"""Groups: who moves between them leaves what governs older invoices where it is, and a trace of the move."""

from __future__ import annotations

from sqlalchemy import select

from domain.audit.model import AUDIT_ENTRIES
from domain.policies import groups
from domain.policies.sections import DueRule, Sections, Terms
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from tests.support.builders import an_account, an_invoice
from tests.support.policies import a_policy


def test_an_invoice_keeps_what_governed_it_when_its_account_changes_the_group(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        slow, fast = (groups.make(session, name, actor=OPERATOR) for name in ("Slow", "Fast"))
        governing = [
            a_policy(session, Sections(terms=Terms(rule=DueRule.NET, days=days)), group_id=group.id).id
            for days, group in ((60, slow), (7, fast))
        ]
        groups.put_in(session, slow.id, account.id, actor=OPERATOR)
        first = an_invoice(session, account, "100")
        groups.put_in(session, fast.id, account.id, actor=OPERATOR)
        second = an_invoice(session, account, "100")
        session.expire_all()

        assert [first.terms_version_id, second.terms_version_id] == governing
        moves = select(AUDIT_ENTRIES.c.act).where(
            AUDIT_ENTRIES.c.account_id == account.id, AUDIT_ENTRIES.c.act.startswith("group.")
        )
        assert session.scalars(moves.order_by(AUDIT_ENTRIES.c.id)).all() == [
            "group.joined",
            "group.left",
            "group.joined",
        ]
