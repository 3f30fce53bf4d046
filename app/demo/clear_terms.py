"""Clear terms: policies are published, accepted and applied; what is asked for, granted, contested and held by them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.acts import Acts, Known, customers
from app.demo.basket import basket, dearest
from app.demo.cast import HARBOUR
from app.demo.habits import working_day
from app.demo.story import Story
from domain.accounts.model import LegalForm
from domain.credit.applications import applying
from domain.credit.applications.applying import Reference, Sent
from domain.credit.limits import set_limit
from domain.disputes.raising import Complaint, raise_dispute
from domain.disputes.reasons import Reason
from domain.disputes.resolving import begin_review, reject
from domain.late_charges.model import ChargeAct, ChargeKind, LateCharge
from domain.late_charges.waiving import waive
from domain.policies import acceptances, accepting, assigning, drafting, groups, paper, publishing
from domain.policies.accepting import Signer
from domain.policies.assigning import EVERYBODY, Whom
from domain.policies.contacting import Channel, Recipient, Wording
from domain.policies.profiles import profile
from domain.policies.ruling import RuleBook
from domain.policies.sections import (
    Acceptance,
    Bracket,
    Courtesies,
    DueRule,
    Dunning,
    DunningStep,
    EarlyDiscount,
    Extensions,
    Grades,
    Handoff,
    LateInterest,
    Limits,
    Outcome,
    Plans,
    Promises,
    Scorecard,
    Sections,
    Settlements,
    Step,
    Terms,
    Trait,
    Weighed,
    digest,
)
from domain.processing.extending import extend_alone
from domain.processing.stopping import Wish, set_stop
from domain.promises.making import Word, promise_alone
from domain.receivables.model import Invoice
from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.shared.money import Money
from domain.staff.model import Role
from domain.stops.model import StopKind

TRADE, PUBLIC = "Trade terms", "Public bodies"
SECOND_AGO = 80
"""How many days ago the second version of the trade terms was published."""
UNREAD = ("A-1025", "A-1031", "A-1070")
"""Who has not accepted it."""
NEARLY_FULL = "A-1018"
BROKE_ITS_WORD, PROMISED = "A-1079", "A-1015"
APPLICANT, EXTENDED, ANSWERED, IN_MORATORIUM = "A-1064", "A-1055", "A-1020", "A-1010"

REMINDERS = Dunning(
    steps=(
        DunningStep(day=-3, channel=Channel.EMAIL, wording=Wording.COURTESY),
        DunningStep(day=0, channel=Channel.EMAIL, wording=Wording.DUE_TODAY),
        DunningStep(day=7, channel=Channel.SMS, wording=Wording.FIRST_REMINDER),
        DunningStep(day=14, channel=Channel.EMAIL, wording=Wording.SECOND_REMINDER, gap_days=5),
        DunningStep(day=21, channel=Channel.CALL, wording=Wording.SECOND_REMINDER, gap_days=5),
        DunningStep(
            day=30,
            channel=Channel.LETTER,
            wording=Wording.DEMAND,
            recipient=Recipient.ABOVE,
            approve=True,
            gap_days=7,
            sender="Ade Okafor",
        ),
        DunningStep(
            day=45,
            channel=Channel.LETTER,
            wording=Wording.FINAL_NOTICE,
            recipient=Recipient.GUARANTOR,
            approve=True,
            gap_days=10,
            sender="Ade Okafor",
        ),
    ),
    least_minor=10_00,
    escalate_day=60,
)
"""From a word before the due day to a final notice; on day 60 somebody decides what else to do."""
GENTLY = Dunning(
    steps=(
        DunningStep(day=7, channel=Channel.EMAIL, wording=Wording.FIRST_REMINDER),
        DunningStep(day=28, channel=Channel.EMAIL, wording=Wording.SECOND_REMINDER, gap_days=14),
    ),
    least_minor=10_00,
)
"""Schools, councils and clubs are reminded twice, and by mail alone."""
PLANS = Plans(most_months=12, least_minor=20_00, most_minor=5_000_00)
"""What customers agree to alone: a year, instalments of £20, £5,000; beyond it Sam decides up to six months."""
SETTLEMENTS = Settlements(
    brackets=(
        Bracket(late_days=30, most_percent=10, most_parts=2),
        Bracket(late_days=120, most_percent=25, most_parts=3),
        Bracket(late_days=240, most_percent=40, most_parts=6),
    )
)
"""The older a debt, the more of it may be given up."""
FIRST = Sections(
    terms=Terms(rule=DueRule.ACCOUNT),
    early_discount=EarlyDiscount(percent=Decimal(2), days=10),
    extensions=Extensions(most_days=14, most_minor=2_000_00),
    promises=Promises(most_days=21, least_percent=50),
    dunning=REMINDERS,
    courtesies=Courtesies(),
    plans=PLANS,
    settlements=SETTLEMENTS,
    handoff=Handoff(late_days=60, least_minor=100_00, least_notices=2),
    limits=Limits(limit_minor=8_000_00, hold_overdue_days=60, hold_overdue_least_minor=250_00, check_months=12),
    scorecard=Scorecard(
        weighed=(
            Weighed(Trait.CHECK_SCORE, (Step(Decimal(40), 15), Step(Decimal(60), 30), Step(Decimal(80), 45)), 5),
            Weighed(Trait.YEARS_TRADING, (Step(Decimal(2), 10), Step(Decimal(5), 20))),
            Weighed(Trait.REFERENCES, (Step(Decimal(1), 10), Step(Decimal(2), 20))),
        ),
        outcomes=(Outcome(35, 50, 2_500_00, 14), Outcome(60, 100, 8_000_00, 30)),
    ),
    grades=Grades(),
    acceptance=Acceptance(),
)
"""The trade terms as they began: nothing is charged for lateness."""


def plan_clear_terms(story: Story) -> None:
    """Write into the story's diary who publishes, accepts, asks for and contests what."""

    def ago(days: int) -> date:
        return working_day(story.last_day - timedelta(days=days))

    second = ago(SECOND_AGO)
    story.put(story.first_day, 7.2, lambda: _publish_first(story.acts, story.first_day))
    story.put(story.first_day, 8.2, lambda: _form_the_group(story.acts))
    story.put(story.first_day, 8.3, story.acts.stage.ask_for_terms)
    story.put(story.first_day, 8.4, lambda: _accept(story.acts, story.acts.known.values()))
    story.put(second, 9.5, lambda: _publish_second(story.acts))
    for after in (0, *Acceptance().remind_after_days):
        story.put(second + timedelta(days=after), 9.6, story.acts.stage.ask_for_terms)
    story.put(second, 16, lambda: _accept(story.acts, _willing(story.acts)))
    for newcomer in customers(new=True):
        story.put(ago(70), 11.2, partial(_accept_late, story, newcomer.number))
    story.put(ago(44), 10.3, lambda: _limit(story, NEARLY_FULL, 900_00))
    story.put(ago(38), 9.9, lambda: _contest_in_vain(story))
    story.put(ago(30), 16.2, lambda: _promise(story, BROKE_ITS_WORD, 9))
    story.put(ago(16), 12.7, lambda: _extend(story))
    story.put(ago(4), 17.1, lambda: _promise(story, PROMISED, 12))
    story.put(ago(12), 11.8, lambda: _waive(story))
    story.put(ago(11), 10.1, lambda: _hold(story))
    story.put(ago(8), 15.4, lambda: _contest(story))
    story.put(ago(5), 14.1, lambda: _apply(story))
    story.put(ago(2), 9.1, lambda: _order(story))


