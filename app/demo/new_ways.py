"""New ways: saved cards and bank accounts, automatic payment, cheques and the bank's statements, in the last months."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from app.demo.bank import iban_of
from app.demo.basket import basket
from app.demo.cast import (
    AUTOMATIC,
    BY_DEBIT,
    CHEQUE,
    CHEQUE_BACK,
    CHEQUE_NEW,
    DEBIT_BACK,
    FAILING,
    HARBOUR,
    PAY_LATE,
    PAYS_LESS,
)
from app.demo.habits import working_day
from app.demo.saving import keep_bank_account, keep_card, press, turn_on
from app.demo.story import Story
from domain.payments.model import PaymentMethod
from domain.processing.receipts.recording import Slip, record_receipt
from domain.receivables.references import printed, reference_of
from domain.shared.money import Money

GOOD_ACCOUNT, POOR_ACCOUNT = "00012345", "22222227"
DECLINES_LATER = "4000000000000341"
STRANGER, RENT = "R & L Holdings", "Unit 7 Properties"
UNSEEN_PAYER = "J HUGHES"


def plan_new_ways(story: Story) -> None:
    """Write into the story's diary who keeps what, and what reaches our own bank."""

    def ago(days: int) -> date:
        return working_day(story.last_day - timedelta(days=days))

    story.put(ago(96), 9.4, lambda: turn_on(story.acts, keep_card(story.acts, story.known(AUTOMATIC))))
    story.put(story.last_day - timedelta(days=28), 8.6, lambda: _order(story, AUTOMATIC))
    story.put(ago(40), 12.2, lambda: keep_card(story.acts, story.known(HARBOUR), "5555555555554444"))
    story.put(ago(26), 9.4, lambda: _turn_on_in_vain(story))
    story.put(ago(50), 11.2, lambda: _keep_and_pay_by_debit(story))
    story.put(story.last_day - timedelta(days=1), 14.6, lambda: _pay_by_debit(story))
    story.put(ago(12), 13.1, lambda: _be_debited_in_vain(story))
    story.put(ago(24), 10.1, lambda: _hand_in(story, CHEQUE, ago(24), "100317"))
    story.put(ago(22), 7, lambda: _bank_cheque(story, CHEQUE, ago(22), "100317"))
    story.put(ago(18), 10.1, lambda: _hand_in(story, CHEQUE_BACK, ago(18), "000204"))
    story.put(ago(16), 7, lambda: _bank_cheque(story, CHEQUE_BACK, ago(16), "000204"))
    story.put(ago(9), 7, lambda: _bounce(story, ago(9)))
    story.put(ago(2), 10.8, lambda: _hand_in(story, CHEQUE_NEW, ago(2), "000871"))
    story.put(ago(29), 6, lambda: story.bank.comes(Money(-185_000, "GBP"), ago(29), RENT, "Rent"))
    story.put(ago(15), 6, lambda: story.bank.comes(Money(31_150, "GBP"), ago(15), STRANGER, "ref 7781"))
    story.put(ago(4), 6, lambda: story.bank.comes(Money(24_000, "GBP"), ago(4), UNSEEN_PAYER, "INVOICE"))
    story.put(ago(3), 6, lambda: story.bank.comes(Money(-4_820, "GBP"), ago(3), "Hackney Energy", "Electricity"))
    for last in (ago(26), ago(19), ago(7)):
        story.put(last, 16, partial(story.bank.take_statement_in, last))
        story.put(last, 16.5, story.bank.decide)
    story.put(story.last_day, 17, lambda: _leave_to_decide(story))


def _order(story: Story, number: str) -> None:
    """One more invoice, which is about to be collected when the story ends."""
    known = story.known(number)
    story.acts.issue(known, basket(known.customer, story.chance(known)))


def _turn_on_in_vain(story: Story) -> None:
    """Automatic payment from a card that declines: it turns itself off after three days of that."""
    turn_on(story.acts, keep_card(story.acts, story.known(FAILING), DECLINES_LATER))


def _keep_and_pay_by_debit(story: Story) -> None:
    """A customer keeps a bank account, and pays from it: the money takes three days."""
    kept = keep_bank_account(story.acts, story.known(BY_DEBIT), GOOD_ACCOUNT)
    press(story.acts, kept, dict([story.owed(kept.known)]))


def _pay_by_debit(story: Story) -> None:
    """They do it again, and that is still on its way when the story ends."""
    known = story.known(BY_DEBIT)
    page = story.acts.go_to_pay(known, dict([story.owed(known)]))
    story.acts.stage.simulator.pay_session_by_debit(
        page, GOOD_ACCOUNT, name=known.customer.contact, email=known.customer.login
    )
    story.acts.stage.catch_up()


def _be_debited_in_vain(story: Story) -> None:
    """A customer who has not paid for months tries by bank debit: three days later the bank says no."""
    known = story.known(DEBIT_BACK)
    page = story.acts.go_to_pay(known, dict([story.owed(known)]))
    story.acts.stage.simulator.pay_session_by_debit(
        page, POOR_ACCOUNT, name=known.customer.contact, email=known.customer.login
    )
    story.acts.stage.catch_up()


def _hand_in(story: Story, number: str, day: date, cheque: str) -> None:
    """A cheque comes by post for the newest invoice, and Sam records it."""
    known = story.known(number)
    invoice_id, amount = story.owed(known)
    slip = Slip(PaymentMethod.CHEQUE, amount, day, reference=cheque, wanted={invoice_id: amount})
    with story.acts.database.transaction() as session:
        record_receipt(session, known.account_id, slip, actor=story.acts.staff["Sam"])
    story.cheques[number] = amount


def _bank_cheque(story: Story, number: str, day: date, cheque: str) -> None:
    story.bank.comes(story.cheques[number], day, "", f"CHEQUE {cheque} PAID IN")


def _bounce(story: Story, day: date) -> None:
    """The bank takes a cheque back that was not covered."""
    story.bank.comes(-story.cheques[CHEQUE_BACK], day, "", "CHEQUE 000204 UNPAID", unpaid="AM04")


def _leave_to_decide(story: Story) -> None:
    """The last statement: some of it is sure, some likely, one payer is nobody that we know."""
    for number in (PAYS_LESS, *PAY_LATE):
        known = story.known(number)
        free = [each for each in story.acts.open_amounts(known).items() if not story.bank.names(each[0])]
        for invoice_id, amount in free[:1]:
            if number == PAYS_LESS:
                paid = amount - amount.split(20)[0]
                story.bank.comes(paid, story.last_day, known.customer.name, "Your invoice, less 5 %", iban_of(known))
            else:
                told = printed(reference_of(invoice_id))
                story.bank.comes(amount, story.last_day, known.customer.name, told, iban_of(known))
    story.bank.comes(Money(9_990, "GBP"), story.last_day, "MARKET TRADERS ASSOC", "Refund of stall deposit")
    story.bank.take_statement_in(story.last_day)
    story.bank.park(UNSEEN_PAYER)
