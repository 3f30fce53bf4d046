"""Proving: our claim in a proceeding is filed, each version for good, sent to whoever runs it, and decided by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.documents import filing
from domain.documents.intake import TakenIn
from domain.documents.model import Category
from domain.documents.storage import Store
from domain.insolvencies import queries
from domain.insolvencies.details import LONGEST, SUBJECT, check_open, follow_task
from domain.insolvencies.messages import SendProof
from domain.insolvencies.model import ClaimDecision, Insolvency, ProofOfClaim, ProvedInvoice
from domain.outbox import sending as outbox
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money

MEDIA_TYPE = "application/pdf"
LONGEST_REASON = 1_000
CHANGED = N_("The books have changed since this claim was shown. Look at it once more.")


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """What of one invoice was owed at the beginning of the first day, in three parts; debit notes count with it."""

    invoice_id: int
    number: str
    issued_on: date
    due_on: date
    principal: Money
    interest: Money
    costs: Money

    @property
    def total(self) -> Money:
        """All that was owed on it."""
        return self.principal + self.interest + self.costs


@dataclass(frozen=True, slots=True)
class Claimed:
    """What we claim, in three parts, since when it is filed, and why it is not what the books say, where it is not."""

    principal: Money
    interest: Money
    costs: Money
    filed_on: date
    reason: str = ""

    @property
    def total(self) -> Money:
        """All that is claimed."""
        return self.principal + self.interest + self.costs


@dataclass(frozen=True, slots=True)
class ProofPaper:
    """A claim as PDF: its bytes, the number that they bear, and the lines that they say."""

    content: bytes
    number: int
    lines: Sequence[ClaimLine]


def next_number(session: Session, insolvency_id: int) -> int:
    """Which version of the claim is filed next: the first is 1."""
    latest = queries.latest_proof(session, insolvency_id)
    return latest.number + 1 if latest else 1


def check_claim(session: Session, found: Insolvency, claimed: Claimed, computed: Money) -> None:
    """Do nothing for a claim that can be filed in an open proceeding; Invalid beside its field, Conflict."""
    check_open(found)
    for name in ("principal", "interest", "costs"):
        if getattr(claimed, name).minor < 0:
            raise Invalid(N_("Enter an amount that is not below zero."), field=name)
    if not claimed.total:
        raise Invalid(N_("Claim more than nothing."), field="principal")
    if not found.started_on <= claimed.filed_on <= today(session):
        raise Invalid(N_("Enter a day from {first} to today."), field="filed_on", first=found.started_on)
    if claimed.total != computed and not claimed.reason.strip():
        raise Invalid(
            N_("Say why you claim another amount than the {computed} of the books."), field="reason", computed=computed
        )
    if len(claimed.reason.strip()) > LONGEST_REASON:
        raise Invalid(N_("Use at most {most} characters."), field="reason", most=LONGEST_REASON)


def file_proof(
    session: Session,
    store: Store,
    account_id: int,
    insolvency_id: int,
    claimed: Claimed,
    paper: ProofPaper,
    *,
    actor: Actor,
) -> ProofOfClaim:
    """File a claim with its paper; it takes the place of the one before. NotFound; raises as `check_claim`.

    Conflict where another version was filed since the paper was made.
    """
    account = accounts.lock(session, account_id)
    found = queries.entity(session, account_id, insolvency_id)
    computed = Money.sum((line.total for line in paper.lines), account.currency)
    check_claim(session, found, claimed, computed)
    if next_number(session, found.id) != paper.number:
        raise Conflict(CHANGED)
    stored = store.put(paper.content)
    document = filing.enter(
        session,
        TakenIn(stored.sha256, stored.size, MEDIA_TYPE, f"claim-{found.id}-{paper.number}.pdf"),
        category=Category.CORRESPONDENCE,
        account_id=account_id,
        subject=(SUBJECT, found.id),
        actor=actor,
        for_staff=True,
    )
    proof = ProofOfClaim(
        insolvency_id=found.id,
        number=paper.number,
        currency=account.currency,
        principal_minor=claimed.principal.minor,
        interest_minor=claimed.interest.minor,
        costs_minor=claimed.costs.minor,
        computed_minor=computed.minor,
        reason=claimed.reason.strip() or None,
        document_id=document.id,
        filed_on=claimed.filed_on,
        recorded_at=now(session),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(proof)
    session.flush()
    session.add_all(
        ProvedInvoice(
            proof_id=proof.id,
            invoice_id=line.invoice_id,
            principal_minor=line.principal.minor,
            interest_minor=line.interest.minor,
            costs_minor=line.costs.minor,
        )
        for line in paper.lines
    )
    session.flush()
    audit.record(
        session,
        "insolvency.proof_filed",
        actor=actor,
        subject=(SUBJECT, found.id),
        account_id=account_id,
        after={
            "number": proof.number,
            "amount": proof.total,
            "filed_on": proof.filed_on,
            "why": proof.reason,
            "document": document.id,
        },
    )
    follow_task(session, found)
    return proof


def send_proof(session: Session, account_id: int, insolvency_id: int, to: str) -> None:
    """Have the claim that counts mailed to whoever runs the proceeding. NotFound, Invalid beside "to", Conflict."""
    accounts.lock(session, account_id)
    found = queries.entity(session, account_id, insolvency_id)
    proof = queries.latest_proof(session, found.id)
    if proof is None:
        raise Conflict(N_("File the claim first."))
    address = to.strip()
    if "@" not in address[1:-1] or len(address) > LONGEST["email"] or any(sign.isspace() for sign in address):
        raise Invalid(N_("Enter an email address."), field="to")
    outbox.add(session, SendProof(proof_id=proof.id, to=address), account_id=account_id)


def decide(
    session: Session,
    account_id: int,
    insolvency_id: int,
    admitted: Money,
    *,
    decided_on: date,
    note: str,
    actor: Actor,
) -> ClaimDecision:
    """Write down what of the claim that counts was admitted; a later decision takes the place of an earlier one.

    NotFound; Invalid beside the field: more than was claimed, less without a word, less than dividends declared on it,
    a day that cannot be; Conflict where nothing was claimed or the proceeding has ended.
    """
    accounts.lock(session, account_id)
    found = queries.entity(session, account_id, insolvency_id)
    check_open(found)
    proof = queries.latest_proof(session, found.id)
    if proof is None:
        raise Conflict(N_("File the claim first."))
    if admitted.minor < 0 or admitted > proof.total:
        raise Invalid(N_("Enter an amount up to {most}."), field="admitted", most=proof.total)
    declared = queries.declared(session, found.id, proof.currency)
    if admitted < declared:
        raise Invalid(N_("Dividends of {declared} were declared on it."), field="admitted", declared=declared)
    if not proof.filed_on <= decided_on <= today(session):
        raise Invalid(N_("Enter a day from {first} to today."), field="decided_on", first=proof.filed_on)
    said = note.strip()
    if admitted != proof.total and not said:
        raise Invalid(N_("Say why the rest was refused."), field="note")
    if len(said) > LONGEST_REASON:
        raise Invalid(N_("Use at most {most} characters."), field="note", most=LONGEST_REASON)
    decision = ClaimDecision(
        proof_id=proof.id,
        admitted_minor=admitted.minor,
        decided_on=decided_on,
        note=said or None,
        recorded_at=now(session),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(decision)
    session.flush()
    audit.record(
        session,
        "insolvency.claim_decided",
        actor=actor,
        subject=(SUBJECT, found.id),
        account_id=account_id,
        after={"number": proof.number, "amount": admitted, "of": proof.total, "why": said or None},
    )
    return decision