def _publish_first(acts: Acts, day: date) -> None:
    """The trade terms rule everybody from the beginning."""

    def write(session: Session, ade: Actor) -> None:
        policy = drafting.create(session, TRADE, sections=FIRST, actor=ade)
        publishing.publish(session, policy.id, day, seen=digest(FIRST), actor=ade)
        assigning.assign(session, policy.id, EVERYBODY, day, actor=ade)

    _by_ade(acts, write)


def _form_the_group(acts: Acts) -> None:
    """Schools, councils and clubs have terms of their own."""
    sections = Sections(
        terms=Terms(rule=DueRule.NET, days=30), dunning=GENTLY, courtesies=Courtesies(), grades=Grades()
    )
    bodies = [known for known in acts.known.values() if known.customer.form is LegalForm.PUBLIC_BODY]

    def write(session: Session, ade: Actor) -> None:
        policy = drafting.create(session, PUBLIC, sections=sections, actor=ade)
        publishing.publish(session, policy.id, today(session), seen=digest(sections), actor=ade)
        group = groups.make(session, PUBLIC, actor=ade)
        for known in bodies:
            groups.put_in(session, group.id, known.account_id, actor=ade)
        assigning.assign(session, policy.id, Whom(group_id=group.id), today(session), actor=ade)

    _by_ade(acts, write)


