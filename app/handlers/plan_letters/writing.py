"""Writing: what a letter about a payment plan is made of, and what there is to be known about the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.plans import listing, queries
from domain.plans.agreed import Agreed
from domain.plans.coverage import Part
from domain.plans.health import Watched
from domain.plans.model import PaymentPlan, PlanSignature
from domain.plans.rules import rules_of, stand
from domain.plans.standing import Standing
from domain.plans.taken import Taking, takings
from domain.plans.watching import watch
from domain.policies.sections import Plans
from domain.processing.plans.signing import as_agreed
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import N_, Conflict
from domain.shared.money import Money
from domain.shared.words import Words

Fact = tuple[Words, object]
YOU_PAY, NEXT, STILL_OPEN, INVOICES = N_("You pay in all"), N_("Next"), N_("Still to be paid"), N_("Invoices")
BY = N_("{amount} by {day}")
SEE, PAY = N_("See your payment plan"), N_("Pay it now")
TALK = N_("If you can no longer pay as agreed, ask for a change on the page of the plan, before more is missed.")
WHY = N_("This is why:")
"""What several of them say."""


@dataclass(frozen=True, slots=True)
class PlanLetter:
    """What one letter says: `page` is where its button leads, below the plan's own page.

    `quote` is what staff have written, `sha256` the fingerprint of what is attached. `asks`: it asks for money, so it
    says where money can be sent to.
    """

    subject: Words
    title: Words
    paragraphs: Sequence[Words]
    facts: Sequence[Fact] = ()
    button: str = SEE
    page: str = ""
    quote: str | None = None
    sha256: str | None = None
    asks: bool = False
    amount: Money | None = None


@dataclass
class Seen:
    """A plan as it is when something is about to be written about it; `number` is the part that it is about."""

    session: Session
    plan: PaymentPlan
    number: int | None

    @cached_property
    def account(self) -> AnyRow:
        """Whose plan it is."""
        return accounts.account(self.session, self.plan.account_id)

    @cached_property
    def rules(self) -> Plans:
        """What it was made under."""
        return rules_of(self.session, [self.plan.id])[self.plan.id]

    @cached_property
    def standing(self) -> Standing:
        """How it stands, where it is signed."""
        return stand(self.session, [self.plan.id])[self.plan.id]

    @cached_property
    def watched(self) -> Watched | None:
        """How it goes, where it is active."""
        return watch(self.session, [self.plan.id]).get(self.plan.id)

    @cached_property
    def changes(self) -> AnyRows:
        """Every change of its state, the first one first."""
        return queries.changes(self.session, self.plan.id)

    @cached_property
    def signature(self) -> PlanSignature | None:
        """Who signed it."""
        return listing.signature(self.session, self.plan.id)

    @cached_property
    def method(self) -> str | None:
        """What its parts are taken from."""
        return listing.method_of(self.session, self.plan.id)

    @cached_property
    def taking(self) -> Mapping[int, Taking]:
        """How its parts are being taken."""
        return takings(self.session, self.plan.id)

    @property
    def part(self) -> Part | None:
        """The part that it is about."""
        return next((part for part in self.standing.parts if part.agreed.number == self.number), None)

    @property
    def can_be_signed_online(self) -> bool:
        """Whether anybody can sign it in the portal."""
        return queries.can_be_signed(self.session, self.plan.account_id)

    def agreed(self) -> Agreed | None:
        """What would be signed; None where too little is open by now."""
        try:
            return as_agreed(self.session, self.plan.account_id, self.plan.id)
        except Conflict:
            return None

    def money(self, minor: int) -> Money:
        """An amount in its currency."""
        return Money(minor, self.plan.currency)

    def left_by(self, part: Part) -> Words:
        """What is left of a part, and by when it is to be paid."""
        return Words.of(BY, amount=self.money(part.left), day=self.standing.due_on(part))

    @property
    def next(self) -> list[Fact]:
        """What comes next."""
        part = self.standing.next
        return [(Words.of(NEXT), self.left_by(part))] if part is not None else []

    @property
    def how_paid(self) -> Words:
        """How the parts are paid."""
        if self.method is None:
            return Words.of(N_("Please pay each part by its day. We write to you shortly before."))
        return Words.of(N_("We take each part from {method} on its day, and tell you before."), method=self.method)


def name_of(part: Part) -> Words:
    """What a part is called."""
    if part.agreed.number == 0:
        return Words.of(N_("Down payment"))
    return Words.of(N_("Instalment {number}"), number=part.agreed.number)


def numbers_of(seen: Seen) -> Fact:
    """The invoices that it is about."""
    return Words.of(INVOICES), tuple(row.number for row in queries.invoices(seen.session, seen.plan.id))
