"""A scripted year of handoffs: two agencies and an attorney, what debtors pay to them and to us, and what goes wrong.

It keeps its own account of everything, from what was agreed with each partner, and asks the house for none of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.documents.storage import Store
from domain.insolvencies import dividends
from domain.legal_cases import judging, opening
from domain.legal_cases.judging import Judgment
from domain.legal_cases.opening import Claim
from domain.payments.model import Payment, PaymentMethod
from domain.placements import ending, queries
from domain.placements.model import PLACED, Partner, PartnerKind, Placement, PlacementInvoice, Remits
from domain.processing.insolvency import receiving
from domain.processing.insolvency.receiving import Arrival
from domain.processing.placing.collecting import Collected, report_bounce, report_collection
from domain.processing.receipts.recording import Slip, record_receipt
from domain.processing.receipts.returning import return_receipt
from domain.receivables.model import Invoice
from domain.remittances import invoicing
from domain.remittances.costs import Spent, accept_cost, refuse_cost, tell_cost
from domain.remittances.invoicing import Invoiced, accept_invoice_difference, invoice_corrected, record_invoice
from domain.remittances.model import Difference, PaidFrom, PlacedCollection, Remittance, RemittanceLine, Way
from domain.remittances.paying import pay_partner
from domain.remittances.remitting import Line, Told, accept_difference, bank_remittance, tell_remittance
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from tests.support.handoff_accounts import PENNY, Account, Debt, pounds_of, rounded, typical_rate
from tests.support.insolvency import admitted, claimed, insolvent
from tests.support.placing import a_late_debt, a_partner, placed


class HandoffYear:
    """Twelve months, each with debts sent, money that comes and goes, and a remittance of every partner at its end."""

    def __init__(self, db: Database, clock: MovableClock, store: Store, *, seed: int) -> None:
        self.db, self.clock, self.store = db, clock, store
        self.chance = Random(seed)
        self.ours: dict[int, Account] = defaultdict(Account)
        self.debts: list[Debt] = []
        self.happened: dict[str, int] = defaultdict(int)
        self.direct: list[tuple[Debt, int]] = []
        self.numbers = 0
        with db.transaction() as session:
            net = a_partner(session, name="Fair Recovery", remits=Remits.NET)
            gross = a_partner(session, name="Whole Sums", remits=Remits.GROSS)
            attorney = a_partner(session, name="Mair Attorneys", kind=PartnerKind.ATTORNEY, remits=Remits.NET)
            self.partners = [net.id, gross.id, attorney.id]
        self.attorney = self.partners[2]
        self.case: tuple[Debt, int] | None = None
        self.waits_for_court: Debt | None = None

    def live(self, many: int) -> None:
        """Send so many debts over ten months, let twelve pass, and have everybody settle up."""
        per_month = -(-many // 10)
        for month in range(12):
            for _ in range(min(per_month, many - len(self.debts)) if month < 10 else 0):
                self._send()
            self._go_to_court(month)
            if month == 5:
                self._become_insolvent()
            for _ in range(3):
                self.clock.advance(days=10)
                for debt in self.debts:
                    if debt is not self.waits_for_court:
                        self._something(debt)
            for partner_id in self.partners:
                self._month_end(partner_id)

    def _send(self) -> None:
        with self.db.transaction() as session:
            partner = session.get_one(Partner, self.partners[len(self.debts) % 3])
            late, pounds = self.chance.choice([61, 90, 200, 400]), self.chance.randint(120, 4_000)
            account, _ = a_late_debt(session, str(pounds), late_days=late)
            made = placed(session, account, partner)
            percent = typical_rate(late, Decimal(pounds), again=False)
            self.debts.append(Debt(account.id, made.id, partner.id, percent))
            self.happened["sent"] += 1

    def _something(self, debt: Debt) -> None:
        acts: list[tuple[int, Callable[[Session, Debt, Decimal], None]]] = [
            (20, self._paid_to_partner),
            (8, self._paid_to_us),
            (5, self._bounced_at_partner),
            (3, self._bounced_with_us),
            (4, self._cost),
            (2, self._recalled),
        ]
        roll = self.chance.randrange(100)
        for weight, act in acts:
            if roll < weight:
                with self.db.transaction() as session:
                    act(session, debt, self._open(session, debt))
                return
            roll -= weight

    def _open(self, session: Session, debt: Debt) -> Decimal:
        """What is open while it lies with the partner; nothing otherwise."""
        placement = session.get_one(Placement, debt.placement_id, populate_existing=True)
        if placement.status not in PLACED:
            return Decimal(0)
        rows = session.scalars(
            select(Invoice.open_minor)
            .join(PlacementInvoice, PlacementInvoice.invoice_id == Invoice.id)
            .where(PlacementInvoice.placement_id == debt.placement_id)
        )
        return Decimal(sum(rows)) / 100

    def _some_of(self, open_now: Decimal) -> Decimal:
        if self.chance.random() < 0.4:
            return open_now
        return max(rounded(open_now * self.chance.randint(5, 90) / 100), PENNY)

    def _paid_to_partner(self, session: Session, debt: Debt, open_now: Decimal) -> None:
        if not open_now:
            return
        self.numbers += 1
        amount, reference, on = self._some_of(open_now), f"P-{self.numbers}", today(session)
        told = Collected(reference, pounds_of(amount), on)
        report_collection(session, debt.account_id, debt.placement_id, told, actor=OPERATOR)
        report_collection(session, debt.account_id, debt.placement_id, told, actor=OPERATOR)
        debt.told[reference] = (amount, on)
        self.ours[debt.partner_id].due += amount
        self.happened["paid to a partner"] += 1

    def _bounced_at_partner(self, session: Session, debt: Debt, _: Decimal) -> None:
        if not debt.told:
            return
        reference = self.chance.choice(sorted(debt.told))
        amount, _day = debt.told.pop(reference)
        report_bounce(
            session, debt.account_id, debt.placement_id, reference=reference, on=today(session), actor=OPERATOR
        )
        self.ours[debt.partner_id].due -= amount
        self.happened["bounced at a partner"] += 1

    def _paid_to_us(self, session: Session, debt: Debt, open_now: Decimal) -> None:
        if not open_now:
            return
        amount = self._some_of(open_now)
        payment = record_receipt(
            session,
            debt.account_id,
            Slip(PaymentMethod.TRANSFER, pounds_of(amount), today(session)),
            actor=OPERATOR,
        )
        self.direct.append((debt, payment.id))
        self.ours[debt.partner_id].accrued += debt.fee(amount, today(session))[0]
        self.happened["paid to us"] += 1

    def _bounced_with_us(self, session: Session, debt: Debt, _: Decimal) -> None:
        mine = [pair for pair in self.direct if pair[0] is debt]
        if not mine:
            return
        pair = self.chance.choice(mine)
        self.direct.remove(pair)
        payment = session.get_one(Payment, pair[1])
        counted = session.scalars(
            select(PlacedCollection.received_on).where(PlacedCollection.payment_id == payment.id)
        ).first()
        assert counted is not None
        return_receipt(session, payment, today(session), reason="bounced", actor=OPERATOR)
        self.ours[debt.partner_id].accrued -= debt.fee(payment.amount.decimal, counted)[0]
        self.happened["bounced with us"] += 1

    def _cost(self, session: Session, debt: Debt, open_now: Decimal) -> None:
        if not open_now:
            return
        self.numbers += 1
        amount = Decimal(self.chance.randint(5, 60))
        placement = queries.entity(session, debt.account_id, debt.placement_id)
        spent = Spent(f"C-{self.numbers}", pounds_of(amount), today(session), "A visit")
        cost = tell_cost(session, placement, spent, actor=OPERATOR)
        if self.chance.random() < 0.7:
            accept_cost(session, cost.id, actor=OPERATOR)
            self.ours[debt.partner_id].payable += amount
            self.happened["costs accepted"] += 1
        else:
            refuse_cost(session, cost.id, why="Not agreed.", actor=OPERATOR)
            self.happened["costs refused"] += 1

    def _recalled(self, session: Session, debt: Debt, open_now: Decimal) -> None:
        if not open_now:
            return
        ending.recall(session, debt.account_id, debt.placement_id, why="We do it ourselves.", actor=OPERATOR)
        self.happened["recalled"] += 1

    def _go_to_court(self, month: int) -> None:
        """In spring the attorney files one case; two months later there is a judgment."""
        if month not in (3, 5):
            return
        with self.db.transaction() as session:
            if month == 3:
                mine = (debt for debt in self.debts if debt.partner_id == self.attorney and self._open(session, debt))
                debt = next(mine, None)
                if debt is None:
                    return
                ids = [row.id for row in queries.invoices(session, debt.placement_id)]
                claim = Claim(ids, "County Court at Bristol", placement_id=debt.placement_id)
                case = opening.open_case(session, debt.account_id, claim, actor=OPERATOR)
                opening.file(session, debt.account_id, case.id, filed_on=today(session), number="K1", actor=OPERATOR)
                debt.filed_on = today(session)
                self.case, self.waits_for_court = (debt, case.id), debt
                self.happened["filed"] += 1
            elif self.case is not None:
                debt, case_id = self.case
                self.waits_for_court = None
                claimed_now = self._open(session, debt)
                if claimed_now:
                    decided = Judgment(
                        on=today(session), amount=pounds_of(claimed_now), costs=pounds_of(Decimal(70)), rate_bp=800
                    )
                    judging.record_judgment(session, debt.account_id, case_id, decided, actor=OPERATOR)
                    self.happened["judgments"] += 1

    def _become_insolvent(self) -> None:
        """One debtor's estate pays ten pence in the pound on what was open."""
        with self.db.transaction() as session:
            taken = self.case[0] if self.case is not None else None
            debt = next((one for one in self.debts if one is not taken and self._open(session, one)), None)
            if debt is None:
                return
            open_now = self._open(session, debt)
            found = insolvent(session, debt.account_id)
            claimed(session, self.store, found)
            admitted(session, found, str(open_now))
            amount = rounded(open_now / 10)
            told = dividends.Declared(today(session), amount=pounds_of(amount))
            made = dividends.declare(session, debt.account_id, found.id, told, actor=OPERATOR)
            arrival = Arrival(PaymentMethod.TRANSFER, today(session))
            receiving.receive(session, debt.account_id, found.id, made.id, arrival, actor=OPERATOR)
            self.ours[debt.partner_id].accrued += debt.fee(amount, today(session))[0]
            self.happened["dividends"] += 1

    def _month_end(self, partner_id: int) -> None:
        with self.db.transaction() as session:
            self._remit(session, partner_id)
        with self.db.transaction() as session:
            self._invoice(session, partner_id)
        with self.db.transaction() as session:
            self._pay(session, partner_id)

    def _remit(self, session: Session, partner_id: int) -> None:
        """All that the partner has, less what it keeps; now and then it keeps too much of one, or too little."""
        partner = session.get_one(Partner, partner_id)
        rows = _not_remitted(session, partner_id)
        earlier = self._differences(session, partner_id)
        if not rows:
            return
        wrong = self.chance.choice([Decimal(0), Decimal(0), Decimal("3.10"), Decimal("-1.25")])
        own = self.ours[partner_id]
        lines, paid, kept = [], Decimal(0), Decimal(0)
        for index, row in enumerate(rows):
            net, tax = self._fee_of(session, row)
            told_net = net + (wrong if index == 0 and partner.remits is Remits.NET else Decimal(0))
            lines.append(Line(row.amount, pounds_of(told_net), pounds_of(tax), collection_id=row.id))
            paid += row.amount.decimal - (told_net + tax if partner.remits is Remits.NET else 0)
            kept += net + tax if partner.remits is Remits.NET else 0
        nothing = pounds_of(Decimal(0))
        for remittance in earlier:
            lines.append(Line(remittance.missing, nothing, nothing, corrects_id=remittance.id))
            paid += remittance.missing.decimal
        if paid < 0:
            self.happened["waited"] += 1
            return
        self.numbers += 1
        told = Told(f"R-{self.numbers}", "GBP", today(session), pounds_of(paid), lines)
        remittance = tell_remittance(session, partner_id, told, actor=OPERATOR)
        bank_remittance(session, remittance.id, today(session), actor=OPERATOR)
        own.due -= paid + kept
        self.happened["remittances"] += 1
        if wrong and partner.remits is Remits.NET:
            assert remittance.missing.decimal == wrong
            self.happened["wrong commissions"] += 1
        else:
            assert remittance.difference is Difference.NONE

    def _differences(self, session: Session, partner_id: int) -> list[Remittance]:
        """What the partner puts right with this remittance; some are accepted by us instead."""
        wanted = select(Remittance).where(Remittance.partner_id == partner_id, Remittance.difference == Difference.OPEN)
        corrected = []
        for remittance in session.scalars(wanted.order_by(Remittance.id)).all():
            if self.chance.random() < 0.4:
                self.ours[partner_id].due -= remittance.missing.decimal
                accept_difference(session, remittance.id, why="As agreed on the phone.", actor=OPERATOR)
                self.happened["differences accepted"] += 1
            else:
                corrected.append(remittance)
                self.happened["differences put right"] += 1
        return corrected

    def _invoice(self, session: Session, partner_id: int) -> None:
        """The partner invoices what it has not kept; now and then two pounds too much."""
        partner = session.get_one(Partner, partner_id)
        rows = session.scalars(
            select(PlacedCollection).where(invoicing.to_invoice(partner)).order_by(PlacedCollection.id)
        ).all()
        if not rows:
            return
        fees = [self._fee_of(session, row) for row in rows]
        net, tax = sum((fee[0] for fee in fees), Decimal(0)), sum((fee[1] for fee in fees), Decimal(0))
        direct = sum((fee[0] for row, fee in zip(rows, fees, strict=True) if row.way is Way.DIRECT), Decimal(0))
        over = self.chance.choice([Decimal(0), Decimal(2)])
        self.numbers += 1
        asked = Invoiced(
            f"I-{self.numbers}", "GBP", today(session), [row.id for row in rows], pounds_of(net + over), pounds_of(tax)
        )
        made = record_invoice(session, partner_id, asked, actor=OPERATOR)
        own = self.ours[partner_id]
        own.accrued -= direct
        own.payable += net + tax
        self.happened["invoices"] += 1
        if not over:
            return
        self.happened["wrong invoices"] += 1
        if self.chance.random() < 0.5:
            accept_invoice_difference(session, made.id, why="Postage.", actor=OPERATOR)
            own.payable += over
        else:
            invoice_corrected(session, made.id, why="They sent a credit note.", actor=OPERATOR)

    def _pay(self, session: Session, partner_id: int) -> None:
        own = self.ours[partner_id]
        if own.payable <= 0:
            return
        paid_from = PaidFrom.DUE if own.due >= own.payable and self.chance.random() < 0.5 else PaidFrom.BANK
        amount = own.payable
        pay_partner(session, partner_id, pounds_of(amount), today(session), paid_from, actor=OPERATOR)
        own.payable = Decimal(0)
        if paid_from is PaidFrom.DUE:
            own.due -= amount
        self.happened[f"paid from {paid_from}"] += 1

    def _fee_of(self, session: Session, row: PlacedCollection) -> tuple[Decimal, Decimal]:
        """The commission on a row and its tax by the year's own rate, of the day on which the money came."""
        debt = next(one for one in self.debts if one.placement_id == row.placement_id)
        on = row.received_on
        if row.reverses_id is not None:
            on = session.get_one(PlacedCollection, row.reverses_id).received_on
        return debt.fee(row.amount.decimal, on)


def _not_remitted(session: Session, partner_id: int) -> list[PlacedCollection]:
    done = select(RemittanceLine.collection_id).where(RemittanceLine.collection_id.is_not(None))
    return list(
        session.scalars(
            select(PlacedCollection)
            .where(
                PlacedCollection.partner_id == partner_id,
                PlacedCollection.way == Way.AGENT,
                PlacedCollection.id.not_in(done),
            )
            .order_by(PlacedCollection.id)
        )
    )
