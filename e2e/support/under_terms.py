"""Under terms: an account ruled by a policy that uses every section, to which all that it rules has happened once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import LegalForm, Login
from domain.credit.applications import applying
from domain.credit.applications.applying import Reference, Sent
from domain.credit.checks.provider import CheckResult
from domain.credit.checks.recording import record
from domain.credit.holding import review
from domain.disputes.raising import Complaint, raise_dispute
from domain.disputes.reasons import Reason
from domain.documents.intake import Intake
from domain.late_charges.charging import charge_account
from domain.late_charges.facts import rules
from domain.late_charges.model import ChargeAct, ChargeKind, LateCharge
from domain.late_charges.waiving import waive
from domain.policies import accepting, drafting, groups, paper
from domain.policies.accepting import Signer
from domain.policies.ruling import RuleBook
from domain.policies.sections import (
    Acceptance,
    Band,
    DueRule,
    EarlyDiscount,
    Extensions,
    LateInterest,
    Limits,
    Outcome,
    Promises,
    RecoveryCost,
    Scorecard,
    Sections,
    Step,
    Terms,
    Trait,
    Weighed,
)
from domain.processing.extending import extend_alone
from domain.processing.stopping import Wish, set_stop
from domain.promises.making import Word, promise_alone
from domain.shared.actor import WORKER, Actor
from domain.shared.db.session import today
from domain.shared.words import Speaking
from domain.staff.model import Role, StaffMember
from domain.stops.model import StopKind
from tests.support.builders import an_invoice, money
from tests.support.house import Debt, House
from tests.support.policies import a_policy
from tests.support.terms import next_version
from web.forms import Upload
from web.localisation import localisation

DAY = timedelta(days=1)
LAST_CHARGE_DAY = 28


@dataclass(frozen=True, slots=True)
class UnderTerms:
    """The policy, the account's group, a version that was accepted and one that waits, and one of each other kind."""

    policy: int
    group: int
    accepted: int
    waiting: int
    overdue: int
    interest: int
    cost: int
    discounted: int
    extended: int
    contested: int
    dispute: int
    application: int
    promise: int


def put_under_terms(house: House, debt: Debt, officer: StaffMember) -> UnderTerms:
    """Terms are accepted and published anew; charges, a waiver, an extension, a dispute, a stop and a hold follow."""
    with house.wired.database.transaction() as session:
        day = today(session)
        login = session.scalars(select(Login.id).where(Login.email == debt.email)).one()
        policy = a_policy(session, _sections(day), account_id=debt.account_id).policy_id
        account = accounts.lock(session, debt.account_id)
        overdue = an_invoice(session, account, "900.00", issued_on=day - 50 * DAY, due_on=day - 20 * DAY).id
        discounted, extended, contested = (an_invoice(session, account, amount).id for amount in ("300", "200", "100"))
    interest, cost = _charge(house, debt.account_id, officer)
    with house.wired.database.transaction() as session:
        by_customer, by_staff = Actor.login(login), Actor.staff(officer.id)
        extend_alone(session, debt.account_id, extended, day + 37 * DAY, actor=by_customer)
        complaint = Complaint(Reason.DAMAGED, "Two of the eight sleeves were crushed.", money("40"))
        dispute = raise_dispute(session, debt.account_id, contested, complaint, login_id=login, actor=by_customer).id
        set_stop(
            session,
            debt.account_id,
            Wish(StopKind.MANUAL, "We promised to look into it", invoice_id=contested),
            actor=by_staff,
        )
        application = _apply(session, house, debt, login, day, by_staff)
        review(session, debt.account_id)
        accepted = next_version(session, policy, _sections(day, Acceptance(told_is_enough=False)), day).id
    _accept(house, debt.account_id, login, accepted)
    with house.wired.database.transaction() as session:
        dearer = _sections(day, Acceptance(told_is_enough=False), margin=Decimal(9))
        waiting = next_version(session, policy, dearer, day + DAY).id
        drafting.begin(session, policy, actor=by_staff)
        group = groups.make(session, f"Group of {debt.email}", actor=by_staff)
        groups.put_in(session, group.id, debt.account_id, actor=by_staff)
        word = Word(day + 7 * DAY, (overdue,), words="Our own customer pays us that week.")
        promise = promise_alone(session, debt.account_id, word, login_id=login, actor=by_customer).id
    return UnderTerms(
        policy,
        group.id,
        accepted,
        waiting,
        overdue,
        interest,
        cost,
        discounted,
        extended,
        contested,
        dispute,
        application,
        promise,
    )


