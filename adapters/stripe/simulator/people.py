"""What people do on the simulator's pages, for tests and demos that have no browser."""

from __future__ import annotations

from adapters.stripe.simulator import paying
from adapters.stripe.simulator.acting import Acting
from adapters.stripe.simulator.bank_accounts import ACCOUNTS
from adapters.stripe.simulator.paying import Outcome
from adapters.stripe.simulator.typed import TypedAccount, TypedCard


class People(Acting):
    """Controls that do what a person would do on a page; each answers where that led."""

    def pay_session(
        self,
        session_id: str,
        card: str = "4242424242424242",
        *,
        name: str = "Test Person",
        email: str = "person@example.com",
        expiry: str | None = None,
        cvc: str = "123",
        authenticate: bool | None = None,
    ) -> Outcome:
        """Pay a Session as a person would on its page; `authenticate` answers a bank's question straight away."""
        valid = expiry if expiry is not None else f"12/{self.world.clock.now().year + 3 - 2000}"
        form = TypedCard(number=card, expiry=valid, cvc=cvc, name=name, email=email)
        with self.acting():
            outcome = paying.pay(self.world, self.world.find("checkout.session", session_id), form)
            if outcome.state == "authenticate" and authenticate is not None:
                intent = paying.intent_at(self.world, outcome.address)
                outcome = paying.answer_challenge(self.world, intent, passed=authenticate)
        return outcome

    def pay_session_by_debit(
        self, session_id: str, account: str, *, name: str = "Test Person", email: str = "person@example.com"
    ) -> Outcome:
        """Pay a Session by bank debit, or save the account: one of Stripe's test accounts, its number or IBAN."""
        known = ACCOUNTS[account]
        typed = TypedAccount(number=account, name=name, routing=known.routing, email=email)
        with self.acting():
            session = self.world.find("checkout.session", session_id)
            return paying.pay_by_debit(self.world, session, typed, known.type)

    def pay_session_by_paypal(
        self, session_id: str, *, approve: bool = True, email: str = "person@example.com"
    ) -> Outcome:
        """Pay a Session with PayPal, approved or declined on PayPal's page."""
        with self.acting():
            outcome = paying.pay_by_paypal(self.world, self.world.find("checkout.session", session_id), email)
            if outcome.state != "authenticate":
                return outcome
            return paying.answer_challenge(self.world, paying.intent_at(self.world, outcome.address), passed=approve)

    def pay_session_by_wallet(
        self, session_id: str, wallet: str = "apple_pay", *, email: str = "person@example.com"
    ) -> Outcome:
        """Pay a Session, or save, with the card in a wallet: `apple_pay` or `google_pay`."""
        with self.acting():
            return paying.pay_by_wallet(self.world, self.world.find("checkout.session", session_id), wallet, email)

    def answer_bank(self, intent: str, *, passed: bool) -> Outcome:
        """Answer the bank's question (3-D Secure) about an intent to pay or to save, as a person would on its page."""
        with self.acting():
            return paying.answer_challenge(self.world, paying.intent_at(self.world, intent), passed=passed)
