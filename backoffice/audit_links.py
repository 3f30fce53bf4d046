"""Audit links: where what an act was about has its page; none for what has none, or is told only within another."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.audit.model import AUDIT_ENTRIES
from domain.audit.queries import Act
from domain.chargebacks.model import Chargeback
from domain.payments.model import Payment
from domain.refunds.model import Refund

BY_NUMBER = {
    "account": "/accounts/{}",
    AUDIT_ENTRIES.name: "/audit/{}",
    "approval": "/approvals/{}",
    "bank_line": "/bank/lines/{}",
    "call": "/calls/{}",
    "credit_application": "/credit-applications/{}",
    "dispute": "/disputes/{}",
    "document": "/documents/{}/details",
    "event": "/inbox/{}",
    "group": "/policies/groups/{}",
    "import": "/imports/{}",
    "incoming": "/messages/{}",
    "insolvency": "/insolvencies/{}",
    "legal_case": "/cases/{}",
    "notice": "/notices/{}",
    "offer": "/settlements/{}",
    "partner": "/partners/{}",
    "payout": "/clearing/payouts/{}",
    "placement": "/handoffs/{}",
    "plan": "/plans/{}",
    "policy": "/policies/{}",
    "promise": "/promises/{}",
    "remittance": "/remittances/{}",
    "staff": "/staff/{}",
    "task": "/tasks/{}",
    "write_off": "/write-offs/{}",
}
"""What has a page under its own number."""
ON_ACCOUNT = {
    "allocation": "/accounts/{account}/ledger",
    "autopay": "/accounts/{account}/autopay",
    "contact": "/accounts/{account}/people",
    "credit_hold": "/accounts/{account}/credit-limit",
    "credit_limit": "/accounts/{account}/credit-limit",
    "credit_check": "/accounts/{account}/credit-limit",
    "invoice": "/accounts/{account}/invoices/{number}",
    "login": "/accounts/{account}/logins/{number}",
    "stop": "/accounts/{account}/stops",
    "terms_acceptance": "/accounts/{account}/acceptances",
}
"""What has a page within its account's."""
EVERYWHERE = {
    "api_key": "/api-keys",
    "audit_check": "/audit/checks",
    "books": "/clearing",
    "dunning_pause": "/reminders/run",
    "notice_text": "/texts",
    "reference_rate": "/rates",
    "retention_rule": "/documents/retention",
    "setting": "/settings",
}
"""What has one page for all of its kind."""
BY_NAME: dict[str, tuple[str, Any, Any]] = {
    "chargeback": ("/chargebacks/{}", Chargeback.id, Chargeback.chargeback_ref),
    "payment": ("/payments/{}", Payment.id, Payment.public_id),
    "refund": ("/refunds/{}", Refund.id, Refund.public_id),
}
"""What has a page under a name that is not its number, and which columns tell them."""


def links_of(session: Session, acts: Sequence[Act]) -> dict[int, str]:
    """The page of what each act was about, by the act's id; one query for each kind that has a name for its page."""
    named = {
        kind: _names(session, kind, {act.subject_id for act in acts if act.subject_kind == kind}) for kind in BY_NAME
    }
    found = {act.id: _link(act, named.get(act.subject_kind, {})) for act in acts}
    return {act_id: link for act_id, link in found.items() if link}


def _link(act: Act, names: dict[str, str]) -> str:
    kind, number = act.subject_kind, act.subject_id
    if kind in EVERYWHERE:
        return EVERYWHERE[kind]
    if kind in BY_NAME:
        return BY_NAME[kind][0].format(names[number]) if number in names else ""
    if not _is_number(number):
        return ""
    if kind in BY_NUMBER:
        return BY_NUMBER[kind].format(number)
    if kind in ON_ACCOUNT and act.account_id is not None:
        return ON_ACCOUNT[kind].format(account=act.account_id, number=number)
    return ""


def _names(session: Session, kind: str, ids: Collection[str]) -> dict[str, str]:
    numbers = {int(each) for each in ids if _is_number(each)}
    if not numbers:
        return {}
    _, number, name = BY_NAME[kind]
    return {str(row[0]): row[1] for row in session.execute(select(number, name).where(number.in_(numbers)))}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18
