"""Every way into the portal, tried by a stranger, by another customer, by one without the right, and by its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.logins import grant
from domain.accounts.model import Account, Right
from domain.accounts.queries import lock, logins_on
from domain.advices.telling import tell
from domain.credit.applications.applying import save
from domain.disputes.raising import Complaint, raise_dispute
from domain.disputes.reasons import Reason
from domain.documents.filing import enter
from domain.documents.model import Category
from domain.evidence.model import Audience
from domain.invoicing.credit_notes import issue_credit_note
from domain.invoicing.granted_discounts import post_grant
from domain.invoicing.model import EarlyDiscount
from domain.payments import sending
from domain.payments.setting_up import start_setup
from domain.payments.snapshots import IntentState
from domain.plans.model import PaymentPlan
from domain.plans.negotiating import Ask, ask_for
from domain.policies.sections import Acceptance, Extensions, Promises, Sections
from domain.receivables.allocating import add_credit, apply
from domain.receivables.model import CreditKind, Invoice
from domain.rounds.choosing import plan
from domain.rounds.going import begin
from domain.rounds.queries import items
from domain.settlements.accepting import accept
from domain.settlements.model import Concession, SettlementOffer
from domain.settlements.offering import offer
from domain.settlements.queries import invoices as offered_invoices
from domain.shared.actor import OPERATOR, WORKER, Actor
from domain.shared.db.session import now, today
from domain.staff.model import Role
from tests.portal.conftest import ADDRESS, Portal, sign_in
from tests.support.builders import an_invoice, money
from tests.support.client import Client
from tests.support.credit import a_cheque
from tests.support.evidence import a_pack
from tests.support.files import a_photo, taken_in
from tests.support.outside import PlainRenderer
from tests.support.paying import Debt, open_page, succeed
from tests.support.planning import PLANS, monthly, signed
from tests.support.policies import a_policy
from tests.support.promising import promised
from tests.support.routes import Way, go, leads_to, ways
from tests.support.saving import AGREED, VISA, a_method, an_intent, start_automatic
from tests.support.settling import SETTLEMENTS, wanted
from tests.support.terms import asking, say_yes

Browser = Callable[[], Client]

ADVICE = {"advice_page", "tell_us", "take_advice_back"}
WAYS_TO_PAY = {"list_ways", "add_way", "added", "added_state", "share_way", "check_removal", "remove_way"}
AUTOPAY = {"show_autopay", "check_autopay", "turn_on_autopay", "check_autopay_off", "turn_off_autopay"}
SEVERAL = {"pay_item", "skip_item", "give_up_item", "item_returned"}
APPLYING = {"apply_page", "apply", "withdraw_application"}
PAYING = {"check", "pay", "credit_page", "use", "give_up", "confirm"}
LATER = {"later", "later_form", "pay_later", "promise_form", "make_promise"}
PROVING = {"show_packs", "ask_for_pack", "show_pack", "download_pack"}
SETTLING = {"check_settlement", "accept_settlement", "decline_settlement"}
PLANS_ASKED = {"plan_form", "ask_for_plan", "counter_form", "counter_plan", "withdraw_plan", "sign_plan"}
PLANS_PAID = {"start_plan", "plan_pay_page", "pay_plan", "plan_method_page", "set_plan_method"}
DISPUTING = {"dispute_form", "raise_it", "withdraw_dispute", "write_about_dispute"}
IN_PARTS = {*PLANS_ASKED, *PLANS_PAID}
SAVED = {*WAYS_TO_PAY, *AUTOPAY}
ASKED = {*PAYING, *DISPUTING, *LATER, *ADVICE, *SAVED, *SEVERAL, *APPLYING, *SETTLING, *PROVING, *IN_PARTS}
TO_PAY = {*ASKED, "accept_terms"}
"""The ways that need more than the right to see the account; all others need that one only."""
OUTSIDER = "tom@elsewhere.example"
LOOKER = "eve@harbour.example"


def private(portal: Portal) -> list[Way]:
    """The ways for those who are signed in."""
    return [way for way in ways(portal.app) if not way.is_public]


def on_an_account(portal: Portal) -> list[Way]:
    """Those of them that are about an account."""
    return [way for way in private(portal) if "account_id" in way.wants]


def world(portal: Portal) -> dict[str, object]:
    """Maya's account with one of everything that a path can name; Eve may only look, Tom has another account."""
    owed = ("120.00", "30.00", "7.00", "9.00", "8.00", "1.00", "60.00")
    account_id, (paid, live, credited, asked, several, early, planned) = portal.account(*owed)
    portal.account("5.00", email=OUTSIDER)
    with portal.db.transaction() as session:
        account = lock(session, account_id)
        maya = next(row.id for row in logins_on(session, account_id) if row.email == ADDRESS)
        grant(session, account, email=LOOKER, name="Eve", rights={Right.VIEW}, actor=OPERATOR)
        invoice = session.get_one(Invoice, credited)
        note = issue_credit_note(session, account, invoice, money("1"), reason="x", actor=OPERATOR)
        discount = EarlyDiscount(
            account_id=account_id,
            invoice_id=early,
            payment="early",
            number="CN-2",
            currency="GBP",
            amount_minor=100,
            tax_minor=20,
            effective_on=today(session),
            version_id=1,
            recorded_at=now(session),
        )
        session.add(discount)
        session.flush()
        post_grant(session, account, discount)
        off = add_credit(
            session,
            account,
            kind=CreditKind.DISCOUNT,
            source=discount.source,
            amount=discount.amount,
            effective_on=today(session),
        )
        apply(session, off, session.get_one(Invoice, early), discount.amount)
        offers = [_offered(session, account) for _ in range(2)]
        conceded = _conceded(session, account, maya)
        paper = enter(
            session,
            taken_in(portal.store, a_photo(), "delivered.jpg"),
            category=Category.PROOF_OF_DELIVERY,
            account_id=account_id,
            subject=("account", account_id),
            actor=OPERATOR,
        )
    debt = Debt(account_id, [paid, live], maya, maya)
    receipted = open_page(portal.db, portal.processor, debt, {paid: money("120")})
    succeed(portal.db, receipted.public_id, money("120"))
    waiting = open_page(portal.db, portal.processor, debt, {live: money("30")})
    kept = a_method(portal.db, account_id, maya)
    removable = a_method(portal.db, account_id, maya, replace(VISA, method_ref="pm_2"))
    with portal.db.transaction() as session:
        complaint = Complaint(Reason.OTHER, "x", money("1"))
        dispute = raise_dispute(session, account_id, live, complaint, login_id=maya, actor=OPERATOR)
        begun = save(session, account_id, {}, login_id=maya, actor=OPERATOR)
        told = tell(session, account_id, {credited: money("1")}, expected_on=today(session), actor=OPERATOR)
        listed = begin(session, maya, plan(session, maya, invoice_ids=[several]), actor=OPERATOR)
        [item] = items(session, maya, listed.id)
        promise = promised(session, session.get_one(Account, account_id), session.get_one(Invoice, credited))
        rules = Sections(
            extensions=Extensions(most_days=14), promises=Promises(most_days=9), acceptance=Acceptance(), plans=PLANS
        )
        accepted = a_policy(session, asking(), account_id=account_id)
        say_yes(session, portal.store, account_id, accepted.id, login_id=maya)
        version = a_policy(session, rules, account_id=account_id)
        later = session.get_one(Invoice, credited).due_on + timedelta(days=1)
        proposed = Ask((planned,), monthly(session, 3))
        plan_id = ask_for(session, account_id, proposed, login_id=maya, actor=Actor.login(maya)).id
        signed(session, portal.store, session.get_one(PaymentPlan, plan_id), Actor.login(maya))
    return {
        "account_id": account_id,
        "version_id": version.id,
        "accepted": accepted.id,
        "advice_id": told.id,
        "dispute_id": dispute.id,
        "promise_id": promise.id,
        "plan_id": plan_id,
        "application_id": begun.id,
        "round_id": listed.id,
        "item_id": item.id,
        "method_id": kept,
        "removable": removable,
        "asked": _asked_by_bank(portal, Debt(account_id, [asked], maya, maya), kept),
        "setup": _added(portal, account_id, maya),
        "invoice_id": credited,
        "later": later,
        "credit_note_id": note.id,
        "discount_id": discount.id,
        "offer_id": offers[0].id,
        "declinable": offers[1].id,
        "concession_id": conceded.id,
        "document_id": paper.id,
        "public_id": waiting.public_id,
        "pack_ref": _a_pack(portal, account_id),
        "receipted": receipted.public_id,
    }