def _publish_second(acts: Acts) -> None:
    """Late payment costs something from tomorrow on, for whoever accepts that."""

    def write(session: Session, ade: Actor) -> None:
        policy = next(iter(RuleBook(session, ()).versions.values())).policy_id
        costs = profile("uk_statutory").sections.recovery_cost
        drafting.begin(session, policy, actor=ade)
        interest = LateInterest(margin=Decimal(8), grace_days=5, least_minor=2_00, businesses_only=True)
        drafting.write_section(session, policy, "late_interest", interest, actor=ade)
        drafting.write_section(session, policy, "recovery_cost", costs, actor=ade)
        seen = digest(drafting.draft(session, policy).sections)
        publishing.publish(session, policy, today(session) + timedelta(days=1), seen=seen, actor=ade)

    _by_ade(acts, write)


def _willing(acts: Acts) -> list[Known]:
    return [known for number, known in acts.known.items() if number not in UNREAD]


def _accept_late(story: Story, number: str) -> None:
    _accept(story.acts, [story.known(number)])


def _accept(acts: Acts, willing: Iterable[Known]) -> None:
    """The bookkeepers accept whatever they are asked to accept, each in their own language."""
    everything = acts.stage.wired
    for known in willing:
        with acts.database.transaction() as session:
            for version in acceptances.is_asked(session, known.account_id):
                read = paper.kept(session, everything.store, everything.renderer, version, known.customer.language)
                signer = Signer(known.customer.contact, "Bookkeeper", "Mozilla/5.0")
                actor = Actor.login(known.login_id, "203.0.113.17")
                accepting.accept(session, known.account_id, read, signer, actor=actor)


def _limit(story: Story, number: str, minor: int) -> None:
    known = story.known(number)

    def write(session: Session, ade: Actor) -> None:
        limit = Money(minor, known.customer.currency)
        set_limit(session, known.account_id, limit, why="As their bank suggests", role=Role.MANAGER, actor=ade)

    _by_ade(story.acts, write)


def _contest(story: Story) -> None:
    """Harbour Café contests a part of an invoice; nobody has answered yet."""
    known = story.known(HARBOUR)
    invoice_id, still_open = story.owed(known)
    with story.acts.database.transaction() as session:
        line_id, article, minor = dearest(session, invoice_id)
        words = f"Half of it arrived damaged: {article}. Photographs on request."
        half = min(Money(minor, still_open.currency).split(2)[0], still_open)
        complaint = Complaint(Reason.DAMAGED, words, half, line_ids=(line_id,))
        _raise(session, known, invoice_id, complaint)


def _contest_in_vain(story: Story) -> None:
    """A price is contested, and the signed order shows that it was agreed."""
    known = story.known(ANSWERED)
    invoice_id, _ = story.owed(known)
    with story.acts.database.transaction() as session:
        dispute_id = _raise(session, known, invoice_id, Complaint(Reason.WRONG_PRICE, "We agreed on 10 % less."))
        begin_review(session, known.account_id, dispute_id, actor=story.acts.staff["Sam"])
    story.acts.stage.clock.advance(minutes=50)
    with story.acts.database.transaction() as session:
        answer = "The price on your order of the 3rd is the one that we invoiced; the 10 % were for the order before."
        reject(session, known.account_id, dispute_id, answer=answer, actor=story.acts.staff["Sam"])


