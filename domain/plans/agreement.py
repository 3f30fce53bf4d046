"""Agreement: what the paper of a payment plan says, in the customer's language, from what would be signed now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.documents.letterhead import letterhead
from domain.documents.rendering import Paper
from domain.plans import queries
from domain.plans.agreed import Agreed
from domain.plans.model import PaymentPlan
from domain.plans.rules import rules_of
from domain.plans.signing import TEXT_VERSION
from domain.plans.wording import AgreementWords, agreement_words
from domain.policies.interest import Stretch
from domain.policies.sections import PlanInterest, Plans
from domain.shared.business import Business
from domain.shared.clock import day_in
from domain.shared.db.session import business
from domain.shared.money import Money, half_even

TEMPLATE = "agreement"


@dataclass(frozen=True, slots=True)
class Working:
    """How the interest on one invoice comes about: its stretches up to the plan's last day, and what is charged."""

    number: str
    principal: Money
    due_on: date
    rows: Sequence[Stretch]
    accrued: Money
    charged_before: Money
    charged_now: Money


@dataclass(frozen=True, slots=True)
class Frame:
    """Who agrees, when it was proposed, until when, and under which rules; `replaces` is the plan that it follows."""

    business: Business
    name: str
    address: str
    number: str
    time_zone: str
    rules: Plans
    interest: PlanInterest
    proposed_at: datetime
    expires_at: datetime | None
    replaces: int | None = None


def agreement_data(
    session: Session,
    plan: PaymentPlan,
    agreed: Agreed,
    *,
    language: str,
    workings: Sequence[Working] = (),
    by_hand: bool = False,
) -> Paper:
    """All that the agreement of a plan says, from `agreed` and what is known of the account. Else as `in_words`."""
    account = accounts.account(session, plan.account_id)
    frame = Frame(
        business=business(session),
        name=account.name,
        address=account.address or "",
        number=account.number,
        time_zone=account.time_zone,
        rules=rules_of(session, [plan.id])[plan.id],
        interest=plan.interest,
        proposed_at=queries.rounds(session, plan.id)[-1].at,
        expires_at=plan.expires_at,
        replaces=plan.supersedes_id,
    )
    return in_words(agreed, frame, language=language, workings=workings, by_hand=by_hand)


def in_words(
    agreed: Agreed, frame: Frame, *, language: str, workings: Sequence[Working] = (), by_hand: bool = False
) -> Paper:
    """What the agreement says, each value as its reader writes it; the same for the same facts.

    `workings` are how `agreed.interest` comes about. `by_hand`: with lines for a signature on paper, which no saved
    method goes with.
    """
    words, ours = agreement_words(language, frame.time_zone), frame.business
    return {
        "made_at": frame.proposed_at,
        "language": words.language,
        "labels": words.labels,
        "business": letterhead(ours),
        "customer": {"name": frame.name, "address": frame.address, "number": frame.number},
        "title": words.title.format(number=agreed.plan_id),
        "facts": [
            [words.labels["number"], str(agreed.plan_id)],
            [words.labels["account"], frame.number],
            [words.labels["date"], words.show(day_in(frame.proposed_at, frame.time_zone))],
            [words.labels["text_version"], TEXT_VERSION],
        ],
        "headings": words.headings,
        "parties": [
            words.say("parties", business=ours.name, customer=frame.name, account=frame.number),
            *([words.say("replaces", before=str(frame.replaces))] if frame.replaces else []),
        ],
        "total": words.show(agreed.total),
        "span": _span(words, agreed),
        "invoices": _invoices(words, agreed),
        "parts": _parts(words, agreed),
        "interest": _interest(words, frame, agreed),
        "workings": [_working(words, each) for each in workings],
        "sections": _sections(words, frame, agreed, needs_method=frame.rules.needs_method and not by_hand),
        "signing": [
            *([words.say("sign_by", day=day_in(frame.expires_at, frame.time_zone))] if frame.expires_at else []),
            words.say("signed_by_hand" if by_hand else "signed_online", customer=frame.name),
        ],
        "by_hand": by_hand,
        "fingerprint": words.label("fingerprint", digest=agreed.digest),
    }


