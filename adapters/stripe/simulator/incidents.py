"""What befalls payments from outside: somebody at the dashboard, a bank or a card's issuer does something."""

from __future__ import annotations

from typing import Any

from adapters.stripe.simulator import (
    bank_debits,
    disputes,
    fraud_warnings,
    mandates,
    other_entries,
    paying_out,
    payment_methods,
    payouts,
    refund_ends,
    refunds,
)
from adapters.stripe.simulator.acting import Acting
from adapters.stripe.simulator.bank_accounts import FAILURES

Json = dict[str, Any]


class Incidents(Acting):
    """Controls over the world by which tests and demos bring things about; each answers the object as it is then.

    A thing that cannot happen in the state in which the world is, is a ValueError or Stripe's own refusal (ApiError).
    """

    def refund(self, charge: str, amount: int | None = None, *, reason: str | None = None) -> Json:
        """Refund a charge as at Stripe's dashboard: without metadata, in full unless an amount is given."""
        asked: Json = {"charge": charge, "amount": amount, "reason": reason}
        with self.acting():
            return refunds.create(self.world, {name: value for name, value in asked.items() if value is not None})

    def fail_refund(self, refund: str, *, reason: str = "lost_or_stolen_card") -> Json:
        """The bank sends a refund back, which may have succeeded."""
        with self.acting():
            return refund_ends.fail(self.world, refund, reason)

    def dispute(
        self, charge: str, amount: int | None = None, *, reason: str = "fraudulent", inquiry: bool = False
    ) -> Json:
        """The cardholder disputes a charge, in full unless an amount is given; an inquiry takes no money yet."""
        return self._dispute(charge, amount, reason, "inquiry" if inquiry else "chargeback")

    def prevent_dispute(self, charge: str, amount: int | None = None) -> Json:
        """A dispute that Stripe resolved by giving the money back at once: `prevented`, withdrawn without a fee."""
        return self._dispute(charge, amount, "general", "prevented")

    def decide_dispute(self, dispute: str, *, won: bool, fee_returned: bool = False) -> Json:
        """The bank decides. A won chargeback brings the money back, and the fee if Stripe returns it.

        An inquiry is closed if `won`, and otherwise becomes a chargeback.
        """
        with self.acting():
            found = self.world.find("dispute", dispute)
            disputes.decide(self.world, found, won=won, fee_returned=fee_returned)
            return found

    def warn_of_fraud(self, charge: str, *, fraud_type: str = "made_with_stolen_card") -> Json:
        """The card's issuer sends an early fraud warning."""
        with self.acting():
            return fraud_warnings.make(self.world, self.world.find("charge", charge), fraud_type)

    def payout(self, currency: str | None = None, amount: int | None = None, *, automatic: bool = True) -> list[Json]:
        """Pay out: automatically all that is available, in one currency or in each; or by hand so much of one.

        Empty where nothing is available. The balance transactions of an automatic payout are linked with it.
        """
        with self.acting():
            if automatic and amount is None:
                return paying_out.make_automatic(self.world, currency)
            if automatic or amount is None or currency is None:
                raise ValueError("An automatic payout is over all; one by hand takes a currency and an amount.")
            return [payouts.create(self.world, {"currency": currency, "amount": amount})]

    def deliver_payout(self, payout: str) -> Json:
        """A payout is on the bank account now, before its day."""
        with self.acting():
            paying_out.arrive_when_due(self.world, payout)
            return self.world.find("payout", payout)

    def fail_payout(self, payout: str, *, code: str = "account_closed") -> Json:
        """The bank refuses a payout, also after it was paid."""
        with self.acting():
            return paying_out.fail(self.world, payout, code)

    def book(self, category: str, amount: int, currency: str, *, fee: int = 0, type_: str | None = None) -> Json:
        """Something else moves the balance: a reporting category, known (`topup`, `fee`, …) or not."""
        with self.acting():
            return other_entries.book(self.world, category, amount, currency, fee=fee, type_=type_)

    def answer_debit(self, charge: str, *, failure: str | None = None) -> Json:
        """The bank answers a pending debit now: paid, or refused with a code such as `insufficient_funds`."""
        with self.acting():
            found = self.world.find("charge", charge)
            if found["status"] != "pending":
                raise ValueError(f"The charge {charge} is {found['status']}: its bank has answered.")
            if failure is None:
                bank_debits.succeed(self.world, found)
            else:
                bank_debits.fail(self.world, found, FAILURES[failure])
            return found

    def take_debit_back(self, charge: str, *, reason: str = "insufficient_funds") -> Json:
        """The bank takes a debit back after it was paid: a dispute that cannot be answered, lost at once."""
        return self._dispute(charge, None, reason, "final")

    def withdraw_mandate(self, method: str) -> Json:
        """The holder of a bank account withdraws the mandate; later debits are refused."""
        with self.acting():
            return mandates.withdraw(self.world, method)

    def update_card(self, method: str, *, month: int, year: int) -> Json:
        """The issuer has sent a new card: a saved one expires later, as networks tell Stripe by themselves."""
        with self.acting():
            return payment_methods.renew(self.world, method, month=month, year=year)

    def expire_card(self, method: str) -> Json:
        """A saved card expired last month; nobody is told, and it declines from now on."""
        with self.acting():
            return payment_methods.expire(self.world, method)

    def charge_of(self, intent: str) -> str:
        """The id of the charge by which a payment intent succeeded or is being processed."""
        with self.acting():
            found = self.world.find("payment_intent", intent)["latest_charge"]
        if found is None:
            raise ValueError(f"The payment intent {intent} has no charge yet.")
        return str(found)

    def _dispute(self, key: str, amount: int | None, reason: str, kind: disputes.Kind) -> Json:
        with self.acting():
            charge = self.world.find("charge", key)
            over = charge["amount"] if amount is None else amount
            if not charge["paid"] or not 1 <= over <= charge["amount"]:
                raise ValueError(f"{over} of the charge {key} cannot be disputed.")
            return disputes.make(self.world, charge, amount=over, reason=reason, kind=disputes.kind_for(charge, kind))