def _raise(session: Session, known: Known, invoice_id: int, complaint: Complaint) -> int:
    actor = Actor.login(known.login_id)
    return raise_dispute(session, known.account_id, invoice_id, complaint, login_id=known.login_id, actor=actor).id


def _promise(story: Story, number: str, days: int) -> None:
    """A customer names the day on which they will pay an invoice."""
    known = story.known(number)
    invoice_id, _ = story.owed(known)
    with story.acts.database.transaction() as session:
        word = Word(today(session) + timedelta(days=days), (invoice_id,), words="Our own customer pays us that week.")
        actor = Actor.login(known.login_id)
        promise_alone(session, known.account_id, word, login_id=known.login_id, actor=actor)


def _extend(story: Story) -> None:
    """A customer sets the due date of an invoice a week later, by themselves."""
    known = story.known(EXTENDED)
    invoice = story.acts.issue(known, basket(known.customer, story.chance(known)))
    with story.acts.database.transaction() as session:
        extend_alone(
            session, known.account_id, invoice.id, invoice.due_on + timedelta(days=7), actor=Actor.login(known.login_id)
        )


def _waive(story: Story) -> None:
    """Harbour Café is let off a part of what its lateness cost, where it cost something."""
    account_id = story.known(HARBOUR).account_id
    costs = select(LateCharge.debit_note_id).where(
        LateCharge.account_id == account_id,
        LateCharge.kind == ChargeKind.RECOVERY_COST,
        LateCharge.act == ChargeAct.CHARGED,
    )

    def write(session: Session, ade: Actor) -> None:
        still_open = select(Invoice).where(Invoice.id.in_(costs), Invoice.open_minor > 0).order_by(Invoice.id)
        note = session.scalars(still_open.limit(1)).first()
        if note is None:
            return
        reason = "Our driver had left the invoice with the neighbours"
        waive(session, account_id, note.id, note.open.split(2)[0], reason=reason, role=Role.MANAGER, actor=ade)

    _by_ade(story.acts, write)


def _hold(story: Story) -> None:
    """A sole trader is in a moratorium for people in debt: nothing is asked of them until it ends."""
    account_id = story.known(IN_MORATORIUM).account_id
    with story.acts.database.transaction() as session:
        until_on = today(session) + timedelta(days=60)
        wish = Wish(StopKind.BREATHING_SPACE, "Notice of a debt adviser, filed with the post", until_on=until_on)
        set_stop(session, account_id, wish, actor=story.acts.staff["Sam"])


def _apply(story: Story) -> None:
    """A customer of three months applies for credit; staff have to look into it."""
    known = story.known(APPLICANT)
    sent = Sent(
        legal_name=known.customer.name,
        legal_form=known.customer.form,
        country="GB",
        company_number="09876543",
        tax_number="",
        trading_since=2019,
        wanted=Money(12_000_00, known.customer.currency),
        purpose="Stock for the second studio, paid monthly",
        references=(Reference("Peckham Towels Ltd", "020 7946 0907"), Reference("Kite Drinks Ltd", "ar@kite.example")),
    )
    actor = Actor.login(known.login_id)
    with story.acts.database.transaction() as session:
        applying.submit(session, known.account_id, {}, sent, login_id=known.login_id, actor=actor)


def _order(story: Story) -> None:
    """Harbour Café has an invoice that costs less if it is paid within ten days."""
    known = story.known(HARBOUR)
    story.acts.issue(known, basket(known.customer, story.chance(known)))


def _by_ade(acts: Acts, write: Callable[[Session, Actor], None]) -> None:
    with acts.database.transaction() as session:
        write(session, acts.staff["Ade"])
