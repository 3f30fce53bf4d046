"""Acts by which money goes back: returns, refunds and chargebacks."""

from __future__ import annotations

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.chargebacks.queries import still_open
from domain.invoicing.model import CreditNote
from domain.late_charges.queries import is_late_charge
from domain.payments.model import Payment
from domain.payments.snapshots import RefundState
from domain.processing.contested import choosing
from domain.processing.receipts import returning
from domain.processing.reconciling.chargebacks import reconcile_chargeback
from domain.processing.reconciling.refunds import reconcile_refund
from domain.processing.refunds import asking
from domain.processing.refunds.drawing import Wish
from domain.receivables.model import OwedAgain
from domain.receivables.withdrawing import Uncovered
from domain.refunds.model import Refund, RefundSource
from domain.shared.db.session import now, today
from domain.staff.model import Role
from tests.faults.machine import AMOUNTS, CLEARING, PICKS, STAFF, Machine, pounds
from tests.support.contesting import a_chargeback, reinstated, withdrawn
from tests.support.refunding import reported


class Leaving(Machine):
    """Money goes back, and sometimes comes again."""

    @precondition(lambda self: self._cheques(self.returned))
    @rule(pick=PICKS)
    def return_cheque(self, pick: int) -> None:
        """It bounces."""
        name = self._one(self._cheques(self.returned), pick)
        payment_id, amount, _, _ = self.payments[name]
        event, account = f"return:{name}", self.reference.credits[name].account

        def act(session: Session) -> None:
            payment = session.get_one(Payment, payment_id)
            returning.return_receipt(session, payment, today(session), reason="Bounced", actor=STAFF)

        self._try("returned", act)
        self.returned.add(name)
        self.reference.move(amount, f"receivable:{account}", "receipts_to_bank")
        self._take_back(event, name, amount)

    @precondition(lambda self: self._cards())
    @rule(pick=PICKS, amount=AMOUNTS, source=st.sampled_from([RefundSource.CREDIT, RefundSource.REVERSAL]))
    def refund(self, pick: int, amount: int, source: RefundSource) -> None:
        """Staff refund a card payment, in part or wholly; the money leaves the processor."""
        name = self._one(self._cards(), pick)
        payment_id, paid, _, number = self.payments[name]
        account, part = self.reference.credits[name].account, 1 + amount % paid
        wish = Wish(payment_id, pounds(part), source, "Asked")
        made: list[Refund] = []

        def act(session: Session) -> None:
            made.append(asking.request(session, account, wish, role=Role.MANAGER, actor=STAFF))

        self._try(f"refund by {source.value}", act)
        refund = made[0]
        with self.database.transaction() as session:
            reconcile_refund(session, self._seen(refund, part, number, account, RefundState.SUCCEEDED))
        self.refunds[refund.name] = (refund.id, part, name, False)
        self.reference.move(part, f"receivable:{account}", "refunds_in_transit")
        self.reference.move(part, "refunds_in_transit", CLEARING)
        if source is RefundSource.REVERSAL:
            self._take_back(refund.name, name, part)
        else:
            unused = self.reference.unused(account)
            self.reference.take_free(refund.name, sorted(unused, key=lambda each: each != name), part)

    @precondition(lambda self: not all(one[3] for one in self.refunds.values()))
    @rule(pick=PICKS)
    def refund_fails(self, pick: int) -> None:
        """A refund that had gone out comes back."""
        event = self._one([name for name, one in self.refunds.items() if not one[3]], pick)
        refund_id, amount, name, _ = self.refunds[event]
        account = self.reference.credits[name].account
        number = self.payments[name][3]
        with self.database.transaction() as session:
            refund = session.get_one(Refund, refund_id)
            reconcile_refund(session, self._seen(refund, amount, number, account, RefundState.FAILED))
            day = today(session).toordinal()
        self.refunds[event] = (refund_id, amount, name, True)
        self.steps["refund fails"] += 1
        self.reference.move(amount, CLEARING, "refunds_in_transit")
        self.reference.move(amount, "refunds_in_transit", f"receivable:{account}")
        self.reference.give_back(event, amount, account, day, f"{event}:undone")

    @precondition(lambda self: self._cards())
    @rule(pick=PICKS, amount=AMOUNTS)
    def contest(self, pick: int, amount: int) -> None:
        """A bank takes a part of a payment back, with a fee."""
        name = self._one(self._cards(), pick)
        _, paid, _, number = self.payments[name]
        taken = sum(case["amount"] for case in self.contested.values() if case["payment"] == name)
        assume(paid > taken)
        part, ref = 1 + amount % (paid - taken), f"du_{self.accounts[0]}_{next(self.numbers)}"
        account = self.reference.credits[name].account
        case = {"payment": name, "amount": part, "number": number, "back": 0, "movements": [], "account": account}
        with self.database.transaction() as session:
            case["movements"] = [withdrawn(pounds(part), now(session), name=f"{ref}_out")]
            self._contested(session, ref, case, "needs_response")
        self.contested[ref] = case
        self.steps["chargeback"] += 1
        self.reference.move(part, f"receivable:{account}", CLEARING)
        self.reference.move(15_00, "processor_fees", CLEARING)
        self._take_back(f"chargeback:{ref}", name, part)

    @precondition(lambda self: any(case["back"] < case["amount"] for case in self.contested.values()))
    @rule(pick=PICKS, amount=AMOUNTS)
    def reinstate(self, pick: int, amount: int) -> None:
        """So much of what the bank took comes back."""
        ref = self._one([ref for ref, case in self.contested.items() if case["back"] < case["amount"]], pick)
        case = self.contested[ref]
        part = 1 + amount % (case["amount"] - case["back"])
        with self.database.transaction() as session:
            back = reinstated(pounds(part), now(session), name=f"{ref}_back{len(case['movements'])}")
            case["movements"] = [*case["movements"], back]
            case["back"] += part
            self._contested(session, ref, case, "won" if case["back"] == case["amount"] else "under_review")
            day = today(session).toordinal()
        self.steps["reinstated"] += 1
        account = case["account"]
        self.reference.move(part, CLEARING, f"receivable:{account}")
        name = f"balance_transaction:{back.external_id}"
        self.reference.give_back(f"chargeback:{ref}", part, account, day, name)

    @precondition(lambda self: self._losable())
    @rule(pick=PICKS, stands=st.booleans())
    def lose(self, pick: int, stands: bool) -> None:
        """A chargeback is lost, and staff choose what becomes of what is open because of it."""
        ref = self._one(self._losable(), pick)
        case = self.contested[ref]
        with self.database.transaction() as session:
            self._contested(session, ref, case, "lost")
            parts = still_open(session, f"chargeback:{ref}", "GBP")
            late = any(is_late_charge(session, part.invoice_id) for part in parts)
        case["lost"] = True
        self.steps["lost"] += 1
        if stands or not parts or late or not self._can_be_credited(parts):
            with self.database.transaction() as session:
                choosing.let_stand(session, ref, why="They have the goods", actor=STAFF)
            return
        with self.database.transaction() as session:
            choosing.credit(session, ref, why="Never arrived", role=Role.MANAGER, actor=STAFF)
            day = today(session).toordinal()
            notes = select(CreditNote.number).order_by(CreditNote.id.desc()).limit(len(parts))
            numbers = reversed(session.scalars(notes).all())
        self.discounts_follow()
        for number, part in zip(numbers, parts, strict=True):
            self.reference.credit_note(number, part.invoice_id, part.amount.minor, day)
        self.steps["lost and credited"] += 1

    def _losable(self) -> list[str]:
        return [ref for ref, case in self.contested.items() if not case["back"] and not case.get("lost")]

    def _can_be_credited(self, parts: list[Uncovered]) -> bool:
        debts = self.reference.debts
        again = {name for names in self.reference.again.values() for name in names}
        return all(
            part.invoice_id not in again
            and not self.reference.is_conceded(part.invoice_id)
            and part.amount.minor <= debts[part.invoice_id].amount - debts[part.invoice_id].credited
            for part in parts
        )

    def _take_back(self, event: str, name: str, amount: int) -> None:
        shortage = self.reference.take_back(event, name, amount)
        if not shortage:
            return
        with self.database.reading() as session:
            rows = session.scalars(select(OwedAgain.invoice_id).where(OwedAgain.source == event)).all()
            (new,) = set(rows) - self.reference.debts.keys()
            day = today(session).toordinal()
        self.reference.owe_again(event, new, self.reference.credits[name].account, shortage, day)

    def _seen(self, refund: Refund, amount: int, number: int, account: int, state: RefundState) -> Any:
        decimal = str(pounds(amount).decimal)
        ref = f"re_{refund.id}"
        return reported(refund, decimal, self.clock.now(), state, number=f"{account}_{number}", ref=ref)

    def _contested(self, session: Session, ref: str, case: dict[str, Any], state: str) -> None:
        intent = f"pi_{case['account']}_{case['number']}"
        amount = pounds(case["amount"])
        reconcile_chargeback(
            session, a_chargeback(state, amount, now(session), *case["movements"], name=ref, intent_id=intent)
        )