def _offered(session: Session, account: Account) -> SettlementOffer:
    """An offer to settle an old invoice."""
    due_on = today(session) - timedelta(days=90)
    old = an_invoice(session, account, "40", tax="8", issued_on=due_on, due_on=due_on)
    return offer(session, account.id, wanted(session, "30", old), role=Role.MANAGER, actor=OPERATOR)


def _conceded(session: Session, account: Account, login_id: int) -> Concession:
    """What was given up, with its tax, when an offer was paid."""
    a_policy(session, Sections(settlements=SETTLEMENTS), account_id=account.id)
    made = accept(session, account.id, _offered(session, account).id, parts=1, actor=Actor.login(login_id))
    (row,) = offered_invoices(session, made.id)
    a_cheque(session, account, "30", wanted={row.id: money("30")})
    return session.scalars(select(Concession)).one()


def _a_pack(portal: Portal, account_id: int) -> str:
    """A pack of evidence that was made for the customer."""
    made = a_pack(portal.db, account_id, audience=Audience.CUSTOMER, store=portal.store.near, renderer=PlainRenderer())
    return made.pack.public_id


def _asked_by_bank(portal: Portal, debt: Debt, method_id: int) -> str:
    """An automatic payment that the bank wants confirmed."""
    started = start_automatic(portal.db, portal.processor, debt, {debt.invoices[0]: money("9")}, method_id)
    portal.processor.answers[f"pay:{started.public_id}:1"] = an_intent(
        started.public_id,
        IntentState.WAITING,
        amount=money("9"),
        failure="Your bank wants you to confirm this.",
        failure_code="authentication_required",
        intent_id="pi_2",
    )
    sending.send(portal.db, portal.processor, started.attempt_id, actor=WORKER)
    return started.public_id


