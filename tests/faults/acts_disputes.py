"""Acts about disputes that are there: two become one, a part becomes another, and one is looked at once more."""

from __future__ import annotations

from hypothesis.stateful import precondition, rule
from sqlalchemy import select

from domain.disputes.joining import merge, split
from domain.disputes.model import Dispute, DisputeHandling, DisputeStatus, Outcome
from domain.disputes.raising import Complaint
from domain.disputes.reasons import Reason
from domain.disputes.reopening import reopen
from domain.disputes.talking import ask, write_to_us
from tests.faults.acts_terms import Terms
from tests.faults.machine import AMOUNTS, PICKS, STAFF, pounds


class Disputing(Terms):
    """What becomes of disputes before they are decided, and after."""

    @precondition(lambda self: self._pairs())
    @rule(pick=PICKS)
    def merge_disputes(self, pick: int) -> None:
        """Two about one debt go on as one."""
        first, second = self._one(self._pairs(), pick)
        name, part = self.reference.disputes[first]
        with self.database.transaction() as session:
            merge(session, self.reference.debts[name].account, first, second, actor=STAFF)
        both = self.reference.disputes[second][1] + part
        self._done("disputes merged", lambda: self.reference.disputes.update({second: (name, both)}))
        self.reference.disputes.pop(first)

    @precondition(lambda self: any(part > 1 for _, part in self.reference.disputes.values()))
    @rule(pick=PICKS, amount=AMOUNTS)
    def split_dispute(self, pick: int, amount: int) -> None:
        """A part goes on with a reason of its own."""
        large = [number for number, (_, part) in self.reference.disputes.items() if part > 1]
        number = self._one(large, pick)
        name, whole = self.reference.disputes[number]
        part = 1 + amount % (whole - 1)
        complaint = Complaint(Reason.TAX, "The tax is wrong", pounds(part))
        with self.database.transaction() as session:
            other = split(session, self.reference.debts[name].account, number, complaint, actor=STAFF).id
        apart = {number: (name, whole - part), other: (name, part)}
        self._done("dispute split", lambda: self.reference.disputes.update(apart))

    @precondition(lambda self: self.reference.disputes)
    @rule(pick=PICKS, answers=PICKS)
    def talk_about_dispute(self, pick: int, answers: int) -> None:
        """The customer is asked, or says something: nothing moves."""
        number, account, _, _ = self._dispute(pick)
        say = ask if answers % 2 else write_to_us
        with self.database.transaction() as session:
            say(session, account, number, "Which of them?", actor=STAFF)
        self._done("dispute talked about", lambda: None)

    @precondition(lambda self: self._rejected())
    @rule(pick=PICKS)
    def reopen_dispute(self, pick: int) -> None:
        """It is looked at once more, over what is open of its debt and contested by nobody."""
        number, name, amount = self._one(self._rejected(), pick)
        with self.database.transaction() as session:
            reopen(session, self.reference.debts[name].account, number, "Look again", actor=STAFF)
        part = min(amount, self._disputable()[name])
        self._done("dispute reopened", lambda: self.reference.disputes.update({number: (name, part)}))

    def _pairs(self) -> list[tuple[int, int]]:
        live = self.reference.disputes
        return [(one, two) for one in live for two in live if one != two and live[one][0] == live[two][0]]

    def _rejected(self) -> list[tuple[int, int, int]]:
        """Those that were rejected and can be looked at once more: id, debt and amount."""
        if not hasattr(self, "reference"):
            return []
        with self.database.reading() as session:
            found = session.execute(
                select(Dispute.id, Dispute.invoice_id, Dispute.amount_minor)
                .join(DisputeHandling, DisputeHandling.dispute_id == Dispute.id)
                .where(
                    Dispute.status == DisputeStatus.RESOLVED,
                    Dispute.outcome == Outcome.REJECTED,
                    DisputeHandling.reopened_at.is_(None),
                    Dispute.account_id.in_(self.accounts),
                )
                .order_by(Dispute.id)
            ).all()
        left = self._disputable()
        return [(row.id, row.invoice_id, row.amount_minor) for row in found if row.invoice_id in left]
