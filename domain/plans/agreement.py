"""Agreement: what the paper of a payment plan says, in the customer's language, from what would be signed now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.documents.rendering import Paper
from domain.plans import queries
from domain.plans.agreed import Agreed
from domain.plans.model import PaymentPlan
from domain.plans.rules import rules_of
from domain.plans.signing import TEXT_VERSION
from domain.plans.wording import AgreementWords, agreement_words
from domain.policies.interest import Stretch
from domain.policies.paper import letterhead
from domain.policies.sections import PlanInterest, Plans
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRow
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


def agreement_data(
    session: Session,
    plan: PaymentPlan,
    agreed: Agreed,
    *,
    language: str,
    workings: Sequence[Working] = (),
    by_hand: bool = False,
) -> Paper:
    """All that the agreement says, each value as its reader writes it; the same for the same `agreed`.

    `workings` are how `agreed.interest` comes about. `by_hand`: with lines for a signature on paper, which no
    saved method goes with.
    """
    ours = business(session)
    account = accounts.account(session, plan.account_id)
    rules = rules_of(session, [plan.id])[plan.id]
    words = agreement_words(language, account.time_zone)
    proposed_at = queries.rounds(session, plan.id)[-1].at
    day = words.show(day_in(proposed_at, account.time_zone))
    return {
        "made_at": proposed_at,
        "language": words.language,
        "labels": words.labels,
        "business": letterhead(ours),
        "customer": {"name": account.name, "address": account.address or "", "number": account.number},
        "title": words.title.format(number=plan.id),
        "facts": [
            [words.labels["number"], str(plan.id)],
            [words.labels["account"], account.number],
            [words.labels["date"], day],
            [words.labels["text_version"], TEXT_VERSION],
        ],
        "headings": words.headings,
        "parties": [
            words.say("parties", business=ours.name, customer=account.name, account=account.number),
            *([words.say("replaces", before=str(plan.supersedes_id))] if plan.supersedes_id else []),
        ],
        "total": words.show(agreed.total),
        "span": _span(words, agreed),
        "invoices": _invoices(words, agreed),
        "parts": _parts(words, agreed),
        "interest": _interest(words, plan, rules, agreed),
        "workings": [_working(words, each) for each in workings],
        "sections": _sections(
            words, rules, agreed, account, ours.email, needs_method=rules.needs_method and not by_hand
        ),
        "signing": [
            *([words.say("sign_by", day=day_in(plan.expires_at, account.time_zone))] if plan.expires_at else []),
            words.say("signed_by_hand" if by_hand else "signed_online", customer=account.name),
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


def _interest(words: AgreementWords, plan: PaymentPlan, rules: Plans, agreed: Agreed) -> list[str]:
    if plan.interest is PlanInterest.STOPPED:
        return [words.say("interest_stopped")]
    if not agreed.interest:
        return [words.say("interest_none")]
    said = [words.say("interest_added", interest=agreed.interest, last=agreed.dues[-1].on)]
    if plan.interest is PlanInterest.CAPPED:
        said.append(words.say("interest_capped", cap=Money(rules.interest_cap_minor, plan.currency)))
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


def _sections(
    words: AgreementWords, rules: Plans, agreed: Agreed, account: AnyRow, email: str, *, needs_method: bool
) -> list[Mapping[str, object]]:
    """What follows from the plan, part by part, as the rules that it is made under have it."""
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
            words.say("taken") if needs_method else words.say("pay_yourself", account=account.number),
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
        "changes": [words.say("changes_ask", email=email), words.say("changes_signed")],
        "rest": [words.say("rest")],
    }
    return [{"heading": words.headings[name], "sentences": sentences} for name, sentences in said.items()]