def _added(portal: Portal, account_id: int, login_id: int) -> str:
    """A card that is just being kept."""
    with portal.db.transaction() as session:
        return start_setup(
            session,
            portal.processor,
            account_id,
            login_id=login_id,
            agreement=AGREED,
            return_url="https://portal.example/{setup}",
            cancel_url="https://portal.example",
        ).public_id


def path(way: Way, values: dict[str, object]) -> str:
    """The way on Maya's account; a receipt is of a payment that succeeded, and so on."""
    of_its_own = {"receipt_pdf": "receipted", "confirm": "asked", "added": "setup", "added_state": "setup"}
    named = {**values, "public_id": values[of_its_own.get(way.name, "public_id")]}
    if way.name == "acceptance_pdf":
        named["version_id"] = values["accepted"]
    if way.name == "decline_settlement":
        named["offer_id"] = values["declinable"]
    if way.name == "remove_way":
        named["method_id"] = values["removable"]
    queries = {
        "check": f"?invoice={values['invoice_id']}",
        "check_autopay": f"?method={values['method_id']}",
        "check_settlement": "?parts=1",
    }
    return way.filled(named) + queries.get(way.name, "")


def answers(portal: Portal, client: Client, values: dict[str, object]) -> dict[str, int]:
    """How each way on Maya's account answers this browser."""
    forms = {
        "turn_on_autopay": {"method": str(values["method_id"]), "once": "once"},
        "raise_it": {"reason": "other", "amount": "1", "words": "x", "once": "thrice"},
        "write_about_dispute": {"words": "x", "once": "fifth"},
        "pay_item": {"expected": "800", "once": "twice"},
        "ask_for_pack": {"once": "fifth"},
        "accept_settlement": {"parts": "1", "once": "fourth"},
        "make_promise": {"invoice": str(values["invoice_id"]), "promised_on": str(values["later"]), "step": "change"},
        "ask_for_plan": {"step": "change"},
        "counter_plan": {"step": "change"},
        "pay_plan": {"what": "part"},
        "pay_later": {"due_on": str(values["later"]), "step": "check"},
    }
    return {
        f"{way.method} {way.name}": go(client, way, path(way, values), forms.get(way.name)).status
        for way in on_an_account(portal)
    }


def test_strangers_are_led_to_the_door_everywhere(portal: Portal, open_browser: Browser) -> None:
    values: dict[str, object] = {name: 1 for way in private(portal) for name in way.wants}

    outside = {
        way.name: (open_browser().get if way.method == "GET" else open_browser().post)(way.filled(values))
        for way in private(portal)
    }

    assert len(outside) > 15
    assert [name for name, page in outside.items() if not leads_to(page, "/sign-in")] == []


def test_another_customer_finds_nothing_there(portal: Portal) -> None:
    values = world(portal)

    found = answers(portal, sign_in(portal, Client(portal.app, reads=False), OUTSIDER), values)

    assert set(found.values()) == {404}, found


def test_whoever_may_only_look_is_told_who_can(portal: Portal) -> None:
    values = world(portal)
    eve = sign_in(portal, Client(portal.app, reads=False), LOOKER)

    found = answers(portal, eve, values)
    refused = eve.get(f"/accounts/{values['account_id']}/pay?invoice={values['invoice_id']}")

    assert {name.split()[1] for name, status in found.items() if status == 403} == TO_PAY
    assert {status for name, status in found.items() if name.split()[1] not in TO_PAY} == {200}
    assert "Maya" in refused.words


def test_its_own_people_get_in_everywhere(portal: Portal, open_browser: Browser) -> None:
    values = world(portal)

    found = answers(portal, sign_in(portal, open_browser()), values)

    assert {name: status for name, status in found.items() if status not in {200, 303}} == {}


def test_a_thing_of_another_account_is_not_found_on_ones_own(portal: Portal) -> None:
    values = world(portal)
    tom = sign_in(portal, Client(portal.app, reads=False), OUTSIDER)
    own = {**values, "account_id": str(tom.follow(tom.get("/")).path).split("/")[2]}

    mixed = {
        way.name: go(tom, way, path(way, own)).status for way in on_an_account(portal) if way.wants != ["account_id"]
    }

    assert set(mixed.values()) == {404}, mixed


def test_a_form_without_our_token_does_nothing(portal: Portal) -> None:
    values = world(portal)
    maya = sign_in(portal, Client(portal.app, reads=False))

    found = {way.name: maya.post(path(way, values)).status for way in private(portal) if way.method == "POST"}

    assert set(found.values()) == {403}