def _sections(day: date, acceptance: Acceptance | None = None, margin: Decimal = Decimal(8)) -> Sections:
    """Every section; interest is charged on the last day that it can be up to `day`."""
    return Sections(
        terms=Terms(rule=DueRule.NET, days=30),
        early_discount=EarlyDiscount(percent=Decimal(2), days=10),
        late_interest=LateInterest(margin=margin, charge_day=min(day.day, LAST_CHARGE_DAY)),
        recovery_cost=RecoveryCost(currency="GBP", bands=(Band(40_00, 1_000_00), Band(70_00)), businesses_only=False),
        extensions=Extensions(most_days=14),
        promises=Promises(most_days=14),
        limits=Limits(limit_minor=1_000_00),
        scorecard=Scorecard(
            weighed=(Weighed(Trait.CHECK_SCORE, (Step(Decimal(60), 30),), 5),),
            outcomes=(Outcome(30, 50, 2_500_00, 14),),
        ),
        acceptance=acceptance,
    )


def _english(language: str) -> Speaking:
    return localisation("en", "Europe/London")


def _charge(house: House, account_id: int, officer: StaffMember) -> tuple[int, int]:
    """The debit notes for interest and for costs; a part of the second is waived."""
    with house.wired.database.transaction() as session:
        before = today(session) - 5 * DAY
        charge_account(session, account_id, rules(session), before=before, since=None, speak=_english, actor=WORKER)
        made = select(LateCharge).where(LateCharge.account_id == account_id, LateCharge.act == ChargeAct.CHARGED)
        notes = {row.kind: row.debit_note_id for row in session.scalars(made)}
        cost = notes[ChargeKind.RECOVERY_COST]
        waive(
            session,
            account_id,
            cost,
            money("10"),
            reason="The first time in years",
            role=Role.MANAGER,
            actor=Actor.staff(officer.id),
        )
    return notes[ChargeKind.INTEREST], cost


def _apply(session: Session, house: House, debt: Debt, login: int, day: date, by_staff: Actor) -> int:
    """An application with a reference, and what an agency says of whoever applies."""
    sent = Sent(
        legal_name=f"Company of {debt.email}",
        legal_form=LegalForm.COMPANY,
        country="GB",
        company_number="09876543",
        tax_number="",
        trading_since=2019,
        wanted=money("4000"),
        purpose="Stock for the second shop",
        references=(Reference("Kite Drinks", "ar@kite.example"),),
    )
    application = applying.submit(session, debt.account_id, {}, sent, login_id=login, actor=Actor.login(login))
    result = CheckResult(72, money("3000"), "Low risk", day, None)
    raw = Intake(house.wired.store).take_in(Upload("check.txt", "text/plain", BytesIO(b"Score 72")))
    record(session, debt.account_id, result, provider="Northern Bureau", actor=by_staff, paper=raw)
    return application.id


def _accept(house: House, account_id: int, login: int, version_id: int) -> None:
    wired = house.wired
    with wired.database.transaction() as session:
        version = RuleBook(session, [account_id]).versions[version_id]
        kept = paper.kept(session, wired.store, wired.renderer, version, "en")
        signer = Signer("Maya Lindqvist", "Director", "Firefox")
        accepting.accept(session, account_id, kept, signer, actor=Actor.login(login, "203.0.113.17"))