def _span(words: AgreementWords, agreed: Agreed) -> str:
    parts, last = len(agreed.dues), agreed.dues[-1].on
    return words.say("span", parts=parts, last=last) if parts > 1 else words.say("span_one", last=last)


def _invoices(words: AgreementWords, agreed: Agreed) -> Mapping[str, object]:
    currency = agreed.principal.currency
    return {
        "rows": [
            {
                "number": row.number,
                "due": words.show(row.due_on),
                "issued": words.show(Money(row.amount_minor, currency)),
                "open": words.show(Money(row.open_minor, currency)),
            }
            for row in agreed.invoices
        ],
        "open": words.show(agreed.principal),
    }


def _parts(words: AgreementWords, agreed: Agreed) -> Mapping[str, object]:
    return {
        "rows": [
            {
                "name": words.label("instalment", number=due.number) if due.number else words.label("down_payment"),
                "day": words.show(due.on),
                "interest": words.show(due.interest),
                "amount": words.show(due.amount),
            }
            for due in agreed.dues
        ],
        "interest": words.show(agreed.interest) if agreed.interest else None,
        "amount": words.show(agreed.total),
    }


def _interest(words: AgreementWords, frame: Frame, agreed: Agreed) -> list[str]:
    if frame.interest is PlanInterest.STOPPED:
        return [words.say("interest_stopped")]
    if not agreed.interest:
        return [words.say("interest_none")]
    said = [words.say("interest_added", interest=agreed.interest, last=agreed.dues[-1].on)]
    if frame.interest is PlanInterest.CAPPED:
        said.append(words.say("interest_capped", cap=Money(frame.rules.interest_cap_minor, agreed.total.currency)))
    return [*said, words.say("interest_trued")]


def _working(words: AgreementWords, working: Working) -> Mapping[str, object]:
    return {
        "said": words.say("working", number=working.number, amount=working.principal, day=working.due_on),
        "rows": [
            {
                "first": words.show(row.first),
                "last": words.show(row.last),
                "days": words.show(row.days),
                "principal": words.show(row.principal),
                "rate": words.formats.number(row.rate),
                "interest": words.show(Money(half_even(row.amount), row.principal.currency)),
            }
            for row in working.rows
        ],
        "accrued": words.show(working.accrued),
        "charged_before": words.show(working.charged_before) if working.charged_before else None,
        "charged_now": words.show(working.charged_now),
    }


def _sections(words: AgreementWords, frame: Frame, agreed: Agreed, *, needs_method: bool) -> list[Mapping[str, object]]:
    """What follows from the plan, part by part, as the rules that it is made under have it."""
    rules = frame.rules
    has_down = agreed.dues[0].number == 0
    start = {
        (False, False): "starts",
        (True, False): "starts_with_method",
        (False, True): "starts_with_down",
        (True, True): "starts_with_both",
    }[needs_method, has_down]
    said = {
        "paying": [
            words.say(start),
            words.say("taken") if needs_method else words.say("pay_yourself", account=frame.number),
            words.say("another_way"),
        ],
        "kept": [words.say("kept_chasing"), words.say("kept_credit")],
        "missed": [
            words.say("missed_grace", missed_days=rules.missed_days, grace_days=rules.grace_days),
            words.say("missed_default"),
            words.say("missed_tell"),
        ],
        "early": [words.say("early_any"), words.say("early_tail")],
        "reopened": [words.say("reopened", reopened_days=rules.reopened_days)],
        "contested": [words.say("contested")],
        "changes": [words.say("changes_ask", email=frame.business.email), words.say("changes_signed")],
        "rest": [words.say("rest")],
    }
    return [{"heading": words.headings[name], "sentences": sentences} for name, sentences in said.items()]
