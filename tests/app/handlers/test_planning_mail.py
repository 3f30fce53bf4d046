"""Mail about payment plans: each news with its amount, its day and what to do, and nothing that is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import msgspec
from sqlalchemy import select

from app.handlers import outbox
from app.wired import Wired
from domain.accounts.logins import grant
from domain.accounts.model import Account, Login, Right
from domain.accounts.queries import lock
from domain.audit.queries import acts_on
from domain.notices.reach import addresses
from domain.notices.reach.model import AddressKind
from domain.plans import ending, negotiating, pausing, paying
from domain.plans.following import follow
from domain.plans.messages import PlanNews, TellPlan
from domain.plans.model import PaymentPlan, PlanInvoice, PlanStatus
from domain.plans.negotiating import Ask
from domain.plans.pausing import Wish
from domain.plans.schedule import Shape
from domain.policies.contacting import Channel
from domain.policies.sections import Sections
from domain.receivables.model import Invoice
from domain.receivables.references import printed, reference_of
from domain.shared.actor import OPERATOR, WORKER
from domain.shared.business import BankDetails
from domain.shared.clock import MovableClock
from domain.shared.db.session import today
from domain.staff.model import Role
from domain.tasks.model import Task, TaskKind
from tests.support.builders import an_account, an_invoice, live_allocations, take_back
from tests.support.disputing import contest
from tests.support.planned import Planned, address_of, planned, said
from tests.support.planning import PLANS, monthly
from tests.support.policies import a_policy

DAY = timedelta(days=1)
NARROW = msgspec.structs.replace(PLANS, most_months=1)


def test_whoever_signed_has_the_agreement_and_is_told_what_comes_next(wired: Wired, clock: MovableClock) -> None:
    plan = planned(wired, clock)

    [mail] = plan.mails()

    assert mail.to == address_of(plan)
    [attached] = mail.attachments
    assert (attached.filename, attached.content) == (f"plan-{plan.plan_id}.pdf", b"%PDF-1.7 agreement")
    text = said(mail)
    assert text.startswith("Your payment plan is signed | ")
    assert "What was signed is attached" in text
    assert "Please pay each part by its day." in text
    assert "You pay in all: £150.00" in text
    assert "Next: £50.00 by 15 Apr 2026" in text
    assert "Signed by: Olive Owner, Owner" in text
    assert "Fingerprint of the document (SHA-256): " in text
    assert f"See your payment plan: {wired.settings.portal.public_url}/accounts/{plan.account_id}/plans/" in text
    with wired.database.reading() as session:
        told = [(act.act, act.after) for act in acts_on(session, ("plan", plan.plan_id)) if act.act == "plan.told"]
    assert told == [("plan.told", {"news": "signed", "to": mail.to, "amount": {"amount": "150.00", "currency": "GBP"}})]


def test_a_signed_plan_that_waits_for_its_down_payment_says_so_and_tells_when_it_starts(
    wired: Wired, clock: MovableClock
) -> None:
    plan = planned(wired, clock, down_minor=30_00)

    waiting = plan.mail()
    clock.advance(minutes=5)
    plan.pay("30")
    started = plan.mail()

    assert "It starts when the down payment of £30.00 is here." in waiting
    assert "Pay the down payment: " in waiting
    assert started.startswith("Your payment plan has started | ")
    assert "Next: £40.00 by 15 Apr 2026" in started
    assert "Still to be paid: £120.00" in started


def test_a_signed_plan_that_waits_for_a_method_asks_for_it(wired: Wired, clock: MovableClock) -> None:
    plan = planned(wired, clock, msgspec.structs.replace(PLANS, needs_method=True))

    text = plan.mail()

    assert "It starts when you have saved the card or bank account" in text
    assert "Save a card or bank account: " in text


def test_a_plan_that_staff_approve_is_sent_to_be_read_and_signed(wired: Wired, clock: MovableClock) -> None:
    plan = planned(wired, clock, NARROW, sign=False)
    with wired.database.transaction() as session:
        negotiating.approve(session, plan.account_id, plan.plan_id, role=Role.MANAGER, actor=OPERATOR)

    [mail] = plan.mails()

    text = said(mail)
    assert [attached.filename for attached in mail.attachments] == [f"plan-{plan.plan_id}.pdf"]
    assert "We agree to the plan that you asked for." in text
    assert "read it and sign it on our website" in text
    assert "Then: 3 parts of £50.00, the first by 15 Apr 2026, the last by 15 Jun 2026" in text
    assert "Can be signed until: 30 Mar 2026" in text
    assert "Read and sign it: " in text


def waiting(wired: Wired, plan_id: int) -> list[TaskKind]:
    """What somebody of ours has to look at about a plan."""
    about = (Task.subject_kind == "plan", Task.subject_id == str(plan_id), Task.done_at.is_(None))
    with wired.database.reading() as session:
        return list(session.scalars(select(Task.kind).where(*about)))


def test_an_offer_to_whom_nobody_can_sign_online_is_to_be_signed_on_paper(wired: Wired, clock: MovableClock) -> None:
    with wired.database.transaction() as session:
        account = an_account(session, email="office@harbour.example")
        a_policy(session, Sections(plans=PLANS), account_id=account.id)
        invoice = an_invoice(session, account, "150")
        ask = Ask((invoice.id,), monthly(session, 3), words="As said on the phone.")
        plan = negotiating.offer(session, account.id, ask, role=Role.MANAGER, actor=OPERATOR)
        made = Planned(wired, clock, account.id, plan.id, OPERATOR)

    [mail] = made.mails()

    assert mail.to == "office@harbour.example"
    assert "read it, sign it and send it back to us" in said(mail)
    assert "As said on the phone." in said(mail)
    assert waiting(wired, plan.id) == [TaskKind.PLAN_UNSIGNED]
    with wired.database.transaction() as session:
        negotiating.withdraw(session, account.id, plan.id, actor=OPERATOR)
    assert waiting(wired, plan.id) == []


def test_what_is_to_be_signed_goes_to_whoever_can_sign_it(wired: Wired, clock: MovableClock) -> None:
    plan = planned(wired, clock, NARROW, sign=False)
    with wired.database.transaction() as session:
        account = lock(session, plan.account_id)
        account.email = "office@harbour.example"
        rights = frozenset({Right.VIEW, Right.PROMISE})
        asks = grant(session, account, email="asks@harbour.example", name="Ana", rights=rights, actor=OPERATOR)
        session.get_one(PaymentPlan, plan.plan_id).login_id = asks.id
        negotiating.approve(session, plan.account_id, plan.plan_id, role=Role.MANAGER, actor=OPERATOR)

    [mail] = plan.mails()

    assert mail.to not in ("office@harbour.example", "asks@harbour.example")
    assert mail.to.startswith("binds.")


def test_a_counter_offer_says_what_we_propose_and_why(wired: Wired, clock: MovableClock) -> None:
    plan = planned(wired, clock, NARROW, sign=False)
    with wired.database.transaction() as session:
        two: Shape = monthly(session, 2)
        negotiating.counter(
            session, plan.account_id, plan.plan_id, two, "Two would do <us>.", role=Role.MANAGER, actor=OPERATOR
        )

    [mail] = plan.mails()

    text = said(mail)
    assert text.startswith("We propose another payment plan | ")
    assert '"Two would do <us>."' in text
    assert "Two would do &lt;us&gt;." in mail.html
    assert "Then: 2 parts of £75.00" in text
    assert "Read and answer it: " in text


def test_a_refusal_says_why_and_what_else_can_be_done(wired: Wired, clock: MovableClock) -> None:
    plan = planned(wired, clock, NARROW, sign=False)
    with wired.database.transaction() as session:
        negotiating.decline(session, plan.account_id, plan.plan_id, why="Too long.", actor=OPERATOR)

    text = plan.mail()

    assert text.startswith("We cannot agree to the payment plan that you asked for | ")
    assert '"Too long."' in text
    assert "You can ask for another plan" in text


def test_an_offer_that_staff_take_back_says_why_and_what_still_can_be_done(wired: Wired, clock: MovableClock) -> None:
    plan = planned(wired, clock, sign=False)
    with wired.database.transaction() as session:
        why = "The goods came back, so a credit note comes."
        negotiating.withdraw(session, plan.account_id, plan.plan_id, why=why, actor=OPERATOR)

    text = plan.mail()

    assert text.startswith("Our proposal for a payment plan no longer stands | ")
    assert '"The goods came back, so a credit note comes."' in text
    assert "You can ask for a plan at any time." in text


def test_what_staff_write_down_as_not_wanted_is_confirmed_without_their_note(wired: Wired, clock: MovableClock) -> None:
    plan = planned(wired, clock, NARROW, sign=False)
    with wired.database.transaction() as session:
        negotiating.withdraw(session, plan.account_id, plan.plan_id, why="Olive, on the phone", actor=OPERATOR)

    text = plan.mail()

    assert text.startswith("Your payment plan is withdrawn | ")
    assert "If that was not you, please write or call us." in text
    assert "on the phone" not in text


def test_what_the_customer_withdraws_is_not_told_to_them(wired: Wired, clock: MovableClock) -> None:
    plan = planned(wired, clock, sign=False)

    with wired.database.transaction() as session:
        negotiating.withdraw(session, plan.account_id, plan.plan_id, actor=plan.actor)

    assert plan.mails() == []


def test_the_end_of_a_plan_says_what_it_means_and_asks_for_nothing_that_is_contested(running: Planned) -> None:
    running.pay("20")
    with running.wired.database.transaction() as session:
        over = select(PlanInvoice.invoice_id).where(PlanInvoice.plan_id == running.plan_id)
        contested = session.scalars(select(Invoice).where(Invoice.id.in_(over)).order_by(Invoice.id.desc())).first()
        assert contested is not None
        contest(session, lock(session, running.account_id), contested)
        ending.end(session, running.account_id, running.plan_id, why="As agreed.", role=Role.MANAGER, actor=OPERATOR)

    text = running.mail()

    assert text.startswith("We have ended your payment plan | ")
    assert '"As agreed."' in text
    assert "What you have paid stays paid: £20.00. Thank you." in text
    assert "Its invoices are due as they were before the plan." in text
    assert "Still to be paid: £80.00" in text


def test_a_plan_that_nobody_signed_in_time_is_told_to_be_over(wired: Wired, clock: MovableClock) -> None:
    plan = planned(wired, clock, sign=False)

    plan.watch.leap(clock.now().date() + timedelta(days=20))

    assert "It was not signed in time." in plan.mail()


def test_each_part_is_told_before_its_day_and_when_it_is_missed_with_the_way_to_put_it_right(running: Planned) -> None:
    first, database = running.days[0], running.wired.database
    bank = BankDetails(holder="Northgate Supplies Ltd", iban="GB33BUKB20201555555555")
    database._business = replace(database.business, bank=bank)

    running.watch.until(first - DAY)
    soon = running.mail()
    running.watch.until(first + DAY)
    missed = running.mail()

    assert soon.startswith("Instalment 1 of your payment plan: £50.00 by 15 Apr 2026 | ")
    assert "Please pay £50.00 by 15 Apr 2026" in soon
    with database.reading() as session:
        invoice_id = next(iter(paying.free_of(session, session.get_one(PaymentPlan, running.plan_id))))
    assert f"Payment reference: {printed(reference_of(invoice_id))}" in soon
    assert f"Pay it now: {running.wired.settings.portal.public_url}/accounts/" in soon
    assert f"/plans/{running.plan_id}/pay" in soon
    assert missed.startswith("A part of your payment plan is missing: £50.00 | ")
    assert "Please pay what is missing now." in missed
    assert "ask for a change on the page of the plan" in missed
    assert "Instalment 1: £50.00 by 15 Apr 2026" in missed


def test_more_time_says_how_much_and_until_when_and_its_end_what_is_due(running: Planned) -> None:
    first = running.days[0]
    running.watch.until(first + 4 * DAY)
    running.mails()

    running.watch.until(first + 5 * DAY)
    grace = running.mail()
    running.watch.until(first + 13 * DAY)
    defaulted = running.mail()

    assert grace.startswith("Please pay £50.00 by 27 Apr 2026 to keep your payment plan | ")
    assert "You have until 27 Apr 2026 to pay £50.00" in grace
    assert "If not, the plan ends, and all that is left is due at once." in grace
    assert f"/plans/{running.plan_id}/pay" in grace
    assert defaulted.startswith("Your payment plan has ended: £150.00 is due | ")
    assert "Still to be paid: £150.00" in defaulted


def test_a_pause_and_its_end_say_what_comes_next(running: Planned) -> None:
    with running.wired.database.transaction() as session:
        until = today(session) + timedelta(days=40)
        wish = Wish(today(session), until, "Their biggest customer has gone")
        pausing.pause(session, running.account_id, running.plan_id, wish, role=Role.MANAGER, actor=OPERATOR)

    paused = running.mail()
    running.watch.until(until + DAY)
    resumed = running.mail()

    assert paused.startswith("Your payment plan is paused until 25 Apr 2026 | ")
    assert "nothing is due and we take nothing" in paused
    assert "Their biggest customer" not in paused
    assert "Next: £50.00 by 15 May 2026" in paused
    assert resumed.startswith("Your payment plan goes on | ")
    assert "Next: £50.00 by 15 May 2026" in resumed


def test_the_last_money_completes_it_and_money_that_goes_back_opens_it_again(running: Planned) -> None:
    running.pay("150")
    completed = running.mail()
    with running.wired.database.transaction() as session:
        lock(session, running.account_id)
        over = select(PlanInvoice.invoice_id).where(PlanInvoice.plan_id == running.plan_id)
        for invoice in session.scalars(select(Invoice).where(Invoice.id.in_(over))).all():
            for allocation in live_allocations(session, invoice):
                take_back(session, allocation, effective_on=today(session))
        follow(session, session.get_one(PaymentPlan, running.plan_id), actor=WORKER)

    reopened = running.mail()

    assert completed.startswith("Your payment plan is completed | ")
    assert "Settled in all: £150.00" in completed
    assert "A payment of your payment plan went back: £150.00 is open again" in reopened
    assert "Instalment 1: £50.00 by 15 Apr 2026" in reopened


def test_what_is_no_longer_true_when_it_is_about_to_be_sent_is_not_sent(running: Planned) -> None:
    first = running.days[0]
    running.watch.until(first + 5 * DAY)
    assert [mail.subject for mail in running.mails()] == ["Please pay £50.00 by 27 Apr 2026 to keep your payment plan"]
    running.pay("50")

    late = {news: running.again(news, 1) for news in (PlanNews.DUE_SOON, PlanNews.MISSED, PlanNews.GRACE)}
    over = {news: running.again(news) for news in PlanNews if news not in {*late, PlanNews.SIGNED, PlanNews.RESUMED}}

    assert not any(late.values())
    assert not any(over.values())


def test_an_address_that_bounced_is_passed_over_and_nobody_left_is_written_down(running: Planned) -> None:
    own = address_of(running)
    with running.wired.database.transaction() as session:
        account = session.get_one(Account, running.account_id)
        account.email = "office@harbour.example"
        bounce(session, own)
    to_office = [mail.to for mail in running.again(PlanNews.SIGNED)]
    with running.wired.database.transaction() as session:
        bounce(session, "office@harbour.example")

    to_nobody = running.again(PlanNews.SIGNED)

    assert to_office == ["office@harbour.example"]
    assert to_nobody == []
    with running.wired.database.reading() as session:
        acts = acts_on(session, ("plan", running.plan_id))
    assert [(act.after or {})["to"] for act in acts if act.act == "plan.not_told"] == [None]


def bounce(session, address: str) -> None:  # type: ignore[no-untyped-def]
    """A mail to it came back."""
    addresses.note(session, Channel.EMAIL, address, AddressKind.BOUNCED, how="refused", actor=WORKER)


def test_a_mail_speaks_the_language_of_whoever_reads_it(running: Planned) -> None:
    with running.wired.database.transaction() as session:
        session.get_one(Login, running.actor.id).language = "es"

    [mail] = running.again(PlanNews.SIGNED)

    assert "150,00" in mail.text
    assert "Cuenta: " in mail.text


def test_the_same_news_has_the_same_mark(running: Planned) -> None:
    first, second = running.again(PlanNews.SIGNED), running.again(PlanNews.SIGNED)

    assert first[0].message_id == second[0].message_id
    assert TellPlan.kind in outbox.HANDLERS
    assert running.watch.status is PlanStatus.ACTIVE
